//! Registration, in three steps: who you are, the code, the password.

use askama::Template;

use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::page::{Page, Site};

/// `/register`: names, contact and the two agreements.
#[derive(Template)]
#[template(path = "register.html")]
pub struct RegisterPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes, with the flow it belongs to.
    pub action: String,
    /// Wrong fields: those of the form, and `terms`, `privacy`.
    pub problems: Problems,
    /// What was typed.
    pub form: RegisterForm,
    /// The site that sent the citizen here.
    pub site: Option<Site>,
    /// Signing in, with the same flow.
    pub sign_in_href: String,
}

/// What was typed into the first step.
#[derive(Clone, Debug, Default)]
pub struct RegisterForm {
    /// Surname.
    pub family_name: String,
    /// Name.
    pub given_name: String,
    /// Patronymic, optional.
    pub middle_name: String,
    /// Phone or e-mail address.
    pub contact: String,
    /// Whether the user agreement is ticked.
    pub terms: bool,
    /// Whether the personal-data policy is ticked.
    pub privacy: bool,
}

/// `/register/code`: the code from the message.
#[derive(Template)]
#[template(path = "register_code.html")]
pub struct RegisterCodePage {
    /// The frame.
    pub page: Page,
    /// Where the code goes.
    pub action: String,
    /// Where the request for another code goes.
    pub resend_action: String,
    /// The first step again, to change the contact.
    pub change_href: String,
    /// Wrong fields: `code`.
    pub problems: Problems,
    /// Where the code was sent, masked.
    pub contact: String,
    /// Whether it went by e-mail, where a link stands beside the code.
    pub by_email: bool,
    /// Tries that are left, told once one was lost; at none the code is dead.
    pub tries_left: Option<u64>,
    /// Until when the code is good.
    pub expires: Moment,
    /// When another code may be asked for; none if it may be now.
    pub resend_at: Option<Moment>,
    /// Another code has just been sent.
    pub resent: bool,
}

/// `/register/link`: opened from the e-mail, perhaps in another browser. It
/// asks for a press: mail scanners open links, and must not use them up.
#[derive(Template)]
#[template(path = "register_link.html")]
pub struct RegisterLinkPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes.
    pub action: String,
    /// The secret of the link, sent on as the field `token`; none if the link is dead.
    pub token: Option<String>,
    /// Registration from the start.
    pub register_href: String,
}

/// `/register/password`: the last step.
#[derive(Template)]
#[template(path = "register_password.html")]
pub struct RegisterPasswordPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes.
    pub action: String,
    /// Wrong fields: `password` (every broken rule), `password_repeat`.
    pub problems: Problems,
    /// The rules of the password (texts `password-rule-…`).
    pub rules: Vec<String>,
    /// The contact, so that a password keeper files the password under it.
    pub username: String,
}
