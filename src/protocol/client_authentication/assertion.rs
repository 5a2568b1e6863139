//! Client assertions: JWTs with which a client says who it is (RFC 7523 §2.2,
//! §3). What they must claim is the same whether a key or the secret signed
//! them; the signature is the methods' to check.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::{Credentials, Request, Shown, failed};
use crate::jose::ForeignClaims;
use crate::model::id::ClientId;
use crate::model::secret::Digest;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::clients::Registered;
use crate::protocol::error::{OAuthError, Refused};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Endpoints that an assertion may name instead of the issuer (RFC 7523 §3, RFC
/// 9126 §2, CIBA §7.1).
const ENDPOINTS: [&str; 3] = [
    "/oauth/token",
    "/oauth/par",
    "/oauth/backchannel_authentication",
];
/// How far the clocks of client and provider may differ.
const SKEW: Duration = Duration::from_secs(30);
/// An assertion that lives longer is refused: its `jti` must be remembered.
const LONGEST_LIFE: Duration = Duration::from_secs(3_600);

/// The assertion of a request, whoever signed it.
pub(super) fn find(request: &Request<'_>) -> Result<Option<Credentials>, OAuthError> {
    let Some(assertion) = request.params.get("client_assertion") else {
        return Ok(None);
    };
    if request.params.get("client_assertion_type") != Some(ASSERTION_TYPE) {
        return Err(failed());
    }
    // The subject names the key set to check with; it is believed only once
    // the signature is good.
    let subject = unverified_subject(assertion).ok_or_else(failed)?;
    if request
        .params
        .get("client_id")
        .is_some_and(|named| named != subject)
    {
        return Err(failed());
    }
    Ok(Some(Credentials {
        client_id: ClientId::from(subject),
        shown: Shown::Assertion(assertion.to_owned()),
    }))
}

fn unverified_subject(assertion: &str) -> Option<String> {
    let payload = assertion.split('.').nth(1)?;
    let claims: Map<String, Value> =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    Some(claims.get("sub")?.as_str()?.to_owned())
}

/// Whether an assertion whose signature is good says the right things, for the
/// first time.
pub(super) async fn accept(
    provider: &Provider,
    client: &Registered,
    ForeignClaims(claims): &ForeignClaims,
    now: Timestamp,
) -> Result<bool, Refused> {
    let Some(until) = acceptable(provider, client, claims, now) else {
        return Ok(false);
    };
    let Some(jti) = claims.get("jti").and_then(Value::as_str) else {
        return Ok(false);
    };
    let mark = Digest::of(format!("{}\n{jti}", client.client_id).as_bytes());
    Ok(provider
        .storage
        .put_ticket_once(ticket::CLIENT_ASSERTION, mark, now, until.plus(SKEW))
        .await?)
}

/// Until when a verified assertion is good; none when its claims are not.
fn acceptable(
    provider: &Provider,
    client: &Registered,
    claims: &Map<String, Value>,
    now: Timestamp,
) -> Option<Timestamp> {
    let text = |name| claims.get(name).and_then(Value::as_str);
    let moment = |name| {
        claims
            .get(name)
            .and_then(Value::as_f64)
            .map(|seconds| Timestamp::from_seconds(seconds as i64))
    };
    let id = client.client_id.as_str();
    let ours = |audience: &str| {
        audience == provider.issuer
            || ENDPOINTS
                .iter()
                .any(|path| provider.addresses(path).any(|address| audience == address))
    };
    // Every audience must be us: a list that also names another server would
    // let that server replay it here (attack row 34).
    let for_us = match claims.get("aud")? {
        // FAPI 2.0 Security Profile §5.3.2.1: the issuer, as a single string.
        audience if client.security_profile.is_some() => *audience == provider.issuer.as_str(),
        Value::String(audience) => ours(audience),
        Value::Array(list) => {
            !list.is_empty() && list.iter().all(|one| one.as_str().is_some_and(ours))
        }
        _ => false,
    };
    let expires = moment("exp")?;
    let fine = for_us
        && text("iss") == Some(id)
        && text("sub") == Some(id)
        && now < expires.plus(SKEW)
        && expires <= now.plus(LONGEST_LIFE)
        && moment("nbf").is_none_or(|from| from <= now.plus(SKEW))
        && moment("iat").is_none_or(|at| at <= now.plus(SKEW));
    fine.then_some(expires)
}
