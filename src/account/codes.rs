//! Tickets that wait for a code: the steps that registration and a change of
//! contact share. Tries are counted before a code is compared, both for the
//! code and for the contact over all its codes (attack row 20).

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Accounts;
use super::factor::one_time_code::{SentCode, TypedCode};
use super::person::Owner;
use crate::error::{Internal, Result};
use crate::model::authentication::Proof;
use crate::model::id::AccountId;
use crate::model::identifier::{ContactKind, Identifier};
use crate::model::secret::{Digest, Secret};
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Effects, Redeemed, TicketRecord};

/// What a citizen is shown while a code is on its way.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Where it was sent, masked.
    pub contact: String,
    /// By e-mail, where a link may stand beside the code.
    pub by_email: bool,
    /// Until when the code is good.
    pub expires_at: Timestamp,
    /// When another may be asked for.
    pub resend_at: Timestamp,
    /// Tries left for this code.
    pub tries_left: u64,
    /// Tries there were to begin with.
    pub tries: u64,
    /// The authorization that the registration belongs to, as it was given.
    pub flow: Option<String>,
}

/// Why a code was not accepted.
#[derive(Debug)]
pub enum CodeRefused {
    /// Not six digits; it cost no try.
    Malformed,
    /// Another code was sent; so many tries are left.
    Wrong {
        tries_left: u64,
    },
    /// No try is left; a new code is needed.
    UsedUp,
    /// The code is too old; a new one is needed.
    Expired,
    /// Too many codes were tried for this contact.
    TooMany {
        retry_after: Duration,
    },
    /// Nothing is waiting for a code here, or no longer.
    Unknown,
    /// The contact was confirmed for another account in the meantime.
    ContactTaken,
    /// The account is restricted.
    Restricted,
    Internal(Internal),
}

impl From<Internal> for CodeRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

/// How asking for another code ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resent {
    /// It is on its way; the one before is dead.
    Sent,
    /// Not before this moment.
    TooSoon { at: Timestamp },
    /// Too many codes went to this contact.
    TooMany { retry_after: Duration },
    /// Nothing is waiting for a code here, or no longer.
    Unknown,
}

/// The payload of a ticket that waits for a code.
pub(super) trait AwaitsCode: Serialize + DeserializeOwned {
    /// The ticket's kind.
    const KIND: &'static str;
    fn contact(&self) -> &Identifier;
    fn code(&self) -> &SentCode;
    /// What kind of contact the code went to.
    fn sent_to(&self) -> ContactKind {
        self.contact().kind()
    }
    fn flow(&self) -> Option<&str>;
}

/// A ticket may be asked for new codes for this long after its last one.
const TICKET_LIFE: Duration = Duration::from_hours(1);

impl Accounts {
    /// Seals what a ticket holds; it opens for this ticket only.
    pub(super) fn seal_ticket<T: Serialize>(
        &self,
        kind: &str,
        ticket: &Digest,
        payload: &T,
    ) -> Result<String> {
        let context = ticket_context(kind, ticket);
        self.vault.seal(&context, &serde_json::to_vec(payload)?)
    }

    pub(super) fn open_ticket<T: DeserializeOwned>(
        &self,
        kind: &str,
        ticket: &Digest,
        sealed: &str,
    ) -> Result<T> {
        let plain = self.vault.unseal(&ticket_context(kind, ticket), sealed)?;
        Ok(serde_json::from_slice(&plain)?)
    }

    /// A new code for a ticket.
    pub(super) fn new_code(&self, ticket: &Digest, now: Timestamp) -> (Secret, SentCode) {
        let expires_at = now.plus(self.settings.limits.code_life());
        SentCode::new(&self.vault, &self.entropy, ticket, now, expires_at)
    }

    /// When a ticket that gets a code now is over.
    pub(super) fn ticket_end(&self, now: Timestamp) -> Timestamp {
        now.plus(self.settings.limits.code_life()).plus(TICKET_LIFE)
    }

    /// Begins a step of an account with a first code to a contact: the secret
    /// that finds it, or how long to wait because too many were sent there.
    pub(super) async fn begin_waiting<T: AwaitsCode>(
        &self,
        owner: &Owner,
        prefix: &str,
        contact: &Identifier,
        now: Timestamp,
        make: impl AsyncFnOnce(&Digest) -> Result<(T, Effects)>,
    ) -> Result<std::result::Result<Secret, Duration>> {
        let subject = contact_subject(contact);
        if let Some(retry_after) = self.allow_code(&subject, now).await? {
            return Ok(Err(retry_after));
        }
        let handle = self.entropy.secret(prefix);
        let ticket = handle.digest();
        let (step, effects) = make(&ticket).await?;
        self.put_waiting(Some(owner.id()), ticket, &step, effects, now)
            .await?;
        Ok(Ok(handle))
    }

    /// Keeps a step until its code comes back. It names the account it is about,
    /// if there is one, and goes with it.
    pub(super) async fn put_waiting<T: AwaitsCode>(
        &self,
        account: Option<&AccountId>,
        ticket: Digest,
        payload: &T,
        effects: Effects,
        now: Timestamp,
    ) -> Result<()> {
        let sealed = self.seal_ticket(T::KIND, &ticket, payload)?;
        let (ticket, end) = ((T::KIND, ticket), self.ticket_end(now));
        self.storage
            .put_ticket_of(account.cloned(), ticket, sealed, now, end, effects)
            .await
    }

    /// The message that brings a code to a contact of an account.
    pub(super) fn code_message(
        &self,
        owner: &Owner,
        to: &Identifier,
        kind: MessageKind,
        code: &Secret,
        now: Timestamp,
    ) -> Result<Effects> {
        let params = [("code", code.expose().to_owned())];
        let life = self.settings.limits.code_life();
        let message = self.message(to, kind, &params, owner.lang(), now, life)?;
        Ok(Effects {
            outbox: message.into_iter().collect(),
            ..Effects::default()
        })
    }

    /// A ticket that still waits for its code.
    pub(super) async fn waiting<T: AwaitsCode>(
        &self,
        ticket: &Digest,
        now: Timestamp,
    ) -> Result<Option<(T, TicketRecord)>> {
        let record = self.storage.find_ticket(T::KIND, ticket, now).await?;
        let Some(record) = record.filter(|record| record.spent_at.is_none()) else {
            return Ok(None);
        };
        let payload = self.open_ticket(T::KIND, ticket, &record.payload)?;
        Ok(Some((payload, record)))
    }

    pub(super) fn pending<T: AwaitsCode>(&self, payload: &T, record: &TicketRecord) -> Pending {
        let limits = &self.settings.limits;
        let tries = i64::from(limits.code_tries);
        Pending {
            contact: payload.contact().masked(),
            by_email: payload.contact().kind() == ContactKind::Email,
            expires_at: payload.code().expires_at,
            resend_at: payload.code().sent_at.plus(limits.code_resend()),
            tries_left: u64::try_from(tries - record.tries).unwrap_or_default(),
            tries: limits.code_tries.into(),
            flow: payload.flow().map(str::to_owned),
        }
    }

    /// Checks a code; when it is right the ticket is spent and gives what it
    /// held, with the proof.
    pub(super) async fn check_code<T: AwaitsCode>(
        &self,
        handle: &Secret,
        typed: &str,
        now: Timestamp,
    ) -> Result<(T, Proof), CodeRefused> {
        let typed = TypedCode::parse(typed).ok_or(CodeRefused::Malformed)?;
        let ticket = handle.digest();
        let (payload, _) = self
            .waiting::<T>(&ticket, now)
            .await?
            .ok_or(CodeRefused::Unknown)?;
        if now >= payload.code().expires_at {
            return Err(CodeRefused::Expired);
        }
        let subject = contact_subject(payload.contact());
        if let Some(retry_after) = self.allow(self.code_tries(), &subject, now).await? {
            return Err(CodeRefused::TooMany { retry_after });
        }
        let limit = i64::from(self.settings.limits.code_tries);
        let tried = self
            .storage
            .count_try(T::KIND, ticket.clone(), limit, now)
            .await?
            .ok_or(CodeRefused::UsedUp)?;
        // The code may have been replaced a moment ago: the counted one counts.
        let payload: T = self.open_ticket(T::KIND, &ticket, &tried.payload)?;
        let kind = payload.sent_to();
        let Some(proof) = payload
            .code()
            .check(&self.vault, &ticket, &typed, kind, now)
        else {
            return Err(match u64::try_from(limit - tried.tries) {
                Ok(tries_left) if tries_left > 0 => CodeRefused::Wrong { tries_left },
                _ => CodeRefused::UsedUp,
            });
        };
        match self.storage.redeem_ticket(T::KIND, ticket, now).await? {
            Redeemed::Fresh(_) => {
                self.forget(self.code_tries(), &subject).await?;
                Ok((payload, proof))
            }
            Redeemed::Replayed(_) | Redeemed::Unknown => Err(CodeRefused::Unknown),
        }
    }

    /// Sends another code for a step that waits: `renew` makes the step anew.
    pub(super) async fn resend<T: AwaitsCode>(
        &self,
        before: T,
        ticket: &Digest,
        now: Timestamp,
        renew: impl AsyncFnOnce(T) -> Result<(T, Effects)>,
    ) -> Result<Resent> {
        match self.may_resend(&before, ticket, now).await? {
            Resent::Sent => {
                let (next, effects) = renew(before).await?;
                self.replace_code(&next, ticket, effects, now).await
            }
            refused => Ok(refused),
        }
    }

    /// Whether another code may be sent for this ticket now.
    async fn may_resend<T: AwaitsCode>(
        &self,
        payload: &T,
        ticket: &Digest,
        now: Timestamp,
    ) -> Result<Resent> {
        let at = payload
            .code()
            .sent_at
            .plus(self.settings.limits.code_resend());
        if now < at {
            return Ok(Resent::TooSoon { at });
        }
        // Two presses at once: the second waits.
        if let Some(wait) = self.allow(self.code_resend(), ticket.as_str(), now).await? {
            return Ok(Resent::TooSoon { at: now.plus(wait) });
        }
        let subject = contact_subject(payload.contact());
        Ok(match self.allow_code(&subject, now).await? {
            Some(retry_after) => Resent::TooMany { retry_after },
            None => Resent::Sent,
        })
    }

    /// Puts a new code into a ticket, with the message that brings it.
    async fn replace_code<T: AwaitsCode>(
        &self,
        payload: &T,
        ticket: &Digest,
        effects: Effects,
        now: Timestamp,
    ) -> Result<Resent> {
        let sealed = self.seal_ticket(T::KIND, ticket, payload)?;
        let (ticket, end) = (ticket.clone(), self.ticket_end(now));
        let replaced = self
            .storage
            .replace_ticket(T::KIND, ticket, sealed, end, now, effects)
            .await?;
        Ok(if replaced {
            Resent::Sent
        } else {
            Resent::Unknown
        })
    }
}

/// A contact as counters know it: its normal form, whatever was typed.
pub(super) fn contact_subject(contact: &Identifier) -> String {
    format!("{}:{}", contact.kind().as_str(), contact.index())
}

fn ticket_context(kind: &str, ticket: &Digest) -> String {
    format!("ticket:{kind}:{}", ticket.as_str())
}
