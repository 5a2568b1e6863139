//! Evidence whose time is over: the level has fallen by itself, and the citizen
//! is told once.

use crate::account::Accounts;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::Effects;

/// How many are looked at in one go.
const PORTION: i64 = 100;

impl Accounts {
    /// Takes all evidence of an account back and lets its SNILS go.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn withdraw_evidence(&self, account: &AccountId, now: Timestamp) -> Result<()> {
        let owner = self.load_owner(account).await?;
        let effects = self
            .told("level_lowered", &owner, MessageKind::LevelLowered, now)
            .await?;
        let account = account.clone();
        self.storage.withdraw_evidence(account, now, effects).await
    }

    /// Records evidence that has lapsed; gives whether anybody was told.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn record_evidence_lapses(&self, now: Timestamp) -> Result<bool> {
        let mut told = false;
        for evidence in self.storage.lapsed_evidence(now, PORTION).await? {
            let owner = self.load_owner(&evidence.account_id).await?;
            let person = self.person_of(&owner).await?;
            let end = evidence.expires_at.unwrap_or(now);
            let before = end.minus(std::time::Duration::from_millis(1));
            let effects = if person.level(now) < person.level(before) {
                self.told("level_lowered", &owner, MessageKind::LevelLowered, now)
                    .await?
            } else {
                Effects::default()
            };
            told |= self
                .storage
                .record_evidence_lapse(evidence.id, now, effects)
                .await?;
        }
        Ok(told)
    }
}
