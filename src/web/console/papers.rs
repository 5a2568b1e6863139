//! Making an account from papers: the whole form of personal data, typed by the
//! operator from the originals.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::case::compared;
use super::clerk::Clerk;
use super::login_sheet;
use crate::account::proofing::{DataForm, Offer, PrintedLogin};
use crate::model::evidence::Attribute;
use crate::operator::{COMPARED, PapersForm, PapersRefused};
use crate::texts::key;
use crate::web::attributes::attribute_name;
use crate::web::data_form;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::{Form, Posted};

/// `/operator/papers`
#[derive(Template)]
#[template(path = "console/papers.html")]
pub struct PapersPage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// Wrong fields, by the names of the form; `compared`, `agreed`.
    pub problems: Problems,
    /// What was typed.
    pub form: DataForm,
    /// Whether there is anybody to check the data.
    pub registries: bool,
    /// Whether the registries are simulated.
    pub simulated: bool,
    /// Originals to compare: name, label, whether it is ticked.
    pub originals: Vec<(&'static str, String, bool)>,
    /// Whether the agreement in writing is ticked.
    pub agreed: bool,
    /// Why no account was made, when no field is wrong.
    pub refused: Option<String>,
    /// What may be done instead.
    pub offer: Offer,
}

/// The empty form.
pub async fn show(clerk: Clerk) -> Result<Response, PageError> {
    let form = PapersForm {
        data: DataForm {
            lives_there: true,
            ..DataForm::default()
        },
        ..PapersForm::default()
    };
    answer(&clerk, form, Problems::none(), None, Offer::Nothing)
}

/// Printed pages and their forms have no address of their own.
pub async fn again(clerk: Clerk) -> Response {
    clerk.visit.go("/operator/papers")
}

/// Makes the account and shows what is printed.
pub async fn register(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = typed(&posted.checked(visit)?);
    let app = &visit.app;
    if !app.registry.is_there() {
        return Ok(visit.go("/operator/papers"));
    }
    let made = app
        .operators
        .register_from_papers(
            &clerk.operator,
            &form,
            app.registry.as_ref(),
            visit.texts.0,
            visit.now,
        )
        .await;
    ended(&clerk, form, made)
}

/// Prints another temporary password for an account nobody has used.
pub async fn reprint(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = typed(&posted.checked(visit)?);
    let app = &visit.app;
    let printed = app
        .operators
        .reprint_login(&clerk.operator, &form, app.registry.as_ref(), visit.now)
        .await;
    ended(&clerk, form, printed)
}

/// Prints a temporary password for whoever has forgotten theirs.
pub async fn restore(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = typed(&posted.checked(visit)?);
    let app = &visit.app;
    let printed = app
        .operators
        .restore_login(&clerk.operator, &form, app.registry.as_ref(), visit.now)
        .await;
    ended(&clerk, form, printed)
}

fn typed(sent: &Form) -> PapersForm {
    PapersForm {
        data: data_form::typed(sent),
        compared: compared(sent),
        agreed: sent.text("agreed") == "yes",
    }
}

fn ended(
    clerk: &Clerk,
    form: PapersForm,
    outcome: Result<PrintedLogin, PapersRefused>,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let texts = visit.texts;
    let refused = match outcome {
        Ok(printed) => {
            visit.app.outbox.wake();
            return login_sheet::show(clerk, &printed);
        }
        Err(refused) => refused,
    };
    let (text, offer) = match refused {
        PapersRefused::Problems {
            fields,
            not_compared,
            not_agreed,
        } => {
            let mut problems = Problems::found(texts, &fields);
            if !not_compared.is_empty() {
                problems.add("compared", left(clerk, &not_compared));
            }
            if not_agreed {
                problems.add("agreed", texts.t(key("problem-papers-agreed")));
            }
            return answer(clerk, form, problems, None, Offer::Nothing);
        }
        PapersRefused::TooMany { retry_after } => {
            let at = later::from(visit, visit.now.plus(retry_after));
            let text = texts.say("papers-too-many", "time", at.text);
            let response = answer(clerk, form, Problems::none(), Some(text), Offer::Nothing)?;
            let status = StatusCode::TOO_MANY_REQUESTS;
            return Ok(later::refusal(response, status, retry_after));
        }
        PapersRefused::Busy { retry_after } => {
            return Err(PageError::Busy(later::seconds(retry_after)));
        }
        PapersRefused::Internal(error) => return Err(error.into()),
        PapersRefused::OwnCase => (key("papers-own"), Offer::Nothing),
        PapersRefused::HasAccount(offer) => {
            let text = match offer {
                Offer::Reprint => key("papers-unused"),
                Offer::Restore => key("papers-restorable"),
                Offer::Nothing => key("papers-has-account"),
            };
            (text, offer)
        }
    };
    answer(clerk, form, Problems::none(), Some(texts.t(text)), offer)
}

fn left(clerk: &Clerk, not_compared: &[Attribute]) -> String {
    let texts = clerk.visit.texts;
    let names: Vec<_> = not_compared
        .iter()
        .map(|name| attribute_name(texts, *name))
        .collect();
    texts.say("problem-not-compared", "fields", names.join(", "))
}

fn answer(
    clerk: &Clerk,
    form: PapersForm,
    problems: Problems,
    refused: Option<String>,
    offer: Offer,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let original = |attribute: &Attribute| {
        (
            attribute.as_str(),
            attribute_name(visit.texts, *attribute),
            form.compared.contains(attribute),
        )
    };
    visit.show(&PapersPage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        problems,
        originals: COMPARED.iter().map(original).collect(),
        agreed: form.agreed,
        form: form.data,
        registries: visit.app.registry.is_there(),
        simulated: visit.app.registry.has_test_people(),
        refused,
        offer,
    })
}
