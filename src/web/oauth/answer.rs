//! Answers for programs: JSON that no cache keeps (RFC 6749 §5.1), and errors
//! with the status their standard gives them.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, PRAGMA, WWW_AUTHENTICATE,
};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::json;

use crate::protocol::error::{ErrorCode, OAuthError, Refused};

/// A JSON answer that must not be stored.
pub fn json(value: &impl Serialize) -> Response {
    let mut response = Json(value).into_response();
    keep_out_of_caches(response.headers_mut());
    response
}

/// A JWT of a media type of its own, that must not be stored.
pub fn jwt(token: String, media_type: &'static str) -> Response {
    let mut response = token.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    keep_out_of_caches(headers);
    response
}

pub fn keep_out_of_caches(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
}

/// The header that proofs come in.
pub const DPOP: HeaderName = HeaderName::from_static("dpop");
/// The header that holds a nonce for the next proof (RFC 9449 §8).
pub const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// Every proof that came along.
pub fn proofs(headers: &HeaderMap) -> Vec<&[u8]> {
    headers
        .get_all(DPOP)
        .iter()
        .map(HeaderValue::as_bytes)
        .collect()
}

/// Gives the nonce for the next proof, where an error asks for one.
pub fn give_nonce(response: &mut Response, error: &OAuthError) {
    if let Some(nonce) = &error.dpop_nonce
        && let Ok(value) = HeaderValue::from_str(nonce)
    {
        response.headers_mut().insert(DPOP_NONCE, value);
    }
}

/// An error as JSON: 401 for a client that did not authenticate, else 400
/// (RFC 6749 §5.2).
pub fn oauth_error(error: &OAuthError) -> Response {
    let mut response = json(&json!({
        "error": error.code.as_str(),
        "error_description": error.description,
    }));
    *response.status_mut() = match error.code {
        ErrorCode::InvalidClient => StatusCode::UNAUTHORIZED,
        ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    };
    give_nonce(&mut response, error);
    if error.code == ErrorCode::InvalidClient {
        response.headers_mut().insert(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"propusk\""),
        );
    }
    response
}

/// The same for anything that refused. Our own faults are logged here, once.
pub fn refused(refused: Refused) -> Response {
    match refused {
        Refused::OAuth(error) => oauth_error(&error),
        Refused::Internal(error) => {
            tracing::error!(%error, "a request failed");
            oauth_error(&ErrorCode::ServerError.because("the server has a problem; try again"))
        }
    }
}
