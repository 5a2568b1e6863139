//! Verification of a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6).
//! The `openidconnect` crate knows ID tokens only, so a plain JWT library serves.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use openidconnect::IssuerUrl;
use serde::Deserialize;
use serde_json::{Map, Value};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Signatures that only the provider can make. Never HMAC: with it, whoever
/// reads the public key could sign (RFC 8725 §2.1).
const ALGORITHMS: [Algorithm; 4] = [
    Algorithm::RS256,
    Algorithm::PS256,
    Algorithm::ES256,
    Algorithm::EdDSA,
];
/// Clocks differ a little.
const LEEWAY_SECONDS: u64 = 60;
/// Older news is refused even if its `exp` is generous.
const OLDEST_SECONDS: u64 = 10 * 60;

/// The claims that we act on.
#[derive(Deserialize)]
pub struct LogoutToken {
    pub sub: Option<String>,
    pub sid: Option<String>,
    jti: String,
    iat: u64,
    exp: u64,
    events: Map<String, Value>,
    nonce: Option<Value>,
}

/// Why a logout token is not believed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("the signing key is unknown")]
    UnknownKey,
    #[error("{0}")]
    Jwt(#[from] jsonwebtoken::errors::Error),
    #[error("`{0}` is missing or wrong")]
    Claim(&'static str),
}

/// Checks everything but replay.
pub fn verify(
    token: &str,
    keys: &JwkSet,
    issuer: &IssuerUrl,
    client_id: &str,
    now: u64,
) -> Result<LogoutToken, Refused> {
    let header = jsonwebtoken::decode_header(token)?;
    // Explicit typing (RFC 8725 §3.11): an ID token can never pass for this.
    if !header
        .typ
        .is_some_and(|typ| typ.eq_ignore_ascii_case("logout+jwt"))
    {
        return Err(Refused::Claim("typ"));
    }
    if !ALGORITHMS.contains(&header.alg) {
        return Err(Refused::Claim("alg"));
    }
    let key = header
        .kid
        .and_then(|kid| keys.find(&kid))
        .ok_or(Refused::UnknownKey)?;

    let mut validation = Validation::new(header.alg);
    validation.set_issuer(&[issuer.as_str()]);
    validation.set_audience(&[client_id]);
    validation.set_required_spec_claims(&["iss", "aud", "exp"]);
    // Compared below with the request's own time instead of the library's clock.
    validation.validate_exp = false;
    let claims: LogoutToken =
        jsonwebtoken::decode(token, &DecodingKey::from_jwk(key)?, &validation)?.claims;

    if claims.exp.saturating_add(LEEWAY_SECONDS) <= now {
        return Err(Refused::Claim("exp"));
    }
    if claims.iat > now + LEEWAY_SECONDS || claims.iat.saturating_add(OLDEST_SECONDS) < now {
        return Err(Refused::Claim("iat"));
    }
    if !claims.events.get(EVENT).is_some_and(Value::is_object) {
        return Err(Refused::Claim("events"));
    }
    // §2.4: the presence of a nonce marks an ID token.
    if claims.nonce.is_some() {
        return Err(Refused::Claim("nonce"));
    }
    if claims.sub.is_none() && claims.sid.is_none() {
        return Err(Refused::Claim("sub"));
    }
    Ok(claims)
}

/// Identifiers of tokens seen, each kept until its token would be refused anyway.
#[derive(Default)]
pub struct SeenTokens(Mutex<HashMap<String, u64>>);

impl SeenTokens {
    /// Whether this token was here before; from now on it was.
    pub fn is_replay(&self, token: &LogoutToken, now: u64) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, forget_at| now < *forget_at);
        let forget_at = token.iat.saturating_add(OLDEST_SECONDS + 1);
        seen.insert(token.jti.clone(), forget_at).is_some()
    }
}
