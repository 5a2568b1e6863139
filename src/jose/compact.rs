//! A compact JWS taken apart (RFC 7515 §7.1), before anything in it is
//! believed. What the header says only ever selects among keys and algorithms
//! chosen beforehand: `jku`, `x5u` and `x5c` are not even read, and `jwk` only
//! where a proof brings its own key.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::ParsedPublicKey;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::{JwtRefused, MAX_TOKEN, strict_json};
use crate::model::algorithm::Algorithm;

/// The parts of a token whose signature is yet to be checked.
pub(super) struct Compact<'a, A = Algorithm> {
    /// One of those the caller reads; `none` and unknown names do not get this
    /// far, nor HMAC where a key is expected, nor the reverse.
    pub(super) alg: A,
    pub(super) kid: Option<String>,
    pub(super) typ: Option<String>,
    /// Header and payload as they were signed.
    signed: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
}

impl<'a> Compact<'a> {
    /// Splits the token and reads its header; signed with a key.
    pub(super) fn parse(token: &'a str) -> Result<Self, JwtRefused> {
        Self::parse_with(token, Algorithm::parse)
    }

    /// Whether `key` made the signature.
    pub(super) fn signed_by(&self, key: &ParsedPublicKey) -> bool {
        key.verify_sig(self.signed.as_bytes(), &self.signature)
            .is_ok()
    }
}

/// HMAC with SHA-256 (RFC 7518 §3.2).
pub(super) struct Hs256;

impl<'a> Compact<'a, Hs256> {
    /// The same; signed with a secret.
    pub(super) fn parse_hs256(token: &'a str) -> Result<Self, JwtRefused> {
        Self::parse_with(token, |name| (name == "HS256").then_some(Hs256))
    }

    /// Whether `secret` made the signature. The library compares in constant
    /// time.
    pub(super) fn signed_by_secret(&self, secret: &[u8]) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        hmac::verify(&key, self.signed.as_bytes(), &self.signature).is_ok()
    }
}

impl<'a, A> Compact<'a, A> {
    fn parse_with(token: &'a str, read: impl Fn(&str) -> Option<A>) -> Result<Self, JwtRefused> {
        if token.len() > MAX_TOKEN {
            return Err(JwtRefused::TooLarge);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(JwtRefused::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(JwtRefused::Malformed)?;
        // Five parts would be a JWE; base64url has no dot, so more than three
        // also fail below. An empty signature is `alg: none` in disguise.
        if payload.contains('.') || payload.is_empty() || signature.is_empty() {
            return Err(JwtRefused::Malformed);
        }
        let header = decode(header).and_then(|json| strict_json::object(&json));
        let header = header.ok_or(JwtRefused::Malformed)?;
        if header.contains_key("crit") {
            return Err(JwtRefused::Critical);
        }
        let alg = text(&header, "alg")?.ok_or(JwtRefused::Malformed)?;
        Ok(Self {
            alg: read(&alg).ok_or(JwtRefused::Algorithm)?,
            kid: text(&header, "kid")?,
            typ: text(&header, "typ")?,
            signed,
            payload,
            signature: decode(signature).ok_or(JwtRefused::Malformed)?,
        })
    }

    /// The claims; called once the signature is known to be good.
    pub(super) fn claims(&self) -> Result<Map<String, Value>, JwtRefused> {
        decode(self.payload)
            .and_then(|json| strict_json::object(&json))
            .ok_or(JwtRefused::Malformed)
    }
}

/// The whole header of a token that parsed.
pub(super) fn header_of(token: &str) -> Result<Map<String, Value>, JwtRefused> {
    let header = token.split('.').next().and_then(decode);
    header
        .and_then(|json| strict_json::object(&json))
        .ok_or(JwtRefused::Malformed)
}

/// Strict base64url: no padding, no stray bits, so one token has one spelling.
pub(super) fn decode(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}

fn text(header: &Map<String, Value>, name: &str) -> Result<Option<String>, JwtRefused> {
    match header.get(name) {
        None => Ok(None),
        Some(Value::String(value)) => Ok(Some(value.clone())),
        Some(_) => Err(JwtRefused::Malformed),
    }
}
