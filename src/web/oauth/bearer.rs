//! Access tokens that are shown to us, and refusing them.

use axum::response::{IntoResponse as _, Response};
use http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};

use super::answer::{give_nonce, json};
use crate::protocol::dpop;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::protected_resource::Scheme;

/// The token in the `Authorization` header.
pub fn in_header(headers: &HeaderMap) -> Option<(Scheme, String)> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    Some((Scheme::parse(scheme)?, token.trim().to_owned()))
}

/// A refusal with `WWW-Authenticate` (RFC 6750 §3, RFC 9449 §7.1).
pub fn challenge(error: Option<&OAuthError>) -> Response {
    let is_of_proof = error.is_some_and(|error| {
        matches!(
            error.code,
            ErrorCode::InvalidDpopProof | ErrorCode::UseDpopNonce
        )
    });
    let mut text = match is_of_proof {
        false => "Bearer realm=\"propusk\"".to_owned(),
        true => format!("DPoP realm=\"propusk\", algs=\"{}\"", dpop::algorithms()),
    };
    if let Some(error) = error {
        text.push_str(&format!(
            ", error=\"{}\", error_description=\"{}\"",
            error.code.as_str(),
            error.description
        ));
        if let Some(values) = &error.acr_values {
            text.push_str(&format!(", acr_values=\"{values}\""));
        }
    }
    let status = match error.map(|error| error.code) {
        Some(ErrorCode::InvalidRequest) => StatusCode::BAD_REQUEST,
        Some(ErrorCode::InsufficientScope) => StatusCode::FORBIDDEN,
        _ => StatusCode::UNAUTHORIZED,
    };
    let mut response = match error {
        Some(error) => json(&serde_json::json!({
            "error": error.code.as_str(),
            "error_description": error.description,
        })),
        None => StatusCode::UNAUTHORIZED.into_response(),
    };
    *response.status_mut() = status;
    if let Some(error) = error {
        give_nonce(&mut response, error);
    }
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().insert(WWW_AUTHENTICATE, value);
    }
    response
}
