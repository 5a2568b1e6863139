//! Making an account from papers, or helping whoever has one: the whole form of personal data, typed by the
//! operator from the originals.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::case::compared;
use super::clerk::Clerk;
use super::login_sheet;
use crate::account::proofing::{DataForm, Offer, PrintedLogin};
use crate::model::evidence::Attribute;
use crate::model::timestamp::Timestamp;
use crate::operator::{COMPARED, PapersForm, PapersRefused};
use crate::texts::key;
use crate::web::attributes::attribute_name;
use crate::web::data_form;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::moments::Moment;
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
    /// Until when the account is restricted, where that is it.
    pub restricted: Option<Moment>,
    /// Why the restriction should end, as typed.
    pub reason: String,
    /// What has just been done.
    pub done: Option<String>,
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
    let done = match clerk.visit.query("done").as_deref() {
        Some("lifted") => Some(clerk.visit.texts.t(key("papers-lifted"))),
        _ => None,
    };
    let page = PapersPage {
        done,
        ..page(&clerk, form, Problems::none(), None, Offer::Nothing)
    };
    clerk.visit.show(&page)
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

/// Lifts the restriction of whoever the papers are of.
pub async fn lift(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let sent = posted.checked(visit)?;
    let (form, reason) = (typed(&sent), sent.text("reason"));
    // What is no moment is none that an account is restricted until.
    let seen = Timestamp::from_millis(sent.text("until").parse().unwrap_or_default());
    let app = &visit.app;
    let lifted = app
        .operators
        .lift_restriction(
            &clerk.operator,
            &form,
            (seen, reason),
            app.registry.as_ref(),
            visit.now,
        )
        .await;
    match lifted {
        Ok(()) => {
            visit.app.outbox.wake();
            Ok(visit.go("/operator/papers?done=lifted"))
        }
        Err(PapersRefused::NoReason(until)) => {
            let mut problems = Problems::none();
            problems.add("reason", visit.texts.t(key("problem-no-reason")));
            answer(&clerk, form, problems, None, Offer::Lift(until))
        }
        Err(refused) => refuse(&clerk, form, refused, reason),
    }
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
    match outcome {
        Ok(printed) => {
            clerk.visit.app.outbox.wake();
            login_sheet::show(clerk, &printed)
        }
        Err(refused) => refuse(clerk, form, refused, ""),
    }
}

/// The form once more, with what stands in the way; a reason that was typed is
/// not lost.
fn refuse(
    clerk: &Clerk,
    form: PapersForm,
    refused: PapersRefused,
    reason: &str,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let texts = visit.texts;
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
        PapersRefused::NoReason(until) => (key("problem-no-reason"), Offer::Lift(until)),
        PapersRefused::OwnCase => (key("papers-own"), Offer::Nothing),
        PapersRefused::HasAccount(offer) => {
            let text = match offer {
                Offer::Reprint => key("papers-unused"),
                Offer::Restore => key("papers-restorable"),
                Offer::Lift(_) => key("papers-liftable"),
                Offer::Nothing => key("papers-has-account"),
            };
            (text, offer)
        }
    };
    let page = PapersPage {
        reason: reason.to_owned(),
        ..page(clerk, form, Problems::none(), Some(texts.t(text)), offer)
    };
    visit.show(&page)
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
    let page = page(clerk, form, problems, refused, offer);
    clerk.visit.show(&page)
}

fn page(
    clerk: &Clerk,
    form: PapersForm,
    problems: Problems,
    refused: Option<String>,
    offer: Offer,
) -> PapersPage {
    let visit = &clerk.visit;
    let original = |attribute: &Attribute| {
        (
            attribute.as_str(),
            attribute_name(visit.texts, *attribute),
            form.compared.contains(attribute),
        )
    };
    PapersPage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        problems,
        originals: COMPARED.iter().map(original).collect(),
        agreed: form.agreed,
        form: form.data,
        registries: visit.app.registry.is_there(),
        simulated: visit.app.registry.has_test_people(),
        refused,
        restricted: match offer {
            Offer::Lift(until) => Some(visit.zone(None).date_time(until)),
            _ => None,
        },
        offer,
        reason: String::new(),
        done: None,
    }
}
