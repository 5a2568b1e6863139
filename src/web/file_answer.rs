//! A kept file as an answer. It was somebody's upload: browsers are told what
//! it is, not to guess, to run nothing in it and to keep no copy.

use axum::response::{IntoResponse as _, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};

use crate::account::files::CleanFile;

/// Where it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As a picture of a page.
    InPage,
    /// Kept as a file.
    Downloaded,
}

/// The answer; `name` is one of our own words, never the sender's.
pub fn answer(file: CleanFile, name: &'static str, shown: Shown) -> Response {
    let kind = match shown {
        Shown::InPage => "inline",
        Shown::Downloaded => "attachment",
    };
    let name = format!("{kind}; filename=\"{name}.{}\"", file.media.extension());
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(file.media.as_str())),
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("sandbox; default-src 'none'"),
        ),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let mut response = (headers, file.content).into_response();
    if let Ok(name) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    response
}
