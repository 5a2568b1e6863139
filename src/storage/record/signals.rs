//! Streams of relying parties that are told signals, and what waits on them.

use crate::model::id::{AccountId, ClientId, SessionId};
use crate::model::timestamp::Timestamp;

record! {
    /// A stream (OpenID Shared Signals Framework §8.1.1).
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StreamRecord {
        pub id: String,
        pub client_id: ClientId,
        /// Grows with every change by its client: a change names the one it was
        /// made of.
        pub version: i64,
        /// `push` or `poll`.
        pub delivery: String,
        /// Where it is pushed.
        pub endpoint_url: Option<String>,
        /// The `Authorization` that is sent along.
        pub authorization_sealed: Option<String>,
        /// A JSON list of URIs, as it was given.
        pub events_requested: String,
        /// Names of signals, divided by blanks.
        pub events_delivered: String,
        pub description: Option<String>,
        /// `enabled`, `paused` or `disabled`.
        pub status: String,
        pub status_reason: Option<String>,
        pub created_at: Timestamp,
        pub locked_until: Timestamp,
        pub next_try_at: Timestamp,
        /// Failures since the last success.
        pub tries: i64,
        pub last_delivered_at: Option<Timestamp>,
        pub last_error: Option<String>,
    }
}

record! {
    /// A signal that waits on a stream.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StreamEventRecord {
        pub stream_id: String,
        /// What the receiver knows it by.
        pub jti: String,
        /// None for one about the stream itself.
        pub account_id: Option<AccountId>,
        pub signal: String,
        /// The session that ended, where others go on.
        pub session_id: Option<SessionId>,
        /// JSON of `model::signal::Particulars`.
        pub particulars: String,
        pub at: Timestamp,
    }
}

record! {
    /// A stream as its deliveries are looked at.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StreamState {
        pub id: String,
        pub client_id: ClientId,
        pub delivery: String,
        pub status: String,
        pub status_reason: Option<String>,
        pub waiting: i64,
        pub oldest_at: Option<Timestamp>,
        pub last_delivered_at: Option<Timestamp>,
        pub last_error: Option<String>,
    }
}

/// How taking one from a stream ended.
#[derive(Clone, Debug)]
pub enum Taken {
    /// The receiver has it.
    Delivered,
    /// The receiver refused it, or it is not to be told: why, if that is worth
    /// knowing.
    GivenUp(Option<String>),
}

/// How asking for a verification ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationAsked {
    /// It waits on the stream.
    Now,
    /// One was asked for a moment ago.
    TooSoon,
    /// The stream is disabled or gone.
    Silent,
}
