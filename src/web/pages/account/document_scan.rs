//! Scans of a document: added, taken home, destroyed.

use axum::extract::Path;
use axum::response::Response;
use http::StatusCode;

use super::citizen::Citizen;
use super::document;
use crate::account::ProblemKind;
use crate::account::documents::ScanRefused;
use crate::web::file_answer::{self, Shown};
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::upload::Uploaded;

/// Adds a scan.
pub async fn add(
    citizen: Citizen,
    Path(id): Path<String>,
    uploaded: Uploaded,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = uploaded.checked(visit)?;
    let (document, _) = document::load(&citizen, &id).await?;
    let kept = match form.file("scan") {
        None if form.is_too_large("scan") => Err(ScanRefused::Unfit(ProblemKind::FileSize)),
        None => Err(ScanRefused::Unfit(ProblemKind::FileMissing)),
        Some(content) => {
            let (accounts, browser) = (&visit.app.accounts, visit.browser());
            accounts
                .add_scan(
                    &citizen.session,
                    &document.id,
                    content.clone(),
                    &browser,
                    visit.now,
                )
                .await
        }
    };
    let mut problems = Problems::none();
    match kept {
        Ok(()) => Ok(visit.go(&format!("/account/documents/{}?done=scan", document.id))),
        Err(ScanRefused::Unfit(kind)) => {
            problems.add("scan", visit.texts.t(kind.text().0));
            document::answer(&citizen, &document.id, None, problems).await
        }
        Err(ScanRefused::TooMany { retry_after }) => {
            let at = later::from(visit, visit.now.plus(retry_after));
            problems.add("scan", visit.texts.say("uploads-too-many", "time", at.text));
            let response = document::answer(&citizen, &document.id, None, problems).await?;
            let status = StatusCode::TOO_MANY_REQUESTS;
            Ok(later::refusal(response, status, retry_after))
        }
        Err(ScanRefused::Unknown) => Err(PageError::NotFound),
        Err(ScanRefused::Internal(error)) => Err(error.into()),
    }
}

/// Takes a scan home. Only the owner of the document does (attack row 45).
pub async fn download(
    citizen: Citizen,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let accounts = &visit.app.accounts;
    let found = accounts.scan(citizen.account(), &id, &file).await?;
    let (kind, file) = found.ok_or(PageError::NotFound)?;
    Ok(visit.with_cookies(file_answer::answer(file, kind, Shown::Downloaded)))
}

/// Destroys a scan.
pub async fn delete(
    citizen: Citizen,
    Path((id, file)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let (document, _) = document::load(&citizen, &id).await?;
    visit
        .app
        .accounts
        .delete_scan(&citizen.session, &id, &file, &visit.browser(), visit.now)
        .await?;
    Ok(visit.go(&format!(
        "/account/documents/{}?done=unscanned",
        document.id
    )))
}
