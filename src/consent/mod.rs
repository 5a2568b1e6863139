//! What a person allowed to whom: giving, changing, withdrawing and the end of
//! a consent. Each step leaves a journal line and a notice, and ends the tokens
//! it must end in the same transaction.

pub mod decision;
pub mod ending;
pub mod lapse;
pub mod lines;
pub mod term;

use std::sync::Arc;

use crate::account::Accounts;
use crate::entropy::Entropy;
use crate::error::Result;
use crate::model::id::{AccountId, ClientId, ConsentId};
use crate::storage::{Cached, ConsentRecord, Storage};
use crate::vault::Vault;

pub use decision::Decision;

/// Everything that is done with consents.
pub struct Consents {
    storage: Storage,
    vault: Arc<Vault>,
    entropy: Entropy,
    accounts: Arc<Accounts>,
    /// The public address: links in messages come from here only.
    issuer: String,
    /// Consents in force, remembered while nothing changed.
    in_force: Cached<(AccountId, ClientId), ConsentRecord>,
}

impl Consents {
    /// Opens the room.
    pub fn new(
        storage: Storage,
        vault: Arc<Vault>,
        entropy: Entropy,
        accounts: Arc<Accounts>,
        issuer: &str,
    ) -> Self {
        Self {
            storage,
            vault,
            entropy,
            accounts,
            issuer: issuer.to_owned(),
            in_force: Cached::new(20_000),
        }
    }

    /// Every consent of a citizen, newest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn of(&self, account: &AccountId) -> Result<Vec<ConsentRecord>> {
        self.storage.consents_of(account).await
    }

    /// The consent in force between a citizen and a relying party.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn in_force(
        &self,
        account: &AccountId,
        client: &ClientId,
    ) -> Result<Option<Arc<ConsentRecord>>> {
        let key = (account.clone(), client.clone());
        let load = self.storage.find_consent(account, client);
        self.in_force.get(&self.storage, &key, load).await
    }

    /// A consent, for its owner only.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn find(&self, id: &ConsentId, owner: &AccountId) -> Result<Option<ConsentRecord>> {
        self.storage.load_consent(id, owner).await
    }
}
