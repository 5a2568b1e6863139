//! `/oauth/backchannel_authentication`: a site asks for a person (CIBA §7).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

use super::answer::{json, refused};
use super::body::FormBody;
use super::tokens::request;
use crate::app::App;
use crate::protocol::grant::ciba;

/// `POST /oauth/backchannel_authentication`.
pub async fn authenticate(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: FormBody,
) -> Response {
    let request = request(&app, "/oauth/backchannel_authentication", &headers, &body);
    let answer = ciba::authenticate(&app.provider, &request).await;
    app.outbox.wake();
    match answer {
        Ok(begun) => json(&begun),
        Err(error) => refused(error),
    }
}
