//! Sessions of browsers. A session is found by its cookie's digest, lives
//! until it is idle too long or too old (requirement C7), and is never moved
//! from one person or browser to another: every sign-in makes a new one
//! (attack rows 16, 17).

use serde::{Deserialize, Serialize};

use super::Accounts;
use super::browser::{Browser, Details};
use super::history::{Status, Try, session_field};
use super::person::Owner;
use crate::error::Result;
use crate::model::authentication::AuthenticationContext;
use crate::model::id::{AccountId, ClientId, SessionId};
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Effects, EndedGrant, NewSession, SessionChoice, SessionRecord};

/// The prefix of a session cookie's value.
pub const SESSION_PREFIX: &str = "pps_";
/// The prefix of the cookie that marks a known browser.
pub const DEVICE_PREFIX: &str = "ppd_";
/// A session is marked as used at most once in this time.
const TOUCH_EVERY: std::time::Duration = std::time::Duration::from_mins(1);
/// Sessions ended by one sweep of the database.
const SWEEP: i64 = 500;

/// A live session.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub account: AccountId,
    /// How and when the person proved who they are.
    pub authentication: AuthenticationContext,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub idle_until: Timestamp,
    pub expires_at: Timestamp,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The citizen signed out there.
    SignedOut,
    /// The citizen ended it from another session.
    EndedByOwner,
    /// Somebody signed in anew in the same browser.
    Replaced,
    /// The password was changed.
    PasswordChanged,
}

impl EndReason {
    const ALL: [Self; 4] = [
        Self::SignedOut,
        Self::EndedByOwner,
        Self::Replaced,
        Self::PasswordChanged,
    ];

    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::EndedByOwner => "ended_by_owner",
            Self::Replaced => "replaced",
            Self::PasswordChanged => "password_changed",
        }
    }
}

/// An open session as the cabinet shows it.
#[derive(Clone, Debug)]
pub struct OpenSession {
    pub id: SessionId,
    pub device_kind: String,
    pub details: Details,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// Relying parties that were signed in to from it.
    pub clients: Vec<ClientId>,
}

/// The beginning of a session.
pub(super) struct Entry<'a> {
    pub owner: &'a Owner,
    pub authentication: &'a AuthenticationContext,
    pub browser: &'a Browser,
    pub client: Option<&'a ClientId>,
    /// The browser's device cookie, where it is known to this account.
    pub known_device: Option<&'a Secret>,
}

/// What a browser is given when a session has begun.
pub(super) struct Begun {
    pub session: Secret,
    pub device: Secret,
    pub id: SessionId,
    /// Grants of the session this one took the place of.
    pub ended: Vec<EndedGrant>,
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
        let Some(record) = self.storage.find_session(&cookie.digest()).await? else {
            return Ok(SessionState::Unknown);
        };
        if record.ended_at.is_some() {
            let reason = record.end_reason.as_deref();
            let known = EndReason::ALL
                .into_iter()
                .find(|of| Some(of.as_str()) == reason);
            return Ok(known.map_or(SessionState::TimedOut, SessionState::Ended));
        }
        if !is_live(&record, now) {
            return Ok(SessionState::TimedOut);
        }
        Ok(SessionState::Live(Session {
            authentication: serde_json::from_str(&record.authentication)?,
            id: record.id,
            account: record.account_id,
            created_at: record.created_at,
            last_seen_at: record.last_seen_at,
            idle_until: record.idle_until,
            expires_at: record.expires_at,
        }))
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
            .await
    }

    /// The citizen signs out here. Grants for offline access live on.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn sign_out(
        &self,
        session: &Session,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Vec<EndedGrant>> {
        let owner = self.load_owner(&session.account).await?;
        let mut line = Try::new(Status::SignedOut, browser);
        line.session = Some(&session.id);
        let lines = self
            .lines(&owner, now)
            .sign_in(&line)?
            .journal("signed_out", None, browser)?;
        self.end(
            SessionChoice::One(session.id.clone()),
            EndReason::SignedOut,
            now,
            lines.done(),
        )
        .await
    }

    /// The citizen ends one of their sessions from another; none if it is not
    /// theirs or has ended. All its tokens end, those for offline access too.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn end_session(
        &self,
        by: &Session,
        id: &SessionId,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Option<Vec<EndedGrant>>> {
        let record = self.storage.load_session(id).await?;
        let theirs = |record: &SessionRecord| {
            record.account_id == by.account && record.ended_at.is_none() && is_live(record, now)
        };
        let Some(record) = record.filter(theirs) else {
            return Ok(None);
        };
        let owner = self.load_owner(&by.account).await?;
        let details: Details = owner
            .key
            .open_json(&session_field(id), &record.details_sealed)?;
        let device = details.device();
        let mut line = Try::known(Status::SignedOut, record.device_kind, details);
        line.session = Some(id);
        let params = [
            ("time", now.millis().to_string()),
            ("device", device.clone()),
        ];
        let lines = self
            .lines(&owner, now)
            .sign_in(&line)?
            .journal("session_ended", Some(&device), browser)?
            .notice(MessageKind::SessionEnded, &params)?;
        let choice = SessionChoice::One(id.clone());
        let ended = self
            .end(choice, EndReason::EndedByOwner, now, lines.done())
            .await?;
        Ok(Some(ended))
    }

    /// The citizen ends all their other sessions; how many, and their grants.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn end_other_sessions(
        &self,
        by: &Session,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(usize, Vec<EndedGrant>)> {
        let open = self.storage.open_sessions(&by.account, now).await?;
        let others = open.iter().filter(|session| session.id != by.id).count();
        if others == 0 {
            return Ok((0, Vec::new()));
        }
        let owner = self.load_owner(&by.account).await?;
        let params = [("time", now.millis().to_string())];
        let lines = self
            .lines(&owner, now)
            .journal("sessions_ended", None, browser)?
            .notice(MessageKind::SessionsEnded, &params)?;
        let choice = SessionChoice::AllBut(by.account.clone(), by.id.clone());
        let ended = self
            .end(choice, EndReason::EndedByOwner, now, lines.done())
            .await?;
        Ok((others, ended))
    }

    /// The open sessions of an account, newest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn open_sessions(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Vec<OpenSession>> {
        let key = self.account_key(account).await?;
        let mut open = Vec::new();
        for record in self.storage.open_sessions(account, now).await? {
            open.push(OpenSession {
                details: key.open_json(&session_field(&record.id), &record.details_sealed)?,
                clients: self.storage.clients_of_session(&record.id).await?,
                id: record.id,
                device_kind: record.device_kind,
                created_at: record.created_at,
                last_seen_at: record.last_seen_at,
            });
        }
        Ok(open)
    }

    /// Ends sessions whose time is over, recording it; gives the grants that
    /// ended with them.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn sweep_sessions(&self, now: Timestamp) -> Result<Vec<EndedGrant>> {
        self.storage.end_timed_out(SWEEP, now).await
    }

    /// Starts a session in place of the one the browser had.
    pub(super) async fn begin_session(
        &self,
        entry: &Entry<'_>,
        effects: Effects,
        now: Timestamp,
    ) -> Result<Begun> {
        let (session, id) = (
            self.entropy.secret(SESSION_PREFIX),
            SessionId::from(self.entropy.id(now)),
        );
        let account = entry.owner.id();
        // A device cookie that somebody planted must not become a known one:
        // it is kept only where it is known to this account already.
        let device = match entry.known_device {
            Some(device) => device.clone(),
            None => self.entropy.secret(DEVICE_PREFIX),
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
        };
        let mut line = Try::new(Status::Success, entry.browser);
        line.authentication = Some(entry.authentication);
        line.client = entry.client;
        line.session = Some(&id);
        let lines = self
            .lines(entry.owner, now)
            .sign_in(&line)?
            .journal("signed_in", None, entry.browser)?
            .and(effects);
        let ended = self.end_previous(entry.browser, now).await?;
        let new = NewSession {
            session: record,
            device: device.digest(),
            effects: lines.done(),
        };
        self.storage.start_session(new).await?;
        Ok(Begun {
            session,
            device,
            id,
            ended,
        })
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

fn is_live(record: &SessionRecord, now: Timestamp) -> bool {
    now < record.idle_until && now < record.expires_at
}
