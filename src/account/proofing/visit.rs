//! A visit to a service centre: the citizen takes a number along, an operator
//! compares the originals and decides (requirement B4).

use std::time::Duration;

use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::journal::Actor;
use crate::account::session::Session;
use crate::account::throttle::lock_of;
use crate::error::{Internal, Result};
use crate::model::evidence::{Facts, PROOF_OF_HOLDER, Source};
use crate::model::id::AccountId;
use crate::model::level::Level;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{AuditRecord, Effects, VisitDecision, VisitRecord};

/// In the audit only: there is no citizen whose journal it could stand in.
const NOT_FOUND: &str = "visit_not_found";
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
    /// And why.
    Refused(String),
}

/// Who decides, and where.
#[derive(Clone, Copy, Debug)]
pub struct Attestor<'a> {
    pub operator: &'a AccountId,
    pub centre: &'a str,
    /// For the citizen's journal.
    pub centre_name: &'a str,
}

/// A decision about a visit.
#[derive(Clone, Copy, Debug)]
pub enum Decision<'a> {
    Confirm,
    /// With the reason, which the citizen reads.
    Refuse(&'a str),
}

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
        for _ in 0..DRAWS {
            let effects = self
                .lines(&owner, now)
                .journal("visit_requested", None, browser)?
                .done();
            let visit = VisitRecord {
                number: self.entropy.digits(NUMBER_DIGITS),
                account_id: owner.id().clone(),
                created_at: now,
                expires_at: now.plus(LIFE),
                closed_at: None,
                outcome: None,
                centre_id: None,
                reason_sealed: None,
            };
            if self.storage.open_visit(visit, effects).await? {
                return Ok(());
            }
            let open = self.visit(owner.id(), now).await?;
            if open.is_some_and(|visit| visit.state == VisitState::Open) {
                return Ok(());
            }
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
        let audit = self.audit_record(visit, by, "visit_opened", now);
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

    /// Counts such a number, and notes it in the audit.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn note_miss_at_desk(&self, by: Attestor<'_>, now: Timestamp) -> Result<()> {
        let number = Some(self.block_number());
        self.count(self.desk_misses(), by.operator.as_str(), number, now)
            .await?;
        let audit = AuditRecord {
            id: self.entropy.id(now),
            at: now,
            operator_id: by.operator.clone(),
            centre_id: by.centre.to_owned(),
            action: NOT_FOUND.to_owned(),
            account_id: None,
            subject: String::new(),
        };
        self.storage.record_audit(audit, Effects::default()).await
    }

    /// Decides about a visit, once, for the facts that were compared; false when
    /// it was decided or is over.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn decide_visit(
        &self,
        visit: &VisitRecord,
        decision: Decision<'_>,
        compared: &Facts,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<bool> {
        let owner = self.load_owner(&visit.account_id).await?;
        let params = [("link", self.link("/account/level"))];
        let Told { action, kind } = match decision {
            Decision::Confirm => Told {
                action: "visit_confirmed",
                kind: MessageKind::VisitConfirmed,
            },
            Decision::Refuse(_) => Told {
                action: "visit_refused",
                kind: MessageKind::VisitRefused,
            },
        };
        let message = self.warning(&owner, kind, &params, now).await?;
        let effects = self
            .lines(&owner, now)
            .journal_of(&Actor::Operator, action, Some(by.centre_name))?
            .notice(kind, &params)?
            .send(message)
            .done();
        let (outcome, reason_sealed, evidence) = match decision {
            Decision::Confirm => {
                // What the operator saw: were it otherwise by now, it would not count.
                let given_by = format!("{} {}", by.centre, by.operator);
                let evidence = self.evidence(
                    &owner,
                    Source::ServiceCentre,
                    given_by,
                    &compared.only(&PROOF_OF_HOLDER),
                    None,
                    now,
                )?;
                ("confirmed", None, Some(evidence))
            }
            Decision::Refuse(reason) => {
                let field = reason_field(&visit.number);
                ("refused", Some(owner.key.seal_json(&field, &reason)?), None)
            }
        };
        let decision = VisitDecision {
            outcome: outcome.to_owned(),
            reason_sealed,
            evidence,
            audit: self.audit_record(visit, by, action, now),
            effects,
        };
        let number = visit.number.clone();
        self.storage.decide_visit(number, decision, now).await
    }

    fn audit_record(
        &self,
        visit: &VisitRecord,
        by: Attestor<'_>,
        action: &str,
        now: Timestamp,
    ) -> AuditRecord {
        AuditRecord {
            id: self.entropy.id(now),
            at: now,
            operator_id: by.operator.clone(),
            centre_id: by.centre.to_owned(),
            action: action.to_owned(),
            account_id: Some(visit.account_id.clone()),
            subject: visit.number.clone(),
        }
    }
}

/// How a decision is told.
struct Told {
    action: &'static str,
    kind: MessageKind,
}

/// The field a reason is sealed for.
fn reason_field(number: &str) -> String {
    format!("visit:{number}")
}
