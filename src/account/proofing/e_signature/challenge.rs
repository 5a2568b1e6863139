//! The text that is signed: made for one browser, good for ten minutes and for
//! one signature. It is found by its number together with who holds it, so the
//! number alone is no secret and may stand in addresses.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::account::Accounts;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::ticket::SIGNATURE;
use crate::model::timestamp::Timestamp;
use crate::storage::Redeemed;

/// How long a text may be signed.
const LIFE: Duration = Duration::from_mins(10);
/// And how long it is remembered that it was there.
const MEMORY: Duration = Duration::from_hours(24);
/// Nobody guesses a number of so many digits.
const NUMBER_DIGITS: usize = 24;

/// The browser, and the session if there is one, in one keyed text.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a>(pub &'a str);

/// A text to sign.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Challenge {
    /// As it is signed, byte for byte.
    pub text: String,
    pub expires_at: Timestamp,
    /// Who wants to be proven; none who wants to sign in.
    pub asked_by: Option<AccountId>,
}

/// How a challenge stands.
#[derive(Clone, Debug)]
pub enum ChallengeState {
    Open(Challenge),
    /// Its ten minutes are over.
    Expired,
    /// It has been signed.
    Used,
    /// Not of this browser, or of another day.
    Unknown,
}

impl Holder<'_> {
    pub(super) fn ticket(self, number: &str) -> Digest {
        Digest::of(format!("{SIGNATURE}\n{}\n{number}", self.0).as_bytes())
    }
}

impl Accounts {
    /// Makes a text to sign and gives its number; `write` is told the number
    /// and until when it is good.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn new_challenge(
        &self,
        holder: Holder<'_>,
        asked_by: Option<&AccountId>,
        write: impl FnOnce(&str, Timestamp) -> String,
        now: Timestamp,
    ) -> Result<String> {
        let number = self.entropy.digits(NUMBER_DIGITS);
        let expires_at = now.plus(LIFE);
        let challenge = Challenge {
            text: write(&number, expires_at),
            expires_at,
            asked_by: asked_by.cloned(),
        };
        let ticket = holder.ticket(&number);
        let sealed = self.seal_ticket(SIGNATURE, &ticket, &challenge)?;
        self.storage
            .put_ticket(SIGNATURE, ticket, sealed, now, now.plus(MEMORY))
            .await?;
        Ok(number)
    }

    /// How the challenge of this number stands for this holder.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn challenge(
        &self,
        holder: Holder<'_>,
        number: &str,
        now: Timestamp,
    ) -> Result<ChallengeState> {
        let ticket = holder.ticket(number);
        let Some(record) = self.storage.find_ticket(SIGNATURE, &ticket, now).await? else {
            return Ok(ChallengeState::Unknown);
        };
        if record.spent_at.is_some() {
            return Ok(ChallengeState::Used);
        }
        let challenge: Challenge = self.open_ticket(SIGNATURE, &ticket, &record.payload)?;
        Ok(if now < challenge.expires_at {
            ChallengeState::Open(challenge)
        } else {
            ChallengeState::Expired
        })
    }

    /// Spends a challenge: of two signatures one wins.
    pub(super) async fn spend_challenge(
        &self,
        holder: Holder<'_>,
        number: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let ticket = holder.ticket(number);
        let redeemed = self.storage.redeem_ticket(SIGNATURE, ticket, now).await?;
        Ok(matches!(redeemed, Redeemed::Fresh(_)))
    }
}
