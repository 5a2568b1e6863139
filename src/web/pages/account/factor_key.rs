//! Adding a key or passkey: the browser makes it when the button is pressed.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::factor_app::elsewhere;
use crate::account::factor::enrol::EnrolRefused;
use crate::account::factor::key::Challenge;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::security_headers::WithScript;

/// `/account/factors/key`
#[derive(Template)]
#[template(path = "account/factor_key.html")]
pub struct FactorKeyPage {
    /// The frame.
    pub page: Page,
    pub action: String,
    /// Wrong fields: `key`.
    pub problems: Problems,
    pub challenge: Challenge,
    /// What was typed as the name.
    pub name: String,
}

/// The page.
pub async fn show(citizen: Citizen) -> Result<Response, PageError> {
    if !citizen.visit.app.accounts.has_keys() {
        return Ok(citizen.visit.go("/account/factors"));
    }
    answer(&citizen, "", Problems::none()).await
}

/// Takes the key that the browser made.
pub async fn confirm(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let accounts = &visit.app.accounts;
    if !accounts.has_keys() {
        return Ok(visit.go("/account/factors"));
    }
    let (made, name) = (
        (form.text("challenge"), form.text("answer")),
        form.text("name"),
    );
    let browser = visit.browser();
    let confirmed = accounts
        .confirm_key(&citizen.session, made, name, &browser, visit.now)
        .await;
    visit.app.outbox.wake();
    match confirmed {
        Ok(secret) => {
            let list = visit.with_flow_and("/account/factors", &[("done", "added")]);
            let mut response = visit.go(&list);
            visit.renew_session(&mut response, &secret);
            Ok(response)
        }
        Err(EnrolRefused::WrongCode) => {
            let mut problems = Problems::none();
            problems.add("key", visit.texts.t(key("problem-key")));
            answer(&citizen, name, problems).await
        }
        Err(refused) => elsewhere(&citizen, refused),
    }
}

async fn answer(citizen: &Citizen, name: &str, problems: Problems) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let accounts = &visit.app.accounts;
    let challenge = match accounts.begin_key(&citizen.session, visit.now).await {
        Ok(challenge) => challenge,
        Err(refused) => return elsewhere(citizen, refused),
    };
    let mut response = visit.show(&FactorKeyPage {
        page: citizen.page("security"),
        action: visit.with_flow("/account/factors/key"),
        problems,
        challenge,
        name: name.to_owned(),
    })?;
    response.extensions_mut().insert(WithScript);
    Ok(response)
}
