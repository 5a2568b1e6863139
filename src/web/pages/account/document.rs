//! A document's card: what is known of it, how the registry stands to it, its
//! scans and what it replaced; and its end, after a question.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::citizen::Citizen;
use super::document_words::{document_kind, mismatch, state_badge};
use super::documents::DONE;
use super::query::Query;
use crate::account::documents::DocumentRefused;
use crate::account::documents::{Document, DocumentState, DocumentVersion};
use crate::account::fields::birth_date;
use crate::storage::FileRecord;
use crate::texts::Texts;
use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::page::{Badge, Page};
use crate::web::page_error::PageError;
use crate::web::pages::restricted;
use crate::web::posted::Posted;

/// `/account/documents/{id}`
#[derive(Template)]
#[template(path = "account/document.html")]
pub struct DocumentPage {
    /// The frame.
    pub page: Page,
    /// What has just been done.
    pub done: Option<String>,
    /// Wrong fields: `scan`.
    pub problems: Problems,
    /// The address of this page, for its forms.
    pub href: String,
    pub title: String,
    pub current: Version,
    /// What it replaced, newest first.
    pub earlier: Vec<Version>,
}

/// A version of it.
#[derive(Clone, Debug, Default)]
pub struct Version {
    pub number: String,
    pub issued_on: String,
    pub issued_by: String,
    pub expires_on: String,
    pub is_over: bool,
    pub state: Badge,
    /// The fields that do not match.
    pub mismatch: Option<String>,
    pub added: Moment,
    pub scans: Vec<Scan>,
}

/// A scan.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    pub href: String,
    pub id: String,
    /// Kind and size, in words.
    pub about: String,
    pub added: Moment,
}

/// `/account/documents/{id}/delete`
#[derive(Template)]
#[template(path = "account/document_delete.html")]
pub struct DocumentDeletePage {
    /// The frame.
    pub page: Page,
    pub title: String,
    pub number: String,
    /// Where the form goes.
    pub action: String,
    /// Back without doing it.
    pub back_href: String,
}

/// While the registry is asked, the page is watched for as long as an answer
/// usually takes.
const WATCHED: std::time::Duration = std::time::Duration::from_secs(60);

/// The card.
pub async fn show(
    citizen: Citizen,
    Path(id): Path<String>,
    query: Query,
) -> Result<Response, PageError> {
    let done = query.done(DONE, citizen.visit.texts);
    answer(&citizen, &id, done, Problems::none()).await
}

/// The card with what is wrong with an upload.
pub(super) async fn answer(
    citizen: &Citizen,
    id: &str,
    done: Option<String>,
    problems: Problems,
) -> Result<Response, PageError> {
    let (visit, texts) = (&citizen.visit, citizen.visit.texts);
    let (document, earlier) = load(citizen, id).await?;
    let href = format!("/account/documents/{}", document.id);
    let asked = matches!(
        document.current.state,
        DocumentState::Waiting | DocumentState::InProgress
    );
    let live = asked && problems.is_empty() && visit.now.since(document.current.added_at) < WATCHED;
    let mut page = citizen.page("documents");
    page.watched = live.then(|| href.clone());
    let page = DocumentPage {
        page,
        done,
        problems,
        title: document_kind(texts, document.kind.name),
        current: version(citizen, &href, &document.current),
        earlier: earlier
            .iter()
            .map(|one| version(citizen, &href, one))
            .collect(),
        href,
    };
    match live {
        true => visit.show_watched(&page),
        false => visit.show(&page),
    }
}

/// The document of this citizen; anybody else's is not there.
pub(super) async fn load(
    citizen: &Citizen,
    id: &str,
) -> Result<(Document, Vec<DocumentVersion>), PageError> {
    let found = citizen
        .visit
        .app
        .accounts
        .document(citizen.account(), id)
        .await?;
    found.ok_or(PageError::NotFound)
}

fn version(citizen: &Citizen, href: &str, version: &DocumentVersion) -> Version {
    let (texts, zone) = (citizen.visit.texts, citizen.zone());
    let scan = |file: &FileRecord| Scan {
        href: format!("{href}/scans/{}", file.id),
        id: file.id.clone(),
        about: about(texts, file),
        added: zone.date_time(file.created_at),
    };
    Version {
        number: version.data.number.clone(),
        issued_on: birth_date(&version.data.issued_on),
        issued_by: version.data.issued_by.clone(),
        expires_on: birth_date(&version.data.expires_on),
        is_over: version.is_over(citizen.visit.now),
        state: state_badge(texts, &version.state),
        mismatch: mismatch(texts, &version.state),
        added: zone.date(version.added_at),
        scans: version.scans.iter().map(scan).collect(),
    }
}

fn about(texts: Texts, file: &FileRecord) -> String {
    let kind = match file.media_type.as_str() {
        "application/pdf" => "PDF",
        "image/png" => "PNG",
        _ => "JPEG",
    };
    let kib = u64::try_from(file.size).unwrap_or_default().div_ceil(1024);
    format!("{kind}, {}", texts.count("file-size", kib))
}

/// The question before the end.
pub async fn ask_delete(citizen: Citizen, Path(id): Path<String>) -> Result<Response, PageError> {
    if citizen.person.restriction(citizen.visit.now).is_some() {
        return Ok(restricted::go(&citizen.visit));
    }
    let (document, _) = load(&citizen, &id).await?;
    let back_href = format!("/account/documents/{}", document.id);
    citizen.visit.show(&DocumentDeletePage {
        page: citizen.page("documents"),
        title: document_kind(citizen.visit.texts, document.kind.name),
        number: document.current.data.number,
        action: format!("{back_href}/delete"),
        back_href,
    })
}

/// The end.
pub async fn delete(
    citizen: Citizen,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let deleted = visit
        .app
        .accounts
        .delete_document(&citizen.session, &id, &visit.browser(), visit.now)
        .await;
    match deleted {
        Ok(()) => Ok(visit.go("/account/documents?done=deleted")),
        Err(DocumentRefused::Restricted) => Ok(restricted::go(visit)),
        Err(DocumentRefused::Internal(error)) => Err(error.into()),
        Err(_) => Err(PageError::NotFound),
    }
}
