//! The key pair of a relying party that authenticates by `private_key_jwt`. The
//! assertions are signed by a library that is not ours.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

/// The key of the client `keyed`.
pub static KEYED: LazyLock<ClientKey> = LazyLock::new(|| ClientKey::generate("first"));

/// An ES256 key pair.
pub struct ClientKey {
    kid: String,
    private: EncodingKey,
}

impl ClientKey {
    pub fn generate(kid: &str) -> Self {
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        Self {
            kid: kid.to_owned(),
            private: EncodingKey::from_ec_der(pair.serialized_der()),
        }
    }

    /// The key set that the client registers or publishes.
    pub fn jwks(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.private, Algorithm::ES256).unwrap();
        jwk.common.key_id = Some(self.kid.clone());
        json!({ "keys": [jwk] })
    }

    /// Signs an assertion.
    pub fn sign(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, claims, &self.private).unwrap()
    }

    /// Signs with a header of the test's own, whatever it says.
    pub fn sign_under(&self, header: &Value, claims: &Value) -> String {
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let key = &self.private;
        let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), key, Algorithm::ES256);
        format!("{signed}.{}", signature.unwrap())
    }

    /// The public key alone.
    pub fn jwk(&self) -> Value {
        let jwk = Jwk::from_encoding_key(&self.private, Algorithm::ES256).unwrap();
        let all = serde_json::to_value(jwk).unwrap();
        let members = ["kty", "crv", "x", "y"];
        members
            .into_iter()
            .map(|name| (name.to_owned(), all[name].clone()))
            .collect()
    }

    /// Its thumbprint (RFC 7638).
    pub fn thumbprint(&self) -> String {
        let jwk = Jwk::from_encoding_key(&self.private, Algorithm::ES256).unwrap();
        jwk.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256)
            .unwrap()
    }
}
