//! Choosing somebody, agreeing to it, and the end of it.

use super::{INVITED, MOST, OF_AGE, TrustRefused, field, is_verified};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::journal::Actor;
use crate::account::person::Owner;
use crate::account::registration::parse_contact;
use crate::account::session::Session;
use crate::error::Result;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Effects, TrustedRecord};

impl Accounts {
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
                self.lines(other, now).warn(kind, &params).await?.done()
            }
            None => Effects::default(),
        };
        let kind = MessageKind::TrustedChosen;
        let params = self.trusted_params(now);
        let effects = self
            .lines(&owner, now)
            .journal("trusted_chosen", Some(&contact.masked()), browser)?
            .warn_everywhere(kind, &params)
            .await?
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
        let lines = self.lines(other, now);
        let lines = match kind {
            MessageKind::TrustedConfirmed => {
                lines.journal_of(&Actor::System, "trusted_confirmed", None)?
            }
            _ => lines.journal_of(&Actor::System, "trusted_ended", None)?,
        };
        Ok(lines.warn_everywhere(kind, &params).await?.done())
    }

    fn trusted_params(&self, now: Timestamp) -> [(&'static str, String); 2] {
        [
            ("time", now.millis().to_string()),
            ("link", self.link("/account/security")),
        ]
    }
}
