//! Token introspection (RFC 7662). A client learns about its own tokens; a
//! resource server registered for it, about anyone's.

use serde_json::{Map, Value, json};

use super::Provider;
use super::client_authentication::{self, Request};
use super::clients::Registered;
use super::error::{ErrorCode, Refused};
use super::subject::subject;
use crate::error::Result;
use crate::model::id::ClientId;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;

/// Answers an introspection request.
///
/// # Errors
/// `invalid_client` when the caller does not authenticate, `invalid_request`
/// without a token. A bad token is no error (§2.2).
pub async fn introspect(
    provider: &Provider,
    request: &Request<'_>,
) -> Result<Map<String, Value>, Refused> {
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
    Ok(found.unwrap_or_else(|| Map::from_iter([("active".to_owned(), json!(false))])))
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
    Ok(found
        .filter(|found| may_see(caller, &found.client))
        .map(|found| {
            let mut claims = found.claims.clone();
            claims.insert("active".to_owned(), json!(true));
            claims.insert("token_type".to_owned(), json!("Bearer"));
            claims
        }))
}

async fn refresh_token(
    provider: &Provider,
    caller: &Registered,
    token: &str,
    now: Timestamp,
) -> Result<Option<Map<String, Value>>> {
    let found = provider
        .storage
        .find_refresh_token(&Secret::new(token).digest())
        .await?
        .filter(|found| found.spent_at.is_none() && now < found.expires_at)
        .filter(|found| may_see(caller, &found.grant.client_id));
    let Some(found) = found else {
        return Ok(None);
    };
    let grant = &found.grant;
    let client = provider.clients.find(&grant.client_id).await?;
    let good = provider
        .standings
        .is_good(&provider.storage, &grant.id, now)
        .await?;
    Ok(client.filter(|_| good).map(|client| {
        let answer = json!({
            "active": true,
            "iss": provider.issuer,
            "client_id": grant.client_id,
            "scope": grant.scopes,
            "sub": subject(&provider.vault, &grant.account_id, &client),
            "iat": found.issued_at.seconds(),
            "exp": found.expires_at.seconds(),
        });
        match answer {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }))
}
