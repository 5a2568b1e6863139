//! Access that is being recovered.

use super::{Effects, PasswordRecord};
use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;

record! {
    /// A waiting time, after which a new password may be set.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct RecoveryRecord {
        pub id: String,
        pub account_id: AccountId,
        /// The kind of contact the code went to.
        pub contact_kind: String,
        pub begun_at: Timestamp,
        /// From when on it may be finished …
        pub opens_at: Timestamp,
        /// … and until when.
        pub lapses_at: Timestamp,
        /// When its owner was told last.
        pub told_at: Timestamp,
        pub cancelled_at: Option<Timestamp>,
        pub done_at: Option<Timestamp>,
    }
}

impl RecoveryRecord {
    /// Whether it is under way at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.cancelled_at.is_none() && self.done_at.is_none() && now < self.lapses_at
    }
}

/// What a new password rests on that is set without the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoveredBy {
    /// A code to a contact: the account has no second factor.
    Code,
    /// A second factor beside it.
    Factor,
    /// The waiting time, which is over: second factors are lost.
    Wait,
}

/// A new password for who has lost the old one.
#[derive(Clone, Debug)]
pub struct Recovered {
    /// What was shown, by kind and digest; spent with it.
    pub ticket: (&'static str, Digest),
    pub by: RecoveredBy,
    pub password: PasswordRecord,
    /// Until when sensitive actions are closed afterwards.
    pub restricted_until: Option<Timestamp>,
    pub effects: Effects,
}
