//! An SMS gateway on a loopback port, spoken to through the real transport. It
//! keeps every message it was given, repeats included, and can be out of order
//! or not there at all.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How long a message may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// A message as the gateway got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sms {
    pub id: String,
    pub to: String,
    pub text: String,
    /// Header `Idempotency-Key`.
    pub key: String,
}

impl Sms {
    /// The one-time code in the text.
    pub fn code(&self) -> String {
        let mut words = self.text.split(|c: char| !c.is_ascii_digit());
        words
            .find(|word| word.len() == 6)
            .unwrap_or_else(|| panic!("no code in {:?}", self.text))
            .to_owned()
    }
}

struct Inside {
    taken: Mutex<Vec<Sms>>,
    /// What it answers with; messages are kept at 2xx only.
    status: AtomicU16,
}

/// The gateway; not listening until it is opened.
pub struct SmsGateway {
    address: SocketAddr,
    inside: Arc<Inside>,
    listening: Option<JoinHandle<()>>,
}

impl SmsGateway {
    /// A gateway whose address is known but where nobody listens.
    pub fn closed() -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, super::process::free_port()).into(),
            inside: Arc::new(Inside {
                taken: Mutex::default(),
                status: AtomicU16::new(202),
            }),
            listening: None,
        }
    }

    /// A gateway that listens.
    pub async fn start() -> Self {
        let mut gateway = Self::closed();
        gateway.open().await;
        gateway
    }

    /// Begins to listen.
    pub async fn open(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        let router = Router::new()
            .route("/send", post(take))
            .with_state(self.inside.clone());
        self.listening = Some(tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        }));
    }

    /// What it answers from now on.
    pub fn answer_with(&self, status: u16) {
        self.inside.status.store(status, Ordering::SeqCst);
    }

    /// Section `[sms]` of the configuration.
    pub fn settings(&self) -> Value {
        json!({ "url": format!("http://{}/send", self.address), "allow_private": true })
    }

    /// Every message taken so far, in order.
    pub fn taken(&self) -> Vec<Sms> {
        self.inside.taken.lock().unwrap().clone()
    }

    /// The messages taken for one number.
    pub fn taken_for(&self, to: &str) -> Vec<Sms> {
        self.taken()
            .into_iter()
            .filter(|sms| sms.to == to)
            .collect()
    }

    /// The first message to this number that fits, as soon as it is there.
    pub async fn arrived(&self, to: &str, fits: impl Fn(&Sms) -> bool) -> Sms {
        let waiting = async {
            loop {
                if let Some(sms) = self.taken_for(to).into_iter().find(&fits) {
                    return sms;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting)
            .await
            .unwrap_or_else(|_| panic!("nothing for {to} in {:?}", self.taken()))
    }

    /// The code sent to this number.
    pub async fn code_for(&self, to: &str) -> String {
        self.arrived(to, |_| true).await.code()
    }
}

impl Drop for SmsGateway {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

async fn take(
    State(inside): State<Arc<Inside>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> StatusCode {
    let status = StatusCode::from_u16(inside.status.load(Ordering::SeqCst)).unwrap();
    if status.is_success() {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let key = headers
            .get("idempotency-key")
            .and_then(|key| key.to_str().ok());
        inside.taken.lock().unwrap().push(Sms {
            id: text("id"),
            to: text("to"),
            text: text("text"),
            key: key.unwrap_or_default().to_owned(),
        });
    }
    status
}
