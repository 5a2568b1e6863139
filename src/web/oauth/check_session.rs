//! `/oauth/check_session`: the frame of OpenID Connect Session Management 1.0
//! (§3.2). It shows nothing, so that nobody can be led to press what they do
//! not see.

use axum::response::{Html, IntoResponse as _, Response};

use crate::web::security_headers::{Framed, WithScript};

const PAGE: &str = concat!(
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n",
    "<title>Session state</title>\n",
    "<script src=\"/static/check_session.js\"></script>\n</html>\n",
);

/// The frame.
pub async fn frame() -> Response {
    let mut response = Html(PAGE).into_response();
    response.extensions_mut().insert(WithScript);
    response.extensions_mut().insert(Framed);
    response
}
