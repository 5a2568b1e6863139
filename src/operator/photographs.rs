//! The queue of photographs: an operator takes the oldest case, holds it for a
//! while, compares and decides. Only who holds a case sees its photographs
//! (attack rows 45, 51).

use std::sync::Arc;
use std::time::Duration;

use super::{CaseRefused, IN_PHOTOGRAPHS, Operator, Operators, judgement};
use crate::account::files::CleanFile;
use crate::account::person::Person;
use crate::account::proofing::Decision;
use crate::error::Result;
use crate::model::evidence::Attribute;
use crate::model::timestamp::Timestamp;
use crate::storage::{FileRecord, PhotographCaseRecord};

/// So long a case is one operator's.
const HELD: Duration = Duration::from_mins(15);

/// A case that another operator took in the same moment is not the only one.
const TRIES: usize = 3;

/// What an operator holds: photographs and the data they are compared with.
pub struct PhotographCase {
    case: PhotographCaseRecord,
    pub person: Arc<Person>,
    pub files: Vec<FileRecord>,
    /// Names the data as they are shown: a decision is about these and no
    /// others.
    pub seen: String,
}

impl PhotographCase {
    /// Its id: a decision names the case that was looked at.
    pub fn id(&self) -> &str {
        &self.case.id
    }

    /// When the photographs were sent.
    pub const fn sent_at(&self) -> Timestamp {
        self.case.created_at
    }

    /// Until when it is this operator's.
    pub fn held_until(&self) -> Timestamp {
        self.case.claimed_until.unwrap_or_default()
    }
}

impl Operators {
    /// How many cases wait, and since when the oldest has.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn photographs_waiting(&self, now: Timestamp) -> Result<(i64, Option<Timestamp>)> {
        self.storage.photographs_waiting(now).await
    }

    /// Takes the oldest case, or the one that is held already; both books say
    /// so. False when there is none for this operator.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn take_photographs(&self, operator: &Operator, now: Timestamp) -> Result<bool> {
        let held = self.held(operator, now).await?;
        if held.is_some() {
            return Ok(true);
        }
        for _ in 0..TRIES {
            let (account, until) = (operator.account.clone(), now.plus(HELD));
            let claimed = self.storage.claim_photographs(account, now, until).await?;
            if let Some(case) = claimed {
                self.accounts
                    .note_photographs_opened(&case, operator.attestor(), now)
                    .await?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn held(
        &self,
        operator: &Operator,
        now: Timestamp,
    ) -> Result<Option<PhotographCaseRecord>> {
        self.storage
            .claimed_photographs(&operator.account, now)
            .await
    }

    /// The case this operator holds.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn photographs(
        &self,
        operator: &Operator,
        now: Timestamp,
    ) -> Result<Option<PhotographCase>> {
        let Some(case) = self.held(operator, now).await? else {
            return Ok(None);
        };
        let Some(known) = self.accounts.known(&case.account_id).await? else {
            return Ok(None);
        };
        let person = known.person.clone();
        Ok(Some(PhotographCase {
            files: self.accounts.photograph_files(&case).await?,
            seen: judgement::seen(&person)?,
            case,
            person,
        }))
    }

    /// A photograph of the case this operator holds, and of no other.
    ///
    /// # Errors
    /// When the database is away or the content does not open.
    pub async fn photograph(
        &self,
        operator: &Operator,
        file: &str,
        now: Timestamp,
    ) -> Result<Option<CleanFile>> {
        match self.held(operator, now).await? {
            Some(case) => self.accounts.photograph(&case, file).await,
            None => Ok(None),
        }
    }

    /// Lets the case go for others.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn release_photographs(&self, operator: &Operator, now: Timestamp) -> Result<()> {
        let account = operator.account.clone();
        self.storage.release_photographs(account, now).await?;
        Ok(())
    }

    /// Confirms that photographs and data are of one person, when every field
    /// was compared.
    ///
    /// # Errors
    /// The refusal.
    pub async fn confirm_photographs(
        &self,
        operator: &Operator,
        id: &str,
        seen: &str,
        compared: &[Attribute],
        now: Timestamp,
    ) -> Result<(), CaseRefused> {
        let case = self.case_in_hand(operator, id, now).await?;
        judgement::stands(
            &IN_PHOTOGRAPHS,
            compared,
            (seen, &case.seen),
            &case.person,
            now,
        )?;
        self.decide_photographs(operator, &case, Decision::Confirm, now)
            .await
    }

    /// Refuses, with a reason that the citizen reads.
    ///
    /// # Errors
    /// The refusal of the refusal.
    pub async fn refuse_photographs(
        &self,
        operator: &Operator,
        id: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), CaseRefused> {
        let case = self.case_in_hand(operator, id, now).await?;
        let reason = judgement::reason(reason)?;
        self.decide_photographs(operator, &case, Decision::Refuse(&reason), now)
            .await
    }

    async fn case_in_hand(
        &self,
        operator: &Operator,
        id: &str,
        now: Timestamp,
    ) -> Result<PhotographCase, CaseRefused> {
        let case = self.photographs(operator, now).await?;
        let case = case
            .filter(|case| case.case.id == id)
            .ok_or(CaseRefused::Unknown)?;
        if case.case.account_id == operator.account {
            return Err(CaseRefused::OwnCase);
        }
        Ok(case)
    }

    async fn decide_photographs(
        &self,
        operator: &Operator,
        case: &PhotographCase,
        decision: Decision<'_>,
        now: Timestamp,
    ) -> Result<(), CaseRefused> {
        let by = operator.attestor();
        let decided = self
            .accounts
            .decide_photographs(&case.case, decision, &case.person, by, now)
            .await?;
        judgement::ended(decided)
    }
}
