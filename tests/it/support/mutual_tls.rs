//! A listener that talks to nobody without a certificate of its authority
//! (mutual TLS), and a client certificate that it accepts.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose,
    IsCa, KeyPair, SanType,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// An authority whose files are in a folder until it goes out of scope.
pub struct MutualTls {
    folder: PathBuf,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// Takes connections; those without a certificate end here.
pub struct Listener {
    tcp: TcpListener,
    tls: TlsAcceptor,
}

static COUNT: AtomicUsize = AtomicUsize::new(0);

impl MutualTls {
    pub fn new() -> Self {
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let name = format!("propusk-mtls-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let key = KeyPair::generate().unwrap();
        let issuer = CertifiedIssuer::self_signed(params, key).unwrap();
        let made = Self { folder, issuer };
        made.write("authority.pem", &made.issuer.pem());
        made
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).unwrap();
    }

    fn issue(&self, usage: ExtendedKeyUsagePurpose) -> (Certificate, KeyPair) {
        let mut params = CertificateParams::default();
        let here = SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST));
        params.subject_alt_names.push(here);
        params.extended_key_usages = vec![usage];
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }

    /// The file of the authority's certificate.
    pub fn authority(&self) -> PathBuf {
        self.folder.join("authority.pem")
    }

    /// The files of a client's certificate and its key.
    pub fn client(&self) -> [PathBuf; 2] {
        let (certificate, key) = self.issue(ExtendedKeyUsagePurpose::ClientAuth);
        self.write("client.pem", &certificate.pem());
        self.write("client.key", &key.serialize_pem());
        ["client.pem", "client.key"].map(|name| self.folder.join(name))
    }

    /// A server on loopback.
    pub async fn listen(&self) -> Listener {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).unwrap();
        let clients = WebPkiClientVerifier::builder(roots.into()).build().unwrap();
        let (certificate, key) = self.issue(ExtendedKeyUsagePurpose::ServerAuth);
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder()
            .with_client_cert_verifier(clients)
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Listener {
            tcp: TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap(),
            tls: TlsAcceptor::from(Arc::new(config)),
        }
    }
}

impl Drop for MutualTls {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl axum::serve::Listener for Listener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        loop {
            let (stream, from) = self.tcp.accept().await.unwrap();
            if let Ok(secured) = self.tls.accept(stream).await {
                return (secured, from);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}
