//! Signing out, asked for by the citizen or by a site.

use askama::Template;

use crate::web::page::{Page, Site};

/// `/sign-out` and `/oauth/end_session`: the question.
#[derive(Template)]
#[template(path = "sign_out.html")]
pub struct SignOutPage {
    /// The frame.
    pub page: Page,
    /// Where the answer goes; field `decision` is `sign-out` or `stay`.
    pub action: String,
    /// The site that asks to sign out.
    pub asker: Option<Site>,
    /// Sites this session has signed in to.
    pub sites: Vec<Site>,
}

/// It is done, and there is no site to return to by itself.
#[derive(Template)]
#[template(path = "signed_out.html")]
pub struct SignedOutPage {
    /// The frame.
    pub page: Page,
    /// Sites that are being told.
    pub sites: Vec<Site>,
    /// A registered address of the site that asked.
    pub return_href: Option<String>,
}
