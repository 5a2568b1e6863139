//! A state registry on a loopback port, by the contract of docs/registry.md. It
//! keeps every question and can be out of order.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::serve::Listener;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::TestApp;

/// A question as it arrived.
#[derive(Clone, Debug)]
pub struct Asked {
    pub registry: String,
    pub body: Value,
    /// Headers `Authorization` and `Idempotency-Key`.
    pub token: String,
    pub key: String,
}

struct Inside {
    asked: Mutex<Vec<Asked>>,
    /// What it answers: a status and a body.
    answer: Mutex<(u16, Value)>,
    /// Closed while it keeps who asks waiting.
    open: watch::Sender<bool>,
}

/// The registry.
pub struct RegistryServer {
    address: SocketAddr,
    inside: Arc<Inside>,
    listening: JoinHandle<()>,
}

impl RegistryServer {
    /// A registry where everything matches.
    pub async fn start() -> Self {
        Self::start_at(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap())
    }

    /// The same behind any listener.
    pub fn start_at<L: Listener<Addr = SocketAddr>>(listener: L) -> Self {
        let address = listener.local_addr().unwrap();
        let inside = Arc::new(Inside {
            asked: Mutex::default(),
            answer: Mutex::new((200, json!({ "mismatch": [] }))),
            open: watch::Sender::new(true),
        });
        let router = Router::new()
            .route("/v1/{registry}/checks", post(check))
            .with_state(inside.clone());
        let listening = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            inside,
            listening,
        }
    }

    /// What it answers from now on.
    pub fn answer_with(&self, status: u16, body: Value) {
        *self.inside.answer.lock().unwrap() = (status, body);
    }

    /// Keeps who asks waiting, or lets all go on.
    pub fn keep_waiting(&self, closed: bool) {
        self.inside.open.send_replace(!closed);
    }

    /// A node asks while it is kept waiting, and dies before the answer comes.
    pub async fn interrupt(&self, node: TestApp) {
        let asked = async {
            while self.asked().is_empty() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::select! {
            () = node.deliver() => panic!("nobody has answered"),
            () = asked => {}
        }
        node.stop().await;
        self.keep_waiting(false);
    }

    /// Section `[registry]` of the configuration.
    pub fn settings(&self) -> Value {
        json!({
            "url": format!("http://{}/v1", self.address),
            "token": "registry-token", "allow_private": true, "timeout_seconds": 2,
        })
    }

    /// Every question so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.inside.asked.lock().unwrap().clone()
    }
}

impl Drop for RegistryServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn check(
    State(inside): State<Arc<Inside>>,
    Path(registry): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> (StatusCode, Json<Value>) {
    let header = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    inside.asked.lock().unwrap().push(Asked {
        registry,
        body,
        token: header("authorization"),
        key: header("idempotency-key"),
    });
    let mut open = inside.open.subscribe();
    open.wait_for(|open| *open).await.unwrap();
    let (status, answer) = inside.answer.lock().unwrap().clone();
    (StatusCode::from_u16(status).unwrap(), Json(answer))
}
