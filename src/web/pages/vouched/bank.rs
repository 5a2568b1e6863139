//! To a bank and back.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use http::StatusCode;
use http::header::{HeaderName, HeaderValue};

use super::enter;
use crate::account::proofing::bank::{BankRefused, Returned, Start};
use crate::texts::key;
use crate::web::asked::Asked;
use crate::web::cabinet::citizen;
use crate::web::later;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::register::step;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// The page between here and the bank. A redirect in answer to a form may lead
/// to no other host (`form-action`); a page that moves on by itself may.
#[derive(Template)]
#[template(path = "vouched/leave.html")]
pub struct LeavePage {
    /// The frame.
    pub page: Page,
    /// The bank.
    pub bank: String,
    /// Its page.
    pub href: String,
}

/// Nothing came of it.
#[derive(Template)]
#[template(path = "vouched/refused.html")]
pub struct RefusedPage {
    /// The frame.
    pub page: Page,
    pub title: String,
    pub text: String,
    /// Another way, with the flow.
    pub href: String,
    pub action: String,
}

const REFRESH: HeaderName = HeaderName::from_static("refresh");

/// Begins the way to a bank: to sign in, or with `prove` to prove who somebody
/// is who is signed in already.
pub async fn leave(
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let proves = posted.checked(&visit)?.ticked("prove");
    let accounts = &visit.app.accounts;
    let asked_by = match &visit.session {
        Some(session) if proves => {
            // What is added is another way in: no less than a fresh proof.
            if !accounts.is_proven(session, visit.now).await? {
                let params = [("again", "yes"), ("to", "level")];
                return Ok(visit.go(&visit.with_flow_and("/sign-in", &params)));
            }
            Some(&session.account)
        }
        None if proves => return Ok(visit.go(&visit.with_flow_and("/sign-in", &[("to", "level")]))),
        _ => None,
    };
    // A sign-in that is asked for anew is anew at the bank as well: by the site,
    // or of somebody who is signed in already.
    let asked = Asked::of_flow(&visit).await?;
    let asked_anew = asked.is_some_and(|asked| asked.request.demands_fresh_sign_in());
    let again = visit.query("again").is_some();
    let start = Start {
        browser: visit.browser_id(),
        address: visit.address,
        flow: visit.flow_text.as_deref(),
        asked_by,
        anew: !proves && (visit.session.is_some() || asked_anew || again),
        strong: again,
        lang: visit.texts.lang(),
    };
    match visit.app.banks.begin(&id, start, visit.now).await {
        Ok(href) => {
            let bank = visit.app.banks.find(&id);
            let mut response = visit.show(&LeavePage {
                page: visit.page(citizen(&visit).await?.as_deref()),
                bank: bank
                    .map_or("", |bank| visit.localized(bank.name()))
                    .to_owned(),
                href: href.clone(),
            })?;
            if let Ok(value) = HeaderValue::from_str(&format!("0; url={href}")) {
                response.headers_mut().insert(REFRESH, value);
            }
            Ok(response)
        }
        Err(refused) => refuse(&visit, &id, refused).await,
    }
}

/// Back from a bank.
pub async fn callback(mut visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    let returned = Returned {
        state: visit.query("state").unwrap_or_default(),
        code: visit.query("code"),
        iss: visit.query("iss"),
        error: visit.query("error"),
    };
    let lang = visit.texts.lang();
    let banks = &visit.app.banks;
    let finished = banks
        .finish(&id, visit.browser_id(), &returned, lang, visit.now)
        .await?;
    let Some(finished) = finished else {
        return refuse(&visit, &id, BankRefused::Round).await;
    };
    visit.resume(finished.flow);
    let asserted = match finished.result {
        Ok(asserted) => asserted,
        Err(refused) => return refuse(&visit, &id, refused).await,
    };
    let accounts = visit.app.accounts.clone();
    if let Some(account) = &finished.asked_by {
        let handle = accounts
            .hold_assertion(asserted, Some(account), visit.now)
            .await?;
        return Ok(visit.go(&step::href(&visit, "/assertion", &handle)?));
    }
    enter(&visit, asserted, finished.strong).await
}

/// One plain page for all that may go wrong; the log has the reason.
async fn refuse(visit: &Visit, id: &str, refused: BankRefused) -> Result<Response, PageError> {
    tracing::warn!(
        bank = id,
        reason = refused.reason(),
        "nothing came of a way to a bank"
    );
    let texts = visit.texts;
    let (title, text, wait) = match refused {
        BankRefused::UnknownBank => return Err(PageError::NotFound),
        BankRefused::Internal(error) => return Err(error.into()),
        BankRefused::Away => (key("bank-away-title"), texts.t("bank-away-text"), None),
        BankRefused::Denied => (key("bank-denied-title"), texts.t("bank-denied-text"), None),
        BankRefused::Round => (key("bank-round-title"), texts.t("bank-round-text"), None),
        BankRefused::Check(_) => (key("bank-check-title"), texts.t("bank-check-text"), None),
        BankRefused::TooMany { retry_after } => {
            let at = later::from(visit, visit.now.plus(retry_after));
            let text = texts.say("bank-too-many", "time", at.text);
            (key("bank-away-title"), text, Some(retry_after))
        }
    };
    let mut response = refused_page(visit, texts.t(title), text).await?;
    if let Some(wait) = wait {
        response = later::refusal(response, StatusCode::TOO_MANY_REQUESTS, wait);
    }
    Ok(response)
}

/// What is over, with another way.
pub(super) async fn refused_page(
    visit: &Visit,
    title: String,
    text: String,
) -> Result<Response, PageError> {
    let person = citizen(visit).await?;
    let (href, action) = match &person {
        Some(_) => (visit.with_flow("/account/level"), key("bank-to-level")),
        None => (visit.with_flow("/sign-in"), key("bank-to-sign-in")),
    };
    visit.show(&RefusedPage {
        page: visit.page(person.as_deref()),
        title,
        text,
        href,
        action: visit.texts.t(action),
    })
}
