//! The server of a relying party: keeps what is posted to it.

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode, Uri};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;

/// A server on loopback; it stops when it goes out of scope.
pub struct Receiver {
    pub url: String,
    posts: UnboundedReceiver<Post>,
    server: AbortHandle,
}

/// A form that was posted to it.
#[derive(Clone, Debug)]
pub struct Post {
    pub path: String,
    pub content_type: String,
    pub authorization: String,
    pub body: String,
    pub fields: Vec<(String, String)>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, posts) = unbounded_channel();
        let router = Router::new().fallback(post(keep)).with_state(sender);
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            posts,
            server: server.abort_handle(),
        }
    }

    /// The next form; it must come soon.
    pub async fn next(&mut self) -> Post {
        tokio::time::timeout(std::time::Duration::from_secs(20), self.posts.recv())
            .await
            .expect("something is posted")
            .unwrap()
    }

    /// Whether nothing else has come.
    pub fn is_quiet(&self) -> bool {
        self.posts.is_empty()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn keep(
    State(posts): State<UnboundedSender<Post>>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> StatusCode {
    let content_type = headers
        .get("content-type")
        .and_then(|value| value.to_str().ok());
    let _ = posts.send(Post {
        path: uri.to_string(),
        content_type: content_type.unwrap_or_default().to_owned(),
        authorization: headers
            .get("authorization")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned(),
        fields: url::form_urlencoded::parse(body.as_bytes())
            .into_owned()
            .collect(),
        body,
    });
    StatusCode::OK
}
