//! The browser where somebody is signed in, and that answers.

use super::ask::LINK_PREFIX;
use super::{Approved, Asking};
use crate::account::Accounts;
use crate::account::browser::{Browser, Details};
use crate::account::session::Session;
use crate::error::{Internal, Result};
use crate::model::authentication::{Method, Strength};
use crate::model::device_rights::DeviceRights;
use crate::model::id::ClientId;
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Effects, NewTicket, Redeemed};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Asks {
    /// The browser that asks.
    pub browser: Details,
    /// The site it is on the way to.
    pub client: Option<ClientId>,
    /// The numbers to choose from.
    pub numbers: Vec<String>,
    /// Whether the password, or what stands for it, was right there already.
    pub is_second: bool,
}

/// Why nobody was let in.
#[derive(Debug)]
pub enum ApproveRefused {
    /// It was answered before, or its time is over.
    Over,
    /// Another number is shown there.
    WrongNumber,
    /// The last proof of whoever answers is too old.
    NeedsProof,
    /// The session that would answer has shown too little itself, or its device
    /// may not do everything.
    TooWeak,
    /// Sensitive actions are closed after an unusual sign-in.
    Restricted,
    Internal(Internal),
}

impl From<Internal> for ApproveRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Accounts {
    /// Whether this session may answer: it is as critical as a password.
    ///
    /// # Errors
    /// The refusal.
    pub async fn may_approve(
        &self,
        session: &Session,
        now: Timestamp,
    ) -> Result<(), ApproveRefused> {
        if self.restriction(&session.account, now).await?.is_some() {
            return Err(ApproveRefused::Restricted);
        }
        match self.is_proven(session, now).await? {
            true => Ok(()),
            false => Err(ApproveRefused::NeedsProof),
        }
    }

    /// What a link asks; none when it was answered, its time is over, or it
    /// does not ask this session.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn asks(
        &self,
        link: &Secret,
        session: Option<&Session>,
        now: Timestamp,
    ) -> Result<Option<Asks>> {
        let found = self.asking(link, session, now).await?;
        Ok(found.map(|(asking, _)| Asks {
            is_second: asking.step.is_some(),
            browser: asking.browser,
            client: asking.client,
            numbers: asking.numbers,
        }))
    }

    /// Lets the browser that asked in, if the right number was named; whatever
    /// was named, the link is spent.
    ///
    /// # Errors
    /// The refusal.
    pub async fn approve(
        &self,
        session: &Session,
        link: &Secret,
        number: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), ApproveRefused> {
        self.may_approve(session, now).await?;
        let found = self.asking(link, Some(session), now).await?;
        let (asking, expires_at) = found.ok_or(ApproveRefused::Over)?;
        if asking.number != number {
            self.refuse_asking(session, link, &asking, browser, now)
                .await?;
            return Err(ApproveRefused::WrongNumber);
        }
        let strong = session.authentication.strength() > Strength::Aal1;
        // What was approved itself approves nothing: one word of the owner would
        // go on for ever. Nor does a device that may not do everything let in one
        // that may.
        let vouches = strong
            && !session.authentication.has(Method::Approval)
            && session.rights == DeviceRights::Full;
        if asking.step.is_some() && !vouches {
            return Err(ApproveRefused::TooWeak);
        }
        let owner = self.load_owner(&session.account).await?;
        let approved = Approved {
            account: session.account.clone(),
            session: session.id.clone(),
            proven_at: session.authentication.authenticated_at(),
            strong,
            step: asking.step.as_ref().map(|step| step.digest.clone()),
        };
        let mut effects = self
            .lines(&owner, now)
            .journal("sign_in_approved", Some(&asking.browser.device()), browser)?
            .done();
        let digest = Digest::from_stored(asking.waiting.clone());
        effects.tickets.push(NewTicket {
            account: Some(approved.account.clone()),
            kind: ticket::APPROVAL,
            payload: self.seal_ticket(ticket::APPROVAL, &digest, &approved)?,
            digest,
            created_at: now,
            expires_at,
        });
        match self.spend(link, now, effects).await? {
            true => Ok(()),
            false => Err(ApproveRefused::Over),
        }
    }

    /// Lets nobody in.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn disapprove(
        &self,
        session: &Session,
        link: &Secret,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<()> {
        match self.asking(link, Some(session), now).await? {
            Some((asking, _)) => {
                self.refuse_asking(session, link, &asking, browser, now)
                    .await
            }
            None => Ok(()),
        }
    }

    /// The owner is told: somebody may be talking them into it.
    async fn refuse_asking(
        &self,
        session: &Session,
        link: &Secret,
        asking: &Asking,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<()> {
        let owner = self.load_owner(&session.account).await?;
        let kind = MessageKind::ApprovalRefused;
        let device = asking.browser.device();
        let params = self.seen(&asking.browser, "/account/security", now);
        let effects = self
            .lines(&owner, now)
            .journal("sign_in_not_approved", Some(&device), browser)?
            .warn(kind, &params)
            .await?
            .done();
        self.spend(link, now, effects).await.map(drop)
    }

    async fn asking(
        &self,
        link: &Secret,
        session: Option<&Session>,
        now: Timestamp,
    ) -> Result<Option<(Asking, Timestamp)>> {
        if !link.expose().starts_with(LINK_PREFIX) {
            return Ok(None);
        }
        let (kind, digest) = (ticket::APPROVAL_ASKED, link.digest());
        let found = self.storage.find_ticket(kind, &digest, now).await?;
        let Some(record) = found.filter(|record| record.spent_at.is_none()) else {
            return Ok(None);
        };
        let asking: Asking = self.open_ticket(kind, &digest, &record.payload)?;
        if let (Some(step), Some(session)) = (&asking.step, session)
            && !step.may_be_answered_by(session)
        {
            return Ok(None);
        }
        Ok(Some((asking, record.expires_at)))
    }

    /// Whether this call was the first to answer.
    async fn spend(&self, link: &Secret, now: Timestamp, effects: Effects) -> Result<bool> {
        let ticket = (ticket::APPROVAL_ASKED, link.digest());
        let spent = self.storage.redeem_ticket_with(ticket, now, effects);
        Ok(matches!(spent.await?, Redeemed::Fresh(_)))
    }
}
