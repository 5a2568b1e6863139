//! Registered letters with codes (requirement B6): printed in batches, posted
//! under the number the post gives them, sometimes returned.

use super::letter_pdf;
use super::{Operator, Operators};
use crate::account::proofing::PrintedLetter;
use crate::error::{Internal, Result};
use crate::model::digits::plain_digits;
use crate::model::timestamp::Timestamp;
use crate::model::track::{NotATrack, parse_track};
use crate::storage::LetterRecord;

/// Letters in a batch, at most: what one person puts into envelopes.
const BATCH: i64 = 50;
/// Digits of the number of a batch.
const BATCH_DIGITS: usize = 8;

/// Letters that were printed together.
pub struct Batch {
    pub number: String,
    pub letters: Vec<PrintedLetter>,
}

/// Why nothing was noted about a letter.
#[derive(Debug)]
pub enum LetterRefused {
    /// It is none of this centre's, or it is elsewhere on its way.
    Unknown,
    /// Not a number of the post.
    Track(NotATrack),
    Internal(Internal),
}

impl From<Internal> for LetterRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Operators {
    /// How many letters wait to be printed, as far as one batch takes them.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn letters_waiting(&self, operator: &Operator) -> Result<usize> {
        Ok(self.waiting(operator).await?.len())
    }

    /// Batches of the operator's centre with letters to be posted.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn open_batches(&self, operator: &Operator) -> Result<Vec<String>> {
        self.storage
            .open_batches(&operator.centre.id, &operator.account)
            .await
    }

    /// Puts what waits into a new batch; none when nothing waits. Nobody prints
    /// a letter to themselves (attack row 51).
    ///
    /// # Errors
    /// When the database is away.
    pub async fn print_batch(&self, operator: &Operator, now: Timestamp) -> Result<Option<String>> {
        let batch = self.accounts.new_number(BATCH_DIGITS);
        let mut printed = None;
        for letter in self.waiting(operator).await? {
            let by = operator.attestor();
            if self.accounts.print_letter(&letter, &batch, by, now).await? {
                printed = Some(batch.clone());
            }
        }
        Ok(printed)
    }

    /// A batch of the operator's centre.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn find_batch(&self, operator: &Operator, number: &str) -> Result<Option<Batch>> {
        let records = self.batch(operator, number).await?;
        if records.is_empty() {
            return Ok(None);
        }
        let mut letters = Vec::new();
        for record in &records {
            letters.push(self.accounts.printed_letter(record).await?);
        }
        let number = number.to_owned();
        Ok(Some(Batch { number, letters }))
    }

    /// The batch of a letter, by the number in its barcode.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn batch_of(&self, operator: &Operator, number: &str) -> Result<Option<String>> {
        let number = plain_digits(number).unwrap_or_default();
        match self.letter(operator, &number).await {
            Ok(letter) => Ok(letter.batch),
            Err(LetterRefused::Internal(error)) => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// The letters of a batch that are not posted yet, as a PDF; none when
    /// there are none. The audit notes that their codes were seen.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn batch_pdf(
        &self,
        operator: &Operator,
        number: &str,
        issuer: &str,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>> {
        let Some(mut batch) = self.find_batch(operator, number).await? else {
            return Ok(None);
        };
        batch.letters.retain(|letter| letter.code.is_some());
        if batch.letters.is_empty() {
            return Ok(None);
        }
        self.accounts
            .note_batch_seen(number, operator.attestor(), now)
            .await?;
        letter_pdf::write(&batch.letters, &operator.centre, issuer).map(Some)
    }

    /// Notes under which number a letter was posted.
    ///
    /// # Errors
    /// The refusal.
    pub async fn post_letter(
        &self,
        operator: &Operator,
        number: &str,
        track: &str,
        now: Timestamp,
    ) -> Result<(), LetterRefused> {
        let letter = self.letter(operator, number).await?;
        let track = parse_track(track).map_err(LetterRefused::Track)?;
        let by = operator.attestor();
        if self.accounts.post_letter(&letter, &track, by, now).await? {
            Ok(())
        } else {
            Err(LetterRefused::Unknown)
        }
    }

    /// Notes that the post returned a letter.
    ///
    /// # Errors
    /// The refusal.
    pub async fn return_letter(
        &self,
        operator: &Operator,
        number: &str,
        now: Timestamp,
    ) -> Result<(), LetterRefused> {
        let letter = self.letter(operator, number).await?;
        let by = operator.attestor();
        if self.accounts.return_letter(&letter, by, now).await? {
            Ok(())
        } else {
            Err(LetterRefused::Unknown)
        }
    }

    async fn waiting(&self, operator: &Operator) -> Result<Vec<LetterRecord>> {
        self.storage.waiting_letters(&operator.account, BATCH).await
    }

    async fn batch(&self, operator: &Operator, number: &str) -> Result<Vec<LetterRecord>> {
        self.storage
            .letters_of_batch(number, &operator.centre.id, &operator.account)
            .await
    }

    /// A letter that was printed at the operator's centre, and not to themselves:
    /// whoever printed it, they never see its code (attack row 51).
    async fn letter(
        &self,
        operator: &Operator,
        number: &str,
    ) -> Result<LetterRecord, LetterRefused> {
        let letter = self.storage.find_letter(number).await?;
        letter
            .filter(|letter| letter.centre_id.as_ref() == Some(&operator.centre.id))
            .filter(|letter| letter.account_id != operator.account)
            .ok_or(LetterRefused::Unknown)
    }
}
