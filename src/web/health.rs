//! Whether the process lives and whether it can serve, and its metrics.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::StatusCode;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::app::App;

/// `/health/live`: the process answers.
pub async fn live() -> &'static str {
    "live\n"
}

/// `/health/ready`: the database answers too.
pub async fn ready(State(app): State<Arc<App>>) -> Response {
    match app.storage.ping().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database is away\n").into_response()
        }
    }
}

/// The router of the metrics' own listener.
pub fn metrics(app: Arc<App>, handle: PrometheusHandle) -> Router {
    Router::new().route(
        "/metrics",
        get(move || async move {
            metrics::gauge!("propusk_passwords_waiting").set(app.accounts.hashes_waiting() as f64);
            metrics::counter!("propusk_passwords_hashed_total")
                .absolute(app.accounts.hashes_done());
            if let Ok((waiting, oldest)) = app.storage.outbox_waiting().await {
                let age = oldest.map_or(0.0, |at| app.clock.now().since(at).as_secs_f64());
                metrics::gauge!("propusk_outbox_waiting").set(waiting as f64);
                metrics::gauge!("propusk_outbox_oldest_seconds").set(age);
            }
            if let Ok((waiting, oldest)) = app.storage.signals_waiting().await {
                let age = oldest.map_or(0.0, |at| app.clock.now().since(at).as_secs_f64());
                metrics::gauge!("propusk_signals_waiting").set(waiting as f64);
                metrics::gauge!("propusk_signals_oldest_seconds").set(age);
            }
            handle.render()
        }),
    )
}
