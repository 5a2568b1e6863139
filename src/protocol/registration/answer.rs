//! What a client is told of its registration (RFC 7591 §3.2.1, RFC 7592 §3).

use serde_json::{Map, Value, json};

use super::members;
use crate::error::Result;
use crate::model::client::Client;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;

/// The path of the endpoint; under it, that of each client.
pub const PATH: &str = "/oauth/register";

/// Everything registered, and with what and where it is changed. The secret is
/// told when it was made just now, or was shown: only its digest is kept.
pub(super) fn told(
    provider: &Provider,
    client: &Client,
    secret: Option<&Secret>,
    token: &Secret,
    issued_at: Timestamp,
) -> Result<Map<String, Value>> {
    let mut told = members::write(client)?;
    let mut add = |name: &str, value: Value| told.insert(name.to_owned(), value);
    add("client_id", json!(client.client_id));
    add("client_id_issued_at", json!(issued_at.seconds()));
    if let Some(secret) = secret {
        add("client_secret", json!(secret.expose()));
        // It does not end.
        add("client_secret_expires_at", json!(0));
    }
    add("registration_access_token", json!(token.expose()));
    let uri = provider.url(&format!("{PATH}/{}", client.client_id));
    add("registration_client_uri", json!(uri));
    Ok(told)
}
