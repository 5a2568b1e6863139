//! A page for what went wrong: what to do, the number to quote, never a cause.

use askama::Template;

use crate::web::page::Page;

/// Any address.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The frame.
    pub page: Page,
    /// What happened, in a few words (texts `error-…-title`).
    pub title: String,
    /// What to do (texts `error-…-text`).
    pub text: String,
    /// Number of the request, by which support finds it.
    pub request: String,
    /// Where to go on, with its name; the beginning otherwise.
    pub next: Option<(&'static str, String)>,
}
