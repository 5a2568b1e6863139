//! The certificate and what is spoken under it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::{TLS12, TLS13};
use tokio_rustls::TlsAcceptor;

use super::TlsSettings;
use super::any_certificate::AnyCertificate;
use crate::error::{Internal, Result};

/// The protocol name by which HTTP/2 is agreed on (RFC 9113 §3.1).
pub(super) const HTTP_2: &[u8] = b"h2";

/// The certificate in use, and where it came from.
pub(super) struct Certificates {
    settings: TlsSettings,
    current: ArcSwap<ServerConfig>,
}

impl Certificates {
    /// Reads certificate and key.
    pub(super) fn read(settings: TlsSettings) -> Result<Self> {
        let current = ArcSwap::from_pointee(config(&settings)?);
        Ok(Self { settings, current })
    }

    /// Reads them again; connections that are open keep what they have.
    pub(super) fn read_again(&self) {
        match config(&self.settings) {
            Ok(config) => {
                self.current.store(Arc::new(config));
                tracing::info!("the certificate was read again");
            }
            Err(error) => {
                tracing::error!(%error, "the certificate was not read again; the old one stays");
            }
        }
    }

    /// What greets a new connection.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.current.load_full())
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt(f)
    }
}

fn config(settings: &TlsSettings) -> Result<ServerConfig> {
    let wrong = |path: &Path, what: &dyn fmt::Display| {
        Internal::new(format!("tls: {}: {what}", path.display()))
    };
    let chain = CertificateDer::pem_file_iter(&settings.certificate)
        .and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>)
        .map_err(|error| wrong(&settings.certificate, &error))?;
    if chain.is_empty() {
        let what = "holds no certificate; give the chain in PEM, our own certificate first";
        return Err(wrong(&settings.certificate, &what));
    }
    let key = PrivateKeyDer::from_pem_file(&settings.key)
        .map_err(|error| wrong(&settings.key, &error))?;
    let versions: &[_] = if settings.allow_tls12 {
        &[&TLS13, &TLS12]
    } else {
        &[&TLS13]
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let certificates = AnyCertificate::new(&provider, settings.ask_for_certificate);
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)?
        .with_client_cert_verifier(Arc::new(certificates))
        // Also refuses a key that does not belong to the certificate.
        .with_single_cert(chain, key)
        .map_err(|error| wrong(&settings.certificate, &error))?;
    config.alpn_protocols = vec![HTTP_2.to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
