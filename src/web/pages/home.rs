//! The front page: what this is, and the two doors.

use askama::Template;
use axum::response::Response;

use crate::web::cabinet::citizen;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::visit::Visit;

/// `/`
#[derive(Template)]
#[template(path = "home.html")]
pub struct HomePage {
    /// The frame; a citizen who is signed in is offered the cabinet instead of the doors.
    pub page: Page,
}

/// The page.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    let person = citizen(&visit).await?;
    visit.show(&HomePage {
        page: visit.page(person.as_deref()),
    })
}
