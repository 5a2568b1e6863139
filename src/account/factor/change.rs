//! What an owner does with second factors: names, the one that is asked for
//! first, taking one away, and the list of backup codes.

use super::backup_code;
use super::enrolled::{clean_name, field};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::session::Session;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;

/// Why a factor was left as it is.
#[derive(Debug, PartialEq, Eq)]
pub enum FactorRefused {
    /// The last proof is too old, or was given without a second factor.
    NeedsProof,
    /// Sensitive actions are closed after an unusual sign-in.
    Restricted,
    /// There is no such factor.
    Unknown,
}

impl Accounts {
    /// Gives a factor another name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn rename_factor(&self, session: &Session, id: &str, name: &str) -> Result<bool> {
        let owner = self.load_owner(&session.account).await?;
        let Some(record) = self.factor_record(owner.id(), id).await? else {
            return Ok(false);
        };
        let mut kept = self.open_factor(&owner, &record)?;
        kept.name = clean_name(name);
        let sealed = owner.key.seal_json(&field(id), &kept)?;
        self.storage
            .rename_factor(id.to_owned(), owner.id().clone(), sealed)
            .await
    }

    /// Makes a factor the one that is asked for first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn prefer_factor(&self, session: &Session, id: &str, now: Timestamp) -> Result<bool> {
        let account = session.account.clone();
        self.storage
            .prefer_factor(id.to_owned(), account, now)
            .await
    }

    /// Takes a factor away; only somebody who has just shown one may.
    ///
    /// # Errors
    /// When the database is away; the refusal inside.
    pub async fn remove_factor(
        &self,
        session: &Session,
        id: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<std::result::Result<(), FactorRefused>> {
        if let Err(refused) = self.may_change_factors(session, now).await? {
            return Ok(Err(refused));
        }
        let owner = self.load_owner(&session.account).await?;
        if self.factor_record(owner.id(), id).await?.is_none() {
            return Ok(Err(FactorRefused::Unknown));
        }
        let kind = MessageKind::FactorRemoved;
        let params = self.factor_params(now);
        let happening = (kind, &session.id);
        let effects = self
            .lines(&owner, now)
            .journal("factor_removed", None, browser)?
            .warn_everywhere(happening, &params)
            .await?
            .done();
        let removed = self
            .storage
            .remove_factor(id.to_owned(), owner.id().clone(), now, effects)
            .await?;
        Ok(if removed {
            Ok(())
        } else {
            Err(FactorRefused::Unknown)
        })
    }

    async fn may_change_factors(
        &self,
        session: &Session,
        now: Timestamp,
    ) -> Result<std::result::Result<(), FactorRefused>> {
        if self.restriction(&session.account, now).await?.is_some() {
            return Ok(Err(FactorRefused::Restricted));
        }
        let proven = self.is_proven(session, now).await?;
        Ok(proven.then_some(()).ok_or(FactorRefused::NeedsProof))
    }

    /// A new list of backup codes, to be shown this once; the one before is
    /// worth nothing any more.
    ///
    /// # Errors
    /// When the database is away; the refusal inside.
    pub async fn new_backup_codes(
        &self,
        session: &Session,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<std::result::Result<Vec<Secret>, FactorRefused>> {
        if let Err(refused) = self.may_change_factors(session, now).await? {
            return Ok(Err(refused));
        }
        let owner = self.load_owner(&session.account).await?;
        let codes = backup_code::new_list(&self.entropy);
        let digests = codes
            .iter()
            .map(|code| backup_code::kept(&self.vault, owner.id(), code))
            .collect();
        let kind = MessageKind::BackupCodesMade;
        let params = self.factor_params(now);
        let happening = (kind, &session.id);
        let effects = self
            .lines(&owner, now)
            .journal("backup_codes_made", None, browser)?
            .warn(happening, &params)
            .await?
            .done();
        let account = owner.id().clone();
        let made = self
            .storage
            .put_backup_codes(account, digests, now, effects)
            .await?;
        Ok(made.then_some(codes).ok_or(FactorRefused::Unknown))
    }

    /// How many backup codes are left.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn backup_codes_left(&self, account: &AccountId) -> Result<u64> {
        let left = self.storage.backup_codes_left(account).await?;
        Ok(u64::try_from(left).unwrap_or_default())
    }

    /// What messages about factors say.
    pub(super) fn factor_params(&self, now: Timestamp) -> [(&'static str, String); 2] {
        [
            ("time", now.millis().to_string()),
            ("link", self.link("/account/factors")),
        ]
    }
}
