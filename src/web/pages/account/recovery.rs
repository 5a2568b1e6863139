//! Somebody recovers access to this account: its owner, who is here, cancels it.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// `/account/recovery`
#[derive(Template)]
#[template(path = "account/recovery.html")]
pub struct RecoveryPage {
    /// The frame.
    pub page: Page,
    /// When a new password may be set; none when nothing is under way.
    pub opens: Option<Moment>,
    /// When a form about the account was sent that is under way, and when a
    /// password may be set by it, once that is decided.
    pub appeal: Option<(Moment, Option<Moment>)>,
    /// Whether it has just been cancelled.
    pub done: bool,
}

/// What is under way, with the button.
pub async fn show(citizen: Citizen) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let accounts = &visit.app.accounts;
    let opens_at = accounts
        .recovery_opens_at(citizen.account(), visit.now)
        .await?;
    let appeal = accounts
        .open_appeal_of(citizen.account(), visit.now)
        .await?;
    let zone = citizen.zone();
    visit.show(&RecoveryPage {
        appeal: appeal.map(|appeal| {
            let opens = appeal.opens_at.map(|at| zone.date_time(at));
            (zone.date_time(appeal.created_at), opens)
        }),
        page: citizen.page("security"),
        opens: opens_at.map(|at| citizen.zone().date_time(at)),
        done: visit.query("done").is_some(),
    })
}

/// Cancels it.
pub async fn cancel(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let (accounts, browser) = (&visit.app.accounts, visit.browser());
    let cancelled = accounts
        .cancel_own_recovery(citizen.account(), &browser, visit.now)
        .await?;
    visit.app.outbox.wake();
    Ok(visit.go(match cancelled {
        true => "/account/recovery?done=yes",
        false => "/account/recovery",
    }))
}

/// Cancels every form about the account.
pub async fn cancel_appeal(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let (accounts, browser) = (&visit.app.accounts, visit.browser());
    let cancelled = accounts
        .cancel_own_appeals(citizen.account(), &browser, visit.now)
        .await?;
    visit.app.outbox.wake();
    Ok(visit.go(match cancelled {
        true => "/account/recovery?done=yes",
        false => "/account/recovery",
    }))
}
