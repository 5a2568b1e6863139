//! The public keys of a client: as registered, or as it publishes them.

use std::sync::Arc;

use super::Provider;
use super::clients::Registered;
use crate::jose::Jwks;

/// The client's keys; none when it has none or they cannot be had. Published
/// ones are fetched for each use: an unknown `kid` after the client changed its
/// keys must work at once.
pub(super) async fn of(provider: &Provider, client: &Registered) -> Option<Arc<Jwks>> {
    if let Some(jwks) = &client.jwks {
        return Some(jwks.clone());
    }
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
    let keys = String::from_utf8(answer.body).ok()?;
    match Jwks::parse(&keys) {
        Ok(keys) => Some(Arc::new(keys)),
        Err(fault) => {
            tracing::warn!(client = %client.client_id, %fault, "jwks_uri holds no usable keys");
            None
        }
    }
}
