//! Photographs that prove who somebody is (requirement B8): the page where they
//! are sent, and how they stand on the page of the level.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::citizen::Citizen;
use crate::account::proofing::{
    PHOTOGRAPHS, PhotographState, PhotographsRefused, UploadedPhotograph,
};
use crate::model::level::Level;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::moments::Moment;
use crate::web::page::{Badge, Page};
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::upload::{Upload, Uploaded};

/// `/account/level/photographs`
#[derive(Template)]
#[template(path = "account/photographs.html")]
pub struct PhotographsPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes.
    pub action: String,
    /// Back without sending anything.
    pub back_href: String,
    /// Wrong fields, by the names of the form.
    pub problems: Problems,
    /// Each photograph: name, label, hint.
    pub photographs: Vec<(&'static str, String, String)>,
    /// Whether the consent was ticked.
    pub consents: bool,
    /// Days the photographs are kept after the decision.
    pub keep_days: u64,
}

/// How it stands, on the page of the level.
#[derive(Clone, Debug, Default)]
pub struct PhotographCard {
    pub state: Option<Badge>,
    /// What it means.
    pub text: String,
    /// When photographs were sent, while they wait.
    pub sent: Option<Moment>,
    /// Why the last ones did not help.
    pub refused: Option<String>,
    /// Where photographs are sent; none while some wait.
    pub href: Option<String>,
    /// Where those that wait are taken back.
    pub withdraw: Option<String>,
}

const PATH: &str = "/account/level/photographs";

/// The card; none for whom photographs would prove nothing.
pub(super) async fn card(
    citizen: &Citizen,
    level: Level,
) -> Result<Option<PhotographCard>, PageError> {
    let (visit, texts) = (&citizen.visit, citizen.visit.texts);
    if level != Level::Standard || visit.app.operators.centres().await?.is_empty() {
        return Ok(None);
    }
    let last = visit
        .app
        .accounts
        .photographs(citizen.account(), visit.now)
        .await?;
    let sent = last
        .as_ref()
        .map(|last| citizen.zone().date_time(last.sent_at));
    let badge = |kind, text| {
        Some(Badge {
            kind,
            text: texts.t(text),
        })
    };
    let card = match last.map(|last| last.state) {
        Some(PhotographState::Waiting) => {
            return Ok(Some(PhotographCard {
                state: badge("info", key("photographs-waiting")),
                text: texts.t(key("photographs-waiting-about")),
                sent,
                withdraw: Some(visit.with_flow("/account/level/photographs/withdraw")),
                ..PhotographCard::default()
            }));
        }
        Some(PhotographState::Refused(reason)) => PhotographCard {
            state: badge("danger", key("photographs-refused")),
            refused: Some(reason),
            ..PhotographCard::default()
        },
        Some(PhotographState::Expired) => PhotographCard {
            state: badge("warning", key("photographs-expired")),
            ..PhotographCard::default()
        },
        Some(PhotographState::Confirmed | PhotographState::Withdrawn) | None => {
            PhotographCard::default()
        }
    };
    Ok(Some(PhotographCard {
        text: texts.t(key("photographs-about")),
        href: Some(visit.with_flow(PATH)),
        ..card
    }))
}

/// The form.
pub async fn show(citizen: Citizen) -> Result<Response, PageError> {
    match card(&citizen, citizen.person.level(citizen.visit.now)).await? {
        Some(PhotographCard { href: Some(_), .. }) => answer(&citizen, Problems::none(), false),
        _ => Ok(back(&citizen)),
    }
}

/// Sends the photographs, or shows the form again with everything that is wrong.
pub async fn send(citizen: Citizen, uploaded: Uploaded) -> Result<Response, PageError> {
    let (visit, texts) = (&citizen.visit, citizen.visit.texts);
    let form = uploaded.checked(visit)?;
    let consents = form.text("photographs_consent") == "yes";
    let photographs = PHOTOGRAPHS.map(|name| photograph(&form, name));
    let (session, browser) = (&citizen.session, visit.browser());
    let outcome = visit
        .app
        .accounts
        .send_photographs(session, photographs, consents, &browser, visit.now)
        .await;
    let mut problems = Problems::none();
    match outcome {
        Ok(()) => Ok(back(&citizen)),
        Err(PhotographsRefused::Problems(found)) => {
            for problem in found {
                let text = texts.t(problem.text().0);
                let text = match PHOTOGRAPHS.contains(&problem.field) {
                    // Of three fields alike: which one.
                    true => format!("{}: {text}", texts.t(label(problem.field))),
                    false => text,
                };
                problems.add(problem.field, text);
            }
            answer(&citizen, problems, consents)
        }
        Err(PhotographsRefused::TooMany { retry_after }) => {
            let at = later::from(visit, visit.now.plus(retry_after));
            problems.add(
                PHOTOGRAPHS[0],
                texts.say("uploads-too-many", "time", at.text),
            );
            let response = answer(&citizen, problems, consents)?;
            let status = StatusCode::TOO_MANY_REQUESTS;
            Ok(later::refusal(response, status, retry_after))
        }
        Err(PhotographsRefused::Internal(error)) => Err(error.into()),
    }
}

/// Takes photographs back that wait.
pub async fn withdraw(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    visit
        .app
        .accounts
        .withdraw_photographs(&citizen.session, &visit.browser(), visit.now)
        .await?;
    Ok(back(&citizen))
}

fn photograph(form: &Upload, name: &str) -> UploadedPhotograph {
    match form.file(name) {
        Some(content) => UploadedPhotograph::Content(content.to_vec()),
        None if form.is_too_large(name) => UploadedPhotograph::TooLarge,
        None => UploadedPhotograph::Missing,
    }
}

/// What a photograph is called.
pub fn label(name: &str) -> &'static str {
    match name {
        "passport_main" => key("photograph-passport-main"),
        "passport_registration" => key("photograph-passport-registration"),
        _ => key("photograph-selfie"),
    }
}

fn hint(name: &str) -> &'static str {
    match name {
        "passport_main" => key("photograph-passport-main-hint"),
        "passport_registration" => key("photograph-passport-registration-hint"),
        _ => key("photograph-selfie-hint"),
    }
}

fn back(citizen: &Citizen) -> Response {
    let visit = &citizen.visit;
    visit.go(&format!(
        "{}#photographs",
        visit.with_flow("/account/level")
    ))
}

fn answer(citizen: &Citizen, problems: Problems, consents: bool) -> Result<Response, PageError> {
    let (visit, texts) = (&citizen.visit, citizen.visit.texts);
    let field = |name| (name, texts.t(label(name)), texts.t(hint(name)));
    visit.show(&PhotographsPage {
        page: citizen.page("level"),
        action: visit.with_flow(PATH),
        back_href: visit.with_flow("/account/level"),
        problems,
        photographs: PHOTOGRAPHS.map(field).to_vec(),
        consents,
        keep_days: visit.app.config.photographs.keep_days,
    })
}
