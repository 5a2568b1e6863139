//! The answer to a site that wants it as a form (OAuth 2.0 Form Post Response
//! Mode). A script of one line sends it; without scripts the citizen presses
//! the button.

use askama::Template;

use crate::web::page::{Page, Site};

/// The last page of a flow with `response_mode=form_post`.
#[derive(Template)]
#[template(path = "form_post.html")]
pub struct FormPostPage {
    /// The frame.
    pub page: Page,
    /// The redirect URI, already matched with the registered ones.
    pub action: String,
    /// Parameters of the response.
    pub fields: Vec<(String, String)>,
    /// The site that waits for them.
    pub site: Site,
}
