//! `/oauth/backchannel_authentication`: a site asks for a person (CIBA §7).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::answer::{json, refused};
use super::call::Call;
use crate::app::App;
use crate::protocol::grant::ciba;

/// `POST /oauth/backchannel_authentication`.
pub async fn authenticate(State(app): State<Arc<App>>, call: Call) -> Response {
    let answer = ciba::authenticate(&app.provider, &call.request(&app)).await;
    app.outbox.wake();
    match answer {
        Ok(begun) => json(&begun),
        Err(error) => refused(error),
    }
}
