//! A visit to a service centre: the citizen takes a number along, an operator
//! compares the originals and decides (requirement B4).

use std::time::Duration;

use super::proof_code::NewCode;
use super::ruling::{Attestor, Decision, Request, Sort, Told};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::journal::Actor;
use crate::account::person::{Owner, Person};
use crate::account::session::Session;
use crate::account::throttle::lock_of;
use crate::error::{Internal, Result};
use crate::model::evidence::{PROOF_OF_HOLDER, Source};
use crate::model::id::AccountId;
use crate::model::level::Level;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Completed, Effects, Ruling, VisitDecision, VisitRecord};

/// A number is good for so long.
const LIFE: Duration = Duration::from_hours(30 * 24);
/// Digits of a number.
pub const NUMBER_DIGITS: usize = 8;
/// A number that is taken is drawn again; eight digits run out never.
const DRAWS: usize = 5;

/// How a citizen's newest visit stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub number: String,
    pub expires_at: Timestamp,
    /// The data that no registry confirmed and it is about, if it is.
    pub submission: Option<String>,
    pub state: VisitState,
}

/// Where a visit stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VisitState {
    /// The citizen may go.
    Open,
    /// Nobody came in time.
    Expired,
    Confirmed,
    /// The citizen went away with a code to enter.
    CodePrinted,
    /// The originals were compared; a second operator decides.
    Proposed,
    /// And why.
    Refused(String),
}

const SORT: Sort = Sort {
    source: Source::ServiceCentre,
    covers: &PROOF_OF_HOLDER,
    confirmed: Told {
        action: "visit_confirmed",
        kind: MessageKind::VisitConfirmed,
    },
    refused: Told {
        action: "visit_refused",
        kind: MessageKind::VisitRefused,
    },
};

impl Accounts {
    /// Takes a number for a visit; the one that is open stays.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn request_visit(
        &self,
        session: &Session,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<()> {
        let owner = self.load_owner(&session.account).await?;
        let person = self.person_of(&owner).await?;
        // A proof without checked data would prove nobody in particular.
        if person.level(now) != Level::Standard {
            return Ok(());
        }
        let effects = self
            .lines(&owner, now)
            .journal("visit_requested", None, browser)?
            .done();
        self.take_number(&owner, None, effects, now).await
    }

    /// Takes a number for a visit about a submission, or about the holder alone;
    /// one that is open for the same stays.
    pub(super) async fn take_number(
        &self,
        owner: &Owner,
        submission: Option<&str>,
        effects: Effects,
        now: Timestamp,
    ) -> Result<()> {
        for _ in 0..DRAWS {
            let visit = VisitRecord {
                number: self.entropy.digits(NUMBER_DIGITS),
                account_id: owner.id().clone(),
                created_at: now,
                expires_at: now.plus(LIFE),
                closed_at: None,
                outcome: None,
                centre_id: None,
                reason_sealed: None,
                submission_id: submission.map(str::to_owned),
            };
            if self.storage.open_visit(visit, effects.clone()).await? {
                return Ok(());
            }
            let open = self.visit(owner.id(), now).await?;
            if open.is_some_and(|visit| visit.state == VisitState::Open) {
                return Ok(());
            }
        }
        // Other data were sent in this moment, or operators are at it already.
        if submission.is_some() {
            return Ok(());
        }
        Err(Internal::new("no free number for a visit was found"))
    }

    /// The citizen's newest visit.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn visit(&self, account: &AccountId, now: Timestamp) -> Result<Option<Visit>> {
        let Some(record) = self.storage.newest_visit(account).await? else {
            return Ok(None);
        };
        let state = match (record.outcome.as_deref(), &record.reason_sealed) {
            (Some("confirmed"), _) => VisitState::Confirmed,
            (Some("code"), _) => VisitState::CodePrinted,
            (Some("proposed"), _) => VisitState::Proposed,
            (Some(_), Some(sealed)) => {
                let key = self.account_key(account).await?;
                VisitState::Refused(key.open_json(&reason_field(&record.number), sealed)?)
            }
            _ if record.closed_at.is_some() || record.expires_at <= now => VisitState::Expired,
            _ => VisitState::Open,
        };
        Ok(Some(Visit {
            number: record.number,
            expires_at: record.expires_at,
            submission: record.submission_id,
            state,
        }))
    }

    /// Notes in both books that an operator opened somebody's request.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn note_visit_opened(
        &self,
        visit: &VisitRecord,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let owner = self.load_owner(&visit.account_id).await?;
        let effects = self
            .lines(&owner, now)
            .journal_of(&Actor::Operator, "visit_opened", Some(by.centre_name))?
            .done();
        let audit = self.audit_record(by, "visit_opened", Some(owner.id()), &visit.number, now);
        self.storage.record_audit(audit, effects).await
    }

    /// Whether an operator has asked for too many numbers that nobody has, and
    /// how long to wait.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn misses_at_desk(
        &self,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<Option<Duration>> {
        let counted = self
            .standing(self.desk_misses(), by.operator.as_str())
            .await?;
        let lock = counted.and_then(|record| lock_of(&record, now));
        Ok(lock.map(|lock| lock.until.since(now)))
    }

    /// Counts such a number, and notes it in the audit as `action`: there is no
    /// citizen whose journal it could stand in.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn note_miss_at_desk(
        &self,
        by: Attestor<'_>,
        action: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.count(self.desk_misses(), by.operator.as_str(), None, now)
            .await?;
        let audit = self.audit_record(by, action, None, "", now);
        self.storage.record_audit(audit, Effects::default()).await
    }

    /// Decides about a visit, once, for the person as judged.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn decide_visit(
        &self,
        visit: &VisitRecord,
        decision: Decision<'_>,
        judged: &Person,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<Completed> {
        let owner = self.load_owner(&visit.account_id).await?;
        let number = visit.number.clone();
        let request = Request {
            sort: &SORT,
            name: &number,
            field: &reason_field(&number),
        };
        let ruling = self
            .rule(&owner, &request, decision, judged, by, now)
            .await?;
        let decision = VisitDecision { ruling, code: None };
        self.storage.decide_visit(number, decision, now).await
    }

    /// Ends a visit, once, with a code for the person as judged: whoever takes
    /// it home and enters it is the person (requirement B4).
    ///
    /// # Errors
    /// When the database is away.
    pub async fn print_code(
        &self,
        visit: &VisitRecord,
        judged: &Person,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<(Completed, PrintedCode)> {
        let owner = self.load_owner(&visit.account_id).await?;
        let code = self.new_proof_code();
        let new = NewCode {
            id: format!("visit {}", visit.number),
            source: SORT.source,
            given_by: by.given_by(),
            covers: &judged.facts,
            code: &code,
            life: Duration::from_hours(24 * self.settings.limits.centre_code_days),
        };
        let record = self.proof_code_record(&owner, new, now)?;
        let expires_at = record.expires_at;
        let effects = self
            .lines(&owner, now)
            .journal_of(&Actor::Operator, "proof_code_printed", Some(by.centre_name))?
            .done();
        let number = visit.number.clone();
        let account = Some(owner.id());
        let ruling = Ruling {
            outcome: "code".to_owned(),
            reason_sealed: None,
            evidence: None,
            read_at: Some(judged.updated_at),
            audit: self.audit_record(by, "proof_code_printed", account, &number, now),
            effects,
        };
        let decision = VisitDecision {
            ruling,
            code: Some(record),
        };
        let ended = self.storage.decide_visit(number, decision, now).await?;
        Ok((ended, PrintedCode { code, expires_at }))
    }
}

/// A code to be handed to the citizen at the desk.
#[derive(Clone, Debug)]
pub struct PrintedCode {
    pub code: String,
    pub expires_at: Timestamp,
}

/// The field a reason is sealed for.
fn reason_field(number: &str) -> String {
    format!("visit:{number}")
}
