//! Real sockets: slow clients, many clients, the end of service, TLS.

mod inherited;
mod limits;
mod pace;
mod stopping;
mod tls;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{ListenSettings, bind};
use crate::error::Result;

/// A listener under test; it stops when told or dropped.
struct Running {
    address: SocketAddr,
    stop: CancellationToken,
    served: JoinHandle<Result<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn settings() -> ListenSettings {
    ListenSettings {
        header_time: Duration::from_millis(400),
        idle_time: Duration::from_millis(800),
        shutdown_time: Duration::from_millis(1500),
        ..ListenSettings::new("127.0.0.1:0".parse().unwrap())
    }
}

async fn start(settings: ListenSettings) -> Running {
    let routes = Router::new()
        .route(
            "/",
            get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() }),
        )
        .route("/echo", post(|body: String| async move { body }))
        .route(
            "/slow",
            get(|| async {
                tokio::time::sleep(Duration::from_millis(700)).await;
                "slow but whole"
            }),
        )
        .route(
            "/endless",
            get(|| async { tokio::time::sleep(Duration::from_secs(60)).await }),
        );
    let bound = bind(settings).await.unwrap();
    let address = bound.local_addr();
    let stop = CancellationToken::new();
    let stopped = stop.clone().cancelled_owned();
    Running {
        address,
        stop,
        served: tokio::spawn(bound.serve(routes, stopped)),
    }
}

/// Runs blocking client code beside the listener.
async fn client<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    stream
}

/// One request on a connection that stays open; the answer's text.
fn ask(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).unwrap_or_default();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

/// Everything until the other side closes; panics if it does not.
fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
        Err(error) => panic!("the connection stayed open: {error}"),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

const HELLO: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
