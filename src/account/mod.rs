//! People: registration, sign-in with its factors and limits, sessions, what
//! the citizen sees and changes in the cabinet. Policy lives here; pages only
//! show it. Nothing here knows of HTTP, HTML or OAuth.
//!
//! [`Accounts`] is the room's handle; each file adds the operations of one
//! theme to it. Time comes in as `now`, randomness from [`Entropy`].

pub mod agreements;
pub mod appeal;
pub mod approval;
pub mod breached;
pub mod browser;
mod codes;
pub mod contacts;
pub mod csv_file;
pub mod demo;
pub mod devices;
pub mod documents;
pub mod erasure;
pub mod export;
pub mod factor;
pub mod fields;
pub mod files;
mod freeze;
pub mod hashing;
pub mod history;
pub mod journal;
pub mod load;
mod locks;
mod names;
pub mod new_password;
pub mod not_me;
pub mod notice_settings;
pub mod notices;
pub mod password_change;
pub mod password_policy;
pub mod password_strength;
pub mod person;
pub mod personal;
pub mod problem;
pub mod profile;
pub mod proofing;
pub mod push;
mod record;
pub mod recovery;
pub mod registration;
pub mod risk;
pub mod second_step;
mod seeding;
pub mod session;
pub mod settings;
pub mod sign_in;
mod site_request;
pub mod support;
mod temporary_password;
mod throttle;
pub mod trusted;
mod turns;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use problem::{Problem, ProblemKind};
pub use settings::Settings;

use crate::entropy::Entropy;
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::identifier::Identifier;
use crate::model::profile::Profile;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use crate::storage::{AccountRecord, Cached, Storage};
use crate::texts::Lang;
use crate::vault::{AccountKey, Vault};
use breached::BreachedFile;
use factor::key::Keys;
use hashing::Hasher;
use person::{Known, Owner};
use risk::Risk;
use session::Session;
use sign_in::Duties;
use turns::Turns;

/// A network has at least so many places for strangers.
const SMALLEST_CROWD: u32 = 4;

/// Everything that is done with accounts.
pub struct Accounts {
    storage: Storage,
    vault: Arc<Vault>,
    entropy: Entropy,
    hasher: Hasher,
    turns: Turns,
    /// Strangers by network.
    crowds: Turns,
    /// Strangers in all: the last quarter of the queue is for known devices.
    strangers: Turns,
    settings: Settings,
    breached: Option<BreachedFile>,
    keys: Option<Keys>,
    /// The public address: links in messages come from here only.
    issuer: String,
    decoy: Decoy,
    risk: Risk,
    /// What single sign-on asks for at every visit, remembered while nothing
    /// changed.
    people: Cached<AccountId, Known>,
    sessions: Cached<Digest, Session>,
    duties: Cached<AccountId, Duties>,
}

/// Stands in for whoever does not exist, so that a stranger's try takes the
/// same steps (attack rows 23, 24).
struct Decoy {
    owner: Owner,
    /// No password has it.
    hash: String,
    contact: Identifier,
}

impl Decoy {
    fn new(vault: &Vault, hasher: &Hasher) -> Result<Self> {
        let id = AccountId::from("nobody");
        let (key, wrapped_key) = vault.new_account_key(&id)?;
        let contact = Identifier::parse("+79000000000")
            .ok_or_else(|| Internal::new("the decoy needs a contact"))?;
        let record = AccountRecord {
            profile_sealed: key.seal_json("profile", &Profile::default())?,
            id,
            wrapped_key,
            locale: Lang::default().as_str().to_owned(),
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
            blocked_at: None,
            restricted_until: None,
            notices_sealed: None,
        };
        Ok(Self {
            owner: Owner { record, key },
            hash: hasher.decoy()?,
            contact,
        })
    }
}

impl Accounts {
    /// Opens the room.
    ///
    /// # Errors
    /// When a setting cannot be followed.
    pub fn new(
        storage: Storage,
        vault: Arc<Vault>,
        entropy: Entropy,
        settings: Settings,
        issuer: &str,
    ) -> Result<Self> {
        let hasher = Hasher::new(&settings.password.hashing, entropy.clone())?;
        let breached = settings
            .password
            .breached_file
            .as_deref()
            .map(BreachedFile::open);
        let tries = settings.limits.wrong_passwords.max(1);
        let turns = Turns::new(tries, settings.password.hashing.queue);
        let queue = u32::try_from(settings.password.hashing.queue).unwrap_or(u32::MAX);
        let crowd = (queue / 4).max(SMALLEST_CROWD);
        let strangers = (queue - queue / 4).max(SMALLEST_CROWD);
        let decoy = Decoy::new(&vault, &hasher)?;
        Ok(Self {
            storage,
            vault,
            entropy,
            hasher,
            turns,
            crowds: Turns::new(crowd, 0),
            strangers: Turns::new(strangers, 0),
            breached: breached.transpose()?,
            keys: Keys::new(issuer),
            issuer: issuer.trim_end_matches('/').to_owned(),
            risk: Risk::open(&settings.risk)?,
            settings,
            decoy,
            people: Cached::new(10_000),
            sessions: Cached::new(20_000),
            duties: Cached::new(20_000),
        })
    }

    /// The settings in force.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Passwords that wait to be hashed, for metrics.
    pub fn hashes_waiting(&self) -> usize {
        self.hasher.waiting()
    }

    /// Passwords hashed since the start: work that time would only hint at.
    pub fn hashes_done(&self) -> u64 {
        self.hasher.done()
    }

    /// The key of an account's data.
    ///
    /// # Errors
    /// When there is no such account.
    pub async fn account_key(&self, account: &AccountId) -> Result<AccountKey> {
        Ok(self.load_owner(account).await?.key)
    }

    fn link(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }
}
