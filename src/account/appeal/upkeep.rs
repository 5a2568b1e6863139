//! What happens to applications by itself: the owner is told every day, the
//! applicant gets the link when the waiting time is over, and what nobody decided
//! or finished in time ends.

use std::time::Duration;

use super::finish::OPEN_PREFIX;
use crate::account::Accounts;
use crate::account::journal::Actor;
use crate::account::person::Owner;
use crate::error::Result;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{AppealRecord, Effects, NewTicket};

/// How often the owner is told.
const AGAIN: Duration = Duration::from_hours(24);
/// So many are looked at in one round.
const ROUND: i64 = 100;

impl Accounts {
    /// Does what is due. True when somebody was told.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn look_after_appeals(&self, now: Timestamp) -> Result<bool> {
        let mut told = false;
        for record in self.storage.overdue_appeals(now, ROUND).await? {
            told |= is_told(&record, self.expire_appeal(&record, now).await);
        }
        let before = now.minus(AGAIN);
        for record in self.storage.appeals_to_tell(before, now, ROUND).await? {
            told |= is_told(&record, self.announce_appeal(&record, now).await);
        }
        for record in self.storage.appeals_to_open(now, ROUND).await? {
            told |= is_told(&record, self.let_appeal_in(&record, now).await);
        }
        Ok(told)
    }

    async fn expire_appeal(&self, record: &AppealRecord, now: Timestamp) -> Result<bool> {
        let mut effects = self.appeal_stopped(record, now)?;
        if let Some(owner) = self.appeal_owner(record).await? {
            effects = self
                .lines(&owner, now)
                .journal_of(&Actor::System, "appeal_expired", None)?
                .and(effects)
                .done();
        }
        let number = record.number.clone();
        self.storage.expire_appeal(number, now, effects).await
    }

    async fn announce_appeal(&self, record: &AppealRecord, now: Timestamp) -> Result<bool> {
        let Some(owner) = self.appeal_owner(record).await? else {
            return Ok(false);
        };
        let effects = self.appeal_announced(&owner, record, now).await?;
        let told_at = record.told_at.unwrap_or_default();
        let number = record.number.clone();
        self.storage
            .announce_appeal(number, told_at, now, effects)
            .await
    }

    /// The waiting time, told on every contact.
    pub(super) async fn appeal_announced(
        &self,
        owner: &Owner,
        record: &AppealRecord,
        now: Timestamp,
    ) -> Result<Effects> {
        let kind = MessageKind::AppealConfirmed;
        let opens_at = record.opens_at.unwrap_or_default();
        let params = [
            ("time", record.created_at.millis().to_string()),
            ("until", opens_at.millis().to_string()),
            ("link", self.link("/account/recovery")),
        ];
        let told = self
            .appeal_messages(owner, record, kind, &params, now)
            .await?;
        Ok(self
            .lines(owner, now)
            .notice(kind, &params)?
            .send(told)
            .done())
    }

    async fn let_appeal_in(&self, record: &AppealRecord, now: Timestamp) -> Result<bool> {
        let Some(owner) = self.appeal_owner(record).await? else {
            return Ok(false);
        };
        let lapses_at = record.lapses_at.unwrap_or_default();
        let secret = self.entropy.secret(OPEN_PREFIX);
        let digest = secret.digest();
        let kind = ticket::APPEAL_OPEN;
        let ticket = NewTicket {
            account: Some(owner.id().clone()),
            kind,
            payload: self.seal_ticket(kind, &digest, &record.number)?,
            digest,
            created_at: now,
            expires_at: lapses_at,
        };
        let link = format!("/recover/form/password?ticket={}", secret.expose());
        let params = [
            ("number", record.number.clone()),
            ("until", lapses_at.millis().to_string()),
            ("link", self.link(&link)),
        ];
        let data = self.appeal_data(record)?;
        let message = self.to_applicant(&data, MessageKind::AppealOpen, &params, now)?;
        let effects = Effects {
            outbox: message.into_iter().collect(),
            tickets: vec![ticket],
            ..Effects::default()
        };
        let number = record.number.clone();
        self.storage.let_appeal_in(number, now, effects).await
    }

    async fn appeal_owner(&self, record: &AppealRecord) -> Result<Option<Owner>> {
        match &record.account_id {
            Some(account) => self.find_owner(account).await,
            None => Ok(None),
        }
    }
}

/// One that cannot be told of keeps nobody else waiting.
fn is_told(record: &AppealRecord, told: Result<bool>) -> bool {
    told.unwrap_or_else(|error| {
        tracing::error!(number = record.number, %error, "an application was not looked after");
        false
    })
}
