//! The first step: names, contact and the two agreements.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::step;
use crate::account::registration::{BeginRefused, RegistrationForm, Start};
use crate::web::asked::Asked;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page::{Page, Site};
use crate::web::page_error::PageError;
use crate::web::pages::vouched::{BankButton, Wish, buttons};
use crate::web::posted::{Form, Posted};
use crate::web::visit::Visit;

/// `/register`
#[derive(Template)]
#[template(path = "register.html")]
pub struct RegisterPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes, with the flow it belongs to.
    pub action: String,
    /// Why this step is shown again, if it is.
    pub notice: Option<String>,
    /// Wrong fields: those of the form, and `terms`, `privacy`.
    pub problems: Problems,
    /// What was typed.
    pub form: RegistrationForm,
    /// The site that sent the citizen here.
    pub site: Option<Site>,
    /// Signing in, with the same flow.
    pub sign_in_href: String,
    /// Banks one may register through.
    pub banks: Vec<BankButton>,
}

/// The page.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    if visit.session.is_some() && visit.flow.is_none() {
        return Ok(visit.go("/account"));
    }
    let mut view = view(&visit).await?;
    if visit.query("taken").is_some() {
        view.notice = Some(visit.texts.t("register-taken"));
    } else if visit.query("over").is_some() {
        view.notice = Some(visit.texts.t("register-over"));
    }
    visit.show(&view)
}

/// The form. The answer is the same whether or not the contact is in use
/// (requirement A8).
pub async fn submit(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    // Signed in by another window meanwhile: this form is of no use any more.
    if visit.session.is_some() && !posted.is_genuine(&visit) {
        return Ok(visit.onward());
    }
    let typed = read(&posted.checked(&visit)?);
    let start = Start {
        lang: visit.texts.lang(),
        address: visit.address,
        flow: visit.flow_text.clone(),
    };
    let begun = visit
        .app
        .accounts
        .begin_registration(&typed, &start, visit.now)
        .await;
    let (problems, wait) = match begun {
        Ok(begun) => {
            visit.app.outbox.wake();
            return Ok(visit.go(&step::href(&visit, "/register/code", &begun.handle)?));
        }
        Err(BeginRefused::Problems(found)) => (Problems::found(visit.texts, &found), None),
        Err(BeginRefused::TooMany { retry_after }) => {
            let at = later::from(&visit, visit.now.plus(retry_after));
            let mut problems = Problems::none();
            problems.add(
                "contact",
                visit.texts.say("problem-code-too-many", "time", at.text),
            );
            (problems, Some(retry_after))
        }
        Err(BeginRefused::Internal(error)) => return Err(error.into()),
    };
    let page = RegisterPage {
        problems,
        form: typed,
        ..view(&visit).await?
    };
    let response = visit.show(&page)?;
    Ok(match wait {
        Some(wait) => later::refusal(response, StatusCode::TOO_MANY_REQUESTS, wait),
        None => response,
    })
}

fn read(form: &Form) -> RegistrationForm {
    let text = |name| form.text(name).to_owned();
    RegistrationForm {
        family_name: text("family_name"),
        given_name: text("given_name"),
        middle_name: text("middle_name"),
        contact: text("contact"),
        terms: form.ticked("terms"),
        privacy: form.ticked("privacy"),
    }
}

async fn view(visit: &Visit) -> Result<RegisterPage, PageError> {
    let asked = Asked::of_flow(visit).await?;
    Ok(RegisterPage {
        page: visit.page(None),
        action: visit.with_flow("/register"),
        notice: None,
        problems: Problems::none(),
        form: RegistrationForm::default(),
        banks: buttons(visit, Wish::Enter),
        site: asked.map(|asked| visit.site(&asked.request.client)),
        sign_in_href: match visit.session {
            Some(_) => visit.with_flow_and("/sign-in", &[("switch", "yes")]),
            None => visit.with_flow("/sign-in"),
        },
    })
}
