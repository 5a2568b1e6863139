//! The last step: the link of the new contact sets a password. Every session
//! ends, old contacts are replaced, and they are told, with a link that takes it
//! all back.

use std::time::Duration;

use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::hashing::HashRefused;
use crate::account::new_password::NewPassword;
use crate::account::personal::PersonalParts;
use crate::account::problem::Problem;
use crate::account::proofing::DOUBTFUL;
use crate::error::{Internal, Result};
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{AppealEnded, AppealFinish, AppealRecord, PasswordRecord};

use super::AppealData;

/// The prefix of the secret in the link.
pub(super) const OPEN_PREFIX: &str = "ppm_";
/// For how long sensitive actions are closed afterwards.
const RESTRICTED: Duration = Duration::from_hours(72);

/// What a link opens.
#[derive(Debug)]
pub struct Opened {
    /// The new contact, for password keepers.
    pub username: String,
    /// What the password must not hold.
    pub personal: PersonalParts,
}

/// Why no password was set.
#[derive(Debug)]
pub enum AppealFinishRefused {
    /// Wrong fields: `password` (every broken rule), `password_repeat`.
    Problems(Vec<Problem>),
    /// The link is spent, too old or was cancelled, or the account is closed.
    Over,
    /// The new contact has become another account's meanwhile.
    ContactTaken,
    /// Too many passwords are being hashed.
    Busy {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for AppealFinishRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl From<HashRefused> for AppealFinishRefused {
    fn from(refused: HashRefused) -> Self {
        match refused {
            HashRefused::Busy { retry_after } => Self::Busy { retry_after },
            HashRefused::Internal(error) => Self::Internal(error),
        }
    }
}

impl Accounts {
    /// What a link opens; nothing is done yet.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn opened_appeal(&self, secret: &Secret, now: Timestamp) -> Result<Option<Opened>> {
        let Some((record, data)) = self.appeal_opened_by(secret, now).await? else {
            return Ok(None);
        };
        let Some(account) = &record.account_id else {
            return Ok(None);
        };
        let person = self.load_person(account).await?;
        Ok(Some(Opened {
            username: data.contact.as_str().to_owned(),
            personal: PersonalParts::of(&person.profile, &person.identifiers()),
        }))
    }

    /// Sets the password; nobody is signed in by it.
    ///
    /// # Errors
    /// The refusal; the link stays good for another try unless it is over.
    pub async fn finish_appeal(
        &self,
        secret: &Secret,
        new: NewPassword<'_>,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), AppealFinishRefused> {
        let found = self.appeal_opened_by(secret, now).await?;
        let (record, data) = found.ok_or(AppealFinishRefused::Over)?;
        let account = record.account_id.clone();
        let account = account.ok_or(AppealFinishRefused::Over)?;
        let owner = self.load_owner(&account).await?;
        let person = self.person_of(&owner).await?;
        let mut known = person.identifiers();
        known.push(data.contact.clone());
        let personal = PersonalParts::of(&person.profile, &known);
        let problems = self.problems_of(&new, &personal)?;
        if !problems.is_empty() {
            return Err(AppealFinishRefused::Problems(problems));
        }
        if let Some(problem) = self.is_remembered(owner.id(), new.password).await? {
            return Err(AppealFinishRefused::Problems(vec![problem]));
        }
        let hash = self.hasher.hash(new.password).await?;
        let params = [
            ("time", now.millis().to_string()),
            ("link", self.link("/account/security")),
        ];
        let effects = self
            .lines(&owner, now)
            .journal("access_recovered", None, browser)?
            .warn_everywhere(MessageKind::RecoveryDone, &params)
            .await?
            .done();
        let finish = AppealFinish {
            number: record.number,
            ticket: (ticket::APPEAL_OPEN, secret.digest()),
            password: PasswordRecord {
                account_id: account,
                hash,
                set_at: now,
                replaced_at: None,
                temporary_until: None,
            },
            contact: self.contact_record(&owner.key, owner.id(), &data.contact, true, now)?,
            restricted_until: now.plus(RESTRICTED),
            doubted: now.minus(DOUBTFUL),
            erase_at: self.appeal_erase_at(now),
            effects,
        };
        match self.storage.finish_appeal(finish, now).await? {
            AppealEnded::Done => Ok(()),
            AppealEnded::Over => Err(AppealFinishRefused::Over),
            AppealEnded::ContactTaken => Err(AppealFinishRefused::ContactTaken),
        }
    }

    /// The application whose link this is, while everything that was typed still
    /// fits the account.
    async fn appeal_opened_by(
        &self,
        secret: &Secret,
        now: Timestamp,
    ) -> Result<Option<(AppealRecord, AppealData)>> {
        if !secret.expose().starts_with(OPEN_PREFIX) {
            return Ok(None);
        }
        let (kind, digest) = (ticket::APPEAL_OPEN, secret.digest());
        let found = self.storage.find_ticket(kind, &digest, now).await?;
        let Some(found) = found.filter(|found| found.spent_at.is_none()) else {
            return Ok(None);
        };
        let number: String = self.open_ticket(kind, &digest, &found.payload)?;
        let Some(record) = self.storage.find_appeal(&number).await? else {
            return Ok(None);
        };
        let is_open = record.is_open(now) && record.opens_at.is_some_and(|opens| opens <= now);
        if !is_open {
            return Ok(None);
        }
        let data = self.appeal_data(&record)?;
        let fits = self.fits(&record, &data, now).await?;
        Ok(fits.then_some((record, data)))
    }
}
