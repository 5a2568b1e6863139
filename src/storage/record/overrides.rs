//! Data that no registry confirms and two operators stand for.

use super::{AuditRecord, Effects, EvidenceRecord, Matched};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;

record! {
    /// A proposal of one operator, for another to decide.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct OverrideRecord {
        /// Of the visit the originals were brought along to.
        pub number: String,
        pub account_id: AccountId,
        /// The data it is about.
        pub submission_id: String,
        pub proposed_by: AccountId,
        /// Where the proposer saw the citizen.
        pub centre_id: String,
        pub proposed_at: Timestamp,
        /// Until when it is to be decided.
        pub expires_at: Timestamp,
        /// Why it was proposed, sealed under the account's key.
        pub reason_sealed: String,
        pub closed_at: Option<Timestamp>,
        /// `confirmed`, `returned`, `snils_taken` or `replaced`, once closed.
        pub outcome: Option<String>,
        pub decided_by: Option<AccountId>,
        /// Why it was sent back, sealed under the account's key.
        pub answer_sealed: Option<String>,
    }
}

/// What the second operator decided, with all that follows.
#[derive(Clone, Debug)]
pub struct OverrideDecision {
    /// `confirmed`, `returned` or `snils_taken`.
    pub outcome: String,
    /// Why it was sent back, sealed under the account's key.
    pub answer_sealed: Option<String>,
    pub confirmed: Option<Overridden>,
    pub audit: AuditRecord,
    pub effects: Effects,
}

/// What a confirmation changes.
#[derive(Clone, Debug)]
pub struct Overridden {
    /// The data in their place, as when registries match.
    pub matched: Matched,
    /// That the person who was seen holds the account.
    pub holder: EvidenceRecord,
}
