//! Proofs of possession (RFC 9449), signed by a library that is not ours.

use std::sync::atomic::{AtomicU64, Ordering};

use propusk::model::secret::Digest;
use serde_json::{Value, json};

use super::TestApp;
use super::client_key::ClientKey;

/// The key of a client that binds its tokens.
pub struct ProofKey {
    pub key: ClientKey,
    now: i64,
    url: String,
}

impl ProofKey {
    /// A key of now: its proofs are of the moment it is made at.
    pub fn generate(app: &TestApp) -> Self {
        Self {
            key: ClientKey::generate("proof"),
            now: app.now().seconds(),
            url: app.url.clone(),
        }
    }

    /// The claims of a proof for this request, each time with a new `jti`.
    pub fn claims(&self, method: &str, path: &str, token: Option<&str>) -> Value {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let mut claims = json!({
            "jti": format!("proof {}", NEXT.fetch_add(1, Ordering::SeqCst)),
            "htm": method,
            "htu": format!("{}{path}", self.url),
            "iat": self.now,
        });
        if let Some(token) = token {
            claims["ath"] = json!(Digest::of(token.as_bytes()).as_str());
        }
        claims
    }

    /// The header of a proof.
    pub fn header(&self) -> Value {
        json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.key.jwk() })
    }

    /// A proof for a request.
    pub fn proof(&self, method: &str, path: &str, token: Option<&str>) -> String {
        self.signed(&self.claims(method, path, token))
    }

    /// A proof with these claims.
    pub fn signed(&self, claims: &Value) -> String {
        self.key.sign_under(&self.header(), claims)
    }
}
