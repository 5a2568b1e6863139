//! Links: who signs in here by the word of another.

use super::{ContactRecord, Effects, EndedGrant, EvidenceRecord};
use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;

record! {
    /// A subject of a bank or of certificates that is the holder of an account.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct LinkRecord {
        pub id: String,
        pub account_id: AccountId,
        /// `bank` or `signature`.
        pub channel: String,
        /// Who vouches.
        pub issuer: String,
        /// Blind index of channel, issuer and subject.
        pub subject_index: String,
        pub linked_at: Timestamp,
        pub unlinked_at: Option<Timestamp>,
    }
}

/// A link with what it brings along.
#[derive(Clone, Debug)]
pub struct NewLink {
    pub link: LinkRecord,
    /// When the assertion it rests on was made: a link that went since then is
    /// not made anew by it.
    pub asserted_at: Timestamp,
    pub evidence: Vec<EvidenceRecord>,
    /// The ticket that held the assertion, by kind and digest; spent with it.
    pub ticket: (&'static str, Digest),
}

/// A link that is added to an account, and what changes with it.
#[derive(Clone, Debug)]
pub struct Attachment {
    pub new: NewLink,
    /// When the account was last changed, as it was read for this.
    pub read_at: Timestamp,
    pub profile_sealed: String,
    /// The SNILS that is confirmed by it.
    pub snils: Option<ContactRecord>,
    pub effects: Effects,
}

/// How adding a link ended; nothing is done but for the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attached {
    Now,
    /// The account was changed since it was read.
    Stale,
    /// The SNILS is confirmed for another account.
    SnilsTaken,
    /// The subject is linked to another account, or the account to another
    /// subject of the same issuer.
    LinkTaken,
    /// The assertion was used, is out of date, or is older than the end of a
    /// link of its subject.
    Spent,
}

/// How taking a link away ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detached {
    /// With the grants of the sessions that ended.
    Now(Vec<EndedGrant>),
    /// There would be no way left to sign in.
    LastWay,
    /// The account has no such link.
    Unknown,
}
