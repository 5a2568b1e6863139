//! The form of personal data that is sent to the registries (requirement B1).

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::citizen::Citizen;
use crate::account::proofing::{DataForm, SubmissionRefused};
use crate::web::data_form;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// `/account/level/data`
#[derive(Template)]
#[template(path = "account/level_data.html")]
pub struct LevelDataPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes.
    pub action: String,
    /// Back without sending anything.
    pub back_href: String,
    /// Wrong fields, by the names of the form.
    pub problems: Problems,
    /// What was typed, or what is known.
    pub form: DataForm,
    /// Whether the registries are simulated, and know other people than real ones.
    pub simulated: bool,
    /// Why the form was not taken, when no field is wrong.
    pub refused: Option<String>,
}

const PATH: &str = "/account/level/data";

/// The form with what was sent last, else with what is known.
pub async fn show(citizen: Citizen) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    if !visit.app.registry.is_there() {
        return Ok(visit.go(&visit.with_flow("/account/level")));
    }
    let sent = visit.app.accounts.progress(citizen.account()).await?;
    let form = match sent {
        Some(sent) => DataForm::filled(&sent.data.profile, Some(&sent.data.snils)),
        None => DataForm::of(&citizen.person),
    };
    answer(&citizen, form, Problems::none(), None)
}

/// Sends the data, or shows the form again with everything that is wrong.
pub async fn send(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let sent = posted.checked(visit)?;
    let form = data_form::typed(&sent);
    let app = &visit.app;
    let outcome = app
        .accounts
        .submit_data(
            &citizen.session,
            &form,
            app.registry.as_ref(),
            &visit.browser(),
            visit.now,
        )
        .await;
    match outcome {
        Ok(()) => {
            app.outbox.wake();
            Ok(visit.go(&visit.with_flow_and("/account/level", &[("done", "sent")])))
        }
        Err(SubmissionRefused::Problems(found)) => {
            answer(&citizen, form, Problems::found(visit.texts, &found), None)
        }
        Err(SubmissionRefused::TooMany { retry_after }) => {
            let at = later::from(visit, visit.now.plus(retry_after));
            let text = visit.texts.say("level-data-too-many", "time", at.text);
            let response = answer(&citizen, form, Problems::none(), Some(text))?;
            Ok(later::refusal(
                response,
                StatusCode::TOO_MANY_REQUESTS,
                retry_after,
            ))
        }
        Err(SubmissionRefused::Internal(error)) => Err(error.into()),
    }
}

fn answer(
    citizen: &Citizen,
    form: DataForm,
    problems: Problems,
    refused: Option<String>,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    visit.show(&LevelDataPage {
        page: citizen.page("level"),
        action: visit.with_flow(PATH),
        back_href: visit.with_flow("/account/level"),
        problems,
        form,
        simulated: visit.app.registry.has_test_people(),
        refused,
    })
}
