//! `/oauth/register`: relying parties that register themselves (RFC 7591, RFC
//! 7592, OpenID Connect Dynamic Client Registration 1.0).

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};

use super::answer::{json, keep_out_of_caches, refused};
use crate::app::App;
use crate::model::id::ClientId;
use crate::model::secret::Secret;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::registration::dynamic::Registrations;
use crate::protocol::registration::manage::Caller;
use crate::protocol::registration::register::{RegistrationRefused, RegistrationRequest};
use crate::web::address::client_address;

/// Metadata are kept for each client: a megabyte of them is no description.
const LONGEST: usize = 32 * 1024;

type Answer = Result<Response, RegistrationRefused>;

/// `POST /oauth/register` (RFC 7591 §3.1).
pub async fn create(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let caller = Called::of(&app, &parts);
    answered(&caller, async {
        let request = RegistrationRequest {
            token: caller.token.as_ref(),
            metadata: &metadata(&parts.headers, body).await?,
            address: caller.address,
        };
        let told = app
            .provider
            .register(door(&app)?, &request, app.clock.now())
            .await?;
        Ok((StatusCode::CREATED, json(&told)).into_response())
    })
    .await
}

/// `GET /oauth/register/{client_id}` (RFC 7592 §2.1).
pub async fn show(
    State(app): State<Arc<App>>,
    Path(id): Path<ClientId>,
    request: Request,
) -> Response {
    let caller = Called::of(&app, &request.into_parts().0);
    answered(&caller, async {
        let told = app.provider.registration_of(&caller.about(&id)).await?;
        Ok(json(&told))
    })
    .await
}

/// `PUT /oauth/register/{client_id}` (RFC 7592 §2.2).
pub async fn replace(
    State(app): State<Arc<App>>,
    Path(id): Path<ClientId>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let caller = Called::of(&app, &parts);
    answered(&caller, async {
        let wire = metadata(&parts.headers, body).await?;
        let told = app
            .provider
            .replace_registration(door(&app)?, &caller.about(&id), &wire, app.clock.now())
            .await?;
        Ok(json(&told))
    })
    .await
}

/// `DELETE /oauth/register/{client_id}` (RFC 7592 §2.3).
pub async fn remove(
    State(app): State<Arc<App>>,
    Path(id): Path<ClientId>,
    request: Request,
) -> Response {
    let caller = Called::of(&app, &request.into_parts().0);
    answered(&caller, async {
        app.provider
            .remove_registration(&caller.about(&id), app.clock.now())
            .await?;
        let mut response = StatusCode::NO_CONTENT.into_response();
        keep_out_of_caches(response.headers_mut());
        Ok(response)
    })
    .await
}

/// Who called.
struct Called {
    token: Option<Secret>,
    address: IpAddr,
}

impl Called {
    fn of(app: &App, parts: &Parts) -> Self {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(SocketAddr::from(([0, 0, 0, 0], 0)), |peer| peer.0);
        Self {
            token: bearer(&parts.headers),
            address: client_address(peer, &parts.headers, &app.config.trusted_proxies),
        }
    }

    fn about<'a>(&'a self, id: &'a ClientId) -> Caller<'a> {
        Caller {
            id,
            token: self.token.as_ref(),
            address: self.address,
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer");
    is_bearer.then(|| Secret::new(token.trim()))
}

/// The routes are there only where the door is.
fn door(app: &App) -> Result<&Registrations, OAuthError> {
    let closed = || ErrorCode::TemporarilyUnavailable.because("registration is closed");
    app.provider.registrations.as_ref().ok_or_else(closed)
}

async fn metadata(
    headers: &HeaderMap,
    body: axum::body::Body,
) -> Result<Map<String, Value>, OAuthError> {
    let wrong = |why: &'static str| ErrorCode::InvalidClientMetadata.because(why);
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case("application/json") {
        return Err(wrong("Content-Type must be application/json"));
    }
    let body = to_bytes(body, LONGEST)
        .await
        .map_err(|_| wrong("the metadata are longer than 32 KiB"))?;
    serde_json::from_slice(&body).map_err(|_| wrong("the body must be a JSON object"))
}

async fn answered(caller: &Called, work: impl Future<Output = Answer>) -> Response {
    match work.await {
        Ok(response) => response,
        Err(RegistrationRefused::Token) => challenge(caller.token.is_some()),
        Err(RegistrationRefused::TooMany(wait)) => {
            let mut response = json(&json!({
                "error": ErrorCode::TemporarilyUnavailable.as_str(),
                "error_description": "too many registrations from this network",
            }));
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            let seconds = HeaderValue::from(wait.as_secs().max(1));
            response.headers_mut().insert(RETRY_AFTER, seconds);
            response
        }
        Err(RegistrationRefused::Other(error)) => refused(error),
    }
}

/// RFC 6750 §3: without a token no error is told.
fn challenge(shown: bool) -> Response {
    let (mut response, header) = if shown {
        let error = json!({
            "error": ErrorCode::InvalidToken.as_str(),
            "error_description": "the token is not good for this",
        });
        let header = "Bearer realm=\"propusk\", error=\"invalid_token\"";
        (json(&error), header)
    } else {
        let mut response = StatusCode::UNAUTHORIZED.into_response();
        keep_out_of_caches(response.headers_mut());
        (response, "Bearer realm=\"propusk\"")
    };
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    let header = HeaderValue::from_static(header);
    response.headers_mut().insert(WWW_AUTHENTICATE, header);
    response
}
