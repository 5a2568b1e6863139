//! Plain secrets and what is stored of them. A [`Secret`] becomes a
//! [`Digest`]; nothing turns a digest back.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroize;

/// A secret in the clear: a token, a password, a one-time code. It has no
/// Display, its Debug is redacted, and its memory is wiped when dropped.
#[derive(Clone, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes a plain value into custody.
    pub fn new(plain: impl Into<String>) -> Self {
        Self(plain.into())
    }

    /// The plain value, for the moment it must leave: a cookie, a token
    /// response, a message to its owner.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What may be stored: SHA-256. Fit for secrets of full entropy only;
    /// passwords and short codes are never stored this way.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }
}

impl PartialEq for Secret {
    /// Compares in constant time, like its digest.
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// SHA-256 of a secret, base64url without padding: the only trace of a secret
/// in the database.
#[derive(Clone, Debug, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let hash = ring::digest::digest(&ring::digest::SHA256, bytes);
        Self(URL_SAFE_NO_PAD.encode(hash))
    }

    /// A digest as it was stored.
    pub fn from_stored(stored: String) -> Self {
        Self(stored)
    }

    /// The stored form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::hash::Hash for Digest {
    /// Equal digests have equal texts, so hashing the text agrees with `eq`.
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl PartialEq for Digest {
    /// Compares in constant time, so that no timing tells how much of a guess
    /// was right.
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}
