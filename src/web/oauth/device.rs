//! `/oauth/device_authorization`: the request of a device (RFC 8628 §3.1).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::answer::{json, refused};
use super::call::Call;
use crate::app::App;
use crate::protocol::grant::device_code;

/// `POST /oauth/device_authorization`.
pub async fn authorize(State(app): State<Arc<App>>, call: Call) -> Response {
    match device_code::authorize(&app.provider, &call.request(&app)).await {
        Ok(device) => json(&device),
        Err(error) => refused(error),
    }
}
