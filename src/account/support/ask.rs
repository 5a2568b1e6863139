//! What the citizen does: writes, reads, closes.

use super::{
    CITIZEN, SupportRefused, SupportRequest, SupportThread, TOPICS, clean, field, message, request,
};
use crate::account::browser::Browser;
use crate::account::person::Owner;
use crate::account::session::Session;
use crate::account::{Accounts, Problem, ProblemKind};
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{SupportMessageRecord, SupportOpened, SupportRequestRecord};

/// Digits of a number.
const NUMBER_DIGITS: usize = 8;
/// A number that is taken is drawn again; eight digits run out never.
const DRAWS: usize = 5;
/// The citizen sees so many requests; older ones are deleted a year after they
/// were closed.
const LISTED: i64 = 100;

impl Accounts {
    /// Writes to support; gives the number of the request.
    ///
    /// # Errors
    /// The refusal.
    pub async fn ask_support(
        &self,
        session: &Session,
        topic: &str,
        text: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<String, SupportRefused> {
        let mut problems = Vec::new();
        if !TOPICS.contains(&topic) {
            problems.push(Problem {
                field: "topic",
                kind: ProblemKind::Required,
            });
        }
        let text = clean(text).unwrap_or_else(|problem| {
            problems.push(problem);
            String::new()
        });
        if !problems.is_empty() {
            return Err(SupportRefused::Problems(problems));
        }
        let owner = self.load_owner(&session.account).await?;
        self.allow_message(&owner, now).await?;
        for _ in 0..DRAWS {
            let number = self.entropy.digits(NUMBER_DIGITS);
            let first = self.support_message(&owner, &number, CITIZEN, &text, now)?;
            let effects = self
                .lines(&owner, now)
                .journal("support_asked", Some(&number), browser)?
                .done();
            let request = SupportRequestRecord {
                number: number.clone(),
                account_id: owner.id().clone(),
                topic: topic.to_owned(),
                created_at: now,
                last_message: first.id.clone(),
                waiting_since: Some(now),
                escalated_at: None,
                claimed_by: None,
                claimed_until: None,
                closed_at: None,
            };
            let most = i64::from(self.settings.limits.support_requests_open);
            let opened = self
                .storage
                .open_support_request(request, first, most, effects)
                .await?;
            match opened {
                SupportOpened::Opened => return Ok(number),
                SupportOpened::TooMany => return Err(SupportRefused::TooManyOpen),
                SupportOpened::NumberTaken => {}
            }
        }
        Err(Internal::new("no free number for a request was found").into())
    }

    /// Writes more in a request that is open.
    ///
    /// # Errors
    /// The refusal.
    pub async fn write_to_support(
        &self,
        session: &Session,
        number: &str,
        text: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), SupportRefused> {
        let text = clean(text).map_err(|problem| SupportRefused::Problems(vec![problem]))?;
        let owner = self.load_owner(&session.account).await?;
        self.allow_message(&owner, now).await?;
        let message = self.support_message(&owner, number, CITIZEN, &text, now)?;
        let effects = self
            .lines(&owner, now)
            .journal("support_written", Some(number), browser)?
            .done();
        let written = self
            .storage
            .add_support_message(owner.id().clone(), message, effects)
            .await?;
        written.then_some(()).ok_or(SupportRefused::Gone)
    }

    async fn allow_message(&self, owner: &Owner, now: Timestamp) -> Result<(), SupportRefused> {
        let counter = self.support_messages();
        match self.allow(counter, owner.id().as_str(), now).await? {
            Some(retry_after) => Err(SupportRefused::TooMany { retry_after }),
            None => Ok(()),
        }
    }

    /// Closes a request; false when it is closed, or somebody else's.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn close_support_request(
        &self,
        session: &Session,
        number: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<bool> {
        let owner = self.load_owner(&session.account).await?;
        let effects = self
            .lines(&owner, now)
            .journal("support_closed", Some(number), browser)?
            .done();
        let (account, number) = (owner.id().clone(), number.to_owned());
        self.storage
            .close_support_request(account, number, now, effects)
            .await
    }

    /// The citizen's requests, newest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn support_requests(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Vec<SupportRequest>> {
        let records = self.storage.support_requests_of(account, LISTED).await?;
        Ok(records
            .into_iter()
            .map(|record| request(record, now))
            .collect())
    }

    /// A request of this citizen with all that was written; nobody else's.
    ///
    /// # Errors
    /// When the database is away or a message does not open.
    pub async fn support_thread(
        &self,
        account: &AccountId,
        number: &str,
        now: Timestamp,
    ) -> Result<Option<SupportThread>> {
        let found = self.storage.find_support_request(number).await?;
        match found.filter(|record| record.account_id == *account) {
            Some(record) => self.thread_of(record, now).await.map(Some),
            None => Ok(None),
        }
    }

    /// A request with all that was written.
    ///
    /// # Errors
    /// When the database is away or a message does not open.
    pub async fn thread_of(
        &self,
        record: SupportRequestRecord,
        now: Timestamp,
    ) -> Result<SupportThread> {
        let key = self.account_key(&record.account_id).await?;
        let messages = self.storage.support_messages(&record.number).await?;
        Ok(SupportThread {
            request: request(record, now),
            messages: messages
                .into_iter()
                .map(|record| message(&key, record))
                .collect::<Result<_>>()?,
        })
    }

    pub(super) fn support_message(
        &self,
        owner: &Owner,
        number: &str,
        author: &str,
        text: &str,
        now: Timestamp,
    ) -> Result<SupportMessageRecord> {
        let id = self.entropy.id(now);
        Ok(SupportMessageRecord {
            text_sealed: owner.key.seal_json(&field(&id), &text)?,
            id,
            request_number: number.to_owned(),
            at: now,
            author: author.to_owned(),
        })
    }
}
