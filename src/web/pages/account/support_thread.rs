//! A request to support: what was written and answered, and writing more.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use http::StatusCode;

use super::citizen::Citizen;
use super::query::Query;
use super::support;
use crate::account::support::{SupportMessage, SupportState, SupportThread};
use crate::texts::{Texts, key};
use crate::web::form::Problems;
use crate::web::later;
use crate::web::moments::{Moment, Zone};
use crate::web::page::{Badge, Page};
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// `/account/support/{number}`
#[derive(Template)]
#[template(path = "account/support_thread.html")]
pub struct SupportThreadPage {
    /// The frame.
    pub page: Page,
    /// What has just been done.
    pub done: Option<String>,
    /// Wrong fields: `message`.
    pub problems: Problems,
    pub number: String,
    pub topic: String,
    pub state: Badge,
    pub messages: Vec<ThreadLine>,
    /// Where another message goes; nowhere when the request is closed.
    pub action: Option<String>,
    /// What was typed.
    pub message: String,
}

/// A message.
#[derive(Clone, Debug, Default)]
pub struct ThreadLine {
    pub author: String,
    pub when: Moment,
    pub text: String,
}

const DONE: &[(&str, &str)] = &[
    ("sent", key("support-sent")),
    ("written", key("support-written")),
    ("closed", key("support-closed-done")),
];

/// The page.
pub async fn show(
    citizen: Citizen,
    Path(number): Path<String>,
    query: Query,
) -> Result<Response, PageError> {
    let done = query.done(DONE, citizen.visit.texts);
    answer(&citizen, &number, done, "", Problems::none()).await
}

/// Adds a message.
pub async fn write(
    citizen: Citizen,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let message = form.text("message");
    // Nobody counts a message to somebody else's request.
    load(&citizen, &number).await?;
    let written = visit
        .app
        .accounts
        .write_to_support(
            &citizen.session,
            &number,
            message,
            &visit.browser(),
            visit.now,
        )
        .await;
    match written {
        Ok(()) => Ok(visit.go(&format!("/account/support/{number}?done=written"))),
        Err(refused) => {
            let (problems, wait) = match refused {
                // Closed meanwhile: what was typed is not lost.
                crate::account::support::SupportRefused::Gone => {
                    let mut problems = Problems::none();
                    problems.add("message", visit.texts.t(key("support-is-closed")));
                    (problems, None)
                }
                refused => support::refusal(&citizen, refused)?,
            };
            let response = answer(&citizen, &number, None, message, problems).await?;
            Ok(match wait {
                Some(wait) => later::refusal(response, StatusCode::TOO_MANY_REQUESTS, wait),
                None => response,
            })
        }
    }
}

/// Closes the request.
pub async fn close(
    citizen: Citizen,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    load(&citizen, &number).await?;
    visit
        .app
        .accounts
        .close_support_request(&citizen.session, &number, &visit.browser(), visit.now)
        .await?;
    Ok(visit.go(&format!("/account/support/{number}?done=closed")))
}

/// The request of this citizen; anybody else's is not there (attack row 45).
async fn load(citizen: &Citizen, number: &str) -> Result<SupportThread, PageError> {
    let visit = &citizen.visit;
    let found = visit
        .app
        .accounts
        .support_thread(citizen.account(), number, visit.now)
        .await?;
    found.ok_or(PageError::NotFound)
}

async fn answer(
    citizen: &Citizen,
    number: &str,
    done: Option<String>,
    message: &str,
    problems: Problems,
) -> Result<Response, PageError> {
    let (visit, texts) = (&citizen.visit, citizen.visit.texts);
    let SupportThread { request, messages } = load(citizen, number).await?;
    let open = request.state != SupportState::Closed;
    let own = texts.t(key("support-author-you"));
    visit.show(&SupportThreadPage {
        page: citizen.page("support"),
        done,
        problems,
        topic: texts.t(support::topic(&request.topic)),
        state: support::state(texts, request.state),
        messages: lines(texts, &citizen.zone(), &own, messages),
        action: open.then(|| format!("/account/support/{}", request.number)),
        number: request.number,
        message: message.to_owned(),
    })
}

/// Messages as they are read; the citizen is called so.
pub fn lines(
    texts: Texts,
    zone: &Zone,
    citizen: &str,
    messages: Vec<SupportMessage>,
) -> Vec<ThreadLine> {
    let support = texts.t(key("support-author-support"));
    messages
        .into_iter()
        .map(|message| ThreadLine {
            author: match message.by_support {
                true => support.clone(),
                false => citizen.to_owned(),
            },
            when: zone.date_time(message.at),
            text: message.text,
        })
        .collect()
}
