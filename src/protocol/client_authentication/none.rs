//! `none`: a public client only says who it is; its codes are bound by PKCE.

use futures_util::future::BoxFuture;

use super::{Credentials, Method, Request, Shown, Way, always};
use crate::model::client::AuthenticationMethod;
use crate::model::id::ClientId;
use crate::protocol::Provider;
use crate::protocol::clients::Registered;
use crate::protocol::error::{OAuthError, Refused};

pub(super) const METHOD: Method = Method {
    method: AuthenticationMethod::None,
    name: "none",
    way: Way::Name,
    offered: always,
    prove,
};

/// A bare `client_id`. It proves nothing by itself: so come public clients, and
/// those whose connection has shown their certificate (RFC 8705 §2).
pub(super) fn find(request: &Request<'_>) -> Result<Option<Credentials>, OAuthError> {
    let shows_something = request.authorization.is_some()
        || ["client_secret", "client_assertion", "client_assertion_type"]
            .into_iter()
            .any(|name| request.params.get(name).is_some());
    Ok(match request.params.get("client_id") {
        Some(id) if !shows_something => Some(Credentials {
            client_id: ClientId::from(id),
            shown: Shown::Nothing,
        }),
        _ => None,
    })
}

fn prove<'a>(
    _: &'a Provider,
    client: &'a Registered,
    credentials: &'a Credentials,
    _: &'a Request<'a>,
) -> BoxFuture<'a, Result<bool, Refused>> {
    let good = client.is_public() && matches!(credentials.shown, Shown::Nothing);
    Box::pin(std::future::ready(Ok(good)))
}
