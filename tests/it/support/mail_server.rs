//! A mail server on a loopback port, spoken to through the real transport: as
//! much of RFC 5321 as a sender needs. It keeps mails as they came.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const PATIENCE: Duration = Duration::from_secs(30);

/// A mail as the server got it.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Recipients of the envelope.
    pub to: Vec<String>,
    /// Headers and body.
    pub raw: String,
}

impl Mail {
    /// The header block.
    pub fn headers(&self) -> &str {
        self.raw.split("\r\n\r\n").next().unwrap()
    }

    /// The parts, decoded: plain text and HTML.
    pub fn parts(&self) -> Vec<String> {
        let encoded = self
            .raw
            .split("Content-Transfer-Encoding: base64\r\n")
            .skip(1);
        encoded
            .map(|part| {
                let (_, body) = part.split_once("\r\n").unwrap();
                let body = body.split("\r\n--").next().unwrap();
                let body: String = body.split_whitespace().collect();
                String::from_utf8(STANDARD.decode(body).unwrap()).unwrap()
            })
            .collect()
    }

    /// The link of a registration.
    pub fn link(&self) -> String {
        let text = &self.parts()[0];
        let at = text.find("http://").expect("a link in the mail");
        text[at..].split_whitespace().next().unwrap().to_owned()
    }
}

/// The server; not listening until it is opened.
pub struct MailServer {
    address: SocketAddr,
    mails: Arc<Mutex<Vec<Mail>>>,
    listening: Option<JoinHandle<()>>,
}

impl MailServer {
    /// A server whose address is known but where nobody listens.
    pub fn closed() -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, super::process::free_port()).into(),
            mails: Arc::default(),
            listening: None,
        }
    }

    /// A server that listens.
    pub async fn start() -> Self {
        let mut server = Self::closed();
        server.open().await;
        server
    }

    /// Begins to listen.
    pub async fn open(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        let mails = self.mails.clone();
        self.listening = Some(tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let mails = mails.clone();
                tokio::spawn(async move { drop(converse(stream, &mails).await) });
            }
        }));
    }

    /// Section `[smtp]` of the configuration.
    pub fn settings(&self) -> Value {
        json!({
            "host": "127.0.0.1", "port": self.address.port(), "security": "none",
            "from": "Пропуск <no-reply@id.example>", "timeout_seconds": 5,
        })
    }

    /// Every mail so far.
    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    /// The first mail to this address, as soon as it is there.
    pub async fn arrived(&self, to: &str) -> Mail {
        let waiting = async {
            loop {
                let found = self
                    .mails()
                    .into_iter()
                    .find(|mail| mail.to.iter().any(|one| one == to));
                if let Some(mail) = found {
                    return mail;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting)
            .await
            .unwrap_or_else(|_| panic!("no mail for {to} in {:?}", self.mails()))
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

async fn converse(stream: TcpStream, mails: &Mutex<Vec<Mail>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 test ESMTP\r\n").await?;
    let mut to = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-test\r\n250 8BITMIME\r\n",
            "RCPT" => {
                let address = line.split(['<', '>']).nth(1).unwrap_or_default();
                to.push(address.to_owned());
                "250 ok\r\n"
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let raw = data(&mut stream).await?;
                let to = std::mem::take(&mut to);
                mails.lock().unwrap().push(Mail { to, raw });
                "250 taken\r\n"
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 ok\r\n",
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}

async fn data(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut raw = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(raw);
        }
        raw.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
