//! A lock by its number: whose it is, in as few words as can be, and opening
//! it before its time (requirement C6). An identifier nobody has is locked like
//! any other, and opened like any other.

use crate::account::Accounts;
use crate::account::journal::Actor;
use crate::account::locks::is_wrong_at_device;
use crate::account::proofing::Attestor;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Effects, LockLift};

/// Where wrong passwords were entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockPlace {
    /// In a browser that has signed in before, or in the cabinet.
    Known,
    /// Anywhere else.
    Stranger,
}

/// A lock in force.
#[derive(Clone, Debug)]
pub struct FoundLock {
    pub number: String,
    pub place: LockPlace,
    /// When it fell; none for one from before this was noted.
    pub since: Option<Timestamp>,
    pub until: Timestamp,
    pub tries: i64,
    /// Whom it keeps out; none where no account has the identifier.
    pub account: Option<AccountId>,
    /// Of them, so that support knows a caller's answers; the rest is hidden.
    pub masked_name: String,
    pub masked_logins: Vec<String>,
}

/// What a reason is sealed for.
fn reason_field(number: &str) -> String {
    format!("lifted lock {number}")
}

impl Accounts {
    /// The lock of this number, while it is in force.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn find_lock(&self, number: &str, now: Timestamp) -> Result<Option<FoundLock>> {
        let records = self.storage.find_lock(number, now).await?;
        let Some(until) = records.iter().filter_map(|lock| lock.locked_until).max() else {
            return Ok(None);
        };
        let account = records.iter().find_map(|lock| lock.account_id.clone());
        let known = match &account {
            Some(account) => self.known(account).await?,
            None => None,
        };
        let person = known.as_ref().map(|known| &known.person);
        let at_device = records.iter().any(|lock| is_wrong_at_device(&lock.name));
        Ok(Some(FoundLock {
            number: number.to_owned(),
            place: match at_device {
                true => LockPlace::Known,
                false => LockPlace::Stranger,
            },
            since: records.iter().filter_map(|lock| lock.locked_at).min(),
            until,
            tries: records
                .iter()
                .map(|lock| lock.hits)
                .max()
                .unwrap_or_default(),
            masked_name: person
                .map(|person| person.masked_name())
                .unwrap_or_default(),
            masked_logins: person
                .map(|person| person.identifiers())
                .unwrap_or_default()
                .iter()
                .map(|login| login.masked())
                .collect(),
            account: account.filter(|_| person.is_some()),
        }))
    }

    /// Notes in both books that an operator looked at a lock.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn note_lock_opened(
        &self,
        lock: &FoundLock,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let effects = match &lock.account {
            Some(account) => {
                let owner = self.load_owner(account).await?;
                self.lines(&owner, now)
                    .journal_of(&Actor::Operator, "lock_opened", Some(by.centre_name))?
                    .done()
            }
            None => Effects::default(),
        };
        let audit = self.audit_record(by, "lock_opened", lock.account.as_ref(), &lock.number, now);
        self.storage.record_audit(audit, effects).await
    }

    /// Opens a lock, once, and forgets what it counted; the citizen is told.
    /// False when it is open by now.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn lift_lock(
        &self,
        lock: &FoundLock,
        reason: &str,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<bool> {
        let effects = match &lock.account {
            Some(account) => {
                let owner = self.load_owner(account).await?;
                let kind = MessageKind::LockLifted;
                let params = [
                    ("time", now.millis().to_string()),
                    ("link", self.link("/account/security")),
                ];
                let message = self.warning(&owner, kind, &params, now).await?;
                let told = format!("{}: {reason}", by.centre_name);
                self.lines(&owner, now)
                    .journal_of(&Actor::Operator, "lock_lifted", Some(&told))?
                    .notice(kind, &params)?
                    .send(message)
                    .done()
            }
            None => Effects::default(),
        };
        let number = &lock.number;
        let lift = LockLift {
            block_number: number.clone(),
            reason_sealed: self.vault.seal(&reason_field(number), reason.as_bytes())?,
            audit: self.audit_record(by, "lock_lifted", lock.account.as_ref(), number, now),
            effects,
        };
        self.storage.lift_lock(lift).await
    }
}
