//! ID tokens (OpenID Connect Core §2, §3.2.2.10, §3.3.2.11).

use serde_json::{Map, Value, json};

use super::{Speaker, sign};
use crate::error::Result;
use crate::jose::half_hash;
use crate::model::claim::{CLAIMS, find_claim};
use crate::model::scope::RequestedScopes;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::clients::Registered;
use crate::protocol::encryption::{Content, encrypt};
use crate::protocol::error::Refused;
use crate::protocol::subject::session_id;
use crate::protocol::verified_claims;

/// What comes along with an ID token, and what it says beside the usual.
#[derive(Default)]
pub(super) struct IdTokenParts<'a> {
    pub access_token: Option<&'a str>,
    pub code: Option<&'a str>,
    pub nonce: Option<&'a str>,
    /// Scopes whose claims are told here, since no access token will ever ask
    /// for them (Core §5.4).
    pub told_scopes: Option<&'a str>,
}

/// An ID token about the person behind a grant.
pub(super) async fn id_token(
    provider: &Provider,
    client: &Registered,
    speaker: &Speaker<'_>,
    parts: &IdTokenParts<'_>,
    now: Timestamp,
) -> Result<String, Refused> {
    let alg = client.id_token_signed_response_alg;
    let mut claims = claims(provider, client, speaker, parts, now).await?;
    let (account, requested) = (&speaker.grant.account_id, &speaker.requested);
    let verified = &requested.verified_id_token;
    let verified = verified_claims::answer(provider, account, verified, &client.scope, now).await?;
    if let Some(verified) = verified {
        claims.insert("verified_claims".to_owned(), verified);
    }
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("iss", json!(provider.issuer));
    put("aud", json!(client.client_id));
    put("sub", json!(speaker.subject));
    put("iat", json!(now.seconds()));
    put(
        "exp",
        json!(Provider::after(now, provider.lifetimes.id_token).seconds()),
    );
    speaker.say_how(&mut put);
    put(
        "sid",
        json!(session_id(
            &provider.vault,
            &speaker.grant.session_id,
            client
        )),
    );
    if let Some(token) = parts.access_token {
        put("at_hash", json!(half_hash(alg, token)));
    }
    if let Some(code) = parts.code {
        put("c_hash", json!(half_hash(alg, code)));
    }
    if let Some(nonce) = parts.nonce {
        put("nonce", json!(nonce));
    }
    let signed = sign(provider, alg, "JWT", &claims, now)?;
    match client.id_token_encryption() {
        Some(how) => encrypt(provider, client, how, Content::Signed(&signed)).await,
        None => Ok(signed),
    }
}

/// Claims about the person. Those of scopes are given at userinfo (Core §5.4);
/// here only those that were asked for here, as a rule.
async fn claims(
    provider: &Provider,
    client: &Registered,
    speaker: &Speaker<'_>,
    parts: &IdTokenParts<'_>,
    now: Timestamp,
) -> Result<Map<String, Value>> {
    let requested = &speaker.requested.id_token;
    if requested.is_empty() && parts.told_scopes.is_none() {
        return Ok(Map::new());
    }
    let registered = RequestedScopes::parse(&client.scope);
    let told = RequestedScopes::parse(parts.told_scopes.unwrap_or_default());
    let is_told = |name: &str| find_claim(name).is_some_and(|claim| told.contains(claim.scope));
    let wanted = CLAIMS
        .iter()
        .filter(|claim| registered.contains(claim.scope))
        .map(|claim| claim.name)
        .filter(|name| is_told(name) || requested.contains(name));
    let account = &speaker.grant.account_id;
    let mut claims = provider.claims.of(provider, account, wanted, now).await?;
    claims.retain(|name, value| is_told(name) || requested.admits(name, value));
    Ok(claims)
}
