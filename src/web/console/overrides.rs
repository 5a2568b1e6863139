//! Proposals of colleagues: the list, and one of them with the decision.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::case::compared;
use super::clerk::Clerk;
use super::refused;
use super::sheet::{Sheet, sheet};
use crate::operator::{CaseRefused, OverrideCase, WaitingOverride};
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::{Form, Posted};

/// `/operator/overrides`
#[derive(Template)]
#[template(path = "console/overrides.html")]
pub struct OverridesPage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// What has just been done.
    pub done: Option<String>,
    /// Why a proposal cannot be opened or decided about.
    pub refused: Option<String>,
    pub lines: Vec<Line>,
}

/// A proposal of a colleague: nothing of the citizen but the number.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub number: String,
    /// Where the citizen was seen.
    pub centre: String,
    /// Name of the colleague.
    pub proposer: String,
    pub proposed: Moment,
    /// Until when it is to be decided.
    pub until: Moment,
}

/// What answers `/operator/overrides/open`.
#[derive(Template)]
#[template(path = "console/override.html")]
pub struct OverridePage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// Wrong fields: `compared`, `reason`.
    pub problems: Problems,
    /// Names the data that are shown.
    pub seen: String,
    /// As in the list.
    pub line: Line,
    /// Why the colleague proposes it.
    pub why: String,
    pub sheet: Sheet,
    /// Why it is sent back, as typed.
    pub reason: String,
}

const PATH: &str = "/operator/overrides";

/// The list.
pub async fn show(clerk: Clerk) -> Result<Response, PageError> {
    let done = match clerk.visit.query("done").as_deref() {
        Some("confirmed") => Some(key("overrides-confirmed")),
        Some("returned") => Some(key("overrides-returned")),
        _ => None,
    };
    list(&clerk, done, None).await
}

/// An address that takes forms only.
pub async fn again(clerk: Clerk) -> Response {
    clerk.visit.go(PATH)
}

/// Opens a proposal.
pub async fn open(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let form = posted.checked(&clerk.visit)?;
    shown(&clerk, form.text("number"), None, Problems::none()).await
}

/// Confirms.
pub async fn confirm(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let confirmed = visit
        .app
        .operators
        .confirm_override(
            &clerk.operator,
            form.text("number"),
            form.text("seen"),
            &compared(&form),
            visit.now,
        )
        .await;
    decided(&clerk, &form, "confirmed", confirmed).await
}

/// Sends back.
pub async fn send_back(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let (number, reason) = (form.text("number"), form.text("reason"));
    let returned = visit
        .app
        .operators
        .return_override(&clerk.operator, number, reason, visit.now)
        .await;
    decided(&clerk, &form, "returned", returned).await
}

async fn decided(
    clerk: &Clerk,
    form: &Form,
    done: &str,
    outcome: Result<(), CaseRefused>,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    match outcome {
        Ok(()) => {
            visit.app.outbox.wake();
            Ok(visit.go(&format!("{PATH}?done={done}")))
        }
        Err(refused) => match refused::problems(visit.texts, refused) {
            Ok(problems) => shown(clerk, form.text("number"), Some(form), problems).await,
            Err(other) => elsewhere(clerk, other).await,
        },
    }
}

async fn shown(
    clerk: &Clerk,
    number: &str,
    typed: Option<&Form>,
    problems: Problems,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    match visit
        .app
        .operators
        .open_override(&clerk.operator, number, visit.now)
        .await
    {
        Ok(case) => answer(clerk, case, typed, problems),
        Err(refused) => elsewhere(clerk, refused).await,
    }
}

/// Back at the list: there is no such proposal for this operator.
async fn elsewhere(clerk: &Clerk, refused: CaseRefused) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let text = match refused {
        CaseRefused::Internal(error) => return Err(error.into()),
        CaseRefused::TooMany { retry_after } => {
            let at = later::from(visit, visit.now.plus(retry_after));
            let text = visit.texts.say("problem-desk-too-many", "time", at.text);
            let response = list(clerk, None, Some(text)).await?;
            return Ok(later::refusal(
                response,
                StatusCode::TOO_MANY_REQUESTS,
                retry_after,
            ));
        }
        CaseRefused::OwnCase => key("problem-own-case"),
        CaseRefused::OwnProposal => key("problem-own-proposal"),
        CaseRefused::SnilsTaken => {
            visit.app.outbox.wake();
            key("problem-override-snils")
        }
        _ => key("problem-override-unknown"),
    };
    list(clerk, None, Some(visit.texts.t(text))).await
}

async fn list(
    clerk: &Clerk,
    done: Option<&str>,
    refused: Option<String>,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let waiting = visit
        .app
        .operators
        .overrides(&clerk.operator, visit.now)
        .await?;
    visit.show(&OverridesPage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        done: done.map(|done| visit.texts.t(done)),
        refused,
        lines: waiting
            .into_iter()
            .map(|waiting| line(clerk, waiting))
            .collect(),
    })
}

fn line(clerk: &Clerk, waiting: WaitingOverride) -> Line {
    let zone = clerk.visit.zone(None);
    Line {
        number: waiting.number,
        centre: waiting.centre,
        proposer: waiting.proposer,
        proposed: zone.date_time(waiting.proposed_at),
        until: zone.date(waiting.expires_at),
    }
}

fn answer(
    clerk: &Clerk,
    case: OverrideCase,
    typed: Option<&Form>,
    problems: Problems,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let ticked = typed.map(compared).unwrap_or_default();
    let reason = typed.map(|form| form.text("reason").to_owned());
    visit.show(&OverridePage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        problems,
        sheet: sheet(visit.texts, &case.submitted, &ticked),
        seen: case.seen,
        line: line(clerk, case.line),
        why: case.reason,
        reason: reason.unwrap_or_default(),
    })
}
