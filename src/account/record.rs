//! What a step leaves behind: lines of history and journal, notices, messages.
//! They are collected here and written in the transaction of the step itself,
//! so that nothing happens untold and nothing is told that did not happen.

use std::time::Duration;

use super::Accounts;
use super::browser::{Browser, Details};
use super::history::Try;
use super::journal::Actor;
use super::not_me::{Happening, Sent};
use super::notice_settings::NoticeWay;
use super::person::Owner;
use crate::error::Result;
use crate::model::identifier::{ContactKind, Identifier};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::{Category, Channel, MessageKind, compose, notice};
use crate::storage::{Effects, NewTicket, OutboxRecord};
use crate::texts::Lang;

/// Warnings that did not leave within this time are worth nothing any more.
pub(super) const WARNING_LIFE: Duration = Duration::from_hours(24);

/// Values of a message.
pub(super) type Params<'a> = &'a [(&'a str, String)];

/// Effects for one account, being collected.
pub(super) struct Lines<'a> {
    room: &'a Accounts,
    owner: &'a Owner,
    now: Timestamp,
    effects: Effects,
}

impl Accounts {
    pub(super) fn lines<'a>(&'a self, owner: &'a Owner, now: Timestamp) -> Lines<'a> {
        Lines {
            room: self,
            owner,
            now,
            effects: Effects::default(),
        }
    }

    /// A message to a contact; none for one that nothing can be sent to.
    pub(super) fn message(
        &self,
        to: &Identifier,
        kind: MessageKind,
        params: Params<'_>,
        lang: Lang,
        now: Timestamp,
        life: Duration,
    ) -> Result<Option<OutboxRecord>> {
        let Some(channel) = Channel::of_contact(to.kind().as_str()) else {
            return Ok(None);
        };
        let (vault, entropy) = (&self.vault, &self.entropy);
        compose(
            vault,
            entropy,
            channel,
            to.as_str(),
            kind,
            params,
            lang,
            now,
            life,
        )
        .map(Some)
    }

    /// How a person is warned: by mail, which costs nothing, else by SMS as far
    /// as the day's limit allows, so that nobody can make us flood a phone.
    pub(super) async fn warning(
        &self,
        owner: &Owner,
        happening: impl Into<Happening>,
        params: Params<'_>,
        now: Timestamp,
    ) -> Result<Option<Sent>> {
        let happening = happening.into();
        let settings = owner.notice_settings()?;
        let category = happening.kind.category();
        let is_on =
            |contact: &Identifier| settings.is_on(category, NoticeWay::of_contact(contact.kind()));
        let reached = self.reached(owner).await?;
        // Where nothing of what was chosen reaches anybody, all ways do: of a
        // danger, somebody is told.
        let ignores = category == Category::Security && !reached.iter().any(is_on);
        let of_kind = |kind| {
            reached
                .iter()
                .find(|contact| contact.kind() == kind && (ignores || is_on(contact)))
        };
        let to = match (of_kind(ContactKind::Email), of_kind(ContactKind::Phone)) {
            (Some(email), _) => email,
            (None, Some(phone)) => {
                let subject = owner.id().as_str();
                if self
                    .allow(self.warnings_by_sms(), subject, now)
                    .await?
                    .is_some()
                {
                    return Ok(None);
                }
                phone
            }
            (None, None) => return Ok(None),
        };
        self.event_message(owner, to, &happening, params, WARNING_LIFE, now)
    }

    /// Confirmed contacts that something can be sent to; the phone first, which
    /// is seldom somebody else's.
    pub(super) async fn reached(&self, owner: &Owner) -> Result<Vec<Identifier>> {
        let contacts = self.storage.contacts_of(owner.id()).await?;
        let person = owner.person(&contacts, &[])?;
        let confirmed = |identifier: &Identifier| {
            identifier.kind() != ContactKind::Snils
                && contacts.iter().any(|contact| {
                    contact.kind == identifier.kind().as_str() && contact.confirmed_at.is_some()
                })
        };
        Ok(person.identifiers().into_iter().filter(confirmed).collect())
    }

    /// Tells every confirmed contact but one: what a thief would do first.
    pub(super) async fn tell_contacts(
        &self,
        owner: &Owner,
        but: Option<&Identifier>,
        happening: impl Into<Happening>,
        params: Params<'_>,
        now: Timestamp,
    ) -> Result<Vec<Sent>> {
        let happening = happening.into();
        let settings = owner.notice_settings()?;
        let kind = happening.kind;
        let is_on = |contact: &Identifier| {
            let way = NoticeWay::of_contact(contact.kind());
            kind.goes_everywhere() || settings.is_on(kind.category(), way)
        };
        let mut told = Vec::new();
        for contact in self.reached(owner).await? {
            if is_on(&contact) && but.is_none_or(|but| but.index() != contact.index()) {
                told.extend(self.event_message(
                    owner,
                    &contact,
                    &happening,
                    params,
                    WARNING_LIFE,
                    now,
                )?);
            }
        }
        Ok(told)
    }

    /// A warning, or the same work for nobody.
    pub(super) async fn warning_or_like(
        &self,
        owner: Option<&Owner>,
        kind: MessageKind,
        params: Params<'_>,
        now: Timestamp,
    ) -> Result<Option<Sent>> {
        if let Some(owner) = owner {
            return self.warning(owner, kind, params, now).await;
        }
        self.storage.contacts_of(self.decoy.owner.id()).await?;
        self.allow(self.warnings_by_sms(), "nobody", now).await?;
        let (to, lang) = (&self.decoy.contact, self.decoy.owner.lang());
        self.message(to, kind, params, lang, now, WARNING_LIFE)?;
        Ok(None)
    }

    /// As much for the database to write as these messages are, in the same
    /// commit, and none of them leaves: a commit more or less can be measured
    /// from outside (attack row 24).
    pub(super) fn never_sent(&self, messages: Effects, now: Timestamp) -> Effects {
        let kept = messages.outbox.into_iter().map(|message| NewTicket {
            account: Some(self.decoy.owner.id().clone()),
            kind: ticket::NEVER_SENT,
            digest: self.entropy.secret("").digest(),
            payload: message.message_sealed,
            created_at: now,
            expires_at: message.expires_at,
        });
        Effects {
            tickets: kept.collect(),
            ..Effects::default()
        }
    }
}

impl Accounts {
    /// What a message about a browser says of it, with where to look next.
    pub(super) fn seen(
        &self,
        browser: &Details,
        path: &str,
        now: Timestamp,
    ) -> [(&'static str, String); 4] {
        [
            ("time", now.millis().to_string()),
            ("device", browser.device()),
            ("place", browser.address.clone()),
            ("link", self.link(path)),
        ]
    }
}

impl Lines<'_> {
    /// A line of the sign-in history.
    pub(super) fn sign_in(mut self, line: &Try<'_>) -> Result<Self> {
        let id = self.room.entropy.id(self.now);
        self.effects.sign_in = Some(line.record(id, &self.owner.key, self.owner.id(), self.now)?);
        Ok(self)
    }

    /// A line of the journal: done by the citizen, from this browser.
    pub(super) fn journal(
        mut self,
        action: &str,
        subject: Option<&str>,
        browser: &Browser,
    ) -> Result<Self> {
        let (key, account) = (&self.owner.key, self.owner.id());
        let address = Some(browser.address);
        self.effects.journal.push(self.room.journal_record(
            key,
            account,
            &Actor::Citizen,
            action,
            subject,
            address,
            self.now,
        )?);
        Ok(self)
    }

    /// A line of the journal: done by somebody else.
    pub(super) fn journal_of(
        mut self,
        actor: &Actor,
        action: &str,
        subject: Option<&str>,
    ) -> Result<Self> {
        let (key, account) = (&self.owner.key, self.owner.id());
        self.effects.journal.push(
            self.room
                .journal_record(key, account, actor, action, subject, None, self.now)?,
        );
        Ok(self)
    }

    /// A notice in the inbox, and in the browsers that were subscribed.
    pub(super) fn notice(mut self, kind: MessageKind, params: Params<'_>) -> Result<Self> {
        let settings = self.owner.notice_settings()?;
        let profile = self.owner.profile()?;
        let zone = &profile.zoneinfo;
        let (key, account) = (&self.owner.key, self.owner.id());
        let to = (key, account, self.owner.lang());
        let push = self
            .room
            .push_to(to, &settings, zone, kind, params, self.now)?;
        self.effects.pushes.extend(push);
        if !settings.is_on(kind.category(), NoticeWay::Inbox) {
            return Ok(self);
        }
        let notice = notice(key, account, &self.room.entropy, kind, params, self.now)?;
        self.effects.notices.push(notice);
        Ok(self)
    }

    /// A notice in the inbox, and a message as people are warned.
    pub(super) async fn warn(
        self,
        happening: impl Into<Happening>,
        params: Params<'_>,
    ) -> Result<Self> {
        let happening = happening.into();
        let kind = happening.kind;
        let sent = self
            .room
            .warning(self.owner, happening, params, self.now)
            .await?;
        Ok(self.notice(kind, params)?.send(sent))
    }

    /// A notice in the inbox, and a message to every confirmed contact.
    pub(super) async fn warn_everywhere(
        self,
        happening: impl Into<Happening>,
        params: Params<'_>,
    ) -> Result<Self> {
        let happening = happening.into();
        let kind = happening.kind;
        let sent = self
            .room
            .tell_contacts(self.owner, None, happening, params, self.now)
            .await?;
        Ok(self.notice(kind, params)?.send(sent))
    }

    /// What another step has collected.
    pub(super) fn and(mut self, more: Effects) -> Self {
        self.effects.journal.extend(more.journal);
        self.effects.notices.extend(more.notices);
        self.effects.outbox.extend(more.outbox);
        self.effects.pushes.extend(more.pushes);
        self.effects.tickets.extend(more.tickets);
        self
    }

    /// Messages that go out.
    pub(super) fn send<T: Into<Sent>>(mut self, messages: impl IntoIterator<Item = T>) -> Self {
        for message in messages {
            let Sent { message, ticket } = message.into();
            self.effects.outbox.push(message);
            self.effects.tickets.extend(ticket);
        }
        self
    }

    /// Everything collected.
    pub(super) fn done(self) -> Effects {
        self.effects
    }
}
