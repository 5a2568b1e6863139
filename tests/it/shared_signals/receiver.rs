//! The server of a site that signals are pushed to: keeps them, and answers as
//! the test says.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse as _;
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// One that was pushed.
#[derive(Clone, Debug)]
pub struct Pushed {
    pub token: String,
    pub content_type: String,
    pub authorization: Option<String>,
    pub answered: u16,
}

struct Kept {
    pushed: Vec<Pushed>,
    answer: (u16, &'static str),
}

/// A server on loopback; it stops when it goes out of scope.
pub struct SignalReceiver {
    pub url: String,
    kept: Arc<Mutex<Kept>>,
    server: AbortHandle,
}

impl SignalReceiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/signals", listener.local_addr().unwrap());
        let kept = Arc::new(Mutex::new(Kept {
            pushed: Vec::new(),
            answer: (202, ""),
        }));
        let router = Router::new().fallback(post(keep)).with_state(kept.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            kept,
            server: server.abort_handle(),
        }
    }

    /// From now on everything is answered so.
    pub fn answers(&self, status: u16, body: &'static str) {
        self.kept.lock().unwrap().answer = (status, body);
    }

    /// Everything so far.
    pub fn pushed(&self) -> Vec<Pushed> {
        self.kept.lock().unwrap().pushed.clone()
    }

    /// Waits until so many have come.
    pub async fn wait(&self, count: usize) -> Vec<Pushed> {
        for _ in 0..400 {
            let pushed = self.pushed();
            if pushed.len() >= count {
                return pushed;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{count} signals were awaited, {} came", self.pushed().len());
    }
}

impl Drop for SignalReceiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn keep(
    State(kept): State<Arc<Mutex<Kept>>>,
    headers: HeaderMap,
    token: String,
) -> impl axum::response::IntoResponse {
    let text = |name: &str| {
        let value = headers.get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    let mut kept = kept.lock().unwrap();
    let (status, body) = kept.answer;
    kept.pushed.push(Pushed {
        token,
        content_type: text("content-type").unwrap_or_default(),
        authorization: text("authorization"),
        answered: status,
    });
    (StatusCode::from_u16(status).unwrap(), body).into_response()
}
