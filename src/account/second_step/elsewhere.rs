//! Asking another browser where the owner is signed in for the second factor.

use super::{Aim, Step};
use crate::account::Accounts;
use crate::account::approval::{AskRefused, StepThatAsks};
use crate::account::browser::Browser;
use crate::account::factor::enrolled::Kind;
use crate::error::Result;
use crate::model::authentication::Method;
use crate::model::id::SessionId;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;

impl Step {
    fn session(&self) -> Option<&SessionId> {
        match &self.aim {
            Aim::Strengthen { session } => Some(session),
            _ => None,
        }
    }
}

impl Accounts {
    /// Whether somebody could answer: the account is open in another browser, it
    /// has a factor of a second kind, and nothing is unusual.
    pub(super) async fn has_others(&self, step: &Step, now: Timestamp) -> Result<bool> {
        let fits = matches!(step.aim, Aim::Begin { .. } | Aim::Strengthen { .. });
        if !fits || step.risky || step.authentication.has(Method::Approval) {
            return Ok(false);
        }
        // Whoever knows the password could talk the owner into the rest.
        if self.is_exposed(&step.account).await? {
            return Ok(false);
        }
        let factors = self.storage.factors_of(&step.account).await?;
        if factors.iter().all(|one| one.kind == Kind::Email.as_str()) {
            return Ok(false);
        }
        let open = self.storage.open_sessions(&step.account, now).await?;
        Ok(open.iter().any(|other| Some(&other.id) != step.session()))
    }

    /// Asks there; gives the secret that waits, or none when the step is over or
    /// nobody could answer.
    ///
    /// # Errors
    /// The refusal.
    pub async fn ask_elsewhere(
        &self,
        handle: &Secret,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Option<Secret>, AskRefused> {
        let offered = self.second_step(handle, now).await?;
        let offers = |offered: super::SecondStep| {
            let mut ways = offered.ways.iter();
            ways.any(|(way, _)| *way == super::Way::Elsewhere)
        };
        if !offered.is_some_and(offers) {
            return Ok(None);
        }
        let Some(step) = self.step_under_way(handle, now).await? else {
            return Ok(None);
        };
        // The browser that asks is no other one, whatever is signed in there.
        let here = match &browser.session {
            Some(cookie) => self.find_session(cookie, now).await?,
            None => None,
        };
        let asks = StepThatAsks {
            digest: &handle.digest(),
            account: &step.account,
            session: step.session().or(here.as_ref().map(|here| &here.id)),
            client: step.client.as_ref(),
        };
        self.ask_others(&asks, browser, now).await.map(Some)
    }
}
