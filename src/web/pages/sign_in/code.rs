//! Signing in with SNILS, phone and a code, without a password: the numbers,
//! then the code.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::submit;
use crate::account::registration::CodeRefused;
use crate::account::sign_in::{CodeSignInRefused, EnterRefused};
use crate::model::secret::Secret;
use crate::texts::key;
use crate::web::asked::{Asked, arrival};
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::account::code_step::{CodeStep, not_resent, problem};
use crate::web::pages::register::step;
use crate::web::pages::second_step::{self, kept};
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/sign-in/code`
#[derive(Template)]
#[template(path = "sign_in_code.html")]
pub struct SignInCodePage {
    /// The frame.
    pub page: Page,
    /// Where the numbers go.
    pub action: String,
    /// Wrong fields: `snils`, `phone`.
    pub problems: Problems,
    pub snils: String,
    pub phone: String,
    /// Back to the password.
    pub back_href: String,
}

/// `/sign-in/code/enter`
#[derive(Template)]
#[template(path = "sign_in_code_enter.html")]
pub struct SignInCodeEnterPage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `code`.
    pub problems: Problems,
    pub step: CodeStep,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
    /// The numbers again, to mend them.
    pub change_href: String,
}

/// The parameter that carries the handle of such a sign-in.
const BY_CODE: &str = "bycode";

/// The form.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    numbers(&visit, Problems::none(), ("", ""))
}

/// Sends the code.
pub async fn begin(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let form = posted.checked(&visit)?;
    let typed = (form.text("snils"), form.text("phone"));
    let asked = Asked::of_flow(&visit).await?;
    let browser = visit.browser();
    let arrival = arrival(&browser, asked.as_ref());
    let accounts = &visit.app.accounts;
    let begun = accounts.begin_code_sign_in(typed, arrival, visit.now).await;
    visit.app.outbox.wake();
    let retry_after = match begun {
        Ok(handle) => return Ok(visit.go(&enter_href(&visit, &handle)?)),
        Err(CodeSignInRefused::Problems(found)) => {
            return numbers(&visit, Problems::found(visit.texts, &found), typed);
        }
        Err(CodeSignInRefused::TooMany { retry_after }) => retry_after,
        Err(CodeSignInRefused::Internal(error)) => return Err(error.into()),
    };
    let at = later::from(&visit, visit.now.plus(retry_after));
    let mut problems = Problems::none();
    problems.add(
        "phone",
        visit.texts.say("problem-code-too-many", "time", at.text),
    );
    let response = numbers(&visit, problems, typed)?;
    Ok(later::refusal(
        response,
        StatusCode::TOO_MANY_REQUESTS,
        retry_after,
    ))
}

/// The form for the code.
pub async fn show_code(visit: Visit) -> Result<Response, PageError> {
    let sent = visit.query("sent").is_some();
    let done = sent.then(|| visit.texts.t(key("code-resent")));
    entering(&visit, Problems::none(), done).await
}

/// Signs in by the code.
pub async fn enter(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    if visit.session.is_some() && !posted.is_genuine(&visit) {
        return Ok(visit.go("/sign-in"));
    }
    let form = posted.checked(&visit)?;
    let Some(handle) = step::named(&visit, BY_CODE) else {
        return Ok(over(&visit));
    };
    let asked = Asked::of_flow(&visit).await?;
    let browser = visit.browser();
    let arrival = arrival(&browser, asked.as_ref());
    let code = form.text("code");
    let accounts = &visit.app.accounts;
    let tried = accounts.sign_in_by_code(&handle, code, arrival, visit.now);
    let tried = tried.await;
    visit.app.outbox.wake();
    match tried {
        Ok(admitted) => second_step::admitted(&visit, admitted),
        Err(EnterRefused::SignIn(refused)) => {
            submit::refused(&visit, asked.as_ref(), refused).await
        }
        Err(EnterRefused::NeedsPassword) => {
            Ok(visit.go(&visit.with_flow_and("/sign-in", &[("by", "password")])))
        }
        Err(EnterRefused::Code(CodeRefused::Internal(error))) => Err(error.into()),
        Err(EnterRefused::Code(refused)) => match problem(refused, code) {
            Ok(problem) => {
                let mut problems = Problems::none();
                problems.add("code", visit.texts.t(problem));
                entering(&visit, problems, None).await
            }
            Err(_) => Ok(over(&visit)),
        },
    }
}

/// Sends another code.
pub async fn resend(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&visit)?;
    let Some(handle) = step::named(&visit, BY_CODE) else {
        return Ok(over(&visit));
    };
    let accounts = &visit.app.accounts;
    let resent = accounts.resend_sign_in_code(&handle, visit.now).await?;
    visit.app.outbox.wake();
    let Some(problem) = not_resent(&visit, resent) else {
        let href = enter_href(&visit, &handle)?;
        return Ok(visit.go(&format!("{href}&sent=yes")));
    };
    let mut problems = Problems::none();
    problems.add("code", problem);
    entering(&visit, problems, None).await
}

fn numbers(
    visit: &Visit,
    problems: Problems,
    (snils, phone): (&str, &str),
) -> Result<Response, PageError> {
    visit.show(&SignInCodePage {
        page: visit.page(None),
        action: kept(visit, "/sign-in/code", &[]),
        problems,
        snils: snils.to_owned(),
        phone: phone.to_owned(),
        back_href: kept(visit, "/sign-in", &[]),
    })
}

async fn entering(
    visit: &Visit,
    problems: Problems,
    done: Option<String>,
) -> Result<Response, PageError> {
    let Some(handle) = step::named(visit, BY_CODE) else {
        return Ok(over(visit));
    };
    let accounts = &visit.app.accounts;
    let Some(pending) = accounts.code_sign_in(&handle, visit.now).await? else {
        return Ok(over(visit));
    };
    let sealed = step::seal(visit, &handle)?;
    let resend_action = kept(visit, "/sign-in/code/resend", &[(BY_CODE, &sealed)]);
    let action = kept(visit, "/sign-in/code/enter", &[(BY_CODE, &sealed)]);
    visit.show(&SignInCodeEnterPage {
        page: visit.page(None),
        problems,
        step: CodeStep::of(visit, pending, action, resend_action),
        done,
        change_href: kept(visit, "/sign-in/code", &[]),
    })
}

fn enter_href(visit: &Visit, handle: &Secret) -> Result<String, PageError> {
    let sealed = step::seal(visit, handle)?;
    Ok(kept(visit, "/sign-in/code/enter", &[(BY_CODE, &sealed)]))
}

fn over(visit: &Visit) -> Response {
    visit.go(&kept(visit, "/sign-in", &[("by", "over")]))
}
