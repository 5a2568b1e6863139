//! `client_credentials` (RFC 6749 §4.4): a client acts for itself. No person,
//! so no refresh token and no scope that is about one.

use futures_util::future::BoxFuture;

use super::{Entitlement, Grant, Subject, TokenRequest};
use crate::model::client::GrantType;
use crate::model::scope::{OFFLINE_ACCESS, OPENID, RequestedScopes};
use crate::protocol::Provider;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};

pub(super) const GRANT: Grant = Grant {
    name: "client_credentials",
    grant_type: GrantType::ClientCredentials,
    redeem,
};

fn redeem<'a>(
    _: &'a Provider,
    request: &'a TokenRequest<'a>,
) -> BoxFuture<'a, Result<Entitlement, Refused>> {
    Box::pin(std::future::ready(
        entitlement(request).map_err(Refused::from),
    ))
}

fn entitlement(request: &TokenRequest<'_>) -> Result<Entitlement, OAuthError> {
    let asked = request.params.get("scope");
    let requested = RequestedScopes::parse(asked.unwrap_or_default());
    if requested.contains(OPENID) || requested.contains(OFFLINE_ACCESS) {
        return Err(ErrorCode::InvalidScope
            .because("openid and offline_access are about a person and there is none"));
    }
    let scopes = requested.for_client_itself(&request.client.scope);
    // Who asked for something would take a token with nothing for a success
    // (RFC 6749 §5.2).
    if asked.is_some() && scopes.is_empty() {
        return Err(ErrorCode::InvalidScope
            .because("none of the requested scopes is known and allowed to this client"));
    }
    Ok(Entitlement {
        subject: Subject::Client,
        standing: None,
        scopes,
        refresh_token: None,
        nonce: None,
        resources: None,
        exchanged: None,
    })
}
