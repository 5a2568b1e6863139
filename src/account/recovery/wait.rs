//! The waiting time of who has lost every second factor. It is told on every
//! contact at the beginning and once a day; each message holds a link that
//! cancels it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Recovering;
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::not_me::Sent;
use crate::account::person::Owner;
use crate::account::record::{Params, WARNING_LIFE};
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{NewTicket, RecoveryRecord};

/// The prefix of the secret in a link that cancels.
pub(super) const CANCEL_PREFIX: &str = "ppq_";
/// How long a recovery can be finished once its time has come.
const OPEN: Duration = Duration::from_hours(72);
/// How often it is told.
const AGAIN: Duration = Duration::from_hours(24);
/// So many are told in one round.
const ROUND: i64 = 100;

/// What a link that cancels is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Cancels {
    pub account: AccountId,
    pub recovery: String,
}

/// How beginning to wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// The time runs.
    Begun,
    /// Too many were begun and cancelled today.
    TooMany { retry_after: Duration },
    /// It runs already, or there is nothing to wait for.
    Over,
}

impl Accounts {
    /// Begins the waiting time of a recovery that nothing else can finish.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn wait_for_recovery(
        &self,
        handle: &Secret,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Waiting> {
        let state = self.recovering(handle, now).await?;
        let opened = self.opened(&handle.digest(), now).await?;
        let (Some(Recovering::More { waits: None, .. }), Some(opened)) = (state, opened) else {
            return Ok(Waiting::Over);
        };
        let counter = self.recovery_waits();
        // Whoever has one contact does not use up what is left to the other.
        let subject = format!("{}:{}", opened.account, opened.contact.as_str());
        if let Some(retry_after) = self.allow(counter, &subject, now).await? {
            return Ok(Waiting::TooMany { retry_after });
        }
        let owner = self.load_owner(&opened.account).await?;
        let opens_at = now.plus(self.settings.limits.recovery_wait());
        let record = RecoveryRecord {
            id: self.entropy.id(now),
            account_id: opened.account,
            contact_kind: opened.contact.as_str().to_owned(),
            begun_at: now,
            opens_at,
            lapses_at: opens_at.plus(OPEN),
            told_at: now,
            cancelled_at: None,
            done_at: None,
        };
        let kind = MessageKind::RecoveryBegun;
        let told = self.recovery_messages(&owner, &record, now).await?;
        let effects = self
            .lines(&owner, now)
            .journal("recovery_begun", None, browser)?
            .notice(kind, &self.recovery_params(&record))?
            .send(told)
            .done();
        let ticket = (ticket::RECOVERY_OPEN, handle.digest());
        let begun = self.storage.begin_recovery(record, ticket, effects).await?;
        Ok(if begun { Waiting::Begun } else { Waiting::Over })
    }

    /// Tells the owners of recoveries under way once more, each once a day. True
    /// when somebody was told.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn announce_recoveries(&self, now: Timestamp) -> Result<bool> {
        let due = self
            .storage
            .recoveries_to_tell(now.minus(AGAIN), now, ROUND)
            .await?;
        let mut told = false;
        for record in &due {
            // One that cannot be told of keeps nobody else waiting.
            match self.announce(record, now).await {
                Ok(this) => told |= this,
                Err(error) => tracing::error!(id = record.id, %error, "a recovery was not told of"),
            }
        }
        Ok(told)
    }

    async fn announce(&self, record: &RecoveryRecord, now: Timestamp) -> Result<bool> {
        let Some(owner) = self.find_owner(&record.account_id).await? else {
            return Ok(false);
        };
        let told = self.recovery_messages(&owner, record, now).await?;
        let effects = self
            .lines(&owner, now)
            .notice(MessageKind::RecoveryBegun, &self.recovery_params(record))?
            .send(told)
            .done();
        let (id, told_at) = (record.id.clone(), record.told_at);
        self.storage
            .announce_recovery(id, told_at, now, effects)
            .await
    }

    /// From when on the recovery of an account that waits can be finished, for
    /// its owner's cabinet.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn recovery_opens_at(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Option<Timestamp>> {
        let open = self.open_recovery(account, now).await?;
        Ok(open.map(|record| record.opens_at))
    }

    /// A message to each confirmed contact, with a link of its own.
    async fn recovery_messages(
        &self,
        owner: &Owner,
        record: &RecoveryRecord,
        now: Timestamp,
    ) -> Result<Vec<Sent>> {
        let params = self.recovery_params(record);
        self.cancellable_messages(owner, record, MessageKind::RecoveryBegun, &params, now)
            .await
    }

    /// The same of another kind.
    pub(in crate::account) async fn cancellable_messages(
        &self,
        owner: &Owner,
        record: &RecoveryRecord,
        kind: MessageKind,
        params: Params<'_>,
        now: Timestamp,
    ) -> Result<Vec<Sent>> {
        let mut told = Vec::new();
        for to in self.reached(owner).await? {
            let (link, ticket) = self.cancel_link(record, now)?;
            let mut params = params.to_vec();
            params.push(("not_me", link));
            let life = WARNING_LIFE;
            let message = self.message(&to, kind, &params, owner.lang(), now, life)?;
            told.extend(message.map(|message| Sent {
                message,
                ticket: Some(ticket),
            }));
        }
        Ok(told)
    }

    fn recovery_params(&self, record: &RecoveryRecord) -> [(&'static str, String); 3] {
        [
            ("time", record.begun_at.millis().to_string()),
            ("until", record.opens_at.millis().to_string()),
            ("link", self.link("/account/recovery")),
        ]
    }

    fn cancel_link(&self, record: &RecoveryRecord, now: Timestamp) -> Result<(String, NewTicket)> {
        let secret = self.entropy.secret(CANCEL_PREFIX);
        let digest = secret.digest();
        let cancels = Cancels {
            account: record.account_id.clone(),
            recovery: record.id.clone(),
        };
        let kind = ticket::RECOVERY_CANCEL;
        let ticket = NewTicket {
            account: Some(record.account_id.clone()),
            kind,
            payload: self.seal_ticket(kind, &digest, &cancels)?,
            digest,
            created_at: now,
            expires_at: record.lapses_at,
        };
        let path = format!("/recover/cancel?ticket={}", secret.expose());
        Ok((self.link(&path), ticket))
    }
}
