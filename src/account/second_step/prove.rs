//! Giving the second factor. Tries are counted before anything is compared, over
//! all ways and all steps of an account (attack row 20); at a device the account
//! knows, apart from those of strangers (row 22).

use std::time::Duration;

use super::check::can_be;
use super::{Aim, Step, Way};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::factor::enrolled::Kind;
use crate::account::history::{Status, Try};
use crate::account::person::Owner;
use crate::account::session::Entry;
use crate::account::sign_in::{SignedIn, known_form};
use crate::error::{Internal, Result};
use crate::model::authentication::Proof;
use crate::model::id::SessionId;
use crate::model::identifier::ContactKind;
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::{Redeemed, RestsOn};

/// What somebody gives.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    pub way: Way,
    /// The code, or what a key answered.
    pub code: &'a str,
    /// What the key was asked.
    pub challenge: &'a str,
    /// Whether the device is not to be asked again for a while (C8).
    pub trust: bool,
}

/// What came of it.
pub enum Proved {
    /// A session has begun.
    SignedIn(Box<SignedIn>),
    /// The session has become stronger: its new secret.
    Strengthened(Secret),
    /// Another step comes next: its handle.
    Next(Secret),
    /// The account is frozen no more.
    Thawed,
    /// A new password may be set: the handle of the recovery.
    Recovering(Secret),
}

/// Why nothing came of it.
#[derive(Debug)]
pub enum SecondRefused {
    /// The step is over, or what it rests on is gone.
    Over,
    /// Nothing that could be such a code; it cost no try.
    Malformed,
    /// Not the code.
    Wrong,
    /// The code that was sent is spent or too old: another one is needed.
    CodeOver,
    /// Too many wrong codes.
    TooMany {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for SecondRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Accounts {
    /// Checks the second factor; when it is right the step is spent.
    ///
    /// # Errors
    /// The refusal.
    pub async fn prove_second(
        &self,
        handle: &Secret,
        given: Given<'_>,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Proved, SecondRefused> {
        // What cannot be an answer costs no try.
        if !can_be(given) {
            return Err(SecondRefused::Malformed);
        }
        let step = self.step_under_way(handle, now).await?;
        let step = step.ok_or(SecondRefused::Over)?;
        let owner = self.load_owner(&step.account).await?;
        if owner.record.blocked_at.is_some() && !matches!(step.aim, Aim::Thaw { .. }) {
            return Err(SecondRefused::Over);
        }
        let known = self.knows_device(browser, owner.id()).await?;
        let known_device = known_form(browser).filter(|_| known);
        let subject = match known_device.map(Secret::digest) {
            Some(device) => format!("{}:{}", owner.id(), device.as_str()),
            None => owner.id().to_string(),
        };
        if let Some(retry_after) = self.allow(self.factor_tries(), &subject, now).await? {
            return Err(SecondRefused::TooMany { retry_after });
        }
        // A code to a contact only: the factor was given before.
        if matches!(step.aim, Aim::Thaw { by_contact: true })
            && !matches!(given.way, Way::Factor(Kind::Sms | Kind::Email))
        {
            return Err(SecondRefused::Over);
        }
        // Nor what was given before.
        if matches!(given.way, Way::Factor(kind) if step.aim.excludes(kind)) {
            return Err(SecondRefused::Over);
        }
        let checked = self.check_second(handle, &owner, given, now).await;
        let trial = Trial {
            handle,
            step: &step,
            owner: &owner,
            known_device,
            browser,
            now,
        };
        match checked {
            Ok(proof) => {
                self.forget(self.factor_tries(), &subject).await?;
                match &step.aim {
                    Aim::Begin { rests_on } => {
                        self.begin_by(&trial, rests_on, proof, given.trust).await
                    }
                    Aim::Strengthen { session } => self.strengthen_by(&trial, session, proof).await,
                    Aim::Recover { contact } => self.recover_by(&trial, *contact, proof).await,
                    Aim::Thaw { by_contact } => self.thaw_by(&trial, *by_contact, proof).await,
                }
            }
            Err(SecondRefused::Wrong) => {
                self.record_wrong(&trial).await?;
                Err(SecondRefused::Wrong)
            }
            Err(refused) => Err(refused),
        }
    }

    /// Begins the session that waited for this proof.
    async fn begin_by(
        &self,
        trial: &Trial<'_>,
        rests_on: &RestsOn,
        proof: Proof,
        trust: bool,
    ) -> Result<Proved, SecondRefused> {
        let Trial {
            step, owner, now, ..
        } = *trial;
        let authentication = step.authentication.clone().with(proof);
        let days = self.settings.limits.trusted_device_days;
        let entry = Entry {
            owner,
            authentication: &authentication,
            browser: trial.browser,
            client: step.client.as_ref(),
            known_device: trial.known_device,
            rests_on: rests_on.clone(),
            ticket: Some(trial.ticket()),
            reasons: &step.reasons,
            trust_until: (trust && days > 0).then(|| now.plus(Duration::from_hours(24 * days))),
        };
        let is_known = trial.known_device.is_some();
        let effects = self.arrival(owner, is_known, trial.browser, now).await?;
        let begun = self.begin_session(&entry, effects, now).await?;
        let begun = begun.ok_or(SecondRefused::Over)?;
        let duty = self.duty(owner.id(), now).await?;
        let signed_in = SignedIn::new(begun, owner.id(), duty);
        Ok(Proved::SignedIn(Box::new(signed_in)))
    }

    /// Adds the proof to the session it was asked for.
    async fn strengthen_by(
        &self,
        trial: &Trial<'_>,
        session: &SessionId,
        proof: Proof,
    ) -> Result<Proved, SecondRefused> {
        let Trial { browser, now, .. } = *trial;
        let cookie = browser.session.as_ref().ok_or(SecondRefused::Over)?;
        let found = self.find_session(cookie, now).await?;
        let current = found
            .filter(|found| found.id == *session)
            .ok_or(SecondRefused::Over)?;
        let effects = self
            .lines(trial.owner, now)
            .journal("session_strengthened", None, browser)?
            .done();
        let secret = self
            .strengthen(&current, proof, Some(trial.ticket()), effects, now)
            .await?;
        secret.map(Proved::Strengthened).ok_or(SecondRefused::Over)
    }

    /// A frozen account: the factor first, then a code to a contact.
    async fn thaw_by(
        &self,
        trial: &Trial<'_>,
        by_contact: bool,
        proof: Proof,
    ) -> Result<Proved, SecondRefused> {
        let Trial {
            step, handle, now, ..
        } = *trial;
        if by_contact {
            let thawed = self.thaw(handle, trial.owner, trial.browser, now).await?;
            return thawed.then_some(Proved::Thawed).ok_or(SecondRefused::Over);
        }
        let (kind, digest) = trial.ticket();
        let spent = self.storage.redeem_ticket(kind, digest, now).await?;
        if !matches!(spent, Redeemed::Fresh(_)) {
            return Err(SecondRefused::Over);
        }
        let next = Step {
            authentication: step.authentication.clone().with(proof),
            aim: Aim::Thaw { by_contact: true },
            ..step.clone()
        };
        Ok(Proved::Next(self.begin_second_step(&next, now).await?))
    }

    /// A lost password is replaced next.
    async fn recover_by(
        &self,
        trial: &Trial<'_>,
        contact: ContactKind,
        proof: Proof,
    ) -> Result<Proved, SecondRefused> {
        let Trial { step, now, .. } = *trial;
        let (kind, digest) = trial.ticket();
        let spent = self.storage.redeem_ticket(kind, digest, now).await?;
        if !matches!(spent, Redeemed::Fresh(_)) {
            return Err(SecondRefused::Over);
        }
        let shown = step.authentication.clone().with(proof);
        let handle = self
            .recovery_with_factor(&step.account, contact, shown, now)
            .await?;
        Ok(Proved::Recovering(handle))
    }

    /// The owner sees a wrong second factor in the history.
    async fn record_wrong(&self, trial: &Trial<'_>) -> Result<()> {
        let mut line = Try::new(Status::Failure, trial.browser);
        line.authentication = Some(&trial.step.authentication);
        line.client = trial.step.client.as_ref();
        let effects = self
            .lines(trial.owner, trial.now)
            .sign_in(&line)?
            .journal("second_factor_failed", None, trial.browser)?
            .done();
        self.storage.record(effects).await
    }
}

/// A second factor being tried.
struct Trial<'a> {
    handle: &'a Secret,
    step: &'a Step,
    owner: &'a Owner,
    /// The browser's device cookie, where it is known to this account.
    known_device: Option<&'a Secret>,
    browser: &'a Browser,
    now: Timestamp,
}

impl Trial<'_> {
    fn ticket(&self) -> (&'static str, Digest) {
        (ticket::SECOND_STEP, self.handle.digest())
    }
}
