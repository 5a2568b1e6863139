//! Everything done with the account, by anyone (requirement D4).

use askama::Template;

use crate::web::moments::Moment;
use crate::web::page::{Choice, Column, Page, Pages};

/// `/account/journal`
#[derive(Template)]
#[template(path = "account/journal.html")]
pub struct JournalPage {
    /// The frame.
    pub page: Page,
    /// Kinds of action, the first of them `any`; field `kind`.
    pub kinds: Vec<Choice>,
    /// Headings: when, what, who.
    pub when: Column,
    /// Heading of the action.
    pub action: Column,
    /// Heading of who did it.
    pub actor: Column,
    /// The lines.
    pub lines: Vec<JournalLine>,
    /// The same lines as a file.
    pub csv_href: String,
    /// Neighbouring pages.
    pub pages: Pages,
}

/// An action.
#[derive(Clone, Debug, Default)]
pub struct JournalLine {
    /// When.
    pub when: Moment,
    /// What was done.
    pub action: String,
    /// To what, if that needs saying.
    pub subject: Option<String>,
    /// Who did it: the citizen, a site, the system.
    pub actor: String,
    /// Place or network address, if any.
    pub place: Option<String>,
}
