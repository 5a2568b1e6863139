//! The form of a document: a new one, a correction, or one in the place of
//! another.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::citizen::Citizen;
use super::document::load;
use super::document_words::{document_kind, number_hint};
use crate::account::documents::{DocumentForm, DocumentKind, DocumentRefused, find_kind};
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::restricted;
use crate::web::posted::{Form, Posted};

/// `/account/documents/new/{kind}`, `/account/documents/{id}/edit`, `…/replace`
#[derive(Template)]
#[template(path = "account/document_edit.html")]
pub struct DocumentEditPage {
    /// The frame.
    pub page: Page,
    /// What is done here.
    pub heading: String,
    /// The kind of document.
    pub title: String,
    /// What becomes of the document that is there.
    pub about: Option<String>,
    /// How a number is written.
    pub number_hint: String,
    /// Whether the number holds nothing but digits.
    pub numeric: bool,
    /// Whether such documents end.
    pub ends: bool,
    /// Where the form goes.
    pub action: String,
    /// Back without doing it.
    pub back_href: String,
    pub problems: Problems,
    pub form: DocumentForm,
}

/// What the form is for.
enum Purpose<'a> {
    Add,
    Change(&'a str),
    Replace(&'a str),
}

/// An empty form of a kind.
pub async fn show_new(citizen: Citizen, Path(kind): Path<String>) -> Result<Response, PageError> {
    let kind = find_kind(&kind).ok_or(PageError::NotFound)?;
    answer(
        &citizen,
        kind,
        &Purpose::Add,
        DocumentForm::default(),
        Problems::none(),
    )
}

/// Adds a document.
pub async fn add(
    citizen: Citizen,
    Path(kind): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = typed(&posted.checked(visit)?);
    let kind = find_kind(&kind).ok_or(PageError::NotFound)?;
    let (app, browser) = (&visit.app, visit.browser());
    let registry = app.registry.as_ref();
    let added = app
        .accounts
        .add_document(&citizen.session, kind, &form, registry, &browser, visit.now)
        .await;
    match added {
        Ok(id) => {
            app.outbox.wake();
            Ok(visit.go(&format!("/account/documents/{id}?done=added")))
        }
        Err(refused) => self::refused(&citizen, kind, &Purpose::Add, form, refused),
    }
}

/// The form with what is known.
pub async fn show_change(citizen: Citizen, Path(id): Path<String>) -> Result<Response, PageError> {
    let (document, _) = load(&citizen, &id).await?;
    let form = DocumentForm::filled(&document.current.data);
    let purpose = Purpose::Change(&document.id);
    answer(&citizen, document.kind, &purpose, form, Problems::none())
}

/// Corrects a document.
pub async fn change(
    citizen: Citizen,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    write(&citizen, &Purpose::Change(&id), posted).await
}

/// An empty form for the next document.
pub async fn show_replace(citizen: Citizen, Path(id): Path<String>) -> Result<Response, PageError> {
    let (document, _) = load(&citizen, &id).await?;
    let (purpose, form) = (Purpose::Replace(&document.id), DocumentForm::default());
    answer(&citizen, document.kind, &purpose, form, Problems::none())
}

/// Puts another document in the place of this one.
pub async fn replace(
    citizen: Citizen,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    write(&citizen, &Purpose::Replace(&id), posted).await
}

/// Writes what the form holds into a document that is there.
async fn write(
    citizen: &Citizen,
    purpose: &Purpose<'_>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = typed(&posted.checked(visit)?);
    let (Purpose::Change(id) | Purpose::Replace(id)) = purpose else {
        return Err(PageError::NotFound);
    };
    let (document, _) = load(citizen, id).await?;
    let (accounts, session, browser) = (&visit.app.accounts, &citizen.session, visit.browser());
    let registry = visit.app.registry.as_ref();
    let (written, done) = match purpose {
        Purpose::Replace(_) => (
            accounts
                .replace_document(session, id, &form, registry, &browser, visit.now)
                .await,
            "replaced",
        ),
        _ => (
            accounts
                .change_document(session, id, &form, registry, &browser, visit.now)
                .await,
            "changed",
        ),
    };
    match written {
        Ok(()) => {
            visit.app.outbox.wake();
            Ok(visit.go(&format!("/account/documents/{}?done={done}", document.id)))
        }
        Err(refused) => self::refused(citizen, document.kind, purpose, form, refused),
    }
}

fn typed(form: &Form) -> DocumentForm {
    let field = |name| form.text(name).to_owned();
    DocumentForm {
        number: field("number"),
        issued_on: field("issued_on"),
        issued_by: field("issued_by"),
        expires_on: field("expires_on"),
    }
}

fn refused(
    citizen: &Citizen,
    kind: &'static DocumentKind,
    purpose: &Purpose<'_>,
    form: DocumentForm,
    refused: DocumentRefused,
) -> Result<Response, PageError> {
    match refused {
        DocumentRefused::Problems(found) => {
            let problems = Problems::found(citizen.visit.texts, &found);
            answer(citizen, kind, purpose, form, problems)
        }
        DocumentRefused::Full => Ok(citizen.visit.go("/account/documents?full=yes")),
        DocumentRefused::Restricted => Ok(restricted::go(&citizen.visit)),
        DocumentRefused::Unknown => Err(PageError::NotFound),
        DocumentRefused::Internal(error) => Err(error.into()),
    }
}

fn answer(
    citizen: &Citizen,
    kind: &'static DocumentKind,
    purpose: &Purpose<'_>,
    form: DocumentForm,
    problems: Problems,
) -> Result<Response, PageError> {
    let texts = citizen.visit.texts;
    let card = |id: &str| format!("/account/documents/{id}");
    let (heading, about, action, back_href) = match purpose {
        Purpose::Add => (
            key("document-add-title"),
            None,
            format!("/account/documents/new/{}", kind.name),
            "/account/documents".to_owned(),
        ),
        Purpose::Change(id) => (
            key("document-change-title"),
            Some(key("document-change-about")),
            format!("{}/edit", card(id)),
            card(id),
        ),
        Purpose::Replace(id) => (
            key("document-replace-title"),
            Some(key("document-replace-about")),
            format!("{}/replace", card(id)),
            card(id),
        ),
    };
    let numeric = ["foreign_passport", "driving_licence", "medical_policy"];
    citizen.visit.show(&DocumentEditPage {
        page: citizen.page("documents"),
        heading: texts.t(heading),
        title: document_kind(texts, kind.name),
        about: about.map(|about| texts.t(about)),
        number_hint: number_hint(texts, kind.name),
        numeric: numeric.contains(&kind.name),
        ends: kind.ends,
        action,
        back_href,
        problems,
        form,
    })
}
