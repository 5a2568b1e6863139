//! Support's desk for locks: a number that a caller reads out, what it locks,
//! and opening it.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::clerk::Clerk;
use super::desk::{self, DeskStep};
use crate::account::support::{FoundLock, LockPlace};
use crate::operator::LockRefused;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::{Form, Posted};

/// `/operator/support`
#[derive(Template)]
#[template(path = "console/locks.html")]
pub struct LocksPage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// Wrong fields: `number`.
    pub problems: Problems,
    /// What was typed.
    pub number: String,
    /// What has just been done.
    pub done: Option<String>,
    /// The operator's last steps.
    pub steps: Vec<DeskStep>,
}

/// `/operator/support/lock`
#[derive(Template)]
#[template(path = "console/lock.html")]
pub struct LockPage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// Wrong fields: `identified`, `reason`.
    pub problems: Problems,
    pub number: String,
    /// What is locked, in words.
    pub place: String,
    pub since: Option<Moment>,
    pub until: Moment,
    pub tries: u64,
    /// Whether there is an account it keeps out.
    pub known: bool,
    pub name: String,
    pub logins: Vec<String>,
    /// As typed.
    pub identified: bool,
    pub reason: String,
}

const PATH: &str = "/operator/support";

/// The page.
pub async fn show(clerk: Clerk) -> Result<Response, PageError> {
    let done = match clerk.visit.query("done").as_deref() {
        Some("lifted") => Some(clerk.visit.texts.t(key("lock-lifted"))),
        _ => None,
    };
    answer(&clerk, "", Problems::none(), done).await
}

/// An address that takes forms only.
pub async fn again(clerk: Clerk) -> Response {
    clerk.visit.go(PATH)
}

/// Shows the lock of a number.
pub async fn open(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let number = form.text("number");
    let opened = visit
        .app
        .operators
        .open_lock(&clerk.operator, number, visit.now)
        .await;
    match opened {
        Ok(lock) => show_lock(&clerk, &lock, None, Problems::none()),
        Err(refused) => refuse(&clerk, &form, refused).await,
    }
}

/// Opens the lock.
pub async fn lift(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let lifted = visit
        .app
        .operators
        .lift_lock(
            &clerk.operator,
            form.text("number"),
            form.ticked("identified"),
            form.text("reason"),
            visit.now,
        )
        .await;
    match lifted {
        Ok(()) => {
            visit.app.outbox.wake();
            Ok(visit.go(&format!("{PATH}?done=lifted")))
        }
        Err(refused) => refuse(&clerk, &form, refused).await,
    }
}

async fn refuse(clerk: &Clerk, form: &Form, refused: LockRefused) -> Result<Response, PageError> {
    let (visit, texts) = (&clerk.visit, clerk.visit.texts);
    let mut problems = Problems::none();
    let text = match refused {
        LockRefused::Internal(error) => return Err(error.into()),
        LockRefused::Incomplete {
            lock,
            not_identified,
            no_reason,
        } => {
            if not_identified {
                problems.add("identified", texts.t(key("problem-not-identified")));
            }
            if no_reason {
                problems.add("reason", texts.t(key("problem-no-reason")));
            }
            return show_lock(clerk, &lock, Some(form), problems);
        }
        LockRefused::TooMany { retry_after } => {
            let at = later::from(visit, visit.now.plus(retry_after));
            problems.add(
                "number",
                texts.say("problem-locks-too-many", "time", at.text),
            );
            let response = answer(clerk, form.text("number"), problems, None).await?;
            let status = StatusCode::TOO_MANY_REQUESTS;
            return Ok(later::refusal(response, status, retry_after));
        }
        LockRefused::OwnLock => key("problem-own-lock"),
        LockRefused::Unknown => key("problem-lock-unknown"),
    };
    problems.add("number", texts.t(text));
    answer(clerk, form.text("number"), problems, None).await
}

async fn answer(
    clerk: &Clerk,
    number: &str,
    problems: Problems,
    done: Option<String>,
) -> Result<Response, PageError> {
    clerk.visit.show(&LocksPage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        problems,
        number: number.to_owned(),
        done,
        steps: desk::steps(clerk).await?,
    })
}

fn show_lock(
    clerk: &Clerk,
    lock: &FoundLock,
    typed: Option<&Form>,
    problems: Problems,
) -> Result<Response, PageError> {
    let (visit, texts) = (&clerk.visit, clerk.visit.texts);
    let zone = visit.zone(None);
    let reason = typed.map(|form| form.text("reason").to_owned());
    visit.show(&LockPage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        problems,
        number: lock.number.clone(),
        place: texts.t(match lock.place {
            LockPlace::Known => key("lock-at-known"),
            LockPlace::Stranger => key("lock-at-stranger"),
        }),
        since: lock.since.map(|since| zone.date_time(since)),
        until: zone.date_time(lock.until),
        tries: u64::try_from(lock.tries).unwrap_or_default(),
        known: lock.account.is_some(),
        name: lock.masked_name.clone(),
        logins: lock.masked_logins.clone(),
        identified: typed.is_some_and(|form| form.ticked("identified")),
        reason: reason.unwrap_or_default(),
    })
}
