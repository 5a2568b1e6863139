//! An assertion that comes without being asked for by an account: somebody who
//! is known is signed in, anybody else is asked what they want.

use super::Asserted;
use crate::account::Accounts;
use crate::account::factor::vouched;
use crate::account::sign_in::{Admitted, Arrival, Proven};
use crate::error::{Internal, Result};
use crate::model::identifier::Identifier;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::storage::RestsOn;

/// How it ends.
#[derive(Debug)]
pub enum Entered {
    /// The account is known: a session has begun, or a second factor is asked
    /// for.
    Known(Admitted),
    /// No account is linked: the assertion waits under this handle for the
    /// citizen to register or to link.
    Waits(Secret),
}

/// Why somebody may not enter.
#[derive(Debug)]
pub enum EnterRefused {
    /// The account is blocked.
    Blocked,
    /// The sign-in is too unlike the owner's others.
    Unusual,
    Internal(Internal),
}

impl From<Internal> for EnterRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Accounts {
    /// Signs the person in, or keeps what was asserted until they decide.
    ///
    /// # Errors
    /// The refusal.
    pub async fn enter_asserted(
        &self,
        asserted: Asserted,
        arrival: Arrival<'_>,
        now: Timestamp,
    ) -> Result<Entered, EnterRefused> {
        let index = self.subject_index(&asserted.by);
        if let Some(link) = self.storage.find_link(&index).await? {
            let owner = self.load_owner(&link.account_id).await?;
            if owner.record.blocked_at.is_some() {
                return Err(EnterRefused::Blocked);
            }
            let proven = Proven {
                owner: &owner,
                proof: vouched::proof(&asserted),
                rests_on: RestsOn::Link(link.id),
                known_device: self.knows_device(arrival.browser, owner.id()).await?,
                arrival,
            };
            // Unlinked in this very moment, it is nobody's any more.
            if let Some(admitted) = self.admit(&proven, now).await? {
                return Ok(Entered::Known(admitted));
            }
        }
        let handle = self.hold_assertion(asserted, None, now).await?;
        Ok(Entered::Waits(handle))
    }

    /// Whether the SNILS that was asserted is confirmed for an account: that one
    /// is to be linked, and no second one made.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn has_account(&self, asserted: &Asserted) -> Result<bool> {
        let Some(snils) = &asserted.snils else {
            return Ok(false);
        };
        let identifier = Identifier::Snils(snils.clone());
        let Some(found) = self.find_by_identifier(&identifier).await? else {
            return Ok(false);
        };
        let person = self.load_person(&found).await?;
        Ok(person.snils.is_some_and(|known| known.confirmed))
    }
}
