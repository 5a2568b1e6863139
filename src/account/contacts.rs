//! Adding or replacing a phone or an e-mail address (requirement B13): a code
//! goes to the new contact, the old one is told. As dear as the password is
//! the proof it takes (requirement C10).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Accounts;
use super::browser::Browser;
use super::codes::{AwaitsCode, CodeRefused, Pending, Resent};
use super::factor::one_time_code::SentCode;
use super::hashing::HashRefused;
use super::password_change::Reproof;
use super::person::Owner;
use super::problem::{Problem, ProblemKind};
use super::registration::{Begun, parse_contact};
use super::session::Session;
use super::throttle::Lock;
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::identifier::Identifier;
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Effects, Registered};

/// The prefix of the secret that finds a change under way.
const HANDLE_PREFIX: &str = "ppt_";
/// Why a change of contact did not begin.
#[derive(Debug)]
pub enum ContactRefused {
    /// Wrong fields: `contact`, `current_password`.
    Problems(Vec<Problem>),
    /// The last proof is too old and no password was given.
    NeedsProof,
    /// The account is restricted.
    Restricted,
    /// Too many wrong current passwords.
    Locked {
        until: Timestamp,
        block_number: String,
    },
    /// Too many codes to this contact.
    TooMany {
        retry_after: Duration,
    },
    /// Too many passwords are being hashed.
    Busy {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for ContactRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl From<HashRefused> for ContactRefused {
    fn from(refused: HashRefused) -> Self {
        match refused {
            HashRefused::Busy { retry_after } => Self::Busy { retry_after },
            HashRefused::Internal(error) => Self::Internal(error),
        }
    }
}

impl From<Lock> for ContactRefused {
    fn from(lock: Lock) -> Self {
        Self::Locked {
            until: lock.until,
            block_number: lock.block_number,
        }
    }
}

/// A contact that waits for its code.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Change {
    account: AccountId,
    contact: Identifier,
    code: SentCode,
}

impl AwaitsCode for Change {
    const KIND: &'static str = ticket::CONTACT_CHANGE;

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
    /// Sends a code to a new contact of the citizen.
    ///
    /// # Errors
    /// The refusal. A contact of another account is not refused here: that
    /// would tell who has an account (requirement A8); its owner is warned.
    pub async fn begin_contact_change(
        &self,
        session: &Session,
        password: Option<&Secret>,
        contact: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Begun, ContactRefused> {
        let contact = parse_contact(contact)
            .map_err(|kind| ContactRefused::Problems(vec![Problem::of("contact", kind)]))?;
        if self.restriction(&session.account, now).await?.is_some() {
            return Err(ContactRefused::Restricted);
        }
        self.require_proof(session, password, browser, now).await?;
        let owner = self.load_owner(&session.account).await?;
        let make = async |ticket: &Digest| self.change(&owner, contact.clone(), ticket, now).await;
        let begun = self
            .begin_waiting(&owner, HANDLE_PREFIX, &contact, now, make)
            .await?;
        let handle = begun.map_err(|retry_after| ContactRefused::TooMany { retry_after })?;
        Ok(Begun { handle })
    }

    /// A change under way of this citizen.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn contact_change(
        &self,
        session: &Session,
        handle: &Secret,
        now: Timestamp,
    ) -> Result<Option<Pending>> {
        let waiting = self.waiting::<Change>(&handle.digest(), now).await?;
        Ok(waiting
            .filter(|(change, _)| change.account == session.account)
            .map(|(change, record)| self.pending(&change, &record)))
    }

    /// Sends another code.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn resend_contact_code(
        &self,
        session: &Session,
        handle: &Secret,
        now: Timestamp,
    ) -> Result<Resent> {
        let ticket = handle.digest();
        let waiting = self.waiting::<Change>(&ticket, now).await?;
        let Some((change, _)) = waiting.filter(|(change, _)| change.account == session.account)
        else {
            return Ok(Resent::Unknown);
        };
        self.resend(change, &ticket, now, async |change| {
            let owner = self.load_owner(&session.account).await?;
            self.change(&owner, change.contact, &ticket, now).await
        })
        .await
    }

    /// Checks the code and puts the contact in its place.
    ///
    /// # Errors
    /// The refusal.
    pub async fn confirm_contact_change(
        &self,
        session: &Session,
        handle: &Secret,
        code: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), CodeRefused> {
        if self.contact_change(session, handle, now).await?.is_none() {
            return Err(CodeRefused::Unknown);
        }
        if self.restriction(&session.account, now).await?.is_some() {
            return Err(CodeRefused::Restricted);
        }
        let (change, _) = self.check_code::<Change>(handle, code, now).await?;
        let owner = self.load_owner(&change.account).await?;
        let kind = MessageKind::ContactChanged;
        let params = [
            ("time", now.millis().to_string()),
            ("contact", change.contact.masked()),
            ("link", self.link("/account/security")),
        ];
        // The replaced one above all: a thief changes contacts first.
        let new = Some(&change.contact);
        let happening = (kind, &session.id);
        let told = self
            .tell_contacts(&owner, new, happening, &params, now)
            .await?;
        let lines = self
            .lines(&owner, now)
            .journal("contact_changed", Some(&change.contact.masked()), browser)?
            .notice(kind, &params)?
            .send(told);
        let record = self.contact_record(&owner.key, owner.id(), &change.contact, true, now)?;
        match self
            .storage
            .confirm_contact(record, now, lines.done())
            .await?
        {
            Registered::Created => Ok(()),
            Registered::ContactTaken => Err(CodeRefused::ContactTaken),
        }
    }

    async fn require_proof(
        &self,
        session: &Session,
        password: Option<&Secret>,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), ContactRefused> {
        if self.is_proven(session, now).await? {
            return Ok(());
        }
        // A password does not stand in for a second factor (attack row 49).
        if self.has_second_factor(&session.account).await? {
            return Err(ContactRefused::NeedsProof);
        }
        let password = password.ok_or(ContactRefused::NeedsProof)?;
        match self.reprove(session, password, browser, now).await? {
            Reproof::Given => Ok(()),
            Reproof::Wrong => Err(ContactRefused::Problems(vec![Problem::of(
                "current_password",
                ProblemKind::PasswordCurrent,
            )])),
            Reproof::Locked(lock) => Err(lock.into()),
        }
    }

    async fn change(
        &self,
        owner: &Owner,
        contact: Identifier,
        ticket: &Digest,
        now: Timestamp,
    ) -> Result<(Change, Effects)> {
        let (code, sent) = self.new_code(ticket, now);
        let found = self.find_by_identifier(&contact).await?;
        let taken = found.is_some_and(|found| found != *owner.id());
        let (kind, params) = if taken {
            (
                MessageKind::RegistrationContactTaken,
                [("link", self.link("/sign-in"))],
            )
        } else {
            (
                MessageKind::ContactCode,
                [("code", code.expose().to_owned())],
            )
        };
        let life = self.settings.limits.code_life();
        let message = self.message(&contact, kind, &params, owner.lang(), now, life)?;
        let change = Change {
            account: owner.id().clone(),
            code: if taken {
                sent.unknown_to_all(&self.vault, &self.entropy, ticket)
            } else {
                sent
            },
            contact,
        };
        let effects = Effects {
            outbox: message.into_iter().collect(),
            ..Effects::default()
        };
        Ok((change, effects))
    }
}
