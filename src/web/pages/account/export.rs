//! A copy of everything held about the citizen (requirement D8): made on the
//! spot and given to nobody but this browser.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};

use super::citizen::Citizen;
use super::export_pdf::sheets;
use crate::account::export::{Dossier, ExportRefused, Format, pdf as report};
use crate::error::Internal;
use crate::web::cabinet::prove_again;
use crate::web::later;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::restricted;
use crate::web::posted::Posted;

/// `/account/export`
#[derive(Template)]
#[template(path = "account/export.html")]
pub struct ExportPage {
    /// The frame.
    pub page: Page,
    /// Why nothing was given, in the language of the page.
    pub refused: Option<String>,
    /// Copies a day.
    pub most: u64,
}

/// The page.
pub async fn show(citizen: Citizen) -> Result<Response, PageError> {
    citizen.visit.show(&page(&citizen, None))
}

/// For programs.
pub async fn json(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&citizen.visit)?;
    let dossier = match gather(&citizen, Format::Json).await? {
        Ok(dossier) => dossier,
        Err(answer) => return Ok(answer),
    };
    let issuer = &citizen.visit.app.config.issuer;
    let text = serde_json::to_vec_pretty(&dossier.json(issuer)).map_err(Internal::from)?;
    Ok(file(&citizen, "json", "application/json", text))
}

/// For people.
pub async fn pdf(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&citizen.visit)?;
    let dossier = match gather(&citizen, Format::Pdf).await? {
        Ok(dossier) => dossier,
        Err(answer) => return Ok(answer),
    };
    let sheets = sheets(citizen.visit.texts, &citizen.zone(), &dossier);
    let content = report::make(sheets).await?;
    Ok(file(&citizen, "pdf", "application/pdf", content))
}

async fn gather(citizen: &Citizen, format: Format) -> Result<Result<Dossier, Response>, PageError> {
    let visit = &citizen.visit;
    let accounts = &visit.app.accounts;
    let (texts, browser) = (visit.texts, visit.browser());
    let gathered = accounts
        .export(&citizen.session, format, texts, &browser, visit.now)
        .await;
    match gathered {
        Ok(dossier) => {
            visit.app.outbox.wake();
            Ok(Ok(dossier))
        }
        Err(ExportRefused::NeedsProof) => Ok(Err(prove_again(visit))),
        Err(ExportRefused::Restricted) => Ok(Err(restricted::go(visit))),
        Err(ExportRefused::TooMany { retry_after }) => {
            let at = later::from(visit, visit.now.plus(retry_after));
            let refused = texts.say("export-limit", "time", at.text);
            let shown = visit.show(&page(citizen, Some(refused)))?;
            let status = StatusCode::TOO_MANY_REQUESTS;
            Ok(Err(later::refusal(shown, status, retry_after)))
        }
        Err(ExportRefused::Internal(error)) => Err(error.into()),
    }
}

fn page(citizen: &Citizen, refused: Option<String>) -> ExportPage {
    let accounts = &citizen.visit.app.accounts;
    ExportPage {
        page: citizen.page("security"),
        refused,
        most: accounts.settings().limits.exports_per_day.into(),
    }
}

fn file(citizen: &Citizen, ending: &str, kind: &'static str, content: Vec<u8>) -> Response {
    let visit = &citizen.visit;
    let day = citizen.zone().day(visit.now);
    let name = format!("attachment; filename=\"propusk-{day}.{ending}\"");
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let mut response = (headers, content).into_response();
    if let Ok(name) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    visit.with_cookies(response)
}
