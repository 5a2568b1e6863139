//! Access that is recovered by a form with a decision of support.

use super::{AuditRecord, ContactRecord, Effects, PasswordRecord};
use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;

record! {
    /// An application of who has lost every contact.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct AppealRecord {
        pub number: String,
        /// Whose account it is about, if the form fits any.
        pub account_id: Option<AccountId>,
        /// The key of this application, wrapped; empty once destroyed.
        pub wrapped_key: String,
        /// What was typed, under that key.
        pub data_sealed: String,
        pub created_at: Timestamp,
        /// Until when it is to be decided.
        pub expires_at: Timestamp,
        pub claimed_by: Option<AccountId>,
        pub claimed_until: Option<Timestamp>,
        pub proposed_by: Option<AccountId>,
        pub proposed_at: Option<Timestamp>,
        /// When operators agreed that second factors are lost too.
        pub lost_at: Option<Timestamp>,
        pub confirmed_by: Option<AccountId>,
        pub confirmed_at: Option<Timestamp>,
        /// From when on a new password may be set …
        pub opens_at: Option<Timestamp>,
        /// … and until when.
        pub lapses_at: Option<Timestamp>,
        /// When the owner was told last.
        pub told_at: Option<Timestamp>,
        /// When the link went to the new contact.
        pub opened_at: Option<Timestamp>,
        pub closed_at: Option<Timestamp>,
        /// `refused`, `cancelled`, `expired`, `replaced` or `done`, once closed.
        pub outcome: Option<String>,
        /// When photographs, and after the end what was typed, are destroyed.
        pub erase_at: Option<Timestamp>,
        pub erased_at: Option<Timestamp>,
    }
}

impl AppealRecord {
    /// Whether it is under way at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.closed_at.is_none() && now < self.lapses_at.unwrap_or(self.expires_at)
    }
}

/// What an operator says of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppealRuling {
    /// The first: it is the owner, and perhaps second factors are lost too.
    Propose { lost: bool },
    /// The second, who is another person.
    Confirm {
        lost: bool,
        opens_at: Timestamp,
        lapses_at: Timestamp,
        erase_at: Timestamp,
    },
    /// Either: it is not.
    Refuse { erase_at: Timestamp },
}

/// An operator's decision about an application, with all that follows. Who
/// decides, and about whose account, stands in the line of the audit.
#[derive(Clone, Debug)]
pub struct AppealDecision {
    pub number: String,
    pub ruling: AppealRuling,
    /// Nothing is proposed for an account that its owner has defended since then.
    pub doubted: Timestamp,
    pub audit: AuditRecord,
    pub effects: Effects,
}

/// A new password and a new contact at the end of an application.
#[derive(Clone, Debug)]
pub struct AppealFinish {
    pub number: String,
    /// The link, by kind and digest; spent with it.
    pub ticket: (&'static str, Digest),
    pub password: PasswordRecord,
    /// Takes the place of every phone and mailbox there was.
    pub contact: ContactRecord,
    /// Until when sensitive actions are closed afterwards.
    pub restricted_until: Timestamp,
    pub doubted: Timestamp,
    pub erase_at: Timestamp,
    pub effects: Effects,
}

/// How finishing an application ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppealEnded {
    Done,
    /// It is over, was cancelled, or the account is closed to it.
    Over,
    /// The new contact has become another account's.
    ContactTaken,
}
