//! The code that confirms a new contact. Its step is found by a secret in the
//! address, which is good for this account only.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::code_step::{CodeStep, not_resent, problem};
use super::query::{self, Query};
use crate::account::registration::CodeRefused;
use crate::model::secret::Secret;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::restricted;
use crate::web::posted::Posted;

/// `/account/contacts/code`
#[derive(Template)]
#[template(path = "account/contact_code.html")]
pub struct ContactCodePage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `code`.
    pub problems: Problems,
    pub step: CodeStep,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
}

const PATH: &str = "/account/contacts/code";
const RESEND: &str = "/account/contacts/resend";
/// The field of the address that holds the secret.
const CHANGE: &str = "change";

/// The address of the step that this secret finds.
pub fn address(handle: &Secret) -> String {
    query::address(PATH, &[(CHANGE, handle.expose())])
}

/// The form.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let done = query.done(&[("sent", key("code-resent"))], citizen.visit.texts);
    answer(&citizen, &handle(&query), Problems::none(), done).await
}

/// Checks the code.
pub async fn confirm(
    citizen: Citizen,
    query: Query,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let texts = visit.texts;
    let handle = handle(&query);
    let confirmed = visit
        .app
        .accounts
        .confirm_contact_change(
            &citizen.session,
            &handle,
            form.text("code"),
            &visit.browser(),
            visit.now,
        )
        .await;
    let problem = match confirmed {
        Ok(()) => {
            visit.app.outbox.wake();
            return Ok(visit.go("/account/profile?done=contact"));
        }
        Err(CodeRefused::ContactTaken) => return Ok(visit.go("/account/contacts?done=taken")),
        Err(CodeRefused::Restricted) => return Ok(restricted::go(visit)),
        Err(refused) => match problem(refused, form.text("code")) {
            Ok(problem) => problem,
            Err(CodeRefused::Internal(error)) => return Err(error.into()),
            Err(_) => return Ok(visit.go("/account/contacts?done=expired")),
        },
    };
    let mut problems = Problems::none();
    problems.add("code", texts.t(problem));
    answer(&citizen, &handle, problems, None).await
}

/// Sends another code.
pub async fn resend(citizen: Citizen, query: Query, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let handle = handle(&query);
    let accounts = &visit.app.accounts;
    let resent = accounts
        .resend_contact_code(&citizen.session, &handle, visit.now)
        .await?;
    let Some(problem) = not_resent(visit, resent) else {
        visit.app.outbox.wake();
        let fields = [(CHANGE, handle.expose()), ("done", "sent")];
        return Ok(visit.go(&query::address(PATH, &fields)));
    };
    let mut problems = Problems::none();
    problems.add("code", problem);
    answer(&citizen, &handle, problems, None).await
}

fn handle(query: &Query) -> Secret {
    Secret::new(query.text(CHANGE))
}

async fn answer(
    citizen: &Citizen,
    handle: &Secret,
    problems: Problems,
    done: Option<String>,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let pending = visit
        .app
        .accounts
        .contact_change(&citizen.session, handle, visit.now)
        .await?;
    let Some(pending) = pending else {
        return Ok(visit.go("/account/contacts?done=expired"));
    };
    let resend = query::address(RESEND, &[(CHANGE, handle.expose())]);
    visit.show(&ContactCodePage {
        page: citizen.page("profile"),
        problems,
        step: CodeStep::of(visit, pending, address(handle), resend),
        done,
    })
}
