//! Mutual TLS (RFC 8705) as far as the protocol goes: under which address
//! programs show certificates, and which authorities vouch for them. Sockets
//! and headers are the web's.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;

use super::client_certificate::ClientCertificate;
use crate::error::{Internal, Result};
use crate::model::timestamp::Timestamp;

/// Endpoints for programs: the member of the metadata and the path. Where there
/// is a listener that asks for certificates, it serves these.
pub const ENDPOINTS: &[(&str, &str)] = &[
    ("token_endpoint", "/oauth/token"),
    ("pushed_authorization_request_endpoint", "/oauth/par"),
    (
        "device_authorization_endpoint",
        "/oauth/device_authorization",
    ),
    (
        "backchannel_authentication_endpoint",
        "/oauth/backchannel_authentication",
    ),
    ("introspection_endpoint", "/oauth/introspect"),
    ("revocation_endpoint", "/oauth/revoke"),
    ("userinfo_endpoint", "/oauth/userinfo"),
];

/// How mutual TLS is set up.
pub struct MutualTls {
    /// The public base address of the listener that asks for certificates,
    /// where it is another than the issuer.
    pub url: Option<String>,
    /// Who vouches for clients; none where only registered keys are taken.
    pub authorities: Option<Authorities>,
}

impl MutualTls {
    /// The aliases of the endpoints (RFC 8705 §5): member and address.
    pub fn aliases(&self) -> impl Iterator<Item = (&'static str, String)> {
        let url = self.url.iter();
        url.flat_map(|url| {
            ENDPOINTS
                .iter()
                .map(move |(member, path)| (*member, format!("{url}{path}")))
        })
    }
}

/// Authorities whose certificates `tls_client_auth` takes.
pub struct Authorities(Arc<dyn ClientCertVerifier>);

impl Authorities {
    /// Reads the certificates of the authorities.
    ///
    /// # Errors
    /// When the file holds none, or one that no chain can end at.
    pub fn read(file: &Path) -> Result<Self> {
        let wrong = |what: &dyn std::fmt::Display| {
            Internal::new(format!("mtls.ca_file: {}: {what}", file.display()))
        };
        let mut roots = RootCertStore::empty();
        for one in CertificateDer::pem_file_iter(file).map_err(|error| wrong(&error))? {
            let one = one.map_err(|error| wrong(&error))?;
            roots.add(one).map_err(|error| wrong(&error))?;
        }
        if roots.is_empty() {
            return Err(wrong(
                &"holds no certificate; give those of the authorities in PEM",
            ));
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|error| wrong(&error))?;
        Ok(Self(verifier))
    }

    /// Whether the chain of a certificate ends at one of them, every link in
    /// its term now, and it may be used by clients (RFC 5280 §6).
    pub(super) fn vouch_for(&self, certificate: &ClientCertificate, now: Timestamp) -> bool {
        let leaf = CertificateDer::from(certificate.der.as_slice());
        let between: Vec<_> = certificate
            .intermediates
            .iter()
            .map(|one| CertificateDer::from(one.as_slice()))
            .collect();
        let seconds = u64::try_from(now.seconds()).unwrap_or_default();
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        match self.0.verify_client_cert(&leaf, &between, now) {
            Ok(_) => true,
            Err(error) => {
                tracing::info!(%error, "a client's certificate was not believed");
                false
            }
        }
    }
}
