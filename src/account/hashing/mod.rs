//! Argon2id on threads of its own. Hashing is slow by design, so it must not
//! take the time of other requests: the threads are few, run at the lowest
//! priority, take work from a bounded queue and keep their memory for the next
//! password. Beyond the queue callers are turned away at once.

mod pool;

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Params, Version};
use subtle::ConstantTimeEq as _;
use tokio::sync::oneshot;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::settings::HashingSettings;
use crate::entropy::Entropy;
use crate::error::{Internal, Result};
use crate::model::secret::Secret;
pub(super) use pool::RETRY_AFTER;
use pool::{Job, Queue};

/// Bytes of a hash.
const LENGTH: usize = 32;

/// Why a password was not hashed.
#[derive(Debug)]
pub enum HashRefused {
    /// Too many are waiting.
    Busy { retry_after: Duration },
    /// A fault of ours.
    Internal(Internal),
}

impl From<Internal> for HashRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

/// Hashes and verifies passwords.
pub struct Hasher {
    queue: Arc<Queue>,
    params: Params,
    entropy: Entropy,
}

impl Hasher {
    /// Starts the threads; they take memory with their first password.
    ///
    /// # Errors
    /// When Argon2 does not allow the parameters.
    pub fn new(settings: &HashingSettings, entropy: Entropy) -> Result<Self> {
        let params = Params::new(settings.memory_kib, settings.passes, 1, Some(LENGTH))
            .map_err(|error| Internal::new(format!("password.hashing: {error}")))?;
        let queue = Queue::new(settings.queue);
        let threads = match settings.threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            threads => threads,
        };
        for n in 0..threads {
            queue.serve(format!("argon2-{n}"), params.block_count())?;
        }
        Ok(Self {
            queue,
            params,
            entropy,
        })
    }

    /// The hash of a new password in PHC form.
    ///
    /// # Errors
    /// When too many are waiting.
    pub async fn hash(&self, password: &Secret) -> Result<String, HashRefused> {
        let salt = self.entropy.bytes::<16>();
        let output = self.run(password, &salt, self.params.clone()).await?;
        Ok(self.encode(&salt, &output)?)
    }

    /// Whether the password is the one that was hashed; with whatever
    /// parameters it was.
    ///
    /// # Errors
    /// When too many are waiting, or the hash is none of ours.
    pub async fn verify(&self, password: &Secret, phc: &str) -> Result<bool, HashRefused> {
        let (params, salt, expected) = decode(phc)?;
        let output = self.run(password, &salt, params).await?;
        Ok(output.as_slice().ct_eq(&expected).into())
    }

    /// Whether a hash was made with other parameters than those in force.
    pub fn is_outdated(&self, phc: &str) -> bool {
        decode(phc).map_or(true, |(params, ..)| {
            (params.m_cost(), params.t_cost(), params.p_cost())
                != (
                    self.params.m_cost(),
                    self.params.t_cost(),
                    self.params.p_cost(),
                )
        })
    }

    /// A hash that no password has: checking it takes as long as a real one,
    /// so that the time does not tell whether an account exists (row 24).
    ///
    /// # Errors
    /// Never in practice: the parameters have been tried.
    pub fn decoy(&self) -> Result<String> {
        self.encode(&self.entropy.bytes::<16>(), &self.entropy.bytes::<LENGTH>())
    }

    /// Refuses at once when a password would be turned away anyway.
    ///
    /// # Errors
    /// Too many are waiting.
    pub fn room(&self) -> Result<(), HashRefused> {
        self.queue.room().map(drop)
    }

    /// Passwords that wait for a thread.
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// Passwords hashed since the start, to set or to check one.
    pub fn done(&self) -> u64 {
        self.queue.done()
    }

    fn encode(&self, salt: &[u8], output: &[u8]) -> Result<String> {
        let damaged = || Internal::new("a password hash cannot be written");
        Ok(PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&self.params).map_err(|_| damaged())?,
            salt: Some(Salt::new(salt).map_err(|_| damaged())?),
            hash: Some(Output::new(output).map_err(|_| damaged())?),
        }
        .to_string())
    }

    async fn run(
        &self,
        password: &Secret,
        salt: &[u8],
        params: Params,
    ) -> Result<Zeroizing<Vec<u8>>, HashRefused> {
        let (answer, answered) = oneshot::channel();
        let job = Job {
            // Keyboards compose letters differently; the password is the same.
            password: Zeroizing::new(password.expose().nfc().collect::<String>().into_bytes()),
            salt: salt.to_vec(),
            params,
            answer,
        };
        self.queue.push(job)?;
        answered
            .await
            .map_err(|_| Internal::new("a hashing thread has stopped"))?
            .map_err(HashRefused::Internal)
    }
}

impl Drop for Hasher {
    fn drop(&mut self) {
        self.queue.close();
    }
}

fn decode(phc: &str) -> Result<(Params, Vec<u8>, Vec<u8>)> {
    let foreign = || Internal::new("a stored password hash is not Argon2id");
    let hash = PasswordHash::new(phc).map_err(|_| foreign())?;
    if hash.algorithm != Algorithm::Argon2id.ident() || hash.version != Some(Version::V0x13.into())
    {
        return Err(foreign());
    }
    let params = Params::try_from(&hash).map_err(|_| foreign())?;
    let salt = hash.salt.ok_or_else(foreign)?;
    let output = hash.hash.ok_or_else(foreign)?;
    Ok((params, salt.as_ref().to_vec(), output.as_bytes().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(passes: u32, threads: usize, queue: usize) -> Hasher {
        let settings = HashingSettings {
            memory_kib: 64,
            passes,
            threads,
            queue,
        };
        Hasher::new(&settings, Entropy::seeded(b"hashing")).unwrap()
    }

    #[tokio::test]
    async fn a_password_is_known_again_however_it_was_typed() {
        let hasher = hasher(1, 1, 4);
        assert_eq!(hasher.done(), 0);
        let phc = hasher.hash(&Secret::new("Пароль-й1")).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{phc}");
        assert!(
            hasher
                .verify(&Secret::new("Пароль-й1"), &phc)
                .await
                .unwrap()
        );
        assert!(
            hasher
                .verify(&Secret::new("Пароль-и\u{306}1"), &phc)
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify(&Secret::new("Пароль-и1"), &phc)
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify(&Secret::new(""), &hasher.decoy().unwrap())
                .await
                .unwrap()
        );
        assert_eq!(hasher.done(), 5, "each has been counted");
    }

    #[tokio::test]
    async fn older_parameters_are_understood_and_noticed() {
        let (old, new) = (hasher(1, 1, 4), hasher(2, 1, 4));
        let phc = old.hash(&Secret::new("secret")).await.unwrap();
        assert!(new.verify(&Secret::new("secret"), &phc).await.unwrap());
        assert!(new.is_outdated(&phc) && !old.is_outdated(&phc));
        // What stands in for nobody's password must be as dear as the newest.
        assert!(!new.is_outdated(&new.decoy().unwrap()));
        assert!(
            new.verify(&Secret::new("secret"), "$2b$12$abc")
                .await
                .is_err()
        );
    }

    #[tokio::test]
    async fn attack_53_a_flood_is_turned_away_and_the_gone_are_skipped() {
        let hasher = Arc::new(hasher(20_000, 1, 2));
        let slow = |hasher: &Arc<Hasher>| {
            let hasher = Arc::clone(hasher);
            tokio::spawn(async move { hasher.hash(&Secret::new("x")).await.is_ok() })
        };
        let first = slow(&hasher);
        while hasher.waiting() > 0 || first.is_finished() {
            tokio::task::yield_now().await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        let (second, third) = (slow(&hasher), slow(&hasher));
        while hasher.waiting() < 2 {
            tokio::task::yield_now().await;
        }
        let refused = hasher.hash(&Secret::new("y")).await;
        assert!(matches!(refused, Err(HashRefused::Busy { .. })));
        second.abort();
        third.abort();
        assert!(second.await.is_err() && third.await.is_err());
        let small = decode(&hasher.decoy().unwrap()).is_ok();
        assert!(small && hasher.verify(&Secret::new("z"), "$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await.is_ok());
        assert!(first.await.unwrap());
    }
}
