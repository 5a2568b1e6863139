//! Applications of people who have lost every contact: the queue, the one an
//! operator holds, and four eyes on it. Only who holds one reads it and sees its
//! photographs; nobody holds their own, or what they proposed (attack rows 45, 51).

use std::time::Duration;

use super::{Operator, Operators, judgement};
use crate::account::appeal::{HeldAppeal, NUMBER_DIGITS, is_refusal};
use crate::account::files::CleanFile;
use crate::error::{Internal, Result};
use crate::model::timestamp::Timestamp;
use crate::operator::requests::Holder;
use crate::storage::{AppealRecord, Completed};

/// So long an application is one operator's.
const HELD: Duration = Duration::from_mins(30);
/// How many the queue shows.
const SHOWN: i64 = 100;
/// What an operator has to have looked at.
pub const LOOKED_AT: [&str; 2] = ["scan", "face"];
/// The longest words to a refusal: a message has room for no more.
const COMMENT: usize = 80;

/// A line of the queue: nothing of the person but the number.
#[derive(Clone, Debug)]
pub struct AppealLine {
    pub number: String,
    pub created_at: Timestamp,
    /// Whether it has waited too long.
    pub escalated: bool,
    pub holder: Holder,
    /// Whether a colleague proposed it: a second is wanted.
    pub proposed: bool,
    /// Whether this operator did: another is wanted.
    pub proposed_by_oneself: bool,
}

/// Why nothing was decided.
#[derive(Debug)]
pub enum AppealUndecided {
    /// Not everything of [`LOOKED_AT`] was ticked.
    NotLookedAt,
    /// The form does not fit the account, or the account is closed to it, or
    /// another application about it has come as far.
    DoesNotFit,
    /// A refusal without a reason of the list.
    NoReason,
    /// It is about the operator.
    OwnCase,
    /// The operator proposed it.
    OwnProposal,
    /// Not in this operator's hands any more, or taken by another.
    Lost,
    Internal(Internal),
}

impl From<Internal> for AppealUndecided {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Operators {
    /// Applications to be decided, oldest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn appeals(&self, operator: &Operator, now: Timestamp) -> Result<Vec<AppealLine>> {
        let patience = self.accounts.support_patience(now);
        let own = &operator.account;
        let records = self.storage.appeal_queue(own, now, SHOWN).await?;
        Ok(records
            .into_iter()
            .map(|record| {
                let held = record.claimed_until.is_some_and(|until| until > now);
                AppealLine {
                    holder: match &record.claimed_by {
                        Some(holder) if held && holder == own => Holder::Oneself,
                        Some(_) if held => Holder::Another,
                        _ => Holder::Nobody,
                    },
                    escalated: record.created_at <= patience,
                    proposed: record.proposed_at.is_some(),
                    proposed_by_oneself: record.proposed_by.as_ref() == Some(own),
                    created_at: record.created_at,
                    number: record.number,
                }
            })
            .collect())
    }

    /// Takes an application, or the one that is held already; both books say so.
    ///
    /// # Errors
    /// The refusal.
    pub async fn take_appeal(
        &self,
        operator: &Operator,
        number: &str,
        now: Timestamp,
    ) -> Result<(), AppealUndecided> {
        if self.claimed_appeal(operator, number, now).await?.is_some() {
            return Ok(());
        }
        let plain =
            number.len() == NUMBER_DIGITS && number.bytes().all(|digit| digit.is_ascii_digit());
        let found = match plain {
            true => self.storage.find_appeal(number).await?,
            false => None,
        };
        let record = found.filter(|record| record.is_open(now) && record.confirmed_at.is_none());
        let record = record.ok_or(AppealUndecided::Lost)?;
        if record.account_id.as_ref() == Some(&operator.account) {
            return Err(AppealUndecided::OwnCase);
        }
        if record.proposed_by.as_ref() == Some(&operator.account) {
            return Err(AppealUndecided::OwnProposal);
        }
        let until = now.plus(HELD);
        let taken = self
            .accounts
            .take_appeal(&record, operator.attestor(), until, now)
            .await?;
        taken.then_some(()).ok_or(AppealUndecided::Lost)
    }

    async fn claimed_appeal(
        &self,
        operator: &Operator,
        number: &str,
        now: Timestamp,
    ) -> Result<Option<AppealRecord>> {
        self.storage
            .claimed_appeal(number, &operator.account, now)
            .await
    }

    /// The application of this number, if this operator holds it.
    ///
    /// # Errors
    /// When the database is away or something does not open.
    pub async fn appeal(
        &self,
        operator: &Operator,
        number: &str,
        now: Timestamp,
    ) -> Result<Option<HeldAppeal>> {
        match self.claimed_appeal(operator, number, now).await? {
            Some(record) => self.accounts.held_appeal(record, now).await.map(Some),
            None => Ok(None),
        }
    }

    /// A photograph of an application this operator holds, and of no other.
    ///
    /// # Errors
    /// When the database is away or the content does not open.
    pub async fn appeal_picture(
        &self,
        operator: &Operator,
        number: &str,
        file: &str,
        now: Timestamp,
    ) -> Result<Option<CleanFile>> {
        match self.claimed_appeal(operator, number, now).await? {
            Some(record) => self.accounts.appeal_picture(&record, file).await,
            None => Ok(None),
        }
    }

    /// Lets an application go for others.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn release_appeal(
        &self,
        operator: &Operator,
        number: &str,
        now: Timestamp,
    ) -> Result<()> {
        let (number, account) = (number.to_owned(), operator.account.clone());
        self.storage.release_appeal(number, account, now).await?;
        Ok(())
    }

    /// Says that the applicant is the owner: the first operator proposes, the
    /// second confirms. True when it is decided by that.
    ///
    /// # Errors
    /// The refusal.
    pub async fn agree_to_appeal(
        &self,
        operator: &Operator,
        number: &str,
        looked_at: &[&str],
        lost: bool,
        now: Timestamp,
    ) -> Result<bool, AppealUndecided> {
        let held = self.claimed_appeal(operator, number, now).await?;
        let record = held.ok_or(AppealUndecided::Lost)?;
        if !LOOKED_AT.iter().all(|what| looked_at.contains(what)) {
            return Err(AppealUndecided::NotLookedAt);
        }
        let (by, is_second) = (operator.attestor(), record.proposed_at.is_some());
        let ended = match is_second {
            true => self.accounts.confirm_appeal(&record, lost, by, now).await?,
            false => self.accounts.propose_appeal(&record, lost, by, now).await?,
        };
        decided(ended).map(|()| is_second)
    }

    /// Refuses, with a reason of the list and words of one's own.
    ///
    /// # Errors
    /// The refusal of the refusal.
    pub async fn refuse_appeal(
        &self,
        operator: &Operator,
        number: &str,
        reason: &str,
        comment: &str,
        now: Timestamp,
    ) -> Result<(), AppealUndecided> {
        let held = self.claimed_appeal(operator, number, now).await?;
        let record = held.ok_or(AppealUndecided::Lost)?;
        if !is_refusal(reason) {
            return Err(AppealUndecided::NoReason);
        }
        // Without words of one's own the last reason of the list says nothing.
        let comment = judgement::reason(comment).unwrap_or_default();
        if reason == "other" && comment.is_empty() {
            return Err(AppealUndecided::NoReason);
        }
        let comment: String = comment.chars().take(COMMENT).collect();
        let by = operator.attestor();
        let ended = self
            .accounts
            .refuse_appeal(&record, reason, &comment, by, now)
            .await?;
        decided(ended)
    }
}

const fn decided(ended: Completed) -> Result<(), AppealUndecided> {
    match ended {
        Completed::Now => Ok(()),
        Completed::Before => Err(AppealUndecided::Lost),
        Completed::Stale => Err(AppealUndecided::DoesNotFit),
    }
}
