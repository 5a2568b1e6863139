//! Codes that are sent for a second step.

use serde::{Deserialize, Serialize};

use super::Aim;
use crate::account::Accounts;
use crate::account::codes::{AwaitsCode, Pending, Resent, contact_subject};
use crate::account::factor::enrolled::Kind;
use crate::account::factor::one_time_code::SentCode;
use crate::account::not_me::Healing;
use crate::error::Result;
use crate::model::identifier::Identifier;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::Effects;

/// A code under way, found by the handle of its step and the kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StepCode {
    contact: Identifier,
    code: SentCode,
}

impl AwaitsCode for StepCode {
    const KIND: &'static str = ticket::SECOND_CODE;

    fn contact(&self) -> &Identifier {
        &self.contact
    }

    fn code(&self) -> &SentCode {
        &self.code
    }

    fn flow(&self) -> Option<&str> {
        None
    }
}

/// What finds the code: derived from the step's handle, so that one is enough.
pub(super) fn code_handle(step: &Secret, kind: Kind) -> Secret {
    Secret::new(format!("{}.{}", step.expose(), kind.as_str()))
}

impl Accounts {
    /// Sends a code for the step, the first or another one.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn send_step_code(
        &self,
        handle: &Secret,
        kind: Kind,
        now: Timestamp,
    ) -> Result<Resent> {
        let Some(step) = self.step_under_way(handle, now).await? else {
            return Ok(Resent::Unknown);
        };
        let owner = self.load_owner(&step.account).await?;
        let enrolled = self.storage.factors_of(owner.id()).await?;
        let person = self.person_of(&owner).await?;
        let healing = self.healing(&owner, now).await?;
        let heals = match step.aim {
            Aim::Thaw { by_contact: true } => {
                self.thawing_kinds(&owner, now).await?.contains(&kind)
            }
            Aim::Recover { .. } => false,
            _ => matches!(healing, Healing::Code(kinds) if kinds.contains(&kind)),
        };
        let contact = kind
            .contact(&person)
            .filter(|_| !step.aim.excludes(kind))
            .filter(|_| heals || enrolled.iter().any(|record| record.kind == kind.as_str()));
        let Some(contact) = contact else {
            return Ok(Resent::Unknown);
        };
        let ticket = code_handle(handle, kind).digest();
        let new = || -> Result<(StepCode, Effects)> {
            let (code, sent) = self.new_code(&ticket, now);
            let message = MessageKind::FactorCode;
            let effects = self.code_message(&owner, &contact, message, &code, now)?;
            let step = StepCode {
                contact: contact.clone(),
                code: sent,
            };
            Ok((step, effects))
        };
        if let Some((before, _)) = self.waiting::<StepCode>(&ticket, now).await? {
            return self.resend(before, &ticket, now, async |_| new()).await;
        }
        let subject = contact_subject(&contact);
        if let Some(retry_after) = self.allow_code(&subject, now).await? {
            return Ok(Resent::TooMany { retry_after });
        }
        let (first, effects) = new()?;
        self.put_waiting(Some(owner.id()), ticket.clone(), &first, effects, now)
            .await?;
        Ok(Resent::Sent)
    }

    /// The code that is under way for the step.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn step_code(
        &self,
        handle: &Secret,
        kind: Kind,
        now: Timestamp,
    ) -> Result<Option<Pending>> {
        let ticket = code_handle(handle, kind).digest();
        let waiting = self.waiting::<StepCode>(&ticket, now).await?;
        Ok(waiting.map(|(code, record)| self.pending(&code, &record)))
    }
}
