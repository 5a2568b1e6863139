//! Making the account's phone or e-mail address a second factor: a code goes
//! there and comes back.

use serde::{Deserialize, Serialize};

use super::{EnrolRefused, New};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::codes::{AwaitsCode, CodeRefused, Pending, Resent};
use crate::account::factor::enrolled::{Kept, Kind};
use crate::account::factor::one_time_code::SentCode;
use crate::account::person::Owner;
use crate::account::session::Session;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::identifier::Identifier;
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::Effects;

/// The prefix of the secret that finds a contact being made a factor.
const PREFIX: &str = "ppf_";

/// A contact that is being made a factor.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct NewContact {
    account: AccountId,
    kind: String,
    contact: Identifier,
    code: SentCode,
}

impl AwaitsCode for NewContact {
    const KIND: &'static str = ticket::NEW_FACTOR;

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

impl Accounts {
    /// Sends a code to the account's phone or e-mail address.
    ///
    /// # Errors
    /// The refusal.
    pub async fn begin_contact_factor(
        &self,
        session: &Session,
        kind: Kind,
        now: Timestamp,
    ) -> Result<Secret, EnrolRefused> {
        self.may_enrol(session, now).await?;
        let owner = self.load_owner(&session.account).await?;
        let person = self.person_of(&owner).await?;
        let contact = kind.contact(&person).ok_or(EnrolRefused::NoContact)?;
        let records = self.storage.factors_of(owner.id()).await?;
        if records.iter().any(|record| record.kind == kind.as_str()) {
            return Err(EnrolRefused::TooMany);
        }
        let make = async |ticket: &Digest| {
            self.new_contact(&owner, kind.as_str(), contact.clone(), ticket, now)
        };
        self.begin_waiting(&owner, PREFIX, &contact, now, make)
            .await?
            .map_err(|retry_after| EnrolRefused::Wait { retry_after })
    }

    fn new_contact(
        &self,
        owner: &Owner,
        kind: &str,
        contact: Identifier,
        ticket: &Digest,
        now: Timestamp,
    ) -> Result<(NewContact, Effects)> {
        let (code, sent) = self.new_code(ticket, now);
        let effects = self.code_message(owner, &contact, MessageKind::FactorCode, &code, now)?;
        let new = NewContact {
            account: owner.id().clone(),
            kind: kind.to_owned(),
            contact,
            code: sent,
        };
        Ok((new, effects))
    }

    /// A contact of this citizen that is being made a factor.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn new_contact_factor(
        &self,
        session: &Session,
        handle: &Secret,
        now: Timestamp,
    ) -> Result<Option<Pending>> {
        let waiting = self.waiting::<NewContact>(&handle.digest(), now).await?;
        Ok(waiting
            .filter(|(new, _)| new.account == session.account)
            .map(|(new, record)| self.pending(&new, &record)))
    }

    /// Sends another code.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn resend_factor_code(
        &self,
        session: &Session,
        handle: &Secret,
        now: Timestamp,
    ) -> Result<Resent> {
        let ticket = handle.digest();
        let waiting = self.waiting::<NewContact>(&ticket, now).await?;
        let Some((new, _)) = waiting.filter(|(new, _)| new.account == session.account) else {
            return Ok(Resent::Unknown);
        };
        self.resend(new, &ticket, now, async |new| {
            let owner = self.load_owner(&session.account).await?;
            self.new_contact(&owner, &new.kind, new.contact, &ticket, now)
        })
        .await
    }

    /// Adds the contact as a factor, if the code is right.
    ///
    /// # Errors
    /// The refusal: of the code, or inside, of the factor.
    pub async fn confirm_contact_factor(
        &self,
        session: &Session,
        handle: &Secret,
        code: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Result<Secret, EnrolRefused>, CodeRefused> {
        if self
            .new_contact_factor(session, handle, now)
            .await?
            .is_none()
        {
            return Err(CodeRefused::Unknown);
        }
        match self.may_enrol(session, now).await {
            Err(EnrolRefused::Internal(error)) => return Err(error.into()),
            Err(refused) => return Ok(Err(refused)),
            Ok(()) => {}
        }
        let (new, proof) = self.check_code::<NewContact>(handle, code, now).await?;
        let Some(kind) = Kind::parse(&new.kind) else {
            return Err(CodeRefused::Unknown);
        };
        let kept = Kept {
            name: String::new(),
            totp: None,
            key: None,
        };
        let new = New {
            kind,
            kept,
            credential: None,
            step: None,
            proof,
        };
        Ok(self.enrol(session, new, browser, now).await)
    }
}
