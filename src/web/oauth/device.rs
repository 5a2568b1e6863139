//! `/oauth/device_authorization`: the request of a device (RFC 8628 §3.1).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

use super::answer::{json, refused};
use super::body::FormBody;
use super::tokens::request;
use crate::app::App;
use crate::protocol::grant::device_code;

/// `POST /oauth/device_authorization`.
pub async fn authorize(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: FormBody,
) -> Response {
    let request = request(&app, "/oauth/device_authorization", &headers, &body);
    match device_code::authorize(&app.provider, &request).await {
        Ok(device) => json(&device),
        Err(error) => refused(error),
    }
}
