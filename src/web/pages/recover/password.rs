//! The last step: a new password; afterwards its owner signs in with it.

use askama::Template;
use axum::response::Response;

use super::{handle, over};
use crate::account::new_password::NewPassword;
use crate::account::recovery::{RecoverRefused, Recovering};
use crate::model::secret::Secret;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::register::step;
use crate::web::password_meter::PasswordMeter;
use crate::web::password_rules;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/recover/password`
#[derive(Template)]
#[template(path = "recover_password.html")]
pub struct RecoverPasswordPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes.
    pub action: String,
    /// Wrong fields: `password` (every broken rule), `password_repeat`.
    pub problems: Problems,
    /// The rules of the password (texts `password-rule-…`).
    pub rules: Vec<String>,
    /// How strong the password was that came back with problems.
    pub meter: Option<PasswordMeter>,
    /// The contact, so that a password keeper files the password under it.
    pub username: String,
}

/// The page; where more is needed, to that.
pub async fn password(visit: Visit) -> Result<Response, PageError> {
    match handle(&visit) {
        Some(handle) => answer(&visit, &handle, Problems::none(), None).await,
        None => Ok(over(&visit)),
    }
}

/// The password.
pub async fn set_password(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let form = posted.checked(&visit)?;
    let Some(handle) = handle(&visit) else {
        return Ok(over(&visit));
    };
    let (password, repeat) = (
        Secret::new(form.text("password")),
        Secret::new(form.text("password_repeat")),
    );
    let new = NewPassword {
        password: &password,
        repeat: &repeat,
    };
    let (browser, accounts) = (visit.browser(), &visit.app.accounts);
    match accounts
        .finish_recovery(&handle, new, &browser, visit.now)
        .await
    {
        Ok(()) => {
            visit.app.outbox.wake();
            Ok(visit.go(&visit.with_flow_and("/sign-in", &[("recovered", "yes")])))
        }
        Err(RecoverRefused::Problems(found)) => {
            let problems = Problems::found(visit.texts, &found);
            answer(&visit, &handle, problems, Some(&password)).await
        }
        Err(RecoverRefused::Busy { retry_after } | RecoverRefused::TooMany { retry_after }) => {
            Err(PageError::Busy(later::seconds(retry_after)))
        }
        Err(RecoverRefused::Over | RecoverRefused::Malformed) => Ok(over(&visit)),
        Err(RecoverRefused::Internal(error)) => Err(error.into()),
    }
}

async fn answer(
    visit: &Visit,
    handle: &Secret,
    problems: Problems,
    typed: Option<&Secret>,
) -> Result<Response, PageError> {
    let state = visit.app.accounts.recovering(handle, visit.now).await?;
    let (username, personal) = match state {
        None => return Ok(over(visit)),
        Some(Recovering::Password { username, personal }) => (username, personal),
        Some(Recovering::More { .. } | Recovering::Closed { .. }) => {
            return Ok(visit.go(&step::href(visit, "/recover/more", handle)?));
        }
    };
    let meter = match typed {
        Some(typed) => PasswordMeter::of(visit, typed, &personal).await?,
        None => None,
    };
    visit.show(&RecoverPasswordPage {
        page: visit.page(None),
        action: step::href(visit, "/recover/password", handle)?,
        problems,
        rules: password_rules::of_next(visit.texts),
        meter,
        username,
    })
}
