//! Whether a connection makes progress. A connection only counts what it does;
//! one task looks at all of them a few times in each limit and orders slow
//! ones to end (attack row 53). A timer per request would cost an allocation
//! and two trips to the timer wheel each time.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Weak};
use std::task::Context;
use std::time::Duration;

use futures_util::task::AtomicWaker;

/// The limits of every connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) header_time: Duration,
    pub(super) idle_time: Duration,
}

impl Limits {
    /// How often connections are looked at.
    pub(super) fn period(&self) -> Duration {
        (self.header_time.min(self.idle_time) / 8).max(Duration::from_millis(10))
    }
}

/// What a connection is told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    /// Go on.
    Keep,
    /// Answer what is running, take nothing new.
    Finish,
    /// End at once.
    Drop,
}

/// The connection's side: counters, and the order it is under.
pub(super) struct Pace {
    requests: AtomicU32,
    running: AtomicU32,
    reads: AtomicU32,
    writes: AtomicU32,
    multiplexed: AtomicBool,
    order: AtomicU8,
    waker: AtomicWaker,
}

/// The two sides of a new connection.
pub(super) fn pair() -> (Arc<Pace>, Watch) {
    let pace = Arc::new(Pace {
        requests: AtomicU32::new(0),
        running: AtomicU32::new(0),
        reads: AtomicU32::new(0),
        writes: AtomicU32::new(0),
        multiplexed: AtomicBool::new(false),
        order: AtomicU8::new(Order::Keep as u8),
        waker: AtomicWaker::new(),
    });
    let watch = Watch {
        pace: Arc::downgrade(&pace),
        seen: Seen::default(),
    };
    (pace, watch)
}

impl Pace {
    /// Bytes came in.
    pub(super) fn has_read(&self) {
        self.reads.fetch_add(1, Relaxed);
    }

    /// Bytes went out.
    pub(super) fn has_written(&self) {
        self.writes.fetch_add(1, Relaxed);
    }

    /// HTTP/2 was agreed on: bytes may come without being a request.
    pub(super) fn is_multiplexed(&self) {
        self.multiplexed.store(true, Relaxed);
    }

    /// A request's header is complete; it runs until the guard is dropped with
    /// the last of the answer.
    pub(super) fn request(self: &Arc<Self>) -> Running {
        self.requests.fetch_add(1, Relaxed);
        self.running.fetch_add(1, Relaxed);
        Running(self.clone())
    }

    /// The order in force; the task is woken when it changes.
    pub(super) fn poll_order(&self, context: &Context<'_>) -> Order {
        self.waker.register(context.waker());
        match self.order.load(Relaxed) {
            0 => Order::Keep,
            1 => Order::Finish,
            _ => Order::Drop,
        }
    }

    fn counts(&self) -> Counts {
        Counts {
            requests: self.requests.load(Relaxed),
            running: self.running.load(Relaxed),
            reads: self.reads.load(Relaxed),
            writes: self.writes.load(Relaxed),
            multiplexed: self.multiplexed.load(Relaxed),
        }
    }
}

/// A request that is not answered to the last byte.
pub(super) struct Running(Arc<Pace>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Relaxed);
    }
}

/// The watching task's side.
pub(super) struct Watch {
    pace: Weak<Pace>,
    seen: Seen,
}

impl Watch {
    /// Judges the connection after another period; false once it is gone.
    pub(super) fn tick(&mut self, limits: &Limits) -> bool {
        let Some(pace) = self.pace.upgrade() else {
            return false;
        };
        let order = self.seen.judge(pace.counts(), limits);
        if order != Order::Keep {
            self.order(order);
        }
        true
    }

    /// Tells the connection what to do; an order is never taken back.
    pub(super) fn order(&self, order: Order) {
        if let Some(pace) = self.pace.upgrade()
            && pace.order.fetch_max(order as u8, Relaxed) < order as u8
        {
            pace.waker.wake();
        }
    }
}

/// What a connection has done so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) requests: u32,
    pub(super) running: u32,
    pub(super) reads: u32,
    pub(super) writes: u32,
    pub(super) multiplexed: bool,
}

/// What was seen of it before.
#[derive(Debug, Default)]
pub(super) struct Seen {
    last: Counts,
    /// How long no request began while none ran.
    quiet: Duration,
    /// How long a header has been under way, if one is.
    header: Option<Duration>,
    /// How long no byte moved while requests ran.
    stalled: Duration,
}

impl Seen {
    /// One period has passed: what should become of the connection?
    pub(super) fn judge(&mut self, now: Counts, limits: &Limits) -> Order {
        let period = limits.period();
        let last = std::mem::replace(&mut self.last, now);
        let moved = now.reads != last.reads || now.writes != last.writes;
        if now.running > 0 {
            (self.quiet, self.header) = (Duration::ZERO, None);
            self.stalled = if moved {
                Duration::ZERO
            } else {
                self.stalled + period
            };
            // The peer neither sends its body nor takes our answer.
            return if self.stalled >= limits.idle_time {
                Order::Drop
            } else {
                Order::Keep
            };
        }
        self.stalled = Duration::ZERO;
        if now.requests != last.requests {
            (self.quiet, self.header) = (Duration::ZERO, None);
            return Order::Keep;
        }
        self.quiet += period;
        // A first header is due from the beginning, a later one from its first
        // byte. HTTP/2 has other frames, so there only idleness is judged.
        let begun = now.requests == 0 || (!now.multiplexed && now.reads != last.reads);
        self.header = match self.header {
            Some(under_way) => Some(under_way + period),
            None if begun => Some(period),
            None => None,
        };
        let overdue = self
            .header
            .is_some_and(|under_way| under_way >= limits.header_time);
        if overdue || self.quiet >= limits.idle_time + limits.header_time {
            Order::Drop
        } else if self.quiet >= limits.idle_time {
            Order::Finish
        } else {
            Order::Keep
        }
    }
}
