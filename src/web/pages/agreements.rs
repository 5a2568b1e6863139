//! The texts a citizen agrees to, and agreeing again to a new version.

use askama::Template;

use crate::web::form::Problems;
use crate::web::page::Page;

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
