//! `authorization_code` (RFC 6749 §4.1.3). Client, redirect URI, PKCE and key
//! are checked before the code is spent: a thief's try leaves it to its owner.

use futures_util::future::BoxFuture;

use super::{Entitlement, Grant, TokenRequest, person};
use crate::model::client::GrantType;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::protocol::Provider;
use crate::protocol::authorization::code::{CodePayload, code_key};
use crate::protocol::confirmation::Confirmation;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};
use crate::protocol::pkce;

pub(super) const GRANT: Grant = Grant {
    name: "authorization_code",
    grant_type: GrantType::AuthorizationCode,
    redeem,
};

fn redeem<'a>(
    provider: &'a Provider,
    request: &'a TokenRequest<'a>,
) -> BoxFuture<'a, Result<Entitlement, Refused>> {
    Box::pin(async move {
        let code = Secret::new(request.params.require("code")?);
        let digest = code_key(&code);
        let payload = provider
            .find_code(&digest, request.now)
            .await?
            .ok_or_else(unusable)?;
        check(request, &payload)?;
        let ticket = (ticket::AUTHORIZATION_CODE, digest);
        let nonce = payload.nonce.clone();
        person::begin(
            provider,
            request,
            ticket,
            &payload.authorized,
            nonce,
            unusable,
        )
        .await
    })
}

fn check(request: &TokenRequest<'_>, payload: &CodePayload) -> Result<(), OAuthError> {
    if payload.authorized.client != request.client.client_id {
        return Err(unusable());
    }
    // RFC 6749 §4.1.3: what was sent then must be sent again, identically.
    if payload.redirect_uri.as_deref() != request.params.get("redirect_uri")
        && payload.redirect_uri.is_some()
    {
        return Err(ErrorCode::InvalidGrant
            .because("redirect_uri differs from the one of the authorization request"));
    }
    if let Some(jkt) = &payload.dpop_jkt
        && request.confirmation != Some(Confirmation::Key(jkt.clone()))
    {
        return Err(ErrorCode::InvalidGrant.because("the code is bound to another key (dpop_jkt)"));
    }
    pkce::check(
        payload.challenge.as_ref(),
        request.params.get("code_verifier"),
    )
}

fn unusable() -> OAuthError {
    ErrorCode::InvalidGrant.because("the code is unknown, expired, used, or another client's")
}
