//! `client_secret_post`: id and secret in the body (RFC 6749 §2.3.1).

use super::{Credentials, Method, Request, Shown, Way, always, prove_secret};
use crate::model::client::AuthenticationMethod;
use crate::model::id::ClientId;
use crate::model::secret::Secret;
use crate::protocol::error::OAuthError;

pub(super) const METHOD: Method = Method {
    method: AuthenticationMethod::ClientSecretPost,
    name: "client_secret_post",
    way: Way::Body,
    offered: always,
    prove: prove_secret,
};

pub(super) fn find(request: &Request<'_>) -> Result<Option<Credentials>, OAuthError> {
    let Some(secret) = request.params.get("client_secret") else {
        return Ok(None);
    };
    Ok(Some(Credentials {
        client_id: ClientId::from(request.params.require("client_id")?),
        shown: Shown::Secret(Secret::new(secret)),
    }))
}
