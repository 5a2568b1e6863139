//! The one door to randomness: ids, secrets, one-time codes and nonces. Tests
//! seed it, so that a run can be repeated.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;

/// A source of random bytes.
#[derive(Clone)]
pub struct Entropy(Source);

#[derive(Clone)]
enum Source {
    System(SystemRandom),
    /// HMAC-SHA-256 of a counter under the seed: repeatable, for tests only.
    Seeded(Arc<(hmac::Key, AtomicU64)>),
}

impl Entropy {
    /// The operating system's generator.
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    pub fn system() -> Self {
        Self(Source::System(SystemRandom::new()))
    }

    /// A repeatable sequence for tests.
    pub fn seeded(seed: &[u8]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, seed);
        Self(Source::Seeded(Arc::new((key, AtomicU64::new(0)))))
    }

    /// Fills `out` with random bytes.
    ///
    /// # Panics
    /// When the operating system refuses randomness: nothing safe can be done
    /// without it.
    pub fn fill(&self, out: &mut [u8]) {
        match &self.0 {
            Source::System(rng) => rng.fill(out).expect("the system generator answers"),
            Source::Seeded(seeded) => {
                for chunk in out.chunks_mut(32) {
                    let step = seeded.1.fetch_add(1, Ordering::SeqCst);
                    let block = hmac::sign(&seeded.0, &step.to_be_bytes());
                    chunk.copy_from_slice(&block.as_ref()[..chunk.len()]);
                }
            }
        }
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }

    /// A 256-bit secret with a prefix that names its kind, so that a leaked
    /// one is recognised by scanners and by people.
    pub fn secret(&self, prefix: &str) -> Secret {
        Secret::new(format!(
            "{prefix}{}",
            URL_SAFE_NO_PAD.encode(self.bytes::<32>())
        ))
    }

    /// A record id that sorts by time (UUID version 7).
    pub fn id(&self, now: Timestamp) -> String {
        let millis = u64::try_from(now.millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes::<10>())
            .into_uuid()
            .to_string()
    }

    /// An id that tells nothing, not even when it was made (UUID version 4).
    pub fn opaque_id(&self) -> String {
        uuid::Builder::from_random_bytes(self.bytes::<16>())
            .into_uuid()
            .to_string()
    }

    /// `digits` random decimal digits, each equally likely.
    pub fn digits(&self, digits: usize) -> String {
        let mut out = String::with_capacity(digits);
        while out.len() < digits {
            let [byte] = self.bytes::<1>();
            // 250 is the largest multiple of ten in a byte: no digit is favoured.
            if byte < 250 {
                out.push(char::from(b'0' + byte % 10));
            }
        }
        out
    }
}

impl std::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entropy")
    }
}
