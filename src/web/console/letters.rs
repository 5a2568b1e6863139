//! Letters with codes: what waits to be printed, and the batches under way.

use askama::Template;
use axum::response::Response;

use super::clerk::Clerk;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// `/operator/letters`
#[derive(Template)]
#[template(path = "console/letters.html")]
pub struct LettersPage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// Wrong fields: `number`.
    pub problems: Problems,
    /// What was typed or scanned.
    pub number: String,
    /// Letters that would be in the next batch.
    pub waiting: u64,
    /// Batches with letters to be posted.
    pub batches: Vec<String>,
}

/// The page; with `number`, the batch of that letter.
pub async fn show(clerk: Clerk) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let operators = &visit.app.operators;
    let number = visit.query("number").unwrap_or_default();
    let mut problems = Problems::none();
    if !number.is_empty() {
        if let Some(batch) = operators.batch_of(&clerk.operator, &number).await? {
            return Ok(visit.go(&batch_path(&batch)));
        }
        problems.add("number", visit.texts.t(key("problem-letter-unknown")));
    }
    let waiting = operators.letters_waiting(&clerk.operator).await?;
    visit.show(&LettersPage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        problems,
        number,
        waiting: u64::try_from(waiting).unwrap_or_default(),
        batches: operators.open_batches(&clerk.operator).await?,
    })
}

/// Puts what waits into a batch.
pub async fn print(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    posted.checked(visit)?;
    let printed = visit
        .app
        .operators
        .print_batch(&clerk.operator, visit.now)
        .await?;
    let path = printed.map_or_else(
        || "/operator/letters".to_owned(),
        |batch| batch_path(&batch),
    );
    Ok(visit.go(&path))
}

/// The address of a batch.
pub(super) fn batch_path(batch: &str) -> String {
    format!("/operator/letters/{batch}")
}
