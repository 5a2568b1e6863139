//! The first step: the form is accepted and a code goes out.

use std::net::IpAddr;
use std::time::Duration;

use super::{
    Applicant, Draft, HANDLE_PREFIX, LINK_PREFIX, LinkTo, Pending, RegistrationForm, Resent,
};
use crate::account::Accounts;
use crate::account::agreements::Document;
use crate::account::codes::{AwaitsCode as _, contact_subject};
use crate::account::problem::Problem;
use crate::account::throttle::network;
use crate::error::{Internal, Result};
use crate::model::identifier::ContactKind;
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::Effects;
use crate::texts::Lang;

/// Where a registration begins.
#[derive(Clone, Debug)]
pub struct Start {
    /// The language of the pages: messages are written in it.
    pub lang: Lang,
    /// The network address of the browser.
    pub address: IpAddr,
    /// The authorization it belongs to, handed back at the end.
    pub flow: Option<String>,
}

/// A registration that waits for its code.
#[derive(Debug)]
pub struct Begun {
    /// Finds it again; kept by the browser.
    pub handle: Secret,
}

/// Why a registration did not begin.
#[derive(Debug)]
pub enum BeginRefused {
    /// Wrong fields, all of them.
    Problems(Vec<Problem>),
    /// Too many from this address, or too many codes to this contact.
    TooMany {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for BeginRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Accounts {
    /// Begins a registration: a code goes to the contact, with a link if it is
    /// an e-mail address.
    ///
    /// # Errors
    /// The refusal.
    pub async fn begin_registration(
        &self,
        form: &RegistrationForm,
        start: &Start,
        now: Timestamp,
    ) -> Result<Begun, BeginRefused> {
        let (profile, contact) = form.check().map_err(BeginRefused::Problems)?;
        let network = network(start.address);
        let too_many = |wait: Option<Duration>| {
            wait.map_or(Ok(()), |retry_after| {
                Err(BeginRefused::TooMany { retry_after })
            })
        };
        too_many(
            self.allow(self.registrations_from_address(), &network, now)
                .await?,
        )?;
        too_many(self.allow_code(&contact_subject(&contact), now).await?)?;
        let accepted = |document| self.agreement(document, now).into();
        let applicant = Applicant {
            profile,
            contact,
            lang: start.lang.as_str().to_owned(),
            flow: start.flow.clone(),
            agreements: Document::ALL.map(accepted).to_vec(),
        };
        let handle = self.entropy.secret(HANDLE_PREFIX);
        let ticket = handle.digest();
        let (draft, effects) = self.draft(applicant, &ticket, now).await?;
        self.put_waiting(None, ticket, &draft, effects, now).await?;
        Ok(Begun { handle })
    }

    /// A registration under way, if its handle is good.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn registration(&self, handle: &Secret, now: Timestamp) -> Result<Option<Pending>> {
        let waiting = self.waiting::<Draft>(&handle.digest(), now).await?;
        Ok(waiting.map(|(draft, record)| self.pending(&draft, &record)))
    }

    /// Sends another code; the one before is dead, and so is its link.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn resend_code(&self, handle: &Secret, now: Timestamp) -> Result<Resent> {
        let ticket = handle.digest();
        let Some((draft, _)) = self.waiting::<Draft>(&ticket, now).await? else {
            return Ok(Resent::Unknown);
        };
        self.resend(draft, &ticket, now, async |draft| {
            self.draft(draft.applicant, &ticket, now).await
        })
        .await
    }

    /// A draft with a new code and the message that brings it. For a contact
    /// in use the same is made, but the message warns its owner.
    async fn draft(
        &self,
        applicant: Applicant,
        ticket: &Digest,
        now: Timestamp,
    ) -> Result<(Draft, Effects)> {
        let contact = &applicant.contact;
        let found = self.find_by_identifier(contact).await?;
        let id = found.as_ref().unwrap_or_else(|| self.decoy.owner.id());
        let owner = self.find_owner(id).await?;
        let (code, sent) = self.new_code(ticket, now);
        let link = self.link_for(contact.kind(), ticket, now).await?;
        let (kind, params, lang) = if let Some(owner) = &owner {
            let params = vec![("link", self.link("/sign-in"))];
            (MessageKind::RegistrationContactTaken, params, owner.lang())
        } else {
            let lang = Lang::from_tag(&applicant.lang).unwrap_or_default();
            let mut params = vec![("code", code.expose().to_owned())];
            if let Some(link) = &link {
                let path = format!("/register/link?token={}", link.expose());
                params.push(("link", self.link(&path)));
            }
            (MessageKind::RegistrationCode, params, lang)
        };
        let life = self.settings.limits.code_life();
        let message = self.message(contact, kind, &params, lang, now, life)?;
        let draft = Draft {
            code: match &owner {
                Some(_) => sent.unknown_to_all(&self.vault, &self.entropy, ticket),
                None => sent,
            },
            link: link.map(|link| link.digest().as_str().to_owned()),
            taken: owner.is_some(),
            applicant,
        };
        let effects = Effects {
            outbox: message.into_iter().collect(),
            ..Effects::default()
        };
        Ok((draft, effects))
    }

    /// A link for an e-mail: a ticket of its own that leads to the registration.
    async fn link_for(
        &self,
        kind: ContactKind,
        registration: &Digest,
        now: Timestamp,
    ) -> Result<Option<Secret>> {
        if kind != ContactKind::Email {
            return Ok(None);
        }
        let link = self.entropy.secret(LINK_PREFIX);
        let ticket = link.digest();
        let to = LinkTo {
            registration: registration.as_str().to_owned(),
        };
        let payload = self.seal_ticket(ticket::REGISTRATION_LINK, &ticket, &to)?;
        let end = now.plus(self.settings.limits.code_life());
        self.storage
            .put_ticket(ticket::REGISTRATION_LINK, ticket, payload, now, end)
            .await?;
        Ok(Some(link))
    }
}

impl Draft {
    /// Whether this link went out with the code in force.
    pub(super) fn is_linked(&self, link: &Digest, now: Timestamp) -> bool {
        let same = self.link.clone().map(Digest::from_stored).as_ref() == Some(link);
        same && !self.taken && now < self.code().expires_at
    }
}
