//! The second step: the code from the message.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::step;
use crate::account::registration::{CodeRefused, Pending, Resent};
use crate::model::secret::Secret;
use crate::notify::Channel;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/register/code`
#[derive(Template)]
#[template(path = "register_code.html")]
pub struct RegisterCodePage {
    /// The frame.
    pub page: Page,
    /// Where the code goes.
    pub action: String,
    /// Where the request for another code goes.
    pub resend_action: String,
    /// The first step again, to change the contact.
    pub change_href: String,
    /// Wrong fields: `code`.
    pub problems: Problems,
    /// Where the code was sent, masked.
    pub contact: String,
    /// Whether it went by e-mail, where a link stands beside the code.
    pub by_email: bool,
    /// Tries that are left, told once one was lost and while there are any.
    pub tries_left: Option<u64>,
    /// Until when the code is good.
    pub expires: Moment,
    /// When another code may be asked for; none if it may be now.
    pub resend_at: Option<Moment>,
    /// Another code has just been sent.
    pub resent: bool,
    /// The mail server or the SMS gateway does not answer just now.
    pub delayed: bool,
}

/// The page.
pub async fn code(visit: Visit) -> Result<Response, PageError> {
    let Some(handle) = step::handle(&visit) else {
        return Ok(visit.go(&visit.with_flow("/register")));
    };
    answer(&visit, &handle, Problems::none()).await
}

/// The code.
pub async fn submit_code(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let Some(handle) = step::handle(&visit) else {
        return Ok(visit.go(&visit.with_flow("/register")));
    };
    let form = posted.checked(&visit)?;
    let typed = form.text("code");
    let (texts, accounts) = (visit.texts, &visit.app.accounts);
    let (text, wait) = match accounts.confirm_code(&handle, typed, visit.now).await {
        Ok(confirmed) => {
            return Ok(visit.go(&step::href(&visit, "/register/password", &confirmed)?));
        }
        Err(CodeRefused::Malformed) if typed.trim().is_empty() => {
            (texts.t("problem-code-empty"), None)
        }
        Err(CodeRefused::Malformed) => (texts.t("problem-code-format"), None),
        Err(CodeRefused::Wrong { .. }) => (texts.t("problem-code-wrong"), None),
        Err(CodeRefused::UsedUp) => (texts.t("problem-code-spent"), None),
        Err(CodeRefused::Expired) => (texts.t("problem-code-expired"), None),
        Err(CodeRefused::TooMany { retry_after }) => {
            let at = later::from(&visit, visit.now.plus(retry_after));
            (
                texts.say("problem-code-tries", "time", at.text),
                Some(retry_after),
            )
        }
        // Nobody registers into an account that is there already.
        Err(CodeRefused::Unknown | CodeRefused::Restricted) => return Ok(step::over(&visit)),
        Err(CodeRefused::ContactTaken) => {
            return Ok(visit.go(&visit.with_flow_and("/register", &[("taken", "yes")])));
        }
        Err(CodeRefused::Internal(error)) => return Err(error.into()),
    };
    let mut problems = Problems::none();
    problems.add("code", text);
    let response = answer(&visit, &handle, problems).await?;
    Ok(match wait {
        Some(wait) => later::refusal(response, StatusCode::TOO_MANY_REQUESTS, wait),
        None => response,
    })
}

/// Another code.
pub async fn resend(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let Some(handle) = step::handle(&visit) else {
        return Ok(visit.go(&visit.with_flow("/register")));
    };
    posted.checked(&visit)?;
    let at = match visit.app.accounts.resend_code(&handle, visit.now).await? {
        Resent::Sent => {
            visit.app.outbox.wake();
            let href = step::href(&visit, "/register/code", &handle)?;
            return Ok(visit.go(&format!("{href}&sent=yes")));
        }
        Resent::Unknown => return Ok(step::over(&visit)),
        Resent::TooSoon { at } => ("problem-code-resend-soon", at),
        Resent::TooMany { retry_after } => ("problem-code-too-many", visit.now.plus(retry_after)),
    };
    let (text, at) = at;
    let mut problems = Problems::none();
    problems.add(
        "code",
        visit.texts.say(text, "time", later::from(&visit, at).text),
    );
    let response = answer(&visit, &handle, problems).await?;
    let wait = at.since(visit.now);
    Ok(later::refusal(
        response,
        StatusCode::TOO_MANY_REQUESTS,
        wait,
    ))
}

async fn answer(visit: &Visit, handle: &Secret, problems: Problems) -> Result<Response, PageError> {
    let Some(pending) = visit.app.accounts.registration(handle, visit.now).await? else {
        return Ok(step::over(visit));
    };
    visit.show(&view(visit, handle, &pending, problems)?)
}

fn view(
    visit: &Visit,
    handle: &Secret,
    pending: &Pending,
    problems: Problems,
) -> Result<RegisterCodePage, PageError> {
    let channel = if pending.by_email {
        Channel::Email
    } else {
        Channel::Sms
    };
    let may_resend = pending.resend_at <= visit.now;
    let action = step::href(visit, "/register/code", handle)?;
    let mut page = visit.page(None);
    // Shown by `/register/resend` as well, where nothing can be read again.
    page.path.clone_from(&action);
    Ok(RegisterCodePage {
        page,
        action,
        resend_action: step::href(visit, "/register/resend", handle)?,
        change_href: visit.with_flow("/register"),
        resent: problems.is_empty() && visit.query("sent").is_some(),
        problems,
        contact: pending.contact.clone(),
        by_email: pending.by_email,
        tries_left: (1..pending.tries)
            .contains(&pending.tries_left)
            .then_some(pending.tries_left),
        expires: later::until(visit, pending.expires_at),
        resend_at: (!may_resend).then(|| later::from(visit, pending.resend_at)),
        delayed: visit.app.outbox.is_delayed(channel),
    })
}
