//! DPoP proofs (RFC 9449 §4.2) of a client with a key of its own, ES256.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};

/// A key and what every proof by it begins with.
pub struct ProofKey {
    pair: EcdsaKeyPair,
    chance: SystemRandom,
    header: String,
    made: u64,
}

impl ProofKey {
    /// A new one.
    pub fn new() -> Result<Self, String> {
        let chance = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = EcdsaKeyPair::generate_pkcs8(algorithm, &chance)
            .map_err(|_| "no key could be made")
            .and_then(|pkcs8| {
                EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &chance)
                    .map_err(|_| "the key cannot be read")
            })?;
        // An uncompressed point: 4, x, y.
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let header = URL_SAFE_NO_PAD.encode(format!(
            r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{{"kty":"EC","crv":"P-256","x":"{}","y":"{}"}}}}"#,
            URL_SAFE_NO_PAD.encode(x),
            URL_SAFE_NO_PAD.encode(y),
        ));
        Ok(Self {
            pair,
            chance,
            header,
            made: 0,
        })
    }

    /// A header line that proves the key for one POST to this address.
    pub fn header_line(&mut self, url: &str) -> Result<String, String> {
        self.made += 1;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_err(|error| error.to_string())?;
        let claims = format!(
            r#"{{"jti":"{:x}-{}","htm":"POST","htu":"{url}","iat":{}}}"#,
            now.as_nanos(),
            self.made,
            now.as_secs(),
        );
        let signed = format!("{}.{}", self.header, URL_SAFE_NO_PAD.encode(claims));
        let signature = self
            .pair
            .sign(&self.chance, signed.as_bytes())
            .map_err(|_| "a proof could not be signed")?;
        let signature = URL_SAFE_NO_PAD.encode(signature);
        Ok(format!("DPoP: {signed}.{signature}\r\n"))
    }
}
