//! A letter at the service centre: printed, posted, sometimes returned.

use std::time::Duration;

use super::{Content, code_field, content_field};
use crate::account::Accounts;
use crate::account::journal::Actor;
use crate::account::proofing::Attestor;
use crate::account::proofing::proof_code::NewCode;
use crate::error::Result;
use crate::model::evidence::Source;
use crate::model::profile::Address;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{AuditRecord, Effects, LetterPost, LetterPrint, LetterRecord};
use crate::texts::Lang;

/// A letter as it is printed.
#[derive(Clone, Debug)]
pub struct PrintedLetter {
    pub number: String,
    pub addressee: String,
    pub address: Address,
    /// None once it was posted.
    pub code: Option<String>,
    /// The language it is written in.
    pub lang: Lang,
    pub posted_at: Option<Timestamp>,
    pub track: Option<String>,
    pub returned_at: Option<Timestamp>,
}

impl Accounts {
    /// Puts a letter that waits into a batch; false when it is in one.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn print_letter(
        &self,
        letter: &LetterRecord,
        batch: &str,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<bool> {
        let owner = self.load_owner(&letter.account_id).await?;
        let code = self.new_proof_code();
        let print = LetterPrint {
            number: letter.number.clone(),
            batch: batch.to_owned(),
            code_sealed: owner.key.seal_json(&code_field(&letter.number), &code)?,
            audit: self.letter_audit(letter, by, "letter_printed", now),
            effects: self
                .lines(&owner, now)
                .journal_of(&Actor::Operator, "letter_printed", Some(by.centre_name))?
                .done(),
        };
        self.storage.print_letter(print, now).await
    }

    /// A letter as it is printed.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn printed_letter(&self, letter: &LetterRecord) -> Result<PrintedLetter> {
        let owner = self.load_owner(&letter.account_id).await?;
        let content: Content = owner
            .key
            .open_json(&content_field(&letter.number), &letter.content_sealed)?;
        let code = letter
            .code_sealed
            .as_ref()
            .map(|sealed| owner.key.open_json(&code_field(&letter.number), sealed))
            .transpose()?;
        Ok(PrintedLetter {
            number: letter.number.clone(),
            addressee: content.addressee,
            address: content.address,
            code,
            lang: owner.lang(),
            posted_at: letter.posted_at,
            track: letter.track.clone(),
            returned_at: letter.returned_at,
        })
    }

    /// Notes that a letter was posted: from now on its code works. False when
    /// it was posted before.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn post_letter(
        &self,
        letter: &LetterRecord,
        track: &str,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<bool> {
        let Some(sealed) = &letter.code_sealed else {
            return Ok(false);
        };
        let owner = self.load_owner(&letter.account_id).await?;
        let content: Content = owner
            .key
            .open_json(&content_field(&letter.number), &letter.content_sealed)?;
        let code: String = owner.key.open_json(&code_field(&letter.number), sealed)?;
        let days = self.settings.limits.letter_code_days;
        let new = NewCode {
            id: letter.number.clone(),
            source: Source::Letter,
            given_by: by.given_by(),
            covers: &content.facts,
            code: &code,
            life: Duration::from_hours(24 * days),
        };
        let kind = MessageKind::LetterPosted;
        let params = [("link", self.link("/account/level"))];
        let post = LetterPost {
            track: track.to_owned(),
            code: self.proof_code_record(&owner, new, now)?,
            audit: self.letter_audit(letter, by, "letter_posted", now),
            effects: self
                .lines(&owner, now)
                .journal_of(&Actor::Operator, "letter_posted", Some(by.centre_name))?
                .warn(kind, &params)
                .await?
                .done(),
        };
        self.storage.post_letter(post, now).await
    }

    /// Notes that the post returned a letter. False when it is not on its way.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn return_letter(
        &self,
        letter: &LetterRecord,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<bool> {
        let owner = self.load_owner(&letter.account_id).await?;
        let kind = MessageKind::LetterReturned;
        let params = [("link", self.link("/account/level"))];
        let effects = self
            .lines(&owner, now)
            .journal_of(&Actor::Operator, "letter_returned", Some(by.centre_name))?
            .warn(kind, &params)
            .await?
            .done();
        let audit = self.letter_audit(letter, by, "letter_returned", now);
        let number = letter.number.clone();
        self.storage
            .return_letter(number, audit, effects, now)
            .await
    }

    /// Notes in the audit that the codes of a batch were seen.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn note_batch_seen(
        &self,
        batch: &str,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let audit = self.audit_record(by, "letters_downloaded", None, batch, now);
        self.storage.record_audit(audit, Effects::default()).await
    }

    fn letter_audit(
        &self,
        letter: &LetterRecord,
        by: Attestor<'_>,
        action: &str,
        now: Timestamp,
    ) -> AuditRecord {
        self.audit_record(by, action, Some(&letter.account_id), &letter.number, now)
    }
}
