//! `/oauth/userinfo`: the token in a header or, with POST, in the body; never
//! in the query (RFC 6750 §2, OAuth 2.1). One that is bound to a key comes with
//! a proof, under the scheme `DPoP` (RFC 9449 §7.1).

use std::sync::Arc;

use axum::extract::{FromRequest as _, Request, State};
use axum::response::Response;
use http::Method;
use http::header::{HeaderName, HeaderValue};

use super::answer::{json, jwt, proofs, refused};
use super::bearer::{challenge, in_header};
use super::body::FormBody;
use super::shown_certificate::ShownCertificate;
use crate::app::App;
use crate::protocol::client_certificate::ClientCertificate;
use crate::protocol::dpop;
use crate::protocol::error::{ErrorCode, Refused};
use crate::protocol::protected_resource::{Scheme, Shown};
use crate::protocol::userinfo::{UserInfo, userinfo};
use crate::web::posted::is_form;

/// Names a call in the books of both sides (FAPI 1.0 Baseline §6.2.1, which
/// CIBA's profile keeps).
const INTERACTION_ID: HeaderName = HeaderName::from_static("x-fapi-interaction-id");

/// `GET` and `POST /oauth/userinfo` (OpenID Connect Core §5.3).
pub async fn show(
    State(app): State<Arc<App>>,
    ShownCertificate(certificate): ShownCertificate,
    request: Request,
) -> Response {
    let given = request.headers().get(INTERACTION_ID).cloned();
    let is_uuid = |id: &HeaderValue| {
        id.to_str()
            .is_ok_and(|id| uuid::Uuid::parse_str(id).is_ok())
    };
    let id = given.filter(is_uuid).or_else(|| {
        let made = app.entropy.id(app.clock.now());
        HeaderValue::from_str(&made).ok()
    });
    let mut response = answer(&app, certificate, request).await;
    if let Some(id) = id {
        response.headers_mut().insert(INTERACTION_ID, id);
    }
    response
}

async fn answer(
    app: &App,
    certificate: Option<Arc<ClientCertificate>>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let method = request.method().clone();
    let in_header = in_header(&headers);
    let in_body = if request.method() == Method::POST && is_form(&request) {
        match FormBody::from_request(request, &()).await {
            Ok(body) => {
                if let Err(error) = body.0.each_once() {
                    return challenge(Some(&error));
                }
                body.0
                    .get("access_token")
                    .map(|token| (Scheme::Bearer, token.to_owned()))
            }
            Err(response) => return response,
        }
    } else {
        None
    };
    let (scheme, token) = match (in_header, in_body) {
        (Some(token), None) | (None, Some(token)) => token,
        (Some(_), Some(_)) => {
            return challenge(Some(
                &ErrorCode::InvalidRequest.because("the access token was sent in two places"),
            ));
        }
        // RFC 6750 §3.1: without a token no error code is told.
        (None, None) => return challenge(None),
    };
    let shown = Shown {
        token: &token,
        scheme,
        dpop: dpop::Shown {
            headers: proofs(&headers),
            method: method.as_str(),
            path: "/oauth/userinfo",
        },
        certificate: certificate.as_deref(),
    };
    match userinfo(&app.provider, &shown, app.clock.now()).await {
        Ok(UserInfo::Plain(claims)) => json(&claims),
        Ok(UserInfo::Jwt(token)) => jwt(token, "application/jwt"),
        // No fault of the token's.
        Err(Refused::OAuth(error)) if error.code != ErrorCode::TemporarilyUnavailable => {
            challenge(Some(&error))
        }
        Err(error) => refused(error),
    }
}
