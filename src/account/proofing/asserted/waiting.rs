//! An assertion that waits for the citizen's press: a ticket, sealed, used once.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Asserted;
use crate::account::Accounts;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::Effects;

/// The prefix of the secret that finds an assertion.
const PREFIX: &str = "ppa_";
/// Long enough to read the agreements, or to sign in with a password.
const LIFE: Duration = Duration::from_mins(20);

/// An assertion that waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Waiting {
    pub asserted: Asserted,
    /// Who asked for the proof; none when it came to sign in.
    pub(super) asked_by: Option<AccountId>,
}

impl Waiting {
    /// Whether it may be used for this account.
    pub fn is_for(&self, account: &AccountId) -> bool {
        self.asked_by.as_ref().is_none_or(|asked| asked == account)
    }

    /// Whether it may become a new account.
    pub const fn may_register(&self) -> bool {
        self.asked_by.is_none()
    }
}

impl Accounts {
    /// Keeps an assertion until the citizen has read what comes of it. One that
    /// was asked for by somebody who is signed in is good for their account only.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn hold_assertion(
        &self,
        asserted: Asserted,
        asked_by: Option<&AccountId>,
        now: Timestamp,
    ) -> Result<Secret> {
        let handle = self.entropy.secret(PREFIX);
        let digest = handle.digest();
        let waiting = Waiting {
            asserted,
            asked_by: asked_by.cloned(),
        };
        let payload = self.seal_ticket(ticket::ASSERTION, &digest, &waiting)?;
        let end = now.plus(LIFE);
        self.storage
            .put_ticket_of(
                waiting.asked_by,
                (ticket::ASSERTION, digest),
                payload,
                now,
                end,
                Effects::default(),
            )
            .await?;
        Ok(handle)
    }

    /// The assertion that waits under this handle.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn assertion(&self, handle: &Secret, now: Timestamp) -> Result<Option<Waiting>> {
        let digest = handle.digest();
        let found = self
            .storage
            .find_ticket(ticket::ASSERTION, &digest, now)
            .await?;
        found
            .filter(|record| record.spent_at.is_none())
            .map(|record| self.open_ticket(ticket::ASSERTION, &digest, &record.payload))
            .transpose()
    }
}
