//! The citizen's documents (requirement B12): those of the personal data, and
//! those kept here beside them.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::document_words::{document_kind, state_badge};
use super::query::Query;
use crate::account::documents::KINDS;
use crate::model::level::Level;
use crate::texts::key;
use crate::web::page::{Badge, Page};
use crate::web::page_error::PageError;

/// `/account/documents`
#[derive(Template)]
#[template(path = "account/documents.html")]
pub struct DocumentsPage {
    /// The frame.
    pub page: Page,
    /// What has just been done.
    pub done: Option<String>,
    /// Passport, SNILS and INN, as far as they are known.
    pub known: Vec<KnownDocument>,
    /// What is kept here.
    pub documents: Vec<DocumentLine>,
    /// Kinds that can be added: title and address.
    pub kinds: Vec<(String, String)>,
    /// Whether there is room for more.
    pub refused: Option<String>,
}

/// A document that is part of the personal data.
#[derive(Clone, Debug, Default)]
pub struct KnownDocument {
    pub title: String,
    pub number: String,
    pub state: Badge,
}

/// A document kept here.
#[derive(Clone, Debug, Default)]
pub struct DocumentLine {
    pub title: String,
    pub href: String,
    /// For the address of the card by its id.
    pub id: String,
    /// Enough of the number to know it again.
    pub number: String,
    pub state: Badge,
    pub is_over: bool,
    pub scans: u64,
}

pub(super) const DONE: &[(&str, &str)] = &[
    ("added", key("document-added")),
    ("changed", key("document-changed")),
    ("replaced", key("document-replaced")),
    ("deleted", key("document-deleted")),
    ("scan", key("document-scan-added")),
    ("unscanned", key("document-scan-deleted")),
];

/// The page.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let texts = visit.texts;
    let documents = visit.app.accounts.documents(citizen.account()).await?;
    let full = visit.query("full").is_some();
    visit.show(&DocumentsPage {
        page: citizen.page("documents"),
        done: query.done(DONE, texts),
        refused: full.then(|| texts.t(key("documents-full"))),
        known: known(&citizen),
        documents: documents
            .into_iter()
            .map(|document| DocumentLine {
                title: document_kind(texts, document.kind.name),
                href: format!("/account/documents/{}", document.id),
                number: masked(&document.current.data.number),
                state: state_badge(texts, &document.current.state),
                is_over: document.current.is_over(visit.now),
                scans: document.current.scans.len() as u64,
                id: document.id,
            })
            .collect(),
        kinds: KINDS
            .iter()
            .map(|kind| {
                let href = format!("/account/documents/new/{}", kind.name);
                (document_kind(texts, kind.name), href)
            })
            .collect(),
    })
}

/// The last three signs: a list is read over shoulders.
fn masked(number: &str) -> String {
    let count = number.chars().count();
    let shown = |(at, sign): (usize, char)| {
        if sign.is_whitespace() || sign == '-' || at + 3 >= count {
            sign
        } else {
            '•'
        }
    };
    number.chars().enumerate().map(shown).collect()
}

fn known(citizen: &Citizen) -> Vec<KnownDocument> {
    let (person, texts) = (&citizen.person, citizen.visit.texts);
    let profile = &person.profile;
    let checked = person.level(citizen.visit.now) > Level::Simplified;
    let line = |title: &str, number: Option<String>| {
        let (kind, state) = match (&number, checked) {
            (None, _) => ("plain", key("document-absent")),
            (Some(_), true) => ("success", key("document-checked")),
            (Some(_), false) => ("plain", key("document-declared")),
        };
        KnownDocument {
            title: texts.t(title),
            number: number.unwrap_or_default(),
            state: Badge {
                kind,
                text: texts.t(state),
            },
        }
    };
    vec![
        line(
            key("document-passport"),
            profile.passport.as_ref().map(|passport| passport.masked()),
        ),
        line(
            key("document-snils"),
            person.snils.as_ref().map(|snils| snils.value.masked()),
        ),
        line(
            key("document-inn"),
            profile.inn.as_ref().map(|inn| masked(inn.as_str())),
        ),
    ]
}
