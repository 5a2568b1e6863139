//! Password and sessions.

use askama::Template;

use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::page::Page;

/// `/account/security`
#[derive(Template)]
#[template(path = "account/security.html")]
pub struct SecurityPage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `current_password`, `password` (every broken rule), `password_repeat`.
    pub problems: Problems,
    /// When the password was set.
    pub password_set: Moment,
    /// Days left until it must be replaced; none if passwords do not age.
    pub password_days_left: Option<u64>,
    /// The rules of the password (texts `password-rule-…`).
    pub rules: Vec<String>,
    /// The contact, so that a password keeper files the password under it.
    pub username: String,
    /// Open sessions, this one first.
    pub sessions: Vec<OpenSession>,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
}

/// An open session.
#[derive(Clone, Debug, Default)]
pub struct OpenSession {
    /// Its public id, the value of the field `session`.
    pub id: String,
    /// Device, system and browser.
    pub device: String,
    /// Place or network address.
    pub place: String,
    /// When it began.
    pub began: Moment,
    /// When it was last used.
    pub last_use: Moment,
    /// Whether it is the one that shows this page.
    pub current: bool,
    /// Sites it has signed in to.
    pub sites: Vec<String>,
}
