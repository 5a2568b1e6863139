//! Writing evidence down, sealed under the key of the account it is about.

use crate::account::Accounts;
use crate::account::person::Owner;
use crate::error::Result;
use crate::model::evidence::{Facts, Source};
use crate::model::timestamp::Timestamp;
use crate::storage::EvidenceRecord;

impl Accounts {
    /// A new piece of evidence about an account.
    ///
    /// # Errors
    /// When the account's key cannot seal.
    pub(in crate::account) fn evidence(
        &self,
        owner: &Owner,
        source: Source,
        given_by: String,
        covers: &Facts,
        expires_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<EvidenceRecord> {
        let id = self.entropy.id(now);
        Ok(EvidenceRecord {
            covers_sealed: owner.key.seal_json(&covers_field(&id), covers)?,
            id,
            account_id: owner.id().clone(),
            source: source.as_str().to_owned(),
            given_by,
            at: now,
            expires_at,
            withdrawn_at: None,
            lapse_recorded_at: None,
        })
    }
}

/// The field that what evidence covers is sealed for.
pub(in crate::account) fn covers_field(evidence: &str) -> String {
    format!("evidence:{evidence}")
}
