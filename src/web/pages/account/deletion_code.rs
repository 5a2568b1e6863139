//! The code that deletes the account, and the last press. The step is found by
//! a secret in the address, which is good for this session only.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::deletion::{goodbye, sent_away};
use super::query::{self, Query};
use crate::account::erasure::ErasureRefused;
use crate::account::registration::{CodeRefused, Pending, Resent};
use crate::model::secret::Secret;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// `/account/delete/code`
#[derive(Template)]
#[template(path = "account/deletion_code.html")]
pub struct DeletionCodePage {
    /// The frame.
    pub page: Page,
    /// Where the code goes.
    pub action: String,
    /// Where the request for another code goes.
    pub resend_action: String,
    /// Wrong fields: `code`, `sure`.
    pub problems: Problems,
    /// Where the code was sent, masked.
    pub contact: String,
    /// Whether it went by e-mail.
    pub by_email: bool,
    /// Tries that are left, told once one was lost.
    pub tries_left: Option<u64>,
    /// Until when the code is good.
    pub expires: Moment,
    /// When another code may be asked for; none if it may be now.
    pub resend_at: Option<Moment>,
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
        Err(ErasureRefused::Code(CodeRefused::Malformed)) if code.trim().is_empty() => {
            key("problem-code-empty")
        }
        Err(ErasureRefused::Code(CodeRefused::Malformed)) => key("problem-code-format"),
        Err(ErasureRefused::Code(CodeRefused::Wrong { .. })) => key("problem-code-wrong"),
        Err(ErasureRefused::Code(CodeRefused::UsedUp)) => key("problem-code-spent"),
        Err(ErasureRefused::Code(CodeRefused::Expired)) => key("problem-code-expired"),
        Err(ErasureRefused::Code(CodeRefused::TooMany { .. })) => key("problem-code-resend-limit"),
        Err(ErasureRefused::Code(CodeRefused::Internal(error))) => return Err(error.into()),
        Err(refused) => return sent_away(visit, refused),
    };
    problems.add("code", texts.t(problem));
    answer(&citizen, &handle, problems, "", None).await
}

/// Sends another code.
pub async fn resend(citizen: Citizen, query: Query, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let texts = visit.texts;
    let handle = handle(&query);
    let accounts = &visit.app.accounts;
    let problem = match accounts
        .resend_erasure_code(&citizen.session, &handle, visit.now)
        .await?
    {
        Resent::Sent => {
            visit.app.outbox.wake();
            let fields = [(DELETION, handle.expose()), ("done", "sent")];
            return Ok(visit.go(&query::address(PATH, &fields)));
        }
        Resent::Unknown => return Ok(visit.go("/account/delete?done=expired")),
        Resent::TooSoon { at } => {
            let time = later::from(visit, at).text;
            texts.say("problem-code-resend-soon", "time", time)
        }
        Resent::TooMany { .. } => texts.t("problem-code-resend-limit"),
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
    let Pending {
        tries,
        tries_left,
        resend_at,
        ..
    } = pending;
    visit.show(&DeletionCodePage {
        page: citizen.page("security"),
        action: address(handle),
        resend_action: query::address(RESEND, &[(DELETION, handle.expose())]),
        problems,
        contact: pending.contact,
        by_email: pending.by_email,
        tries_left: (tries_left < tries).then_some(tries_left),
        expires: later::until(visit, pending.expires_at),
        resend_at: (resend_at > visit.now).then(|| later::from(visit, resend_at)),
        done,
        typed: typed.to_owned(),
    })
}
