//! A page for a request of the dialect that cannot be followed: with the code,
//! and for a relying party under development everything it needs to mend it.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::line;
use crate::esia::error::EsiaError;
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
    pub explained: bool,
    /// Why, in words for a developer.
    pub reason: String,
    /// What a signature would have been taken for.
    pub expected: Vec<String>,
    /// What was tried.
    pub certificates: Vec<String>,
}

/// The page.
///
/// # Errors
/// When the template fails.
pub fn refused(
    visit: &Visit,
    error: &EsiaError,
    status: Option<StatusCode>,
) -> Result<Response, PageError> {
    let explained = error.explained.as_deref().cloned();
    let is_explained = explained.is_some();
    let (reason, expected, certificates) = explained
        .map(|explained| (explained.reason, explained.expected, explained.certificates))
        .unwrap_or_default();
    let mut response = visit.show(&EsiaRefusedPage {
        page: visit.page(None),
        error: line(error),
        explained: is_explained,
        reason,
        expected,
        certificates,
    })?;
    *response.status_mut() = status.unwrap_or(StatusCode::BAD_REQUEST);
    Ok(response)
}
