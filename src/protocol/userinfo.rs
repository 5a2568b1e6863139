//! The UserInfo endpoint (OpenID Connect Core §5.3).

use serde_json::{Map, Value, json};

use super::Provider;
use super::authorization::requested_claims::RequestedClaims;
use super::encryption::{Content, encrypt};
use super::error::{ErrorCode, Refused};
use super::issue::{sign, still_meets};
use super::protected_resource::{Accepted, Shown, accept};
use super::verified_claims;
use crate::model::claim::{CLAIMS, Claim, find_claim};
use crate::model::scope::{OPENID, RequestedScopes};
use crate::model::timestamp::Timestamp;

/// What userinfo answers with.
pub enum UserInfo {
    /// `application/json`.
    Plain(Map<String, Value>),
    /// `application/jwt`, for clients registered so: signed, encrypted or
    /// both.
    Jwt(String),
}

/// Answers with the claims the access token is good for.
///
/// # Errors
/// `invalid_token` when the token is not alive, `insufficient_scope` when it
/// is not about a person (RFC 6750 §3.1), `insufficient_user_authentication`
/// when the person's level or the strength of their sign-in
/// does not do any more (RFC 9470 §3).
pub async fn userinfo(
    provider: &Provider,
    shown: &Shown<'_>,
    now: Timestamp,
) -> Result<UserInfo, Refused> {
    let Accepted { token, client } = accept(provider, shown, now).await?;
    if !token.scopes.contains(OPENID) {
        return Err(ErrorCode::InsufficientScope
            .because("the access token has no openid scope")
            .into());
    }
    let invalid =
        || ErrorCode::InvalidToken.because("the access token is expired, revoked or not ours");
    let grant = token.grant.as_ref().ok_or_else(invalid)?;
    let grant = provider
        .claims
        .grant(provider, grant)
        .await?
        .ok_or_else(invalid)?;

    // The level fell, or the client's demand rose, since the token was issued.
    if !still_meets(provider, &client, &grant, now).await? {
        return Err(ErrorCode::InsufficientUserAuthentication
            .because("the person or their sign-in is less sure than the client demands")
            .demanding(client.demands())
            .into());
    }

    let requested: RequestedClaims = serde_json::from_str(&grant.claims)?;
    let by_scope = |claim: &Claim| token.scopes.contains(claim.scope);
    let registered = RequestedScopes::parse(&client.scope);
    let wanted = CLAIMS
        .iter()
        // What the client's registration lost since is not given any more.
        .filter(|claim| registered.contains(claim.scope))
        .filter(|claim| by_scope(claim) || requested.userinfo.contains(claim.name))
        .map(|claim| claim.name);
    let mut claims = provider
        .claims
        .of(provider, &grant.account_id, wanted, now)
        .await?;
    claims.retain(|name, value| {
        find_claim(name).is_some_and(by_scope) || requested.userinfo.admits(name, value)
    });
    let verified = &requested.verified_userinfo;
    let verified =
        verified_claims::answer(provider, &grant.account_id, verified, &client.scope, now).await?;
    if let Some(verified) = verified {
        claims.insert("verified_claims".to_owned(), verified);
    }
    claims.insert("sub".to_owned(), json!(token.subject));
    let how = client.userinfo_encryption();
    let Some(alg) = client.userinfo_signed_response_alg else {
        let Some(how) = how else {
            return Ok(UserInfo::Plain(claims));
        };
        let json = Value::Object(claims).to_string();
        let encrypted = encrypt(provider, &client, how, Content::Claims(&json)).await?;
        return Ok(UserInfo::Jwt(encrypted));
    };
    claims.insert("iss".to_owned(), json!(provider.issuer));
    claims.insert("aud".to_owned(), json!(client.client_id));
    let signed = sign(provider, alg, "JWT", &claims, now)?;
    Ok(UserInfo::Jwt(match how {
        Some(how) => encrypt(provider, &client, how, Content::Signed(&signed)).await?,
        None => signed,
    }))
}
