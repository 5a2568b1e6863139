//! From a token response to claims that may be believed.

use std::sync::Arc;

use openidconnect::core::CoreGenderClaim;
use openidconnect::{
    AccessTokenHash, ClaimsVerificationError, IdTokenClaims, Nonce, OAuth2TokenResponse,
    SignatureVerificationError, SubjectIdentifier, TokenResponse as _, UserInfoClaims,
};
use serde_json::{Map, Value};

use crate::Portal;
use crate::provider::{IdToken, OtherClaims, Provider, TokenResponse, explain};
use crate::texts::Notice;

type Claims = IdTokenClaims<OtherClaims, CoreGenderClaim>;

/// What the ID token must agree with.
#[derive(Clone, Copy)]
pub enum Expected<'a> {
    /// At sign-in: it answers this very request.
    Nonce(&'a Nonce),
    /// After a refresh: it is still the same person (OpenID Connect Core §12.2).
    Subject(&'a SubjectIdentifier),
}

/// Verifies the ID token and adds what userinfo tells.
///
/// After a refresh the ID token may be missing; then the subject is known already.
pub async fn read(
    portal: &Portal,
    provider: Arc<Provider>,
    tokens: &TokenResponse,
    expected: Expected<'_>,
    now: u64,
) -> Result<(SubjectIdentifier, Map<String, Value>), Notice> {
    let (provider, subject, claims) = match (tokens.id_token(), expected) {
        (Some(token), _) => {
            let provider = with_known_key(portal, provider, token, expected, now).await?;
            let claims = verify(&provider, token, expected).map_err(untrusted)?;
            check_access_token(&provider, token, claims, tokens)?;
            let subject = claims.subject().clone();
            if let Expected::Subject(known) = expected
                && *known != subject
            {
                return Err(Notice::untrusted("sub"));
            }
            let claims = object(claims)?;
            (provider, subject, claims)
        }
        (None, Expected::Subject(known)) => (provider, known.clone(), Map::new()),
        (None, Expected::Nonce(_)) => return Err(Notice::untrusted("id_token")),
    };
    // Core §5.3.2: userinfo about another `sub` is refused by the crate.
    let userinfo: UserInfoClaims<OtherClaims, CoreGenderClaim> = provider
        .client
        .user_info(tokens.access_token().clone(), Some(subject.clone()))
        .map_err(untrusted)?
        .request_async(&portal.provider.http)
        .await
        .map_err(untrusted)?;
    // What is about the person first, what is about the tokens after it.
    let mut all = object(&userinfo)?;
    for (claim, value) in claims {
        all.entry(claim).or_insert(value);
    }
    Ok((subject, all))
}

/// Keys change; when the token's key is unknown, they are read again, once.
async fn with_known_key(
    portal: &Portal,
    provider: Arc<Provider>,
    token: &IdToken,
    expected: Expected<'_>,
    now: u64,
) -> Result<Arc<Provider>, Notice> {
    match verify(&provider, token, expected) {
        Err(ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey,
        )) => portal
            .provider
            .reload(now)
            .await
            .map_err(Notice::unreachable),
        _ => Ok(provider),
    }
}

/// Signature, `iss`, `aud`, `exp` and `nonce`, by the crate (Core §3.1.3.7).
fn verify<'t>(
    provider: &Provider,
    token: &'t IdToken,
    expected: Expected<'_>,
) -> Result<&'t Claims, ClaimsVerificationError> {
    let verifier = provider.client.id_token_verifier();
    match expected {
        Expected::Nonce(nonce) => token.claims(&verifier, nonce),
        // A refreshed ID token should carry no nonce; the subject is compared instead.
        Expected::Subject(_) => token.claims(&verifier, |_: Option<&Nonce>| Ok(())),
    }
}

/// The access token was issued together with the ID token (Core §3.1.3.8).
fn check_access_token(
    provider: &Provider,
    token: &IdToken,
    claims: &Claims,
    tokens: &TokenResponse,
) -> Result<(), Notice> {
    let Some(expected) = claims.access_token_hash() else {
        return Ok(());
    };
    let verifier = provider.client.id_token_verifier();
    let actual = AccessTokenHash::from_token(
        tokens.access_token(),
        token.signing_alg().map_err(untrusted)?,
        token.signing_key(&verifier).map_err(untrusted)?,
    )
    .map_err(untrusted)?;
    if actual == *expected {
        Ok(())
    } else {
        Err(Notice::untrusted("at_hash"))
    }
}

fn object(claims: &impl serde::Serialize) -> Result<Map<String, Value>, Notice> {
    match serde_json::to_value(claims).map_err(untrusted)? {
        Value::Object(object) => Ok(object),
        _ => Err(Notice::untrusted("claims")),
    }
}

fn untrusted(error: impl std::error::Error) -> Notice {
    Notice::untrusted(explain(&error))
}
