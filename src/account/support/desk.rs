//! What support does to a request: takes it, answers it; and what happens when
//! nobody does.

use std::time::Duration;

use super::{SUPPORT, clean};
use crate::account::journal::Actor;
use crate::account::proofing::Attestor;
use crate::account::{Accounts, Problem};
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{AuditRecord, SupportAnswer, SupportRequestRecord};

/// In the audit only: nobody did anything to the citizen.
const ESCALATED: &str = "support_escalated";
/// Who does what nobody did.
const SYSTEM: &str = "system";
/// How many are looked at in one go.
const PORTION: i64 = 100;

/// Why nothing was answered.
#[derive(Debug)]
pub enum Unanswered {
    /// The field `message` is wrong.
    Problem(Problem),
    /// The operator does not hold it, or has not read all of it.
    Lost,
    Internal(Internal),
}

impl From<Internal> for Unanswered {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Accounts {
    /// Gives an operator a request until then; both books say who reads it.
    /// False when another has it.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn take_support_request(
        &self,
        record: &SupportRequestRecord,
        by: Attestor<'_>,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool> {
        let owner = self.load_owner(&record.account_id).await?;
        let effects = self
            .lines(&owner, now)
            .journal_of(&Actor::Operator, "support_opened", Some(by.centre_name))?
            .done();
        let number = record.number.clone();
        let audit = self.audit_record(by, "support_opened", Some(owner.id()), &number, now);
        self.storage
            .claim_support_request(number, until, audit, effects)
            .await
    }

    /// Answers, for who holds the request and has read up to this message.
    ///
    /// # Errors
    /// The refusal.
    pub async fn answer_support_request(
        &self,
        record: &SupportRequestRecord,
        read: &str,
        text: &str,
        closes: bool,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<(), Unanswered> {
        let text = clean(text).map_err(Unanswered::Problem)?;
        let owner = self.load_owner(&record.account_id).await?;
        let number = &record.number;
        // What is answered is read in the cabinet only.
        let link = self.link(&format!("/account/support/{number}"));
        let (kind, params) = (MessageKind::SupportAnswered, [("link", link)]);
        let effects = self
            .lines(&owner, now)
            .journal_of(&Actor::Operator, "support_answered", Some(by.centre_name))?
            .warn(kind, &params)
            .await?
            .done();
        let answer = SupportAnswer {
            message: self.support_message(&owner, number, SUPPORT, &text, now)?,
            read: read.to_owned(),
            closes,
            audit: self.audit_record(by, "support_answered", Some(owner.id()), number, now),
            effects,
        };
        let answered = self.storage.answer_support_request(answer, now).await?;
        answered.then_some(()).ok_or(Unanswered::Lost)
    }

    /// Whoever has waited since then has waited too long.
    pub fn support_patience(&self, now: Timestamp) -> Timestamp {
        let hours = self.settings.limits.support_escalation_hours;
        now.minus(Duration::from_secs(hours.saturating_mul(3600)))
    }

    /// Notes in the audit, once each, which requests wait too long.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn escalate_support_requests(&self, now: Timestamp) -> Result<()> {
        let before = self.support_patience(now);
        let waiting = self
            .storage
            .unanswered_support_requests(before, PORTION)
            .await?;
        for record in waiting {
            let audit = AuditRecord {
                id: self.entropy.id(now),
                at: now,
                operator_id: AccountId::from(SYSTEM),
                centre_id: String::new(),
                action: ESCALATED.to_owned(),
                account_id: Some(record.account_id),
                subject: record.number.clone(),
            };
            self.storage
                .escalate_support_request(record.number, before, audit)
                .await?;
        }
        Ok(())
    }
}
