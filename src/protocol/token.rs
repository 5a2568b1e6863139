//! The token endpoint (RFC 6749 §3.2): authenticate the client, find the
//! grant, redeem it, issue.

use super::Provider;
use super::authorization_details;
use super::client_authentication::{self, Request};
use super::clients::Registered;
use super::confirmation::Confirmation;
use super::dpop;
use super::encryption;
use super::error::{ErrorCode, Refused};
use super::grant::{GRANTS, Subject, TokenRequest};
use super::issue::{self, TokenResponse};
use super::resources;

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
    let confirmation = confirmation(provider, &client, request).await?;
    let token_request = TokenRequest {
        client: &client,
        params: request.params,
        confirmation,
        refresh_token_life: provider.lifetimes.refresh_token,
        now: request.now,
    };
    // Before anything is spent: afterwards it could not be tried again.
    encryption::can_reach(provider, &client).await?;
    let entitlement = (grant.redeem)(provider, &token_request).await?;
    let granted = entitlement.resources.as_deref();
    let audience = resources::audience(provider, &client, request.params, granted)?;
    let granted = match &entitlement.subject {
        // What one client was allowed in detail is not handed on to another.
        Subject::Person(grant) if entitlement.exchanged.is_none() => {
            let sealed = grant.authorization_details.as_deref();
            let all = authorization_details::open(&provider.vault, &grant.id, sealed)?;
            authorization_details::current(provider, &client, all)
        }
        _ => Vec::new(),
    };
    let details = authorization_details::narrowed(request.params, granted)?;
    let bounds = issue::Bounds {
        confirmation: token_request.confirmation.as_ref(),
        audience: &audience,
        details: &details,
    };
    issue::issue(provider, &client, entitlement, &bounds, request.now).await
}

/// What the tokens of this request are bound to.
async fn confirmation(
    provider: &Provider,
    client: &Registered,
    request: &Request<'_>,
) -> Result<Option<Confirmation>, Refused> {
    let proof = dpop::proof(provider, client, &request.dpop, None, request.now).await?;
    // What is registered is what binds: neither stands in for the other.
    if client.tls_client_certificate_bound_access_tokens {
        let certificate = request.certificate.ok_or_else(|| {
            ErrorCode::InvalidGrant
                .because("this client's tokens are bound to a certificate: show it (RFC 8705)")
        })?;
        return Ok(Some(Confirmation::Certificate(certificate.thumbprint())));
    }
    match proof {
        None if client.must_bind_tokens() => Err(ErrorCode::InvalidDpopProof
            .because("this client's tokens are bound to a key: send a DPoP proof")
            .into()),
        proof => Ok(proof.map(|proof| Confirmation::Key(proof.jkt))),
    }
}
