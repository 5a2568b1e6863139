//! Who is calling: the client authenticates by the one method it is registered
//! for (OpenID Connect Core §9, RFC 8705 §2). Adding a method is a file and a
//! line here.
//!
//! Several methods show themselves alike: an assertion may be signed with a key
//! or with a secret, and a bare `client_id` may stand for a public client or be
//! proven by the certificate of the connection. So a request only tells the
//! way (`Way`); the registration tells the method.

mod assertion;
mod basic;
mod client_secret_jwt;
mod none;
mod post;
mod private_key_jwt;
mod self_signed_tls_client_auth;
mod tls_client_auth;

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::Provider;
use super::client_certificate::ClientCertificate;
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
    /// The certificate whose possession the sender has shown. It authenticates
    /// by itself only who is registered for that; others bind tokens to it.
    pub certificate: Option<&'a ClientCertificate>,
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

/// Where a request shows who sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The Authorization header.
    Header,
    /// A secret in the body.
    Body,
    /// A signed assertion.
    Assertion,
    /// Nothing but `client_id`.
    Name,
}

impl Way {
    const ALL: [Self; 4] = [Self::Header, Self::Body, Self::Assertion, Self::Name];

    fn find(self, request: &Request<'_>) -> Result<Option<Credentials>, OAuthError> {
        match self {
            Self::Header => basic::find(request),
            Self::Body => post::find(request),
            Self::Assertion => assertion::find(request),
            Self::Name => none::find(request),
        }
    }
}

type Prove = for<'a> fn(
    &'a Provider,
    &'a Registered,
    &'a Credentials,
    &'a Request<'a>,
) -> BoxFuture<'a, Result<bool, Refused>>;

/// A method: where its credentials are and how they are proven.
pub struct Method {
    pub method: AuthenticationMethod,
    /// The registered name, as discovery lists it.
    pub name: &'static str,
    way: Way,
    /// Whether it works as this provider is set up.
    pub offered: fn(&Provider) -> bool,
    prove: Prove,
}

/// Parameters that authenticate a client and are no part of what it asks.
pub const CREDENTIALS: [&str; 3] = ["client_secret", "client_assertion", "client_assertion_type"];
const fn always(_: &Provider) -> bool {
    true
}

/// Every method.
pub const METHODS: &[Method] = &[
    basic::METHOD,
    post::METHOD,
    client_secret_jwt::METHOD,
    private_key_jwt::METHOD,
    tls_client_auth::METHOD,
    self_signed_tls_client_auth::METHOD,
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
    for way in Way::ALL {
        if let Some(credentials) = way.find(request)? {
            if found.is_some() {
                // RFC 6749 §2.3: one method in each request.
                return Err(ErrorCode::InvalidRequest
                    .because("the client used more than one way to authenticate")
                    .into());
            }
            found = Some((way, credentials));
        }
    }
    let Some((way, credentials)) = found else {
        return Err(ErrorCode::InvalidClient
            .because("the client did not authenticate")
            .into());
    };
    let client = provider.clients.find(&credentials.client_id).await?;
    let registered = |client: &Registered| {
        METHODS.iter().find(|method| {
            method.method == client.token_endpoint_auth_method
                && method.way == way
                && (method.offered)(provider)
        })
    };
    if let Some(client) = client
        && let Some(method) = registered(&client)
        && (method.prove)(provider, &client, &credentials, request).await?
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
    _: &'a Request<'a>,
) -> BoxFuture<'a, Result<bool, Refused>> {
    let good = match (&credentials.shown, &client.client_secret_digest) {
        (Shown::Secret(secret), Some(digest)) => secret.digest() == *digest,
        _ => false,
    };
    Box::pin(std::future::ready(Ok(good)))
}
