//! A password that has served its time is replaced before going on.

use askama::Template;

use crate::web::form::Problems;
use crate::web::page::Page;

/// `/password/renew`
#[derive(Template)]
#[template(path = "password_renew.html")]
pub struct PasswordRenewPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes, with the flow it belongs to.
    pub action: String,
    /// Wrong fields: `password` (every broken rule), `password_repeat`.
    pub problems: Problems,
    /// The rules of the password (texts `password-rule-…`).
    pub rules: Vec<String>,
    /// The contact, so that a password keeper files the password under it.
    pub username: String,
    /// Days a password lives.
    pub days: u64,
}
