//! A request as it arrives at the authorization endpoint: plain parameters, a
//! request object, an address of one, or a reference to what was pushed. What
//! comes out is a [`Flow`]; from there on nobody asks how it came.

use super::checks;
use super::flow::{Flow, Origin};
use super::response::AuthorizationRefused;
use super::{pushed, request_object};
use crate::model::scope::{OPENID, RequestedScopes};
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::clients::Registered;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::params::Params;

/// Begins a flow with the request that `query` brings into this browser.
///
/// # Errors
/// When the request cannot be read or is not to be had.
pub async fn arrive(
    provider: &Provider,
    query: String,
    browser: &str,
    now: Timestamp,
) -> Result<Flow, AuthorizationRefused> {
    let outer = Params::parse(query.as_bytes());
    let begin = |origin, params: &Params| Flow::begin(origin, params, browser, now);
    let (object, address) = match (outer.get("request"), outer.get("request_uri")) {
        (None, None) => {
            let origin = Origin::Query {
                query,
                signed: false,
            };
            return Ok(begin(origin, &outer));
        }
        (object, address) => (object, address),
    };
    for name in [
        "client_id",
        "request",
        "request_uri",
        "redirect_uri",
        "state",
    ] {
        outer.once(name).map_err(AuthorizationRefused::Page)?;
    }
    let client = checks::client(provider, &outer).await?;
    checks::speaks(&client, false).map_err(AuthorizationRefused::Page)?;
    if let Some(reference) = address.and_then(pushed::reference) {
        let id = client.client_id.as_str();
        let params = pushed::arrive(provider, &reference, id, now).await?;
        return Ok(begin(Origin::Pushed { reference }, &params));
    }
    let signed = match (object, address) {
        (Some(_), Some(_)) => {
            Err(ErrorCode::InvalidRequest.because("request and request_uri do not come together"))
        }
        (Some(object), None) => Ok(object.to_owned()),
        (None, address) => {
            request_object::fetch(provider, &client, address.unwrap_or_default()).await
        }
    };
    let params = match signed {
        Ok(object) => opened(provider, &client, &object, &outer, false, now)
            .await
            .map_err(|mut error| {
                // Core §6.2: it is the address whose object is not supported.
                if address.is_some() && error.code == ErrorCode::RequestNotSupported {
                    error.code = ErrorCode::RequestUriNotSupported;
                }
                error
            }),
        Err(error) => Err(error),
    };
    match params {
        Ok(params) => {
            let query = params.encoded();
            Ok(begin(
                Origin::Query {
                    query,
                    signed: true,
                },
                &params,
            ))
        }
        // The client is told where the outer parameters name it an address.
        Err(error) => Err(match checks::return_address(&outer, &client) {
            Ok(to) => AuthorizationRefused::Redirect(error, to),
            Err(_) => AuthorizationRefused::Page(error),
        }),
    }
}

/// The parameters that count when a request comes with an object. Those inside
/// win. Those outside are read beside them only in a request that is an
/// OpenID Connect one without its object (Core §6.1); otherwise nothing that is
/// not signed counts (RFC 9101 §5).
///
/// # Errors
/// As [`request_object::open`], and when inside and outside contradict.
pub(super) async fn opened(
    provider: &Provider,
    client: &Registered,
    object: &str,
    outer: &Params,
    is_pushed: bool,
    now: Timestamp,
) -> Result<Params, OAuthError> {
    let mut inner = request_object::open(provider, client, object, now).await?;
    let contradicts = |name: &str| {
        outer
            .get(name)
            .zip(inner.get(name))
            .is_some_and(|(outside, inside)| outside != inside)
    };
    for name in ["client_id", "response_type"] {
        if contradicts(name) {
            return Err(ErrorCode::InvalidRequestObject.because(format!(
                "{name} inside and outside the request object differ"
            )));
        }
    }
    inner.set("client_id", client.client_id.as_str());
    let is_openid = RequestedScopes::parse(outer.get("scope").unwrap_or_default()).contains(OPENID);
    let both = is_openid
        && outer.get("response_type").is_some()
        && !is_pushed
        && !client.must_sign_requests();
    if !both {
        return Ok(inner);
    }
    let mut params = outer.clone();
    params.remove(&["request", "request_uri"]);
    params.lay_over(inner);
    Ok(params)
}
