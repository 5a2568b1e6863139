//! The code that came to the new contact.

use askama::Template;
use axum::response::Response;

use super::over;
use crate::account::registration::CodeRefused;
use crate::model::secret::Secret;
use crate::web::form::Problems;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::account::code_step::{CodeStep, not_resent, problem};
use crate::web::pages::register::step;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/recover/form/code`
#[derive(Template)]
#[template(path = "appeal_code.html")]
pub struct AppealCodePage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `code`.
    pub problems: Problems,
    pub step: CodeStep,
    /// Another code has just been sent.
    pub resent: bool,
    /// The first step again.
    pub change_href: String,
}

/// The page.
pub(super) async fn show(visit: Visit) -> Result<Response, PageError> {
    match step::handle(&visit) {
        Some(handle) => answer(&visit, &handle, Problems::none()).await,
        None => Ok(over(&visit)),
    }
}

/// The code.
pub(super) async fn submit(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let form = posted.checked(&visit)?;
    let Some(handle) = step::handle(&visit) else {
        return Ok(over(&visit));
    };
    let typed = form.text("code");
    let accounts = &visit.app.accounts;
    let refused = match accounts
        .confirm_appeal_contact(&handle, typed, visit.now)
        .await
    {
        Ok(next) => return Ok(visit.go(&step::href(&visit, "/recover/form/data", &next)?)),
        Err(CodeRefused::ContactTaken) => {
            return Ok(visit.go(&visit.with_flow_and("/recover/form", &[("taken", "yes")])));
        }
        Err(refused) => refused,
    };
    let text = match problem(refused, typed) {
        Ok(text) => text,
        Err(CodeRefused::Internal(error)) => return Err(error.into()),
        Err(_) => return Ok(over(&visit)),
    };
    let mut problems = Problems::none();
    problems.add("code", visit.texts.t(text));
    answer(&visit, &handle, problems).await
}

/// Another code.
pub(super) async fn resend(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&visit)?;
    let Some(handle) = step::handle(&visit) else {
        return Ok(over(&visit));
    };
    let accounts = &visit.app.accounts;
    let resent = accounts.resend_appeal_code(&handle, visit.now).await?;
    let Some(problem) = not_resent(&visit, resent) else {
        visit.app.outbox.wake();
        let href = step::href(&visit, "/recover/form/code", &handle)?;
        return Ok(visit.go(&format!("{href}&sent=yes")));
    };
    let mut problems = Problems::none();
    problems.add("code", problem);
    answer(&visit, &handle, problems).await
}

async fn answer(visit: &Visit, handle: &Secret, problems: Problems) -> Result<Response, PageError> {
    let accounts = &visit.app.accounts;
    let Some(pending) = accounts.asked_appeal(handle, visit.now).await? else {
        return Ok(over(visit));
    };
    let action = step::href(visit, "/recover/form/code", handle)?;
    let resend_action = step::href(visit, "/recover/form/resend", handle)?;
    let mut page = visit.page(None);
    page.path.clone_from(&action);
    visit.show(&AppealCodePage {
        page,
        resent: problems.is_empty() && visit.query("sent").is_some(),
        problems,
        step: CodeStep::of(visit, pending, action, resend_action),
        change_href: visit.with_flow("/recover/form"),
    })
}
