//! Entering by what was asserted: into the account that is known by it, or to
//! the page where the citizen decides.

use axum::response::Response;

use super::bank::refused_page;
use crate::account::proofing::asserted::{Asserted, EnterRefused, Entered};
use crate::account::sign_in::Arrival;
use crate::texts::key;
use crate::web::asked::{Asked, arrival};
use crate::web::page_error::PageError;
use crate::web::pages::register::step;
use crate::web::pages::second_step::admitted as admitted_response;
use crate::web::visit::Visit;

/// Signs the person in, or asks what they want. `strong` asks for a second factor
/// at a trusted device too.
pub async fn enter(visit: &Visit, asserted: Asserted, strong: bool) -> Result<Response, PageError> {
    let asked = Asked::of_flow(visit).await?;
    let browser = visit.browser();
    let arrival = arrival(&browser, asked.as_ref());
    let arrival = Arrival {
        strong: arrival.strong || strong,
        ..arrival
    };
    let entered = visit
        .app
        .accounts
        .enter_asserted(asserted, arrival, visit.now)
        .await;
    visit.app.outbox.wake();
    match entered {
        Ok(Entered::Known(admitted)) => admitted_response(visit, admitted),
        Ok(Entered::Waits(handle)) => Ok(visit.go(&step::href(visit, "/assertion", &handle)?)),
        Err(EnterRefused::Blocked) => {
            let (title, text) = (key("sign-in-blocked-title"), key("sign-in-blocked-text"));
            refused_page(visit, visit.texts.t(title), visit.texts.t(text)).await
        }
        Err(EnterRefused::Unusual) => {
            let (title, text) = (key("sign-in-unusual-title"), key("sign-in-unusual-text"));
            refused_page(visit, visit.texts.t(title), visit.texts.t(text)).await
        }
        Err(EnterRefused::Internal(error)) => Err(error.into()),
    }
}
