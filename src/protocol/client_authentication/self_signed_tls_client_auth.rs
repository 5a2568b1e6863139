//! `self_signed_tls_client_auth` (RFC 8705 §2.2): a certificate that the client
//! registered, or whose key it did. Who signed it does not matter; its term
//! does.

use futures_util::future::BoxFuture;

use super::{Credentials, Method, Request, Way};
use crate::model::client::AuthenticationMethod;
use crate::protocol::Provider;
use crate::protocol::client_keys;
use crate::protocol::clients::Registered;
use crate::protocol::error::Refused;

pub(super) const METHOD: Method = Method {
    method: AuthenticationMethod::SelfSignedTlsClientAuth,
    name: "self_signed_tls_client_auth",
    way: Way::Name,
    offered: |provider| provider.mutual_tls.is_some(),
    prove,
};

fn prove<'a>(
    provider: &'a Provider,
    client: &'a Registered,
    _: &'a Credentials,
    request: &'a Request<'a>,
) -> BoxFuture<'a, Result<bool, Refused>> {
    Box::pin(async move {
        let Some(certificate) = request.certificate else {
            return Ok(false);
        };
        if !certificate.is_in_term(request.now) {
            return Ok(false);
        }
        let keys = client_keys::of(provider, client).await;
        Ok(keys.is_some_and(|keys| keys.has_certificate(&certificate.der)))
    })
}
