//! The key by which push services of browsers know us (VAPID, RFC 8292). It is
//! no key of the key set: browsers are given its public part when they
//! subscribe, and take no other afterwards, so it is never rotated.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use zeroize::Zeroizing;

use super::generate;
use crate::error::Result;
use crate::model::algorithm::Algorithm;

/// A P-256 key for ES256.
pub struct VapidKey(EcdsaKeyPair);

impl VapidKey {
    /// A fresh private key, PKCS #8 DER, to be encrypted before it is stored.
    ///
    /// # Errors
    /// When the library cannot make one.
    pub fn generate() -> Result<Zeroizing<Vec<u8>>> {
        Ok(generate(Algorithm::Es256)?.pkcs8)
    }

    /// Parses a stored key.
    ///
    /// # Errors
    /// When it is no P-256 key in PKCS #8.
    pub fn parse(pkcs8: &[u8]) -> Result<Self> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)?;
        Ok(Self(pair))
    }

    /// The public point, uncompressed, as base64url: `applicationServerKey` of
    /// browsers and the parameter `k` (RFC 8292 §3.2).
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.public_key().as_ref())
    }

    /// A compact JWS over `claims`. Its header names no key: `k` beside the
    /// token does (RFC 8292 §2).
    ///
    /// # Errors
    /// When the claims cannot be written as JSON or the library cannot sign.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String> {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256","typ":"JWT"}"#);
        let payload = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims)?);
        let signed = format!("{header}.{payload}");
        let signature = self.0.sign_digest(&digest(&SHA256, signed.as_bytes()))?;
        let signature = URL_SAFE_NO_PAD.encode(signature.as_ref());
        Ok(format!("{signed}.{signature}"))
    }
}

impl std::fmt::Debug for VapidKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VapidKey")
    }
}
