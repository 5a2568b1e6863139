//! `authorization_code` (RFC 6749 §4.1.3). Client, redirect URI and PKCE are
//! checked before the code is spent: a thief's try leaves it to its owner.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{Entitlement, Grant, Subject, TokenRequest};
use crate::model::client::GrantType;
use crate::model::scope::{GrantedScopes, OFFLINE_ACCESS};
use crate::model::secret::Secret;
use crate::protocol::Provider;
use crate::protocol::authorization::code::{CodePayload, code_key};
use crate::protocol::error::{ErrorCode, OAuthError, Refused};
use crate::protocol::pkce;
use crate::protocol::refresh;
use crate::storage::{CodeRedeemed, GrantRecord};

pub(super) const GRANT: Grant = Grant {
    name: "authorization_code",
    grant_type: GrantType::AuthorizationCode,
    redeem,
};

/// The number of a grant's first refresh token.
const FIRST: i64 = 1;

fn redeem<'a>(
    provider: &'a Provider,
    request: &'a TokenRequest<'a>,
) -> BoxFuture<'a, Result<Entitlement, Refused>> {
    Box::pin(async move {
        let now = request.now;
        let code = Secret::new(request.params.require("code")?);
        let digest = code_key(&code);
        let payload = provider
            .find_code(&digest, now)
            .await?
            .ok_or_else(unusable)?;
        check(request, &payload)?;

        let scopes = GrantedScopes::from_stored(&payload.scopes);
        let offline =
            scopes.contains(OFFLINE_ACCESS) && request.client.may_use(GrantType::RefreshToken);
        let seed = offline.then(|| provider.entropy.opaque_id());
        let refresh_token = seed
            .as_deref()
            .map(|seed| refresh::mint(provider, &payload.grant, seed, FIRST));
        let refresh_life = provider.lifetimes.refresh_token;
        let grant = GrantRecord {
            id: payload.grant.clone(),
            client_id: payload.client.clone(),
            account_id: payload.account.clone(),
            session_id: payload.session.clone(),
            consent_id: payload.consent.clone(),
            scopes: payload.scopes.clone(),
            claims: serde_json::to_string(&payload.claims)?,
            authentication: serde_json::to_string(&payload.authentication)?,
            nonce: payload.nonce.clone(),
            created_at: now,
            offline_at: offline.then_some(now),
            revoked_at: None,
            refresh_seed: seed,
            refresh_number: offline.then_some(FIRST),
            refresh_issued_at: offline.then_some(now),
            refresh_expires_at: offline.then(|| Provider::after(now, refresh_life)),
        };
        let redeemed = provider
            .storage
            .redeem_code(digest, grant.clone(), now)
            .await?;
        let standing = match redeemed {
            CodeRedeemed::Fresh(standing) if standing.consent_decided_at > payload.decided_at => {
                return Err(unusable().into());
            }
            CodeRedeemed::Fresh(standing) => standing,
            CodeRedeemed::Replayed => {
                tracing::warn!(client = %request.client.client_id, "a code was used twice: its tokens are revoked");
                return Err(unusable().into());
            }
            CodeRedeemed::Unknown => return Err(unusable().into()),
        };
        Ok(Entitlement {
            subject: Subject::Person(Arc::new(grant)),
            standing: Some(standing),
            scopes,
            refresh_token,
            nonce: payload.nonce.clone(),
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
