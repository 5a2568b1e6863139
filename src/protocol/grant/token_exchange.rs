//! `urn:ietf:params:oauth:grant-type:token-exchange` (RFC 8693): a service that
//! was called with a person's token gets one of its own for the next service,
//! as far as its registration lets it. What it gets lives no longer than what it
//! shows, and ends with the same consent and session.

use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::{Entitlement, Exchanged, Grant, Subject, TokenRequest};
use crate::model::client::{GrantType, TokenExchange};
use crate::model::scope::{OFFLINE_ACCESS, OPENID};
use crate::protocol::Provider;
use crate::protocol::access_token::AccessToken;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};

pub(super) const GRANT: Grant = Grant {
    name: "urn:ietf:params:oauth:grant-type:token-exchange",
    grant_type: GrantType::TokenExchange,
    redeem,
};

/// The only type that is taken and given (§3).
pub const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

fn redeem<'a>(
    provider: &'a Provider,
    request: &'a TokenRequest<'a>,
) -> BoxFuture<'a, Result<Entitlement, Refused>> {
    Box::pin(async move {
        let policy = request.client.token_exchange.as_ref().ok_or_else(|| {
            ErrorCode::UnauthorizedClient.because("the client has no policy for token exchange")
        })?;
        for (name, needed) in [
            ("subject_token_type", true),
            ("requested_token_type", false),
        ] {
            check_type(request, name, needed)?;
        }
        let subject = shown(provider, request, "subject_token").await?;
        let grant = subject.grant.as_ref().ok_or_else(|| {
            ErrorCode::InvalidRequest.because("subject_token must be about a person")
        })?;
        if !policy.of_clients.contains(&subject.client) {
            return Err(ErrorCode::InvalidTarget
                .because("tokens of that client may not be exchanged by this one")
                .into());
        }
        let act = actor(provider, request, policy, &subject).await?;
        let grant = provider.claims.grant(provider, grant).await?;
        let grant = grant.ok_or_else(|| unusable("subject_token"))?;
        let mut scopes = match request.params.get("scope") {
            None => subject.scopes.within(&request.client.scope),
            Some(wanted) => subject.scopes.narrowed(wanted).ok_or_else(|| {
                ErrorCode::InvalidScope.because("scope asks for more than subject_token holds")
            })?,
        };
        // Who wants to know the person asks them; nobody else's consent is
        // enough for that, nor for access that outlives the session.
        scopes.leave_out(OPENID);
        scopes.leave_out(OFFLINE_ACCESS);
        Ok(Entitlement {
            subject: Subject::Person(grant),
            standing: None,
            scopes,
            refresh_token: None,
            nonce: None,
            resources: None,
            exchanged: Some(Exchanged {
                act,
                until: subject.expires_at,
            }),
        })
    })
}

fn check_type(
    request: &TokenRequest<'_>,
    name: &'static str,
    is_needed: bool,
) -> Result<(), OAuthError> {
    match request.params.get(name) {
        Some(ACCESS_TOKEN) => Ok(()),
        None if !is_needed => Ok(()),
        _ => Err(ErrorCode::InvalidRequest.because(format!("{name} must be {ACCESS_TOKEN}"))),
    }
}

/// A token of ours that is alive.
async fn shown(
    provider: &Provider,
    request: &TokenRequest<'_>,
    name: &'static str,
) -> Result<std::sync::Arc<AccessToken>, Refused> {
    let token = request.params.require(name)?;
    let found = provider.check_access_token(token, request.now).await?;
    Ok(found.ok_or_else(|| unusable(name))?)
}

/// The `act` claim (§4.1): the client, on behalf of the person, and whoever
/// acted before it. Without an actor the token speaks as the person (§1.1),
/// which a registration must allow.
async fn actor(
    provider: &Provider,
    request: &TokenRequest<'_>,
    policy: &TokenExchange,
    subject: &AccessToken,
) -> Result<Option<Value>, Refused> {
    let before = subject.claims.get("act");
    if request.params.get("actor_token").is_none() {
        // A chain that began is not cut off by leaving the actor out.
        return match (policy.impersonation, before) {
            (true, None) => Ok(None),
            _ => Err(ErrorCode::InvalidRequest
                .because("actor_token is missing: this client may act for people, not as them")
                .into()),
        };
    }
    check_type(request, "actor_token_type", true)?;
    let actor = shown(provider, request, "actor_token").await?;
    let is_own = actor.grant.is_none() && actor.client == request.client.client_id;
    if !is_own {
        return Err(ErrorCode::InvalidRequest
            .because("actor_token must be the client's own, by client_credentials")
            .into());
    }
    let mut act = json!({ "sub": request.client.client_id });
    if let Some(before) = before {
        act["act"] = before.clone();
    }
    Ok(Some(act))
}

fn unusable(name: &'static str) -> OAuthError {
    ErrorCode::InvalidRequest.because(format!("{name} is expired, revoked or not ours"))
}
