//! `propusk serve`

use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::logging;
use crate::app::{App, Surroundings};
use crate::config::Config;
use crate::error::{Internal, Result};
use crate::web;
use crate::web::listen::{self, ListenSettings, TlsSettings};

/// How long background work may take to finish.
const LAST_WORK: Duration = Duration::from_secs(10);

/// Serves until told to stop.
pub async fn run(config: Config) -> Result<()> {
    logging::start(&config.log)?;
    let app = App::open(config, Surroundings::real()).await?;
    serve(app).await
}

/// Serves an opened application.
pub async fn serve(app: Arc<App>) -> Result<()> {
    let config = &app.config;
    let mut settings = ListenSettings::new(config.listen);
    settings.inherit = true;
    settings.tls = config.tls.as_ref().map(|tls| TlsSettings {
        certificate: tls.certificate.clone(),
        key: tls.key.clone(),
        allow_tls12: tls.allow_tls12,
        ask_for_certificate: false,
    });
    refuse_plain_to_the_world(config)?;
    let _claim = app.storage.claim()?;
    let bound = listen::bind(settings).await?;
    let for_certificates = match for_certificates(config) {
        Some(settings) => Some(listen::bind(settings).await?),
        None => None,
    };
    let shutdown = CancellationToken::new();
    let tasks = TaskTracker::new();
    if let Some(address) = config.metrics.listen {
        let router = web::metrics(app.clone(), recorder()?);
        let bound = listen::bind(ListenSettings::new(address)).await?;
        let ended = shutdown.clone();
        tasks.spawn(async move {
            let stop = async move { ended.cancelled().await };
            if let Err(error) = bound.serve(router, stop).await {
                tracing::error!(%error, "the metrics listener failed");
            }
        });
    }
    app.start_background(&tasks, &shutdown);
    tracing::info!(listen = %bound.local_addr(), issuer = config.issuer, "serving");
    // Both listeners begin to stop at once, and background work goes on until
    // both have answered what they began.
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        if let Err(error) = listen::stop_signal().await {
            tracing::error!(%error, "signals cannot be received");
        }
        told.cancel();
    });
    let for_all = async {
        let served = bound
            .serve(web::router(app.clone()), stop.cancelled())
            .await;
        stop.cancel();
        served
    };
    let for_programs = async {
        let Some(bound) = for_certificates else {
            return Ok(());
        };
        tracing::info!(listen = %bound.local_addr(), "serving programs with certificates");
        let served = bound
            .serve(web::mutual_tls(app.clone()), stop.cancelled())
            .await;
        stop.cancel();
        served
    };
    let served = tokio::join!(for_all, for_programs);
    let served = served.0.and(served.1);
    shutdown.cancel();
    tasks.close();
    if tokio::time::timeout(LAST_WORK, tasks.wait()).await.is_err() {
        tracing::warn!("background work was cut off; the outbox repeats what was under way");
    }
    app.storage.close().await;
    tracing::info!("stopped");
    served
}

/// The listener that asks for certificates (RFC 8705): TLS 1.3 only, whatever
/// browsers are allowed.
fn for_certificates(config: &Config) -> Option<ListenSettings> {
    let (tls, address) = (config.tls.as_ref()?, config.mtls.as_ref()?.listen?);
    Some(ListenSettings {
        tls: Some(TlsSettings {
            certificate: tls.certificate.clone(),
            key: tls.key.clone(),
            allow_tls12: false,
            ask_for_certificate: true,
        }),
        ..ListenSettings::new(address)
    })
}

fn recorder() -> Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .install_recorder()
        .map_err(|error| Internal::new(format!("metrics: {error}")))
}

/// Passwords must not cross a network in the clear: without TLS of our own we
/// listen on loopback, or behind configured proxies.
fn refuse_plain_to_the_world(config: &Config) -> Result<()> {
    let local = config.listen.ip().is_loopback();
    if config.tls.is_none() && !local && config.trusted_proxies.is_empty() {
        return Err(Internal::new(format!(
            "listen = \"{}\": without [tls] listen on 127.0.0.1, or name your proxies in trusted_proxies",
            config.listen
        )));
    }
    Ok(())
}
