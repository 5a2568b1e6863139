//! Proof by registered letter (requirement B6). The post hands such a letter to
//! the addressee in person, against a document; the code in it comes back.

mod desk;

pub use desk::PrintedLetter;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::proofing::CodeState;
use crate::account::session::Session;
use crate::error::{Internal, Result};
use crate::model::evidence::{Facts, PROOF_OF_HOLDER, Source};
use crate::model::id::AccountId;
use crate::model::level::Level;
use crate::model::profile::Address;
use crate::model::timestamp::Timestamp;
use crate::storage::LetterRecord;

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
        let account = &session.account;
        if self.letter_is_under_way(account).await? {
            return Ok(());
        }
        let counter = self.letters();
        for draw in 0..DRAWS {
            let owner = self.load_owner(account).await?;
            let person = self.person_of(&owner).await?;
            if person.level(now) != Level::Standard {
                return Err(LetterRefused::Level);
            }
            let address = postal_address(&person.profile.address, &person.profile.residence)
                .ok_or(LetterRefused::NoAddress)?;
            if draw == 0
                && let Some(retry_after) = self.allow(counter, account.as_str(), now).await?
            {
                return Err(LetterRefused::TooMany { retry_after });
            }
            let content = Content {
                addressee: person.profile.full_name(),
                address: address.clone(),
                facts: person.facts.only(&PROOF_OF_HOLDER),
            };
            let number = self.entropy.digits(NUMBER_DIGITS);
            let letter = LetterRecord {
                content_sealed: owner.key.seal_json(&content_field(&number), &content)?,
                number,
                account_id: account.clone(),
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
            let read_at = owner.record.updated_at;
            let ordered = self.storage.order_letter(letter, read_at, effects).await?;
            // Ordered in the same moment through another node, it is ordered.
            if ordered || self.letter_is_under_way(account).await? {
                return Ok(());
            }
        }
        Err(Internal::new("no free number for a letter was found").into())
    }

    async fn letter_is_under_way(&self, account: &AccountId) -> Result<bool> {
        let newest = self.storage.newest_letter(account).await?;
        Ok(newest.is_some_and(|letter| letter.posted_at.is_none()))
    }

    /// Whether a letter is on its way to the citizen, or its code may still be
    /// entered.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn letter_is_outstanding(&self, account: &AccountId, now: Timestamp) -> Result<bool> {
        if self.letter_is_under_way(account).await? {
            return Ok(true);
        }
        let code = self.proof_code(account, Source::Letter, now).await?;
        Ok(code.is_some_and(|code| matches!(code.state, CodeState::Open(_))))
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
