//! Where the owner of a device without a keyboard enters the code it shows
//! (RFC 8628 §3.3), and the page that says how it ended.

use std::time::Duration;

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use crate::protocol::authorization::AuthorizationRequest;
use crate::protocol::authorization::awaited::Way;
use crate::protocol::authorization::flow::{Flow, Origin};
use crate::protocol::authorization::response::Destination;
use crate::protocol::grant::device_code;
use crate::protocol::params::Params;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page::{Page, Site};
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/device`
#[derive(Template)]
#[template(path = "device.html")]
pub struct DevicePage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `user_code`.
    pub problems: Problems,
    pub user_code: String,
}

/// How a request ended that no browser carries back.
#[derive(Template)]
#[template(path = "device_answered.html")]
pub struct DeviceAnsweredPage {
    /// The frame.
    pub page: Page,
    /// Who waits.
    pub site: Site,
    /// How it ended, as keys of texts.
    pub title: &'static str,
    pub text: &'static str,
    pub given: bool,
}

/// The form; a code that came with the address is filled in, and still sent by
/// hand (§5.4).
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    let user_code = visit.query("user_code").unwrap_or_default();
    form(&visit, Problems::none(), user_code)
}

/// Finds the request and begins its flow.
pub async fn enter(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let fields = posted.checked(&visit)?;
    let user_code = fields.text("user_code").trim().to_owned();
    let (accounts, provider) = (&visit.app.accounts, &visit.app.provider);
    if let Some(wait) = accounts.allow_user_code(visit.address, visit.now).await? {
        return too_many(&visit, user_code, wait);
    }
    match device_code::find(provider, &user_code, visit.now).await? {
        Some(reference) => {
            let origin = Origin::Awaited { reference };
            let browser = visit.browser_id();
            let flow = Flow::begin(origin, &Params::default(), browser, visit.now);
            let sealed = provider.seal_flow(&flow)?;
            Ok(visit.go(&format!("/oauth/authorize?flow={sealed}")))
        }
        None => {
            let problem = match user_code.is_empty() {
                true => key("problem-user-code-empty"),
                false => key("problem-user-code"),
            };
            let mut problems = Problems::none();
            problems.add("user_code", visit.texts.t(problem));
            form(&visit, problems, user_code)
        }
    }
}

fn too_many(visit: &Visit, user_code: String, wait: Duration) -> Result<Response, PageError> {
    let at = later::from(visit, visit.now.plus(wait));
    let mut problems = Problems::none();
    let text = visit.texts.say("problem-code-too-many", "time", at.text);
    problems.add("user_code", text);
    let response = form(visit, problems, user_code)?;
    Ok(later::refusal(
        response,
        StatusCode::TOO_MANY_REQUESTS,
        wait,
    ))
}

fn form(visit: &Visit, problems: Problems, user_code: String) -> Result<Response, PageError> {
    visit.show(&DevicePage {
        page: visit.page(None),
        problems,
        // Nothing longer is a code.
        user_code: user_code.chars().take(20).collect(),
    })
}

/// The end of the person's part.
///
/// # Errors
/// When the template fails.
pub fn answered(
    visit: &Visit,
    request: &AuthorizationRequest,
    given: bool,
) -> Result<Response, PageError> {
    let is_device = matches!(
        &request.to,
        Destination::Awaited { reference, .. } if reference.way == Way::Device
    );
    let (title, text) = match (is_device, given) {
        (true, true) => (key("device-given-title"), key("device-given-text")),
        (true, false) => (key("device-denied-title"), key("device-denied-text")),
        (false, true) => (key("asked-given-title"), key("asked-given-text")),
        (false, false) => (key("asked-denied-title"), key("asked-denied-text")),
    };
    visit.show(&DeviceAnsweredPage {
        page: visit.page(None),
        site: visit.site(&request.client),
        title,
        text,
        given,
    })
}
