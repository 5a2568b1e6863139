//! Requests to support: who waits, the request in hand, the answer.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::clerk::{Clerk, REQUESTS};
use crate::operator::{AnswerRefused, HeldRequest, Holder};
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::page::{Badge, Page};
use crate::web::page_error::PageError;
use crate::web::pages::account::{ThreadLine, support_topic, thread_lines};
use crate::web::posted::Posted;

/// `/operator/support/requests`
#[derive(Template)]
#[template(path = "console/requests.html")]
pub struct RequestsPage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// What has just been done.
    pub done: Option<String>,
    /// Why there is no request in hand any more.
    pub lost: Option<String>,
    /// An answer that was typed and did not go out.
    pub unsent: String,
    /// Who has waited longest comes first.
    pub requests: Vec<QueueRow>,
}

/// A request in the queue.
#[derive(Clone, Debug, Default)]
pub struct QueueRow {
    pub number: String,
    pub topic: String,
    pub since: Moment,
    /// What marks it.
    pub badges: Vec<Badge>,
    /// Whether it can be taken.
    pub free: bool,
    /// Where it is read by who holds it.
    pub href: Option<String>,
}

/// `/operator/support/requests/{number}`
#[derive(Template)]
#[template(path = "console/request.html")]
pub struct RequestPage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// Wrong fields: `message`.
    pub problems: Problems,
    pub number: String,
    pub topic: String,
    /// Until when nobody else gets it.
    pub held_until: Moment,
    pub messages: Vec<ThreadLine>,
    /// The newest message that is shown.
    pub read: String,
    /// The answer, as typed.
    pub message: String,
    /// Where the forms go.
    pub href: String,
}

/// The queue.
pub async fn show(clerk: Clerk) -> Result<Response, PageError> {
    let done = match clerk.visit.query("done").as_deref() {
        Some("answered") => Some(key("request-answered")),
        Some("closed") => Some(key("request-closed")),
        _ => None,
    };
    queue(&clerk, done, None, "").await
}

/// An address that takes forms only.
pub async fn again(clerk: Clerk) -> Response {
    clerk.visit.go(REQUESTS)
}

/// Takes a request.
pub async fn take(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let number = form.text("number");
    let taken = visit
        .app
        .operators
        .take_request(&clerk.operator, number, visit.now)
        .await?;
    match taken {
        true => Ok(visit.go(&format!("{REQUESTS}/{number}"))),
        false => queue(&clerk, None, Some(key("request-taken")), "").await,
    }
}

/// The request in hand; of any other there is none (attack row 45).
pub async fn read(clerk: Clerk, Path(number): Path<String>) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let held = visit
        .app
        .operators
        .request(&clerk.operator, &number, visit.now)
        .await?;
    match held {
        Some(held) => answer_page(&clerk, held, "", Problems::none()),
        None => queue(&clerk, None, Some(key("request-lost")), "").await,
    }
}

/// Lets the request go.
pub async fn release(
    clerk: Clerk,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    posted.checked(visit)?;
    visit
        .app
        .operators
        .release_request(&clerk.operator, &number, visit.now)
        .await?;
    Ok(visit.go(REQUESTS))
}

/// Answers, and closes if asked to.
pub async fn answer(
    clerk: Clerk,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let (visit, texts) = (&clerk.visit, clerk.visit.texts);
    let form = posted.checked(visit)?;
    let (read, message) = (form.text("read"), form.text("message"));
    let closes = form.ticked("closes");
    let operators = &visit.app.operators;
    let answered = operators
        .answer_request(&clerk.operator, &number, read, message, closes, visit.now)
        .await;
    let mut problems = Problems::none();
    match answered {
        Ok(()) => {
            visit.app.outbox.wake();
            let done = if closes { "closed" } else { "answered" };
            return Ok(visit.go(&format!("{REQUESTS}?done={done}")));
        }
        Err(AnswerRefused::Internal(error)) => return Err(error.into()),
        Err(AnswerRefused::Problem(problem)) => problems = Problems::found(texts, &[problem]),
        Err(AnswerRefused::MoreWritten) => {
            problems.add("message", texts.t(key("request-more-written")));
        }
        Err(AnswerRefused::Lost) => {}
    }
    let held = operators
        .request(&clerk.operator, &number, visit.now)
        .await?;
    match held {
        Some(held) if !problems.is_empty() => answer_page(&clerk, held, message, problems),
        _ => queue(&clerk, None, Some(key("request-lost")), message).await,
    }
}

async fn queue(
    clerk: &Clerk,
    done: Option<&str>,
    lost: Option<&str>,
    unsent: &str,
) -> Result<Response, PageError> {
    let (visit, texts) = (&clerk.visit, clerk.visit.texts);
    let zone = visit.zone(None);
    let lines = visit
        .app
        .operators
        .support_queue(&clerk.operator, visit.now)
        .await?;
    let badge = |kind, text| Badge {
        kind,
        text: texts.t(text),
    };
    let row = |line: crate::operator::QueueLine| QueueRow {
        topic: texts.t(support_topic(&line.topic)),
        since: zone.date_time(line.waiting_since),
        badges: [
            line.escalated
                .then(|| badge("danger", key("request-escalated"))),
            match line.holder {
                Holder::Nobody => None,
                Holder::Oneself => Some(badge("info", key("request-mine"))),
                Holder::Another => Some(badge("plain", key("request-others"))),
            },
        ]
        .into_iter()
        .flatten()
        .collect(),
        free: line.holder == Holder::Nobody,
        href: (line.holder == Holder::Oneself).then(|| format!("{REQUESTS}/{}", line.number)),
        number: line.number,
    };
    visit.show(&RequestsPage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        done: done.map(|done| texts.t(done)),
        lost: lost.map(|lost| texts.t(lost)),
        unsent: unsent.to_owned(),
        requests: lines.into_iter().map(row).collect(),
    })
}

fn answer_page(
    clerk: &Clerk,
    held: HeldRequest,
    message: &str,
    problems: Problems,
) -> Result<Response, PageError> {
    let (visit, texts) = (&clerk.visit, clerk.visit.texts);
    let zone = visit.zone(None);
    let request = held.thread.request;
    visit.show(&RequestPage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        problems,
        topic: texts.t(support_topic(&request.topic)),
        held_until: zone.date_time(held.held_until),
        messages: thread_lines(texts, &zone, &held.masked_name, held.thread.messages),
        read: held.read,
        message: message.to_owned(),
        href: format!("{REQUESTS}/{}", request.number),
        number: request.number,
    })
}
