//! `tls_client_auth` (RFC 8705 §2.1): the certificate of an authority that the
//! operator trusts, and in it the name the client is registered with.

use std::future::ready;

use futures_util::future::BoxFuture;

use super::{Credentials, Method, Request, Way};
use crate::model::certificate_subject::CertificateSubject;
use crate::model::client::AuthenticationMethod;
use crate::protocol::Provider;
use crate::protocol::clients::Registered;
use crate::protocol::error::Refused;
use crate::protocol::mutual_tls::Authorities;

pub(super) const METHOD: Method = Method {
    method: AuthenticationMethod::TlsClientAuth,
    name: "tls_client_auth",
    way: Way::Name,
    offered: |provider| authorities(provider).is_some(),
    prove,
};

fn authorities(provider: &Provider) -> Option<&Authorities> {
    provider.mutual_tls.as_ref()?.authorities.as_ref()
}

fn prove<'a>(
    provider: &'a Provider,
    client: &'a Registered,
    _: &'a Credentials,
    request: &'a Request<'a>,
) -> BoxFuture<'a, Result<bool, Refused>> {
    let subject = CertificateSubject::of(client);
    let good = match (request.certificate, authorities(provider), subject) {
        (Some(certificate), Some(authorities), Ok(subject)) => {
            certificate.names(&subject) && authorities.vouch_for(certificate, request.now)
        }
        _ => false,
    };
    Box::pin(ready(Ok(good)))
}
