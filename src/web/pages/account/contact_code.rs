//! The code that confirms a new contact. Its step is found by a secret in the
//! address, which is good for this account only.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::query::{self, Query};
use crate::account::registration::{CodeRefused, Pending, Resent};
use crate::model::secret::Secret;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::moments::Moment;
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
    /// Where the code goes.
    pub action: String,
    /// Where the request for another code goes.
    pub resend_action: String,
    /// Wrong fields: `code`.
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
        Err(CodeRefused::Unknown) => return Ok(visit.go("/account/contacts?done=expired")),
        Err(CodeRefused::ContactTaken) => return Ok(visit.go("/account/contacts?done=taken")),
        Err(CodeRefused::Restricted) => return Ok(restricted::go(visit)),
        Err(CodeRefused::Malformed) if form.text("code").trim().is_empty() => {
            key("problem-code-empty")
        }
        Err(CodeRefused::Malformed) => key("problem-code-format"),
        Err(CodeRefused::Wrong { .. }) => key("problem-code-wrong"),
        Err(CodeRefused::UsedUp) => key("problem-code-spent"),
        Err(CodeRefused::Expired) => key("problem-code-expired"),
        Err(CodeRefused::TooMany { .. }) => key("problem-code-resend-limit"),
        Err(CodeRefused::Internal(error)) => return Err(error.into()),
    };
    let mut problems = Problems::none();
    problems.add("code", texts.t(problem));
    answer(&citizen, &handle, problems, None).await
}

/// Sends another code.
pub async fn resend(citizen: Citizen, query: Query, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let texts = visit.texts;
    let handle = handle(&query);
    let accounts = &visit.app.accounts;
    let problem = match accounts
        .resend_contact_code(&citizen.session, &handle, visit.now)
        .await?
    {
        Resent::Sent => {
            visit.app.outbox.wake();
            return Ok(visit.go(&query::address(
                PATH,
                &[(CHANGE, handle.expose()), ("done", "sent")],
            )));
        }
        Resent::Unknown => return Ok(visit.go("/account/contacts?done=expired")),
        Resent::TooSoon { at } => texts.say(
            "problem-code-resend-soon",
            "time",
            later::from(visit, at).text,
        ),
        Resent::TooMany { .. } => texts.t("problem-code-resend-limit"),
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
    let Pending {
        tries,
        tries_left,
        resend_at,
        ..
    } = pending;
    visit.show(&ContactCodePage {
        page: citizen.page("profile"),
        action: address(handle),
        resend_action: query::address(RESEND, &[(CHANGE, handle.expose())]),
        problems,
        contact: pending.contact,
        by_email: pending.by_email,
        tries_left: (tries_left < tries).then_some(tries_left),
        expires: later::until(visit, pending.expires_at),
        resend_at: (resend_at > visit.now).then(|| later::from(visit, resend_at)),
        done,
    })
}
