//! A batch of letters: print it, note under which numbers the post took them,
//! and which came back.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};

use super::clerk::Clerk;
use super::letters::batch_path;
use crate::account::proofing::PrintedLetter;
use crate::model::track::NotATrack;
use crate::operator::LetterRefused;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// `/operator/letters/{batch}`
#[derive(Template)]
#[template(path = "console/letter_batch.html")]
pub struct LetterBatchPage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// Wrong fields: `track`, of the letter `wrong`.
    pub problems: Problems,
    /// The letter whose number of the post is wrong.
    pub wrong: String,
    /// What was typed there.
    pub track: String,
    /// Of the batch.
    pub number: String,
    /// The document; none once everything is posted.
    pub pdf_href: Option<String>,
    pub letters: Vec<LetterLine>,
}

/// A letter of the batch.
#[derive(Clone, Debug, Default)]
pub struct LetterLine {
    pub number: String,
    pub addressee: String,
    pub address: String,
    /// Once posted: when, and under which number.
    pub posted: Option<(Moment, String)>,
    pub returned: bool,
}

/// The page.
pub async fn show(clerk: Clerk, Path(batch): Path<String>) -> Result<Response, PageError> {
    answer(&clerk, &batch, Problems::none(), ("", "")).await
}

/// The letters that are not posted yet, to be printed.
pub async fn pdf(clerk: Clerk, Path(batch): Path<String>) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let written = visit
        .app
        .operators
        .batch_pdf(&clerk.operator, &batch, &visit.app.config.issuer, visit.now)
        .await?
        .ok_or(PageError::NotFound)?;
    let headers = [
        (CONTENT_TYPE, "application/pdf"),
        (CONTENT_DISPOSITION, "attachment; filename=\"letters.pdf\""),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, written).into_response())
}

/// Notes that a letter was posted.
pub async fn post(
    clerk: Clerk,
    Path(batch): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let (number, track) = (form.text("number"), form.text("track"));
    let noted = visit
        .app
        .operators
        .post_letter(&clerk.operator, number, track, visit.now)
        .await;
    let text = match noted {
        Ok(()) => {
            visit.app.outbox.wake();
            return Ok(visit.go(&batch_path(&batch)));
        }
        Err(LetterRefused::Unknown) => return Ok(visit.go(&batch_path(&batch))),
        Err(LetterRefused::Track(NotATrack::Form)) => key("problem-track-form"),
        Err(LetterRefused::Track(NotATrack::CheckDigit)) => key("problem-track-digit"),
        Err(LetterRefused::Internal(error)) => return Err(error.into()),
    };
    let mut problems = Problems::none();
    problems.add("track", visit.texts.t(text));
    answer(&clerk, &batch, problems, (number, track)).await
}

/// Notes that a letter came back.
pub async fn take_back(
    clerk: Clerk,
    Path(batch): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let noted = visit
        .app
        .operators
        .return_letter(&clerk.operator, form.text("number"), visit.now)
        .await;
    if let Err(LetterRefused::Internal(error)) = noted {
        return Err(error.into());
    }
    visit.app.outbox.wake();
    Ok(visit.go(&batch_path(&batch)))
}

async fn answer(
    clerk: &Clerk,
    batch: &str,
    problems: Problems,
    (wrong, track): (&str, &str),
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let found = visit
        .app
        .operators
        .find_batch(&clerk.operator, batch)
        .await?
        .ok_or(PageError::NotFound)?;
    let printable = found.letters.iter().any(|letter| letter.code.is_some());
    let zone = visit.zone(None);
    let line = |letter: PrintedLetter| LetterLine {
        posted: letter
            .posted_at
            .map(|at| (zone.date(at), letter.track.unwrap_or_default())),
        returned: letter.returned_at.is_some(),
        number: letter.number,
        addressee: letter.addressee,
        address: letter.address.formatted(),
    };
    visit.show(&LetterBatchPage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        problems,
        wrong: wrong.to_owned(),
        track: track.to_owned(),
        pdf_href: printable.then(|| format!("{}/pdf", batch_path(batch))),
        letters: found.letters.into_iter().map(line).collect(),
        number: found.number,
    })
}
