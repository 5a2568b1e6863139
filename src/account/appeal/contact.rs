//! The first step: a new contact, shown by a code. Nothing about a person is
//! kept before.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::AppealRefused;
use crate::account::Accounts;
use crate::account::codes::{AwaitsCode, CodeRefused, Pending, Resent, contact_subject};
use crate::account::factor::one_time_code::SentCode;
use crate::account::problem::Problem;
use crate::account::registration::parse_contact;
use crate::account::throttle::network;
use crate::error::Result;
use crate::model::identifier::Identifier;
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::Effects;
use crate::texts::Lang;

/// The prefix of the secret that finds a contact that waits for its code.
const HANDLE_PREFIX: &str = "ppi_";
/// The prefix of the secret that finds one whose code was right.
const FORM_PREFIX: &str = "pph_";

/// A contact that waits for its code.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Asked {
    contact: Identifier,
    lang: String,
    code: SentCode,
}

/// A contact that was shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Shown {
    pub contact: Identifier,
}

/// Where a form begins.
#[derive(Clone, Copy, Debug)]
pub struct AppealBegun {
    /// The network address of the browser.
    pub address: IpAddr,
    /// The language of the pages: messages are written in it.
    pub lang: Lang,
}

impl AwaitsCode for Asked {
    const KIND: &'static str = ticket::APPEAL;

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
    /// Sends a code to the new contact, whoever has it: what finds the step.
    ///
    /// # Errors
    /// The refusal: of the field `contact`, or too many.
    pub async fn begin_appeal(
        &self,
        contact: &str,
        begun: AppealBegun,
        now: Timestamp,
    ) -> Result<Secret, AppealRefused> {
        let contact = parse_contact(contact)
            .map_err(|kind| AppealRefused::Problems(vec![Problem::of("contact", kind)]))?;
        let network = network(begun.address);
        let counter = self.recoveries_from_address();
        if let Some(retry_after) = self.allow(counter, &network, now).await? {
            return Err(AppealRefused::TooMany { retry_after });
        }
        let subject = contact_subject(&contact);
        if let Some(retry_after) = self.allow_code(&subject, now).await? {
            return Err(AppealRefused::TooMany { retry_after });
        }
        let handle = self.entropy.secret(HANDLE_PREFIX);
        let ticket = handle.digest();
        let (asked, effects) = self.ask_contact(contact, begun.lang, &ticket, now)?;
        self.put_waiting(None, ticket, &asked, effects, now).await?;
        Ok(handle)
    }

    fn ask_contact(
        &self,
        contact: Identifier,
        lang: Lang,
        ticket: &Digest,
        now: Timestamp,
    ) -> Result<(Asked, Effects)> {
        let (code, sent) = self.new_code(ticket, now);
        let params = [("code", code.expose().to_owned())];
        let (kind, life) = (MessageKind::AppealCode, self.settings.limits.code_life());
        let message = self.message(&contact, kind, &params, lang, now, life)?;
        let asked = Asked {
            contact,
            lang: lang.as_str().to_owned(),
            code: sent,
        };
        let effects = Effects {
            outbox: message.into_iter().collect(),
            ..Effects::default()
        };
        Ok((asked, effects))
    }

    /// A contact that waits for its code.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn asked_appeal(&self, handle: &Secret, now: Timestamp) -> Result<Option<Pending>> {
        let waiting = self.waiting::<Asked>(&handle.digest(), now).await?;
        Ok(waiting.map(|(asked, record)| self.pending(&asked, &record)))
    }

    /// Sends another code; the one before is dead.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn resend_appeal_code(&self, handle: &Secret, now: Timestamp) -> Result<Resent> {
        let ticket = handle.digest();
        let Some((asked, _)) = self.waiting::<Asked>(&ticket, now).await? else {
            return Ok(Resent::Unknown);
        };
        self.resend(asked, &ticket, now, async |asked| {
            let lang = Lang::from_tag(&asked.lang).unwrap_or_default();
            self.ask_contact(asked.contact, lang, &ticket, now)
        })
        .await
    }

    /// Goes on with the right code: what finds the form.
    ///
    /// # Errors
    /// The refusal. That a contact is somebody's is told to who holds it, and to
    /// nobody else.
    pub async fn confirm_appeal_contact(
        &self,
        handle: &Secret,
        code: &str,
        now: Timestamp,
    ) -> Result<Secret, CodeRefused> {
        let (asked, _) = self.check_code::<Asked>(handle, code, now).await?;
        if self.find_by_login(asked.contact.as_str()).await?.is_some() {
            return Err(CodeRefused::ContactTaken);
        }
        let handle = self.entropy.secret(FORM_PREFIX);
        let digest = handle.digest();
        let shown = Shown {
            contact: asked.contact,
        };
        let kind = ticket::APPEAL_FORM;
        let payload = self.seal_ticket(kind, &digest, &shown)?;
        // Long enough to find the papers and to photograph them.
        let life = 4 * std::time::Duration::from_secs(self.settings.limits.registration_seconds);
        self.storage
            .put_ticket(kind, digest, payload, now, now.plus(life))
            .await?;
        Ok(handle)
    }

    /// The new contact of a form, masked, while it may be sent.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn appeal_contact(&self, handle: &Secret, now: Timestamp) -> Result<Option<String>> {
        let shown = self.shown_contact(&handle.digest(), now).await?;
        Ok(shown.map(|shown| shown.contact.masked()))
    }

    pub(super) async fn shown_contact(
        &self,
        ticket: &Digest,
        now: Timestamp,
    ) -> Result<Option<Shown>> {
        let kind = ticket::APPEAL_FORM;
        let record = self.storage.find_ticket(kind, ticket, now).await?;
        record
            .filter(|record| record.spent_at.is_none())
            .map(|record| self.open_ticket(kind, ticket, &record.payload))
            .transpose()
    }
}
