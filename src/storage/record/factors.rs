//! Second factors.

use super::Effects;
use crate::model::id::{AccountId, SessionId};
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;

record! {
    /// A second factor of an account.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct FactorRecord {
        pub id: String,
        pub account_id: AccountId,
        /// `totp`, `sms`, `email` or `key`.
        pub kind: String,
        /// What it is checked with and how its owner calls it, sealed.
        pub kept_sealed: String,
        /// Digest of a key's credential id.
        pub credential: Option<String>,
        pub created_at: Timestamp,
        pub last_used_at: Option<Timestamp>,
        /// The newest step or counter that was used.
        pub last_step: Option<i64>,
        /// When its owner came to prefer it.
        pub preferred_at: Option<Timestamp>,
    }
}

/// A proof that is added to a session: its secret changes with it.
#[derive(Clone, Debug)]
pub struct Strengthened {
    pub session: SessionId,
    /// What the session rested on, as it was read.
    pub was: String,
    pub authentication: String,
    pub digest: Digest,
    /// The ticket of the step, by kind and digest; spent with it.
    pub ticket: Option<(&'static str, Digest)>,
    pub effects: Effects,
}
