//! What an operator decided about a request, with all that follows.

use super::{AuditRecord, Effects, EvidenceRecord};
use crate::model::timestamp::Timestamp;

/// The part that every decision has.
#[derive(Clone, Debug)]
pub struct Ruling {
    pub outcome: String,
    /// Why it was refused, sealed under the account's key.
    pub reason_sealed: Option<String>,
    /// What a confirmation adds.
    pub evidence: Option<EvidenceRecord>,
    /// When the account was last changed, as it was judged; none when nothing
    /// follows for it, as from a refusal.
    pub read_at: Option<Timestamp>,
    pub audit: AuditRecord,
    pub effects: Effects,
}
