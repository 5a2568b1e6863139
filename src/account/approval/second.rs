//! A second factor by the word of another browser where the owner is signed in:
//! the browser that waits shows a code and a number as at a sign-in, and the
//! question stands in the cabinet of the account as well.

use super::ask::LINK_PREFIX;
use super::{Approved, AskRefused, Asking, AskingStep};
use crate::account::Accounts;
use crate::account::browser::{Browser, Details};
use crate::account::factor;
use crate::account::session::Session;
use crate::account::throttle::network;
use crate::error::Result;
use crate::model::authentication::Proof;
use crate::model::id::{AccountId, ClientId, SessionId};
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::Redeemed;

/// A second step that asks.
pub(in crate::account) struct StepThatAsks<'a> {
    /// The digest of its handle.
    pub digest: &'a Digest,
    pub account: &'a AccountId,
    /// The session of the browser that asks, if there is one.
    pub session: Option<&'a SessionId>,
    pub client: Option<&'a ClientId>,
}

/// A question that waits for an answer.
#[derive(Clone, Debug)]
pub struct AskedHere {
    /// The browser that asks.
    pub browser: Details,
    /// Where it is answered.
    pub path: String,
}

impl Accounts {
    /// Asks the other browsers of the account; gives the secret that waits.
    /// Whoever has the password must not ask its owner without end.
    pub(in crate::account) async fn ask_others(
        &self,
        step: &StepThatAsks<'_>,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Secret, AskRefused> {
        let subjects = [
            (self.approvals_asked(), network(browser.address)),
            (self.approvals_asked_of(), step.account.to_string()),
        ];
        for (counter, subject) in subjects {
            if let Some(retry_after) = self.allow(counter, &subject, now).await? {
                return Err(AskRefused::TooMany { retry_after });
            }
        }
        let link = self.entropy.secret(LINK_PREFIX);
        let asking = AskingStep {
            digest: step.digest.as_str().to_owned(),
            account: step.account.clone(),
            session: step.session.cloned(),
            link: link.expose().to_owned(),
        };
        let handle = self
            .keep_question(link, browser, step.client, Some(asking), now)
            .await?;
        Ok(handle)
    }

    /// The questions that wait for an answer of this session, newest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn asked_here(&self, session: &Session, now: Timestamp) -> Result<Vec<AskedHere>> {
        let kind = ticket::APPROVAL_ASKED;
        let mut all = Vec::new();
        for (digest, payload) in self.storage.questions_of(&session.account, now).await? {
            let asking: Asking = self.open_ticket(kind, &digest, &payload)?;
            let Some(step) = asking.step.filter(|step| step.may_be_answered_by(session)) else {
                continue;
            };
            all.push(AskedHere {
                browser: asking.browser,
                path: format!("/approve?ask={}", step.link),
            });
        }
        Ok(all)
    }

    /// The proof by the answer to this step, which is spent; none without one, or
    /// when the session that gave it is no more.
    pub(in crate::account) async fn redeem_answer(
        &self,
        handle: &Secret,
        step: &Digest,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Option<Proof>> {
        let (kind, digest) = (ticket::APPROVAL, handle.digest());
        let spent = self
            .storage
            .redeem_ticket(kind, digest.clone(), now)
            .await?;
        let Redeemed::Fresh(sealed) = spent else {
            return Ok(None);
        };
        let approved: Approved = self.open_ticket(kind, &digest, &sealed)?;
        if approved.account != *account || approved.step.as_deref() != Some(step.as_str()) {
            return Ok(None);
        }
        let open = self.storage.open_sessions(account, now).await?;
        let stands = open.iter().any(|session| session.id == approved.session);
        Ok(stands.then(|| factor::approval::proof(approved.proven_at, approved.strong)))
    }
}
