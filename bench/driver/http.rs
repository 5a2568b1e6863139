//! A keep-alive HTTP/1.1 client that reads one answer at a time into one
//! buffer. It knows what the two servers send and nothing more: a length or
//! chunks, no upgrades, no TLS.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpSocket, TcpStream};

const PIECE: usize = 16 * 1024;

/// One connection to one server.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    piece: Box<[u8; PIECE]>,
    body: Body,
}

enum Body {
    /// From this offset to the end of the buffer.
    Plain(usize),
    /// Chunks put together.
    Joined(Vec<u8>),
}

/// An answer, borrowed from the connection until the next request.
pub struct Response<'a> {
    /// Status code.
    pub status: u16,
    head: &'a str,
    /// Body without transfer coding.
    pub body: &'a [u8],
}

impl Response<'_> {
    /// All values of a header, in order.
    pub fn headers<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'b str> {
        self.head
            .lines()
            .skip(1)
            .filter_map(move |line| header_value(line, name))
    }

    /// The first value of a header.
    pub fn header<'b>(&'b self, name: &'b str) -> Option<&'b str> {
        self.headers(name).next()
    }

    /// The body as text, for a message about what went wrong.
    pub fn describe(&self) -> String {
        let body = String::from_utf8_lossy(self.body);
        let short: String = body
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .take(300)
            .collect();
        format!(
            "status {}, location {:?}, body: {short}",
            self.status,
            self.header("location")
        )
    }

    /// The value of a string member, found by its name without parsing: enough
    /// for tokens, which hold no escapes.
    pub fn member(&self, name: &str) -> Option<&str> {
        let text = std::str::from_utf8(self.body).ok()?;
        text.match_indices(name).find_map(|(at, _)| {
            let quoted = text[..at].ends_with('"');
            let after = text[at + name.len()..]
                .strip_prefix('"')
                .filter(|_| quoted)?;
            let value = after
                .trim_start()
                .strip_prefix(':')?
                .trim_start()
                .strip_prefix('"')?;
            value.split_once('"').map(|(value, _)| value)
        })
    }
}

fn header_value<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (found, value) = line.split_once(':')?;
    found.eq_ignore_ascii_case(name).then(|| value.trim())
}

impl Connection {
    /// Connect from 127.0.0.1.
    pub async fn open(authority: &str) -> Result<Self, String> {
        Self::open_from(authority, Ipv4Addr::LOCALHOST).await
    }

    /// Connect from a chosen loopback address: many people come from many
    /// addresses, and a limit per address must not see them as one.
    pub async fn open_from(authority: &str, source: Ipv4Addr) -> Result<Self, String> {
        let target: SocketAddr = authority
            .parse()
            .map_err(|_| format!("not an address: {authority}"))?;
        let socket = TcpSocket::new_v4().map_err(|error| error.to_string())?;
        socket
            .bind(SocketAddr::from((source, 0)))
            .map_err(|error| error.to_string())?;
        let stream = socket
            .connect(target)
            .await
            .map_err(|error| format!("connect {authority}: {error}"))?;
        stream
            .set_nodelay(true)
            .map_err(|error| error.to_string())?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(PIECE),
            piece: Box::new([0; PIECE]),
            body: Body::Plain(0),
        })
    }

    /// Send a whole request and wait for its whole answer.
    pub async fn send(&mut self, request: &[u8]) -> Result<Response<'_>, String> {
        self.buffer.clear();
        self.write(request).await?;
        let head_end = loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
            self.read().await?;
        };
        let (status, length) = {
            let head = ascii(&self.buffer[..head_end])?;
            (status(head)?, body_length(head))
        };
        match length {
            Length::Known(length) => {
                while self.buffer.len() < head_end + length {
                    self.read().await?;
                }
                self.body = Body::Plain(head_end);
            }
            Length::Chunks => {
                let joined = loop {
                    if let Some(joined) = join_chunks(&self.buffer[head_end..])? {
                        break joined;
                    }
                    self.read().await?;
                };
                self.body = Body::Joined(joined);
            }
        }
        Ok(Response {
            status,
            head: ascii(&self.buffer[..head_end])?,
            body: match &self.body {
                Body::Plain(from) => &self.buffer[*from..],
                Body::Joined(joined) => joined,
            },
        })
    }

    async fn write(&self, mut bytes: &[u8]) -> Result<(), String> {
        while !bytes.is_empty() {
            match self.stream.try_write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    self.stream
                        .writable()
                        .await
                        .map_err(|error| error.to_string())?;
                }
                Err(error) => return Err(format!("write: {error}")),
            }
        }
        Ok(())
    }

    async fn read(&mut self) -> Result<(), String> {
        loop {
            match self.stream.try_read(&mut self.piece[..]) {
                Ok(0) => return Err("the server closed the connection".into()),
                Ok(length) => {
                    self.buffer.extend_from_slice(&self.piece[..length]);
                    return Ok(());
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    self.stream
                        .readable()
                        .await
                        .map_err(|error| error.to_string())?;
                }
                Err(error) => return Err(format!("read: {error}")),
            }
        }
    }
}

enum Length {
    Known(usize),
    Chunks,
}

fn body_length(head: &str) -> Length {
    let mut length = 0;
    for line in head.lines().skip(1) {
        if let Some(value) = header_value(line, "content-length") {
            length = value.parse().unwrap_or(0);
        } else if header_value(line, "transfer-encoding").is_some() {
            return Length::Chunks;
        }
    }
    Length::Known(length)
}

fn status(head: &str) -> Result<u16, String> {
    head.get(9..12)
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| format!("not an HTTP answer: {head}"))
}

fn ascii(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|_| "answer's head is not text".into())
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// The body once its last chunk is there.
fn join_chunks(mut bytes: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let mut joined = Vec::new();
    loop {
        let Some(line_end) = find(bytes, b"\r\n") else {
            return Ok(None);
        };
        let size = ascii(&bytes[..line_end])?;
        let size = usize::from_str_radix(size.split(';').next().unwrap_or(size).trim(), 16)
            .map_err(|_| format!("bad chunk size {size:?}"))?;
        let chunk = &bytes[line_end + 2..];
        if chunk.len() < size + 2 {
            return Ok(None);
        }
        if size == 0 {
            return Ok(Some(joined));
        }
        joined.extend_from_slice(&chunk[..size]);
        bytes = &chunk[size + 2..];
    }
}
