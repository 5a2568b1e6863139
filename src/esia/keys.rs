//! Our keys of this dialect: relying parties know them by certificates that
//! they keep, so a new one is published long before it signs, and the old one
//! stays published while its tokens live.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::settings::EsiaSettings;
use crate::error::{Internal, Result};
use crate::jose::KeyTimes;
use crate::jose::rotation::{self, Stage};
use crate::model::certified_algorithm::CertifiedAlgorithm;
use crate::model::timestamp::Timestamp;
use crate::signature::{CertifiedKey, gost_is_here};
use crate::storage::{SigningKeyRecord, Storage};
use crate::vault::Vault;

/// A key as it is kept.
pub struct Held {
    /// The certificate's SHA-256, in hexadecimal digits.
    pub kid: String,
    pub times: KeyTimes,
    pub key: CertifiedKey,
}

/// A key with its stage, as operators see it.
pub struct KeyState {
    pub held: Arc<Held>,
    pub stage: Stage,
}

/// The keys in use.
pub struct EsiaKeys {
    set: ArcSwap<Vec<Arc<Held>>>,
    longest: Duration,
}

impl EsiaKeys {
    /// Loads the keys, making the first of each algorithm that this machine has.
    ///
    /// # Errors
    /// When the database is away or a stored key is damaged.
    pub async fn open(
        storage: &Storage,
        vault: &Vault,
        settings: &EsiaSettings,
        name: String,
        now: Timestamp,
    ) -> Result<Self> {
        let keys = Self {
            set: ArcSwap::from_pointee(load(storage, vault).await?),
            longest: Duration::from_secs(settings.longest_token()),
        };
        let mut made = false;
        for algorithm in available() {
            if keys.signer(algorithm, now).is_none() {
                rotate(
                    storage,
                    vault,
                    settings,
                    &name,
                    algorithm,
                    Duration::ZERO,
                    now,
                )
                .await?;
                made = true;
            }
        }
        if made {
            keys.reload(storage, vault).await?;
        }
        Ok(keys)
    }

    /// Reads the keys again.
    ///
    /// # Errors
    /// When the database is away or a key is damaged; the set in use stays.
    pub async fn reload(&self, storage: &Storage, vault: &Vault) -> Result<()> {
        self.set.store(Arc::new(load(storage, vault).await?));
        Ok(())
    }

    /// The key that signs with this algorithm now.
    pub(super) fn signer(
        &self,
        algorithm: CertifiedAlgorithm,
        now: Timestamp,
    ) -> Option<Arc<Held>> {
        self.with_stage(algorithm, now, |stage| stage == Stage::Active)
            .into_iter()
            .next()
    }

    /// The keys whose signatures count now.
    pub(super) fn verifiers(
        &self,
        algorithm: CertifiedAlgorithm,
        now: Timestamp,
    ) -> Vec<Arc<Held>> {
        self.with_stage(algorithm, now, |stage| {
            matches!(stage, Stage::Active | Stage::Passing)
        })
    }

    /// The published certificate: the one in use, or the next.
    pub fn published(
        &self,
        algorithm: CertifiedAlgorithm,
        next: bool,
        now: Timestamp,
    ) -> Option<Arc<Held>> {
        let wanted = if next {
            Stage::Published
        } else {
            Stage::Active
        };
        self.with_stage(algorithm, now, |stage| stage == wanted)
            .into_iter()
            .next()
    }

    /// Every key with its stage.
    pub fn states(&self, now: Timestamp) -> Vec<KeyState> {
        let set = self.set.load();
        states(&set, self.longest, now)
    }

    fn with_stage(
        &self,
        algorithm: CertifiedAlgorithm,
        now: Timestamp,
        wanted: impl Fn(Stage) -> bool,
    ) -> Vec<Arc<Held>> {
        self.states(now)
            .into_iter()
            .filter(|state| state.held.key.algorithm == algorithm && wanted(state.stage))
            .map(|state| state.held)
            .collect()
    }
}

fn states(set: &[Arc<Held>], longest: Duration, now: Timestamp) -> Vec<KeyState> {
    let mut all = Vec::new();
    for algorithm in CertifiedAlgorithm::ALL {
        let family: Vec<&Arc<Held>> = set
            .iter()
            .filter(|held| held.key.algorithm == algorithm)
            .collect();
        let times: Vec<KeyTimes> = family.iter().map(|held| held.times).collect();
        for (at, held) in family.into_iter().enumerate() {
            all.push(KeyState {
                held: held.clone(),
                stage: rotation::stage(&times, at, now, longest),
            });
        }
    }
    all
}

/// The algorithms this machine signs with.
pub fn available() -> impl Iterator<Item = CertifiedAlgorithm> {
    let gost = gost_is_here();
    CertifiedAlgorithm::ALL
        .into_iter()
        .filter(move |algorithm| gost || *algorithm != CertifiedAlgorithm::Gost256)
}

/// Lets the key sign that was published for later. Returns its name, if there is
/// one.
///
/// # Errors
/// When the database refuses.
pub async fn hurry(
    storage: &Storage,
    vault: &Vault,
    algorithm: CertifiedAlgorithm,
    now: Timestamp,
) -> Result<Option<String>> {
    let set = load(storage, vault).await?;
    let mut states = states(&set, Duration::ZERO, now).into_iter();
    let next = states
        .find(|state| state.held.key.algorithm == algorithm && state.stage == Stage::Published);
    let Some(next) = next else {
        return Ok(None);
    };
    let kid = next.held.kid.clone();
    storage.hurry_signing_key(kid.clone(), now).await?;
    Ok(Some(kid))
}

/// Makes a new key and its certificate. It is published now and signs after
/// `ahead`, or at once when it is the first. Returns its name.
///
/// # Errors
/// When the database refuses, or there is no engine for GOST.
pub async fn rotate(
    storage: &Storage,
    vault: &Vault,
    settings: &EsiaSettings,
    name: &str,
    algorithm: CertifiedAlgorithm,
    ahead: Duration,
    now: Timestamp,
) -> Result<String> {
    let set = load(storage, vault).await?;
    let has_active = states(&set, Duration::ZERO, now)
        .iter()
        .any(|state| state.held.key.algorithm == algorithm && state.stage == Stage::Active);
    let times = KeyTimes::of_new(now, has_active, ahead);
    let days = settings.certificate_days;
    let (pkcs8, key) = CertifiedKey::generate(algorithm, name, now, days)?;
    let kid = key.fingerprint()?;
    let encoded = Zeroizing::new(STANDARD.encode(&*pkcs8));
    storage
        .put_signing_key(SigningKeyRecord {
            private_sealed: vault.seal(&context(&kid), encoded.as_bytes())?,
            kid: kid.clone(),
            alg: algorithm.stored().to_owned(),
            public_jwk: key.pem,
            created_at: times.created_at,
            active_from: times.active_from,
            retired_at: None,
        })
        .await?;
    Ok(kid)
}

async fn load(storage: &Storage, vault: &Vault) -> Result<Vec<Arc<Held>>> {
    let gost = gost_is_here();
    let mut keys = Vec::new();
    for record in storage.signing_keys().await? {
        let Some(algorithm) = CertifiedAlgorithm::from_stored(&record.alg) else {
            continue;
        };
        if algorithm == CertifiedAlgorithm::Gost256 && !gost {
            continue;
        }
        let encoded = Zeroizing::new(vault.unseal(&context(&record.kid), &record.private_sealed)?);
        let pkcs8 = Zeroizing::new(STANDARD.decode(&*encoded)?);
        let key = CertifiedKey::parse(algorithm, &pkcs8, &record.public_jwk)?;
        if key.fingerprint()? != record.kid {
            return Err(Internal::new(
                "a stored certificate is not the one it is called",
            ));
        }
        keys.push(Arc::new(Held {
            key,
            times: KeyTimes {
                created_at: record.created_at,
                active_from: record.active_from,
                retired_at: record.retired_at,
            },
            kid: record.kid,
        }));
    }
    Ok(keys)
}

fn context(kid: &str) -> String {
    format!("esia-key:{kid}")
}
