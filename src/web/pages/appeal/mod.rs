//! Recovering access by a form: a new contact, its code, the form with
//! photographs; and later the link that sets a password. Nothing here tells
//! whether anybody has the account (attack row 23).

mod cancel;
mod code;
mod form;
mod password;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;

use super::register::step;
use crate::account::appeal::{AppealBegun, AppealRefused};
use crate::app::App;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::upload::LARGEST_UPLOAD;
use crate::web::visit::Visit;

/// The pages.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/recover/form", get(show).post(submit))
        .route("/recover/form/code", get(code::show).post(code::submit))
        .route("/recover/form/resend", get(code::show).post(code::resend))
        .route(
            "/recover/form/data",
            get(form::show)
                .post(form::send)
                .layer(DefaultBodyLimit::max(LARGEST_UPLOAD)),
        )
        .route("/recover/form/sent", get(form::sent))
        .route(
            "/recover/form/cancel",
            get(cancel::show).post(cancel::submit),
        )
        .route(
            "/recover/form/password",
            get(password::show).post(password::submit),
        )
}

/// `/recover/form`
#[derive(Template)]
#[template(path = "appeal.html")]
pub struct AppealPage {
    /// The frame.
    pub page: Page,
    /// Why the first step is shown again, if it is.
    pub notice: Option<String>,
    /// Wrong fields: `contact`.
    pub problems: Problems,
    /// What was typed.
    pub contact: String,
    pub action: String,
    /// Back to the other ways.
    pub back_href: String,
}

/// The page.
async fn show(visit: Visit) -> Result<Response, PageError> {
    let notice = if visit.query("over").is_some() {
        Some(key("recover-over"))
    } else if visit.query("taken").is_some() {
        Some(key("appeal-contact-taken"))
    } else {
        None
    };
    answer(&visit, notice, Problems::none(), "")
}

/// The new contact.
async fn submit(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let form = posted.checked(&visit)?;
    let typed = form.text("contact");
    let begun = AppealBegun {
        address: visit.address,
        lang: visit.texts.lang(),
    };
    let accounts = &visit.app.accounts;
    let (problems, wait) = match accounts.begin_appeal(typed, begun, visit.now).await {
        Ok(handle) => {
            visit.app.outbox.wake();
            return Ok(visit.go(&step::href(&visit, "/recover/form/code", &handle)?));
        }
        Err(AppealRefused::Problems(found)) => (Problems::found(visit.texts, &found), None),
        Err(AppealRefused::TooMany { retry_after }) => {
            let at = later::from(&visit, visit.now.plus(retry_after));
            let mut problems = Problems::none();
            let text = visit.texts.say("problem-code-too-many", "time", at.text);
            problems.add("contact", text);
            (problems, Some(retry_after))
        }
        Err(AppealRefused::Over) => return Ok(over(&visit)),
        Err(AppealRefused::Internal(error)) => return Err(error.into()),
    };
    let response = answer(&visit, None, problems, typed)?;
    Ok(match wait {
        Some(wait) => later::refusal(response, StatusCode::TOO_MANY_REQUESTS, wait),
        None => response,
    })
}

fn answer(
    visit: &Visit,
    notice: Option<&str>,
    problems: Problems,
    typed: &str,
) -> Result<Response, PageError> {
    visit.show(&AppealPage {
        page: visit.page(None),
        notice: notice.map(|notice| visit.texts.t(notice)),
        problems,
        contact: typed.to_owned(),
        action: visit.with_flow("/recover/form"),
        back_href: visit.with_flow("/recover"),
    })
}

/// To the first step, where it says that this one is over.
fn over(visit: &Visit) -> Response {
    visit.go(&visit.with_flow_and("/recover/form", &[("over", "yes")]))
}
