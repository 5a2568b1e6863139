//! Algorithms of key pairs that are published as certificates.

use serde::{Deserialize, Serialize};

/// How tokens of the ESIA dialect are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CertifiedAlgorithm {
    /// RSA of 2048 bits, PKCS #1 v1.5, SHA-256.
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// GOST R 34.10-2012 of 256 bits, Streebog-256; the signature is `s ‖ r`.
    #[serde(rename = "GOST3410_2012_256")]
    Gost256,
}

impl CertifiedAlgorithm {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Rs256, Self::Gost256];

    /// Its name in the header of a token.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Gost256 => "GOST3410_2012_256",
        }
    }

    /// Its name in the addresses of certificates.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Rs256 => "rsa",
            Self::Gost256 => "gost",
        }
    }

    /// Its name among stored keys, where keys of the same algorithm serve
    /// OpenID Connect, too: each key pair has one use (RFC 8725 §3.1).
    pub const fn stored(self) -> &'static str {
        match self {
            Self::Rs256 => "esia RS256",
            Self::Gost256 => "esia GOST3410_2012_256",
        }
    }

    /// The algorithm stored under this name.
    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.stored() == name)
    }
}
