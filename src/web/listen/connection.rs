//! One connection from its first byte to its last.

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::pki_types::CertificateDer;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tower::Service as _;

use super::pace::{Order, Pace, Running};
use super::tls::HTTP_2;
use crate::protocol::client_certificate::ClientCertificate;

/// Room for a request line and headers.
const HEADER_ROOM: u32 = 32 * 1024;

/// Serves a connection until either side ends it. Faults of the peer are its
/// own business and are not reported.
pub(super) async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    router: Router,
    pace: Arc<Pace>,
) {
    // Answers are written whole; waiting to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    let stream = Counted {
        inner: stream,
        pace: pace.clone(),
    };
    let mut caller = Caller {
        peer,
        certificate: None,
    };
    let Some(acceptor) = tls else {
        return serve_http1(stream, caller, router, &pace).await;
    };
    let mut handshake = pin!(acceptor.accept(stream));
    let greeted = poll_fn(|context| match handshake.as_mut().poll(context) {
        Poll::Pending if pace.poll_order(context) != Order::Keep => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
        Poll::Ready(greeted) => Poll::Ready(greeted.ok()),
    });
    let Some(stream) = greeted.await else { return };
    let session = stream.get_ref().1;
    caller.certificate = session.peer_certificates().and_then(certificate);
    if session.alpn_protocol() == Some(HTTP_2) {
        pace.is_multiplexed();
        serve_http2(stream, caller, router, &pace).await;
    } else {
        serve_http1(stream, caller, router, &pace).await;
    }
}

/// Who is at the other end, the same for every request of a connection.
#[derive(Clone)]
struct Caller {
    peer: SocketAddr,
    /// What was shown at the handshake.
    certificate: Option<Arc<ClientCertificate>>,
}

fn certificate(shown: &[CertificateDer<'_>]) -> Option<Arc<ClientCertificate>> {
    let (own, others) = shown.split_first()?;
    let others = others.iter().map(|other| other.to_vec()).collect();
    ClientCertificate::read(own.to_vec(), others).map(Arc::new)
}

async fn serve_http1<S>(stream: S, caller: Caller, router: Router, pace: &Arc<Pace>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let answer = service_fn(|request| answer(request, &caller, &router, pace));
    let connection = http1::Builder::new()
        // `pace` keeps the time.
        .header_read_timeout(None)
        .max_buf_size(HEADER_ROOM as usize)
        .serve_connection(TokioIo::new(stream), answer);
    drive(connection, http1::Connection::graceful_shutdown, pace).await;
}

async fn serve_http2<S>(stream: S, caller: Caller, router: Router, pace: &Arc<Pace>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let owned = (router, pace.clone());
    let answer = service_fn(move |request| answer(request, &caller, &owned.0, &owned.1));
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(100)
        .max_header_list_size(HEADER_ROOM)
        .serve_connection(TokioIo::new(stream), answer);
    drive(connection, http2::Connection::graceful_shutdown, pace).await;
}

/// Hands a request to the router and counts it until its answer is written.
fn answer(
    mut request: Request<Incoming>,
    caller: &Caller,
    router: &Router,
    pace: &Arc<Pace>,
) -> impl Future<Output = Result<Response<Answer>, std::convert::Infallible>> + Send + use<> {
    let running = pace.request();
    let extensions = request.extensions_mut();
    extensions.insert(ConnectInfo(caller.peer));
    if let Some(certificate) = &caller.certificate {
        extensions.insert(certificate.clone());
    }
    let response = router.clone().call(request);
    async move {
        let response = response.await?;
        Ok(response.map(|body| Answer {
            body,
            _running: running,
        }))
    }
}

/// Runs the connection under orders.
async fn drive<C: Future>(connection: C, finish: impl Fn(Pin<&mut C>), pace: &Pace) {
    let mut connection = pin!(connection);
    let mut finishing = false;
    poll_fn(|context| {
        loop {
            if connection.as_mut().poll(context).is_ready() {
                return Poll::Ready(());
            }
            match pace.poll_order(context) {
                Order::Finish if !finishing => {
                    finishing = true;
                    finish(connection.as_mut());
                }
                Order::Keep | Order::Finish => return Poll::Pending,
                Order::Drop => return Poll::Ready(()),
            }
        }
    })
    .await;
}

/// An answer's body that keeps its request running until it is written.
struct Answer {
    body: Body,
    _running: Running,
}

impl HttpBody for Answer {
    type Data = <Body as HttpBody>::Data;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream that tells `pace` when bytes move.
struct Counted {
    inner: TcpStream,
    pace: Arc<Pace>,
}

impl Counted {
    fn written(&self, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(1..)) = result {
            self.pace.has_written();
        }
        result
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.inner).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.pace.has_read();
        }
        result
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.written(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.written(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
