//! The open sessions of a citizen, and ending them.

use super::{EndReason, Session, is_live};
use crate::account::Accounts;
use crate::account::browser::{Browser, Details};
use crate::account::devices::Device;
use crate::account::history::{Status, Try, session_field};
use crate::error::Result;
use crate::model::id::{AccountId, ClientId, SessionId};
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{EndedGrant, SessionChoice, SessionRecord};

/// Sessions ended by one sweep of the database.
const SWEEP: i64 = 500;

/// An open session as the cabinet shows it.
#[derive(Clone, Debug)]
pub struct OpenSession {
    pub id: SessionId,
    /// The device it began at, as the list of devices names it.
    pub device: Option<Digest>,
    pub device_kind: String,
    pub details: Details,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// Relying parties that were signed in to from it.
    pub clients: Vec<ClientId>,
}

impl Accounts {
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
            record.account_id == by.account
                && record.ended_at.is_none()
                && is_live(record.idle_until, record.expires_at, now)
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

    /// The citizen ends every session that began at another of their devices;
    /// none if there was none.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn end_sessions_at(
        &self,
        by: &Session,
        device: &Device,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Vec<EndedGrant>> {
        let owner = self.load_owner(&by.account).await?;
        let name = device.details.device();
        let params = [("time", now.millis().to_string()), ("device", name.clone())];
        let lines = self
            .lines(&owner, now)
            .journal("session_ended", Some(&name), browser)?
            .notice(MessageKind::SessionEnded, &params)?;
        let choice = SessionChoice::OfDevice(by.account.clone(), device.digest.clone());
        self.end(choice, EndReason::EndedByOwner, now, lines.done())
            .await
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
                device: record.device,
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
}
