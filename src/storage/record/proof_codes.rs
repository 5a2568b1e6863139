//! One-time codes that are worth evidence.

use super::{Effects, EvidenceRecord};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;

record! {
    /// A code on paper.
    #[derive(Clone, Debug)]
    pub struct ProofCodeRecord {
        /// The number of the letter, or of the visit.
        pub id: String,
        pub account_id: AccountId,
        /// A source of evidence, by name.
        pub source: String,
        /// Centre and operator.
        pub given_by: String,
        /// What the evidence will cover, sealed under the account's key.
        pub covers_sealed: String,
        /// Keyed digest of the code.
        pub digest: String,
        /// Wrong ones so far.
        pub tries: i64,
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
        pub closed_at: Option<Timestamp>,
        /// `accepted`, `spent` by wrong tries, `returned` or `replaced`.
        pub outcome: Option<String>,
    }
}

/// A try at a code.
#[derive(Clone, Debug)]
pub struct CodeAttempt {
    pub id: String,
    pub digest: String,
    /// Wrong tries after which a code is spent.
    pub limit: i64,
    /// What the right one adds.
    pub evidence: EvidenceRecord,
    pub accepted: Effects,
    pub wrong: Effects,
    /// Of the wrong one that was the last.
    pub spent: Effects,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeTried {
    Accepted,
    /// So many tries are left.
    Wrong(i64),
    /// There is no such code, or no longer.
    Gone,
}
