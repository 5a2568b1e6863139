//! `client_secret_jwt`: an assertion signed with the client's secret (OpenID
//! Connect Core §9). The one method for which the secret must be kept: sealed,
//! and opened for each check.

use futures_util::future::BoxFuture;
use zeroize::Zeroizing;

use super::{Credentials, Method, Request, Shown, Way, always, assertion};
use crate::jose::foreign;
use crate::model::client::AuthenticationMethod;
use crate::protocol::Provider;
use crate::protocol::clients::Registered;
use crate::protocol::error::Refused;
use crate::protocol::registration::secret_context;

pub(super) const METHOD: Method = Method {
    method: AuthenticationMethod::ClientSecretJwt,
    name: "client_secret_jwt",
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
        let (Shown::Assertion(assertion), Some(sealed)) =
            (&credentials.shown, &client.client_secret_sealed)
        else {
            return Ok(false);
        };
        let context = secret_context(&client.client_id);
        let secret = Zeroizing::new(provider.vault.unseal(&context, sealed)?);
        match foreign::verify_by_secret(assertion, &secret) {
            Ok(claims) => assertion::accept(provider, client, &claims, request.now).await,
            Err(_) => Ok(false),
        }
    })
}
