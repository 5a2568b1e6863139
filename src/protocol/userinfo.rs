//! The UserInfo endpoint (OpenID Connect Core §5.3).

use serde_json::{Map, Value, json};

use super::Provider;
use super::access_token::AccessToken;
use super::authorization::requested_claims::RequestedClaims;
use super::client_certificate::ClientCertificate;
use super::clients::Registered;
use super::confirmation::Confirmation;
use super::dpop;
use super::encryption::{Content, encrypt};
use super::error::{ErrorCode, Refused};
use super::issue::{sign, still_meets};
use super::verified_claims;
use crate::model::scope::{CLAIMS, Claim, OPENID, RequestedScopes, find_claim};
use crate::model::timestamp::Timestamp;

/// Under which scheme a token is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Bearer,
    Dpop,
}

impl Scheme {
    /// The scheme of this name, in whatever case (RFC 9110 §11.1).
    pub fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "bearer" => Some(Self::Bearer),
            "dpop" => Some(Self::Dpop),
            _ => None,
        }
    }
}

/// What a request shows of its right.
pub struct Shown<'a> {
    pub token: &'a str,
    pub scheme: Scheme,
    pub dpop: dpop::Shown<'a>,
    pub certificate: Option<&'a ClientCertificate>,
}

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
    let invalid =
        || ErrorCode::InvalidToken.because("the access token is expired, revoked or not ours");
    let token = provider
        .check_access_token(shown.token, now)
        .await?
        .ok_or_else(invalid)?;
    if !token.is_for(&provider.issuer) {
        return Err(ErrorCode::InvalidToken
            .because("the access token is for another server (aud)")
            .into());
    }
    let client = provider
        .clients
        .find(&token.client)
        .await?
        .ok_or_else(invalid)?;
    holds(provider, &client, &token, shown, now).await?;
    if !token.scopes.contains(OPENID) {
        return Err(ErrorCode::InsufficientScope
            .because("the access token has no openid scope")
            .into());
    }
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

/// Whether who shows the token holds the key it is bound to (RFC 9449 §7, RFC
/// 8705 §3).
async fn holds(
    provider: &Provider,
    client: &Registered,
    token: &AccessToken,
    shown: &Shown<'_>,
    now: Timestamp,
) -> Result<(), Refused> {
    match (token.confirmation(), shown.scheme) {
        // Also one from before its client had to bind them.
        (None, Scheme::Bearer) if !client.must_bind_tokens() => Ok(()),
        (Some(Confirmation::Key(jkt)), Scheme::Dpop) => {
            let proof = dpop::proof(provider, client, &shown.dpop, Some(shown.token), now).await?;
            match proof.is_some_and(|proof| proof.jkt == jkt) {
                true => Ok(()),
                false => Err(ErrorCode::InvalidToken
                    .because("the access token is bound to another key than the proof")
                    .into()),
            }
        }
        (Some(Confirmation::Certificate(bound)), Scheme::Bearer) => {
            let shown = shown.certificate.map(ClientCertificate::thumbprint);
            match shown.is_some_and(|shown| shown == bound) {
                true => Ok(()),
                false => Err(ErrorCode::InvalidToken
                    .because("the access token is bound to another certificate")
                    .into()),
            }
        }
        _ => Err(ErrorCode::InvalidToken
            .because("the access token was sent under the wrong scheme, or without its proof")
            .into()),
    }
}
