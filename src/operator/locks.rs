//! Locks that support opens by their number: looked at, answered for, opened
//! once; never one's own (requirement C6, attack row 51).

use std::time::Duration;

use super::{Operator, Operators, judgement};
use crate::account::support::{FoundLock, LOCK_DIGITS};
use crate::error::{Internal, Result};
use crate::model::digits::plain_digits;
use crate::model::timestamp::Timestamp;

/// In the audit only: there is no citizen whose journal it could stand in.
const NOT_FOUND: &str = "lock_not_found";

/// Why no lock was shown or opened.
#[derive(Debug)]
pub enum LockRefused {
    /// No lock in force has the number.
    Unknown,
    /// Too many numbers that nobody has: whoever tries them out was told none.
    TooMany {
        retry_after: Duration,
    },
    /// Nobody opens their own lock.
    OwnLock,
    /// What the operator has to answer for is not there.
    Incomplete {
        lock: Box<FoundLock>,
        /// It is not said that the caller is the person.
        not_identified: bool,
        no_reason: bool,
    },
    Internal(Internal),
}

impl From<Internal> for LockRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Operators {
    /// Shows the lock of this number; both books say so.
    ///
    /// # Errors
    /// The refusal.
    pub async fn open_lock(
        &self,
        operator: &Operator,
        number: &str,
        now: Timestamp,
    ) -> Result<FoundLock, LockRefused> {
        let lock = self.find_lock(operator, number, now).await?;
        self.accounts
            .note_lock_opened(&lock, operator.attestor(), now)
            .await?;
        Ok(lock)
    }

    async fn find_lock(
        &self,
        operator: &Operator,
        number: &str,
        now: Timestamp,
    ) -> Result<FoundLock, LockRefused> {
        let attestor = operator.attestor();
        if let Some(retry_after) = self.accounts.misses_at_desk(attestor, now).await? {
            return Err(LockRefused::TooMany { retry_after });
        }
        let digits = plain_digits(number).filter(|digits| digits.len() == LOCK_DIGITS);
        let found = match digits {
            Some(digits) => self.accounts.find_lock(&digits, now).await?,
            None => None,
        };
        let Some(lock) = found else {
            self.accounts
                .note_miss_at_desk(attestor, NOT_FOUND, now)
                .await?;
            return Err(LockRefused::Unknown);
        };
        if lock.account.as_ref() == Some(&operator.account) {
            return Err(LockRefused::OwnLock);
        }
        Ok(lock)
    }

    /// Opens the lock of this number, when the caller was identified and there
    /// is a reason.
    ///
    /// # Errors
    /// The refusal.
    pub async fn lift_lock(
        &self,
        operator: &Operator,
        number: &str,
        identified: bool,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), LockRefused> {
        let lock = self.find_lock(operator, number, now).await?;
        let reason = judgement::reason(reason).ok();
        let (true, Some(reason)) = (identified, &reason) else {
            return Err(LockRefused::Incomplete {
                lock: Box::new(lock),
                not_identified: !identified,
                no_reason: reason.is_none(),
            });
        };
        let lifted = self
            .accounts
            .lift_lock(&lock, reason, operator.attestor(), now)
            .await?;
        lifted.then_some(()).ok_or(LockRefused::Unknown)
    }
}
