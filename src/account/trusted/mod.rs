//! Trusted contacts (requirement C11): a verified citizen chooses another, who
//! agrees, to vouch for them should they lose every way to sign in. Whether
//! anybody has the contact that is typed is not told (attack row 23).

mod vouch;

use std::time::Duration;

pub use vouch::{AskedToVouch, VouchRequest, Vouching};

use super::browser::Browser;
use super::journal::Actor;
use super::person::{Owner, Person};
use super::registration::parse_contact;
use super::session::Session;
use super::{Accounts, ProblemKind};
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::level::Level;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Effects, TrustedRecord};

/// How long an invitation may be accepted.
const INVITED: Duration = Duration::from_hours(7 * 24);
/// For so many one citizen may vouch.
const MOST: i64 = 5;
/// Whoever vouches is of age; whoever chooses has a passport.
const OF_AGE: i8 = 18;
const PASSPORT_AGE: i8 = 14;

/// Who was chosen.
#[derive(Clone, Debug)]
pub struct Trusted {
    pub id: String,
    /// What was typed, masked.
    pub contact: String,
    /// Whether they agreed.
    pub confirmed: bool,
    /// Until when they may.
    pub expires_at: Timestamp,
}

/// Who chose.
#[derive(Clone, Debug)]
pub struct Trusting {
    pub id: String,
    /// Their name, masked.
    pub name: String,
    pub confirmed: bool,
    pub expires_at: Timestamp,
}

/// Why nobody was chosen.
#[derive(Debug)]
pub enum TrustRefused {
    /// What is wrong with the field `contact`.
    Problem(ProblemKind),
    /// The last proof is too old, or was given without a second factor.
    NeedsProof,
    /// The account is restricted.
    Restricted,
    /// Only verified citizens of an age may.
    NotVerified,
    /// Somebody was chosen already, or there are too many.
    Taken,
    /// Too many were tried.
    TooMany {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for TrustRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

/// The field what was typed is sealed for.
fn field(id: &str) -> String {
    format!("trusted:{id}")
}

/// Whether somebody is verified and at least so old.
fn is_verified(person: &Person, age: i8, now: Timestamp) -> bool {
    let born: Option<jiff::civil::Date> = person.profile.birthdate.parse().ok();
    let today = jiff::Timestamp::from_millisecond(now.millis())
        .map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
    let is_old_enough = match (born, today) {
        (Some(born), Ok(today)) => {
            born.saturating_add(jiff::Span::new().years(i64::from(age))) <= today
        }
        _ => false,
    };
    is_old_enough && !person.blocked && person.level(now) == Level::Verified
}

impl Accounts {
    /// Whether this citizen may choose somebody.
    pub fn may_trust(&self, person: &Person, now: Timestamp) -> bool {
        is_verified(person, PASSPORT_AGE, now)
    }

    /// Who was chosen to vouch for an account.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn trusted(&self, account: &AccountId, now: Timestamp) -> Result<Option<Trusted>> {
        let Some(record) = self.storage.trusted_of(account, now).await? else {
            return Ok(None);
        };
        let owner = self.load_owner(account).await?;
        Ok(Some(Trusted {
            contact: owner
                .key
                .open_json(&field(&record.id), &record.typed_sealed)?,
            id: record.id,
            confirmed: record.confirmed_at.is_some(),
            expires_at: record.expires_at,
        }))
    }

    /// Whom this citizen is to vouch for.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn trusting(&self, contact: &AccountId, now: Timestamp) -> Result<Vec<Trusting>> {
        let mut found = Vec::new();
        for record in self.storage.trusting(contact, now).await? {
            let Some(owner) = self.find_owner(&record.account_id).await? else {
                continue;
            };
            found.push(Trusting {
                name: self.person_of(&owner).await?.masked_name(),
                id: record.id,
                confirmed: record.confirmed_at.is_some(),
                expires_at: record.expires_at,
            });
        }
        Ok(found)
    }

    /// Asks whoever has this contact to vouch one day. The same is done, and
    /// told, when it is nobody's who could.
    ///
    /// # Errors
    /// The refusal.
    pub async fn invite_trusted(
        &self,
        session: &Session,
        typed: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), TrustRefused> {
        if self.restriction(&session.account, now).await?.is_some() {
            return Err(TrustRefused::Restricted);
        }
        let owner = self.load_owner(&session.account).await?;
        if !self.may_trust(&self.person_of(&owner).await?, now) {
            return Err(TrustRefused::NotVerified);
        }
        if !self.is_proven(session, now).await? {
            return Err(TrustRefused::NeedsProof);
        }
        let contact = parse_contact(typed).map_err(TrustRefused::Problem)?;
        let subject = session.account.as_str();
        let counter = self.trusted_invitations();
        if let Some(retry_after) = self.allow(counter, subject, now).await? {
            return Err(TrustRefused::TooMany { retry_after });
        }
        let found = self.find_by_identifier(&contact).await?;
        let found = found.filter(|found| *found != session.account);
        let mut other = None;
        if let Some(id) = &found {
            let candidate = self.load_owner(id).await?;
            let reached = self.reached(&candidate).await?;
            let is_theirs = reached.iter().any(|one| one.index() == contact.index());
            let person = self.person_of(&candidate).await?;
            other = (is_theirs && is_verified(&person, OF_AGE, now)).then_some(candidate);
        }
        let id = self.entropy.id(now);
        let record = TrustedRecord {
            account_id: session.account.clone(),
            contact_id: other.as_ref().map(|other| other.id().clone()),
            typed_sealed: owner.key.seal_json(&field(&id), &contact.masked())?,
            id,
            invited_at: now,
            expires_at: now.plus(INVITED),
            confirmed_at: None,
            ended_at: None,
        };
        let asked = match &other {
            Some(other) => {
                let kind = MessageKind::TrustedInvited;
                let params = [("link", self.link("/account/trusted"))];
                let told = self.warning(other, kind, &params, now).await?;
                self.lines(other, now)
                    .notice(kind, &params)?
                    .send(told)
                    .done()
            }
            None => Effects::default(),
        };
        let kind = MessageKind::TrustedChosen;
        let params = self.trusted_params(now);
        let told = self.tell_contacts(&owner, None, kind, &params, now).await?;
        let effects = self
            .lines(&owner, now)
            .journal("trusted_chosen", Some(&contact.masked()), browser)?
            .notice(kind, &params)?
            .send(told)
            .and(asked)
            .done();
        match self.storage.invite_trusted(record, effects).await? {
            true => Ok(()),
            false => Err(TrustRefused::Taken),
        }
    }

    /// Agrees to vouch for somebody one day.
    ///
    /// # Errors
    /// The refusal.
    pub async fn confirm_trusted(
        &self,
        session: &Session,
        id: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), TrustRefused> {
        if self.restriction(&session.account, now).await?.is_some() {
            return Err(TrustRefused::Restricted);
        }
        let own = self.load_owner(&session.account).await?;
        if !is_verified(&self.person_of(&own).await?, OF_AGE, now) {
            return Err(TrustRefused::NotVerified);
        }
        let all = self.storage.trusting(own.id(), now).await?;
        let record = all.into_iter().find(|record| record.id == id);
        let record = record.ok_or(TrustRefused::Taken)?;
        let other = self.load_owner(&record.account_id).await?;
        let theirs = self
            .told_of_trust(&other, MessageKind::TrustedConfirmed, now)
            .await?;
        let effects = self
            .lines(&own, now)
            .journal("trusted_agreed", None, browser)?
            .and(theirs)
            .done();
        let (id, account) = (record.id, own.id().clone());
        match self
            .storage
            .confirm_trusted(id, account, MOST, now, effects)
            .await?
        {
            true => Ok(()),
            false => Err(TrustRefused::Taken),
        }
    }

    /// Ends the trust, or an invitation, at the wish of either; false when there
    /// is none.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn end_trusted(
        &self,
        session: &Session,
        id: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<bool> {
        let own = self.load_owner(&session.account).await?;
        let chosen = self.storage.trusted_of(own.id(), now).await?;
        let all = self.storage.trusting(own.id(), now).await?;
        let record = chosen.into_iter().chain(all).find(|record| record.id == id);
        let Some(record) = record else {
            return Ok(false);
        };
        let mine = record.account_id == *own.id();
        let other = match mine {
            true => record.contact_id.clone(),
            false => Some(record.account_id.clone()),
        };
        let kind = MessageKind::TrustedEnded;
        let mut theirs = Effects::default();
        if let Some(other) = other
            && let Some(other) = self.find_owner(&other).await?
        {
            theirs = self.told_of_trust(&other, kind, now).await?;
        }
        let params = self.trusted_params(now);
        let told = match mine {
            true => self.tell_contacts(&own, None, kind, &params, now).await?,
            false => Vec::new(),
        };
        let effects = self
            .lines(&own, now)
            .journal("trusted_ended", None, browser)?
            .notice(kind, &params)?
            .send(told)
            .and(theirs)
            .done();
        let account = own.id().clone();
        self.storage
            .end_trusted(record.id, account, now, effects)
            .await
    }

    /// What the other one is told.
    async fn told_of_trust(
        &self,
        other: &Owner,
        kind: MessageKind,
        now: Timestamp,
    ) -> Result<Effects> {
        let params = self.trusted_params(now);
        let told = self.tell_contacts(other, None, kind, &params, now).await?;
        let lines = self.lines(other, now);
        let lines = match kind {
            MessageKind::TrustedConfirmed => {
                lines.journal_of(&Actor::System, "trusted_confirmed", None)?
            }
            _ => lines.journal_of(&Actor::System, "trusted_ended", None)?,
        };
        Ok(lines.notice(kind, &params)?.send(told).done())
    }

    fn trusted_params(&self, now: Timestamp) -> [(&'static str, String); 2] {
        [
            ("time", now.millis().to_string()),
            ("link", self.link("/account/security")),
        ]
    }
}
