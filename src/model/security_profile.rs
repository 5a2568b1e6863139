//! Profiles that a client is held to, all at once: the FAPI 2.0 Security Profile
//! and FAPI 2.0 Message Signing.

use serde::{Deserialize, Serialize};

use super::algorithm::Algorithm;

/// What more is demanded of a client than of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecurityProfile {
    /// FAPI 2.0 Security Profile: requests are pushed and use PKCE, clients
    /// authenticate with a key, tokens are bound to one.
    Fapi2Security,
    /// FAPI 2.0 Message Signing: requests and answers are signed, too.
    Fapi2MessageSigning,
}

impl SecurityProfile {
    /// The algorithms for everything that is signed (FAPI 2.0 Security Profile
    /// §5.4.1).
    pub const ALGORITHMS: [Algorithm; 3] = [Algorithm::Ps256, Algorithm::Es256, Algorithm::EdDsa];

    /// Whether requests and answers are signed.
    pub const fn signs_messages(self) -> bool {
        matches!(self, Self::Fapi2MessageSigning)
    }
}
