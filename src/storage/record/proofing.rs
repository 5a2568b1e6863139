//! Submissions to the registries and evidence.

use super::{ContactRecord, Effects};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;

record! {
    /// Personal data as they were sent to the registries.
    #[derive(Clone, Debug)]
    pub struct SubmissionRecord {
        pub id: String,
        pub account_id: AccountId,
        pub data_sealed: String,
        /// Keyed digest of the data: the same form sent twice has the same.
        pub digest: String,
        pub created_at: Timestamp,
        pub closed_at: Option<Timestamp>,
        /// `matched`, `mismatch`, `snils_taken`, `overridden` or `replaced`, once
        /// closed.
        pub outcome: Option<String>,
    }
}

record! {
    /// One registry's part of a submission.
    #[derive(Clone, Debug)]
    pub struct CheckRecord {
        pub submission_id: String,
        pub registry: String,
        /// How often it was asked.
        pub tries: i64,
        /// When the question under way was asked.
        pub started_at: Option<Timestamp>,
        pub answered_at: Option<Timestamp>,
        /// Attributes that do not match, separated by blanks; empty for none.
        pub mismatch: Option<String>,
    }
}

record! {
    /// A piece of evidence; what it covers is sealed under the account's key.
    #[derive(Clone, Debug)]
    pub struct EvidenceRecord {
        pub id: String,
        pub account_id: AccountId,
        pub source: String,
        /// The registries, or centre and operator, that gave it.
        pub given_by: String,
        pub covers_sealed: String,
        pub at: Timestamp,
        pub expires_at: Option<Timestamp>,
        pub withdrawn_at: Option<Timestamp>,
        pub lapse_recorded_at: Option<Timestamp>,
    }
}

/// Whether a submission is under way because of this call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submitted {
    New,
    /// The same data are being checked already.
    Already,
}

/// How a submission ends.
#[derive(Clone, Debug)]
pub struct Completion {
    /// `matched`, `mismatch` or `snils_taken`.
    pub outcome: String,
    pub matched: Option<Matched>,
    /// Whether the registries take back what they said of the same data before.
    pub withdraws: bool,
    pub effects: Effects,
}

/// What a match changes.
#[derive(Clone, Debug)]
pub struct Matched {
    pub profile_sealed: String,
    /// When the account was last changed, as it was read for this.
    pub read_at: Timestamp,
    pub snils: ContactRecord,
    pub evidence: EvidenceRecord,
}

/// How ending a submission or a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completed {
    /// This call closed it.
    Now,
    /// It had been closed before.
    Before,
    /// Nothing was done: the account was changed or blocked since it was read,
    /// or its SNILS is taken.
    Stale,
}
