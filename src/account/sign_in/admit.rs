//! The door that every sign-in comes to, by whatever was shown first: it is judged,
//! a second factor is asked for, or a session begins.

use super::{Admitted, Arrival, SignedIn, known_form};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::not_me::{Healing, is_more_than_password};
use crate::account::person::Owner;
use crate::account::risk::AdmitRefused;
use crate::account::risk::entrance::Weighed;
use crate::account::second_step::{Aim, Step};
use crate::account::session::Entry;
use crate::error::Result;
use crate::model::authentication::{AuthenticationContext, Method, Proof, Strength};
use crate::model::id::AccountId;
use crate::model::secret::{Digest, Secret};
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Effects, RestsOn};

/// Somebody who has just proven who they are.
pub(in crate::account) struct Proven<'a> {
    pub owner: &'a Owner,
    pub proof: Proof,
    pub rests_on: RestsOn,
    pub known_device: bool,
    pub arrival: Arrival<'a>,
}

impl Accounts {
    /// Lets in whoever has just proven who they are, however they did, or asks
    /// for a second factor; none when what the proof rests on is gone.
    ///
    /// # Errors
    /// The refusal by the rules of risk.
    pub(in crate::account) async fn admit(
        &self,
        proven: &Proven<'_>,
        now: Timestamp,
    ) -> Result<Option<Admitted>, AdmitRefused> {
        let owner = proven.owner;
        let browser = proven.arrival.browser;
        let authentication = AuthenticationContext::new(proven.proof);
        let healing = match is_more_than_password(&authentication) {
            true => Healing::Nothing,
            false => self.healing(owner, now).await?,
        };
        if healing == Healing::Later {
            return Ok(Some(Admitted::Later));
        }
        let has_second = self.has_second_factor(owner.id()).await?;
        let weighed = self.weigh(proven, has_second, now).await?;
        let asks = healing != Healing::Nothing
            || (has_second
                && self
                    .asks_second(proven, &authentication, &weighed, now)
                    .await?);
        if asks {
            let step = Step {
                account: owner.id().clone(),
                authentication,
                client: proven.arrival.client.cloned(),
                risky: weighed.verdict.asks_factor(),
                reasons: weighed.verdict.reasons,
                aim: Aim::Begin {
                    rests_on: proven.rests_on.clone(),
                },
            };
            let mut lines = self.lines(owner, now).and(weighed.effects);
            if !proven.known_device {
                lines = lines.and(self.first_factor_shown(owner, browser, now).await?);
            }
            self.storage.record(lines.done()).await?;
            let handle = self.begin_second_step(&step, now).await?;
            return Ok(Some(Admitted::SecondStep(handle)));
        }
        let is_told = proven.known_device || weighed.is_told();
        let effects = self.arrival(owner, is_told, browser, now).await?;
        let effects = self
            .lines(owner, now)
            .and(effects)
            .and(weighed.effects)
            .done();
        let entry = Entry {
            owner,
            authentication: &authentication,
            browser,
            client: proven.arrival.client,
            known_device: known_form(browser).filter(|_| proven.known_device),
            rests_on: proven.rests_on.clone(),
            ticket: None,
            trust_until: None,
            reasons: &weighed.verdict.reasons,
        };
        let Some(begun) = self.begin_session(&entry, effects, now).await? else {
            return Ok(None);
        };
        let duty = self.duty(owner.id(), now).await?;
        let signed_in = SignedIn::new(begun, owner.id(), duty);
        Ok(Some(Admitted::SignedIn(Box::new(signed_in))))
    }

    /// Whether what was shown is not enough for this account at this device
    /// (requirement C8).
    async fn asks_second(
        &self,
        proven: &Proven<'_>,
        authentication: &AuthenticationContext,
        weighed: &Weighed,
        now: Timestamp,
    ) -> Result<bool> {
        let account = proven.owner.id();
        // The owner agreed elsewhere; somebody may have talked them into it.
        if authentication.has(Method::Approval) && weighed.verdict.asks_factor() {
            return Ok(true);
        }
        if authentication.strength() > Strength::Aal1 {
            return Ok(false);
        }
        if proven.arrival.strong || weighed.verdict.asks_factor() {
            return Ok(true);
        }
        let Some(device) = known_form(proven.arrival.browser).filter(|_| proven.known_device)
        else {
            return Ok(true);
        };
        let trusted = self
            .storage
            .trusted_until(&device.digest(), account)
            .await?;
        Ok(trusted.is_none_or(|end| end <= now))
    }

    /// What the owner is told when the first factor was shown at a device that
    /// the account does not know: it may be in a thief's hands. Whoever has the
    /// password must not flood its owner with messages.
    pub(super) async fn first_factor_shown(
        &self,
        owner: &Owner,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Effects> {
        let params = self.seen(&browser.details(), "/account/security", now);
        let lines = self
            .lines(owner, now)
            .journal("first_factor_shown", None, browser)?;
        let subject = owner.id().as_str();
        if self
            .allow(self.told_of_strangers(), subject, now)
            .await?
            .is_some()
        {
            return Ok(lines.done());
        }
        let kind = MessageKind::FirstFactorShown;
        Ok(lines.warn(kind, &params).await?.done())
    }

    /// What the owner is told of a sign-in, unless the device is known or they
    /// are told otherwise.
    pub(in crate::account) async fn arrival(
        &self,
        owner: &Owner,
        is_told: bool,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Effects> {
        let mut lines = self.lines(owner, now);
        if !is_told {
            let params = self.seen(&browser.details(), "/account/security", now);
            let kind = MessageKind::SignInNewDevice;
            lines = lines.warn(kind, &params).await?;
        }
        Ok(lines.done())
    }

    /// Whether this browser has signed in to this account before.
    pub(in crate::account) async fn knows_device(
        &self,
        browser: &Browser,
        account: &AccountId,
    ) -> Result<bool> {
        let device = known_form(browser).map_or_else(|| Digest::of(b""), Secret::digest);
        self.storage.is_known_device(&device, account).await
    }
}
