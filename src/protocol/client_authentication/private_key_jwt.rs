//! `private_key_jwt`: an assertion signed by the client's key (RFC 7523,
//! OpenID Connect Core §9).

use futures_util::future::BoxFuture;

use super::{Credentials, Method, Request, Shown, Way, always, assertion};
use crate::jose::foreign;
use crate::model::assertion_algorithm::AssertionAlgorithm;
use crate::model::client::AuthenticationMethod;
use crate::protocol::Provider;
use crate::protocol::client_keys;
use crate::protocol::clients::Registered;
use crate::protocol::error::Refused;

pub(super) const METHOD: Method = Method {
    method: AuthenticationMethod::PrivateKeyJwt,
    name: "private_key_jwt",
    way: Way::Assertion,
    offered: always,
    prove,
};

fn prove<'a>(
    provider: &'a Provider,
    client: &'a Registered,
    credentials: &'a Credentials,
    request: &'a Request<'a>,
) -> BoxFuture<'a, Result<bool, Refused>> {
    Box::pin(async move {
        let Shown::Assertion(assertion) = &credentials.shown else {
            return Ok(false);
        };
        let allowed = match &client.token_endpoint_auth_signing_alg {
            None => client.own_algorithms(),
            Some(AssertionAlgorithm::Key(alg)) => std::slice::from_ref(alg),
            Some(AssertionAlgorithm::Hs256) => return Ok(false),
        };
        let Some(keys) = client_keys::of(provider, client).await else {
            return Ok(false);
        };
        match foreign::verify(assertion, &keys, allowed) {
            Ok(claims) => assertion::accept(provider, client, &claims, request.now).await,
            Err(_) => Ok(false),
        }
    })
}
