//! A code on paper, to be handed over at the desk.

use askama::Template;
use axum::response::Response;

use super::clerk::Clerk;
use crate::account::proofing::PrintedCode;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;

/// What answers `/operator/case/code`. It is shown once and kept nowhere.
#[derive(Template)]
#[template(path = "console/code.html")]
pub struct CodePage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// Where the code is entered.
    pub site: String,
    pub code: String,
    /// Until when it works.
    pub until: Moment,
}

/// The sheet.
pub(super) fn show(clerk: &Clerk, printed: &PrintedCode) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let (first, rest) = printed.code.split_at(printed.code.len() / 2);
    visit.show(&CodePage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        site: visit.app.config.issuer.clone(),
        code: format!("{first} {rest}"),
        until: visit.zone(None).date(printed.expires_at),
    })
}
