//! Remembering what was read, for speed and never for correctness. On SQLite
//! one process serves, so that it knows of every change: a value is good while
//! no change was noted since before it was read. On a shared database nothing
//! is kept.

use std::hash::Hash;
use std::sync::Arc;

use moka::sync::Cache;

use super::{
    AppealEnded, Attached, CodeRedeemed, CodeTried, Completed, Detached, EndedGrant, Erased, NotMe,
    Registered, RightsSet, Rotation, Storage,
};
use crate::error::Result;
use crate::model::id::ConsentId;

/// Values by key, each with the generation it was read in.
pub struct Cached<K, V> {
    values: Cache<K, (u64, Arc<V>)>,
}

impl<K, V> Cached<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Room for `capacity` values.
    pub fn new(capacity: u64) -> Self {
        Self {
            values: Cache::new(capacity),
        }
    }

    /// The value of `key`, read by `load` unless it is known and still true.
    ///
    /// # Errors
    /// Those of `load`.
    pub async fn get<F>(&self, storage: &Storage, key: &K, load: F) -> Result<Option<Arc<V>>>
    where
        F: Future<Output = Result<Option<V>>>,
    {
        // Asked before loading: a change that happens meanwhile makes it stale.
        let generation = storage.generation();
        if let Some(value) = self.fresh(generation, key) {
            return Ok(Some(value));
        }
        let Some(value) = load.await? else {
            return Ok(None);
        };
        let value = Arc::new(value);
        if let Some(generation) = generation {
            self.values.insert(key.clone(), (generation, value.clone()));
        }
        Ok(Some(value))
    }

    /// Remembers a value that was just written and never changes.
    pub fn put(&self, storage: &Storage, key: K, value: V) {
        if let Some(generation) = storage.generation() {
            self.values.insert(key, (generation, Arc::new(value)));
        }
    }

    /// Forgets the value of one key, which was changed without a note.
    pub fn forget(&self, key: &K) {
        self.values.invalidate(key);
    }

    fn fresh(&self, generation: Option<u64>, key: &K) -> Option<Arc<V>> {
        let generation = generation?;
        let (read_in, value) = self.values.get(key)?;
        (read_in == generation).then_some(value)
    }
}

/// Whether an operation that ended so changed anything caches know.
pub(super) trait Changed {
    fn changed(&self) -> bool {
        true
    }
}

impl Changed for () {}
impl Changed for bool {
    fn changed(&self) -> bool {
        *self
    }
}
impl Changed for Vec<EndedGrant> {}
impl Changed for Registered {}
impl Changed for Attached {}
impl Changed for Detached {}
impl Changed for ConsentId {}
impl Changed for Completed {
    fn changed(&self) -> bool {
        *self == Self::Now
    }
}
impl Changed for Erased {
    fn changed(&self) -> bool {
        *self == Self::Now
    }
}
impl Changed for RightsSet {
    fn changed(&self) -> bool {
        *self == Self::Changed
    }
}
impl Changed for AppealEnded {
    fn changed(&self) -> bool {
        *self == Self::Done
    }
}
impl Changed for NotMe {
    fn changed(&self) -> bool {
        matches!(self, Self::Now(_))
    }
}
impl Changed for CodeTried {
    fn changed(&self) -> bool {
        *self == Self::Accepted
    }
}
impl Changed for CodeRedeemed {
    fn changed(&self) -> bool {
        matches!(self, Self::Replayed)
    }
}
impl Changed for Rotation {
    fn changed(&self) -> bool {
        *self == Self::Replayed
    }
}
