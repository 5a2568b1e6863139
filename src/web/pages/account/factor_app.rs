//! Adding an authenticator app: a QR code, the same as text, and a code of the
//! app as the proof that it works.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use crate::account::factor::enrol::{EnrolRefused, NewApp};
use crate::texts::key;
use crate::web::cabinet;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::restricted;
use crate::web::posted::Posted;
use crate::web::qr::picture;

/// `/account/factors/totp`
#[derive(Template)]
#[template(path = "account/factor_app.html")]
pub struct FactorAppPage {
    /// The frame.
    pub page: Page,
    pub action: String,
    /// Wrong fields: `code`.
    pub problems: Problems,
    /// The picture, as SVG.
    pub qr: String,
    /// The same for whoever cannot scan, in groups of four.
    pub secret: String,
    /// Opens an app on the same device.
    pub address: String,
    /// What was begun.
    pub sealed: String,
    /// What was typed as the name.
    pub name: String,
}

/// Begins.
pub async fn show(citizen: Citizen) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let issuer = issuer(&citizen);
    let accounts = &visit.app.accounts;
    match accounts
        .begin_app(&citizen.session, &issuer, visit.now)
        .await
    {
        Ok(app) => answer(&citizen, &app, "", Problems::none()),
        Err(refused) => elsewhere(&citizen, refused),
    }
}

/// Checks the app's code and adds it.
pub async fn confirm(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let (sealed, name, code) = (form.text("app"), form.text("name"), form.text("code"));
    let accounts = &visit.app.accounts;
    let browser = visit.browser();
    let confirmed = accounts
        .confirm_app(&citizen.session, sealed, (name, code), &browser, visit.now)
        .await;
    visit.app.outbox.wake();
    let problem = match confirmed {
        Ok(secret) => {
            let mut response =
                visit.go(&visit.with_flow_and("/account/factors", &[("done", "added")]));
            visit.renew_session(&mut response, &secret);
            return Ok(response);
        }
        Err(EnrolRefused::WrongCode) => visit.texts.t(key("problem-app-code")),
        Err(EnrolRefused::Wait { retry_after }) => {
            let at = later::from(visit, visit.now.plus(retry_after));
            visit.texts.say("problem-second-too-many", "time", at.text)
        }
        Err(refused) => return elsewhere(&citizen, refused),
    };
    let issuer = issuer(&citizen);
    let under_way = accounts
        .app_under_way(&citizen.session, &issuer, sealed, visit.now)
        .await;
    let mut problems = Problems::none();
    problems.add("code", problem);
    match under_way {
        Ok(app) => answer(&citizen, &app, name, problems),
        Err(refused) => elsewhere(&citizen, refused),
    }
}

/// Where a refusal leads that no field of the form can mend.
pub fn elsewhere(citizen: &Citizen, refused: EnrolRefused) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    match refused {
        EnrolRefused::Internal(error) => Err(error.into()),
        EnrolRefused::NeedsProof => Ok(cabinet::prove_again(visit)),
        EnrolRefused::Restricted => Ok(restricted::go(visit)),
        _ => Ok(visit.go(&visit.with_flow("/account/factors"))),
    }
}

/// Whose codes the app shows: the host people know.
fn issuer(citizen: &Citizen) -> String {
    let app = &citizen.visit.app;
    let host = url::Url::parse(&app.provider.issuer)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_default()
}

fn answer(
    citizen: &Citizen,
    app: &NewApp,
    name: &str,
    problems: Problems,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let groups: Vec<_> = app
        .secret
        .expose()
        .as_bytes()
        .chunks(4)
        .map(|group| String::from_utf8_lossy(group).into_owned())
        .collect();
    visit.show(&FactorAppPage {
        page: citizen.page("security"),
        action: visit.with_flow("/account/factors/totp"),
        problems,
        qr: picture(&app.address)?,
        secret: groups.join(" "),
        address: app.address.clone(),
        sealed: app.sealed.clone(),
        name: name.to_owned(),
    })
}
