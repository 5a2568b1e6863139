//! Sign-out that the provider tells us about, server to server (OpenID Connect
//! Back-Channel Logout 1.0): the person signed out elsewhere, ended the session
//! in the cabinet, or was locked.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde::Deserialize;

use crate::logout_token::{self, LogoutToken, Refused};
use crate::{Portal, now};

/// What the provider posts. There is no CSRF field here: no browser is involved,
/// and the token's signature says who speaks.
#[derive(Deserialize)]
pub struct BackchannelParams {
    logout_token: String,
}

/// Drops the sessions that the logout token names.
pub async fn receive(
    State(portal): State<Arc<Portal>>,
    Form(params): Form<BackchannelParams>,
) -> Response {
    // §2.8: the answer must not be cached.
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    match verified(&portal, &params.logout_token, now()).await {
        Ok(token) => {
            // §2.7: the session by `sid`, or all sessions of the person by `sub`.
            portal.visits.end_sessions(|session| {
                let sid = token.sid.as_ref();
                let sub = token.sub.as_ref();
                sid.is_none_or(|sid| session.sid.as_ref() == Some(sid))
                    && sub.is_none_or(|sub| session.subject.as_str() == sub)
            });
            (StatusCode::OK, no_store).into_response()
        }
        Err(cause) => {
            eprintln!("logout token refused: {cause}");
            let body = r#"{"error":"invalid_request"}"#;
            let json = [(header::CONTENT_TYPE, "application/json")];
            (StatusCode::BAD_REQUEST, no_store, json, body).into_response()
        }
    }
}

async fn verified(portal: &Portal, token: &str, now: u64) -> Result<LogoutToken, String> {
    let provider = portal.provider.load(now).await?;
    let verify = |keys| {
        let settings = &portal.settings;
        logout_token::verify(token, keys, &settings.issuer, &settings.client_id, now)
    };
    let claims = match verify(&provider.keys) {
        // The provider may have changed its keys since we read them.
        Err(Refused::UnknownKey) => verify(&portal.provider.reload(now).await?.keys),
        result => result,
    }
    .map_err(|refused| refused.to_string())?;
    // Last, so that a token refused for another reason leaves no trace.
    if portal.seen_logout_tokens.is_replay(&claims, now) {
        return Err("jti was used before".to_owned());
    }
    Ok(claims)
}
