//! Signing in with a key alone (requirement C3): the browser finds it, its device
//! checks who holds it, and nobody types a name. What is refused is refused in
//! one way, whatever was wrong.

use super::{Admitted, Arrival, Proven, SignInRefused};
use crate::account::Accounts;
use crate::error::Result;
use crate::model::timestamp::Timestamp;
use crate::storage::RestsOn;

impl Accounts {
    /// Signs in whoever holds the key that answered.
    ///
    /// # Errors
    /// The refusal.
    pub async fn sign_in_by_key(
        &self,
        (sealed, answer): (&str, &str),
        bound: &str,
        arrival: Arrival<'_>,
        now: Timestamp,
    ) -> Result<Admitted, SignInRefused> {
        let bad = || SignInRefused::BadCredentials;
        if !self.has_keys() {
            return Err(bad());
        }
        let (credential, user) = self.named_by(answer).ok_or_else(bad)?;
        let record = self.storage.find_key(&credential).await?;
        let record = record.ok_or_else(bad)?;
        let owner = self.load_owner(&record.account_id).await?;
        let key = self.open_factor(&owner, &record)?.key.ok_or_else(bad)?;
        let shown = self
            .check_anybody(&key, answer, sealed, bound, now)
            .await?
            .ok_or_else(bad)?;
        if user != self.user_handle(owner.id())
            || !self.use_key(&owner, &record, &shown, now).await?
        {
            return Err(bad());
        }
        if owner.record.blocked_at.is_some() {
            return Err(SignInRefused::Blocked);
        }
        let proven = Proven {
            owner: &owner,
            proof: shown.proof,
            rests_on: RestsOn::Factor(record.id),
            known_device: self.knows_device(arrival.browser, owner.id()).await?,
            arrival,
        };
        self.admit(&proven, now).await?.ok_or_else(bad)
    }
}
