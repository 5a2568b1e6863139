//! How tokens are encrypted (RFC 7518 §4, §5). RSA with PKCS #1 v1.5 padding
//! has no value here, as whoever answers to it becomes an oracle; nor do
//! passwords and shared keys.

use serde::{Deserialize, Serialize};

/// The type of key that a way to wrap a content key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrappingKey {
    Rsa,
    EllipticCurve,
}

/// How the content key travels: a JWE `alg`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyManagement {
    #[serde(rename = "RSA-OAEP-256")]
    RsaOaep256,
    #[serde(rename = "RSA-OAEP")]
    RsaOaep,
    #[serde(rename = "ECDH-ES")]
    EcdhEs,
    #[serde(rename = "ECDH-ES+A128KW")]
    EcdhEsA128Kw,
    #[serde(rename = "ECDH-ES+A256KW")]
    EcdhEsA256Kw,
}

impl KeyManagement {
    /// Every one, in the order discovery lists them.
    pub const ALL: [Self; 5] = [
        Self::RsaOaep256,
        Self::RsaOaep,
        Self::EcdhEs,
        Self::EcdhEsA128Kw,
        Self::EcdhEsA256Kw,
    ];

    /// Those that our own key answers to.
    pub const OURS: [Self; 3] = [Self::EcdhEs, Self::EcdhEsA128Kw, Self::EcdhEsA256Kw];

    /// The registered JWE name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RsaOaep256 => "RSA-OAEP-256",
            Self::RsaOaep => "RSA-OAEP",
            Self::EcdhEs => "ECDH-ES",
            Self::EcdhEsA128Kw => "ECDH-ES+A128KW",
            Self::EcdhEsA256Kw => "ECDH-ES+A256KW",
        }
    }

    /// The type of key it takes.
    pub const fn key(self) -> WrappingKey {
        match self {
            Self::RsaOaep256 | Self::RsaOaep => WrappingKey::Rsa,
            Self::EcdhEs | Self::EcdhEsA128Kw | Self::EcdhEsA256Kw => WrappingKey::EllipticCurve,
        }
    }
}

/// How the content is encrypted: a JWE `enc`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContentEncryption {
    /// The default of OpenID Connect Registration §2.
    #[default]
    #[serde(rename = "A128CBC-HS256")]
    A128CbcHs256,
    #[serde(rename = "A256CBC-HS512")]
    A256CbcHs512,
    #[serde(rename = "A128GCM")]
    A128Gcm,
    #[serde(rename = "A256GCM")]
    A256Gcm,
}

impl ContentEncryption {
    /// Every one, in the order discovery lists them.
    pub const ALL: [Self; 4] = [
        Self::A128CbcHs256,
        Self::A256CbcHs512,
        Self::A128Gcm,
        Self::A256Gcm,
    ];

    /// Those that we open: what tells a wrong tag from a wrong padding, even by
    /// the time it takes, can be made to tell the content (RFC 7518 §5.2.2.2).
    pub const OURS: [Self; 2] = [Self::A128Gcm, Self::A256Gcm];

    /// The registered JWE name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A128CbcHs256 => "A128CBC-HS256",
            Self::A256CbcHs512 => "A256CBC-HS512",
            Self::A128Gcm => "A128GCM",
            Self::A256Gcm => "A256GCM",
        }
    }

    /// Bytes of the content key (RFC 7518 §5.2.3, §5.2.5, §5.3).
    pub const fn key_length(self) -> usize {
        match self {
            Self::A128Gcm => 16,
            Self::A128CbcHs256 | Self::A256Gcm => 32,
            Self::A256CbcHs512 => 64,
        }
    }
}

/// How one kind of answer is encrypted to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encryption {
    pub alg: KeyManagement,
    pub enc: ContentEncryption,
}

impl Encryption {
    /// What a registration says of it: nothing, or `alg` with `enc` or its
    /// default.
    pub fn registered(alg: Option<KeyManagement>, enc: Option<ContentEncryption>) -> Option<Self> {
        alg.map(|alg| Self {
            alg,
            enc: enc.unwrap_or_default(),
        })
    }
}
