//! A push service of a browser's maker, on a loopback port by TLS: it keeps
//! what was posted, and answers as a test wants.

use crate::support::http;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::IntoResponse;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, SanType};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A message as the service got it.
#[derive(Clone, Debug)]
pub struct Pushed {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Pushed {
    /// A header's value.
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

struct Inside {
    taken: Mutex<Vec<Pushed>>,
    /// Status and `Retry-After`.
    answer: Mutex<(u16, Option<String>)>,
}

/// The service; it stops when it goes out of scope.
pub struct PushService {
    port: u16,
    folder: PathBuf,
    inside: Arc<Inside>,
    server: AbortHandle,
}

impl PushService {
    pub async fn start() -> Self {
        http::choose_tls();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let folder =
            std::env::temp_dir().join(format!("propusk-push-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let tls = certified(&folder.join("authority.pem"));
        let inside = Arc::new(Inside {
            taken: Mutex::default(),
            answer: Mutex::new((201, None)),
        });
        let router = Router::new().fallback(take).with_state(inside.clone());
        let secured = Secured { tcp: listener, tls };
        let server = tokio::spawn(async move { axum::serve(secured, router).await.unwrap() });
        Self {
            port,
            folder,
            inside,
            server: server.abort_handle(),
        }
    }

    /// Lets an app send here.
    pub fn configure(&self, config: &mut Value) {
        config["notices"]["push"] = json!({
            "contact": "mailto:duty@id.example.ru",
            "hosts": [format!("localhost:{}", self.port), "push.example.org"],
        });
        config["egress"]["ca_files"] = json!([self.folder.join("authority.pem")]);
    }

    /// What the token for this service names.
    pub fn origin(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// The address of a browser here.
    pub fn endpoint(&self, name: &str) -> String {
        format!("{}/send/{name}", self.origin())
    }

    /// What it answers from now on.
    pub fn answer_with(&self, status: u16, retry_after: Option<&str>) {
        *self.inside.answer.lock().unwrap() = (status, retry_after.map(str::to_owned));
    }

    /// Everything posted so far to this browser.
    pub fn taken(&self, name: &str) -> Vec<Pushed> {
        let path = format!("/send/{name}");
        let taken = self.inside.taken.lock().unwrap();
        taken
            .iter()
            .filter(|one| one.path == path)
            .cloned()
            .collect()
    }
}

impl Drop for PushService {
    fn drop(&mut self) {
        self.server.abort();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A server certificate of `localhost`, by an authority that is written there.
pub(super) fn certified(authority: &std::path::Path) -> TlsAcceptor {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    std::fs::write(authority, issuer.pem()).unwrap();
    let mut params = CertificateParams::default();
    let name = SanType::DnsName("localhost".try_into().unwrap());
    params.subject_alt_names.push(name);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

async fn take(
    State(inside): State<Arc<Inside>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    inside.taken.lock().unwrap().push(Pushed {
        path: uri.to_string(),
        headers,
        body: body.to_vec(),
    });
    let (status, retry_after) = inside.answer.lock().unwrap().clone();
    let mut headers = HeaderMap::new();
    if let Some(wait) = retry_after {
        headers.insert("retry-after", wait.parse().unwrap());
    }
    (StatusCode::from_u16(status).unwrap(), headers)
}

/// Takes connections by TLS.
pub(super) struct Secured {
    pub tcp: TcpListener,
    pub tls: TlsAcceptor,
}

impl axum::serve::Listener for Secured {
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
