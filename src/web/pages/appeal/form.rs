//! The form: who somebody is, and photographs. Of nobody whose new contact was
//! not shown they are looked into.

use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequest as _, FromRequestParts, Request};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::request::Parts;

use super::over;
use crate::account::appeal::{AppealForm, AppealRefused, NUMBER_DIGITS, PICTURES};
use crate::account::proofing::UploadedPhotograph;
use crate::app::App;
use crate::model::secret::Secret;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::account::photograph_label;
use crate::web::pages::register::step;
use crate::web::upload::{Upload, UploadedByAnyone, UploadedByApplicant};
use crate::web::visit::Visit;

/// `/recover/form/data`
#[derive(Template)]
#[template(path = "appeal_form.html")]
pub struct AppealFormPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes.
    pub action: String,
    /// Wrong fields, by the names of the form.
    pub problems: Problems,
    /// What was typed.
    pub form: AppealForm,
    /// The new contact, masked.
    pub contact: String,
    /// Each photograph: name, label, hint.
    pub pictures: Vec<(&'static str, String, String)>,
    /// Days the photographs are kept after the decision.
    pub keep_days: u64,
    pub back_href: String,
}

/// `/recover/form/sent`
#[derive(Template)]
#[template(path = "appeal_sent.html")]
pub struct AppealSentPage {
    /// The frame.
    pub page: Page,
    /// The number of the application.
    pub number: String,
}

/// Somebody whose new contact was shown by a code.
pub(super) struct Applicant {
    visit: Visit,
    handle: Secret,
    contact: String,
}

impl FromRequestParts<Arc<App>> for Applicant {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, app)
            .await
            .map_err(PageError::into_response)?;
        let Some(handle) = step::handle(&visit) else {
            return Err(over(&visit));
        };
        let contact = app.accounts.appeal_contact(&handle, visit.now).await;
        let contact = contact.map_err(|error| PageError::from(error).into_response())?;
        match contact {
            Some(contact) => Ok(Self {
                visit,
                handle,
                contact,
            }),
            None => Err(over(&visit)),
        }
    }
}

/// The page.
pub(super) async fn show(applicant: Applicant) -> Result<Response, PageError> {
    answer(&applicant, AppealForm::default(), Problems::none())
}

/// The form. The answer is the same whoever it is about.
pub(super) async fn send(
    applicant: Result<Applicant, Response>,
    request: Request,
) -> Result<Response, PageError> {
    let applicant = match applicant {
        Ok(applicant) => applicant,
        // Read as of any stranger, or the browser would show a broken connection.
        Err(over) => {
            return UploadedByAnyone::from_request(request, &())
                .await
                .map(|_| over);
        }
    };
    let uploaded = UploadedByApplicant::from_request(request, &()).await?;
    let (visit, texts) = (&applicant.visit, applicant.visit.texts);
    let upload = uploaded.checked(visit)?;
    let form = read(&upload);
    let pictures = PICTURES.map(|name| picture(&upload, name));
    let from = (visit.address, texts.lang());
    let accounts = &visit.app.accounts;
    let sent = accounts
        .send_appeal(&applicant.handle, &form, pictures, from, visit.now)
        .await;
    let mut problems = Problems::none();
    match sent {
        Ok(number) => {
            visit.app.outbox.wake();
            let href = visit.with_flow_and("/recover/form/sent", &[("number", &number)]);
            Ok(visit.go(&href))
        }
        Err(AppealRefused::Problems(found)) => {
            let (of_files, others): (Vec<_>, Vec<_>) = found
                .into_iter()
                .partition(|problem| PICTURES.contains(&problem.field));
            problems = Problems::found(texts, &others);
            for problem in of_files {
                // Of fields alike: which one.
                let label = texts.t(photograph_label(problem.field));
                let text = format!("{label}: {}", texts.t(problem.text().0));
                problems.add(problem.field, text);
            }
            answer(&applicant, form, problems)
        }
        Err(AppealRefused::TooMany { retry_after }) => {
            let at = later::from(visit, visit.now.plus(retry_after));
            problems.add("snils", texts.say("problem-appeal-many", "time", at.text));
            let response = answer(&applicant, form, problems)?;
            let status = StatusCode::TOO_MANY_REQUESTS;
            Ok(later::refusal(response, status, retry_after))
        }
        Err(AppealRefused::Over) => Ok(over(visit)),
        Err(AppealRefused::Internal(error)) => Err(error.into()),
    }
}

/// What comes afterwards.
pub(super) async fn sent(visit: Visit) -> Result<Response, PageError> {
    let number = visit.query("number").unwrap_or_default();
    if number.len() != NUMBER_DIGITS || !number.bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(over(&visit));
    }
    visit.show(&AppealSentPage {
        page: visit.page(None),
        number,
    })
}

fn picture(upload: &Upload, name: &str) -> UploadedPhotograph {
    match upload.file(name) {
        Some(content) => UploadedPhotograph::Content(content.to_vec()),
        None if upload.is_too_large(name) => UploadedPhotograph::TooLarge,
        None => UploadedPhotograph::Missing,
    }
}

fn read(upload: &Upload) -> AppealForm {
    let text = |name| upload.text(name).to_owned();
    AppealForm {
        family_name: text("family_name"),
        given_name: text("given_name"),
        middle_name: text("middle_name"),
        birth_date: text("birth_date"),
        snils: text("snils"),
        passport: text("passport"),
        inn: text("inn"),
        text: text("appeal_text"),
        consents: upload.text("photographs_consent") == "yes",
    }
}

fn answer(
    applicant: &Applicant,
    form: AppealForm,
    problems: Problems,
) -> Result<Response, PageError> {
    let (visit, texts) = (&applicant.visit, applicant.visit.texts);
    let hint = |name: &str| match name {
        "selfie" => texts.t(key("photograph-selfie-hint")),
        _ => texts.t(key("photograph-passport-main-hint")),
    };
    let pictures = PICTURES.map(|name| (name, texts.t(photograph_label(name)), hint(name)));
    visit.show(&AppealFormPage {
        page: visit.page(None),
        action: step::href(visit, "/recover/form/data", &applicant.handle)?,
        problems,
        form,
        contact: applicant.contact.clone(),
        pictures: pictures.to_vec(),
        keep_days: visit.app.config.photographs.keep_days,
        back_href: visit.with_flow("/recover"),
    })
}
