//! Adding or replacing a phone or an e-mail address: which one, and a fresh
//! proof of who asks (requirements B13, C10).

use std::time::Duration;

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::query::Query;
use super::security::locked;
use crate::account::contacts::ContactRefused;
use crate::model::secret::Secret;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::restricted;
use crate::web::posted::Posted;

/// `/account/contacts`
#[derive(Template)]
#[template(path = "account/contact.html")]
pub struct ContactPage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `contact`, `current_password`.
    pub problems: Problems,
    /// What was typed.
    pub contact: String,
    /// Whether the last proof is too old, so that the password is asked for.
    pub asks_password: bool,
    /// The present phone, which a new one takes the place of.
    pub phone: Option<String>,
    /// The present e-mail address.
    pub email: Option<String>,
    /// What has just happened, in the language of the page.
    pub warning: Option<String>,
}

const WARNINGS: &[(&str, &str)] = &[
    ("expired", key("contact-code-dead")),
    ("taken", key("contact-taken")),
];

/// The form.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    if citizen.person.restriction(citizen.visit.now).is_some() {
        return Ok(restricted::go(&citizen.visit));
    }
    let warning = query.done(WARNINGS, citizen.visit.texts);
    answer(
        &citizen,
        "",
        asks_password(&citizen),
        Problems::none(),
        warning,
    )
}

/// Sends a code to the new contact.
pub async fn begin(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let texts = visit.texts;
    let contact = form.text("contact");
    let password = Some(form.text("current_password"))
        .filter(|password| !password.is_empty())
        .map(Secret::new);
    let accounts = &visit.app.accounts;
    let begun = accounts
        .begin_contact_change(
            &citizen.session,
            password.as_ref(),
            contact,
            &visit.browser(),
            visit.now,
        )
        .await;
    let mut problems = Problems::none();
    match begun {
        Ok(begun) => {
            visit.app.outbox.wake();
            return Ok(visit.go(&super::contact_code::address(&begun.handle)));
        }
        Err(ContactRefused::Problems(found)) => problems = Problems::found(texts, &found),
        Err(ContactRefused::Restricted) => return Ok(restricted::go(visit)),
        Err(ContactRefused::NeedsProof) => {
            problems.add("current_password", texts.t("problem-password-empty"));
        }
        Err(ContactRefused::Locked {
            until,
            block_number,
        }) => {
            problems.add("current_password", locked(visit, until, &block_number));
        }
        Err(ContactRefused::TooMany { .. }) => {
            problems.add("contact", texts.t("problem-code-resend-limit"));
        }
        Err(ContactRefused::Busy { retry_after }) => {
            return Err(PageError::Busy(later::seconds(retry_after)));
        }
        Err(ContactRefused::Internal(error)) => return Err(error.into()),
    }
    let asks = asks_password(&citizen) || problems.has("current_password");
    answer(&citizen, contact, asks, problems, None)
}

/// Whether the last proof is older than the settings let pass.
fn asks_password(citizen: &Citizen) -> bool {
    let fresh = citizen
        .visit
        .app
        .accounts
        .settings()
        .limits
        .fresh_proof_seconds;
    let proven = &citizen.session.authentication;
    !proven.is_fresh(Duration::from_secs(fresh), citizen.visit.now)
}

fn answer(
    citizen: &Citizen,
    contact: &str,
    asks_password: bool,
    problems: Problems,
    warning: Option<String>,
) -> Result<Response, PageError> {
    let person = &citizen.person;
    citizen.visit.show(&ContactPage {
        page: citizen.page("profile"),
        problems,
        contact: contact.to_owned(),
        asks_password,
        phone: person.phone.as_ref().map(|phone| phone.value.formatted()),
        email: person
            .email
            .as_ref()
            .map(|email| email.value.as_str().to_owned()),
        warning,
    })
}
