//! Sessions of browsers. A session is found by its cookie's digest, lives
//! until it is idle too long or too old (requirement C7), and is never moved
//! from one person or browser to another: every sign-in makes a new one
//! (attack rows 16, 17).

mod begin;
mod open;
mod proven;

use std::time::Duration;

pub(super) use begin::{Begun, Entry};
pub use open::OpenSession;

use super::Accounts;
use crate::error::Result;
use crate::model::authentication::{AuthenticationContext, Proof};
use crate::model::device_rights::DeviceRights;
use crate::model::id::{AccountId, SessionId};
use crate::model::secret::{Digest, Secret};
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, EndedGrant, SessionChoice, Strengthened};

/// The prefix of a session cookie's value.
pub const SESSION_PREFIX: &str = "pps_";
/// The prefix of the cookie that marks a known browser.
pub const DEVICE_PREFIX: &str = "ppd_";
/// A session is marked as used at most once in this time.
const TOUCH_EVERY: Duration = Duration::from_mins(1);

/// A live session.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    digest: Digest,
    pub account: AccountId,
    /// How and when the person proved who they are.
    pub authentication: AuthenticationContext,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub idle_until: Timestamp,
    pub expires_at: Timestamp,
    /// The device it began at.
    pub device: Option<Digest>,
    /// What may be done from there: nothing but looking, where it is unknown.
    pub rights: DeviceRights,
}

impl Session {
    fn is_live(&self, now: Timestamp) -> bool {
        is_live(self.idle_until, self.expires_at, now)
    }
}

/// What a session cookie leads to.
#[derive(Clone, Debug)]
pub enum SessionState {
    Live(Session),
    /// Ended because nobody used it, or of age.
    TimedOut,
    /// Ended by somebody, for this reason.
    Ended(EndReason),
    /// Nothing of ours.
    Unknown,
}

/// Why a session was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The citizen signed out there.
    SignedOut,
    /// The citizen ended it from another session.
    EndedByOwner,
    /// Somebody signed in anew in the same browser.
    Replaced,
    /// The password was changed.
    PasswordChanged,
    /// The account was blocked.
    Blocked,
}

impl EndReason {
    const ALL: [Self; 5] = [
        Self::SignedOut,
        Self::EndedByOwner,
        Self::Replaced,
        Self::PasswordChanged,
        Self::Blocked,
    ];

    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::EndedByOwner => "ended_by_owner",
            Self::Replaced => "replaced",
            Self::PasswordChanged => "password_changed",
            Self::Blocked => "blocked",
        }
    }
}

impl Accounts {
    /// The live session of this cookie.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn find_session(&self, cookie: &Secret, now: Timestamp) -> Result<Option<Session>> {
        Ok(match self.look_up_session(cookie, now).await? {
            SessionState::Live(session) => Some(session),
            _ => None,
        })
    }

    /// What this cookie leads to, live or not.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn look_up_session(&self, cookie: &Secret, now: Timestamp) -> Result<SessionState> {
        if !cookie.expose().starts_with(SESSION_PREFIX) {
            return Ok(SessionState::Unknown);
        }
        let digest = cookie.digest();
        let load = async {
            Ok(match self.read_session(&digest, now).await? {
                SessionState::Live(session) => Some(session),
                _ => None,
            })
        };
        let known = self.sessions.get(&self.storage, &digest, load).await?;
        match known.filter(|session| session.is_live(now)) {
            Some(session) => Ok(SessionState::Live((*session).clone())),
            // It may have been used since it was remembered: a refusal is
            // always read anew.
            None => self.read_session(&digest, now).await,
        }
    }

    async fn read_session(&self, digest: &Digest, now: Timestamp) -> Result<SessionState> {
        let Some(record) = self.storage.find_session(digest).await? else {
            return Ok(SessionState::Unknown);
        };
        if record.ended_at.is_some() {
            let reason = record.end_reason.as_deref();
            let known = EndReason::ALL
                .into_iter()
                .find(|of| Some(of.as_str()) == reason);
            return Ok(known.map_or(SessionState::TimedOut, SessionState::Ended));
        }
        let session = Session {
            authentication: serde_json::from_str(&record.authentication)?,
            id: record.id,
            digest: record.digest,
            account: record.account_id,
            created_at: record.created_at,
            last_seen_at: record.last_seen_at,
            idle_until: record.idle_until,
            expires_at: record.expires_at,
            rights: record
                .rights
                .as_deref()
                .and_then(DeviceRights::parse)
                .unwrap_or(DeviceRights::View),
            device: record.device,
        };
        Ok(if session.is_live(now) {
            SessionState::Live(session)
        } else {
            SessionState::TimedOut
        })
    }

    /// Marks a session as used; writes at most once a minute.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn touch_session(&self, session: &Session, now: Timestamp) -> Result<()> {
        if now.since(session.last_seen_at) < TOUCH_EVERY {
            return Ok(());
        }
        let idle_until = now
            .plus(self.settings.session.idle())
            .min(session.expires_at);
        self.storage
            .touch_session(session.id.clone(), now, idle_until)
            .await?;
        self.sessions.forget(&session.digest);
        Ok(())
    }

    /// Adds a proof to a session, whose secret changes with it (attack row 16).
    /// None when it is not as it was any more, or the ticket was used.
    ///
    /// # Errors
    /// When the database is away.
    pub(super) async fn strengthen(
        &self,
        session: &Session,
        proof: Proof,
        ticket: Option<(&'static str, Digest)>,
        effects: Effects,
        now: Timestamp,
    ) -> Result<Option<Secret>> {
        let secret = self.entropy.secret(SESSION_PREFIX);
        let new = Strengthened {
            session: session.id.clone(),
            was: serde_json::to_string(&session.authentication)?,
            authentication: serde_json::to_string(&session.authentication.clone().with(proof))?,
            digest: secret.digest(),
            ticket,
            effects,
        };
        let done = self.storage.strengthen_session(new, now).await?;
        self.sessions.forget(&session.digest);
        Ok(done.then_some(secret))
    }

    async fn end(
        &self,
        choice: SessionChoice,
        reason: EndReason,
        now: Timestamp,
        effects: Effects,
    ) -> Result<Vec<EndedGrant>> {
        let offline = reason == EndReason::EndedByOwner;
        self.storage
            .end_sessions(choice, reason.as_str().to_owned(), offline, now, effects)
            .await
    }
}

fn is_live(idle_until: Timestamp, expires_at: Timestamp, now: Timestamp) -> bool {
    now < idle_until && now < expires_at
}
