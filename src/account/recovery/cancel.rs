//! Cancelling a recovery: by a link of a message, without signing in, or in the
//! cabinet. It only takes away: who reads a stranger's mailbox gains nothing by
//! it (attack row 48).

use super::wait::{CANCEL_PREFIX, Cancels};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::RecoveryRecord;

/// What a link is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelLink {
    /// A recovery under way, begun then, that can be finished from then on.
    Open {
        begun_at: Timestamp,
        opens_at: Timestamp,
    },
    /// It was cancelled.
    Cancelled,
    /// It was finished.
    Done,
}

/// How a press ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelled {
    Now,
    /// It was cancelled before.
    Before,
    /// It was finished before, and can be taken back by another link.
    Done,
    /// No such link, or its time is over.
    Unknown,
}

impl Accounts {
    /// What a link would cancel; nothing is done yet.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn find_recovery_cancel(
        &self,
        secret: &Secret,
        now: Timestamp,
    ) -> Result<Option<CancelLink>> {
        let record = self.cancelled_by(secret, now).await?;
        Ok(record.map(|record| {
            if record.done_at.is_some() {
                CancelLink::Done
            } else if record.cancelled_at.is_some() {
                CancelLink::Cancelled
            } else {
                CancelLink::Open {
                    begun_at: record.begun_at,
                    opens_at: record.opens_at,
                }
            }
        }))
    }

    /// Cancels the recovery that a link is about.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn cancel_recovery_by_link(
        &self,
        secret: &Secret,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Cancelled> {
        let Some(record) = self.cancelled_by(secret, now).await? else {
            return Ok(Cancelled::Unknown);
        };
        if record.done_at.is_some() {
            return Ok(Cancelled::Done);
        }
        let cancelled = self.cancel(&record, browser, now).await?;
        Ok(if cancelled {
            Cancelled::Now
        } else {
            Cancelled::Before
        })
    }

    /// Cancels the recovery of one's own account; false when there is none.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn cancel_own_recovery(
        &self,
        account: &AccountId,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<bool> {
        match self.open_recovery(account, now).await? {
            Some(record) => self.cancel(&record, browser, now).await,
            None => Ok(false),
        }
    }

    async fn cancel(
        &self,
        record: &RecoveryRecord,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<bool> {
        let owner = self.load_owner(&record.account_id).await?;
        let kind = MessageKind::RecoveryCancelled;
        let params = [
            ("time", now.millis().to_string()),
            ("link", self.link("/account/security")),
        ];
        let effects = self
            .lines(&owner, now)
            .journal("recovery_cancelled", None, browser)?
            .warn_everywhere(kind, &params)
            .await?
            .done();
        let (id, account) = (record.id.clone(), record.account_id.clone());
        self.storage
            .cancel_recovery(id, account, now, effects)
            .await
    }

    /// The recovery that this secret is a link of.
    async fn cancelled_by(
        &self,
        secret: &Secret,
        now: Timestamp,
    ) -> Result<Option<RecoveryRecord>> {
        if !secret.expose().starts_with(CANCEL_PREFIX) {
            return Ok(None);
        }
        let (kind, digest) = (ticket::RECOVERY_CANCEL, secret.digest());
        let Some(found) = self.storage.find_ticket(kind, &digest, now).await? else {
            return Ok(None);
        };
        let cancels: Cancels = self.open_ticket(kind, &digest, &found.payload)?;
        let record = self.storage.find_recovery(&cancels.recovery).await?;
        Ok(record.filter(|record| record.account_id == cancels.account))
    }
}
