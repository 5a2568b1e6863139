//! A citizen at the desk whose data registries have otherwise: the operator
//! compares the originals and proposes to take the data. Nothing is confirmed
//! here.

use askama::Template;
use axum::response::Response;

use super::case::{compared, decided};
use super::clerk::Clerk;
use super::sheet::{Sheet, sheet};
use crate::account::proofing::Progress;
use crate::operator::Case;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::{Form, Posted};

/// What answers `/operator/case` for such a request.
#[derive(Template)]
#[template(path = "console/override_case.html")]
pub struct OverrideCasePage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// Wrong fields: `compared`, `why`, `reason`.
    pub problems: Problems,
    /// Of the request.
    pub number: String,
    /// Names the data that are shown.
    pub seen: String,
    /// When they were sent.
    pub sent: Moment,
    pub sheet: Sheet,
    /// Why the registry is wrong, as typed.
    pub why: String,
    /// Why it is refused, as typed.
    pub reason: String,
}

/// Proposes.
pub async fn propose(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let proposed = visit
        .app
        .operators
        .propose_override(
            &clerk.operator,
            form.text("number"),
            form.text("seen"),
            &compared(&form),
            form.text("why"),
            visit.now,
        )
        .await;
    decided(&clerk, &form, "/operator?done=proposed", proposed).await
}

/// The page.
pub(super) fn show(
    clerk: &Clerk,
    case: &Case,
    submitted: &Progress,
    typed: Option<&Form>,
    found: Problems,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let ticked = typed.map(compared).unwrap_or_default();
    let text = |name| typed.map(|form| form.text(name).to_owned());
    visit.show(&OverrideCasePage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        problems: problems(clerk, typed, &found),
        number: case.number().to_owned(),
        seen: case.seen.clone(),
        sent: visit.zone(None).date_time(submitted.sent_at),
        sheet: sheet(visit.texts, submitted, &ticked),
        why: text("why").unwrap_or_default(),
        reason: text("reason").unwrap_or_default(),
    })
}

/// All that is wrong at once: a missing reason belongs to the form that was
/// sent, and is told beside fields that were not compared.
fn problems(clerk: &Clerk, typed: Option<&Form>, found: &Problems) -> Problems {
    let Some(typed) = typed.filter(|form| !form.every("why").is_empty()) else {
        return found.clone();
    };
    let mut all = Problems::none();
    for (field, text) in found.all() {
        if *field != "reason" {
            all.add(field, text.clone());
        }
    }
    if typed.text("why").trim().is_empty() {
        all.add("why", clerk.visit.texts.t(key("problem-no-why")));
    }
    all
}
