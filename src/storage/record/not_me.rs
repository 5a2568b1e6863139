//! Taking back what somebody else has done.

use super::Effects;
use crate::model::id::{AccountId, SessionId};
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;

/// A one-time secret that is stored together with the message that holds it.
#[derive(Clone, Debug)]
pub struct NewTicket {
    /// It goes with the account, if there is one.
    pub account: Option<AccountId>,
    pub kind: &'static str,
    pub digest: Digest,
    pub payload: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

record! {
    /// That somebody else knows, or knew, the password of an account.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ExposureRecord {
        pub account_id: AccountId,
        /// When its owner said so, for the last time.
        pub at: Timestamp,
        /// When it began: contacts from before are the owner's.
        pub since: Timestamp,
        /// The kind of contact the link came by; empty for the cabinet.
        pub told: String,
        /// When no second factor was left by it.
        pub unguarded_at: Option<Timestamp>,
        /// What happened from then on was undone …
        pub undone_since: Option<Timestamp>,
        /// … as far as this.
        pub undone_at: Option<Timestamp>,
        /// When another password was set.
        pub mended_at: Option<Timestamp>,
    }
}

/// What was not the owner.
#[derive(Clone, Debug)]
pub struct Event {
    pub since: Timestamp,
    /// What came later has been set right by the owner.
    pub until: Timestamp,
    /// The session it was done in.
    pub session: Option<SessionId>,
    /// Whether it may have been done in any session.
    pub any_session: bool,
    /// Whether it is that a desk has printed a temporary password.
    pub printed: bool,
}

/// What is to be done about an event.
#[derive(Clone, Debug)]
pub struct Undo {
    pub account: AccountId,
    pub event: Event,
    /// Contacts from before are the owner's beyond doubt.
    pub known_since: Timestamp,
    /// The digest of the link's secret; spent with it.
    pub ticket: Option<Digest>,
    /// The kind of contact the link came by; empty for the cabinet.
    pub told: String,
    /// Whether what followed is taken back, or only the session ends.
    pub takes_back: bool,
    pub effects: Effects,
}

/// What was undone, or would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    pub sessions: u64,
    /// Second factors that went.
    pub factors: u64,
    /// Second factors that came back.
    pub restored: u64,
    pub contacts: u64,
    pub links: u64,
    pub consents: u64,
    /// Whether the password from before is back.
    pub password: bool,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotMe {
    Now(Undone),
    /// It was done before.
    Before,
    /// No such link, or its time is over.
    Unknown,
}
