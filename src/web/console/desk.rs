//! The desk of a service centre: which request, and what was done last.

use askama::Template;
use axum::response::Response;

use super::clerk::{Clerk, REQUESTS};
use crate::model::role::Role;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::account::action_title;

/// `/operator`
#[derive(Template)]
#[template(path = "console/desk.html")]
pub struct DeskPage {
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

/// A step of the operator.
#[derive(Clone, Debug, Default)]
pub struct DeskStep {
    pub when: Moment,
    pub action: String,
    /// The number of the request.
    pub subject: String,
}

/// The page.
pub async fn show(clerk: Clerk) -> Result<Response, PageError> {
    // Everybody comes in here; support has a desk of its own.
    if clerk.operator.role == Role::Support {
        return Ok(clerk.visit.go(REQUESTS));
    }
    let texts = clerk.visit.texts;
    let done = match clerk.visit.query("done").as_deref() {
        Some("confirmed") => Some(texts.t(key("desk-confirmed"))),
        Some("refused") => Some(texts.t(key("desk-refused"))),
        Some("proposed") => Some(texts.t(key("desk-proposed"))),
        _ => None,
    };
    answer(&clerk, "", Problems::none(), done).await
}

/// A case has no address of its own: whoever reloads it, or changes the
/// language there, begins at the desk.
pub async fn again(clerk: Clerk) -> Response {
    clerk.visit.go("/operator")
}

/// The page with what was typed and what is wrong with it.
pub(super) async fn answer(
    clerk: &Clerk,
    number: &str,
    problems: Problems,
    done: Option<String>,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    visit.show(&DeskPage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        problems,
        number: number.to_owned(),
        done,
        steps: steps(clerk).await?,
    })
}

/// What the operator did last.
pub(super) async fn steps(clerk: &Clerk) -> Result<Vec<DeskStep>, PageError> {
    let visit = &clerk.visit;
    let zone = visit.zone(None);
    let steps = visit.app.operators.steps(&clerk.operator).await?;
    Ok(steps
        .into_iter()
        .map(|step| DeskStep {
            when: zone.date_time(step.at),
            action: match step.action.as_str() {
                "visit_not_found" => visit.texts.t(key("action-visit-not-found")),
                "lock_not_found" => visit.texts.t(key("action-lock-not-found")),
                "letters_downloaded" => visit.texts.t(key("action-letters-downloaded")),
                action => action_title(visit.texts, action),
            },
            // Of a long one its beginning says which.
            subject: step.subject.chars().take(8).collect(),
        })
        .collect())
}
