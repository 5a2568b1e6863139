//! Photographs at the desk: the queue, the case an operator holds with the
//! pictures beside the data, and the decision.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::case::{CaseRow, compared, rows};
use super::clerk::Clerk;
use super::refused;
use crate::model::level::Level;
use crate::operator::{CaseRefused, IN_PHOTOGRAPHS, PhotographCase};
use crate::texts::key;
use crate::web::file_answer::{self, Shown};
use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::account::photograph_label;
use crate::web::pages::level::level_key;
use crate::web::posted::{Form, Posted};

/// `/operator/photographs` without a case in hand
#[derive(Template)]
#[template(path = "console/photograph_queue.html")]
pub struct PhotographQueuePage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// What has just been done.
    pub done: Option<String>,
    /// Why there is no case in hand any more.
    pub lost: Option<String>,
    /// Cases that wait.
    pub waiting: u64,
    /// Since when the oldest waits.
    pub oldest: Option<Moment>,
}

/// `/operator/photographs` with a case in hand
#[derive(Template)]
#[template(path = "console/photographs.html")]
pub struct PhotographsPage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// Wrong fields: `compared`, `reason`.
    pub problems: Problems,
    /// Of the case.
    pub id: String,
    /// Names the data that are shown.
    pub seen: String,
    /// Address and label of each picture.
    pub pictures: Vec<(String, String)>,
    /// What is compared with them.
    pub rows: Vec<CaseRow>,
    /// Level of the account, as a word.
    pub level: String,
    /// Whether the data are checked, so that a confirmation counts.
    pub checked: bool,
    /// When the photographs were sent.
    pub sent: Moment,
    /// Until when nobody else gets the case.
    pub held_until: Moment,
    /// Why it is refused, as typed.
    pub reason: String,
}

const PATH: &str = "/operator/photographs";

/// The case in hand, or the queue.
pub async fn show(clerk: Clerk) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let held = visit
        .app
        .operators
        .photographs(&clerk.operator, visit.now)
        .await?;
    match held {
        Some(case) => answer(&clerk, &case, None, Problems::none()),
        None => {
            let done = match visit.query("done").as_deref() {
                Some("confirmed") => Some(key("photographs-desk-confirmed")),
                Some("refused") => Some(key("photographs-desk-refused")),
                _ => None,
            };
            queue(&clerk, done, None).await
        }
    }
}

/// An address that takes forms only.
pub async fn again(clerk: Clerk) -> Response {
    clerk.visit.go(PATH)
}

/// Takes the oldest case.
pub async fn take(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    posted.checked(visit)?;
    let operators = &visit.app.operators;
    if operators
        .take_photographs(&clerk.operator, visit.now)
        .await?
    {
        return Ok(visit.go(PATH));
    }
    queue(&clerk, None, Some(key("photographs-none-free"))).await
}

/// Lets the case go.
pub async fn release(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    posted.checked(visit)?;
    visit
        .app
        .operators
        .release_photographs(&clerk.operator, visit.now)
        .await?;
    Ok(visit.go(PATH))
}

/// A picture of the case in hand; of any other there is none (attack row 45).
pub async fn picture(clerk: Clerk, Path(file): Path<String>) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let operators = &visit.app.operators;
    let found = operators
        .photograph(&clerk.operator, &file, visit.now)
        .await?;
    let file = found.ok_or(PageError::NotFound)?;
    Ok(visit.with_cookies(file_answer::answer(file, "photograph", Shown::InPage)))
}

/// Confirms.
pub async fn confirm(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let (id, seen, compared) = (form.text("id"), form.text("seen"), compared(&form));
    let confirmed = visit
        .app
        .operators
        .confirm_photographs(&clerk.operator, id, seen, &compared, visit.now)
        .await;
    decided(&clerk, &form, "confirmed", confirmed).await
}

/// Refuses.
pub async fn refuse(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let (id, reason) = (form.text("id"), form.text("reason"));
    let refused = visit
        .app
        .operators
        .refuse_photographs(&clerk.operator, id, reason, visit.now)
        .await;
    decided(&clerk, &form, "refused", refused).await
}

async fn decided(
    clerk: &Clerk,
    form: &Form,
    done: &str,
    outcome: Result<(), CaseRefused>,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let refused = match outcome {
        Ok(()) => {
            visit.app.outbox.wake();
            return Ok(visit.go(&format!("{PATH}?done={done}")));
        }
        Err(CaseRefused::Internal(error)) => return Err(error.into()),
        Err(refused) => refused,
    };
    let Ok(problems) = refused::problems(visit.texts, refused) else {
        return queue(clerk, None, Some(key("photographs-lost"))).await;
    };
    let held = visit
        .app
        .operators
        .photographs(&clerk.operator, visit.now)
        .await?;
    match held {
        Some(case) => answer(clerk, &case, Some(form), problems),
        None => queue(clerk, None, Some(key("photographs-lost"))).await,
    }
}

async fn queue(
    clerk: &Clerk,
    done: Option<&str>,
    lost: Option<&str>,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let (waiting, oldest) = visit.app.operators.photographs_waiting(visit.now).await?;
    visit.show(&PhotographQueuePage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        done: done.map(|done| visit.texts.t(done)),
        lost: lost.map(|lost| visit.texts.t(lost)),
        waiting: u64::try_from(waiting).unwrap_or_default(),
        oldest: oldest.map(|oldest| visit.zone(None).date_time(oldest)),
    })
}

fn answer(
    clerk: &Clerk,
    case: &PhotographCase,
    typed: Option<&Form>,
    problems: Problems,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let (texts, zone) = (visit.texts, visit.zone(None));
    let ticked = typed.map(compared).unwrap_or_default();
    let level = case.person.level(visit.now);
    let reason = typed.map(|form| form.text("reason").to_owned());
    visit.show(&PhotographsPage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        problems,
        id: case.id().to_owned(),
        seen: case.seen.clone(),
        pictures: case
            .files
            .iter()
            .map(|file| {
                let label = texts.t(photograph_label(&file.kind));
                (format!("{PATH}/file/{}", file.id), label)
            })
            .collect(),
        rows: rows(texts, &case.person, &IN_PHOTOGRAPHS, &ticked),
        level: texts.t(level_key(level)),
        checked: level > Level::Simplified,
        sent: zone.date_time(case.sent_at()),
        held_until: zone.date_time(case.held_until()),
        reason: reason.unwrap_or_default(),
    })
}
