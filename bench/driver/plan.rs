//! How long and how often things are measured. Two lengths of run, nothing
//! else to turn: figures of different machines stay comparable.

use std::time::Duration;

/// Lengths and numbers of one run.
pub struct Plan {
    /// Rounds of each scenario; each drives both sides, in turned order.
    pub rounds: usize,
    /// Whole seconds of one measurement (wrk knows no halves).
    pub seconds: u64,
    /// Whole seconds before it that do not count.
    pub warm_up: u64,
    /// Devices of a connection that ask once in one measurement.
    pub polls: usize,
    /// The same before it, not counted.
    pub warm_polls: usize,
    /// Codes of a connection that are redeemed in one measurement.
    pub redemptions: usize,
    /// The same before it, not counted.
    pub warm_redemptions: usize,
    /// Length of one measurement of userinfo beside the flood.
    pub flood: Duration,
    /// Keep-alive connections of a measurement.
    pub connections: usize,
    /// People who type their password at once: enough to keep both cores on
    /// Argon2, few enough for the queue.
    pub password_connections: usize,
    /// The same for the flood: far more than the queue takes.
    pub flood_connections: usize,
}

impl Plan {
    /// `quick` for a run within four minutes.
    pub fn new(quick: bool) -> Self {
        Self {
            rounds: if quick { 2 } else { 3 },
            seconds: if quick { 2 } else { 8 },
            warm_up: if quick { 1 } else { 2 },
            polls: if quick { 1_000 } else { 3_000 },
            warm_polls: if quick { 250 } else { 500 },
            redemptions: if quick { 120 } else { 400 },
            warm_redemptions: if quick { 30 } else { 60 },
            flood: Duration::from_secs(if quick { 5 } else { 15 }),
            connections: 16,
            password_connections: 6,
            flood_connections: 96,
        }
    }

    /// One measurement.
    pub fn span(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    /// Its warm-up.
    pub fn warm_span(&self) -> Duration {
        Duration::from_secs(self.warm_up)
    }
}
