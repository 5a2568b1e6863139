//! Four eyes: an operator proposes, another confirms or sends back. Both books
//! tell every step, and so does a message to the citizen.

use std::time::Duration;

use super::{answer_field, reason_field};
use crate::account::Accounts;
use crate::account::journal::Actor;
use crate::account::person::{Owner, Person};
use crate::account::proofing::ruling::{Attestor, Told};
use crate::account::proofing::{Outcome, Progress};
use crate::error::Result;
use crate::model::evidence::{PROOF_OF_HOLDER, Source};
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{
    Completed, Effects, Overridden as OverriddenRecord, OverrideDecision, OverrideRecord,
    VisitRecord,
};

/// A proposal is decided within so long, or the citizen comes again: what was
/// seen then may be otherwise by now.
const LIFE: Duration = Duration::from_hours(14 * 24);
/// How often a confirmation is tried that others come before.
const TRIES: usize = 5;

const PROPOSED: Told = Told {
    action: "override_proposed",
    kind: MessageKind::OverrideProposed,
};
const CONFIRMED: Told = Told {
    action: "override_confirmed",
    kind: MessageKind::OverrideConfirmed,
};
const RETURNED: Told = Told {
    action: "override_returned",
    kind: MessageKind::OverrideReturned,
};

/// How a confirmation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overridden {
    /// The data are the person's; or why nothing was decided.
    Decided(Completed),
    /// The SNILS is confirmed for another account: both were told, and the
    /// proposal is over.
    SnilsTaken,
}

impl Accounts {
    /// Proposes, once, that the data of a submission be taken though registries
    /// have them otherwise.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn propose_override(
        &self,
        visit: &VisitRecord,
        submitted: &Progress,
        reason: &str,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<Completed> {
        let owner = self.load_owner(&visit.account_id).await?;
        let number = visit.number.clone();
        let proposal = OverrideRecord {
            reason_sealed: owner.key.seal_json(&reason_field(&number), &reason)?,
            account_id: owner.id().clone(),
            submission_id: submitted.id.clone(),
            proposed_by: by.operator.clone(),
            centre_id: by.centre.to_owned(),
            proposed_at: now,
            expires_at: now.plus(LIFE),
            closed_at: None,
            outcome: None,
            decided_by: None,
            answer_sealed: None,
            number,
        };
        let effects = self.told_by_operator(&owner, &PROPOSED, by, now).await?;
        let account = Some(owner.id());
        let audit = self.audit_record(by, PROPOSED.action, account, &visit.number, now);
        self.storage
            .propose_override(proposal, audit, effects)
            .await
    }

    /// Why an operator proposed it.
    ///
    /// # Errors
    /// When the reason does not open.
    pub async fn reason_of_override(&self, proposal: &OverrideRecord) -> Result<String> {
        let key = self.account_key(&proposal.account_id).await?;
        key.open_json(&reason_field(&proposal.number), &proposal.reason_sealed)
    }

    /// Notes in both books that a second operator opened a proposal.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn note_override_opened(
        &self,
        proposal: &OverrideRecord,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let owner = self.load_owner(&proposal.account_id).await?;
        let effects = self
            .lines(&owner, now)
            .journal_of(&Actor::Operator, "override_opened", Some(by.centre_name))?
            .done();
        let account = Some(owner.id());
        let audit = self.audit_record(by, "override_opened", account, &proposal.number, now);
        self.storage.record_audit(audit, effects).await
    }

    /// Puts the data of a proposal in their place, once, for the person as
    /// judged: the same checks as when registries match, and two pieces of
    /// evidence.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn confirm_override(
        &self,
        proposal: &OverrideRecord,
        submitted: &Progress,
        judged: &Person,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<Overridden> {
        for _ in 0..TRIES {
            let owner = self.load_owner(&proposal.account_id).await?;
            let person = self.person_of(&owner).await?;
            if person.facts != judged.facts || person.blocked {
                break;
            }
            let snils = &submitted.data.snils;
            let taken = self.snils_taken(&owner, &person, snils, now).await?;
            let is_taken = taken.is_some();
            let (outcome, confirmed, effects) = match taken {
                Some(effects) => (Outcome::SnilsTaken.as_str(), None, effects),
                None => {
                    let effects = self.told_by_operator(&owner, &CONFIRMED, by, now).await?;
                    let confirmed =
                        self.overridden(&owner, person, proposal, submitted, by, now)?;
                    ("confirmed", Some(confirmed), effects)
                }
            };
            let action = if is_taken {
                RETURNED.action
            } else {
                CONFIRMED.action
            };
            let account = Some(owner.id());
            let decision = OverrideDecision {
                outcome: outcome.to_owned(),
                answer_sealed: None,
                confirmed,
                audit: self.audit_record(by, action, account, &proposal.number, now),
                effects,
            };
            let number = proposal.number.clone();
            let ended = self.storage.decide_override(number, decision, now).await?;
            if ended == Completed::Now && is_taken {
                return Ok(Overridden::SnilsTaken);
            }
            if ended != Completed::Stale {
                return Ok(Overridden::Decided(ended));
            }
        }
        Ok(Overridden::Decided(Completed::Stale))
    }

    fn overridden(
        &self,
        owner: &Owner,
        person: Person,
        proposal: &OverrideRecord,
        submitted: &Progress,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<OverriddenRecord> {
        let mut data = submitted.data.clone();
        data.keep_newer(person.profile);
        let seen_by = format!("{} {}", proposal.centre_id, proposal.proposed_by);
        let both = (Source::TwoOperators, format!("{seen_by} {}", by.given_by()));
        let covers = data.facts().only(&PROOF_OF_HOLDER);
        Ok(OverriddenRecord {
            // Only the first of the two had the person before them, and then.
            holder: self.evidence(
                owner,
                Source::ServiceCentre,
                seen_by,
                &covers,
                None,
                proposal.proposed_at,
            )?,
            matched: self.taken_over(owner, &data, both, data.ends_at(), now)?,
        })
    }

    /// Sends a proposal back, once, with a reason that the citizen reads.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn return_override(
        &self,
        proposal: &OverrideRecord,
        reason: &str,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<Completed> {
        let owner = self.load_owner(&proposal.account_id).await?;
        let number = proposal.number.clone();
        let sealed = owner.key.seal_json(&answer_field(&number), &reason)?;
        let decision = OverrideDecision {
            outcome: "returned".to_owned(),
            answer_sealed: Some(sealed),
            confirmed: None,
            audit: self.audit_record(by, RETURNED.action, Some(owner.id()), &number, now),
            effects: self.told_by_operator(&owner, &RETURNED, by, now).await?,
        };
        self.storage.decide_override(number, decision, now).await
    }

    async fn told_by_operator(
        &self,
        owner: &Owner,
        told: &Told,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<Effects> {
        let params = [("link", self.link("/account/level"))];
        Ok(self
            .lines(owner, now)
            .journal_of(&Actor::Operator, told.action, Some(by.centre_name))?
            .warn(told.kind, &params)
            .await?
            .done())
    }
}
