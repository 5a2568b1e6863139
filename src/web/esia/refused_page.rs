//! A page for a request of the dialect that cannot be followed: with the code,
//! and for a relying party under development everything it needs to mend it.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use crate::esia::error::{EsiaError, Explained};
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::visit::Visit;

/// Any address of the dialect.
#[derive(Template)]
#[template(path = "esia_refused.html")]
pub struct EsiaRefusedPage {
    /// The frame.
    pub page: Page,
    /// The code and its text.
    pub error: String,
    /// Only for a relying party under development.
    pub explained: Option<Explained>,
    /// Where the error goes that a developer has read.
    pub onward: Option<String>,
}

/// The page.
///
/// # Errors
/// When the template fails.
pub fn refused(
    visit: &Visit,
    error: &EsiaError,
    onward: Option<String>,
) -> Result<Response, PageError> {
    let mut response = visit.show(&EsiaRefusedPage {
        page: visit.page(None),
        error: error.description(),
        explained: error.explained.as_deref().cloned(),
        onward,
    })?;
    *response.status_mut() = StatusCode::BAD_REQUEST;
    Ok(response)
}
