//! Vouching: in a recovery that waits, whoever is trusted gets a code at their
//! own phone or mailbox and types it in their own cabinet. From then on the
//! recovery waits no longer; the owner's contacts are told, and may cancel still.

use serde::{Deserialize, Serialize};

use super::{OF_AGE, is_verified};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::codes::{AwaitsCode, CodeRefused, contact_subject};
use crate::account::factor::one_time_code::SentCode;
use crate::account::journal::Actor;
use crate::account::recovery::{Recovering, Waiting};
use crate::account::session::Session;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::identifier::Identifier;
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{NewTicket, VouchRecord};

/// How a recovery stands to the one who is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Vouching {
    /// Nobody is trusted.
    Nobody,
    /// They may be asked.
    Possible,
    /// They are being asked: the digits both see, and until when.
    Asked {
        number: String,
        expires_at: Timestamp,
    },
}

/// What somebody who is trusted is asked.
#[derive(Clone, Debug)]
pub struct VouchRequest {
    pub id: String,
    /// The name of who asks, masked.
    pub name: String,
    pub number: String,
    pub asked_at: Timestamp,
    pub expires_at: Timestamp,
}

/// How asking ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedToVouch {
    Asked,
    /// Too many codes, or recoveries, today.
    TooMany {
        retry_after: std::time::Duration,
    },
    /// There is nothing to ask for, or nobody to be asked.
    Over,
}

/// The code of who vouches.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct VouchCode {
    contact: AccountId,
    to: Identifier,
    code: SentCode,
}

impl AwaitsCode for VouchCode {
    const KIND: &'static str = ticket::VOUCH_CODE;

    fn contact(&self) -> &Identifier {
        &self.to
    }

    fn code(&self) -> &SentCode {
        &self.code
    }

    fn flow(&self) -> Option<&str> {
        None
    }
}

/// What finds the code of a request; only who is asked may try it.
fn code_handle(request: &str) -> Secret {
    Secret::new(format!("ppz_{request}"))
}

impl Accounts {
    /// How the recovery of an account stands to the one who is trusted.
    pub(in crate::account) async fn vouching(
        &self,
        account: &AccountId,
        recovery: Option<&str>,
        step: &Digest,
        now: Timestamp,
    ) -> Result<Vouching> {
        if let Some(recovery) = recovery
            && let Some(asked) = self.storage.vouch_request_of(recovery).await?
            && now < asked.expires_at
        {
            // Another step at the same contact sees no number, and asks nobody.
            if asked.asker != *step {
                return Ok(Vouching::Nobody);
            }
            return Ok(Vouching::Asked {
                number: asked.number,
                expires_at: asked.expires_at,
            });
        }
        let trusted = self.storage.trusted_of(account, now).await?;
        let agreed = trusted.is_some_and(|trusted| trusted.confirmed_at.is_some());
        Ok(if agreed {
            Vouching::Possible
        } else {
            Vouching::Nobody
        })
    }

    /// Asks who is trusted to vouch for whoever recovers access; the waiting
    /// time begins with it, so that every contact is told.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn ask_to_vouch(
        &self,
        handle: &Secret,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<AskedToVouch> {
        let Some(account) = self.recovering_account(handle, now).await? else {
            return Ok(AskedToVouch::Over);
        };
        let Some(Recovering::More {
            waits,
            vouching: Vouching::Possible,
            ..
        }) = self.recovering(handle, now).await?
        else {
            return Ok(AskedToVouch::Over);
        };
        if waits.is_none()
            && let Waiting::TooMany { retry_after } =
                self.wait_for_recovery(handle, browser, now).await?
        {
            return Ok(AskedToVouch::TooMany { retry_after });
        }
        let recovery = self.storage.newest_recovery(&account).await?;
        let trusted = self.storage.trusted_of(&account, now).await?;
        let contact = trusted.and_then(|trusted| trusted.contact_id);
        let (Some(recovery), Some(contact)) = (recovery, contact) else {
            return Ok(AskedToVouch::Over);
        };
        let Some(other) = self.find_owner(&contact).await? else {
            return Ok(AskedToVouch::Over);
        };
        let Some(to) = self.reached(&other).await?.into_iter().next() else {
            return Ok(AskedToVouch::Over);
        };
        let subject = contact_subject(&to);
        if let Some(retry_after) = self.allow_code(&subject, now).await? {
            return Ok(AskedToVouch::TooMany { retry_after });
        }
        let id = self.entropy.id(now);
        let digest = code_handle(&id).digest();
        let (code, sent) = self.new_code(&digest, now);
        let kind = MessageKind::VouchCode;
        let mut effects = self.code_message(&other, &to, kind, &code, now)?;
        let expires_at = sent.expires_at;
        let waiting = VouchCode {
            contact: contact.clone(),
            to,
            code: sent,
        };
        effects.tickets.push(NewTicket {
            account: Some(contact.clone()),
            kind: VouchCode::KIND,
            payload: self.seal_ticket(VouchCode::KIND, &digest, &waiting)?,
            digest,
            created_at: now,
            expires_at: self.ticket_end(now),
        });
        let request = VouchRecord {
            id,
            recovery_id: recovery.id,
            account_id: account,
            contact_id: contact,
            number: self.entropy.digits(2),
            asked_at: now,
            expires_at,
            vouched_at: None,
            asker: handle.digest(),
        };
        let asked = self.storage.ask_to_vouch(request, effects).await?;
        Ok(if asked {
            AskedToVouch::Asked
        } else {
            AskedToVouch::Over
        })
    }

    /// What this citizen is asked now.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn vouch_requests(
        &self,
        contact: &AccountId,
        now: Timestamp,
    ) -> Result<Vec<VouchRequest>> {
        let mut found = Vec::new();
        for record in self.storage.vouch_requests(contact, now).await? {
            let Some(owner) = self.find_owner(&record.account_id).await? else {
                continue;
            };
            found.push(VouchRequest {
                id: record.id,
                name: self.person_of(&owner).await?.masked_name(),
                number: record.number,
                asked_at: record.asked_at,
                expires_at: record.expires_at,
            });
        }
        Ok(found)
    }

    /// Vouches for who asks, if the code is right.
    ///
    /// # Errors
    /// The refusal.
    pub async fn vouch(
        &self,
        session: &Session,
        id: &str,
        code: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), CodeRefused> {
        let own = self.load_owner(&session.account).await?;
        if self.restriction(own.id(), now).await?.is_some()
            || !is_verified(&self.person_of(&own).await?, OF_AGE, now)
        {
            return Err(CodeRefused::Restricted);
        }
        let all = self.storage.vouch_requests(own.id(), now).await?;
        let request = all.into_iter().find(|request| request.id == id);
        let request = request.ok_or(CodeRefused::Unknown)?;
        let handle = code_handle(&request.id);
        let (vouched, _) = self.check_code::<VouchCode>(&handle, code, now).await?;
        if vouched.contact != *own.id() {
            return Err(CodeRefused::Unknown);
        }
        let recovery = self.storage.find_recovery(&request.recovery_id).await?;
        let recovery = recovery.ok_or(CodeRefused::Unknown)?;
        let other = self.load_owner(&request.account_id).await?;
        let kind = MessageKind::RecoveryVouched;
        let params = [
            ("time", now.millis().to_string()),
            ("link", self.link("/account/recovery")),
        ];
        let told = self
            .cancellable_messages(&other, &recovery, kind, &params, now)
            .await?;
        let theirs = self
            .lines(&other, now)
            .journal_of(&Actor::System, "recovery_vouched", None)?
            .notice(kind, &params)?
            .send(told)
            .done();
        let effects = self
            .lines(&own, now)
            .journal("vouched", None, browser)?
            .and(theirs)
            .done();
        let (id, contact) = (request.id, own.id().clone());
        match self.storage.vouch(id, contact, now, effects).await? {
            true => Ok(()),
            false => Err(CodeRefused::Unknown),
        }
    }
}
