//! Proving who somebody is by photographs of the passport and of the person
//! with it (requirement B8): sent as one case, decided by an operator who
//! compares them with the data, destroyed afterwards.

mod desk;

use std::time::Duration;

use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::files::{CleanFile, FileRefused, Takes, clean};
use crate::account::problem::{Problem, ProblemKind};
use crate::account::session::Session;
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::level::Level;
use crate::model::timestamp::Timestamp;
use crate::storage::PhotographCaseRecord;

/// Every photograph of a case: its name in forms, text keys and the database.
pub const PHOTOGRAPHS: [&str; 3] = ["passport_main", "passport_registration", "selfie"];
/// The consent to process photographs that is asked for today.
const CONSENT: &str = "1";
/// A photograph as it arrived.
#[derive(Clone, Debug)]
pub enum UploadedPhotograph {
    Content(Vec<u8>),
    /// More than a file may have.
    TooLarge,
    Missing,
}

/// Why photographs were not sent.
#[derive(Debug)]
pub enum PhotographsRefused {
    /// Wrong fields, all of them, by the names of the form.
    Problems(Vec<Problem>),
    /// Too many uploads today.
    TooMany {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for PhotographsRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

/// How a citizen's newest case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photographs {
    pub sent_at: Timestamp,
    /// Until when it is to be decided.
    pub expires_at: Timestamp,
    pub state: PhotographState,
}

/// Where a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhotographState {
    Waiting,
    Confirmed,
    /// And why.
    Refused(String),
    /// Nobody decided in time.
    Expired,
    /// The citizen took them back.
    Withdrawn,
}

impl Accounts {
    /// Sends photographs for an operator to compare; while a case is open, or
    /// the data are not checked, nothing is sent.
    ///
    /// # Errors
    /// The refusal.
    pub async fn send_photographs(
        &self,
        session: &Session,
        uploaded: [UploadedPhotograph; 3],
        consents: bool,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), PhotographsRefused> {
        let owner = self.load_owner(&session.account).await?;
        let person = self.person_of(&owner).await?;
        if person.level(now) != Level::Standard {
            return Ok(());
        }
        if self
            .photographs(owner.id(), now)
            .await?
            .is_some_and(|case| case.state == PhotographState::Waiting)
        {
            return Ok(());
        }
        let subject = session.account.as_str();
        if let Some(retry_after) = self.allow(self.uploads(), subject, now).await? {
            return Err(PhotographsRefused::TooMany { retry_after });
        }
        let (photographs, problems) = looked_at(uploaded, consents).await?;
        if !problems.is_empty() {
            return Err(PhotographsRefused::Problems(problems));
        }
        let id = self.entropy.opaque_id();
        let files = photographs
            .iter()
            .map(|(name, file)| self.new_file(&owner, &id, name, file, now))
            .collect::<Result<_>>()?;
        let effects = self
            .lines(&owner, now)
            .journal("photographs_sent", None, browser)?
            .done();
        let wait = Duration::from_hours(24 * self.settings.photographs.wait_days);
        let case = PhotographCaseRecord {
            id,
            account_id: owner.id().clone(),
            created_at: now,
            expires_at: now.plus(wait),
            consent: CONSENT.to_owned(),
            claimed_by: None,
            claimed_until: None,
            closed_at: None,
            outcome: None,
            centre_id: None,
            reason_sealed: None,
            erase_at: None,
            erased_at: None,
        };
        // Sent twice in the same moment, it is sent once.
        self.storage.send_photographs(case, files, effects).await?;
        Ok(())
    }

    /// Takes photographs back that wait for a decision, and with them the consent
    /// to process them; nothing when none do.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn withdraw_photographs(
        &self,
        session: &Session,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<()> {
        let owner = self.load_owner(&session.account).await?;
        let effects = self
            .lines(&owner, now)
            .journal("photographs_withdrawn", None, browser)?
            .done();
        let account = session.account.clone();
        self.storage
            .withdraw_photographs(account, now, effects)
            .await?;
        Ok(())
    }

    /// The citizen's newest case.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn photographs(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Option<Photographs>> {
        let Some(record) = self.storage.newest_photographs(account).await? else {
            return Ok(None);
        };
        let state = match (record.outcome.as_deref(), &record.reason_sealed) {
            (Some("confirmed"), _) => PhotographState::Confirmed,
            (Some("withdrawn"), _) => PhotographState::Withdrawn,
            (Some(_), Some(sealed)) => {
                let key = self.account_key(account).await?;
                PhotographState::Refused(key.open_json(&reason_field(&record.id), sealed)?)
            }
            _ if record.closed_at.is_some() || record.expires_at <= now => PhotographState::Expired,
            _ => PhotographState::Waiting,
        };
        Ok(Some(Photographs {
            sent_at: record.created_at,
            expires_at: record.expires_at,
            state,
        }))
    }
}

/// What may be kept of the photographs, and everything that is wrong with them.
async fn looked_at(
    uploaded: [UploadedPhotograph; 3],
    consents: bool,
) -> Result<(Vec<(&'static str, CleanFile)>, Vec<Problem>)> {
    let mut photographs = Vec::new();
    let mut problems = Vec::new();
    for (name, uploaded) in PHOTOGRAPHS.into_iter().zip(uploaded) {
        let kind = match uploaded {
            UploadedPhotograph::Missing => ProblemKind::FileMissing,
            UploadedPhotograph::TooLarge => ProblemKind::FileSize,
            UploadedPhotograph::Content(content) => match clean(content, Takes::Images).await {
                Ok(file) => {
                    photographs.push((name, file));
                    continue;
                }
                Err(FileRefused::Unfit(kind)) => kind,
                Err(FileRefused::Internal(error)) => return Err(error),
            },
        };
        problems.push(Problem::of(name, kind));
    }
    if !consents {
        problems.push(Problem::of(
            "photographs_consent",
            ProblemKind::ConsentUnticked,
        ));
    }
    Ok((photographs, problems))
}

/// The field a reason is sealed for.
fn reason_field(case: &str) -> String {
    format!("photographs:{case}")
}
