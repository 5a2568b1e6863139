//! The beginning of a session.

use super::{DEVICE_PREFIX, EndReason, SESSION_PREFIX};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::history::{Status, Try, session_field};
use crate::account::person::Owner;
use crate::account::risk::Reason;
use crate::account::sign_in::known_form;
use crate::error::Result;
use crate::model::authentication::AuthenticationContext;
use crate::model::id::{ClientId, SessionId};
use crate::model::secret::{Digest, Secret};
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, EndedGrant, NewSession, RestsOn, SessionChoice, SessionRecord};

/// The beginning of a session.
pub(in crate::account) struct Entry<'a> {
    pub owner: &'a Owner,
    pub authentication: &'a AuthenticationContext,
    pub browser: &'a Browser,
    pub client: Option<&'a ClientId>,
    /// The browser's device cookie, where it is known to this account.
    pub known_device: Option<&'a Secret>,
    pub rests_on: RestsOn,
    /// The ticket of a second step, spent with the beginning.
    pub ticket: Option<(&'static str, Digest)>,
    /// Until when the device is not asked for a second factor.
    pub trust_until: Option<Timestamp>,
    /// What was unusual about the sign-in.
    pub reasons: &'a [Reason],
}

/// What a browser is given when a session has begun.
pub(in crate::account) struct Begun {
    pub session: Secret,
    pub device: Secret,
    pub id: SessionId,
    /// Grants of the session this one took the place of.
    pub ended: Vec<EndedGrant>,
}

impl Accounts {
    /// Starts a session in place of the one the browser had; none when the
    /// proof is worth nothing any more.
    pub(in crate::account) async fn begin_session(
        &self,
        entry: &Entry<'_>,
        effects: Effects,
        now: Timestamp,
    ) -> Result<Option<Begun>> {
        let (session, id) = (
            self.entropy.secret(SESSION_PREFIX),
            SessionId::from(self.entropy.id(now)),
        );
        let account = entry.owner.id();
        // A device cookie that somebody planted must not become a known one:
        // it is kept only where it is known to this account already.
        let (device, device_before) = match entry.known_device {
            Some(device) => (device.clone(), None),
            None => (
                self.entropy.secret(DEVICE_PREFIX),
                known_form(entry.browser).map(Secret::digest),
            ),
        };
        let expires_at = now.plus(self.settings.session.absolute());
        let details = entry
            .owner
            .key
            .seal_json(&session_field(&id), &entry.browser.details())?;
        let record = SessionRecord {
            id: id.clone(),
            digest: session.digest(),
            account_id: account.clone(),
            created_at: now,
            last_seen_at: now,
            idle_until: now.plus(self.settings.session.idle()).min(expires_at),
            expires_at,
            authentication: serde_json::to_string(entry.authentication)?,
            device_kind: entry.browser.device_kind().to_owned(),
            details_sealed: details,
            ended_at: None,
            end_reason: None,
            device: None,
            rights: None,
        };
        let mut line = Try::new(Status::Success, entry.browser);
        line.authentication = Some(entry.authentication);
        line.client = entry.client;
        line.session = Some(&id);
        line.details.reasons = entry.reasons.to_vec();
        let lines = self
            .lines(entry.owner, now)
            .sign_in(&line)?
            .journal("signed_in", None, entry.browser)?
            .and(effects);
        let ended = self.end_previous(entry.browser, now).await?;
        let new = NewSession {
            session: record,
            device: device.digest(),
            device_before,
            rests_on: entry.rests_on.clone(),
            ticket: entry.ticket.clone(),
            trust_until: entry.trust_until,
            effects: lines.done(),
        };
        let begun = self.storage.start_session(new).await?;
        Ok(begun.then_some(Begun {
            session,
            device,
            id,
            ended,
        }))
    }

    async fn end_previous(&self, browser: &Browser, now: Timestamp) -> Result<Vec<EndedGrant>> {
        let Some(cookie) = &browser.session else {
            return Ok(Vec::new());
        };
        match self.storage.find_session(&cookie.digest()).await? {
            Some(previous) if previous.ended_at.is_none() => {
                let choice = SessionChoice::One(previous.id);
                self.end(choice, EndReason::Replaced, now, Effects::default())
                    .await
            }
            _ => Ok(Vec::new()),
        }
    }
}
