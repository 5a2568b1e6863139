//! Signing in by identifier and password (requirements C1, C6). A stranger
//! learns nothing but "no": an unknown identifier takes the same steps, the
//! same time and the same locks as a known one (attack rows 21–24).

use std::time::Duration;

use super::Accounts;
use super::agreements::Document;
use super::browser::Browser;
use super::factor;
use super::hashing::HashRefused;
use super::history::{Status, Try};
use super::locks::{Counted, Gate, Standing};
use super::person::Owner;
use super::session::{Begun, DEVICE_PREFIX, Entry};
use super::throttle::{Lock, TRIES_ON_NOBODY, lock_of, network};
use crate::error::{Internal, Result};
use crate::model::authentication::{AuthenticationContext, Proof};
use crate::model::id::{AccountId, ClientId, SessionId};
use crate::model::identifier::Identifier;
use crate::model::secret::{Digest, Secret};
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{EndedGrant, PasswordRecord};

/// A session has begun.
#[derive(Debug)]
pub struct SignedIn {
    /// The session cookie's value.
    pub session: Secret,
    /// The device cookie's value; it outlives the session.
    pub device: Secret,
    pub session_id: SessionId,
    pub account: AccountId,
    /// What must be done before anything else.
    pub duty: Option<Duty>,
    /// Grants of the session that this one took the place of: their relying
    /// parties are to be told.
    pub ended: Vec<EndedGrant>,
}

/// What a citizen must do before going on. It is asked anew at each visit; no
/// token is issued while there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Duty {
    /// The password has served its time.
    RenewPassword,
    /// Documents have new versions.
    AcceptAgreements(Vec<Document>),
}

/// Why a sign-in was refused.
#[derive(Debug)]
pub enum SignInRefused {
    /// Identifier and password do not fit together; which is wrong is not told.
    BadCredentials,
    /// Password sign-in is closed; support finds the block by its number.
    Locked {
        until: Timestamp,
        block_number: String,
    },
    /// Too many wrong passwords came from this network address.
    TooMany {
        retry_after: Duration,
    },
    /// Too many are signing in; the password was not checked.
    Busy {
        retry_after: Duration,
    },
    /// The password is right, but the account is blocked.
    Blocked,
    Internal(Internal),
}

impl From<Internal> for SignInRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl From<HashRefused> for SignInRefused {
    fn from(refused: HashRefused) -> Self {
        match refused {
            HashRefused::Busy { retry_after } => Self::Busy { retry_after },
            HashRefused::Internal(error) => Self::Internal(error),
        }
    }
}

impl From<Lock> for SignInRefused {
    fn from(lock: Lock) -> Self {
        Self::Locked {
            until: lock.until,
            block_number: lock.block_number,
        }
    }
}

/// Lines of tries at a closed door that one lock leaves in the history: a
/// flood must not fill the database.
const LINES_PER_LOCK: i64 = 20;

/// Who somebody says they are.
struct Claim {
    owner: Option<Owner>,
    password: Option<PasswordRecord>,
    known_device: bool,
    gate: Gate,
}

impl Accounts {
    /// Signs in, or says why not.
    ///
    /// # Errors
    /// The refusal.
    pub async fn sign_in(
        &self,
        identifier: &str,
        password: &Secret,
        browser: &Browser,
        client: Option<&ClientId>,
        now: Timestamp,
    ) -> Result<SignedIn, SignInRefused> {
        let network = network(browser.address);
        let counted = self.standing(self.wrong_from_address(), &network).await?;
        if let Some(lock) = counted.and_then(|record| lock_of(&record, now)) {
            return Err(SignInRefused::TooMany {
                retry_after: lock.until.since(now),
            });
        }
        let Some(claim) = self.claim(identifier, browser).await? else {
            self.count(self.wrong_from_address(), &network, None, now)
                .await?;
            return Err(SignInRefused::BadCredentials);
        };
        let attempt = Attempt {
            claim: &claim,
            browser,
            client,
            now,
        };
        let standing = self.standing_at(&claim.gate, now).await?;
        if standing.shown.is_some() {
            return Err(self.refuse(&attempt, &standing).await?);
        }
        let hash = match (&claim.password, &standing.silent) {
            (Some(password), None) => &password.hash,
            _ => &self.decoy.hash,
        };
        let proof = factor::password::check(&self.hasher, password, hash, now).await?;
        // Of many tries sent at once, those that were being hashed while the
        // lock fell are refused as well, right or wrong (attack row 20).
        let standing = self.standing_at(&claim.gate, now).await?;
        match (proof, &claim.owner, standing.lock()) {
            (Some(proof), Some(owner), None) => {
                if owner.record.blocked_at.is_some() {
                    return Err(SignInRefused::Blocked);
                }
                if standing.counted {
                    self.forget_wrong(&claim.gate).await?;
                }
                self.upgrade(owner, password, hash).await?;
                Ok(self.admit(&attempt, owner, proof).await?)
            }
            _ => Err(self.refuse(&attempt, &standing).await?),
        }
    }

    /// What the citizen must do before going on, if anything.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn duty(&self, account: &AccountId, now: Timestamp) -> Result<Option<Duty>> {
        let state = self.password_state(account).await?;
        if state.expires_at.is_some_and(|end| end <= now) {
            return Ok(Some(Duty::RenewPassword));
        }
        let missing = self.missing_agreements(account).await?;
        Ok((!missing.is_empty()).then_some(Duty::AcceptAgreements(missing)))
    }

    /// Looks up everything, whether or not there is anybody: the statements
    /// are the same for the unknown.
    async fn claim(&self, text: &str, browser: &Browser) -> Result<Option<Claim>> {
        let readings = Identifier::readings(text);
        let mut found = None;
        for reading in &readings {
            let account = self.find_by_identifier(reading).await?;
            found = found.or(account.map(|account| (reading, account)));
        }
        let Some(likeliest) = readings.last() else {
            return Ok(None);
        };
        let (identifier, account) = match &found {
            Some((identifier, account)) => (*identifier, account),
            None => (likeliest, self.decoy.owner.id()),
        };
        let record = self.storage.find_account(account).await?;
        let exists = record.is_some();
        let record = record.unwrap_or_else(|| self.decoy.owner.record.clone());
        let owner = Some(Owner::open(record, &self.vault)?).filter(|_| exists);
        let password = self
            .storage
            .passwords_of(account, 1)
            .await?
            .into_iter()
            .next();
        let device = known_form(browser).map_or_else(|| Digest::of(b""), Secret::digest);
        let known_device = self.storage.is_known_device(&device, account).await? && exists;
        let gate = if known_device {
            Gate::of_device(&device, account)
        } else {
            Gate::of_stranger(identifier, exists.then_some(account))
        };
        Ok(Some(Claim {
            owner,
            password: password.filter(|_| exists),
            known_device,
            gate,
        }))
    }

    /// Records a try that failed; the owner sees it within the same call (D1).
    async fn refuse(&self, attempt: &Attempt<'_>, standing: &Standing) -> Result<SignInRefused> {
        let closed = standing.shown.is_some();
        let lock = standing.lock();
        let (claim, now) = (attempt.claim, attempt.now);
        let counted = self
            .count_wrong(&claim.gate, closed, attempt.browser, now)
            .await?;
        let owner = claim.owner.as_ref().unwrap_or(&self.decoy.owner);
        let status = if lock.is_some() {
            Status::Blocked
        } else {
            Status::Failure
        };
        let mut line = Try::new(status, attempt.browser);
        line.client = attempt.client;
        let named = lock.or(counted.fallen.as_ref());
        line.details.block_number = named.map(|lock| lock.block_number.clone());
        let mut lines = self.lines(owner, now).sign_in(&line)?.journal(
            "sign_in_failed",
            None,
            attempt.browser,
        )?;
        if let Some(lock) = &counted.fallen {
            let params = [
                ("time", now.millis().to_string()),
                ("until", lock.until.millis().to_string()),
                ("block", lock.block_number.clone()),
                ("link", self.link("/account/security")),
            ];
            let kind = MessageKind::SignInLocked;
            let warning = self
                .warning_or_like(claim.owner.as_ref(), kind, &params, now)
                .await?;
            lines = lines
                .journal("locked", Some(&lock.block_number), attempt.browser)?
                .notice(kind, &params)?
                .send(warning);
        }
        if claim.owner.is_some() && counted.since_lock <= LINES_PER_LOCK {
            self.storage.record(lines.done()).await?;
        } else {
            // Nobody is told, but a write is made, as it would be for somebody.
            self.count(TRIES_ON_NOBODY, "", None, now).await?;
        }
        Ok(shown(counted))
    }

    /// A password hashed with older parameters is hashed anew while it is here.
    async fn upgrade(&self, owner: &Owner, password: &Secret, hash: &str) -> Result<()> {
        if !self.hasher.is_outdated(hash) {
            return Ok(());
        }
        match self.hasher.hash(password).await {
            Ok(new) => {
                let (account, old) = (owner.id().clone(), hash.to_owned());
                self.storage.upgrade_password(account, old, new).await?;
                Ok(())
            }
            // Another sign-in will do.
            Err(HashRefused::Busy { .. }) => Ok(()),
            Err(HashRefused::Internal(error)) => Err(error),
        }
    }

    async fn admit(&self, attempt: &Attempt<'_>, owner: &Owner, proof: Proof) -> Result<SignedIn> {
        let now = attempt.now;
        let mut lines = self.lines(owner, now);
        if !attempt.claim.known_device {
            let details = attempt.browser.details();
            let params = [
                ("time", now.millis().to_string()),
                ("device", details.device()),
                ("place", details.address),
                ("link", self.link("/account/security")),
            ];
            let kind = MessageKind::SignInNewDevice;
            let warning = self.warning(owner, kind, &params, now).await?;
            lines = lines.notice(kind, &params)?.send(warning);
        }
        let authentication = AuthenticationContext::new(proof);
        let entry = Entry {
            owner,
            authentication: &authentication,
            browser: attempt.browser,
            client: attempt.client,
            known_device: known_form(attempt.browser).filter(|_| attempt.claim.known_device),
        };
        let begun = self.begin_session(&entry, lines.done(), now).await?;
        let duty = self.duty(owner.id(), now).await?;
        Ok(SignedIn::new(begun, owner.id(), duty))
    }
}

impl SignedIn {
    pub(super) fn new(begun: Begun, account: &AccountId, duty: Option<Duty>) -> Self {
        Self {
            session: begun.session,
            device: begun.device,
            session_id: begun.id,
            account: account.clone(),
            duty,
            ended: begun.ended,
        }
    }
}

/// One try, with whoever it is made for.
struct Attempt<'a> {
    claim: &'a Claim,
    browser: &'a Browser,
    client: Option<&'a ClientId>,
    now: Timestamp,
}

/// Only the lock that an unknown identifier would have as well is told.
fn shown(counted: Counted) -> SignInRefused {
    counted
        .shown
        .map_or(SignInRefused::BadCredentials, SignInRefused::from)
}

/// The device cookie, if it has the form of one of ours.
fn known_form(browser: &Browser) -> Option<&Secret> {
    browser
        .device
        .as_ref()
        .filter(|device| device.expose().starts_with(DEVICE_PREFIX))
}
