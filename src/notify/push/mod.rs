//! Notices in browsers (Web Push: RFC 8030, 8188, 8291, 8292). A browser that
//! its owner has subscribed gives an address at a push service; messages are
//! posted there, encrypted for that browser. Off unless `[notices.push]` names
//! a contact; only the services it lists are ever called.

mod delivery;
pub(super) mod encryption;
mod endpoint;
pub(super) mod message;
mod settings;

pub use delivery::{PushDelivery, PushTransport};
pub use endpoint::{Hosts, Subscription};
pub use message::{Shown, push};
pub use settings::{NoticesSettings, PushSettings};

use crate::error::Result;
use crate::jose::VapidKey;
use crate::model::timestamp::Timestamp;
use crate::storage::Storage;
use crate::vault::Vault;

/// The name of the key among stored secrets, and of the place it is sealed for.
const KEY: &str = "push-key";

/// What we are to push services.
pub struct Push {
    key: VapidKey,
    contact: String,
    hosts: Hosts,
}

/// The field a subscription is sealed for.
pub fn subscription_field(id: &str) -> String {
    format!("push-subscription:{id}")
}

impl Push {
    /// Reads the key, making it at the first start. It lies in the database,
    /// sealed as the signing keys are, so that all nodes have the same one.
    /// None when browsers may not subscribe.
    ///
    /// # Errors
    /// When the database is away, the key does not open or a setting is bad.
    pub async fn open(
        settings: &PushSettings,
        storage: &Storage,
        vault: &Vault,
    ) -> Result<Option<Self>> {
        let Some(contact) = settings.contact.clone() else {
            return Ok(None);
        };
        let sealed = match storage.find_secret(KEY).await? {
            Some(sealed) => sealed,
            None => {
                let made = vault.seal(KEY, &VapidKey::generate()?)?;
                storage.put_secret_once(KEY.to_owned(), made).await?
            }
        };
        let plain = zeroize::Zeroizing::new(vault.unseal(KEY, &sealed)?);
        let key = VapidKey::parse(&plain)
            .map_err(|error| error.during("the key for push services cannot be read"))?;
        Ok(Some(Self {
            key,
            contact,
            hosts: Hosts::parse(&settings.hosts)?,
        }))
    }

    /// The public key, which browsers are given when they subscribe.
    pub fn public_key(&self) -> String {
        self.key.public()
    }

    /// The header that shows who sends (RFC 8292 §3): good for half a day at
    /// one service.
    fn authorization(&self, url: &url::Url, now: Timestamp) -> Result<String> {
        const LIFE: i64 = 12 * 3600;
        let claims = serde_json::json!({
            "aud": url.origin().ascii_serialization(),
            "exp": now.millis() / 1000 + LIFE,
            "sub": self.contact,
        });
        let token = self.key.sign(&claims)?;
        Ok(format!("vapid t={token}, k={}", self.key.public()))
    }
}
