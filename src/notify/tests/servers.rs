//! A mail server and an SMS gateway small enough to read, with moods.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the mail server does with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Accept,
    /// Answers the recipient with this code.
    Refuse(u16),
    /// Takes the mail and cuts the line before it says so.
    CutAfterData,
    /// Accepts the connection and says nothing.
    Silent,
}

/// What a server has heard, and its next moods; it accepts when none is left.
#[derive(Default)]
pub struct Heard {
    pub messages: Mutex<Vec<String>>,
    pub moods: Mutex<VecDeque<Mood>>,
    pub connections: AtomicUsize,
}

impl Heard {
    pub fn all(&self) -> Vec<String> {
        self.messages.lock().unwrap().clone()
    }

    pub fn moods(&self, moods: &[Mood]) {
        self.moods.lock().unwrap().extend(moods);
    }

    fn next_mood(&self) -> Mood {
        self.moods
            .lock()
            .unwrap()
            .pop_front()
            .unwrap_or(Mood::Accept)
    }
}

/// Starts a mail server; gives its port.
pub async fn mail_server() -> (u16, Arc<Heard>) {
    serve(|stream, heard| Box::pin(mail_session(stream, heard))).await
}

/// Starts an SMS gateway: HTTP, one request a connection.
pub async fn gateway() -> (u16, Arc<Heard>) {
    serve(|stream, heard| Box::pin(gateway_session(stream, heard))).await
}

type Session = std::pin::Pin<Box<dyn Future<Output = std::io::Result<()>> + Send>>;

async fn serve(session: fn(TcpStream, Arc<Heard>) -> Session) -> (u16, Arc<Heard>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Heard::default());
    let ears = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            ears.connections.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(session(stream, ears.clone()));
        }
    });
    (port, heard)
}

async fn mail_session(stream: TcpStream, heard: Arc<Heard>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 test ESMTP\r\n").await?;
    let mut mood = Mood::Accept;
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let answer = match line
            .get(..4)
            .unwrap_or_default()
            .to_ascii_uppercase()
            .as_str()
        {
            "EHLO" => "250-test\r\n250 8BITMIME\r\n".to_owned(),
            "MAIL" => {
                mood = heard.next_mood();
                if mood == Mood::Silent {
                    std::future::pending::<()>().await;
                }
                "250 ok\r\n".to_owned()
            }
            "RCPT" => match mood {
                Mood::Refuse(code) => format!("{code} no: {}\r\n", line.trim_end()),
                _ => "250 ok\r\n".to_owned(),
            },
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut mail = String::new();
                while !mail.ends_with("\r\n.\r\n") {
                    if stream.read_line(&mut mail).await? == 0 {
                        return Ok(());
                    }
                }
                heard.messages.lock().unwrap().push(mail);
                if mood == Mood::CutAfterData {
                    return Ok(());
                }
                "250 taken\r\n".to_owned()
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n").await,
            _ => "250 ok\r\n".to_owned(),
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}

async fn gateway_session(stream: TcpStream, heard: Arc<Heard>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut request, mut length) = (String::new(), 0);
    while !request.ends_with("\r\n\r\n") {
        let from = request.len();
        if stream.read_line(&mut request).await? == 0 {
            return Ok(());
        }
        let header = request[from..].to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    request += &String::from_utf8(body).unwrap();
    let mood = heard.next_mood();
    heard.messages.lock().unwrap().push(request);
    let status = match mood {
        Mood::Accept => 200,
        Mood::Refuse(code) => code,
        Mood::CutAfterData => return Ok(()),
        Mood::Silent => std::future::pending().await,
    };
    let answer =
        format!("HTTP/1.1 {status} x\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}");
    stream.write_all(answer.as_bytes()).await
}
