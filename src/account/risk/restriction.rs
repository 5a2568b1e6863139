//! A restricted account: its cabinet is open, but contacts, passwords, other
//! ways in and documents are as they are until the time is over or an operator
//! has seen the owner.

use super::Risk;
use crate::account::Accounts;
use crate::account::journal::Actor;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;

impl Accounts {
    /// Until when the account is restricted, if it is now: what is sensitive
    /// asks this first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn restriction(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Option<Timestamp>> {
        let record = self.storage.find_account(account).await?;
        let until = record.and_then(|record| record.restricted_until);
        Ok(until.filter(|until| now < *until))
    }

    /// Lifts a restriction before its time: somebody has seen who the owner
    /// is. False when there is none.
    ///
    /// # Errors
    /// When there is no such account, or the database is away.
    pub async fn lift_restriction(&self, account: &AccountId, now: Timestamp) -> Result<bool> {
        let owner = self.load_owner(account).await?;
        let kind = MessageKind::RestrictionLifted;
        let params = [
            ("time", now.millis().to_string()),
            ("link", self.link("/account/history")),
        ];
        let effects = self
            .lines(&owner, now)
            .journal_of(&Actor::Operator, "restriction_lifted", None)?
            .warn(kind, &params)
            .await?
            .done();
        self.storage
            .lift_restriction(account.clone(), now, effects)
            .await
    }

    /// The files of the rules, which are read again when they change.
    pub const fn risk(&self) -> &Risk {
        &self.risk
    }
}
