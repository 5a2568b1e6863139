//! Signing in with an identifier and a password.

use askama::Template;

use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::page::{Page, Site};

/// `/sign-in`
#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes, with the flow it belongs to.
    pub action: String,
    /// Wrong fields: `username`, `password`.
    pub problems: Problems,
    /// What was typed as the identifier, or the hint of the site that asks.
    pub username: String,
    /// The site that sent the citizen here.
    pub site: Option<Site>,
    /// Why the form is shown, if not for the first time.
    pub notice: Option<SignInNotice>,
    /// Registration, with the same flow.
    pub register_href: String,
}

/// What is said above the form.
#[derive(Clone, Debug)]
pub enum SignInNotice {
    /// The session ended by time-out (requirement C7).
    SessionExpired,
    /// The password was changed or the sessions were ended by the citizen.
    SignedOut,
    /// The site asked for the password once more (`prompt=login`, `max_age`).
    Again,
    /// Identifier and password do not fit together; which is wrong is not told (A8).
    BadCredentials,
    /// Password sign-in is locked (requirement C6).
    Locked {
        /// When it opens again.
        until: Moment,
        /// Number by which support finds the block.
        block: String,
    },
    /// Too many are signing in; the password was not checked.
    Busy,
}
