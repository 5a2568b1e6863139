//! The public keys of a client: those registered with it, or those it
//! publishes at its `jwks_uri`.

use crate::jose::Jwks;
use crate::protocol::Provider;
use crate::protocol::clients::Registered;

/// Lets `check` look at the client's keys; none when it finds nothing, or when
/// there are no keys to look at.
pub(super) async fn check<T>(
    provider: &Provider,
    client: &Registered,
    check: impl FnOnce(&Jwks) -> Option<T> + Send,
) -> Option<T> {
    match &client.jwks {
        Some(keys) => check(keys),
        None => check(&published(provider, client).await?),
    }
}

/// Keys at the client's `jwks_uri`, fetched for each check: an unknown `kid`
/// after the client changed its keys must work at once.
async fn published(provider: &Provider, client: &Registered) -> Option<Jwks> {
    let uri = client.jwks_uri.as_deref()?;
    let answer = match provider.egress.get(uri).await {
        Ok(answer) if answer.status == 200 => answer,
        Ok(answer) => {
            tracing::warn!(client = %client.client_id, status = answer.status, "jwks_uri refused");
            return None;
        }
        Err(error) => {
            tracing::warn!(client = %client.client_id, %error, "jwks_uri is out of reach");
            return None;
        }
    };
    let keys = String::from_utf8(answer.body.to_vec()).ok()?;
    Jwks::parse(&keys)
        .inspect_err(|fault| {
            tracing::warn!(client = %client.client_id, %fault, "jwks_uri holds no usable keys");
        })
        .ok()
}
