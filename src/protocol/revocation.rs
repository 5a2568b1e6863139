//! Token revocation (RFC 7009). Revoking a refresh token ends everything that
//! came of its grant; revoking an access token ends that token.

use super::Provider;
use super::client_authentication::{self, Request};
use super::error::{ErrorCode, OAuthError, Refused};
use super::refresh;

/// Answers a revocation request. A token that is unknown or dead already is no
/// error (§2.2).
///
/// # Errors
/// `invalid_client` when the caller does not authenticate, `invalid_request`
/// without a token or with another client's.
pub async fn revoke(provider: &Provider, request: &Request<'_>) -> Result<(), Refused> {
    request.params.each_once()?;
    let caller = client_authentication::authenticate(provider, request).await?;
    let token = request.params.require("token")?;
    let now = request.now;

    if let Some(found) = refresh::find(provider, token).await? {
        if found.grant.client_id != caller.client_id {
            return Err(foreign().into());
        }
        provider
            .storage
            .revoke_grant(found.grant.id.clone(), now)
            .await?;
        return Ok(());
    }
    if let Some(found) = provider.check_access_token(token, now).await? {
        if found.client != caller.client_id {
            return Err(foreign().into());
        }
        provider
            .storage
            .revoke_token(found.revocation_key(), now, found.expires_at)
            .await?;
    }
    Ok(())
}

/// §2.1: a token of another client is refused.
fn foreign() -> OAuthError {
    ErrorCode::InvalidRequest.because("the token was issued to another client")
}
