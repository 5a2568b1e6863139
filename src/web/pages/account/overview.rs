//! The first page of the cabinet: what is well and what wants attention.

use askama::Template;

use crate::web::moments::Moment;
use crate::web::page::Page;

/// `/account`
#[derive(Template)]
#[template(path = "account/overview.html")]
pub struct OverviewPage {
    /// The frame.
    pub page: Page,
    /// Full name of the citizen.
    pub name: String,
    /// Level of the account, as a word (texts `level-…`).
    pub level: String,
    /// What the level opens (texts `level-…-about`).
    pub level_about: String,
    /// The sign-in before this one.
    pub last_sign_in: Option<LastSignIn>,
    /// Sessions open now, this one included.
    pub sessions: u64,
    /// Consents in force.
    pub consents: u64,
    /// Notices not read yet.
    pub unread: u64,
    /// What wants attention, most urgent first.
    pub warnings: Vec<Warning>,
    /// Registration has just been finished.
    pub welcome: bool,
}

/// When and from where.
#[derive(Clone, Debug, Default)]
pub struct LastSignIn {
    /// When.
    pub when: Moment,
    /// Device and browser.
    pub device: String,
    /// Place or network address.
    pub place: String,
}

/// A thing to mend, with the door to where it is mended.
#[derive(Clone, Debug, Default)]
pub struct Warning {
    /// What is wrong.
    pub text: String,
    /// Where it is mended.
    pub href: String,
    /// What the link says.
    pub action: String,
}
