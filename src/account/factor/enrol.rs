//! Adding a second factor: it is added by being used once (requirement C4), by
//! somebody who has just proven who they are, with a factor they already have
//! if there is one (attack row 19). The proof counts for the session as well.

use serde::{Deserialize, Serialize};

use super::enrolled::{Kept, Kind, MOST, clean_name, field};
use super::key::Challenge;
use super::one_time_code::SentCode;
use super::totp;
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::codes::{AwaitsCode, CodeRefused, Pending, Resent, contact_subject};
use crate::account::person::Owner;
use crate::account::session::Session;
use crate::error::{Internal, Result};
use crate::model::authentication::Proof;
use crate::model::id::AccountId;
use crate::model::identifier::Identifier;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Effects, FactorRecord};

/// The prefix of the secret that finds a contact being made a factor.
const PREFIX: &str = "ppf_";

/// Why a factor was not added.
#[derive(Debug)]
pub enum EnrolRefused {
    /// The last proof is too old, or was given without a second factor.
    NeedsProof,
    /// The code is not right.
    WrongCode,
    /// The account has this one, or as many as there may be.
    TooMany,
    /// The person has no such contact that is confirmed.
    NoContact,
    /// Too many codes to this contact, or too many wrong ones.
    Wait {
        retry_after: std::time::Duration,
    },
    /// What was begun is over.
    Over,
    Internal(Internal),
}

impl From<Internal> for EnrolRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

/// An app that is being added: what its owner types or scans.
pub struct NewApp {
    /// In base32.
    pub secret: Secret,
    /// The `otpauth:` address for a QR code.
    pub address: String,
    /// Goes through the form and comes back with the code.
    pub sealed: String,
}

#[derive(Serialize, Deserialize)]
struct Begun {
    session: String,
    secret: String,
    at: Timestamp,
}

/// A contact that is being made a factor.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct NewContact {
    account: AccountId,
    kind: String,
    contact: Identifier,
    code: SentCode,
}

impl AwaitsCode for NewContact {
    const KIND: &'static str = ticket::NEW_FACTOR;

    fn contact(&self) -> &Identifier {
        &self.contact
    }

    fn code(&self) -> &SentCode {
        &self.code
    }

    fn flow(&self) -> Option<&str> {
        None
    }
}

const APP: &str = "new app";

impl Accounts {
    /// Begins to add an app. Nothing is stored: what was begun goes through the
    /// form, sealed.
    ///
    /// # Errors
    /// The refusal.
    pub async fn begin_app(
        &self,
        session: &Session,
        issuer: &str,
        now: Timestamp,
    ) -> Result<NewApp, EnrolRefused> {
        self.may_enrol(session, now).await?;
        let person = self.load_person(&session.account).await?;
        let secret = totp::new_secret(&self.entropy);
        let begun = Begun {
            session: session.id.to_string(),
            secret: secret.expose().to_owned(),
            at: now,
        };
        let plain = serde_json::to_vec(&begun).map_err(Internal::from)?;
        Ok(NewApp {
            address: totp::address(&secret, issuer, &person.username())?,
            sealed: self.vault.seal(APP, &plain)?,
            secret,
        })
    }

    /// The app that a form brings back, to be shown again.
    ///
    /// # Errors
    /// When it is not of this session or is over.
    pub async fn app_under_way(
        &self,
        session: &Session,
        issuer: &str,
        sealed: &str,
        now: Timestamp,
    ) -> Result<NewApp, EnrolRefused> {
        let secret = self.open_app(session, sealed, now)?;
        let person = self.load_person(&session.account).await?;
        Ok(NewApp {
            address: totp::address(&secret, issuer, &person.username())?,
            sealed: sealed.to_owned(),
            secret,
        })
    }

    fn open_app(
        &self,
        session: &Session,
        sealed: &str,
        now: Timestamp,
    ) -> Result<Secret, EnrolRefused> {
        let plain = self.vault.unseal(APP, sealed);
        let plain = plain.map_err(|_| EnrolRefused::Over)?;
        let begun: Begun = serde_json::from_slice(&plain).map_err(|_| EnrolRefused::Over)?;
        let end = begun.at.plus(self.settings.limits.code_life());
        if begun.session != session.id.to_string() || now >= end {
            return Err(EnrolRefused::Over);
        }
        Ok(Secret::new(begun.secret))
    }

    /// Adds the app, if the code is its own. Gives the session's new secret.
    ///
    /// # Errors
    /// The refusal.
    pub async fn confirm_app(
        &self,
        session: &Session,
        sealed: &str,
        (name, code): (&str, &str),
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Secret, EnrolRefused> {
        self.may_enrol(session, now).await?;
        let secret = self.open_app(session, sealed, now)?;
        let subject = session.account.as_str();
        if let Some(retry_after) = self.allow(self.factor_tries(), subject, now).await? {
            return Err(EnrolRefused::Wait { retry_after });
        }
        let Some((step, proof)) = totp::check(&secret, code, now)? else {
            return Err(EnrolRefused::WrongCode);
        };
        self.forget(self.factor_tries(), subject).await?;
        let kept = Kept {
            name: clean_name(name),
            totp: Some(secret.expose().to_owned()),
            key: None,
        };
        let new = New {
            kind: Kind::Totp,
            kept,
            credential: None,
            step: Some(step),
            proof,
        };
        self.enrol(session, new, browser, now).await
    }

    /// Sends a code to the account's phone or e-mail address.
    ///
    /// # Errors
    /// The refusal.
    pub async fn begin_contact_factor(
        &self,
        session: &Session,
        kind: Kind,
        now: Timestamp,
    ) -> Result<Secret, EnrolRefused> {
        self.may_enrol(session, now).await?;
        let owner = self.load_owner(&session.account).await?;
        let person = self.person_of(&owner).await?;
        let contact = kind.contact(&person).ok_or(EnrolRefused::NoContact)?;
        let records = self.storage.factors_of(owner.id()).await?;
        if records.iter().any(|record| record.kind == kind.as_str()) {
            return Err(EnrolRefused::TooMany);
        }
        let subject = contact_subject(&contact);
        if let Some(retry_after) = self.allow_code(&subject, now).await? {
            return Err(EnrolRefused::Wait { retry_after });
        }
        let handle = self.entropy.secret(PREFIX);
        let ticket = handle.digest();
        let (code, sent) = self.new_code(&ticket, now);
        let effects = self.factor_code(&owner, &contact, &code, now)?;
        let new = NewContact {
            account: owner.id().clone(),
            kind: kind.as_str().to_owned(),
            contact,
            code: sent,
        };
        let payload = self.seal_ticket(NewContact::KIND, &ticket, &new)?;
        let end = self.ticket_end(now);
        self.storage
            .put_ticket_with(NewContact::KIND, ticket, payload, now, end, effects)
            .await?;
        Ok(handle)
    }

    /// A contact of this citizen that is being made a factor.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn new_contact_factor(
        &self,
        session: &Session,
        handle: &Secret,
        now: Timestamp,
    ) -> Result<Option<Pending>> {
        let waiting = self.waiting::<NewContact>(&handle.digest(), now).await?;
        Ok(waiting
            .filter(|(new, _)| new.account == session.account)
            .map(|(new, record)| self.pending(&new, &record)))
    }

    /// Sends another code.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn resend_factor_code(
        &self,
        session: &Session,
        handle: &Secret,
        now: Timestamp,
    ) -> Result<Resent> {
        let ticket = handle.digest();
        let waiting = self.waiting::<NewContact>(&ticket, now).await?;
        let Some((mut new, _)) = waiting.filter(|(new, _)| new.account == session.account) else {
            return Ok(Resent::Unknown);
        };
        match self.may_resend(&new, &ticket, now).await? {
            Resent::Sent => {
                let owner = self.load_owner(&session.account).await?;
                let (code, sent) = self.new_code(&ticket, now);
                let effects = self.factor_code(&owner, &new.contact, &code, now)?;
                new.code = sent;
                self.replace_code(&new, &ticket, effects, now).await
            }
            refused => Ok(refused),
        }
    }

    /// Adds the contact as a factor, if the code is right.
    ///
    /// # Errors
    /// The refusal: of the code, or inside, of the factor.
    pub async fn confirm_contact_factor(
        &self,
        session: &Session,
        handle: &Secret,
        code: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Result<Secret, EnrolRefused>, CodeRefused> {
        if self
            .new_contact_factor(session, handle, now)
            .await?
            .is_none()
        {
            return Err(CodeRefused::Unknown);
        }
        match self.may_enrol(session, now).await {
            Err(EnrolRefused::Internal(error)) => return Err(error.into()),
            Err(refused) => return Ok(Err(refused)),
            Ok(()) => {}
        }
        let (new, proof) = self.check_code::<NewContact>(handle, code, now).await?;
        let Some(kind) = Kind::parse(&new.kind) else {
            return Err(CodeRefused::Unknown);
        };
        let kept = Kept {
            name: String::new(),
            totp: None,
            key: None,
        };
        let new = New {
            kind,
            kept,
            credential: None,
            step: None,
            proof,
        };
        Ok(self.enrol(session, new, browser, now).await)
    }

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

    async fn may_enrol(&self, session: &Session, now: Timestamp) -> Result<(), EnrolRefused> {
        if !self.is_proven(session, now).await? {
            return Err(EnrolRefused::NeedsProof);
        }
        if self.storage.factors_of(&session.account).await?.len() >= MOST {
            return Err(EnrolRefused::TooMany);
        }
        Ok(())
    }

    /// Adds a factor that has just been used, and its proof to the session.
    async fn enrol(
        &self,
        session: &Session,
        new: New,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Secret, EnrolRefused> {
        let owner = self.load_owner(&session.account).await?;
        let id = self.entropy.id(now);
        let record = FactorRecord {
            sealed: owner.key.seal_json(&field(&id), &new.kept)?,
            id,
            account_id: owner.id().clone(),
            kind: new.kind.as_str().to_owned(),
            credential: new.credential,
            created_at: now,
            last_used_at: Some(now),
            last_step: new.step,
            preferred_at: None,
        };
        let kind = MessageKind::FactorAdded;
        let params = self.factor_params(now);
        let happening = (kind, &session.id);
        let told = self
            .tell_contacts(&owner, None, happening, &params, now)
            .await?;
        let effects = self
            .lines(&owner, now)
            .journal("factor_added", None, browser)?
            .notice(kind, &params)?
            .send(told)
            .done();
        if !self.storage.add_factor(record, effects).await? {
            return Err(EnrolRefused::TooMany);
        }
        let secret = self
            .strengthen(session, new.proof, None, Effects::default(), now)
            .await?;
        secret.ok_or(EnrolRefused::Over)
    }

    /// The message that brings a code of a second factor.
    pub(in crate::account) fn factor_code(
        &self,
        owner: &Owner,
        to: &Identifier,
        code: &Secret,
        now: Timestamp,
    ) -> Result<Effects> {
        let kind = MessageKind::FactorCode;
        let params = [("code", code.expose().to_owned())];
        let life = self.settings.limits.code_life();
        let message = self.message(to, kind, &params, owner.lang(), now, life)?;
        Ok(Effects {
            outbox: message.into_iter().collect(),
            ..Effects::default()
        })
    }
}

/// A factor that has just been used for the first time.
struct New {
    kind: Kind,
    kept: Kept,
    credential: Option<String>,
    step: Option<i64>,
    proof: Proof,
}
