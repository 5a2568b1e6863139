//! Who is calling: the client authenticates by the one method it is registered
//! for (OpenID Connect Core §9). Adding a method is a file and a line here.

mod basic;
mod none;
mod post;
mod private_key_jwt;

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::Provider;
use super::clients::Registered;
use super::dpop;
use super::error::{ErrorCode, OAuthError, Refused};
use super::params::Params;
use crate::model::client::AuthenticationMethod;
use crate::model::id::ClientId;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;

/// The request as far as client authentication looks at it.
pub struct Request<'a> {
    /// Value of the Authorization header.
    pub authorization: Option<&'a str>,
    /// The form body.
    pub params: &'a Params,
    /// Proofs of a key to bind tokens to.
    pub dpop: dpop::Shown<'a>,
    pub now: Timestamp,
}

/// What the request shows of its sender, before it is believed.
pub struct Credentials {
    client_id: ClientId,
    shown: Shown,
}

enum Shown {
    Secret(Secret),
    Assertion(String),
    Nothing,
}

type Prove = for<'a> fn(
    &'a Provider,
    &'a Registered,
    &'a Credentials,
    Timestamp,
) -> BoxFuture<'a, Result<bool, Refused>>;

/// A method: how its credentials are found in a request and proven.
pub struct Method {
    pub method: AuthenticationMethod,
    /// The registered name, as discovery lists it.
    pub name: &'static str,
    find: fn(&Request<'_>) -> Result<Option<Credentials>, OAuthError>,
    prove: Prove,
}

/// Parameters that authenticate a client and are no part of what it asks.
pub const CREDENTIALS: [&str; 3] = ["client_secret", "client_assertion", "client_assertion_type"];

/// Every method.
pub const METHODS: &[Method] = &[
    basic::METHOD,
    post::METHOD,
    private_key_jwt::METHOD,
    none::METHOD,
];

/// Authenticates the client of a request.
///
/// # Errors
/// `invalid_client` for every failure, with no hint which part was wrong;
/// `invalid_request` when the request uses several methods at once.
pub async fn authenticate(
    provider: &Provider,
    request: &Request<'_>,
) -> Result<Arc<Registered>, Refused> {
    let mut found = None;
    for method in METHODS {
        if let Some(credentials) = (method.find)(request)? {
            if found.is_some() {
                // RFC 6749 §2.3: one method in each request.
                return Err(ErrorCode::InvalidRequest
                    .because("the client used more than one way to authenticate")
                    .into());
            }
            found = Some((method, credentials));
        }
    }
    let Some((method, credentials)) = found else {
        return Err(ErrorCode::InvalidClient
            .because("the client did not authenticate")
            .into());
    };
    let client = provider.clients.find(&credentials.client_id).await?;
    if let Some(client) = client
        && client.token_endpoint_auth_method == method.method
        && (method.prove)(provider, &client, &credentials, request.now).await?
    {
        if let Some(registrations) = &provider.registrations {
            registrations.note_use(&client);
        }
        return Ok(client);
    }
    Err(failed().into())
}

fn failed() -> OAuthError {
    ErrorCode::InvalidClient
        .because("client authentication failed: check client_id, secret or key, and the method")
}

/// Compares a shown secret with the registered digest, in constant time.
fn prove_secret<'a>(
    _: &'a Provider,
    client: &'a Registered,
    credentials: &'a Credentials,
    _: Timestamp,
) -> BoxFuture<'a, Result<bool, Refused>> {
    let good = match (&credentials.shown, &client.client_secret_digest) {
        (Shown::Secret(secret), Some(digest)) => secret.digest() == *digest,
        _ => false,
    };
    Box::pin(std::future::ready(Ok(good)))
}
