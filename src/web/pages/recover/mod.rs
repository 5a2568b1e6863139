//! Recovering access: an identifier, a code, what else the account asks for, a
//! new password. Nothing here tells whether anybody has the identifier
//! (attack row 23).

mod cancel;
mod code;
mod more;
mod password;

pub use cancel::{show as show_cancel, submit as cancel};
pub use code::{code, resend, submit_code};
pub use more::{factor, more, trusted, wait};
pub use password::{password, set_password};

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::register::step;
use super::vouched::{BankButton, Wish, buttons, signature_action};
use crate::account::recovery::{RecoverRefused, RecoveryStart};
use crate::model::secret::Secret;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/recover`
#[derive(Template)]
#[template(path = "recover.html")]
pub struct RecoverPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes, with the flow it belongs to.
    pub action: String,
    /// Whether the step that was under way is over.
    pub over: bool,
    /// Wrong fields: `username`.
    pub problems: Problems,
    /// What was typed.
    pub username: String,
    /// Back to signing in.
    pub sign_in_href: String,
    /// The form for who has lost every contact.
    pub form_href: String,
    /// Banks by whose word a new password may be set.
    pub banks: Vec<BankButton>,
    /// Where a signature begins, if this server trusts anybody's.
    pub signature: Option<String>,
}

/// The page.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    answer(&visit, Problems::none(), "")
}

/// The form. The answer is the same whether or not anybody has it.
pub async fn submit(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let form = posted.checked(&visit)?;
    let typed = form.text("username");
    let start = RecoveryStart {
        address: visit.address,
    };
    let accounts = &visit.app.accounts;
    let texts = visit.texts;
    let (problem, wait) = match accounts.begin_recovery(typed, start, visit.now).await {
        Ok(handle) => {
            visit.app.outbox.wake();
            return Ok(visit.go(&step::href(&visit, "/recover/code", &handle)?));
        }
        Err(RecoverRefused::Malformed) if typed.trim().is_empty() => {
            (texts.t("problem-username-empty"), None)
        }
        Err(RecoverRefused::TooMany { retry_after } | RecoverRefused::Busy { retry_after }) => {
            let at = later::from(&visit, visit.now.plus(retry_after));
            let problem = texts.say("problem-code-too-many", "time", at.text);
            (problem, Some(retry_after))
        }
        Err(RecoverRefused::Internal(error)) => return Err(error.into()),
        Err(_) => (texts.t(key("problem-recover-username")), None),
    };
    let mut problems = Problems::none();
    problems.add("username", problem);
    let response = answer(&visit, problems, typed)?;
    Ok(match wait {
        Some(wait) => later::refusal(response, StatusCode::TOO_MANY_REQUESTS, wait),
        None => response,
    })
}

fn answer(visit: &Visit, problems: Problems, typed: &str) -> Result<Response, PageError> {
    visit.show(&RecoverPage {
        page: visit.page(None),
        action: visit.with_flow("/recover"),
        over: problems.is_empty() && visit.query("over").is_some(),
        problems,
        username: typed.to_owned(),
        sign_in_href: visit.with_flow("/sign-in"),
        form_href: visit.with_flow("/recover/form"),
        banks: buttons(visit, Wish::EnterAgain),
        signature: signature_action(visit, Wish::EnterAgain),
    })
}

/// What finds the recovery of this address, if it was given to this browser.
fn handle(visit: &Visit) -> Option<Secret> {
    step::handle(visit)
}

/// To the first step, where it says that this recovery is over.
fn over(visit: &Visit) -> Response {
    visit.go(&visit.with_flow_and("/recover", &[("over", "yes")]))
}
