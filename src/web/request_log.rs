//! A number for each request, a line in the log, a count in the metrics. The
//! line holds the route's pattern and never the address asked for: queries
//! carry codes, hints and flows.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::app::App;

/// The number of a request, as the log and an error page show it.
#[derive(Clone, Debug)]
pub struct RequestNumber(pub String);

/// Numbers, logs and counts requests.
pub async fn log(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let number: String = app.entropy.opaque_id().chars().take(8).collect();
    request
        .extensions_mut()
        .insert(RequestNumber(number.clone()));
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("unmatched", MatchedPath::as_str)
        .to_owned();
    let method = request.method().clone();
    let started = app.clock.now();
    let span = tracing::info_span!("request", number);
    let response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    let took = app.clock.now().since(started);
    metrics::counter!("propusk_requests_total", "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("propusk_request_seconds", "route" => route.clone())
        .record(took.as_secs_f64());
    span.in_scope(|| {
        tracing::info!(target: "propusk::request", %method, route, status, millis = took.as_millis() as u64);
    });
    response
}
