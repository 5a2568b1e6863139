//! Banks as upstream OpenID Providers (requirements A4, B5, C3): the citizen
//! goes there and comes back with a code, the bank's tokens are checked one by
//! one, and what it says becomes an [`Asserted`](super::asserted::Asserted).
//! What comes of that is the matter of [`super::asserted`]. Any number of banks,
//! by configuration.

mod claims;
mod client;
mod provider;
mod refused;
mod round;
mod settings;

use std::sync::Arc;

pub use refused::BankRefused;
pub use round::{Finished, Returned, Start};
pub use settings::{AttestedLevel, BankSettings};

use crate::account::Accounts;
use crate::account::proofing::asserted::Attests;
use crate::egress::Egress;
use crate::error::{Internal, Result};
use crate::model::client::Localized;
use crate::model::secret::Secret;
use provider::Provider;

/// Every bank.
pub struct Banks {
    banks: Vec<Bank>,
    issuer: String,
    egress: Arc<Egress>,
    accounts: Arc<Accounts>,
}

/// A bank, with what is known of it.
pub struct Bank {
    settings: BankSettings,
    secret: Secret,
    provider: Provider,
}

impl Bank {
    /// Its name in addresses.
    pub fn id(&self) -> &str {
        &self.settings.id
    }

    /// Its name for people.
    pub const fn name(&self) -> &Localized {
        &self.settings.name
    }

    /// What it vouches as in links.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// What its word leads to.
    pub fn attests(&self) -> Attests {
        Attests {
            records: true,
            holder: self.settings.attests == AttestedLevel::Verified,
        }
    }
}

impl Banks {
    /// Opens the room.
    ///
    /// # Errors
    /// When a secret cannot be read.
    pub fn new(
        settings: Vec<BankSettings>,
        issuer: &str,
        egress: Arc<Egress>,
        accounts: Arc<Accounts>,
    ) -> Result<Self> {
        let open = |settings: BankSettings| {
            let key = format!("banks.{}.client_secret", settings.id);
            let secret = crate::notify::secret(
                &key,
                settings.client_secret.as_ref(),
                settings.client_secret_file.as_deref(),
            )?;
            Ok(Bank {
                secret: secret.ok_or_else(|| Internal::new(format!("{key} is missing")))?,
                settings,
                provider: Provider::default(),
            })
        };
        Ok(Self {
            banks: settings.into_iter().map(open).collect::<Result<_>>()?,
            issuer: issuer.trim_end_matches('/').to_owned(),
            egress,
            accounts,
        })
    }

    /// Every bank, as configured.
    pub fn all(&self) -> &[Bank] {
        &self.banks
    }

    /// The bank of this id.
    pub fn find(&self, id: &str) -> Option<&Bank> {
        self.banks.iter().find(|bank| bank.id() == id)
    }

    /// Where a bank sends citizens back: one address for each, so that no bank
    /// can pass its answer off as another's (RFC 9700 §4.4.2).
    fn redirect_uri(&self, bank: &Bank) -> String {
        format!("{}/bank/{}/callback", self.issuer, bank.id())
    }
}
