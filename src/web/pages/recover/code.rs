//! The second step: the code from the message, if there was one.

use askama::Template;
use axum::response::Response;

use super::{handle, over};
use crate::account::registration::CodeRefused;
use crate::model::secret::Secret;
use crate::web::form::Problems;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::account::code_step::{CodeStep, not_resent, problem};
use crate::web::pages::register::step;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/recover/code`
#[derive(Template)]
#[template(path = "recover_code.html")]
pub struct RecoverCodePage {
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
pub async fn code(visit: Visit) -> Result<Response, PageError> {
    match handle(&visit) {
        Some(handle) => answer(&visit, &handle, Problems::none()).await,
        None => Ok(over(&visit)),
    }
}

/// The code.
pub async fn submit_code(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let form = posted.checked(&visit)?;
    let Some(handle) = handle(&visit) else {
        return Ok(over(&visit));
    };
    let (typed, browser) = (form.text("code"), visit.browser());
    let accounts = &visit.app.accounts;
    let confirmed = accounts
        .confirm_recovery_code(&handle, typed, &browser, visit.now)
        .await;
    let refused = match confirmed {
        Ok(next) => {
            visit.app.outbox.wake();
            return Ok(visit.go(&step::href(&visit, "/recover/password", &next)?));
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
pub async fn resend(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&visit)?;
    let Some(handle) = handle(&visit) else {
        return Ok(over(&visit));
    };
    let accounts = &visit.app.accounts;
    let resent = accounts.resend_recovery_code(&handle, visit.now).await?;
    let Some(problem) = not_resent(&visit, resent) else {
        visit.app.outbox.wake();
        let href = step::href(&visit, "/recover/code", &handle)?;
        return Ok(visit.go(&format!("{href}&sent=yes")));
    };
    let mut problems = Problems::none();
    problems.add("code", problem);
    answer(&visit, &handle, problems).await
}

async fn answer(visit: &Visit, handle: &Secret, problems: Problems) -> Result<Response, PageError> {
    let accounts = &visit.app.accounts;
    let Some(pending) = accounts.asked_recovery(handle, visit.now).await? else {
        return Ok(over(visit));
    };
    let action = step::href(visit, "/recover/code", handle)?;
    let resend_action = step::href(visit, "/recover/resend", handle)?;
    let mut page = visit.page(None);
    // Shown by `/recover/resend` as well, where nothing can be read again.
    page.path.clone_from(&action);
    visit.show(&RecoverCodePage {
        page,
        resent: problems.is_empty() && visit.query("sent").is_some(),
        problems,
        step: CodeStep::of(visit, pending, action, resend_action),
        change_href: visit.with_flow("/recover"),
    })
}
