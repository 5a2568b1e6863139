//! The texts a citizen agrees to; agreeing again to a new version is below.

mod accept;

use askama::Template;
use axum::response::Response;

pub use accept::{accept, show};

use crate::account::agreements::Document;
use crate::texts::key;
use crate::web::cabinet::citizen;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::visit::Visit;

const TERMS: [(&str, &str); 6] = [
    (key("terms-about"), key("terms-about-text")),
    (key("terms-account"), key("terms-account-text")),
    (key("terms-safety"), key("terms-safety-text")),
    (key("terms-sites"), key("terms-sites-text")),
    (key("terms-limits"), key("terms-limits-text")),
    (key("terms-changes"), key("terms-changes-text")),
];

const PRIVACY: [(&str, &str); 6] = [
    (key("privacy-law"), key("privacy-law-text")),
    (key("privacy-data"), key("privacy-data-text")),
    (key("privacy-purpose"), key("privacy-purpose-text")),
    (key("privacy-sharing"), key("privacy-sharing-text")),
    (key("privacy-storage"), key("privacy-storage-text")),
    (key("privacy-rights"), key("privacy-rights-text")),
];

/// `/agreements/terms` and `/agreements/privacy`
#[derive(Template)]
#[template(path = "agreement.html")]
pub struct AgreementPage {
    /// The frame.
    pub page: Page,
    /// What the document is called.
    pub title: String,
    /// Its version.
    pub version: String,
    /// The day from which it is in force.
    pub since: String,
    /// Its sections in order.
    pub sections: Vec<AgreementSection>,
}

/// A section of a document.
#[derive(Clone, Debug, Default)]
pub struct AgreementSection {
    /// Its heading.
    pub heading: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
}

/// `GET /agreements/terms`
pub async fn terms(visit: Visit) -> Result<Response, PageError> {
    read(&visit, Document::Terms, &TERMS).await
}

/// `GET /agreements/privacy`
pub async fn privacy(visit: Visit) -> Result<Response, PageError> {
    read(&visit, Document::Privacy, &PRIVACY).await
}

async fn read(
    visit: &Visit,
    document: Document,
    sections: &[(&str, &str)],
) -> Result<Response, PageError> {
    let texts = visit.texts;
    let person = citizen(visit).await?;
    let section = |(heading, text): &(&str, &str)| AgreementSection {
        heading: texts.t(heading),
        paragraphs: texts.t(text).lines().map(str::to_owned).collect(),
    };
    visit.show(&AgreementPage {
        page: visit.page(person.as_deref()),
        title: texts.t(match document {
            Document::Terms => key("terms-title"),
            Document::Privacy => key("privacy-title"),
        }),
        version: visit.app.accounts.version(document).to_owned(),
        since: texts.t(since_key(document)),
        sections: sections.iter().map(section).collect(),
    })
}

/// Text key of the day from which a document is in force: it belongs to the
/// words, which live in `locales/`.
const fn since_key(document: Document) -> &'static str {
    match document {
        Document::Terms => key("terms-since"),
        Document::Privacy => key("privacy-since"),
    }
}
