//! The last step: another password. Every session ends with the old one, and
//! every contact is told, with a link that takes it back.

use std::time::Duration;

use super::RecoverRefused;
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::new_password::NewPassword;
use crate::account::personal::PersonalParts;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{PasswordRecord, Recovered, RecoveredBy};

/// For how long sensitive actions are closed where nothing but a contact and a
/// waiting time spoke for the person.
const RESTRICTED: Duration = Duration::from_hours(72);

impl Accounts {
    /// Sets the new password of a recovery; nobody is signed in by it.
    ///
    /// # Errors
    /// The refusal; the handle stays good for another try unless it is over.
    pub async fn finish_recovery(
        &self,
        handle: &Secret,
        new: NewPassword<'_>,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), RecoverRefused> {
        let digest = handle.digest();
        let opened = self.opened(&digest, now).await?;
        let opened = opened.ok_or(RecoverRefused::Over)?;
        let owner = self.load_owner(&opened.account).await?;
        let by = self.may_set_password(&owner, &opened, &digest, now).await?;
        let by = by.ok_or(RecoverRefused::Over)?;
        let person = self.person_of(&owner).await?;
        let personal = PersonalParts::of(&person.profile, &person.identifiers());
        let problems = self.problems_of(&new, &personal)?;
        if !problems.is_empty() {
            return Err(RecoverRefused::Problems(problems));
        }
        if let Some(problem) = self.is_remembered(owner.id(), new.password).await? {
            return Err(RecoverRefused::Problems(vec![problem]));
        }
        let hash = self.hasher.hash(new.password).await?;
        let kind = MessageKind::RecoveryDone;
        let params = [
            ("time", now.millis().to_string()),
            ("link", self.link("/account/security")),
        ];
        let effects = self
            .lines(&owner, now)
            .journal("access_recovered", None, browser)?
            .warn_everywhere(kind, &params)
            .await?
            .done();
        let recovered = Recovered {
            ticket: (ticket::RECOVERY_OPEN, digest),
            by,
            password: PasswordRecord {
                account_id: opened.account,
                hash,
                set_at: now,
                replaced_at: None,
                temporary_until: None,
            },
            restricted_until: (by == RecoveredBy::Wait).then(|| now.plus(RESTRICTED)),
            effects,
        };
        match self.storage.finish_recovery(recovered, now).await? {
            true => Ok(()),
            false => Err(RecoverRefused::Over),
        }
    }
}
