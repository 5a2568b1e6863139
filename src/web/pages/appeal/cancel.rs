//! The link of a message that cancels an application: in any browser, without
//! signing in, by a press, for mail scanners open links.

use askama::Template;
use axum::response::Response;

use crate::account::recovery::{CancelLink, Cancelled};
use crate::model::secret::Secret;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/recover/form/cancel`
#[derive(Template)]
#[template(path = "appeal_cancel.html")]
pub struct AppealCancelPage {
    /// The frame.
    pub page: Page,
    pub state: State,
}

/// What there is to say.
pub enum State {
    /// What a press would cancel.
    Ready {
        /// The secret of the link, sent on as the field `ticket`.
        ticket: String,
        begun: Moment,
        /// When a password may be set, once it is decided.
        opens: Option<Moment>,
    },
    /// It has just been cancelled, or was over before.
    Cancelled,
    /// The new password has been set: another link takes that back.
    Done,
    /// No such link, or its time is over.
    Dead,
}

/// What the link would cancel; it stays good.
pub(super) async fn show(visit: Visit) -> Result<Response, PageError> {
    let ticket = visit.query("ticket").unwrap_or_default();
    let secret = Secret::new(ticket.as_str());
    let accounts = &visit.app.accounts;
    let zone = visit.zone(None);
    let state = match accounts.find_appeal_cancel(&secret, visit.now).await? {
        None => State::Dead,
        Some(CancelLink::Done) => State::Done,
        Some(CancelLink::Cancelled) => State::Cancelled,
        Some(CancelLink::Open { begun_at, opens_at }) => State::Ready {
            ticket,
            begun: zone.date_time(begun_at),
            opens: (opens_at > begun_at).then(|| zone.date_time(opens_at)),
        },
    };
    answer(&visit, state)
}

/// The press.
pub(super) async fn submit(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let form = posted.checked(&visit)?;
    let ticket = Secret::new(form.text("ticket"));
    let (accounts, browser) = (&visit.app.accounts, visit.browser());
    let cancelled = accounts
        .cancel_appeal_by_link(&ticket, &browser, visit.now)
        .await?;
    visit.app.outbox.wake();
    answer(
        &visit,
        match cancelled {
            Cancelled::Now | Cancelled::Before => State::Cancelled,
            Cancelled::Done => State::Done,
            Cancelled::Unknown => State::Dead,
        },
    )
}

fn answer(visit: &Visit, state: State) -> Result<Response, PageError> {
    visit.show(&AppealCancelPage {
        page: visit.page(None),
        state,
    })
}
