//! Requests to support: the queue, the one an operator holds, the answer. Only
//! who holds a request reads it, and nobody holds their own (attack rows 45, 51).

use std::time::Duration;

use super::{Operator, Operators};
use crate::account::Problem;
use crate::account::support::{SupportThread, Unanswered};
use crate::error::{Internal, Result};
use crate::model::timestamp::Timestamp;
use crate::storage::SupportRequestRecord;

/// So long a request is one operator's.
const HELD: Duration = Duration::from_mins(30);
/// How many the queue shows.
const SHOWN: i64 = 100;

/// Who has a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    Nobody,
    /// The operator who asks.
    Oneself,
    Another,
}

/// A line of the queue.
#[derive(Clone, Debug)]
pub struct QueueLine {
    pub number: String,
    /// What it is about.
    pub topic: String,
    pub waiting_since: Timestamp,
    /// Whether the citizen has waited too long.
    pub escalated: bool,
    pub holder: Holder,
}

/// The request an operator holds.
pub struct HeldRequest {
    pub thread: SupportThread,
    /// Of who wrote it.
    pub masked_name: String,
    /// Until when it is this operator's.
    pub held_until: Timestamp,
    /// The newest message: an answer is to what was read.
    pub read: String,
}

/// Why nothing was answered.
#[derive(Debug)]
pub enum AnswerRefused {
    /// The field `message` is wrong.
    Problem(Problem),
    /// The citizen wrote more since it was read.
    MoreWritten,
    /// The request is not in this operator's hands any more.
    Lost,
    Internal(Internal),
}

impl From<Internal> for AnswerRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Operators {
    /// Requests that wait for an answer, longest first: those that have waited
    /// too long are the first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn support_queue(
        &self,
        operator: &Operator,
        now: Timestamp,
    ) -> Result<Vec<QueueLine>> {
        let patience = self.accounts.support_patience(now);
        let records = self.storage.support_queue(&operator.account, SHOWN).await?;
        Ok(records
            .into_iter()
            .map(|record| {
                let since = record.waiting_since.unwrap_or(record.created_at);
                let held = record.claimed_until.is_some_and(|until| until > now);
                QueueLine {
                    holder: match record.claimed_by {
                        Some(holder) if held && holder == operator.account => Holder::Oneself,
                        Some(_) if held => Holder::Another,
                        _ => Holder::Nobody,
                    },
                    number: record.number,
                    topic: record.topic,
                    waiting_since: since,
                    escalated: since <= patience,
                }
            })
            .collect())
    }

    /// How many citizens have waited too long.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn escalated_requests(&self, operator: &Operator, now: Timestamp) -> Result<u64> {
        let patience = self.accounts.support_patience(now);
        let count = self
            .storage
            .support_waiting_before(&operator.account, patience)
            .await?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Takes a request that nobody has, or that is held already. False when
    /// another has it, it waits no more, or it is one's own.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn take_request(
        &self,
        operator: &Operator,
        number: &str,
        now: Timestamp,
    ) -> Result<bool> {
        if self.held_request(operator, number, now).await?.is_some() {
            return Ok(true);
        }
        let Some(record) = self.storage.find_support_request(number).await? else {
            return Ok(false);
        };
        self.accounts
            .take_support_request(&record, operator.attestor(), now.plus(HELD), now)
            .await
    }

    async fn held_request(
        &self,
        operator: &Operator,
        number: &str,
        now: Timestamp,
    ) -> Result<Option<SupportRequestRecord>> {
        self.storage
            .claimed_support_request(number, &operator.account, now)
            .await
    }

    /// The request of this number, if this operator holds it.
    ///
    /// # Errors
    /// When the database is away or a message does not open.
    pub async fn request(
        &self,
        operator: &Operator,
        number: &str,
        now: Timestamp,
    ) -> Result<Option<HeldRequest>> {
        let Some(record) = self.held_request(operator, number, now).await? else {
            return Ok(None);
        };
        let Some(known) = self.accounts.known(&record.account_id).await? else {
            return Ok(None);
        };
        let held_until = record.claimed_until.unwrap_or_default();
        // Of before the messages: what comes between is asked to be read again.
        let read = record.last_message.clone();
        let thread = self.accounts.thread_of(record, now).await?;
        Ok(Some(HeldRequest {
            masked_name: known.person.masked_name(),
            held_until,
            read,
            thread,
        }))
    }

    /// Lets the request go for others.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn release_request(
        &self,
        operator: &Operator,
        number: &str,
        now: Timestamp,
    ) -> Result<()> {
        let (number, account) = (number.to_owned(), operator.account.clone());
        self.storage
            .release_support_request(number, account, now)
            .await?;
        Ok(())
    }

    /// Answers the request, and closes it if `closes` says so.
    ///
    /// # Errors
    /// The refusal.
    pub async fn answer_request(
        &self,
        operator: &Operator,
        number: &str,
        read: &str,
        text: &str,
        closes: bool,
        now: Timestamp,
    ) -> Result<(), AnswerRefused> {
        let Some(record) = self.held_request(operator, number, now).await? else {
            return Err(AnswerRefused::Lost);
        };
        let answered = self
            .accounts
            .answer_support_request(&record, read, text, closes, operator.attestor(), now)
            .await;
        match answered {
            Ok(()) => Ok(()),
            Err(Unanswered::Problem(problem)) => Err(AnswerRefused::Problem(problem)),
            Err(Unanswered::Internal(error)) => Err(error.into()),
            Err(Unanswered::Lost) => match self.held_request(operator, number, now).await? {
                Some(_) => Err(AnswerRefused::MoreWritten),
                None => Err(AnswerRefused::Lost),
            },
        }
    }
}
