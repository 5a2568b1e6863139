//! Encrypting to a client what it registered to have encrypted (OpenID Connect
//! Core §10.2).

use super::Provider;
use super::client_keys;
use super::clients::Registered;
use super::error::{ErrorCode, OAuthError, Refused};
use crate::model::encryption::Encryption;

/// What is encrypted, which its header tells (RFC 7516 §4.1.12).
#[derive(Clone, Copy)]
pub(super) enum Content<'a> {
    /// A token that we signed (RFC 7519 §5.2).
    Signed(&'a str),
    /// Claims in JSON.
    Claims(&'a str),
}

/// Encrypts to the client's key.
///
/// # Errors
/// `temporarily_unavailable` when there is no such key or it cannot be fetched:
/// what was to be read by nobody else is never sent in plain.
pub(super) async fn encrypt(
    provider: &Provider,
    client: &Registered,
    how: Encryption,
    content: Content<'_>,
) -> Result<String, Refused> {
    let (cty, text) = match content {
        Content::Signed(token) => (Some("JWT"), token),
        Content::Claims(json) => (None, json),
    };
    let encrypted = match client_keys::of(provider, client).await {
        Some(keys) => keys.encrypt(how, cty, text.as_bytes())?,
        None => None,
    };
    encrypted.ok_or_else(|| out_of_reach(how).into())
}

/// Whether ID tokens can be encrypted to the client, where they must be.
///
/// # Errors
/// As [`encrypt`].
pub(super) async fn can_reach(provider: &Provider, client: &Registered) -> Result<(), OAuthError> {
    let Some(how) = client.id_token_encryption() else {
        return Ok(());
    };
    match client_keys::of(provider, client).await {
        Some(keys) if keys.can_be_reached(how.alg) => Ok(()),
        _ => Err(out_of_reach(how)),
    }
}

fn out_of_reach(how: Encryption) -> OAuthError {
    ErrorCode::TemporarilyUnavailable.because(format!(
        "the client has no key to be encrypted to by {}, or it is out of reach",
        how.alg.as_str()
    ))
}
