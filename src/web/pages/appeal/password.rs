//! The link that came to the new contact: a new password; afterwards its owner
//! signs in with it. Opening the link does nothing.

use askama::Template;
use axum::response::Response;

use super::over;
use crate::account::appeal::AppealFinishRefused;
use crate::account::new_password::NewPassword;
use crate::model::secret::Secret;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::password_meter::PasswordMeter;
use crate::web::password_rules;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/recover/form/password`
#[derive(Template)]
#[template(path = "appeal_password.html")]
pub struct AppealPasswordPage {
    /// The frame.
    pub page: Page,
    /// The secret of the link, sent on as the field `ticket`.
    pub ticket: String,
    /// Wrong fields: `password` (every broken rule), `password_repeat`.
    pub problems: Problems,
    /// The rules of the password (texts `password-rule-…`).
    pub rules: Vec<String>,
    /// How strong the password was that came back with problems.
    pub meter: Option<PasswordMeter>,
    /// The new contact, so that a password keeper files the password under it.
    pub username: String,
}

/// The page.
pub(super) async fn show(visit: Visit) -> Result<Response, PageError> {
    let ticket = Secret::new(visit.query("ticket").unwrap_or_default());
    answer(&visit, &ticket, Problems::none(), None).await
}

/// The password.
pub(super) async fn submit(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let form = posted.checked(&visit)?;
    let ticket = Secret::new(form.text("ticket"));
    let (password, repeat) = (
        Secret::new(form.text("password")),
        Secret::new(form.text("password_repeat")),
    );
    let new = NewPassword {
        password: &password,
        repeat: &repeat,
    };
    let (browser, accounts) = (visit.browser(), &visit.app.accounts);
    let problems = match accounts
        .finish_appeal(&ticket, new, &browser, visit.now)
        .await
    {
        Ok(()) => {
            visit.app.outbox.wake();
            return Ok(visit.go("/sign-in?recovered=yes"));
        }
        Err(AppealFinishRefused::Problems(found)) => Problems::found(visit.texts, &found),
        Err(AppealFinishRefused::ContactTaken) => {
            let mut problems = Problems::none();
            problems.add("password", visit.texts.t(key("appeal-finish-taken")));
            problems
        }
        Err(AppealFinishRefused::Busy { retry_after }) => {
            return Err(PageError::Busy(later::seconds(retry_after)));
        }
        Err(AppealFinishRefused::Over) => return Ok(over(&visit)),
        Err(AppealFinishRefused::Internal(error)) => return Err(error.into()),
    };
    answer(&visit, &ticket, problems, Some(&password)).await
}

async fn answer(
    visit: &Visit,
    ticket: &Secret,
    problems: Problems,
    typed: Option<&Secret>,
) -> Result<Response, PageError> {
    let accounts = &visit.app.accounts;
    let Some(opened) = accounts.opened_appeal(ticket, visit.now).await? else {
        return Ok(over(visit));
    };
    let meter = match typed {
        Some(typed) => PasswordMeter::of(visit, typed, &opened.personal).await?,
        None => None,
    };
    visit.show(&AppealPasswordPage {
        page: visit.page(None),
        ticket: ticket.expose().to_owned(),
        problems,
        rules: password_rules::of_next(visit.texts),
        meter,
        username: opened.username,
    })
}
