//! `/oauth/userinfo`: the token in a header or, with POST, in the body; never
//! in the query (RFC 6750 §2, OAuth 2.1).

use std::sync::Arc;

use axum::extract::{FromRequest as _, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use http::{HeaderMap, Method, StatusCode};

use super::answer::{json, jwt, refused};
use super::body::FormBody;
use crate::app::App;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};
use crate::protocol::userinfo::{UserInfo, userinfo};
use crate::web::posted::is_form;

/// `GET` and `POST /oauth/userinfo` (OpenID Connect Core §5.3).
pub async fn show(State(app): State<Arc<App>>, request: Request) -> Response {
    let in_header = bearer(request.headers()).map(str::to_owned);
    let in_body = if request.method() == Method::POST && is_form(&request) {
        match FormBody::from_request(request, &()).await {
            Ok(body) => {
                if let Err(error) = body.0.each_once() {
                    return challenge(Some(&error));
                }
                body.0.get("access_token").map(str::to_owned)
            }
            Err(response) => return response,
        }
    } else {
        None
    };
    let token = match (in_header, in_body) {
        (Some(token), None) | (None, Some(token)) => token,
        (Some(_), Some(_)) => {
            return challenge(Some(
                &ErrorCode::InvalidRequest.because("the access token was sent in two places"),
            ));
        }
        // RFC 6750 §3.1: without a token no error code is told.
        (None, None) => return challenge(None),
    };
    match userinfo(&app.provider, &token, app.clock.now()).await {
        Ok(UserInfo::Plain(claims)) => json(&claims),
        Ok(UserInfo::Signed(token)) => jwt(token, "application/jwt"),
        Err(Refused::OAuth(error)) => challenge(Some(&error)),
        Err(error) => refused(error),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// A refusal with `WWW-Authenticate` (RFC 6750 §3).
fn challenge(error: Option<&OAuthError>) -> Response {
    let mut text = "Bearer realm=\"propusk\"".to_owned();
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
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().insert(WWW_AUTHENTICATE, value);
    }
    response
}
