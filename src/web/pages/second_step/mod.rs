//! The second step of a sign-in, or of a session that must become stronger:
//! one way is shown, the others are a link away.

mod elsewhere;
mod step_up;
mod submit;

pub use elsewhere::Elsewhere;
pub use step_up::{begin as begin_step_up, decline, show as show_step_up};
pub use submit::{send, submit};

use askama::Template;
use axum::response::Response;

use super::approve;
use super::register::step;
use super::sign_in::onward;
use crate::account::factor::enrolled::Kind;
use crate::account::factor::key::Challenge;
use crate::account::registration::Pending;
use crate::account::second_step::{SecondStep, Way};
use crate::account::sign_in::Admitted;
use crate::model::secret::Secret;
use crate::texts::{Texts, key};
use crate::web::asked::Asked;
use crate::web::cabinet::{citizen, duty_path};
use crate::web::form::Problems;
use crate::web::later;
use crate::web::moments::Moment;
use crate::web::oauth::authorize::allow_return;
use crate::web::page::{Page, Site};
use crate::web::page_error::PageError;
use crate::web::security_headers::WithScript;
use crate::web::visit::Visit;

/// `/sign-in/second`
#[derive(Template)]
#[template(path = "second_step.html")]
pub struct SecondStepPage {
    /// The frame.
    pub page: Page,
    /// The site that sent the citizen here.
    pub site: Option<Site>,
    /// Where the code goes.
    pub action: String,
    /// Where the request for a code goes; none where nothing is sent.
    pub send_action: Option<String>,
    /// Wrong fields: `code`.
    pub problems: Problems,
    /// What is asked for, in words.
    pub about: String,
    /// The code that is under way, if one is sent at all.
    pub sent: Option<Sent>,
    /// Whether a code can be typed already.
    pub typing: bool,
    /// Whether digits are asked for that a phone may fill in.
    pub one_time: bool,
    /// What the account's keys are asked, when that is the way.
    pub challenge: Option<Challenge>,
    /// How far the question to another browser is, when that is the way.
    pub elsewhere: Option<Elsewhere>,
    /// Whether the device may be trusted from now on.
    pub may_trust: bool,
    pub trust_days: u64,
    /// Other ways, in words, with their addresses.
    pub others: Vec<(String, String)>,
    /// Out of it.
    pub cancel_href: String,
}

/// A code under way.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Until when it is good.
    pub until: Moment,
    /// When another may be asked for; none if it may be now.
    pub resend_at: Option<Moment>,
}

/// The parameter that carries the handle of a step.
const SECOND: &str = "second";

/// In, by way of what must be done first, or to the second step.
///
/// # Errors
/// Only internal ones.
pub fn admitted(visit: &Visit, admitted: Admitted) -> Result<Response, PageError> {
    match admitted {
        Admitted::SignedIn(signed_in) => {
            let mut response = match &signed_in.duty {
                Some(duty) => visit.go(&visit.with_flow(duty_path(duty))),
                None => onward(visit),
            };
            visit.sign_in(&mut response, &signed_in.session, &signed_in.device);
            Ok(response)
        }
        Admitted::Later => Ok(visit.go("/not-me/later")),
        Admitted::SecondStep(handle) => Ok(visit.go(&address(visit, &handle, None)?)),
    }
}

/// To a step that another page has begun.
///
/// # Errors
/// Only internal ones.
pub fn go(visit: &Visit, handle: &Secret) -> Result<Response, PageError> {
    let sealed = step::seal(visit, handle)?;
    Ok(visit.go(&visit.with_flow_and("/sign-in/second", &[(SECOND, &sealed)])))
}

/// The address of a step; where it leads afterwards is kept.
fn address(visit: &Visit, handle: &Secret, way: Option<Way>) -> Result<String, PageError> {
    address_of(visit, "/sign-in/second", handle, way)
}

fn address_of(
    visit: &Visit,
    path: &str,
    handle: &Secret,
    way: Option<Way>,
) -> Result<String, PageError> {
    let sealed = step::seal(visit, handle)?;
    let mut params = vec![(SECOND, sealed.as_str())];
    params.extend(way.map(|way| ("way", way.as_str())));
    let asked = visit
        .query(elsewhere::ASKED)
        .filter(|_| way == Some(Way::Elsewhere) && elsewhere::asked(visit).is_some());
    params.extend(asked.as_deref().map(|asked| (elsewhere::ASKED, asked)));
    Ok(kept(visit, path, &params))
}

/// An address of a sign-in; where it leads afterwards is kept.
pub fn kept(visit: &Visit, path: &str, params: &[(&str, &str)]) -> String {
    let to = visit
        .query("to")
        .filter(|to| to.bytes().all(|byte| byte.is_ascii_lowercase()));
    let waits = visit
        .query("step")
        .filter(|_| step::handle(visit).is_some());
    let ask = approve::asked(visit);
    let mut all = params.to_vec();
    all.extend(to.as_deref().map(|to| ("to", to)));
    all.extend(waits.as_deref().map(|waits| ("step", waits)));
    all.extend(ask.as_deref().map(|ask| ("ask", ask)));
    visit.with_flow_and(path, &all)
}

/// The page, while the step is under way.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    answer(&visit, Problems::none()).await
}

async fn answer(visit: &Visit, problems: Problems) -> Result<Response, PageError> {
    let Some((handle, step, way)) = under_way(visit).await? else {
        return Ok(over(visit));
    };
    let accounts = &visit.app.accounts;
    let sent = match way {
        Way::Factor(kind) => accounts.step_code(&handle, kind, visit.now).await?,
        Way::Elsewhere | Way::Backup => None,
    };
    let elsewhere = match way {
        Way::Elsewhere => Some(elsewhere::state(visit, &handle).await?),
        _ => None,
    };
    let is_sent = sends(way);
    let asked = Asked::of_flow(visit).await?;
    let person = citizen(visit).await?;
    let mut others = Vec::new();
    for (other, contact) in step.ways.iter().filter(|(other, _)| *other != way) {
        let words = way_words(visit.texts, *other, contact.as_deref());
        others.push((words, address(visit, &handle, Some(*other))?));
    }
    let days = accounts.settings().limits.trusted_device_days;
    let asks = matches!(elsewhere, Some(Elsewhere::NotAsked | Elsewhere::Over));
    let send_action = (is_sent || asks)
        .then(|| address_of(visit, "/sign-in/second/code", &handle, Some(way)))
        .transpose()?;
    let contact = step
        .ways
        .iter()
        .find_map(|(known, contact)| contact.as_deref().filter(|_| *known == way));
    let mut page = visit.page(person.as_deref());
    if let Some(Elsewhere::Asked { again_href, .. }) = &elsewhere {
        page.watched = Some(again_href.clone());
    }
    let is_watched = page.watched.is_some();
    let view = SecondStepPage {
        page,
        site: asked
            .as_ref()
            .map(|asked| visit.site(&asked.request.client)),
        action: address(visit, &handle, Some(way))?,
        send_action,
        problems,
        about: about(visit.texts, way, contact),
        typing: match &elsewhere {
            Some(state) => matches!(state, Elsewhere::Agreed),
            None => !is_sent || sent.is_some(),
        },
        sent: sent.map(|sent| moments(visit, &sent)),
        one_time: way != Way::Backup,
        challenge: match way {
            Way::Factor(Kind::Key) => Some(accounts.step_challenge(&handle, visit.now).await?),
            _ => None,
        },
        elsewhere,
        may_trust: step.begins && days > 0,
        trust_days: days,
        others,
        cancel_href: visit.with_flow("/sign-in"),
    };
    let mut response = match is_watched {
        true => visit.show_watched(&view)?,
        false => visit.show(&view)?,
    };
    if view.challenge.is_some() {
        response.extensions_mut().insert(WithScript);
    }
    if let Some(asked) = &asked {
        allow_return(&mut response, &asked.request);
    }
    Ok(response)
}

/// The step this address finds, and the way it asks for.
async fn under_way(visit: &Visit) -> Result<Option<(Secret, SecondStep, Way)>, PageError> {
    let Some(handle) = step::named(visit, SECOND) else {
        return Ok(None);
    };
    let accounts = &visit.app.accounts;
    let Some(step) = accounts.second_step(&handle, visit.now).await? else {
        return Ok(None);
    };
    let way = step.way(visit.query("way").as_deref());
    Ok(way.map(|way| (handle, step, way)))
}

/// Where somebody goes whose step is over: to begin anew, or on.
fn over(visit: &Visit) -> Response {
    match &visit.session {
        Some(_) => onward(visit),
        None => visit.go(&visit.with_flow_and("/sign-in", &[("over", "yes")])),
    }
}

/// Whether the codes of a way are sent.
fn sends(way: Way) -> bool {
    matches!(way, Way::Factor(Kind::Sms | Kind::Email))
}

fn moments(visit: &Visit, sent: &Pending) -> Sent {
    Sent {
        until: later::until(visit, sent.expires_at),
        resend_at: (sent.resend_at > visit.now).then(|| later::from(visit, sent.resend_at)),
    }
}

/// A way as a choice.
fn way_words(texts: Texts, way: Way, contact: Option<&str>) -> String {
    match way.as_str() {
        "key" => texts.t(key("second-way-key")),
        "totp" => texts.t(key("second-way-totp")),
        "sms" => texts.say("second-way-sms", "contact", contact.unwrap_or_default()),
        "email" => texts.say("second-way-email", "contact", contact.unwrap_or_default()),
        "elsewhere" => texts.t(key("second-way-elsewhere")),
        _ => texts.t(key("second-way-backup")),
    }
}

/// What a way asks for.
fn about(texts: Texts, way: Way, contact: Option<&str>) -> String {
    match way.as_str() {
        "key" => texts.t(key("second-about-key")),
        "totp" => texts.t(key("second-about-totp")),
        "sms" => texts.say("second-about-sms", "contact", contact.unwrap_or_default()),
        "email" => texts.say("second-about-email", "contact", contact.unwrap_or_default()),
        "elsewhere" => texts.t(key("second-about-elsewhere")),
        _ => texts.t(key("second-about-backup")),
    }
}
