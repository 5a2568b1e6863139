//! Stylesheet, icons and the one script, built into the program.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use rust_embed::RustEmbed;

use super::page_error::PageError;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// The content of a file, for addresses of their own.
pub fn find(name: &str) -> Option<Vec<u8>> {
    Files::get(name).map(|file| file.data.into_owned())
}

/// `/static/{file}`
pub async fn show(Path(name): Path<String>) -> Result<Response, PageError> {
    let file = Files::get(&name).ok_or(PageError::NotFound)?;
    let kind = file.metadata.mimetype().to_owned();
    Ok((
        [
            (CONTENT_TYPE, kind),
            (CACHE_CONTROL, "public, max-age=3600".to_owned()),
        ],
        file.data,
    )
        .into_response())
}
