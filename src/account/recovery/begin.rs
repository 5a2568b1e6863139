//! The first step: an identifier is typed and a code goes out, if it is
//! somebody's.

use std::net::IpAddr;
use std::time::Duration;

use super::{Asked, Found, HANDLE_PREFIX, Opened};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::codes::{CodeRefused, Pending, Resent, contact_subject};
use crate::account::hashing::HashRefused;
use crate::account::person::Owner;
use crate::account::problem::Problem;
use crate::account::throttle::network;
use crate::error::{Internal, Result};
use crate::model::authentication::AuthenticationContext;
use crate::model::identifier::{ContactKind, Identifier};
use crate::model::secret::{Digest, Secret};
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::Effects;

/// Where a recovery begins.
#[derive(Clone, Copy, Debug)]
pub struct RecoveryStart {
    /// The network address of the browser.
    pub address: IpAddr,
}

/// Why a step of a recovery was refused.
#[derive(Debug)]
pub enum RecoverRefused {
    /// Nothing was typed, or nothing that could be an identifier.
    Malformed,
    /// Wrong fields: `password` (every broken rule), `password_repeat`.
    Problems(Vec<Problem>),
    /// Too many from this address, or too many codes for this identifier.
    TooMany {
        retry_after: Duration,
    },
    /// The step is over, or not the one that is due.
    Over,
    /// Too many passwords are being hashed.
    Busy {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for RecoverRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl From<HashRefused> for RecoverRefused {
    fn from(refused: HashRefused) -> Self {
        match refused {
            HashRefused::Busy { retry_after } => Self::Busy { retry_after },
            HashRefused::Internal(error) => Self::Internal(error),
        }
    }
}

/// Whom an identifier leads to.
struct Whose {
    typed: Identifier,
    /// The owner and the contact a code may go to.
    owner: Option<(Owner, Identifier)>,
}

impl Accounts {
    /// Begins a recovery: the handle that finds it, whether anybody has this
    /// identifier or not.
    ///
    /// # Errors
    /// The refusal.
    pub async fn begin_recovery(
        &self,
        typed: &str,
        start: RecoveryStart,
        now: Timestamp,
    ) -> Result<Secret, RecoverRefused> {
        let readings = Identifier::readings(typed);
        if readings.is_empty() {
            return Err(RecoverRefused::Malformed);
        }
        let network = network(start.address);
        let counter = self.recoveries_from_address();
        if let Some(retry_after) = self.allow(counter, &network, now).await? {
            return Err(RecoverRefused::TooMany { retry_after });
        }
        let whose = self.whose(&readings).await?;
        let subject = contact_subject(&whose.typed);
        if let Some(retry_after) = self.allow_code(&subject, now).await? {
            return Err(RecoverRefused::TooMany { retry_after });
        }
        let handle = self.entropy.secret(HANDLE_PREFIX);
        let ticket = handle.digest();
        let (asked, effects) = self.ask(&whose, &ticket, now).await?;
        let account = asked.found.as_ref().map(|found| &found.account);
        self.put_waiting(account, ticket, &asked, effects, now)
            .await?;
        Ok(handle)
    }

    /// A recovery that waits for its code.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn asked_recovery(&self, handle: &Secret, now: Timestamp) -> Result<Option<Pending>> {
        let waiting = self.waiting::<Asked>(&handle.digest(), now).await?;
        Ok(waiting.map(|(asked, record)| self.pending(&asked, &record)))
    }

    /// Sends another code; the one before is dead.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn resend_recovery_code(&self, handle: &Secret, now: Timestamp) -> Result<Resent> {
        let ticket = handle.digest();
        let Some((asked, _)) = self.waiting::<Asked>(&ticket, now).await? else {
            return Ok(Resent::Unknown);
        };
        self.resend(asked, &ticket, now, async |asked| {
            let whose = self.whose(&[asked.typed]).await?;
            self.ask(&whose, &ticket, now).await
        })
        .await
    }

    /// Goes on with the right code: the next handle. The owner of an account
    /// that asks for more is told how far somebody has come.
    ///
    /// # Errors
    /// The refusal.
    pub async fn confirm_recovery_code(
        &self,
        handle: &Secret,
        code: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Secret, CodeRefused> {
        let (asked, proof) = self.check_code::<Asked>(handle, code, now).await?;
        let Found { account, contact } = asked.found.ok_or(CodeRefused::Unknown)?;
        let owner = self.load_owner(&account).await?;
        let effects = match self.asks_more(&owner, contact, now).await? {
            true => self.recovery_tried(&owner, browser, now).await?,
            false => Effects::default(),
        };
        let opened = Opened {
            account,
            contact,
            shown: AuthenticationContext::new(proof),
            second: false,
        };
        Ok(self.put_opened(&opened, effects, now).await?)
    }

    /// Looks everything up, whether or not there is anybody.
    async fn whose(&self, readings: &[Identifier]) -> Result<Whose> {
        let mut found = None;
        for reading in readings {
            let account = self.find_by_identifier(reading).await?;
            found = found.or(account.map(|account| (reading, account)));
        }
        let likeliest = readings.last();
        let typed = found.as_ref().map(|(reading, _)| *reading).or(likeliest);
        let typed = typed.unwrap_or(&self.decoy.contact).clone();
        let id = found.map_or_else(|| self.decoy.owner.id().clone(), |(_, account)| account);
        let record = self.storage.find_account(&id).await?;
        let record = record.unwrap_or_else(|| self.decoy.owner.record.clone());
        let owner = Owner::open(record, &self.vault)?;
        let mut reached = self.reached(&owner).await?;
        // The very contact that was typed; for a SNILS the phone, else the mailbox.
        reached.retain(|contact| {
            typed.kind() == ContactKind::Snils
                || (contact.kind() == typed.kind() && contact.index() == typed.index())
        });
        let to = reached.into_iter().next();
        Ok(Whose {
            typed,
            owner: to.map(|to| (owner, to)),
        })
    }

    /// What waits, with the message that brings the code; for nobody the same
    /// is made, and thrown away.
    async fn ask(
        &self,
        whose: &Whose,
        ticket: &Digest,
        now: Timestamp,
    ) -> Result<(Asked, Effects)> {
        let typed = whose.typed.clone();
        let (code, sent) = self.new_code(ticket, now);
        let dead = sent
            .clone()
            .unknown_to_all(&self.vault, &self.entropy, ticket);
        let (owner, to) = match &whose.owner {
            Some((owner, to)) => (owner, to),
            None => (&self.decoy.owner, &self.decoy.contact),
        };
        // By a SNILS no more codes go to a contact than by the contact itself. It
        // is not told: that would tell that there is one.
        let is_allowed = match typed.kind() {
            ContactKind::Snils => {
                let subject = match &whose.owner {
                    Some((_, to)) => contact_subject(to),
                    None => format!("nobody:{}", typed.index()),
                };
                self.allow_code(&subject, now).await?.is_none()
            }
            ContactKind::Phone | ContactKind::Email => true,
        };
        let effects = self.code_message(owner, to, MessageKind::RecoveryCode, &code, now)?;
        if whose.owner.is_some() && is_allowed {
            let found = Found {
                account: owner.id().clone(),
                contact: to.kind(),
            };
            let found = Some(found);
            let code = sent;
            return Ok((Asked { typed, found, code }, effects));
        }
        // Nobody is told, but as much is written.
        let (found, code) = (None, dead);
        Ok((Asked { typed, found, code }, self.never_sent(effects, now)))
    }

    async fn recovery_tried(
        &self,
        owner: &Owner,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Effects> {
        let kind = MessageKind::RecoveryTried;
        let params = self.seen(&browser.details(), "/account/security", now);
        let lines = self
            .lines(owner, now)
            .journal("recovery_tried", None, browser)?;
        // Whoever has one contact must not flood the others.
        let subject = owner.id().as_str();
        let counter = self.told_of_strangers();
        if self.allow(counter, subject, now).await?.is_some() {
            return Ok(lines.done());
        }
        Ok(lines.warn_everywhere(kind, &params).await?.done())
    }
}
