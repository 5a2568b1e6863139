//! Endpoints that clients authenticate to: token, introspection, revocation.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderMap, StatusCode};

use super::answer::{json, jwt, keep_out_of_caches, refused};
use super::body::FormBody;
use super::shown_certificate::ShownCertificate;
use crate::app::App;
use crate::protocol::client_authentication::Request;
use crate::protocol::introspection::Introspection;
use crate::protocol::{introspection, revocation};

fn request<'a>(
    app: &App,
    headers: &'a HeaderMap,
    ShownCertificate(certificate): &'a ShownCertificate,
    body: &'a FormBody,
) -> Request<'a> {
    Request {
        authorization: headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok()),
        params: &body.0,
        certificate: certificate.as_deref(),
        now: app.clock.now(),
    }
}

/// `POST /oauth/token` (RFC 6749 §3.2).
pub async fn token(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    shown: ShownCertificate,
    body: FormBody,
) -> Response {
    let request = request(&app, &headers, &shown, &body);
    match crate::protocol::token::token(&app.provider, &request).await {
        Ok(tokens) => json(&tokens),
        Err(error) => refused(error),
    }
}

/// `POST /oauth/introspect` (RFC 7662 §2).
pub async fn introspect(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    shown: ShownCertificate,
    body: FormBody,
) -> Response {
    let request = request(&app, &headers, &shown, &body);
    match introspection::introspect(&app.provider, &request, wants_jwt(&headers)).await {
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
pub async fn revoke(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    shown: ShownCertificate,
    body: FormBody,
) -> Response {
    let request = request(&app, &headers, &shown, &body);
    match revocation::revoke(&app.provider, &request).await {
        Ok(()) => {
            let mut response = StatusCode::OK.into_response();
            keep_out_of_caches(response.headers_mut());
            response
        }
        Err(error) => refused(error),
    }
}
