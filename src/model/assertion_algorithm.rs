//! How a client signs the assertions it authenticates with. HMAC has its value
//! here and not among [`Algorithm`]: nothing of ours can be signed with it, and
//! no key of a client be taken for a secret (RFC 8725 §3.1).

use serde::{Deserialize, Serialize};

use super::algorithm::Algorithm;
use super::client::AuthenticationMethod;

/// Value of `token_endpoint_auth_signing_alg` (OpenID Connect Registration §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AssertionAlgorithm {
    /// With the client's secret: HMAC and SHA-256.
    Hs256,
    /// With a key of the client.
    Key(Algorithm),
}

impl AssertionAlgorithm {
    /// The registered JWS name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Key(alg) => alg.as_str(),
        }
    }

    /// The registered names of all, in the order discovery lists them.
    pub fn names() -> Vec<&'static str> {
        let of_keys = Algorithm::ALL.map(Algorithm::as_str);
        of_keys.into_iter().chain([Self::Hs256.as_str()]).collect()
    }

    /// Whether assertions of this method can be signed so.
    pub fn is_for(self, method: AuthenticationMethod) -> bool {
        match self {
            Self::Hs256 => method == AuthenticationMethod::ClientSecretJwt,
            Self::Key(_) => method == AuthenticationMethod::PrivateKeyJwt,
        }
    }
}

impl TryFrom<String> for AssertionAlgorithm {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        match name.as_str() {
            "HS256" => Ok(Self::Hs256),
            _ => Algorithm::parse(&name).map(Self::Key).ok_or_else(|| {
                format!("{name} is unknown; known are {}", Self::names().join(", "))
            }),
        }
    }
}

impl From<AssertionAlgorithm> for String {
    fn from(alg: AssertionAlgorithm) -> Self {
        alg.as_str().to_owned()
    }
}
