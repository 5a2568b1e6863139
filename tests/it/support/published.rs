//! A site that publishes documents by TLS, on a loopback port under the name
//! `localhost`; it counts who asked.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use super::push_service::{Secured, certified};
use crate::support::http;

/// Status, where to go instead, body.
type Document = (u16, Option<String>, String);

#[derive(Default)]
struct Inside {
    /// By path.
    documents: Mutex<HashMap<String, Document>>,
    asked: Mutex<Vec<String>>,
}

/// The site; it stops when it goes out of scope.
pub struct Published {
    pub url: String,
    folder: PathBuf,
    inside: Arc<Inside>,
    server: AbortHandle,
}

impl Published {
    pub async fn start() -> Self {
        http::choose_tls();
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = tcp.local_addr().unwrap().port();
        let folder =
            std::env::temp_dir().join(format!("propusk-published-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let tls = certified(&folder.join("authority.pem"));
        let inside = Arc::new(Inside::default());
        let router = Router::new().fallback(show).with_state(inside.clone());
        let secured = Secured { tcp, tls };
        let server = tokio::spawn(async move { axum::serve(secured, router).await.unwrap() });
        Self {
            url: format!("https://localhost:{port}"),
            folder,
            inside,
            server: server.abort_handle(),
        }
    }

    /// Lets an app trust its certificate.
    pub fn configure(&self, config: &mut Value) {
        config["egress"]["ca_files"] = json!([self.folder.join("authority.pem")]);
    }

    /// Publishes a document; gives its address.
    pub fn publish(&self, path: &str, document: &Value) -> String {
        self.answer(path, 200, None, document.to_string())
    }

    /// Answers with a redirect.
    pub fn redirect(&self, path: &str, to: &str) -> String {
        self.answer(path, 302, Some(to), String::new())
    }

    /// Answers so from now on.
    pub fn answer(&self, path: &str, status: u16, to: Option<&str>, body: String) -> String {
        let mut documents = self.inside.documents.lock().unwrap();
        documents.insert(path.to_owned(), (status, to.map(str::to_owned), body));
        format!("{}{path}", self.url)
    }

    /// The paths that were asked for so far.
    pub fn asked(&self) -> Vec<String> {
        self.inside.asked.lock().unwrap().clone()
    }
}

impl Drop for Published {
    fn drop(&mut self) {
        self.server.abort();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn show(
    State(inside): State<Arc<Inside>>,
    uri: Uri,
) -> (StatusCode, [(&'static str, String); 1], String) {
    inside.asked.lock().unwrap().push(uri.path().to_owned());
    let found = inside.documents.lock().unwrap().get(uri.path()).cloned();
    let (status, to, body) = found.unwrap_or((404, None, String::new()));
    let status = StatusCode::from_u16(status).unwrap();
    (status, [("location", to.unwrap_or_default())], body)
}
