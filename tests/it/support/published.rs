//! Documents that a client publishes: its server on loopback.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use http::{StatusCode, Uri};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

type Documents = Arc<Mutex<HashMap<String, (u16, String)>>>;

/// A server of documents; it stops when it goes out of scope.
pub struct Published {
    base: String,
    documents: Documents,
    server: AbortHandle,
}

impl Published {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let documents = Documents::default();
        let router = Router::new().fallback(show).with_state(documents.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            base,
            documents,
            server: server.abort_handle(),
        }
    }

    /// The address of a document.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Says what is at a path from now on.
    pub fn put(&self, path: &str, status: u16, body: &str) {
        let mut documents = self.documents.lock().unwrap();
        documents.insert(path.to_owned(), (status, body.to_owned()));
    }
}

impl Drop for Published {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn show(State(documents): State<Documents>, uri: Uri) -> (StatusCode, String) {
    let documents = documents.lock().unwrap();
    match documents.get(uri.path()) {
        Some((status, body)) => (StatusCode::from_u16(*status).unwrap(), body.clone()),
        None => (StatusCode::NOT_FOUND, String::new()),
    }
}
