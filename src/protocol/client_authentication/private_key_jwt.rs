//! `private_key_jwt`: an assertion signed by the client's key (RFC 7523,
//! OpenID Connect Core §9).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};

use super::{Credentials, Method, Request, Shown, failed};
use crate::jose::foreign;
use crate::jose::{ForeignClaims, Jwks};
use crate::model::algorithm::Algorithm;
use crate::model::client::AuthenticationMethod;
use crate::model::id::ClientId;
use crate::model::secret::Digest;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::clients::Registered;
use crate::protocol::error::{OAuthError, Refused};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How far the clocks of client and provider may differ.
const SKEW: Duration = Duration::from_secs(30);
/// An assertion that lives longer is refused: its `jti` must be remembered.
const LONGEST_LIFE: Duration = Duration::from_secs(3_600);

pub(super) const METHOD: Method = Method {
    method: AuthenticationMethod::PrivateKeyJwt,
    name: "private_key_jwt",
    find,
    prove,
};

fn find(request: &Request<'_>) -> Result<Option<Credentials>, OAuthError> {
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

fn prove<'a>(
    provider: &'a Provider,
    client: &'a Registered,
    credentials: &'a Credentials,
    now: Timestamp,
) -> BoxFuture<'a, Result<bool, Refused>> {
    Box::pin(async move {
        let Shown::Assertion(assertion) = &credentials.shown else {
            return Ok(false);
        };
        let verified = match &client.jwks {
            Some(jwks) => foreign::verify(assertion, jwks, algorithms(client)).ok(),
            None => verify_with_published_keys(provider, client, assertion).await,
        };
        let Some(ForeignClaims(claims)) = verified else {
            return Ok(false);
        };
        let Some(until) = acceptable(provider, client, &claims, now) else {
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
    })
}

/// How its assertions may be signed (OpenID Connect Registration §2,
/// `token_endpoint_auth_signing_alg`).
fn algorithms(client: &Registered) -> &[Algorithm] {
    match &client.token_endpoint_auth_signing_alg {
        Some(only) => std::slice::from_ref(only),
        None => &Algorithm::ALL,
    }
}

/// Keys at the client's `jwks_uri`, fetched for each check: an unknown `kid`
/// after the client changed its keys must work at once.
async fn verify_with_published_keys(
    provider: &Provider,
    client: &Registered,
    assertion: &str,
) -> Option<ForeignClaims> {
    let uri = client.jwks_uri.as_deref()?;
    let answer = match provider.egress.get(uri).await {
        Ok(answer) if answer.status == 200 => answer,
        Ok(answer) => {
            tracing::warn!(client = %client.client_id, status = answer.status, "jwks_uri refused");
            return None;
        }
        Err(error) => {
            tracing::warn!(client = %client.client_id, %error, "jwks_uri is out of reach");
            return None;
        }
    };
    let keys = String::from_utf8(answer.body.to_vec()).ok()?;
    match Jwks::parse(&keys) {
        Ok(keys) => foreign::verify(assertion, &keys, algorithms(client)).ok(),
        Err(fault) => {
            tracing::warn!(client = %client.client_id, %fault, "jwks_uri holds no usable keys");
            None
        }
    }
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
    let ours =
        |audience: &str| audience == provider.issuer || audience == provider.url("/oauth/token");
    // Every audience must be us: a list that also names another server would
    // let that server replay it here (attack row 34).
    let for_us = match claims.get("aud")? {
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
