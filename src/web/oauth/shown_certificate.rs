//! The certificate of the program that calls: from our own handshake, or from
//! the header of a proxy that is believed (attack row 38).

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::request::Parts;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::answer::oauth_error;
use crate::app::App;
use crate::protocol::client_certificate::ClientCertificate;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::web::address::is_trusted;

/// The certificate, if one was shown.
pub struct ShownCertificate(pub Option<Arc<ClientCertificate>>);

impl FromRequestParts<Arc<App>> for ShownCertificate {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let of_proxy = peer.is_some_and(|peer| is_trusted(peer.0, &app.config.trusted_proxies));
        let header = app
            .config
            .mtls
            .as_ref()
            .and_then(|settings| settings.certificate_header.as_deref());
        match header {
            // What a proxy shows at its own handshake is the proxy's.
            Some(header) if of_proxy => handed_on(&parts.headers, header)
                .map(|found| Self(found.map(Arc::new)))
                .map_err(|error| oauth_error(&error)),
            _ => Ok(Self(parts.extensions.get().cloned())),
        }
    }
}

fn handed_on(headers: &HeaderMap, name: &str) -> Result<Option<ClientCertificate>, OAuthError> {
    let wrong = |what: &str| {
        ErrorCode::InvalidRequest.because(format!("the header {name} {what}: mend the proxy"))
    };
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    // A proxy that adds its own beside the client's lets the client choose.
    if values.next().is_some() {
        return Err(wrong("came twice"));
    }
    let text = value.to_str().unwrap_or("?").trim();
    if text.is_empty() || text == "::" {
        return Ok(None);
    }
    let der = match text.strip_prefix(':') {
        Some(rest) => of_structured_field(rest),
        None => of_escaped_pem(text),
    };
    der.and_then(|der| ClientCertificate::read(der, Vec::new()))
        .map(Some)
        .ok_or_else(|| wrong("holds no certificate"))
}

/// `:base64:`, after the first colon (RFC 9440 §2.1, RFC 9651 §3.3.5).
fn of_structured_field(rest: &str) -> Option<Vec<u8>> {
    STANDARD.decode(rest.strip_suffix(':')?).ok()
}

/// Percent-encoded PEM, as nginx writes `$ssl_client_escaped_cert`: one
/// certificate and nothing around it.
fn of_escaped_pem(text: &str) -> Option<Vec<u8>> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let pem = percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .ok()?;
    let pem = pem.trim();
    let alone = pem.starts_with(BEGIN) && pem.ends_with(END) && pem.matches(BEGIN).count() == 1;
    let read = alone.then(|| CertificateDer::from_pem_slice(pem.as_bytes()))?;
    Some(read.ok()?.to_vec())
}
