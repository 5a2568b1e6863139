//! Cancelling: by a link of a message, without signing in, or in the cabinet. It
//! only takes away (attack row 48).

use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::recovery::{CancelLink, Cancelled};
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{AppealRecord, Effects};

impl Accounts {
    /// What a link would cancel; nothing is done yet. Before the decision nobody
    /// can say when a password may be set: then both moments are that of the form.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn find_appeal_cancel(
        &self,
        secret: &Secret,
        now: Timestamp,
    ) -> Result<Option<CancelLink>> {
        let record = self.appeal_cancelled_by(secret, now).await?;
        Ok(record.and_then(|record| match record.outcome.as_deref() {
            Some("done") => Some(CancelLink::Done),
            Some(_) => Some(CancelLink::Cancelled),
            None if record.is_open(now) => Some(CancelLink::Open {
                begun_at: record.created_at,
                opens_at: record.opens_at.unwrap_or(record.created_at),
            }),
            None => None,
        }))
    }

    /// Cancels the application that a link is about.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn cancel_appeal_by_link(
        &self,
        secret: &Secret,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Cancelled> {
        let Some(record) = self.appeal_cancelled_by(secret, now).await? else {
            return Ok(Cancelled::Unknown);
        };
        if record.outcome.as_deref() == Some("done") {
            return Ok(Cancelled::Done);
        }
        Ok(match self.cancel_appeal(&record, browser, now).await? {
            true => Cancelled::Now,
            false => Cancelled::Before,
        })
    }

    /// Cancels every application about one's own account; false when there is none.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn cancel_own_appeals(
        &self,
        account: &AccountId,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<bool> {
        let mut cancelled = false;
        for record in self.storage.appeals_of(account).await? {
            if record.is_open(now) {
                cancelled |= self.cancel_appeal(&record, browser, now).await?;
            }
        }
        Ok(cancelled)
    }

    async fn cancel_appeal(
        &self,
        record: &AppealRecord,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<bool> {
        let Some(account) = &record.account_id else {
            return Ok(false);
        };
        // Closed meanwhile: there is nothing to be read, or to be told.
        if !record.is_open(now) {
            return Ok(false);
        }
        let owner = self.load_owner(account).await?;
        let params = [
            ("time", now.millis().to_string()),
            ("link", self.link("/account/security")),
        ];
        let effects = self
            .lines(&owner, now)
            .journal("appeal_cancelled", None, browser)?
            .warn_everywhere(MessageKind::AppealCancelled, &params)
            .await?
            .and(self.appeal_stopped(record, now)?)
            .done();
        let (number, account) = (record.number.clone(), account.clone());
        let erase_at = self.appeal_erase_at(now);
        self.storage
            .cancel_appeal(number, account, erase_at, now, effects)
            .await
    }

    /// Who sent it is told that it is over, if they were told that support agreed.
    /// Before that, silence tells nobody whether there is an owner who cancelled
    /// it (attack row 23).
    pub(super) fn appeal_stopped(&self, record: &AppealRecord, now: Timestamp) -> Result<Effects> {
        if record.confirmed_at.is_none() {
            return Ok(Effects::default());
        }
        let data = self.appeal_data(record)?;
        let params = [("number", record.number.clone())];
        let message = self.to_applicant(&data, MessageKind::AppealStopped, &params, now)?;
        Ok(Effects {
            outbox: message.into_iter().collect(),
            ..Effects::default()
        })
    }
}
