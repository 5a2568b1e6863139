//! Signing in by identifier and password (requirements C1, C6). A stranger
//! learns nothing but "no": an unknown identifier takes the same steps, the
//! same time and the same locks as a known one (attack rows 21–24).

mod admit;
mod by_code;
mod by_key;
mod claim;
mod outcome;

pub(super) use admit::Proven;
pub use by_code::{CodeSignInRefused, EnterRefused};
pub(super) use claim::known_form;
pub(super) use outcome::Duties;
pub use outcome::{Admitted, Arrival, Duty, SignInRefused, SignedIn};

use super::Accounts;
use super::browser::Browser;
use super::factor;
use super::hashing::HashRefused;
use super::history::{Status, Try};
use super::locks::{Counted, Standing};
use super::person::Owner;
use super::throttle::{TRIES_ON_NOBODY, lock_of, network};
use crate::error::Result;
use crate::model::id::{AccountId, ClientId};
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::RestsOn;
use claim::Claim;

/// Lines of tries at a closed door that one lock leaves in the history: a
/// flood must not fill the database.
const LINES_PER_LOCK: i64 = 20;

impl Accounts {
    /// Signs in, or says why not.
    ///
    /// # Errors
    /// The refusal.
    pub async fn sign_in(
        &self,
        identifier: &str,
        password: &Secret,
        arrival: Arrival<'_>,
        now: Timestamp,
    ) -> Result<Admitted, SignInRefused> {
        let Arrival {
            browser, client, ..
        } = arrival;
        // In a flood most are turned away: before anything is looked up.
        self.hasher.room()?;
        let claim = self.claim(identifier, browser, now).await?;
        let network = network(browser.address);
        // Many citizens share an address behind their operator's gateway: the
        // flood of one does not touch the known devices of the others.
        if !claim.as_ref().is_some_and(|claim| claim.known_device) {
            let counted = self.standing(self.wrong_from_address(), &network).await?;
            if let Some(lock) = counted.and_then(|record| lock_of(&record, now)) {
                return Err(SignInRefused::TooMany {
                    retry_after: lock.until.since(now),
                });
            }
        }
        let Some(claim) = claim else {
            self.count(self.wrong_from_address(), &network, None, now)
                .await?;
            return Err(SignInRefused::BadCredentials);
        };
        // Nor does it take all places: one network has a few, and strangers
        // together leave some to known devices.
        let _place = match claim.known_device {
            true => None,
            false => Some(self.place_for_stranger(&network)?),
        };
        let attempt = Attempt {
            claim: &claim,
            browser,
            client,
            now,
        };
        let (turn, standing) = self.take_turn(&claim.gate, now).await?;
        if standing.shown.is_some() {
            drop(turn);
            return Err(self.refuse(&attempt, &standing).await?);
        }
        let hash = match (&claim.password, &standing.silent) {
            (Some(password), None) => &password.hash,
            _ => &self.decoy.hash,
        };
        let proof = factor::password::check(&self.hasher, password, hash, now).await?;
        // A lock that fell on another node in the meantime refuses as well.
        let standing = self.standing_at(&claim.gate, now).await?;
        match (proof, &claim.owner, &claim.password, standing.lock()) {
            (Some(proof), Some(owner), Some(stored), None) => {
                if owner.record.blocked_at.is_some() {
                    drop(turn);
                    let thaw = self.begin_thaw(owner, proof, now).await?;
                    return thaw.ok_or(SignInRefused::Blocked);
                }
                if standing.counted {
                    self.forget_wrong(&claim.gate).await?;
                }
                drop(turn);
                self.upgrade(owner, password, hash).await?;
                let proven = Proven {
                    owner,
                    proof,
                    rests_on: RestsOn::Password(stored.set_at),
                    known_device: claim.known_device,
                    arrival,
                };
                // Replaced while it was being hashed, it is not the password any more.
                let admitted = self.admit(&proven, now).await?;
                admitted.ok_or(SignInRefused::BadCredentials)
            }
            _ => Err(self.refuse(&attempt, &standing).await?),
        }
    }

    /// What the citizen must do before going on, if anything.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn duty(&self, account: &AccountId, now: Timestamp) -> Result<Option<Duty>> {
        let load = async {
            Ok(Some(Duties {
                restricted_until: self.restriction(account, now).await?,
                renew_at: self
                    .password_state(account)
                    .await?
                    .and_then(|password| password.expires_at),
                missing: self.missing_agreements(account).await?,
                lacks_factor: self.lacks_factor(account, now).await?,
            }))
        };
        let duties = self.duties.get(&self.storage, account, load).await?;
        Ok(duties.and_then(|duties| duties.due(now)))
    }

    /// Whether an account must have a second factor and has none.
    async fn lacks_factor(&self, account: &AccountId, now: Timestamp) -> Result<bool> {
        let Some(lowest) = self.settings.second_factor.required_from else {
            return Ok(false);
        };
        if self.has_second_factor(account).await? {
            return Ok(false);
        }
        Ok(self.load_person(account).await?.level(now) >= lowest)
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
        let lines = self.lines(owner, now).sign_in(&line)?;
        let mut lines = lines.journal("sign_in_failed", None, attempt.browser)?;
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
            // Nobody is told, but two lines are written, as for somebody.
            let network = network(attempt.browser.address);
            let journal = format!("{network} journal");
            tokio::try_join!(
                self.count(TRIES_ON_NOBODY, &network, None, now),
                self.count(TRIES_ON_NOBODY, &journal, None, now)
            )?;
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
