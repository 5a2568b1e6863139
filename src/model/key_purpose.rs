//! What a key pair of ours is for: each for one thing (RFC 8725 §3.1).

use serde::{Serialize, Serializer};

use super::algorithm::Algorithm;

/// The one use of a key pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPurpose {
    /// We sign with it.
    Signing(Algorithm),
    /// Others encrypt to it, by any of [`KeyManagement::OURS`].
    ///
    /// [`KeyManagement::OURS`]: super::encryption::KeyManagement::OURS
    Decryption,
}

impl KeyPurpose {
    /// Every purpose.
    pub const ALL: [Self; 5] = {
        let [one, two, three, four] = Algorithm::ALL;
        [
            Self::Signing(one),
            Self::Signing(two),
            Self::Signing(three),
            Self::Signing(four),
            Self::Decryption,
        ]
    };

    /// The registered name of its algorithm: what is stored, and what an
    /// operator says.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signing(alg) => alg.as_str(),
            Self::Decryption => "ECDH-ES",
        }
    }

    /// The purpose of this name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "ECDH-ES" => Some(Self::Decryption),
            _ => Algorithm::parse(name).map(Self::Signing),
        }
    }
}

impl From<Algorithm> for KeyPurpose {
    fn from(alg: Algorithm) -> Self {
        Self::Signing(alg)
    }
}

impl Serialize for KeyPurpose {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
