//! The second factors of an account: which there are, what they are called,
//! which comes first, and how one goes.

use serde::{Deserialize, Serialize};

use super::backup_code;
use super::key::{KeptKey, Shown};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::not_me::is_more_than_password;
use crate::account::person::{Owner, Person};
use crate::account::session::Session;
use crate::error::Result;
use crate::model::authentication::Strength;
use crate::model::id::AccountId;
use crate::model::identifier::Identifier;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::FactorRecord;

/// The longest name somebody gives a factor, in characters.
pub const LONGEST_NAME: usize = 40;
/// So many second factors an account may have.
pub const MOST: usize = 10;

/// What a second factor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A key or passkey.
    Key,
    /// An authenticator app.
    Totp,
    /// A code to the account's phone.
    Sms,
    /// A code to the account's e-mail address.
    Email,
}

impl Kind {
    /// Every kind, the strongest first.
    pub const ALL: [Self; 4] = [Self::Key, Self::Totp, Self::Sms, Self::Email];

    /// Its name in the database, in texts and in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Totp => "totp",
            Self::Sms => "sms",
            Self::Email => "email",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The contact its codes go to, if the person has it confirmed.
    pub(in crate::account) fn contact(self, person: &Person) -> Option<Identifier> {
        let phone = person.phone.as_ref().filter(|phone| phone.confirmed);
        let email = person.email.as_ref().filter(|email| email.confirmed);
        match self {
            Self::Key | Self::Totp => None,
            Self::Sms => phone.map(|phone| Identifier::Phone(phone.value.clone())),
            Self::Email => email.map(|email| Identifier::Email(email.value.clone())),
        }
    }
}

/// A second factor as its owner sees it.
#[derive(Clone, Debug)]
pub struct Enrolled {
    pub id: String,
    pub kind: Kind,
    /// What its owner calls it; empty for a contact.
    pub name: String,
    /// Where its codes go, masked.
    pub contact: Option<String>,
    pub added_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// What is kept of a factor, sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::account) struct Kept {
    pub name: String,
    /// The secret an app shares with us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp: Option<String>,
    /// A key's public half.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeptKey>,
}

/// The field a factor is sealed for.
pub(in crate::account) fn field(id: &str) -> String {
    format!("factor:{id}")
}

/// Why a factor was left as it is.
#[derive(Debug, PartialEq, Eq)]
pub enum FactorRefused {
    /// The last proof is too old, or was given without a second factor.
    NeedsProof,
    /// There is no such factor.
    Unknown,
}

impl Accounts {
    /// The second factors of an account, the preferred one first.
    ///
    /// # Errors
    /// When the database is away or one does not open.
    pub async fn factors(&self, account: &AccountId) -> Result<Vec<Enrolled>> {
        let owner = self.load_owner(account).await?;
        let person = self.person_of(&owner).await?;
        let records = self.storage.factors_of(account).await?;
        let first_is_preferred = records
            .first()
            .is_some_and(|record| record.preferred_at.is_some());
        let mut all = Vec::with_capacity(records.len());
        for record in records {
            let Some(kind) = Kind::parse(&record.kind) else {
                continue;
            };
            let kept: Kept = owner.key.open_json(&field(&record.id), &record.sealed)?;
            all.push(Enrolled {
                kind,
                name: kept.name,
                contact: kind.contact(&person).map(|contact| contact.masked()),
                id: record.id,
                added_at: record.created_at,
                last_used_at: record.last_used_at,
            });
        }
        // Behind the one that is preferred, the strongest first.
        let preferred = usize::from(first_is_preferred);
        if let Some(others) = all.get_mut(preferred..) {
            others.sort_by_key(|factor| Kind::ALL.iter().position(|kind| *kind == factor.kind));
        }
        Ok(all)
    }

    /// Whether a session may do what is critical (requirement C10): proven a
    /// short while ago, and with a second factor where the account has one.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn is_proven(&self, session: &Session, now: Timestamp) -> Result<bool> {
        let fresh = self.settings.limits.fresh_proof();
        if !session.authentication.is_fresh(fresh, now) {
            return Ok(false);
        }
        if session.authentication.strength() > Strength::Aal1 {
            return Ok(true);
        }
        // A password that others know proves nothing by itself.
        Ok(!self.has_second_factor(&session.account).await?
            && (is_more_than_password(&session.authentication)
                || !self.is_exposed(&session.account).await?))
    }

    /// Whether an account has any second factor.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn has_second_factor(&self, account: &AccountId) -> Result<bool> {
        Ok(!self.storage.factors_of(account).await?.is_empty())
    }

    /// Gives a factor another name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn rename_factor(&self, session: &Session, id: &str, name: &str) -> Result<bool> {
        let owner = self.load_owner(&session.account).await?;
        let Some(record) = self.factor_record(owner.id(), id).await? else {
            return Ok(false);
        };
        let mut kept: Kept = owner.key.open_json(&field(id), &record.sealed)?;
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
        if !self.is_proven(session, now).await? {
            return Ok(Err(FactorRefused::NeedsProof));
        }
        let owner = self.load_owner(&session.account).await?;
        if self.factor_record(owner.id(), id).await?.is_none() {
            return Ok(Err(FactorRefused::Unknown));
        }
        let kind = MessageKind::FactorRemoved;
        let params = self.factor_params(now);
        let happening = (kind, &session.id);
        let told = self
            .tell_contacts(&owner, None, happening, &params, now)
            .await?;
        let effects = self
            .lines(&owner, now)
            .journal("factor_removed", None, browser)?
            .notice(kind, &params)?
            .send(told)
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
        if !self.is_proven(session, now).await? {
            return Ok(Err(FactorRefused::NeedsProof));
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
        let told = self.warning(&owner, happening, &params, now).await?;
        let effects = self
            .lines(&owner, now)
            .journal("backup_codes_made", None, browser)?
            .notice(kind, &params)?
            .send(told)
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

    /// A factor of this account.
    pub(in crate::account) async fn factor_record(
        &self,
        account: &AccountId,
        id: &str,
    ) -> Result<Option<FactorRecord>> {
        let all = self.storage.factors_of(account).await?;
        Ok(all.into_iter().find(|record| record.id == id))
    }

    /// The keys of an account, each with its factor.
    pub(in crate::account) async fn keys_of(
        &self,
        owner: &Owner,
    ) -> Result<Vec<(FactorRecord, KeptKey)>> {
        let mut keys = Vec::new();
        for record in self.storage.factors_of(owner.id()).await? {
            if let Some(key) = self.open_factor(owner, &record)?.key {
                keys.push((record, key));
            }
        }
        Ok(keys)
    }

    /// Notes that a key was used; false when its counter went back, as that of a
    /// copy would.
    pub(in crate::account) async fn use_key(
        &self,
        owner: &Owner,
        record: &FactorRecord,
        shown: &Shown,
        now: Timestamp,
    ) -> Result<bool> {
        let mut kept = self.open_factor(owner, record)?;
        kept.key = Some(shown.key.clone());
        let sealed = owner.key.seal_json(&field(&record.id), &kept)?;
        self.storage
            .use_factor(record.id.clone(), shown.counter, Some(sealed), now)
            .await
    }

    /// What is kept of a factor, opened.
    pub(in crate::account) fn open_factor(
        &self,
        owner: &Owner,
        record: &FactorRecord,
    ) -> Result<Kept> {
        owner.key.open_json(&field(&record.id), &record.sealed)
    }
}

/// A name as it is kept.
pub(in crate::account) fn clean_name(name: &str) -> String {
    let plain = name.trim().chars().filter(|sign| !sign.is_control());
    plain.take(LONGEST_NAME).collect()
}
