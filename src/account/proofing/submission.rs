//! Sending personal data to the registries, and how that stands.

use std::time::Duration;

use serde_json::json;

use super::registry::{REGISTRIES, Registry, RegistryRow, find_registry};
use super::{DataForm, PersonalData};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::person::Owner;
use crate::account::problem::Problem;
use crate::account::session::Session;
use crate::error::{Internal, Result};
use crate::model::evidence::Attribute;
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{CheckRecord, OutboxRecord, SubmissionRecord};

/// Registries are asked for so long; then the form may be sent again.
const PATIENCE: Duration = Duration::from_hours(30 * 24);

/// Why data were not sent.
#[derive(Debug)]
pub enum SubmissionRefused {
    /// Wrong fields, all of them, by the names of the form.
    Problems(Vec<Problem>),
    /// Sent too often today.
    TooMany {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for SubmissionRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

/// How the newest submission stands.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Names the submission.
    pub id: String,
    pub sent_at: Timestamp,
    /// Each registry that is asked, by name.
    pub checks: Vec<(&'static str, CheckState)>,
    /// Once everything is answered.
    pub outcome: Option<Outcome>,
    /// What was sent, for the form to be shown again.
    pub data: PersonalData,
}

/// How one registry stands to it (requirement B2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckState {
    Waiting,
    InProgress,
    Matched,
    /// These attributes are otherwise in the registry.
    Mismatch(Vec<Attribute>),
    /// It did not answer and will be asked again.
    Unavailable,
}

/// How a submission ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Matched,
    Mismatch,
    /// The SNILS is confirmed for another account.
    SnilsTaken,
    /// Registries have it otherwise; two operators saw the originals.
    Overridden,
}

impl Outcome {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Mismatch => "mismatch",
            Self::SnilsTaken => "snils_taken",
            Self::Overridden => "overridden",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [
            Self::Matched,
            Self::Mismatch,
            Self::SnilsTaken,
            Self::Overridden,
        ]
        .into_iter()
        .find(|outcome| outcome.as_str() == name)
    }
}

/// A submission that is to be written down, with a message to each registry.
pub(super) struct NewQuestion {
    pub submission: SubmissionRecord,
    pub registries: Vec<String>,
    pub messages: Vec<OutboxRecord>,
}

impl Accounts {
    /// Sends personal data to the registries. The same data sent again while
    /// they are being checked are sent once.
    ///
    /// # Errors
    /// The refusal.
    pub async fn submit_data(
        &self,
        session: &Session,
        form: &DataForm,
        registry: &dyn Registry,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), SubmissionRefused> {
        let owner = self.load_owner(&session.account).await?;
        let person = self.person_of(&owner).await?;
        let data = form
            .check(&person, registry.has_test_people(), now)
            .map_err(SubmissionRefused::Problems)?;
        let counter = self.submissions();
        if let Some(retry_after) = self.allow(counter, session.account.as_str(), now).await? {
            return Err(SubmissionRefused::TooMany { retry_after });
        }
        let question = self.question(&owner, &data, now)?;
        let effects = self
            .lines(&owner, now)
            .journal("data_sent", None, browser)?
            .send(question.messages)
            .done();
        let stale_before = now.minus(PATIENCE);
        self.storage
            .submit_data(
                question.submission,
                question.registries,
                stale_before,
                effects,
            )
            .await?;
        Ok(())
    }

    /// What the registries are asked about these data of an account.
    pub(super) fn question(
        &self,
        owner: &Owner,
        data: &PersonalData,
        now: Timestamp,
    ) -> Result<NewQuestion> {
        let id = self.entropy.id(now);
        let text = serde_json::to_string(data).map_err(Internal::from)?;
        let asked: Vec<_> = REGISTRIES.iter().filter(|row| (row.knows)(data)).collect();
        let message = |row: &&RegistryRow| OutboxRecord {
            id: format!("check-{id}-{}", row.name),
            channel: row.channel.to_owned(),
            message_sealed: json!({ "submission": id, "registry": row.name }).to_string(),
            created_at: now,
            next_try_at: now,
            locked_until: now,
            tries: 0,
            expires_at: now.plus(PATIENCE),
            sent_at: None,
            failed_at: None,
            last_error: None,
            recipient: None,
        };
        Ok(NewQuestion {
            messages: asked.iter().map(message).collect(),
            registries: asked.iter().map(|row| row.name.to_owned()).collect(),
            submission: SubmissionRecord {
                data_sealed: owner.key.seal_json(&field(&id), data)?,
                digest: self.vault.blind_index("submission", &text),
                account_id: owner.id().clone(),
                id,
                created_at: now,
                closed_at: None,
                outcome: None,
            },
        })
    }

    /// Whether registries are being asked about the citizen.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn is_checked_now(&self, account: &AccountId) -> Result<bool> {
        let submission = self.storage.newest_submission(account).await?;
        Ok(submission.is_some_and(|submission| submission.outcome.is_none()))
    }

    /// How the citizen's newest submission stands.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn progress(&self, account: &AccountId) -> Result<Option<Progress>> {
        let Some(submission) = self.storage.newest_submission(account).await? else {
            return Ok(None);
        };
        let key = self.account_key(account).await?;
        let records = self.storage.checks_of(&submission.id).await?;
        let state_of = |name: &'static str| {
            let record = records.iter().find(|record| record.registry == name)?;
            Some((name, CheckState::of(record)))
        };
        Ok(Some(Progress {
            sent_at: submission.created_at,
            checks: REGISTRIES
                .iter()
                .filter_map(|row| state_of(row.name))
                .collect(),
            outcome: submission.outcome.as_deref().and_then(Outcome::parse),
            data: key.open_json(&field(&submission.id), &submission.data_sealed)?,
            id: submission.id,
        }))
    }
}

/// The field a submission is sealed for.
pub(in crate::account) fn field(submission: &str) -> String {
    format!("submission:{submission}")
}

impl CheckState {
    fn of(record: &CheckRecord) -> Self {
        match (&record.mismatch, record.started_at, record.tries) {
            (Some(fields), _, _) if fields.is_empty() => Self::Matched,
            (Some(fields), _, _) => Self::Mismatch(attributes(record, fields)),
            (None, Some(_), _) => Self::InProgress,
            (None, None, 0) => Self::Waiting,
            (None, None, _) => Self::Unavailable,
        }
    }
}

/// In the order the registry compares them.
fn attributes(record: &CheckRecord, fields: &str) -> Vec<Attribute> {
    let named: Vec<_> = fields.split(' ').filter_map(Attribute::parse).collect();
    let compares = find_registry(&record.registry).map_or(&[][..], |row| row.compares);
    compares
        .iter()
        .copied()
        .filter(|name| named.contains(name))
        .collect()
}
