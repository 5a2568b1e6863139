//! A server of a few lines that says exactly what a test wants, as slowly as
//! it wants, and counts who came.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

pub(super) struct Server {
    pub(super) port: u16,
    visits: Arc<AtomicUsize>,
    requests: Receiver<String>,
}

impl Server {
    /// Sends `pieces` with `pause` after each, then closes.
    pub(super) fn saying(pieces: Vec<String>, pause: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let visits = Arc::new(AtomicUsize::new(0));
        let (sender, requests) = channel();
        let counter = visits.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                counter.fetch_add(1, Ordering::SeqCst);
                let mut request = vec![0; 16 * 1024];
                let read = stream.read(&mut request).unwrap_or_default();
                let request = String::from_utf8_lossy(&request[..read]).into_owned();
                let _ = sender.send(request);
                for piece in &pieces {
                    if stream.write_all(piece.as_bytes()).is_err() {
                        break;
                    }
                    std::thread::sleep(pause);
                }
            }
        });
        Self {
            port,
            visits,
            requests,
        }
    }

    pub(super) fn answering(status: &str, headers: &str, body: &str) -> Self {
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        Self::saying(vec![answer], Duration::ZERO)
    }

    pub(super) fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }

    pub(super) fn request(&self) -> String {
        self.requests.recv_timeout(Duration::from_secs(5)).unwrap()
    }
}
