//! `authorization_code` (RFC 6749 §4.1.3). Client, redirect URI and PKCE are
//! checked before the code is spent: a thief's try leaves it to its owner.

use futures_util::future::BoxFuture;

use super::{Entitlement, Grant, Subject, TokenRequest};
use crate::model::client::GrantType;
use crate::model::scope::{GrantedScopes, OFFLINE_ACCESS};
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::protocol::Provider;
use crate::protocol::authorization::code::CodePayload;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};
use crate::protocol::pkce;
use crate::storage::{CodeRedeemed, GrantRecord};

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
        let now = request.now;
        let code = Secret::new(request.params.require("code")?);
        let digest = code.digest();
        let ticket = provider
            .storage
            .find_ticket(ticket::AUTHORIZATION_CODE, &digest, now)
            .await?
            .ok_or_else(unusable)?;
        let payload: CodePayload = serde_json::from_str(&ticket.payload)?;
        check(request, &payload)?;

        let scopes = GrantedScopes::from_stored(&payload.scopes);
        let offline =
            scopes.contains(OFFLINE_ACCESS) && request.client.may_use(GrantType::RefreshToken);
        let refresh_token = offline.then(|| provider.entropy.secret("ppr_"));
        let grant = GrantRecord {
            id: payload.grant,
            client_id: payload.client,
            account_id: payload.account,
            session_id: payload.session,
            consent_id: payload.consent,
            scopes: payload.scopes,
            claims: serde_json::to_string(&payload.claims)?,
            authentication: serde_json::to_string(&payload.authentication)?,
            nonce: payload.nonce.clone(),
            created_at: now,
            offline_at: offline.then_some(now),
            revoked_at: None,
        };
        let stored = refresh_token.as_ref().map(|token| {
            let expires_at = Provider::after(now, provider.lifetimes.refresh_token);
            (token.digest(), expires_at)
        });
        let redeemed = provider
            .storage
            .redeem_code(digest, grant.clone(), stored, now)
            .await?;
        let standing = match redeemed {
            CodeRedeemed::Fresh(standing) => standing,
            CodeRedeemed::Replayed => {
                tracing::warn!(client = %request.client.client_id, "a code was used twice: its tokens are revoked");
                return Err(unusable().into());
            }
            CodeRedeemed::Unknown => return Err(unusable().into()),
        };
        Ok(Entitlement {
            subject: Subject::Person(Box::new(grant)),
            standing: Some(standing),
            scopes,
            refresh_token,
            nonce: payload.nonce,
        })
    })
}

fn check(request: &TokenRequest<'_>, payload: &CodePayload) -> Result<(), OAuthError> {
    if payload.client != request.client.client_id {
        return Err(unusable());
    }
    // RFC 6749 §4.1.3: what was sent then must be sent again, identically.
    if payload.redirect_uri.as_deref() != request.params.get("redirect_uri")
        && payload.redirect_uri.is_some()
    {
        return Err(ErrorCode::InvalidGrant
            .because("redirect_uri differs from the one of the authorization request"));
    }
    pkce::check(
        payload.challenge.as_ref(),
        request.params.get("code_verifier"),
    )
}

fn unusable() -> OAuthError {
    ErrorCode::InvalidGrant.because("the code is unknown, expired, used, or another client's")
}
