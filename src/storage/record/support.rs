//! What support sees: locks by their number, and requests of citizens.

use super::{AuditRecord, Effects};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;

record! {
    /// A counter that closed under a number.
    #[derive(Clone, Debug)]
    pub struct LockRecord {
        /// What was counted, then a digest of the subject.
        pub name: String,
        pub hits: i64,
        pub locked_at: Option<Timestamp>,
        pub locked_until: Option<Timestamp>,
        /// Whom it is about; none for an identifier nobody has.
        pub account_id: Option<AccountId>,
    }
}

/// A lock that an operator opens, with all that follows.
#[derive(Clone, Debug)]
pub struct LockLift {
    pub block_number: String,
    /// Sealed by the system: there may be no account.
    pub reason_sealed: String,
    pub audit: AuditRecord,
    pub effects: Effects,
}

record! {
    /// A request of a citizen to support.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct SupportRequestRecord {
        pub number: String,
        pub account_id: AccountId,
        pub topic: String,
        pub created_at: Timestamp,
        /// The newest message.
        pub last_message: String,
        /// Since when the citizen waits for an answer, if they do.
        pub waiting_since: Option<Timestamp>,
        /// When it was noted that they wait too long.
        pub escalated_at: Option<Timestamp>,
        pub claimed_by: Option<AccountId>,
        pub claimed_until: Option<Timestamp>,
        pub closed_at: Option<Timestamp>,
    }
}

record! {
    /// A message in a request.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct SupportMessageRecord {
        pub id: String,
        pub request_number: String,
        pub at: Timestamp,
        /// `citizen` or `support`.
        pub author: String,
        /// Sealed under the account's key.
        pub text_sealed: String,
    }
}

/// How opening a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SupportOpened {
    Opened,
    /// As many are open as may be.
    TooMany,
    /// Another request has the number.
    NumberTaken,
}

/// An answer of an operator, with all that follows.
#[derive(Clone, Debug)]
pub struct SupportAnswer {
    pub message: SupportMessageRecord,
    /// The newest message the operator read: a later one keeps the citizen waiting.
    pub read: String,
    /// Whether the request is closed with it.
    pub closes: bool,
    pub audit: AuditRecord,
    pub effects: Effects,
}
