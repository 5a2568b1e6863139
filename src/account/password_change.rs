//! Setting another password: by will, with the current one, or because it has
//! served its time. Every other session ends with it (attack row 14), and no
//! other browser is known any more.

use std::time::Duration;

use super::Accounts;
use super::browser::Browser;
use super::factor;
use super::hashing::HashRefused;
use super::locks::Gate;
use super::new_password::NewPassword;
use super::problem::{Problem, ProblemKind};
use super::session::Session;
use super::sign_in::Duty;
use super::throttle::Lock;
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{EndedGrant, PasswordRecord};

/// How old the password is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordState {
    pub set_at: Timestamp,
    /// When it must be replaced; none if passwords do not age.
    pub expires_at: Option<Timestamp>,
    /// Whether an operator printed it: known to another, it must be replaced at
    /// once.
    pub is_temporary: bool,
    /// Whether its owner has said that somebody else knows it.
    pub is_exposed: bool,
}

/// Why a password was not changed.
#[derive(Debug)]
pub enum ChangeRefused {
    /// Wrong fields: `current_password`, `password` (every broken rule),
    /// `password_repeat`.
    Problems(Vec<Problem>),
    /// Too many wrong current passwords.
    Locked {
        until: Timestamp,
        block_number: String,
    },
    /// The last proof is too old: the citizen signs in anew first.
    NeedsProof,
    /// The account is restricted.
    Restricted,
    /// Too many passwords are being hashed.
    Busy {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for ChangeRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl From<HashRefused> for ChangeRefused {
    fn from(refused: HashRefused) -> Self {
        match refused {
            HashRefused::Busy { retry_after } => Self::Busy { retry_after },
            HashRefused::Internal(error) => Self::Internal(error),
        }
    }
}

impl From<Lock> for ChangeRefused {
    fn from(lock: Lock) -> Self {
        Self::Locked {
            until: lock.until,
            block_number: lock.block_number,
        }
    }
}

/// How asking for the current password ended.
pub(super) enum Reproof {
    Given,
    Wrong,
    Locked(Lock),
}

impl Accounts {
    /// Changes the password; gives the grants of the sessions that ended.
    ///
    /// # Errors
    /// The refusal.
    pub async fn change_password(
        &self,
        session: &Session,
        current: &Secret,
        new: NewPassword<'_>,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Vec<EndedGrant>, ChangeRefused> {
        self.may_change_password(session, now).await?;
        // A password does not stand in for a second factor (attack row 49).
        if self.has_second_factor(&session.account).await? && !self.is_proven(session, now).await? {
            return Err(ChangeRefused::NeedsProof);
        }
        let personal = self.personal_parts(&session.account).await?;
        let mut problems = self.problems_of(&new, &personal)?;
        // Of a wrong form only the fields are told; the current password is
        // asked for nevertheless, so that everything is mended at once.
        match self.reprove(session, current, browser, now).await? {
            Reproof::Given => {}
            Reproof::Wrong => {
                let kind = if current.expose().is_empty() {
                    ProblemKind::PasswordEmpty
                } else {
                    ProblemKind::PasswordCurrent
                };
                problems.insert(0, Problem::of("current_password", kind));
            }
            Reproof::Locked(lock) => return Err(lock.into()),
        }
        if !problems.is_empty() {
            return Err(ChangeRefused::Problems(problems));
        }
        self.set_password(session, new.password, browser, now).await
    }

    /// Replaces a password that has served its time, right after a sign-in.
    ///
    /// # Errors
    /// The refusal.
    pub async fn renew_password(
        &self,
        session: &Session,
        new: NewPassword<'_>,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Vec<EndedGrant>, ChangeRefused> {
        self.may_change_password(session, now).await?;
        let due = self.duty(&session.account, now).await? == Some(Duty::RenewPassword);
        if !due || !self.may_renew_password(session, now).await? {
            return Err(ChangeRefused::NeedsProof);
        }
        let personal = self.personal_parts(&session.account).await?;
        let problems = self.problems_of(&new, &personal)?;
        if !problems.is_empty() {
            return Err(ChangeRefused::Problems(problems));
        }
        self.set_password(session, new.password, browser, now).await
    }

    /// Whether the proof of a session is fresh enough for a password that is due.
    /// Whoever disowns the old one shows anew who they are: else somebody at an
    /// open browser would need no password to set one.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn may_renew_password(&self, session: &Session, now: Timestamp) -> Result<bool> {
        let exposure = self.storage.find_exposure(&session.account).await?;
        let disowned = exposure.filter(|exposure| exposure.mended_at.is_none());
        let is_since = disowned.is_none_or(|disowned| session.authentication.is_since(disowned.at));
        Ok(is_since && self.is_proven(session, now).await?)
    }

    /// Sets a password without the current one: the first one of an account whose
    /// holder signs in by the word of others, or one that was forgotten, by such
    /// a word (requirement C11).
    ///
    /// # Errors
    /// The refusal; [`ChangeRefused::NeedsProof`] without a fresh proof, or when
    /// there is a password and nobody's word.
    pub async fn set_password_vouched(
        &self,
        session: &Session,
        new: NewPassword<'_>,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Vec<EndedGrant>, ChangeRefused> {
        self.may_change_password(session, now).await?;
        let has_one = self.password_state(&session.account).await?.is_some();
        let suffices = match has_one {
            true => self.is_vouched(session, now).await?,
            false => self.is_proven(session, now).await?,
        };
        if !suffices {
            return Err(ChangeRefused::NeedsProof);
        }
        let personal = self.personal_parts(&session.account).await?;
        let problems = self.problems_of(&new, &personal)?;
        if !problems.is_empty() {
            return Err(ChangeRefused::Problems(problems));
        }
        self.set_password(session, new.password, browser, now).await
    }

    /// How old the password is, and how long it may serve; none for an account
    /// that has no password.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn password_state(&self, account: &AccountId) -> Result<Option<PasswordState>> {
        let current = self.storage.passwords_of(account, 1).await?;
        let is_exposed = self.is_exposed(account).await?;
        let days = self.settings.password.expires_after_days;
        Ok(current.first().map(|password| {
            let is_temporary = password.temporary_until.is_some();
            let served = Duration::from_secs(days * 24 * 3600);
            PasswordState {
                set_at: password.set_at,
                expires_at: match is_temporary || is_exposed {
                    true => Some(password.set_at),
                    false => (days > 0).then(|| password.set_at.plus(served)),
                },
                is_temporary,
                is_exposed,
            }
        }))
    }

    /// Asks for the current password, with the limits of a known device: a
    /// stolen session is no door to guessing.
    pub(super) async fn reprove(
        &self,
        session: &Session,
        current: &Secret,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Reproof, HashRefused> {
        let gate = Gate::of_cabinet(&session.account);
        let (_turn, before) = self.take_turn(&gate, now).await?;
        if let Some(lock) = before.shown {
            return Ok(Reproof::Locked(lock));
        }
        if current.expose().is_empty() {
            return Ok(Reproof::Wrong);
        }
        let stored = self.storage.passwords_of(&session.account, 1).await?;
        let hash = stored
            .first()
            .map_or(&self.decoy.hash, |password| &password.hash);
        let proof = factor::password::check(&self.hasher, current, hash, now).await?;
        let after = self.standing_at(&gate, now).await?;
        if let Some(lock) = after.shown {
            return Ok(Reproof::Locked(lock));
        }
        if proof.is_some() {
            if after.counted {
                self.forget_wrong(&gate).await?;
            }
            return Ok(Reproof::Given);
        }
        let counted = self.count_wrong(&gate, false, browser, now).await?;
        Ok(counted.shown.map_or(Reproof::Wrong, Reproof::Locked))
    }

    async fn may_change_password(
        &self,
        session: &Session,
        now: Timestamp,
    ) -> Result<(), ChangeRefused> {
        match self.restriction(&session.account, now).await? {
            Some(_) => Err(ChangeRefused::Restricted),
            None => Ok(()),
        }
    }

    async fn set_password(
        &self,
        session: &Session,
        password: &Secret,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Vec<EndedGrant>, ChangeRefused> {
        if let Some(problem) = self.is_remembered(&session.account, password).await? {
            return Err(ChangeRefused::Problems(vec![problem]));
        }
        let hash = self.hasher.hash(password).await?;
        let owner = self.load_owner(&session.account).await?;
        let kind = MessageKind::PasswordChanged;
        let params = [
            ("time", now.millis().to_string()),
            ("link", self.link("/account/security")),
        ];
        let happening = (kind, &session.id);
        let lines = self
            .lines(&owner, now)
            .journal("password_changed", None, browser)?
            .warn(happening, &params)
            .await?;
        let new = PasswordRecord {
            account_id: session.account.clone(),
            hash,
            set_at: now,
            replaced_at: None,
            temporary_until: None,
        };
        let keep = Some(session.id.clone());
        // A stolen device cookie loses its own tries at the password with the
        // password.
        let keep_device = browser.device.as_ref().map(Secret::digest);
        let effects = lines.done();
        Ok(self
            .storage
            .set_password(new, keep, keep_device, effects)
            .await?)
    }
}
