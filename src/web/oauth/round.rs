//! Requests that a relying party's page posts into the browser. Our cookies are
//! `SameSite=Lax`: they do not come with such a form, but with the GET that a
//! redirect makes of it. So the browser is sent round before anything is
//! decided about the person.

use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::{HeaderValue, LOCATION};

use crate::web::page_error::PageError;

/// Sends the browser to `path` with the posted parameters as its query.
///
/// # Errors
/// When they are not urlencoded text.
pub fn by_get(path: &str, body: &[u8]) -> Result<Response, PageError> {
    let unreadable = || PageError::Unreadable(StatusCode::BAD_REQUEST);
    let query = std::str::from_utf8(body).map_err(|_| unreadable())?;
    let location = HeaderValue::from_str(&format!("{path}?{query}")).map_err(|_| unreadable())?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
}
