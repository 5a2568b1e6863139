//! The keys of clients, and the JWTs they sign (RFC 7523 §3, RFC 9101). The
//! keys come from the client's registration, never from the token.

use std::collections::HashSet;

use aws_lc_rs::signature::ParsedPublicKey;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::compact::Compact;
use super::encryption::RecipientKey;
use super::{JwtRefused, certificate, jwk, strict_json};
use crate::error::Result as Internally;
use crate::model::algorithm::Algorithm;
use crate::model::encryption::{Encryption, KeyManagement};
use crate::model::secret::Digest;

/// The most keys one client may have: without a kid each is tried.
const MAX_KEYS: usize = 20;

/// The `typ` values a client assertion may carry; other types are tokens made
/// for another purpose (RFC 8725 §3.11). Having none is usual.
const ASSERTION_TYPES: [&str; 2] = ["jwt", "client-authentication+jwt"];

/// The `typ` values a request object may carry (RFC 9101 §10.8).
pub const REQUEST_OBJECT_TYPES: [&str; 2] = ["jwt", "oauth-authz-req+jwt"];

/// A client's public keys, parsed.
pub struct Jwks {
    keys: Vec<Key>,
    /// What can be encrypted to; first those that are for nothing else.
    recipients: Vec<RecipientKey>,
    /// Of every key that can check signatures (RFC 7638).
    thumbprints: HashSet<String>,
    /// Certificates that stand beside the keys (RFC 7517 §4.7), the first of
    /// each chain.
    certificates: HashSet<Digest>,
}

struct Key {
    kid: String,
    alg: Algorithm,
    verifier: ParsedPublicKey,
}

/// The claims of a client's JWT whose signature is good. Issuer, audience,
/// times and `jti` are the caller's to check.
#[derive(Clone, Debug)]
pub struct ForeignClaims(pub Map<String, Value>);

impl Jwks {
    /// Reads a JWK set (RFC 7517 §5).
    ///
    /// # Errors
    /// Which key is wrong and what to mend, for the one who registers the
    /// client.
    pub fn parse(json: &str) -> Result<Self, String> {
        let set = strict_json::object(json.as_bytes())
            .ok_or("the key set is not a JSON object with unique members")?;
        let Some(Value::Array(listed)) = set.get("keys") else {
            return Err("the key set has no list \"keys\"".into());
        };
        if listed.len() > MAX_KEYS {
            return Err(format!(
                "the key set has {} keys: keep at most {MAX_KEYS}",
                listed.len()
            ));
        }
        let (mut keys, mut recipients) = (Vec::new(), Vec::new());
        let (mut thumbprints, mut certificates) = (HashSet::new(), HashSet::new());
        let mut kids = HashSet::new();
        for (at, entry) in listed.iter().enumerate() {
            let wrong = |what: &str| format!("{} {what}", name_of(at, entry));
            let jwk = entry.as_object().ok_or_else(|| wrong("is no object"))?;
            certificates.extend(first_certificate(jwk).map_err(|what| wrong(&what))?);
            let read = jwk::read(jwk).map_err(|what| wrong(&what))?;
            recipients.extend(RecipientKey::read(jwk));
            let Some(read) = read else {
                continue;
            };
            if !kids.insert(read.kid.clone()) {
                return Err(wrong("has the kid of an earlier key: make kids unique"));
            }
            thumbprints.insert(read.public.thumbprint());
            for &alg in &read.algorithms {
                keys.extend(read.public.verifier(alg).map(|verifier| Key {
                    kid: read.kid.clone(),
                    alg,
                    verifier,
                }));
            }
        }
        if keys.is_empty() && certificates.is_empty() && recipients.is_empty() {
            return Err(
                "the key set has no key that is of use: add an RSA key of 2048 bits \
                        or more, a P-256 key or an Ed25519 key"
                    .into(),
            );
        }
        recipients.sort_by_key(|key| !key.is_dedicated);
        Ok(Self {
            keys,
            recipients,
            thumbprints,
            certificates,
        })
    }

    /// Whether any of them can check signatures.
    pub fn can_sign(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Whether something can be encrypted to these keys so.
    pub fn can_be_reached(&self, alg: KeyManagement) -> bool {
        self.recipients.iter().any(|key| key.takes(alg))
    }

    /// Encrypts `content` to the first key that takes it so; none does, none
    /// comes back. `cty` is `JWT` where a signed token is inside (RFC 7519
    /// §5.2).
    ///
    /// # Errors
    /// When the library refuses.
    pub fn encrypt(
        &self,
        how: Encryption,
        cty: Option<&str>,
        content: &[u8],
    ) -> Internally<Option<String>> {
        match self.recipients.iter().find(|key| key.takes(how.alg)) {
            Some(key) => key.encrypt(how, cty, content),
            None => Ok(None),
        }
    }

    /// Whether a certificate in DER is registered: itself, or its public key
    /// (RFC 8705 §2.2.2). Who signed it does not matter.
    pub fn has_certificate(&self, der: &[u8]) -> bool {
        self.certificates.contains(&Digest::of(der))
            || certificate::public_key(der)
                .is_some_and(|key| self.thumbprints.contains(&key.thumbprint()))
    }
}

fn first_certificate(jwk: &Map<String, Value>) -> Result<Option<Digest>, String> {
    let Some(chain) = jwk.get("x5c") else {
        return Ok(None);
    };
    let first = chain.as_array().and_then(|chain| chain.first()?.as_str());
    let der = first.and_then(|text| STANDARD.decode(text).ok());
    let der = der.filter(|der| certificate::is_one(der)).ok_or(
        "has \"x5c\" that is not a list of certificates in base64 (not base64url): give the DER of each",
    )?;
    Ok(Some(Digest::of(&der)))
}

/// Checks a JWT signed by a client: its `alg` must be among `allowed`, and a
/// registered key for exactly that algorithm must have signed it. Without a
/// `kid` every such key is tried.
///
/// # Errors
/// Whatever makes it not a token of this client.
pub fn verify(
    token: &str,
    keys: &Jwks,
    allowed: &[Algorithm],
) -> Result<ForeignClaims, JwtRefused> {
    verify_typed(token, keys, allowed, &ASSERTION_TYPES)
}

/// The same for a JWT of one of these types, or of none.
///
/// # Errors
/// Whatever makes it not a token of this client.
pub fn verify_typed(
    token: &str,
    keys: &Jwks,
    allowed: &[Algorithm],
    types: &[&str],
) -> Result<ForeignClaims, JwtRefused> {
    let token = Compact::parse(token)?;
    if !allowed.contains(&token.alg) {
        return Err(JwtRefused::Algorithm);
    }
    if !token.typ.as_deref().is_none_or(|typ| is_among(typ, types)) {
        return Err(JwtRefused::Type);
    }
    let named = |key: &&Key| token.kid.as_ref().is_none_or(|kid| *kid == key.kid);
    let mut named = keys.keys.iter().filter(named).peekable();
    if named.peek().is_none() {
        return Err(JwtRefused::UnknownKey);
    }
    let mut fitting = named.filter(|key| key.alg == token.alg).peekable();
    if fitting.peek().is_none() {
        return Err(JwtRefused::Algorithm);
    }
    if !fitting.any(|key| token.signed_by(&key.verifier)) {
        return Err(JwtRefused::Signature);
    }
    token.claims().map(ForeignClaims)
}

/// The same for a JWT signed with the client's secret: HS256 and nothing else,
/// so that no public key is ever taken for a secret (RFC 8725 §3.1).
///
/// # Errors
/// Whatever makes it not a token of this client.
pub fn verify_by_secret(token: &str, secret: &[u8]) -> Result<ForeignClaims, JwtRefused> {
    let token = Compact::parse_hs256(token)?;
    if !token
        .typ
        .as_deref()
        .is_none_or(|typ| is_among(typ, &ASSERTION_TYPES))
    {
        return Err(JwtRefused::Type);
    }
    if !token.signed_by_secret(secret) {
        return Err(JwtRefused::Signature);
    }
    token.claims().map(ForeignClaims)
}

/// Types are media types: case is free, "application/" may be left out
/// (RFC 7515 §4.1.9).
fn is_among(typ: &str, types: &[&str]) -> bool {
    let typ = typ.to_ascii_lowercase();
    let typ = typ.strip_prefix("application/").unwrap_or(&typ);
    types.contains(&typ)
}

fn name_of(at: usize, entry: &Value) -> String {
    match entry.get("kid").and_then(Value::as_str) {
        Some(kid) => format!("key {} (kid \"{kid}\")", at + 1),
        None => format!("key {}", at + 1),
    }
}

impl std::fmt::Debug for Jwks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let keys = self.keys.iter().map(|key| (&key.kid, key.alg));
        f.debug_list().entries(keys).finish()
    }
}
