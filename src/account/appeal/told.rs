//! Who is told of an application: its owner on every contact, each time with a
//! link that cancels it; and who sent it, at the new contact.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::AppealData;
use crate::account::Accounts;
use crate::account::not_me::Sent;
use crate::account::person::Owner;
use crate::account::record::{Params, WARNING_LIFE};
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{AppealRecord, NewTicket, OutboxRecord};

/// The prefix of the secret in a link that cancels.
pub(super) const CANCEL_PREFIX: &str = "ppj_";
/// Who cannot sign in looks for an answer for some days.
const ANSWER_LIFE: Duration = Duration::from_hours(72);

/// What a link that cancels is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Cancels {
    pub account: AccountId,
    pub number: String,
}

impl Accounts {
    /// A message to each confirmed contact of the owner, with a link of its own.
    pub(super) async fn appeal_messages(
        &self,
        owner: &Owner,
        record: &AppealRecord,
        kind: MessageKind,
        params: Params<'_>,
        now: Timestamp,
    ) -> Result<Vec<Sent>> {
        let mut told = Vec::new();
        for to in self.reached(owner).await? {
            let (link, ticket) = self.appeal_cancel_link(record, owner.id(), now)?;
            let params = [params.to_vec(), vec![("not_me", link)]].concat();
            let message = self.message(&to, kind, &params, owner.lang(), now, WARNING_LIFE)?;
            told.extend(message.map(|message| Sent {
                message,
                ticket: Some(ticket),
            }));
        }
        Ok(told)
    }

    pub(super) fn appeal_cancel_link(
        &self,
        record: &AppealRecord,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<(String, NewTicket)> {
        let secret = self.entropy.secret(CANCEL_PREFIX);
        let digest = secret.digest();
        let cancels = Cancels {
            account: account.clone(),
            number: record.number.clone(),
        };
        let kind = ticket::APPEAL_CANCEL;
        let ticket = NewTicket {
            account: Some(account.clone()),
            kind,
            payload: self.seal_ticket(kind, &digest, &cancels)?,
            digest,
            created_at: now,
            expires_at: record.lapses_at.unwrap_or(record.expires_at),
        };
        Ok((
            self.link(&format!("/recover/form/cancel?ticket={}", secret.expose())),
            ticket,
        ))
    }

    /// A message to the new contact.
    pub(super) fn to_applicant(
        &self,
        data: &AppealData,
        kind: MessageKind,
        params: Params<'_>,
        now: Timestamp,
    ) -> Result<Option<OutboxRecord>> {
        self.message(&data.contact, kind, params, data.lang(), now, ANSWER_LIFE)
    }

    /// What a link that cancels is about, if it is good.
    pub(super) async fn appeal_cancelled_by(
        &self,
        secret: &Secret,
        now: Timestamp,
    ) -> Result<Option<AppealRecord>> {
        if !secret.expose().starts_with(CANCEL_PREFIX) {
            return Ok(None);
        }
        let (kind, digest) = (ticket::APPEAL_CANCEL, secret.digest());
        let Some(found) = self.storage.find_ticket(kind, &digest, now).await? else {
            return Ok(None);
        };
        let cancels: Cancels = self.open_ticket(kind, &digest, &found.payload)?;
        let record = self.storage.find_appeal(&cancels.number).await?;
        Ok(record.filter(|record| record.account_id.as_ref() == Some(&cancels.account)))
    }
}
