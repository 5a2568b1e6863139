//! The token endpoint (RFC 6749 §3.2): authenticate the client, find the
//! grant, redeem it, issue.

use super::Provider;
use super::client_authentication::{self, Request};
use super::error::{ErrorCode, Refused};
use super::grant::{GRANTS, TokenRequest};
use super::issue::{self, TokenResponse};

/// Answers a token request.
///
/// # Errors
/// Those of RFC 6749 §5.2.
pub async fn token(provider: &Provider, request: &Request<'_>) -> Result<TokenResponse, Refused> {
    request.params.each_once()?;
    let client = client_authentication::authenticate(provider, request).await?;
    let name = request.params.require("grant_type")?;
    let grant = GRANTS
        .iter()
        .find(|grant| grant.name == name)
        .ok_or_else(|| {
            ErrorCode::UnsupportedGrantType.because("grant_type is none of those supported")
        })?;
    if !client.may_use(grant.grant_type) {
        return Err(ErrorCode::UnauthorizedClient
            .because("the client is not registered for this grant_type")
            .into());
    }
    let token_request = TokenRequest {
        client: &client,
        params: request.params,
        now: request.now,
    };
    let entitlement = (grant.redeem)(provider, &token_request).await?;
    issue::issue(provider, &client, entitlement, request.now).await
}
