//! The code that deletes the account, and the last press. The step is found by
//! a secret in the address, which is good for this session only.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::code_step::{CodeStep, not_resent, problem};
use super::deletion::{goodbye, sent_away};
use super::query::{self, Query};
use crate::account::erasure::ErasureRefused;
use crate::account::registration::CodeRefused;
use crate::model::secret::Secret;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// `/account/delete/code`
#[derive(Template)]
#[template(path = "account/deletion_code.html")]
pub struct DeletionCodePage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `code`, `sure`.
    pub problems: Problems,
    pub step: CodeStep,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
    /// The code as it was typed, while only the tick was missing.
    pub typed: String,
}

const PATH: &str = "/account/delete/code";
const RESEND: &str = "/account/delete/resend";
/// The field of the address that holds the secret.
const DELETION: &str = "deletion";

/// The address of the step that this secret finds.
pub fn address(handle: &Secret) -> String {
    query::address(PATH, &[(DELETION, handle.expose())])
}

/// The form.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let done = query.done(&[("sent", key("code-resent"))], citizen.visit.texts);
    answer(&citizen, &handle(&query), Problems::none(), "", done).await
}

/// Checks the code and deletes the account.
pub async fn confirm(
    citizen: Citizen,
    query: Query,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let texts = visit.texts;
    let handle = handle(&query);
    let code = form.text("code");
    let mut problems = Problems::none();
    if !form.ticked("sure") {
        // A try is not spent on it.
        if code.trim().is_empty() {
            problems.add("code", texts.t("problem-code-empty"));
        }
        problems.add("sure", texts.t("problem-deletion-sure"));
        return answer(&citizen, &handle, problems, code, None).await;
    }
    let accounts = &visit.app.accounts;
    let erased = accounts
        .erase_by_code(&citizen.session, &handle, code, visit.now)
        .await;
    let problem = match erased {
        Ok(()) => return goodbye(visit),
        Err(ErasureRefused::Code(CodeRefused::Internal(error))) => return Err(error.into()),
        Err(ErasureRefused::Code(refused)) => match problem(refused, code) {
            Ok(problem) => problem,
            Err(refused) => return sent_away(visit, refused.into()),
        },
        Err(refused) => return sent_away(visit, refused),
    };
    problems.add("code", texts.t(problem));
    answer(&citizen, &handle, problems, "", None).await
}

/// Sends another code.
pub async fn resend(citizen: Citizen, query: Query, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let handle = handle(&query);
    let accounts = &visit.app.accounts;
    let resent = accounts
        .resend_erasure_code(&citizen.session, &handle, visit.now)
        .await?;
    let Some(problem) = not_resent(visit, resent) else {
        visit.app.outbox.wake();
        let fields = [(DELETION, handle.expose()), ("done", "sent")];
        return Ok(visit.go(&query::address(PATH, &fields)));
    };
    let mut problems = Problems::none();
    problems.add("code", problem);
    answer(&citizen, &handle, problems, "", None).await
}

fn handle(query: &Query) -> Secret {
    Secret::new(query.text(DELETION))
}

async fn answer(
    citizen: &Citizen,
    handle: &Secret,
    problems: Problems,
    typed: &str,
    done: Option<String>,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let accounts = &visit.app.accounts;
    let pending = accounts
        .erasure(&citizen.session, handle, visit.now)
        .await?;
    let Some(pending) = pending else {
        return Ok(visit.go("/account/delete?done=expired"));
    };
    let resend = query::address(RESEND, &[(DELETION, handle.expose())]);
    visit.show(&DeletionCodePage {
        page: citizen.page("security"),
        problems,
        step: CodeStep::of(visit, pending, address(handle), resend),
        done,
        typed: typed.to_owned(),
    })
}
