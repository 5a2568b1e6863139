//! The browser that asks, and that goes in when the answer is there.

use std::time::Duration;

use super::{Approved, Asking, AskingStep, Waiting};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::factor;
use crate::account::sign_in::{Admitted, Arrival, Proven, SignInRefused};
use crate::account::throttle::network;
use crate::error::{Internal, Result};
use crate::model::id::ClientId;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, Redeemed, RestsOn};

/// The prefix of the secret that waits.
const HANDLE_PREFIX: &str = "ppu_";
/// The prefix of the secret in the code.
pub(super) const LINK_PREFIX: &str = "ppo_";
/// How long a code is good.
const LIFE: Duration = Duration::from_mins(5);
/// Numbers to choose from.
const CHOICE: usize = 3;

/// A code that is shown.
#[derive(Clone, Debug)]
pub struct Awaiting {
    /// What the code leads to.
    pub link: String,
    /// The number that is to be named.
    pub number: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// How far an asked-for sign-in is.
#[derive(Clone, Debug)]
pub enum Awaited {
    /// Nobody has answered yet.
    Asked(Awaiting),
    /// Somebody has agreed: the browser may go in as them.
    Agreed { name: String },
    /// It was refused, or its time is over.
    Over,
}

/// Why nothing was asked.
#[derive(Debug)]
pub enum AskRefused {
    /// Too many from this network.
    TooMany {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for AskRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Accounts {
    /// Asks for a sign-in by the word of another browser; gives the secret that
    /// waits.
    ///
    /// # Errors
    /// The refusal.
    pub async fn ask_approval(
        &self,
        arrival: Arrival<'_>,
        now: Timestamp,
    ) -> Result<Secret, AskRefused> {
        let network = network(arrival.browser.address);
        let wait = self.allow(self.approvals_asked(), &network, now).await?;
        if let Some(retry_after) = wait {
            return Err(AskRefused::TooMany { retry_after });
        }
        let link = self.entropy.secret(LINK_PREFIX);
        let (browser, client) = (arrival.browser, arrival.client);
        Ok(self.keep_question(link, browser, client, None, now).await?)
    }

    /// Keeps a question for whoever opens the link; gives the secret that waits.
    pub(super) async fn keep_question(
        &self,
        link: Secret,
        browser: &Browser,
        client: Option<&ClientId>,
        step: Option<AskingStep>,
        now: Timestamp,
    ) -> Result<Secret> {
        let handle = self.entropy.secret(HANDLE_PREFIX);
        let account = step.as_ref().map(|step| step.account.clone());
        let numbers = self.numbers();
        let number = numbers.first().cloned().unwrap_or_default();
        let asking = Asking {
            waiting: handle.digest().as_str().to_owned(),
            number: number.clone(),
            numbers: in_order(numbers),
            browser: browser.details(),
            client: client.cloned(),
            step,
        };
        let waiting = Waiting {
            link: link.expose().to_owned(),
            number,
        };
        let (asked, kept) = (link.digest(), handle.digest());
        let end = now.plus(LIFE);
        let sealed = self.seal_ticket(ticket::APPROVAL_ASKED, &asked, &asking)?;
        let (asked, none) = ((ticket::APPROVAL_ASKED, asked), Effects::default());
        self.storage
            .put_ticket_of(account, asked, sealed, now, end, none)
            .await?;
        let sealed = self.seal_ticket(ticket::APPROVAL_AWAITED, &kept, &waiting)?;
        self.storage
            .put_ticket(ticket::APPROVAL_AWAITED, kept, sealed, now, end)
            .await?;
        Ok(handle)
    }

    /// How far it is.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn awaited(&self, handle: &Secret, now: Timestamp) -> Result<Awaited> {
        let digest = handle.digest();
        let find = |kind| self.storage.find_ticket(kind, &digest, now);
        if let Some(answer) = find(ticket::APPROVAL).await? {
            if answer.spent_at.is_some() {
                return Ok(Awaited::Over);
            }
            let kind = ticket::APPROVAL;
            let approved: Approved = self.open_ticket(kind, &digest, &answer.payload)?;
            let person = self.load_person(&approved.account).await?;
            let name = person.masked_name();
            return Ok(Awaited::Agreed { name });
        }
        let Some(record) = find(ticket::APPROVAL_AWAITED).await? else {
            return Ok(Awaited::Over);
        };
        let waiting: Waiting =
            self.open_ticket(ticket::APPROVAL_AWAITED, &digest, &record.payload)?;
        let link = Secret::new(waiting.link);
        let (kind, asked) = (ticket::APPROVAL_ASKED, link.digest());
        let asked = self.storage.find_ticket(kind, &asked, now).await?;
        // Spent, and no answer: it was refused.
        if asked.is_none_or(|asked| asked.spent_at.is_some()) {
            return Ok(Awaited::Over);
        }
        Ok(Awaited::Asked(Awaiting {
            link: self.link(&format!("/approve?ask={}", link.expose())),
            number: waiting.number,
            expires_at: record.expires_at,
        }))
    }

    /// Signs in by the answer, which is spent.
    ///
    /// # Errors
    /// The refusal.
    pub async fn sign_in_by_approval(
        &self,
        handle: &Secret,
        arrival: Arrival<'_>,
        now: Timestamp,
    ) -> Result<Admitted, SignInRefused> {
        let digest = handle.digest();
        let spent = self
            .storage
            .redeem_ticket(ticket::APPROVAL, digest.clone(), now)
            .await?;
        let Redeemed::Fresh(sealed) = spent else {
            return Err(SignInRefused::BadCredentials);
        };
        let approved: Approved = self.open_ticket(ticket::APPROVAL, &digest, &sealed)?;
        // An answer to a second step is worth nothing without the first.
        if approved.step.is_some() {
            return Err(SignInRefused::BadCredentials);
        }
        let owner = self.find_owner(&approved.account).await?;
        let owner = owner.ok_or(SignInRefused::BadCredentials)?;
        if owner.record.blocked_at.is_some() {
            return Err(SignInRefused::Blocked);
        }
        let proven = Proven {
            owner: &owner,
            proof: factor::approval::proof(approved.proven_at, approved.strong),
            rests_on: RestsOn::Session(approved.session),
            known_device: self.knows_device(arrival.browser, owner.id()).await?,
            arrival,
        };
        let admitted = self.admit(&proven, now).await?;
        admitted.ok_or(SignInRefused::BadCredentials)
    }

    /// Different numbers of two digits.
    fn numbers(&self) -> Vec<String> {
        let mut numbers: Vec<String> = Vec::new();
        while numbers.len() < CHOICE {
            let number = self.entropy.digits(2);
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        numbers
    }
}

/// Whether it has the form of a secret that waits.
pub fn is_handle(text: &str) -> bool {
    text.starts_with(HANDLE_PREFIX)
}

/// Their order says nothing of which is the right one.
fn in_order(mut numbers: Vec<String>) -> Vec<String> {
    numbers.sort_unstable();
    numbers
}
