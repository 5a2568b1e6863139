//! The browsers that show notices. Subscribing takes a script, as the browser
//! makes the subscription; the list and taking one out do not.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use http::header::CONTENT_TYPE;

use super::citizen::Citizen;
use super::query::Query;
use super::words;
use crate::account::push::{MOST, SubscribeRefused};
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::security_headers::WithScript;
use crate::web::static_files;

/// `/account/notices/browsers`
#[derive(Template)]
#[template(path = "account/browsers.html")]
pub struct BrowsersPage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `push`.
    pub problems: Problems,
    /// Our key for push services, as browsers take it.
    pub key: String,
    pub browsers: Vec<Line>,
    /// Whether there is room for another.
    pub room: bool,
    /// Whether this browser is among them.
    pub here: bool,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
}

/// A browser that shows notices.
pub struct Line {
    pub id: String,
    /// `Firefox 140, Linux`
    pub device: String,
    /// `computer`, in the language of the page.
    pub kind: String,
    pub added: Moment,
    pub here: bool,
}

const PATH: &str = "/account/notices/browsers";
const DONE: &[(&str, &str)] = &[
    ("on", key("browsers-on")),
    ("removed", key("browsers-removed")),
];

/// The list, with the button.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let done = query.done(DONE, citizen.visit.texts);
    answer(&citizen, Problems::none(), done).await
}

/// Takes the subscription that the browser made.
pub async fn subscribe(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let made = ["endpoint", "p256dh", "auth"].map(|name| form.text(name));
    let (accounts, browser) = (&visit.app.accounts, visit.browser());
    let subscribed = accounts
        .subscribe_browser(&citizen.session, made, &browser, visit.now)
        .await?;
    visit.app.outbox.wake();
    let problem = match subscribed {
        Ok(()) => return Ok(visit.go(&format!("{PATH}?done=on"))),
        Err(SubscribeRefused::Unusable) => key("problem-browsers-unusable"),
        Err(SubscribeRefused::Full) => key("problem-browsers-full"),
    };
    let mut problems = Problems::none();
    problems.add("push", visit.texts.t(problem));
    answer(&citizen, problems, None).await
}

/// Takes one out.
pub async fn remove(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let (accounts, browser) = (&visit.app.accounts, visit.browser());
    accounts
        .unsubscribe_browser(&citizen.session, form.text("browser"), &browser, visit.now)
        .await?;
    visit.app.outbox.wake();
    Ok(visit.go(&format!("{PATH}?done=removed")))
}

/// `/push-worker.js`: it stands at the root, where its scope is every page. A
/// browser asks for it anew and need not be told of changes.
pub async fn worker() -> Result<Response, PageError> {
    let file = static_files::find("push-worker.js").ok_or(PageError::NotFound)?;
    let headers = [(CONTENT_TYPE, "text/javascript; charset=utf-8")];
    Ok((headers, file).into_response())
}

async fn answer(
    citizen: &Citizen,
    problems: Problems,
    done: Option<String>,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let Some(push) = &visit.app.push else {
        return Ok(visit.go("/account/notices/settings"));
    };
    let browser = visit.browser();
    let told = visit
        .app
        .accounts
        .told_browsers(citizen.account(), Some(&browser))
        .await?;
    let zone = citizen.zone();
    let browsers: Vec<_> = told
        .into_iter()
        .map(|one| Line {
            device: words::agent(visit.texts, &one.details),
            kind: words::device_kind(visit.texts, &one.device_kind),
            added: zone.date_time(one.added_at),
            here: one.here,
            id: one.id,
        })
        .collect();
    let here = browsers.iter().any(|line| line.here);
    let mut response = visit.show(&BrowsersPage {
        page: citizen.page("notices"),
        problems,
        key: push.public_key(),
        room: here || browsers.len() < MOST,
        here,
        browsers,
        done,
    })?;
    response.extensions_mut().insert(WithScript);
    Ok(response)
}
