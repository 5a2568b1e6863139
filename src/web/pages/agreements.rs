//! The texts a citizen agrees to, and agreeing again to a new version.

use askama::Template;

use crate::web::form::Problems;
use crate::web::page::Page;
use crate::texts::key;

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

impl AgreementPage {
    /// The user agreement.
    pub fn terms(page: Page, version: String, since: String) -> Self {
        let title = page.t("terms-title");
        Self::of(page, title, &TERMS, version, since)
    }

    /// The personal-data policy.
    pub fn privacy(page: Page, version: String, since: String) -> Self {
        let title = page.t("privacy-title");
        Self::of(page, title, &PRIVACY, version, since)
    }

    fn of(
        page: Page,
        title: String,
        keys: &[(&str, &str)],
        version: String,
        since: String,
    ) -> Self {
        let section = |(heading, text): &(&str, &str)| AgreementSection {
            heading: page.t(heading),
            paragraphs: page.t(text).lines().map(str::to_owned).collect(),
        };
        let sections = keys.iter().map(section).collect();
        Self {
            page,
            title,
            version,
            since,
            sections,
        }
    }
}

/// `/agreements`: a new version must be accepted before going on.
#[derive(Template)]
#[template(path = "agreements_accept.html")]
pub struct AgreementsAcceptPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes, with the flow it belongs to.
    pub action: String,
    /// Wrong fields: `terms`, `privacy`.
    pub problems: Problems,
    /// New version of the user agreement, if it is to be accepted.
    pub terms: Option<NewVersion>,
    /// New version of the personal-data policy, if it is to be accepted.
    pub privacy: Option<NewVersion>,
}

/// A version that waits to be accepted.
#[derive(Clone, Debug, Default)]
pub struct NewVersion {
    /// Its name.
    pub version: String,
    /// The day from which it is in force.
    pub since: String,
    /// What has changed, in a sentence; may be empty.
    pub change: String,
    /// Whether the box was ticked.
    pub ticked: bool,
}
