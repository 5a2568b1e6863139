//! Freezing one's account, and how it thaws.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/account/freeze`
#[derive(Template)]
#[template(path = "account/freeze.html")]
pub struct FreezePage {
    /// The frame.
    pub page: Page,
    /// Whether there is a second factor, which is asked for as well.
    pub factors: bool,
    /// Whether nothing can be sent: only a service centre can thaw it.
    pub out_of_reach: bool,
}

/// What freezing does, with the button.
pub async fn show(citizen: Citizen) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let accounts = &visit.app.accounts;
    let person = &citizen.person;
    let phone = person.phone.as_ref().is_some_and(|phone| phone.confirmed);
    let email = person.email.as_ref().is_some_and(|email| email.confirmed);
    visit.show(&FreezePage {
        page: citizen.page("security"),
        factors: accounts.has_second_factor(citizen.account()).await?,
        out_of_reach: !phone && !email,
    })
}

/// Freezes it: this session ends as well.
pub async fn submit(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let (accounts, browser) = (&visit.app.accounts, visit.browser());
    accounts
        .freeze(citizen.account(), &browser, visit.now)
        .await?;
    visit.app.outbox.wake();
    let mut response = visit.go("/unfreeze?done=yes");
    visit.sign_out(&mut response);
    Ok(response)
}

/// `/unfreeze`
#[derive(Template)]
#[template(path = "unfreeze.html")]
pub struct UnfreezePage {
    /// The frame.
    pub page: Page,
    /// Whether it has just been frozen.
    pub done: bool,
}

/// How a frozen account thaws.
pub async fn unfreeze(visit: Visit) -> Result<Response, PageError> {
    visit.show(&UnfreezePage {
        page: visit.page(None),
        done: visit.query("done").is_some(),
    })
}
