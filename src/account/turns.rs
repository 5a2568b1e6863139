//! Turns at a gate. A password is looked at only while those being looked at
//! and those found wrong are together no more than the limit; otherwise many
//! tries sent at once would all be hashed before the first failure is counted
//! (attack row 20). Several right ones at once pass side by side.
//!
//! Turns hold within one process; between nodes the gate is looked at once
//! more after the hash.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Who is being looked at, by gate.
pub(super) struct Turns {
    limit: u32,
    /// How many may wait at one gate.
    queue: usize,
    gates: Mutex<HashMap<String, Gathering>>,
}

/// Those who are at one gate, waiting or looked at.
struct Gathering {
    places: Arc<Semaphore>,
    present: usize,
}

/// A place at a gate; given back when dropped.
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    subject: String,
    places: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
}

impl Turns {
    pub(super) fn new(limit: u32, queue: usize) -> Self {
        Self {
            limit,
            queue,
            gates: Mutex::default(),
        }
    }

    /// How many places a gate has.
    pub(super) const fn limit(&self) -> u32 {
        self.limit
    }

    /// Comes to a gate; none when too many wait there.
    pub(super) fn come(&self, subject: &str) -> Option<Turn<'_>> {
        let mut gates = self.lock();
        let gathering = gates
            .entry(subject.to_owned())
            .or_insert_with(|| Gathering {
                places: Arc::new(Semaphore::new(self.limit as usize)),
                present: 0,
            });
        if gathering.present >= self.queue + self.limit as usize {
            return None;
        }
        gathering.present += 1;
        Some(Turn {
            turns: self,
            subject: subject.to_owned(),
            places: Arc::clone(&gathering.places),
            held: None,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Gathering>> {
        self.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Waits for so many of the places. Those held are given back first:
    /// nobody waits holding what another waits for.
    pub(super) async fn take(&mut self, places: u32) {
        self.held = None;
        // The semaphore is never closed.
        self.held = Arc::clone(&self.places)
            .acquire_many_owned(places)
            .await
            .ok();
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.held = None;
        let mut gates = self.turns.lock();
        if let Some(gathering) = gates.get_mut(&self.subject) {
            gathering.present -= 1;
            if gathering.present == 0 {
                gates.remove(&self.subject);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn places_are_few_and_given_back() {
        let turns = Turns::new(2, 1);
        let mut first = turns.come("a").unwrap();
        let mut second = turns.come("a").unwrap();
        first.take(1).await;
        second.take(1).await;
        let mut third = turns.come("a").unwrap();
        assert!(turns.come("a").is_none() && turns.come("b").is_some());
        let wait = std::time::Duration::from_millis(20);
        assert!(tokio::time::timeout(wait, third.take(2)).await.is_err());
        drop((first, second));
        third.take(2).await;
        drop(third);
        assert!(turns.lock().is_empty());
    }
}
