//! Endpoints that clients authenticate to: token, pushed requests,
//! introspection, revocation.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};

use super::answer::{json, keep_out_of_caches, proofs, refused};
use super::body::FormBody;
use crate::app::App;
use crate::protocol::authorization::pushed;
use crate::protocol::client_authentication::Request;
use crate::protocol::{dpop, introspection, revocation};

pub(super) fn request<'a>(
    app: &App,
    path: &'a str,
    headers: &'a HeaderMap,
    body: &'a FormBody,
) -> Request<'a> {
    Request {
        authorization: headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok()),
        params: &body.0,
        dpop: dpop::Shown {
            headers: proofs(headers),
            method: "POST",
            path,
        },
        now: app.clock.now(),
    }
}

/// `POST /oauth/token` (RFC 6749 §3.2).
pub async fn token(State(app): State<Arc<App>>, headers: HeaderMap, body: FormBody) -> Response {
    match crate::protocol::token::token(
        &app.provider,
        &request(&app, "/oauth/token", &headers, &body),
    )
    .await
    {
        Ok(tokens) => json(&tokens),
        Err(error) => refused(error),
    }
}

/// `POST /oauth/par` (RFC 9126 §2).
pub async fn push(State(app): State<Arc<App>>, headers: HeaderMap, body: FormBody) -> Response {
    match pushed::push(&app.provider, &request(&app, "/oauth/par", &headers, &body)).await {
        Ok(pushed) => {
            let mut response = json(&pushed);
            *response.status_mut() = StatusCode::CREATED;
            response
        }
        Err(error) => refused(error),
    }
}

/// `POST /oauth/introspect` (RFC 7662 §2).
pub async fn introspect(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: FormBody,
) -> Response {
    match introspection::introspect(
        &app.provider,
        &request(&app, "/oauth/introspect", &headers, &body),
    )
    .await
    {
        Ok(answer) => json(&answer),
        Err(error) => refused(error),
    }
}

/// `POST /oauth/revoke` (RFC 7009 §2).
pub async fn revoke(State(app): State<Arc<App>>, headers: HeaderMap, body: FormBody) -> Response {
    match revocation::revoke(
        &app.provider,
        &request(&app, "/oauth/revoke", &headers, &body),
    )
    .await
    {
        Ok(()) => {
            let mut response = StatusCode::OK.into_response();
            keep_out_of_caches(response.headers_mut());
            response
        }
        Err(error) => refused(error),
    }
}
