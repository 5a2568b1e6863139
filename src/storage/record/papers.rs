//! An account made from papers.

use super::{AuditRecord, EvidenceRecord, NewAccount, SubmissionRecord};

/// A new account with all that comes of the papers.
#[derive(Clone, Debug)]
pub struct PapersAccount {
    /// Its contact is the SNILS that was seen; its effects hold the messages to
    /// the registries too.
    pub account: NewAccount,
    pub submission: SubmissionRecord,
    /// Which registries are asked.
    pub registries: Vec<String>,
    /// That an operator saw the person.
    pub evidence: EvidenceRecord,
    pub audit: AuditRecord,
}
