//! Requests that citizens bring to a centre: only who asked for a visit is
//! found, so that nobody browses through people; compared field by field; decided once.

use std::sync::Arc;
use std::time::Duration;

use super::{Operator, Operators, judgement, overrides};
use crate::account::person::Person;
use crate::account::proofing::{Decision, NUMBER_DIGITS, PrintedCode, Progress};
use crate::error::{Internal, Result};
use crate::model::digits::plain_digits;
use crate::model::evidence::Attribute;
use crate::model::identifier::{ContactKind, Identifier};
use crate::model::timestamp::Timestamp;
use crate::storage::VisitRecord;

/// In the audit only: there is no citizen whose journal it could stand in.
pub(super) const NOT_FOUND: &str = "visit_not_found";

/// A citizen at the desk.
pub struct Case {
    visit: VisitRecord,
    pub person: Arc<Person>,
    /// Data that registries have otherwise, when the visit is about them.
    pub submitted: Option<Progress>,
    /// Names the data as they are shown: a decision is about these and no
    /// others.
    pub seen: String,
}

impl Case {
    /// The number of the request.
    pub fn number(&self) -> &str {
        &self.visit.number
    }

    pub(super) const fn visit(&self) -> &VisitRecord {
        &self.visit
    }
}

/// What an operator holds against the originals.
pub const COMPARED: [Attribute; 7] = [
    Attribute::FamilyName,
    Attribute::GivenName,
    Attribute::MiddleName,
    Attribute::BirthDate,
    Attribute::Sex,
    Attribute::Passport,
    Attribute::Snils,
];

/// The same in photographs of a passport: it has no SNILS, which the registries
/// have tied to the rest.
pub const IN_PHOTOGRAPHS: [Attribute; 6] = [
    Attribute::FamilyName,
    Attribute::GivenName,
    Attribute::MiddleName,
    Attribute::BirthDate,
    Attribute::Sex,
    Attribute::Passport,
];

/// Why nothing was decided.
#[derive(Debug)]
pub enum CaseRefused {
    /// No such number, or its request is decided or over.
    Unknown,
    /// Too many numbers that nobody has: whoever tries them out is not at a desk.
    TooMany {
        retry_after: Duration,
    },
    /// Nobody vouches for themselves (attack row 51).
    OwnCase,
    /// The data changed, or their check ended, since they were shown.
    Changed,
    /// These were not compared.
    NotCompared(Vec<Attribute>),
    /// A refusal without a reason.
    NoReason,
    /// Registries have the data otherwise: it takes two operators.
    NeedsTwo,
    /// Nobody confirms what they proposed themselves.
    OwnProposal,
    /// Who proposed it works here no more.
    ProposerGone,
    /// The passport has ended meanwhile.
    PassportOver,
    /// The SNILS is confirmed for another account; the citizen was told.
    SnilsTaken,
    Internal(Internal),
}

impl From<Internal> for CaseRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Operators {
    /// Opens the request of this number, SNILS or phone, in any notation; both
    /// books say so.
    ///
    /// # Errors
    /// The refusal.
    pub async fn open_case(
        &self,
        operator: &Operator,
        number: &str,
        now: Timestamp,
    ) -> Result<Case, CaseRefused> {
        let case = self.find_case(operator, number, now).await?;
        self.accounts
            .note_visit_opened(&case.visit, operator.attestor(), now)
            .await?;
        Ok(case)
    }

    pub(super) async fn find_case(
        &self,
        operator: &Operator,
        number: &str,
        now: Timestamp,
    ) -> Result<Case, CaseRefused> {
        let attestor = operator.attestor();
        if let Some(retry_after) = self.accounts.misses_at_desk(attestor, now).await? {
            return Err(CaseRefused::TooMany { retry_after });
        }
        let Some(visit) = self.visit_of(number, now).await? else {
            self.accounts
                .note_miss_at_desk(attestor, NOT_FOUND, now)
                .await?;
            return Err(CaseRefused::Unknown);
        };
        if visit.account_id == operator.account {
            return Err(CaseRefused::OwnCase);
        }
        let known = self.accounts.known(&visit.account_id).await?;
        let person = known.ok_or(CaseRefused::Unknown)?.person.clone();
        let submitted = match &visit.submission_id {
            None => None,
            Some(id) => {
                let submitted = self.submitted(&visit.account_id, id).await?;
                Some(submitted.ok_or(CaseRefused::Unknown)?)
            }
        };
        let seen = match &submitted {
            None => judgement::seen(&person)?,
            Some(submitted) => overrides::seen(submitted, &person)?,
        };
        Ok(Case {
            seen,
            visit,
            person,
            submitted,
        })
    }

    /// The open visit of this number, or of whoever has this SNILS or phone: of
    /// people who asked for no visit nothing is found.
    async fn visit_of(&self, text: &str, now: Timestamp) -> Result<Option<VisitRecord>> {
        let digits = plain_digits(text).filter(|digits| digits.len() == NUMBER_DIGITS);
        if let Some(number) = digits {
            return self.storage.find_visit(&number, now).await;
        }
        let reading = Identifier::readings(text)
            .into_iter()
            .find(|reading| reading.kind() != ContactKind::Email);
        let Some(reading) = reading else {
            return Ok(None);
        };
        let Some(account) = self.accounts.find_by_login(reading.as_str()).await? else {
            return Ok(None);
        };
        let Some(newest) = self.storage.newest_visit(&account).await? else {
            return Ok(None);
        };
        self.storage.find_visit(&newest.number, now).await
    }

    /// Confirms that the citizen is the person, when every field was compared.
    ///
    /// # Errors
    /// The refusal.
    pub async fn confirm(
        &self,
        operator: &Operator,
        number: &str,
        seen: &str,
        compared: &[Attribute],
        now: Timestamp,
    ) -> Result<(), CaseRefused> {
        let case = self.compared(operator, number, seen, compared, now).await?;
        self.decide(operator, &case, Decision::Confirm, now).await
    }

    /// Prints a code instead, which the citizen enters at home.
    ///
    /// # Errors
    /// The refusal.
    pub async fn print_code(
        &self,
        operator: &Operator,
        number: &str,
        seen: &str,
        compared: &[Attribute],
        now: Timestamp,
    ) -> Result<PrintedCode, CaseRefused> {
        let case = self.compared(operator, number, seen, compared, now).await?;
        let (ended, printed) = self
            .accounts
            .print_code(&case.visit, &case.person, operator.attestor(), now)
            .await?;
        judgement::ended(ended).map(|()| printed)
    }

    /// The case, when every field of what it shows was compared.
    async fn compared(
        &self,
        operator: &Operator,
        number: &str,
        seen: &str,
        compared: &[Attribute],
        now: Timestamp,
    ) -> Result<Case, CaseRefused> {
        let case = self.find_case(operator, number, now).await?;
        if case.submitted.is_some() {
            return Err(CaseRefused::NeedsTwo);
        }
        judgement::stands(&COMPARED, compared, (seen, &case.seen), &case.person, now)?;
        Ok(case)
    }

    /// Refuses, with a reason that the citizen reads.
    ///
    /// # Errors
    /// The refusal of the refusal.
    pub async fn refuse(
        &self,
        operator: &Operator,
        number: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), CaseRefused> {
        let case = self.find_case(operator, number, now).await?;
        let reason = judgement::reason(reason)?;
        self.decide(operator, &case, Decision::Refuse(&reason), now)
            .await
    }

    async fn decide(
        &self,
        operator: &Operator,
        case: &Case,
        decision: Decision<'_>,
        now: Timestamp,
    ) -> Result<(), CaseRefused> {
        let by = operator.attestor();
        let decided = self
            .accounts
            .decide_visit(&case.visit, decision, &case.person, by, now)
            .await?;
        judgement::ended(decided)
    }
}
