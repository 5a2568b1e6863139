//! Our keys in storage, and the parsed set in use. Other nodes and the
//! command line rotate them too, so the set is read again now and then.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::error::{Internal, Result};
use crate::jose::{self, KeyRecord, KeySet, KeyTimes};
use crate::model::certified_algorithm::CertifiedAlgorithm;
use crate::model::key_purpose::KeyPurpose;
use crate::model::timestamp::Timestamp;
use crate::storage::{SigningKeyRecord, Storage};
use crate::vault::Vault;

/// The keys in use.
pub struct KeyRing {
    set: ArcSwap<KeySet>,
}

impl KeyRing {
    /// Loads the keys, making the first one of each purpose when there is none.
    ///
    /// # Errors
    /// When the database is away or a stored key is damaged.
    pub async fn open(storage: &Storage, vault: &Vault, now: Timestamp) -> Result<Self> {
        let ring = Self {
            set: ArcSwap::from_pointee(load(storage, vault).await?),
        };
        for purpose in ring.current().missing(now) {
            rotate(storage, vault, purpose, Duration::ZERO, now).await?;
        }
        ring.reload(storage, vault).await?;
        Ok(ring)
    }

    /// The keys as last read.
    pub fn current(&self) -> Arc<KeySet> {
        self.set.load_full()
    }

    /// Reads the keys again.
    ///
    /// # Errors
    /// As [`Self::open`]; the set in use stays.
    pub async fn reload(&self, storage: &Storage, vault: &Vault) -> Result<()> {
        self.set.store(Arc::new(load(storage, vault).await?));
        Ok(())
    }
}

/// Reads and opens every stored key.
///
/// # Errors
/// When the database is away or a key is damaged.
pub async fn load(storage: &Storage, vault: &Vault) -> Result<KeySet> {
    let mut keys = Vec::new();
    for record in storage.signing_keys().await? {
        if CertifiedAlgorithm::from_stored(&record.alg).is_some() {
            continue;
        }
        let purpose = KeyPurpose::parse(&record.alg)
            .ok_or_else(|| Internal::new("a stored key is for something unknown"))?;
        let encoded = Zeroizing::new(vault.unseal(&context(&record.kid), &record.private_sealed)?);
        keys.push(KeyRecord {
            purpose,
            pkcs8: Zeroizing::new(STANDARD.decode(&*encoded)?),
            public_jwk: record.public_jwk,
            times: KeyTimes {
                created_at: record.created_at,
                active_from: record.active_from,
                retired_at: record.retired_at,
            },
            kid: record.kid,
        });
    }
    KeySet::new(keys)
}

/// Makes a new key. It is published now and signs after `publish_ahead`, or at
/// once when it is the first.
///
/// # Errors
/// When the database refuses.
pub async fn rotate(
    storage: &Storage,
    vault: &Vault,
    purpose: impl Into<KeyPurpose>,
    publish_ahead: Duration,
    now: Timestamp,
) -> Result<String> {
    let purpose = purpose.into();
    let set = load(storage, vault).await?;
    let times = KeyTimes::of_new(now, !set.missing(now).contains(&purpose), publish_ahead);
    let key = jose::generate(purpose)?;
    let encoded = Zeroizing::new(STANDARD.encode(&*key.pkcs8));
    storage
        .put_signing_key(SigningKeyRecord {
            private_sealed: vault.seal(&context(&key.kid), encoded.as_bytes())?,
            kid: key.kid.clone(),
            alg: purpose.as_str().to_owned(),
            public_jwk: key.public_jwk.clone(),
            created_at: times.created_at,
            active_from: times.active_from,
            retired_at: None,
        })
        .await?;
    Ok(key.kid.clone())
}

fn context(kid: &str) -> String {
    format!("signing-key:{kid}")
}
