//! The link in a message: made with it, stored with it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::account::Accounts;
use crate::account::person::Owner;
use crate::error::Result;
use crate::model::id::{AccountId, SessionId};
use crate::model::identifier::Identifier;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::{Category, MessageKind};
use crate::storage::{NewTicket, OutboxRecord};

/// The prefix of the secret in a link.
const PREFIX: &str = "ppn_";
/// How long a link works: ten days.
const LIFE: Duration = Duration::from_hours(240);

/// What a message tells of, and in which session it was done.
pub(in crate::account) struct Happening {
    pub kind: MessageKind,
    pub session: Option<SessionId>,
}

impl From<MessageKind> for Happening {
    fn from(kind: MessageKind) -> Self {
        let session = None;
        Self { kind, session }
    }
}

impl From<(MessageKind, &SessionId)> for Happening {
    fn from((kind, session): (MessageKind, &SessionId)) -> Self {
        let session = Some(session.clone());
        Self { kind, session }
    }
}

/// A message with the secret of its link, if it has one.
pub(in crate::account) struct Sent {
    pub message: OutboxRecord,
    pub ticket: Option<NewTicket>,
}

impl From<OutboxRecord> for Sent {
    fn from(message: OutboxRecord) -> Self {
        let ticket = None;
        Self { message, ticket }
    }
}

/// What a link is about, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Event {
    pub account: AccountId,
    pub kind: MessageKind,
    pub at: Timestamp,
    pub session: Option<SessionId>,
    /// The kind of contact it was sent to.
    pub told: String,
}

impl Accounts {
    /// A message to one of the owner's contacts, with the link if it is about
    /// something that can be taken back.
    pub(in crate::account) fn event_message(
        &self,
        owner: &Owner,
        to: &Identifier,
        happening: &Happening,
        params: &[(&str, String)],
        life: Duration,
        now: Timestamp,
    ) -> Result<Option<Sent>> {
        let kind = happening.kind;
        let mut params = params.to_vec();
        let mut ticket = None;
        let quiet = match kind.category() {
            Category::Security => None,
            _ => {
                let profile = owner.profile()?;
                owner.notice_settings()?.quiet_end(&profile.zoneinfo, now)
            }
        };
        if kind.can_be_undone() {
            let session = happening.session.as_ref();
            let (link, new) = self.not_me(owner.id(), kind, session, to.kind().as_str(), now)?;
            params.push(("not_me", link));
            ticket = Some(new);
        }
        let message = self.message(to, kind, &params, owner.lang(), now, life)?;
        Ok(message.map(|mut message| {
            if let Some(end) = quiet {
                message.wait_until(end);
            }
            Sent { message, ticket }
        }))
    }

    /// A link that takes an event back, and what is stored of it; `told` is the
    /// kind of contact it is sent to.
    ///
    /// # Errors
    /// When sealing fails.
    pub fn not_me(
        &self,
        account: &AccountId,
        kind: MessageKind,
        session: Option<&SessionId>,
        told: &str,
        now: Timestamp,
    ) -> Result<(String, NewTicket)> {
        let secret = self.entropy.secret(PREFIX);
        let digest = secret.digest();
        let event = Event {
            account: account.clone(),
            kind,
            at: now,
            session: session.cloned(),
            told: told.to_owned(),
        };
        let new = NewTicket {
            account: Some(account.clone()),
            kind: ticket::NOT_ME,
            payload: self.seal_ticket(ticket::NOT_ME, &digest, &event)?,
            digest,
            created_at: now,
            expires_at: now.plus(LIFE),
        };
        let link = self.link(&format!("/not-me?ticket={}", secret.expose()));
        Ok((link, new))
    }

    /// What this secret is the link of, whether it was used or not.
    pub(super) async fn event_of(
        &self,
        secret: &Secret,
        now: Timestamp,
    ) -> Result<Option<(Event, bool)>> {
        if !secret.expose().starts_with(PREFIX) {
            return Ok(None);
        }
        let digest = secret.digest();
        let found = self
            .storage
            .find_ticket(ticket::NOT_ME, &digest, now)
            .await?;
        let Some(record) = found else {
            return Ok(None);
        };
        let event = self.open_ticket(ticket::NOT_ME, &digest, &record.payload)?;
        Ok(Some((event, record.spent_at.is_some())))
    }
}
