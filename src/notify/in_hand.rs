//! Which messages this process has in hand. The lock in the database keeps
//! other nodes away for a time by the clock, and clocks can be set forward: by
//! that alone, a message could be claimed again while its first try still runs.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How far a message in hand has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    UnderWay,
    /// The database was away when that should have been written.
    DeliveredUnmarked,
}

/// The messages in hand, by id.
#[derive(Default)]
pub struct InHand(Mutex<HashMap<String, Progress>>);

/// What is to be done with a claimed message.
pub enum Taken<'a> {
    /// It is tried, and is in hand for as long as this lives.
    Now(Hold<'a>),
    /// Another try of this process has it.
    Already,
    /// It was delivered: only that has to be written.
    Delivered,
}

impl InHand {
    /// Takes a claimed message in hand, if nothing here has it.
    pub fn take(&self, id: &str) -> Taken<'_> {
        let mut held = self.held();
        match held.get(id) {
            Some(Progress::UnderWay) => Taken::Already,
            Some(Progress::DeliveredUnmarked) => Taken::Delivered,
            None => {
                held.insert(id.to_owned(), Progress::UnderWay);
                Taken::Now(Hold(self, id.to_owned()))
            }
        }
    }

    /// Remembers that it was delivered, though that could not be written.
    pub fn delivered_unmarked(&self, id: &str) {
        self.held()
            .insert(id.to_owned(), Progress::DeliveredUnmarked);
    }

    /// It is written that it was delivered.
    pub fn marked(&self, id: &str) {
        self.held().remove(id);
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.held().is_empty()
    }

    fn held(&self) -> MutexGuard<'_, HashMap<String, Progress>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A message under way.
pub struct Hold<'a>(&'a InHand, String);

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        let mut held = self.0.held();
        if held.get(&self.1) == Some(&Progress::UnderWay) {
            held.remove(&self.1);
        }
    }
}
