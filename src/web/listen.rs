//! The listener: sockets, TLS, connections and their end. HTTP/1.1, and HTTP/2
//! where TLS agreed on it. Nothing here allocates per request beyond what the
//! router does; time limits are kept by one task for all connections
//! (`pace`), not by timers of each.

mod any_certificate;
mod connection;
mod pace;
mod tls;

#[cfg(test)]
mod tests;

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::task::TaskTracker;

use crate::error::{Internal, Result};
use pace::{Limits, Order, Watch};
use tls::Certificates;

/// Where and how to listen.
#[derive(Clone, Debug)]
pub struct ListenSettings {
    /// The address; port 0 takes a free one.
    pub address: SocketAddr,
    /// TLS of our own; without it plain HTTP/1.1, for loopback or behind a proxy.
    pub tls: Option<TlsSettings>,
    /// Whether to take a socket that systemd opened, if it did.
    pub inherit: bool,
    /// How many connections are served at once; more wait in the kernel.
    pub max_connections: usize,
    /// The time for a TLS handshake, and for a request's header (Slowloris).
    pub header_time: Duration,
    /// How long a connection may do nothing.
    pub idle_time: Duration,
    /// How long running requests may take to finish when we stop.
    pub shutdown_time: Duration,
}

impl ListenSettings {
    /// Plain HTTP on `address`, with limits fit for the open internet.
    pub const fn new(address: SocketAddr) -> Self {
        Self {
            address,
            tls: None,
            inherit: false,
            max_connections: 10_000,
            header_time: Duration::from_secs(10),
            // Longer than the 60 s for which proxies usually keep an idle
            // connection, so that they close first and lose no request.
            idle_time: Duration::from_secs(75),
            shutdown_time: Duration::from_secs(15),
        }
    }
}

/// TLS by files, read again on SIGHUP.
#[derive(Clone, Debug)]
pub struct TlsSettings {
    /// The certificate chain, PEM, our own certificate first.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
    /// Whether TLS 1.2 is spoken beside 1.3.
    pub allow_tls12: bool,
    /// Whether who connects is asked for a certificate. Any is taken whose
    /// possession is proven, or none; it becomes the request extension
    /// `Arc<ClientCertificate>`.
    pub ask_for_certificate: bool,
}

/// A socket that listens already: connections wait until it is served.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    local_addr: SocketAddr,
    certificates: Option<Certificates>,
    settings: ListenSettings,
}

/// Opens the socket and reads the certificate.
///
/// # Errors
/// When the address is taken or not ours, or the certificate is unfit: the
/// message says which and what to mend.
pub async fn bind(settings: ListenSettings) -> Result<Bound> {
    let certificates = settings.tls.clone().map(Certificates::read).transpose()?;
    let listener = open(&settings).map_err(|error| {
        Internal::from(error).during(&format!("listening on {}", settings.address))
    })?;
    Ok(Bound {
        local_addr: listener.local_addr()?,
        listener,
        certificates,
        settings,
    })
}

fn open(settings: &ListenSettings) -> std::io::Result<TcpListener> {
    if settings.inherit
        && let Some(inherited) = listenfd::ListenFd::from_env().take_tcp_listener(0)?
    {
        inherited.set_nonblocking(true)?;
        return TcpListener::from_std(inherited);
    }
    let socket = match settings.address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A restart must not wait for connections of the past to fade.
    socket.set_reuseaddr(true)?;
    socket.bind(settings.address)?;
    socket.listen(4096)
}

impl Bound {
    /// The address that is listened on, with the port that was given.
    pub const fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Serves until `shutdown` resolves; then takes no more connections and
    /// lets running requests finish, within the limit. The peer's address is
    /// the request extension `ConnectInfo<SocketAddr>`. SIGHUP reads the
    /// certificate again; one that is unfit is logged and the old one kept.
    ///
    /// # Errors
    /// When the process cannot listen to signals.
    pub async fn serve(self, router: Router, shutdown: impl Future<Output = ()>) -> Result<()> {
        let limits = Limits {
            header_time: self.settings.header_time,
            idle_time: self.settings.idle_time,
        };
        // Turns every route into its final form once, not at each request.
        let router: Router = router.with_state(());
        let places = Arc::new(Semaphore::new(self.settings.max_connections));
        let tasks = TaskTracker::new();
        let mut watches: Vec<Watch> = Vec::new();
        let mut tick = interval(limits.period());
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // Without TLS there is nothing to read again, but the signal's default
        // is to end the process.
        let mut hangup = signal(SignalKind::hangup())?;
        let mut shutdown = pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => break,
                _ = tick.tick() => watches.retain_mut(|watch| watch.tick(&limits)),
                _ = hangup.recv() => if let Some(certificates) = &self.certificates {
                    certificates.read_again();
                },
                (stream, peer, place) = accept(&self.listener, &places) => {
                    let (pace, watch) = pace::pair();
                    watches.push(watch);
                    let tls = self.certificates.as_ref().map(Certificates::acceptor);
                    let serving = connection::serve(stream, peer, tls, router.clone(), pace);
                    tasks.spawn(async move {
                        serving.await;
                        drop(place);
                    });
                }
            }
        }
        drop(self.listener);
        tasks.close();
        order_all(&watches, Order::Finish);
        if timeout(self.settings.shutdown_time, tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!(left = tasks.len(), "requests were cut off at the end");
            order_all(&watches, Order::Drop);
            tasks.wait().await;
        }
        Ok(())
    }
}

fn order_all(watches: &[Watch], order: Order) {
    for watch in watches {
        watch.order(order);
    }
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    loop {
        let Ok(place) = places.clone().acquire_owned().await else {
            // The semaphore is never closed.
            return std::future::pending().await;
        };
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, place),
            Err(error) => {
                // Either the peer left already, or we are out of descriptors:
                // then running connections must end first.
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// Resolves when the process is told to stop (SIGTERM, SIGINT).
///
/// # Errors
/// When the process cannot listen to signals.
pub async fn stop_signal() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
