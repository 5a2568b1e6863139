//! Public documents: metadata and the key set.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};

use crate::app::App;
use crate::model::acr::Assurance;
use crate::model::authentication::Strength;
use crate::model::level::Level;
use crate::protocol::discovery;
use crate::protocol::shared_signals;

/// `/.well-known/openid-configuration` (OpenID Connect Discovery §4) and
/// `/.well-known/oauth-authorization-server` (RFC 8414 §3).
pub async fn metadata(State(app): State<Arc<App>>) -> Response {
    // While the database is away nobody knows whether a centre is open, and no
    // relying party must stop for that: everything is listed.
    let everything = Assurance {
        level: Level::Verified,
        strength: Strength::Aal3,
    };
    let reachable = app.reachable().await.unwrap_or(everything);
    let metadata = discovery::metadata(&app.provider, reachable);
    document(metadata.to_string(), 3600)
}

/// `/.well-known/ssf-configuration` (Shared Signals Framework §7.2).
pub async fn shared_signals(State(app): State<Arc<App>>) -> Response {
    let metadata = shared_signals::metadata::metadata(&app.provider);
    document(metadata.to_string(), 3600)
}

/// `/oauth/jwks` (RFC 7517 §5). Kept shorter than new keys are published
/// ahead of their use.
pub async fn jwks(State(app): State<Arc<App>>) -> Response {
    let longest = app.provider.lifetimes.longest_token();
    let keys = app.provider.keys.current().jwks(app.clock.now(), longest);
    document(keys, 300)
}

fn document(json: String, seconds: u32) -> Response {
    let mut response = json.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(value) = HeaderValue::from_str(&format!("public, max-age={seconds}")) {
        headers.insert(CACHE_CONTROL, value);
    }
    response
}
