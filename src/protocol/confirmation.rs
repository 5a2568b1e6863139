//! What a token is bound to: the key without which it is worth nothing
//! (RFC 7800, RFC 9449 §6, RFC 8705 §3).

use serde::{Deserialize, Serialize};

/// The `cnf` claim: one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confirmation {
    /// Thumbprint of the key that signs DPoP proofs.
    #[serde(rename = "jkt")]
    Key(String),
    /// Thumbprint of the certificate that TLS was spoken with.
    #[serde(rename = "x5t#S256")]
    Certificate(String),
}

impl Confirmation {
    /// `token_type` of tokens bound so; without any it is `Bearer`.
    pub const fn token_type(bound: Option<&Self>) -> &'static str {
        match bound {
            Some(Self::Key(_)) => "DPoP",
            Some(Self::Certificate(_)) | None => "Bearer",
        }
    }
}
