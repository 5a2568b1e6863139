//! The front page: what this is, and the two doors.

use askama::Template;

use crate::web::page::Page;

/// `/`
#[derive(Template)]
#[template(path = "home.html")]
pub struct HomePage {
    /// The frame; a citizen who is signed in is offered the cabinet instead of the doors.
    pub page: Page,
}
