//! The page a QR code leads to: another browser asks to be let in. Whoever is
//! signed in here names the number that stands there.

use askama::Template;
use axum::response::Response;

use crate::account::approval::{ApproveRefused, Asks};
use crate::model::secret::Secret;
use crate::web::cabinet::signed_in;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::account::sites::Sites;
use crate::web::pages::restricted;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/approve`
#[derive(Template)]
#[template(path = "approve.html")]
pub struct ApprovePage {
    /// The frame.
    pub page: Page,
    pub state: State,
}

/// What there is to say.
pub enum State {
    /// Somebody asks.
    Asks {
        action: String,
        device: String,
        place: String,
        /// The site it is on the way to; empty for the cabinet.
        site: String,
        numbers: Vec<String>,
        /// Whether the password was right there already.
        is_second: bool,
    },
    /// That browser is let in.
    Agreed,
    /// It is not.
    Refused,
    /// It is not: another number stands there.
    WrongNumber,
    /// This session has shown too little to answer.
    TooWeak,
    /// It was answered before, or its time is over.
    Over,
}

/// The secret of the code this address came by; it is nothing but letters,
/// digits, `-` and `_`.
pub fn asked(visit: &Visit) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    visit.query("ask").filter(|ask| ask.bytes().all(plain))
}

/// What is asked.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    let Some(ask) = asked(&visit) else {
        return answer_with(&visit, State::Over);
    };
    let Some(asks) = visit
        .app
        .accounts
        .asks(
            &Secret::new(ask.as_str()),
            visit.session.as_ref(),
            visit.now,
        )
        .await?
    else {
        return answer_with(&visit, State::Over);
    };
    if visit.session.is_none() {
        return Ok(visit.go(&format!("/sign-in?ask={ask}")));
    }
    let (session, person) = match signed_in(&visit).await {
        Ok(signed_in) => signed_in,
        Err(elsewhere) => return Ok(elsewhere),
    };
    match visit.app.accounts.may_approve(&session, visit.now).await {
        Ok(()) => {}
        Err(refused) => return elsewhere(&visit, &ask, refused),
    }
    let site = site(&visit, &asks).await?;
    let page = ApprovePage {
        page: visit.page(Some(&person)),
        state: State::Asks {
            action: format!("/approve?ask={ask}"),
            device: asks.browser.device(),
            place: asks.browser.address,
            site,
            numbers: asks.numbers,
            is_second: asks.is_second,
        },
    };
    visit.show(&page)
}

/// The site's name, as the page's language has it.
async fn site(visit: &Visit, asks: &Asks) -> Result<String, PageError> {
    Ok(match &asks.client {
        Some(client) => Sites::of(visit).site(client).await?.name,
        None => String::new(),
    })
}

/// The answer: a number, or none for a refusal.
pub async fn answer(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let form = posted.checked(&visit)?;
    let (session, _) = match signed_in(&visit).await {
        Ok(signed_in) => signed_in,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let Some(ask) = asked(&visit) else {
        return answer_with(&visit, State::Over);
    };
    let (link, browser) = (Secret::new(ask.as_str()), visit.browser());
    let accounts = &visit.app.accounts;
    let number = form.text("number");
    let state = if number.is_empty() {
        accounts
            .disapprove(&session, &link, &browser, visit.now)
            .await?;
        State::Refused
    } else {
        let answered = accounts
            .approve(&session, &link, number, &browser, visit.now)
            .await;
        match answered {
            Ok(()) => State::Agreed,
            Err(ApproveRefused::WrongNumber) => State::WrongNumber,
            Err(ApproveRefused::TooWeak) => State::TooWeak,
            Err(ApproveRefused::Over) => State::Over,
            Err(refused) => return elsewhere(&visit, &ask, refused),
        }
    };
    visit.app.outbox.wake();
    answer_with(&visit, state)
}

/// Where somebody goes who may not answer yet.
fn elsewhere(visit: &Visit, ask: &str, refused: ApproveRefused) -> Result<Response, PageError> {
    match refused {
        ApproveRefused::Restricted => Ok(restricted::go(visit)),
        ApproveRefused::Internal(error) => Err(error.into()),
        _ => Ok(visit.go(&format!("/sign-in?again=yes&ask={ask}"))),
    }
}

fn answer_with(visit: &Visit, state: State) -> Result<Response, PageError> {
    visit.show(&ApprovePage {
        page: visit.page(None),
        state,
    })
}
