//! The sign-in history (requirement D1): who tried, from where, how it ended.

use super::Accounts;
use super::browser::{Browser, Details};
use crate::error::Result;
use crate::model::authentication::AuthenticationContext;
use crate::model::id::{AccountId, ClientId, SessionId};
use crate::model::timestamp::Timestamp;
use crate::storage::{HistoryFilter, SignInRecord};
use crate::vault::AccountKey;

/// How a try to sign in ended, or a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Success,
    Failure,
    /// Refused unseen, because too many tries had failed.
    Blocked,
    /// Proven, but too unlike the owner's other sign-ins.
    Refused,
    SignedOut,
    /// Ended by time-out; written by the database.
    TimedOut,
}

impl Status {
    /// Every status, in the order a filter lists them.
    pub const ALL: [Self; 6] = [
        Self::Success,
        Self::Failure,
        Self::Blocked,
        Self::Refused,
        Self::SignedOut,
        Self::TimedOut,
    ];

    /// The name in storage and in filters.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Blocked => "blocked",
            Self::Refused => "refused",
            Self::SignedOut => "signed_out",
            Self::TimedOut => "timed_out",
        }
    }

    /// The status of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

/// Kinds of device, in the order a filter lists them.
pub const DEVICE_KINDS: [&str; 4] = ["desktop", "phone", "tablet", "other"];

/// A line of the history.
#[derive(Clone, Debug)]
pub struct SignInLine {
    pub at: Timestamp,
    pub status: Status,
    /// One of [`DEVICE_KINDS`].
    pub device_kind: String,
    /// Method references (RFC 8176): `pwd`, `sms`, `otp`.
    pub factors: Vec<String>,
    /// The relying party that asked for the sign-in; none for the cabinet.
    pub client: Option<ClientId>,
    pub session: Option<SessionId>,
    pub details: Details,
}

impl Accounts {
    /// The sign-in history, newest first.
    ///
    /// # Errors
    /// When the database is away or a line does not open.
    pub async fn history(
        &self,
        account: &AccountId,
        filter: &HistoryFilter,
    ) -> Result<Vec<SignInLine>> {
        let key = self.account_key(account).await?;
        let records = self.storage.sign_ins(account, filter).await?;
        records
            .into_iter()
            .map(|record| open(&key, record))
            .collect()
    }
}

pub(super) fn open(key: &AccountKey, record: SignInRecord) -> Result<SignInLine> {
    // A line made by the database at a time-out carries the session's details.
    let field = match (&record.session_id, record.id.strip_suffix("-end")) {
        (Some(session), Some(of)) if session.as_str() == of => session_field(session),
        _ => format!("sign_in:{}", record.id),
    };
    Ok(SignInLine {
        at: record.at,
        status: Status::parse(&record.status).unwrap_or(Status::Failure),
        details: key.open_json(&field, &record.details_sealed)?,
        device_kind: record.device_kind,
        factors: record
            .factors
            .split_ascii_whitespace()
            .map(str::to_owned)
            .collect(),
        client: record.client_id,
        session: record.session_id,
    })
}

/// The field a session's details are sealed for.
pub(super) fn session_field(session: &SessionId) -> String {
    format!("session:{session}")
}

/// What a line of history is made of.
pub(super) struct Try<'a> {
    pub status: Status,
    pub device_kind: String,
    pub details: Details,
    pub authentication: Option<&'a AuthenticationContext>,
    pub client: Option<&'a ClientId>,
    pub session: Option<&'a SessionId>,
}

impl Try<'_> {
    /// A try from this browser.
    pub(super) fn new(status: Status, browser: &Browser) -> Self {
        Self::known(status, browser.device_kind().to_owned(), browser.details())
    }

    /// The end of a session whose browser was seen before.
    pub(super) const fn known(status: Status, device_kind: String, details: Details) -> Self {
        Self {
            status,
            device_kind,
            details,
            authentication: None,
            client: None,
            session: None,
        }
    }

    pub(super) fn record(
        &self,
        id: String,
        key: &AccountKey,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<SignInRecord> {
        Ok(SignInRecord {
            details_sealed: key.seal_json(&format!("sign_in:{id}"), &self.details)?,
            id,
            account_id: account.clone(),
            at: now,
            status: self.status.as_str().to_owned(),
            device_kind: self.device_kind.clone(),
            factors: self
                .authentication
                .map(|by| by.methods().join(" "))
                .unwrap_or_default(),
            client_id: self.client.cloned(),
            session_id: self.session.cloned(),
        })
    }
}
