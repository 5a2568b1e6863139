//! Giving the second factor. Tries are counted before anything is compared, over
//! all ways and all steps of an account (attack row 20); at a device the account
//! knows, apart from those of strangers (row 22).

use std::time::Duration;

use super::codes::{StepCode, code_handle};
use super::{Aim, Step, Way};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::codes::CodeRefused;
use crate::account::factor::enrolled::Kind;
use crate::account::factor::{backup_code, totp};
use crate::account::history::{Status, Try};
use crate::account::person::Owner;
use crate::account::session::Entry;
use crate::account::sign_in::{SignedIn, known_form};
use crate::error::{Internal, Result};
use crate::model::authentication::Proof;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Effects, Redeemed};

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
        let step = self.step_under_way(handle, now).await?;
        let step = step.ok_or(SecondRefused::Over)?;
        let owner = self.load_owner(&step.account).await?;
        if owner.record.blocked_at.is_some() && !matches!(step.aim, Aim::Thaw { .. }) {
            return Err(SecondRefused::Over);
        }
        let known = self.knows_device(browser, owner.id()).await?;
        let device = known_form(browser).filter(|_| known).map(Secret::digest);
        let subject = match &device {
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
        let checked = match given.way {
            Way::Factor(Kind::Key) => self.check_key(handle, &owner, given, now).await,
            Way::Factor(Kind::Totp) => self.check_totp(&owner, given.code, now).await,
            Way::Factor(kind) => self.check_sent(handle, kind, given.code, now).await,
            Way::Backup => self.check_backup(&owner, given.code, now).await,
        };
        match checked {
            Ok(proof) => {
                self.forget(self.factor_tries(), &subject).await?;
                self.finish(handle, &step, &owner, proof, given, browser, now)
                    .await
            }
            Err(SecondRefused::Wrong) => {
                self.record_wrong(&step, &owner, browser, now).await?;
                Err(SecondRefused::Wrong)
            }
            Err(refused) => Err(refused),
        }
    }

    async fn check_totp(
        &self,
        owner: &Owner,
        typed: &str,
        now: Timestamp,
    ) -> Result<Proof, SecondRefused> {
        for record in self.storage.factors_of(owner.id()).await? {
            let kept = self.open_factor(owner, &record)?;
            let Some(secret) = kept.totp else { continue };
            let secret = Secret::new(secret);
            if let Some((step, proof)) = totp::check(&secret, typed, now)?
                && self
                    .storage
                    .use_factor(record.id, Some(step), None, now)
                    .await?
            {
                return Ok(proof);
            }
        }
        Err(SecondRefused::Wrong)
    }

    async fn check_key(
        &self,
        handle: &Secret,
        owner: &Owner,
        given: Given<'_>,
        now: Timestamp,
    ) -> Result<Proof, SecondRefused> {
        if given.code.is_empty() {
            return Err(SecondRefused::Malformed);
        }
        let records = self.keys_of(owner).await?;
        let keys: Vec<_> = records.iter().map(|(_, key)| key.clone()).collect();
        let bound = handle.digest();
        let shown = self
            .check_keys(&keys, given.code, given.challenge, bound.as_str(), now)
            .await?
            .ok_or(SecondRefused::Wrong)?;
        let used = records
            .iter()
            .find(|(_, key)| key.id() == shown.key.id())
            .map(|(record, _)| record);
        match used {
            Some(record) if self.use_key(owner, record, &shown, now).await? => Ok(shown.proof),
            _ => Err(SecondRefused::Wrong),
        }
    }

    async fn check_backup(
        &self,
        owner: &Owner,
        typed: &str,
        now: Timestamp,
    ) -> Result<Proof, SecondRefused> {
        let code = backup_code::typed(typed).ok_or(SecondRefused::Malformed)?;
        let digest = backup_code::kept(&self.vault, owner.id(), &code);
        let account = owner.id().clone();
        match self.storage.use_backup_code(account, digest, now).await? {
            true => Ok(backup_code::given(now)),
            false => Err(SecondRefused::Wrong),
        }
    }

    async fn check_sent(
        &self,
        handle: &Secret,
        kind: Kind,
        typed: &str,
        now: Timestamp,
    ) -> Result<Proof, SecondRefused> {
        let handle = code_handle(handle, kind);
        match self.check_code::<StepCode>(&handle, typed, now).await {
            Ok((_, proof)) => Ok(proof),
            Err(CodeRefused::Malformed) => Err(SecondRefused::Malformed),
            Err(CodeRefused::Wrong { .. }) => Err(SecondRefused::Wrong),
            Err(CodeRefused::TooMany { retry_after }) => {
                Err(SecondRefused::TooMany { retry_after })
            }
            Err(CodeRefused::Internal(error)) => Err(error.into()),
            Err(
                CodeRefused::UsedUp
                | CodeRefused::Expired
                | CodeRefused::Unknown
                | CodeRefused::ContactTaken,
            ) => Err(SecondRefused::CodeOver),
        }
    }

    #[allow(clippy::too_many_arguments, reason = "all of one step")]
    async fn finish(
        &self,
        handle: &Secret,
        step: &Step,
        owner: &Owner,
        proof: Proof,
        given: Given<'_>,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Proved, SecondRefused> {
        let ticket = Some((ticket::SECOND_STEP, handle.digest()));
        match &step.aim {
            Aim::Thaw { by_contact: false } => {
                let spent = self
                    .storage
                    .redeem_ticket(ticket::SECOND_STEP, handle.digest(), now)
                    .await?;
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
            Aim::Thaw { by_contact: true } => match self.thaw(handle, owner, browser, now).await? {
                true => Ok(Proved::Thawed),
                false => Err(SecondRefused::Over),
            },
            Aim::Begin { rests_on } => {
                let authentication = step.authentication.clone().with(proof);
                let known = self.knows_device(browser, owner.id()).await?;
                let days = self.settings.limits.trusted_device_days;
                let trust = given.trust && days > 0;
                let entry = Entry {
                    owner,
                    authentication: &authentication,
                    browser,
                    client: step.client.as_ref(),
                    known_device: known_form(browser).filter(|_| known),
                    rests_on: rests_on.clone(),
                    ticket,
                    trust_until: trust.then(|| now.plus(Duration::from_hours(24 * days))),
                };
                let effects = self.arrival(owner, known, browser, now).await?;
                let begun = self.begin_session(&entry, effects, now).await?;
                let begun = begun.ok_or(SecondRefused::Over)?;
                let duty = self.duty(owner.id(), now).await?;
                let signed_in = SignedIn::new(begun, owner.id(), duty);
                Ok(Proved::SignedIn(Box::new(signed_in)))
            }
            Aim::Strengthen { session } => {
                let cookie = browser.session.as_ref().ok_or(SecondRefused::Over)?;
                let found = self.find_session(cookie, now).await?;
                let current = found
                    .filter(|found| found.id == *session)
                    .ok_or(SecondRefused::Over)?;
                let effects = self
                    .lines(owner, now)
                    .journal("session_strengthened", None, browser)?
                    .done();
                let secret = self
                    .strengthen(&current, proof, ticket, effects, now)
                    .await?;
                secret.map(Proved::Strengthened).ok_or(SecondRefused::Over)
            }
        }
    }

    /// The owner sees a wrong second factor in the history, and is told of the
    /// first: whoever gives it knows the password.
    async fn record_wrong(
        &self,
        step: &Step,
        owner: &Owner,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<()> {
        let mut line = Try::new(Status::Failure, browser);
        line.authentication = Some(&step.authentication);
        line.client = step.client.as_ref();
        let effects = self
            .lines(owner, now)
            .sign_in(&line)?
            .journal("second_factor_failed", None, browser)?
            .done();
        self.storage.record(effects).await
    }

    /// What the owner is told when the first factor was shown at a device that
    /// the account does not know: it may be in a thief's hands.
    pub(in crate::account) async fn first_factor_shown(
        &self,
        owner: &Owner,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Effects> {
        let details = browser.details();
        let params = [
            ("time", now.millis().to_string()),
            ("device", details.device()),
            ("place", details.address),
            ("link", self.link("/account/security")),
        ];
        let kind = MessageKind::FirstFactorShown;
        let warning = self.warning(owner, kind, &params, now).await?;
        Ok(self
            .lines(owner, now)
            .journal("first_factor_shown", None, browser)?
            .notice(kind, &params)?
            .send(warning)
            .done())
    }
}
