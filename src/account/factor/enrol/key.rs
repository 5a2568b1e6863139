//! Adding a key or passkey.

use super::{EnrolRefused, New};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::factor::enrolled::{Kept, Kind, clean_name};
use crate::account::factor::key::Challenge;
use crate::account::session::Session;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;

impl Accounts {
    /// Begins to add a key.
    ///
    /// # Errors
    /// The refusal.
    pub async fn begin_key(
        &self,
        session: &Session,
        now: Timestamp,
    ) -> Result<Challenge, EnrolRefused> {
        self.may_enrol(session, now).await?;
        let owner = self.load_owner(&session.account).await?;
        let person = self.person_of(&owner).await?;
        let known = self.keys_of(&owner).await?;
        let known = known.iter().map(|(_, key)| key.id().clone()).collect();
        let names = (&*person.username(), &*person.profile.full_name());
        let bound = session.id.to_string();
        Ok(self.challenge_new_key(owner.id(), names, known, &bound, now)?)
    }

    /// Adds the key that the browser made.
    ///
    /// # Errors
    /// The refusal.
    pub async fn confirm_key(
        &self,
        session: &Session,
        (sealed, answer): (&str, &str),
        name: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Secret, EnrolRefused> {
        self.may_enrol(session, now).await?;
        let bound = session.id.to_string();
        let made = self.accept_new_key(answer, sealed, &bound, now).await?;
        let (key, proof) = made.ok_or(EnrolRefused::WrongCode)?;
        let new = New {
            kind: Kind::Key,
            credential: Some(self.credential_index(key.id())),
            kept: Kept {
                name: clean_name(name),
                totp: None,
                key: Some(key),
            },
            step: None,
            proof,
        };
        self.enrol(session, new, browser, now).await
    }
}
