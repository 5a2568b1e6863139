//! What operators decide, whatever they looked at: a visit or photographs. Both
//! books say who did and where; a confirmation is evidence for the facts that
//! were compared, of the account as it was then.

use crate::account::Accounts;
use crate::account::journal::Actor;
use crate::account::person::{Owner, Person};
use crate::error::Result;
use crate::model::evidence::{Attribute, Source};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{AuditRecord, Ruling};

/// Who decides, and where.
#[derive(Clone, Copy, Debug)]
pub struct Attestor<'a> {
    pub operator: &'a AccountId,
    pub centre: &'a str,
    /// For the citizen's journal.
    pub centre_name: &'a str,
}

/// A decision.
#[derive(Clone, Copy, Debug)]
pub enum Decision<'a> {
    Confirm,
    /// With the reason, which the citizen reads.
    Refuse(&'a str),
}

impl Attestor<'_> {
    /// As evidence names who gave it.
    pub(super) fn given_by(&self) -> String {
        format!("{} {}", self.centre, self.operator)
    }
}

/// How a decision is told.
pub(super) struct Told {
    pub action: &'static str,
    pub kind: MessageKind,
}

/// What is decided about.
pub(super) struct Request<'a> {
    pub sort: &'a Sort,
    /// For the audit.
    pub name: &'a str,
    /// What a reason is sealed for.
    pub field: &'a str,
}

/// What decisions of one sort have in common.
pub(super) struct Sort {
    pub source: Source,
    /// What a confirmation is of.
    pub covers: &'static [Attribute],
    pub confirmed: Told,
    pub refused: Told,
}

impl Accounts {
    /// The ruling that a decision about a person, as judged, comes to.
    pub(super) async fn rule(
        &self,
        owner: &Owner,
        request: &Request<'_>,
        decision: Decision<'_>,
        judged: &Person,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<Ruling> {
        let sort = request.sort;
        let params = [("link", self.link("/account/level"))];
        let told = match decision {
            Decision::Confirm => &sort.confirmed,
            Decision::Refuse(_) => &sort.refused,
        };
        let effects = self
            .lines(owner, now)
            .journal_of(&Actor::Operator, told.action, Some(by.centre_name))?
            .warn(told.kind, &params)
            .await?
            .done();
        let (outcome, reason_sealed, evidence) = match decision {
            Decision::Confirm => {
                // What the operator saw: were it otherwise by now, it would not count.
                let covers = judged.facts.only(sort.covers);
                let evidence =
                    self.evidence(owner, sort.source, by.given_by(), &covers, None, now)?;
                ("confirmed", None, Some(evidence))
            }
            Decision::Refuse(reason) => (
                "refused",
                Some(owner.key.seal_json(request.field, &reason)?),
                None,
            ),
        };
        Ok(Ruling {
            outcome: outcome.to_owned(),
            reason_sealed,
            read_at: evidence.is_some().then_some(judged.updated_at),
            evidence,
            audit: self.audit_record(by, told.action, Some(owner.id()), request.name, now),
            effects,
        })
    }

    /// A line of the audit.
    pub(in crate::account) fn audit_record(
        &self,
        by: Attestor<'_>,
        action: &str,
        account: Option<&AccountId>,
        subject: &str,
        now: Timestamp,
    ) -> AuditRecord {
        AuditRecord {
            id: self.entropy.id(now),
            at: now,
            operator_id: by.operator.clone(),
            centre_id: by.centre.to_owned(),
            action: action.to_owned(),
            account_id: account.cloned(),
            subject: subject.to_owned(),
        }
    }
}
