//! Login and temporary password on paper, to be handed over at the desk.

use askama::Template;
use axum::response::Response;

use super::clerk::Clerk;
use crate::account::proofing::PrintedLogin;
use crate::model::secret::Secret;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;

/// What answers `/operator/papers`. It is shown once and kept nowhere.
#[derive(Template)]
#[template(path = "console/login_sheet.html")]
pub struct LoginSheetPage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// Where the citizen signs in.
    pub site: String,
    /// The SNILS.
    pub login: String,
    pub password: Secret,
    /// Until when the password works.
    pub until: Moment,
    /// Whether it takes the place of one that was forgotten.
    pub restores: bool,
}

/// The sheet.
pub(super) fn show(clerk: &Clerk, printed: &PrintedLogin) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    visit.show(&LoginSheetPage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        site: visit.app.config.issuer.clone(),
        login: printed.login.clone(),
        password: printed.password.clone(),
        until: visit.zone(None).date_time(printed.until),
        restores: printed.restores,
    })
}
