//! A password that has served its time is replaced before going on.

use askama::Template;
use axum::response::Response;

use crate::account::new_password::NewPassword;
use crate::account::password_change::ChangeRefused;
use crate::account::person::Person;
use crate::account::sign_in::Duty;
use crate::model::secret::Secret;
use crate::web::asked::Asked;
use crate::web::cabinet::{prove_again, session_of};
use crate::web::form::Problems;
use crate::web::later;
use crate::web::oauth::authorize::allow_return;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::password_meter::PasswordMeter;
use crate::web::password_rules;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/password/renew`
#[derive(Template)]
#[template(path = "password_renew.html")]
pub struct PasswordRenewPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes, with the flow it belongs to.
    pub action: String,
    /// Wrong fields: `password` (every broken rule), `password_repeat`.
    pub problems: Problems,
    /// The rules of the password (texts `password-rule-…`).
    pub rules: Vec<String>,
    /// How strong the password was that came back with problems.
    pub meter: Option<PasswordMeter>,
    /// The contact, so that a password keeper files the password under it.
    pub username: String,
    /// Days a password lives.
    pub days: u64,
    /// Whether the password was printed at a service centre.
    pub temporary: bool,
    /// Whether somebody else knows the password.
    pub exposed: bool,
}

/// The page, when the password has served its time and the proof that it is
/// known is fresh.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    let (session, person) = match session_of(&visit).await {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if visit.app.accounts.duty(&session.account, visit.now).await? != Some(Duty::RenewPassword) {
        return Ok(visit.onward());
    }
    // Asked before anything is typed, so that nothing typed is lost.
    let accounts = &visit.app.accounts;
    if !accounts.may_renew_password(&session, visit.now).await? {
        return Ok(prove_again(&visit));
    }
    answer(&visit, &person, Problems::none(), None).await
}

/// The new password.
pub async fn submit(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let (session, person) = match session_of(&visit).await {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let form = posted.checked(&visit)?;
    let (password, repeat) = (
        Secret::new(form.text("password")),
        Secret::new(form.text("password_repeat")),
    );
    let new = NewPassword {
        password: &password,
        repeat: &repeat,
    };
    let browser = visit.browser();
    let accounts = &visit.app.accounts;
    let refused = match accounts
        .renew_password(&session, new, &browser, visit.now)
        .await
    {
        Ok(_) => {
            visit.app.outbox.wake();
            return Ok(visit.onward());
        }
        Err(refused) => refused,
    };
    match refused {
        ChangeRefused::Problems(found) => {
            let problems = Problems::found(visit.texts, &found);
            let meter = PasswordMeter::of_citizen(&visit, &password, &session.account).await?;
            answer(&visit, &person, problems, meter).await
        }
        // Too long ago, or no longer due: the page itself knows which.
        ChangeRefused::NeedsProof | ChangeRefused::Restricted => Ok(visit.go(visit.path())),
        ChangeRefused::Busy { retry_after } => Err(PageError::Busy(later::seconds(retry_after))),
        ChangeRefused::Locked { until, .. } => {
            Err(PageError::Busy(later::seconds(until.since(visit.now))))
        }
        ChangeRefused::Internal(error) => Err(error.into()),
    }
}

async fn answer(
    visit: &Visit,
    person: &Person,
    problems: Problems,
    meter: Option<PasswordMeter>,
) -> Result<Response, PageError> {
    let state = visit.app.accounts.password_state(&person.id).await?;
    let mut response = visit.show(&PasswordRenewPage {
        page: visit.page(Some(person)),
        action: visit.with_flow("/password/renew"),
        problems,
        rules: password_rules::of_next(visit.texts),
        meter,
        username: person.username(),
        days: visit.app.config.password.expires_after_days,
        temporary: state.is_some_and(|password| password.is_temporary),
        exposed: state.is_some_and(|password| password.is_exposed),
    })?;
    if let Some(asked) = Asked::of_flow(visit).await? {
        allow_return(&mut response, &asked.request);
    }
    Ok(response)
}
