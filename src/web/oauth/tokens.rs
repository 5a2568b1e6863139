//! Endpoints that clients authenticate to: token, pushed requests,
//! introspection, revocation.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::ACCEPT;
use http::{HeaderMap, StatusCode};

use super::answer::{json, jwt, keep_out_of_caches, refused};
use super::call::Call;
use crate::app::App;
use crate::protocol::authorization::pushed;
use crate::protocol::introspection::Introspection;
use crate::protocol::{introspection, revocation};

/// `POST /oauth/token` (RFC 6749 §3.2).
pub async fn token(State(app): State<Arc<App>>, call: Call) -> Response {
    match crate::protocol::token::token(&app.provider, &call.request(&app)).await {
        Ok(tokens) => json(&tokens),
        Err(error) => refused(error),
    }
}

/// `POST /oauth/par` (RFC 9126 §2).
pub async fn push(State(app): State<Arc<App>>, call: Call) -> Response {
    match pushed::push(&app.provider, &call.request(&app)).await {
        Ok(pushed) => {
            let mut response = json(&pushed);
            *response.status_mut() = StatusCode::CREATED;
            response
        }
        Err(error) => refused(error),
    }
}

/// `POST /oauth/introspect` (RFC 7662 §2).
pub async fn introspect(State(app): State<Arc<App>>, call: Call) -> Response {
    let signed = wants_jwt(&call.headers);
    match introspection::introspect(&app.provider, &call.request(&app), signed).await {
        Ok(Introspection::Plain(answer)) => json(&answer),
        Ok(Introspection::Signed(token)) => jwt(token, introspection::JWT),
        Err(error) => refused(error),
    }
}

/// RFC 9701 §4: who names the type wants it; nobody names it by accident.
fn wants_jwt(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|range| range.split(';').next())
        .any(|range| range.trim().eq_ignore_ascii_case(introspection::JWT))
}

/// `POST /oauth/revoke` (RFC 7009 §2).
pub async fn revoke(State(app): State<Arc<App>>, call: Call) -> Response {
    match revocation::revoke(&app.provider, &call.request(&app)).await {
        Ok(()) => {
            let mut response = StatusCode::OK.into_response();
            keep_out_of_caches(response.headers_mut());
            response
        }
        Err(error) => refused(error),
    }
}
