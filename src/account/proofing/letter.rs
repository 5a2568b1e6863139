//! Proof by registered letter (requirement B6). The post hands such a letter to
//! the addressee in person, against a document; the code in it comes back.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::proof_code::NewCode;
use super::visit::Attestor;
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::journal::Actor;
use crate::account::session::Session;
use crate::error::{Internal, Result};
use crate::model::evidence::{Facts, PROOF_OF_HOLDER, Source};
use crate::model::id::AccountId;
use crate::model::level::Level;
use crate::model::profile::Address;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{AuditRecord, LetterPost, LetterPrint, LetterRecord};
use crate::texts::Lang;

/// Digits of the number of a letter.
const NUMBER_DIGITS: usize = 8;
/// A number that is taken is drawn again.
const DRAWS: usize = 5;

/// How a citizen's newest letter stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub number: String,
    pub addressee: String,
    pub address: String,
    pub state: LetterState,
}

/// Where a letter stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LetterState {
    Ordered,
    Printed,
    /// Under the number by which the post knows it.
    Posted {
        track: String,
        at: Timestamp,
    },
}

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

/// Why no letter was ordered.
#[derive(Debug)]
pub enum LetterRefused {
    /// The data are not checked, or there is nothing left to prove.
    Level,
    /// There is no full address.
    NoAddress,
    /// So many were ordered lately.
    TooMany {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for LetterRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

/// What a letter says, and what its code proves, as it was when ordered.
#[derive(Serialize, Deserialize)]
struct Content {
    addressee: String,
    address: Address,
    facts: Facts,
}

impl Accounts {
    /// Orders a letter to where the citizen lives; one that is under way stays.
    ///
    /// # Errors
    /// The refusal.
    pub async fn order_letter(
        &self,
        session: &Session,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), LetterRefused> {
        let owner = self.load_owner(&session.account).await?;
        let person = self.person_of(&owner).await?;
        if person.level(now) != Level::Standard {
            return Err(LetterRefused::Level);
        }
        let address = postal_address(&person.profile.address, &person.profile.residence)
            .ok_or(LetterRefused::NoAddress)?;
        let newest = self.storage.newest_letter(owner.id()).await?;
        if newest.is_some_and(|letter| letter.posted_at.is_none()) {
            return Ok(());
        }
        let counter = self.letters();
        if let Some(retry_after) = self.allow(counter, owner.id().as_str(), now).await? {
            return Err(LetterRefused::TooMany { retry_after });
        }
        let content = Content {
            addressee: person.profile.full_name(),
            address: address.clone(),
            facts: person.facts.only(&PROOF_OF_HOLDER),
        };
        for _ in 0..DRAWS {
            let number = self.entropy.digits(NUMBER_DIGITS);
            let letter = LetterRecord {
                content_sealed: owner.key.seal_json(&content_field(&number), &content)?,
                number,
                account_id: owner.id().clone(),
                ordered_at: now,
                batch: None,
                centre_id: None,
                printed_at: None,
                code_sealed: None,
                track: None,
                posted_at: None,
                returned_at: None,
            };
            let effects = self
                .lines(&owner, now)
                .journal("letter_ordered", None, browser)?
                .done();
            if self.storage.order_letter(letter, effects).await? {
                return Ok(());
            }
            let newest = self.storage.newest_letter(owner.id()).await?;
            if newest.is_some_and(|letter| letter.posted_at.is_none()) {
                return Ok(());
            }
        }
        Err(Internal::new("no free number for a letter was found").into())
    }

    /// The citizen's newest letter.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn letter(&self, account: &AccountId) -> Result<Option<Letter>> {
        let Some(record) = self.storage.newest_letter(account).await? else {
            return Ok(None);
        };
        let key = self.account_key(account).await?;
        let content: Content =
            key.open_json(&content_field(&record.number), &record.content_sealed)?;
        let state = match (record.posted_at, record.track, record.printed_at) {
            (Some(at), Some(track), _) => LetterState::Posted { track, at },
            (_, _, Some(_)) => LetterState::Printed,
            _ => LetterState::Ordered,
        };
        Ok(Some(Letter {
            number: record.number,
            addressee: content.addressee,
            address: content.address.formatted(),
            state,
        }))
    }

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
            given_by: format!("{} {}", by.centre, by.operator),
            covers: &content.facts,
            code: &code,
            life: Duration::from_hours(24 * days),
        };
        let kind = MessageKind::LetterPosted;
        let params = [("link", self.link("/account/level"))];
        let message = self.warning(&owner, kind, &params, now).await?;
        let post = LetterPost {
            track: track.to_owned(),
            code: self.proof_code_record(&owner, new, now)?,
            audit: self.letter_audit(letter, by, "letter_posted", now),
            effects: self
                .lines(&owner, now)
                .journal_of(&Actor::Operator, "letter_posted", Some(by.centre_name))?
                .notice(kind, &params)?
                .send(message)
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
        let message = self.warning(&owner, kind, &params, now).await?;
        let effects = self
            .lines(&owner, now)
            .journal_of(&Actor::Operator, "letter_returned", Some(by.centre_name))?
            .notice(kind, &params)?
            .send(message)
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
        self.storage.record_audit(audit, Default::default()).await
    }

    fn letter_audit(
        &self,
        letter: &LetterRecord,
        by: Attestor<'_>,
        action: &str,
        now: Timestamp,
    ) -> AuditRecord {
        let account = Some(letter.account_id.clone());
        self.audit_record(by, action, account, &letter.number, now)
    }
}

/// Where a letter goes: where the person lives, else where they are registered.
pub fn postal_address<'a>(registered: &'a Address, residence: &'a Address) -> Option<&'a Address> {
    let address = if residence.is_empty() {
        registered
    } else {
        residence
    };
    let full = !address.postal_code.is_empty()
        && !address.locality.is_empty()
        && !address.street_address.is_empty();
    full.then_some(address)
}

/// The field the content of a letter is sealed for.
fn content_field(number: &str) -> String {
    format!("letter:{number}")
}

/// The field the code of a letter is sealed for.
fn code_field(number: &str) -> String {
    format!("letter_code:{number}")
}
