//! Token introspection (RFC 7662). A client learns about its own tokens; a
//! resource server registered for it, about anyone's. The answer is JSON, or a
//! JWT that can be shown to others (RFC 9701).

use serde_json::{Map, Value, json};

use super::Provider;
use super::authorization_details;
use super::client_authentication::{self, Request};
use super::clients::Registered;
use super::confirmation::Confirmation;
use super::error::{ErrorCode, Refused};
use super::issue::{sign, still_meets};
use super::refresh;
use super::subject::subject;
use crate::error::Result;
use crate::model::acr::Assurance;
use crate::model::id::ClientId;
use crate::model::timestamp::Timestamp;

/// What a JWT answer is called in `Accept`, `Content-Type` and its `typ`
/// (RFC 9701 §4, §5).
pub const JWT: &str = "application/token-introspection+jwt";

/// What introspection answers with.
pub enum Introspection {
    /// `application/json`.
    Plain(Map<String, Value>),
    /// [`JWT`].
    Signed(String),
}

/// Answers an introspection request, with a JWT if it is wanted so.
///
/// # Errors
/// `invalid_client` when the caller does not authenticate, `invalid_request`
/// without a token. A bad token is no error (§2.2).
pub async fn introspect(
    provider: &Provider,
    request: &Request<'_>,
    as_jwt: bool,
) -> Result<Introspection, Refused> {
    request.params.each_once()?;
    let caller = client_authentication::authenticate(provider, request).await?;
    if caller.is_public() {
        return Err(ErrorCode::InvalidClient
            .because("introspection is for clients that authenticate")
            .into());
    }
    let token = request.params.require("token")?;
    let found = match access_token(provider, &caller, token, request.now).await? {
        Some(found) => Some(found),
        None => refresh_token(provider, &caller, token, request.now).await?,
    };
    let answer = found.unwrap_or_else(|| Map::from_iter([("active".to_owned(), json!(false))]));
    if !as_jwt {
        return Ok(Introspection::Plain(answer));
    }
    // RFC 9701 §5: neither `sub` nor `exp` at the top, so that nobody takes the
    // answer about a token for one (§8.1).
    let claims = json!({
        "iss": provider.issuer,
        "aud": caller.client_id,
        "iat": request.now.seconds(),
        "token_introspection": answer,
    });
    let alg = caller.introspection_signed_response_alg;
    let typ = "token-introspection+jwt";
    sign(provider, alg, typ, &claims, request.now)
        .map(Introspection::Signed)
        .map_err(Refused::from)
}

fn may_see(caller: &Registered, owner: &ClientId) -> bool {
    caller.may_introspect_any || caller.client_id == *owner
}

async fn access_token(
    provider: &Provider,
    caller: &Registered,
    token: &str,
    now: Timestamp,
) -> Result<Option<Map<String, Value>>> {
    let found = provider.check_access_token(token, now).await?;
    let Some(found) = found.filter(|found| may_see(caller, &found.client)) else {
        return Ok(None);
    };
    let client = provider.clients.find(&found.client).await?;
    let demanding = client.filter(|client| client.demands() != Assurance::default());
    if let (Some(client), Some(grant)) = (demanding, &found.grant) {
        let Some(grant) = provider.claims.grant(provider, grant).await? else {
            return Ok(None);
        };
        if !still_meets(provider, &client, &grant, now).await? {
            return Ok(None);
        }
    }
    let mut claims = found.claims.clone();
    claims.insert("active".to_owned(), json!(true));
    let bound = found.confirmation();
    let token_type = Confirmation::token_type(bound.as_ref());
    claims.insert("token_type".to_owned(), json!(token_type));
    Ok(Some(claims))
}

async fn refresh_token(
    provider: &Provider,
    caller: &Registered,
    token: &str,
    now: Timestamp,
) -> Result<Option<Map<String, Value>>> {
    let found = refresh::find(provider, token)
        .await?
        .filter(|found| may_see(caller, &found.grant.client_id));
    let Some(found) = found else {
        return Ok(None);
    };
    // As it stands now: the number grows with every use.
    let grant = provider.storage.find_grant(&found.grant.id).await?;
    let newest = grant.filter(|grant| grant.refresh_number == Some(found.number));
    let Some(grant) = newest else {
        return Ok(None);
    };
    let (Some(issued_at), Some(expires_at)) = (grant.refresh_issued_at, grant.refresh_expires_at)
    else {
        return Ok(None);
    };
    if expires_at <= now {
        return Ok(None);
    }
    let client = provider.clients.find(&grant.client_id).await?;
    let good = provider
        .standings
        .is_good(&provider.storage, &grant.id, now)
        .await?;
    let sealed = grant.authorization_details.as_deref();
    let details = authorization_details::open(&provider.vault, &grant.id, sealed)?;
    Ok(client.filter(|_| good).map(|client| {
        let mut answer = json!({
            "active": true,
            "iss": provider.issuer,
            "client_id": grant.client_id,
            "scope": grant.scopes,
            "sub": subject(&provider.vault, &grant.account_id, &client),
            "iat": issued_at.seconds(),
            "exp": expires_at.seconds(),
        });
        let bound = grant.confirmation.as_deref();
        let bound = bound.and_then(|bound| serde_json::from_str::<Value>(bound).ok());
        if let Some(bound) = bound {
            answer["cnf"] = bound;
        }
        if !details.is_empty() {
            answer[authorization_details::NAME] = json!(details);
        }
        match answer {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }))
}
