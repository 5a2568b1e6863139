//! Help: the citizen's requests to support and a form for another one
//! (requirement F2).

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::citizen::Citizen;
use crate::account::support::{SupportRefused, SupportState, TOPICS};
use crate::texts::{Texts, key};
use crate::web::form::Problems;
use crate::web::later;
use crate::web::moments::Moment;
use crate::web::page::{Badge, Choice, Page};
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// `/account/support`
#[derive(Template)]
#[template(path = "account/support.html")]
pub struct SupportPage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `topic`, `message`.
    pub problems: Problems,
    /// What a request may be about.
    pub topics: Vec<Choice>,
    /// What was typed.
    pub message: String,
    /// The citizen's requests, newest first.
    pub requests: Vec<RequestLine>,
}

/// A request in the list.
#[derive(Clone, Debug, Default)]
pub struct RequestLine {
    pub href: String,
    pub number: String,
    pub topic: String,
    pub state: Badge,
    pub created: Moment,
}

/// The page.
pub async fn show(citizen: Citizen) -> Result<Response, PageError> {
    answer(&citizen, "", "", Problems::none()).await
}

/// Sends a request.
pub async fn ask(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let (topic, message) = (form.text("topic"), form.text("message"));
    let asked = visit
        .app
        .accounts
        .ask_support(
            &citizen.session,
            topic,
            message,
            &visit.browser(),
            visit.now,
        )
        .await;
    match asked {
        Ok(number) => Ok(visit.go(&format!("/account/support/{number}?done=sent"))),
        Err(refused) => {
            let (problems, wait) = refusal(&citizen, refused)?;
            let response = answer(&citizen, topic, message, problems).await?;
            Ok(match wait {
                Some(wait) => later::refusal(response, StatusCode::TOO_MANY_REQUESTS, wait),
                None => response,
            })
        }
    }
}

/// What is wrong, and how long to wait if that helps; somebody else's request
/// is not there.
pub(super) fn refusal(
    citizen: &Citizen,
    refused: SupportRefused,
) -> Result<(Problems, Option<std::time::Duration>), PageError> {
    let (visit, texts) = (&citizen.visit, citizen.visit.texts);
    let mut problems = Problems::none();
    match refused {
        SupportRefused::Problems(found) => Ok((Problems::found(texts, &found), None)),
        SupportRefused::TooManyOpen => {
            problems.add("message", texts.t(key("support-too-many-open")));
            Ok((problems, None))
        }
        SupportRefused::TooMany { retry_after } => {
            let at = later::from(visit, visit.now.plus(retry_after));
            problems.add("message", texts.say("support-too-many", "time", at.text));
            Ok((problems, Some(retry_after)))
        }
        SupportRefused::Gone => Err(PageError::NotFound),
        SupportRefused::Internal(error) => Err(error.into()),
    }
}

async fn answer(
    citizen: &Citizen,
    topic: &str,
    message: &str,
    problems: Problems,
) -> Result<Response, PageError> {
    let (visit, texts) = (&citizen.visit, citizen.visit.texts);
    let accounts = &visit.app.accounts;
    let requests = accounts
        .support_requests(citizen.account(), visit.now)
        .await?;
    let zone = citizen.zone();
    let choice = |name: &str| Choice {
        value: name.to_owned(),
        label: texts.t(self::topic(name)),
        selected: name == topic,
    };
    let choose = Choice {
        label: texts.t(key("support-topic-choose")),
        ..Choice::default()
    };
    visit.show(&SupportPage {
        page: citizen.page("support"),
        problems,
        topics: std::iter::once(choose).chain(TOPICS.map(choice)).collect(),
        message: message.to_owned(),
        requests: requests
            .into_iter()
            .map(|request| RequestLine {
                href: format!("/account/support/{}", request.number),
                topic: texts.t(self::topic(&request.topic)),
                state: state(texts, request.state),
                created: zone.date_time(request.created_at),
                number: request.number,
            })
            .collect(),
    })
}

/// What a request is about, in words.
pub fn topic(name: &str) -> &'static str {
    match name {
        "sign_in" => key("support-topic-sign-in"),
        "level" => key("support-topic-level"),
        "data" => key("support-topic-data"),
        "consents" => key("support-topic-consents"),
        "security" => key("support-topic-security"),
        _ => key("support-topic-other"),
    }
}

/// Where a request stands, in words.
pub(super) fn state(texts: Texts, state: SupportState) -> Badge {
    let (kind, text) = match state {
        SupportState::New => ("info", key("support-new")),
        SupportState::InWork => ("info", key("support-in-work")),
        SupportState::Answered => ("success", key("support-answered")),
        SupportState::Closed => ("plain", key("support-closed")),
    };
    Badge {
        kind,
        text: texts.t(text),
    }
}
