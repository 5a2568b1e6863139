//! The last step: a password, and the citizen is signed in.

use askama::Template;
use axum::response::Response;

use super::step;
use crate::account::registration::FinishRefused;
use crate::model::secret::Secret;
use crate::web::asked::Asked;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::oauth::authorize::allow_return;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::password_meter::PasswordMeter;
use crate::web::password_rules;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/register/password`
#[derive(Template)]
#[template(path = "register_password.html")]
pub struct RegisterPasswordPage {
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

/// The page.
pub async fn password(visit: Visit) -> Result<Response, PageError> {
    let Some(handle) = step::handle(&visit) else {
        return Ok(visit.go(&visit.with_flow("/register")));
    };
    let asked = Asked::of_flow(&visit).await?;
    answer(&visit, asked.as_ref(), &handle, Problems::none(), None).await
}

/// The password.
pub async fn finish(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    // Pressed twice: the first press has done it.
    if visit.session.is_some() && !posted.is_genuine(&visit) {
        return Ok(visit.onward());
    }
    let Some(handle) = step::handle(&visit) else {
        return Ok(visit.go(&visit.with_flow("/register")));
    };
    let form = posted.checked(&visit)?;
    let (password, repeat) = (
        Secret::new(form.text("password")),
        Secret::new(form.text("password_repeat")),
    );
    let asked = Asked::of_flow(&visit).await?;
    let client = asked.as_ref().map(|asked| &asked.request.client.client_id);
    let (browser, accounts) = (visit.browser(), &visit.app.accounts);
    let finished = accounts
        .finish_registration(&handle, &password, &repeat, &browser, client, visit.now)
        .await;
    match finished {
        Ok(signed_in) => {
            visit.app.outbox.wake();
            let mut response = visit.onward();
            visit.sign_in(&mut response, &signed_in.session, &signed_in.device);
            Ok(response)
        }
        Err(FinishRefused::Problems(found)) => {
            let problems = Problems::found(visit.texts, &found);
            answer(&visit, asked.as_ref(), &handle, problems, Some(&password)).await
        }
        Err(FinishRefused::Unknown) => Ok(step::over(&visit)),
        Err(FinishRefused::ContactTaken) => {
            Ok(visit.go(&visit.with_flow_and("/register", &[("taken", "yes")])))
        }
        Err(FinishRefused::Busy { retry_after }) => {
            Err(PageError::Busy(later::seconds(retry_after)))
        }
        Err(FinishRefused::Internal(error)) => Err(error.into()),
    }
}

async fn answer(
    visit: &Visit,
    asked: Option<&Asked>,
    handle: &Secret,
    problems: Problems,
    typed: Option<&Secret>,
) -> Result<Response, PageError> {
    let Some(confirmed) = visit.app.accounts.confirmed(handle, visit.now).await? else {
        return Ok(step::over(visit));
    };
    let meter = match typed {
        Some(typed) => PasswordMeter::of(visit, typed, &confirmed.personal).await?,
        None => None,
    };
    let mut response = visit.show(&RegisterPasswordPage {
        page: visit.page(None),
        action: step::href(visit, "/register/password", handle)?,
        problems,
        rules: password_rules::of_first(visit.texts),
        meter,
        username: confirmed.contact,
    })?;
    if let Some(asked) = asked {
        allow_return(&mut response, &asked.request);
    }
    Ok(response)
}
