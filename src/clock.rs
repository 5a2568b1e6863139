//! The one door to the time of day. A request asks once and passes the value
//! on, so that everything decided within it agrees on `now`, and a test can
//! travel in time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::model::timestamp::Timestamp;

/// Where the time comes from: the machine, or a test's hand.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that only moves when told to; shared by its clones.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `start` until moved.
    pub fn manual(start: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(start.millis())))
    }

    /// The present moment, to the millisecond.
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                let since = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default();
                Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Manual(at) => Timestamp::from_millis(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock forward; the machine's clock is left alone.
    pub fn advance(&self, by: Duration) {
        if let Self::Manual(at) = self {
            let step = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
            at.fetch_add(step, Ordering::SeqCst);
        }
    }
}
