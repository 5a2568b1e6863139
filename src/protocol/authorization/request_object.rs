//! Request objects: the parameters of a request as a JWT that the client
//! signed (RFC 9101, OpenID Connect Core §6), by value or by reference.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::jose::encryption::is_encrypted;
use crate::jose::{ForeignClaims, foreign};
use crate::model::algorithm::Algorithm;
use crate::model::secret::Digest;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::client_keys;
use crate::protocol::clients::Registered;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};
use crate::protocol::params::Params;

/// How far the clocks of client and provider may differ.
const SKEW: Duration = Duration::from_secs(30);
/// The longest life of an object, and its greatest age (FAPI 2.0 Message
/// Signing §5.3.1).
const LONGEST_LIFE: Duration = Duration::from_secs(3_600);
/// What says something of the JWT and is no parameter of the request.
const OF_THE_JWT: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// The parameters inside an object that this client signed.
///
/// # Errors
/// `invalid_request_object`, or `request_not_supported` for one without a
/// signature.
pub(super) async fn open(
    provider: &Provider,
    client: &Registered,
    object: &str,
    now: Timestamp,
) -> Result<Params, OAuthError> {
    let opened = decrypted(provider, object, now)?;
    let object = opened.as_deref().unwrap_or(object);
    if is_unsigned(object) && may_be_loose(client) {
        return Err(ErrorCode::RequestNotSupported
            .because("request objects must be signed with a registered key"));
    }
    let alg = client.request_object_signing_alg;
    let claims = verified(provider, client, object, alg).await?;
    check(provider, client, &claims, client.must_sign_requests(), now)?;
    Ok(parameters(&claims))
}

/// The same of a request without a browser: it says all there is to say of
/// itself (CIBA §7.1.1), and is good once.
///
/// # Errors
/// `invalid_request`.
pub(in crate::protocol) async fn open_backchannel(
    provider: &Provider,
    client: &Registered,
    object: &str,
    now: Timestamp,
) -> Result<Params, Refused> {
    let alg = client.backchannel_authentication_request_signing_alg;
    let opened = async {
        let opened = decrypted(provider, object, now)?;
        let object = opened.as_deref().unwrap_or(object);
        let claims = verified(provider, client, object, alg).await?;
        check(provider, client, &claims, true, now)?;
        match ["iss", "iat", "jti"]
            .iter()
            .find(|name| !claims.contains_key(**name))
        {
            None => Ok(claims),
            Some(name) => Err(wrong(match *name {
                "iss" => "the request object has no iss",
                "iat" => "the request object has no iat",
                _ => "the request object has no jti",
            })),
        }
    };
    let as_request = |mut error: OAuthError| {
        error.code = ErrorCode::InvalidRequest;
        error
    };
    let claims: Map<String, Value> = opened.await.map_err(as_request)?;
    let id = claims.get("jti").map(Value::to_string).unwrap_or_default();
    let mark = Digest::of(format!("{}\n{id}", client.client_id).as_bytes());
    let until = now.plus(LONGEST_LIFE * 2);
    let storage = &provider.storage;
    let kind = ticket::BACKCHANNEL_OBJECT;
    match storage.put_ticket_once(kind, mark, now, until).await? {
        true => Ok(parameters(&claims)),
        false => Err(as_request(wrong("the request object was used before")).into()),
    }
}

/// What is inside an object that was encrypted to us (RFC 9101 §6.1): a signed
/// one, as encryption tells nobody who did it.
fn decrypted(
    provider: &Provider,
    object: &str,
    now: Timestamp,
) -> Result<Option<String>, OAuthError> {
    if !is_encrypted(object) {
        return Ok(None);
    }
    let opened = provider.keys.current().decrypt(object, now);
    opened
        .map(Some)
        .map_err(|_| wrong("the request object cannot be decrypted with a key of ours"))
}

async fn verified(
    provider: &Provider,
    client: &Registered,
    object: &str,
    alg: Option<Algorithm>,
) -> Result<Map<String, Value>, OAuthError> {
    let algorithms = match alg {
        Some(alg) => vec![alg],
        None => client.own_algorithms().to_vec(),
    };
    let keys = client_keys::of(provider, client)
        .await
        .ok_or_else(|| wrong("the client has no keys to check the request object with"))?;
    let ForeignClaims(claims) =
        foreign::verify_typed(object, &keys, &algorithms, &foreign::REQUEST_OBJECT_TYPES)
            .map_err(|_| wrong("the request object is not signed by a key of this client"))?;
    Ok(claims)
}

/// The object a client publishes at one of its registered addresses.
///
/// # Errors
/// `invalid_request_uri` when it is not registered or cannot be fetched.
pub(super) async fn fetch(
    provider: &Provider,
    client: &Registered,
    uri: &str,
) -> Result<String, OAuthError> {
    let wrong = |why| ErrorCode::InvalidRequestUri.because(why);
    let (address, _) = uri.split_once('#').unwrap_or((uri, ""));
    let registered = client
        .request_uris
        .iter()
        .any(|known| known == uri || known.split('#').next() == Some(address));
    if !registered {
        return Err(wrong(
            "request_uri is not among the registered request_uris",
        ));
    }
    let answer = provider.egress.get(address).await.map_err(|error| {
        tracing::warn!(client = %client.client_id, %error, "request_uri is out of reach");
        wrong("request_uri is out of reach")
    })?;
    if answer.status != 200 {
        return Err(wrong("request_uri answers with no document"));
    }
    let object = String::from_utf8(answer.body).ok();
    object
        .map(|object| object.trim().to_owned())
        .ok_or_else(|| wrong("request_uri holds no request object"))
}

/// Whether an object without a signature is only not supported, and not a try
/// to get past one that is demanded.
fn may_be_loose(client: &Registered) -> bool {
    client.request_object_signing_alg.is_none() && !client.must_sign_requests()
}

/// A JWT that says itself that nobody signed it.
fn is_unsigned(object: &str) -> bool {
    object.split('.').count() == 3 && object.ends_with('.')
}

fn check(
    provider: &Provider,
    client: &Registered,
    claims: &Map<String, Value>,
    strict: bool,
    now: Timestamp,
) -> Result<(), OAuthError> {
    let id = client.client_id.as_str();
    let is_client = |name: &str| claims.get(name).is_none_or(|value| value == id);
    if !is_client("iss") || !is_client("client_id") {
        return Err(wrong(
            "iss and client_id of the request object must be the client_id",
        ));
    }
    // It travels through the browser, and must not be one to authenticate with
    // (RFC 9101 §10.8).
    if claims.get("sub").is_some_and(|sub| sub == id) {
        return Err(wrong("sub of the request object must not be the client_id"));
    }
    let for_us = match claims.get("aud") {
        None => !strict,
        Some(Value::String(audience)) => *audience == provider.issuer,
        Some(Value::Array(list)) => list.iter().any(|one| *one == provider.issuer.as_str()),
        Some(_) => false,
    };
    if !for_us {
        return Err(wrong("aud of the request object must be the issuer"));
    }
    let moment = |name: &str| {
        let value = claims.get(name).filter(|value| !value.is_null())?;
        Some(value.as_f64().map(|at| Timestamp::from_seconds(at as i64)))
    };
    let (mut exp, mut nbf) = (None, None);
    for (name, place) in [
        ("exp", Some(&mut exp)),
        ("nbf", Some(&mut nbf)),
        ("iat", None),
    ] {
        match (moment(name), place) {
            (Some(None), _) => return Err(wrong("times of the request object must be numbers")),
            (Some(at), Some(place)) => *place = at,
            (Some(Some(at)), None) if at > now.plus(SKEW) => {
                return Err(wrong("the request object was made in the future"));
            }
            _ => {}
        }
    }
    if exp.is_some_and(|at| at.plus(SKEW) <= now) {
        return Err(wrong("the request object is expired"));
    }
    if nbf.is_some_and(|at| at > now.plus(SKEW)) {
        return Err(wrong("the request object is not valid yet"));
    }
    // Such clients are to be held to FAPI 2.0 Message Signing §5.3.1.
    if strict {
        let (Some(exp), Some(nbf)) = (exp, nbf) else {
            return Err(wrong("the request object must have exp and nbf"));
        };
        if exp > nbf.plus(LONGEST_LIFE) || nbf.plus(LONGEST_LIFE).plus(SKEW) < now {
            return Err(wrong("the request object lives for more than an hour"));
        }
    }
    // RFC 9101 §6.3: objects do not lead on to further objects.
    if claims.contains_key("request") || claims.contains_key("request_uri") {
        return Err(wrong(
            "a request object holds neither request nor request_uri",
        ));
    }
    Ok(())
}

fn parameters(claims: &Map<String, Value>) -> Params {
    let mut params = single(claims);
    match claims.get("resource") {
        Some(Value::String(one)) => params.add("resource", one),
        Some(Value::Array(several)) => {
            for one in several.iter().filter_map(Value::as_str) {
                params.add("resource", one);
            }
        }
        _ => {}
    }
    params
}

fn single(claims: &Map<String, Value>) -> Params {
    let texts = claims.iter().filter_map(|(name, value)| {
        let text = match value {
            Value::Null => return None,
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let is_one = !OF_THE_JWT.contains(&name.as_str()) && name != "resource";
        is_one.then(|| (name.clone(), text))
    });
    texts.collect()
}

fn wrong(why: &'static str) -> OAuthError {
    ErrorCode::InvalidRequestObject.because(why)
}
