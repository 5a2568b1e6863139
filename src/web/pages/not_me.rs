//! The link of a message: "it was not me". It works in any browser, without
//! signing in, and asks for a press: mail scanners open links. What it does is
//! said before, and what it did, after.

use askama::Template;
use axum::response::Response;

use crate::account::not_me::LinkUsed;
use crate::model::secret::Secret;
use crate::notify::MessageKind;
use crate::storage::Undone;
use crate::texts::{Texts, key};
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/not-me`
#[derive(Template)]
#[template(path = "not_me.html")]
pub struct NotMePage {
    /// The frame.
    pub page: Page,
    pub state: State,
}

/// What there is to say.
pub enum State {
    /// What a press would do.
    Ready {
        /// The secret of the link, sent on as the field `ticket`.
        ticket: String,
        /// What happened, and when.
        event: String,
        at: Moment,
        /// What would be done.
        will: Vec<String>,
    },
    /// What was done, and whether the account is frozen as well.
    Done { did: Vec<String>, frozen: bool },
    /// It was done before.
    Before,
    /// No such link, or its time is over.
    Dead,
}

/// What the link would do; it stays good.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    let ticket = visit.query("ticket").unwrap_or_default();
    let accounts = &visit.app.accounts;
    let found = accounts
        .find_not_me(&Secret::new(ticket.as_str()), visit.now)
        .await?;
    let texts = visit.texts;
    let state = match found {
        None => State::Dead,
        Some(found) => match found.undone {
            None => State::Before,
            Some(undone) => State::Ready {
                ticket,
                event: event(texts, found.kind),
                at: visit.zone(None).date_time(found.at),
                will: said(texts, &undone, true),
            },
        },
    };
    answer(&visit, state)
}

/// The press.
pub async fn submit(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let form = posted.checked(&visit)?;
    let ticket = Secret::new(form.text("ticket"));
    let (accounts, browser) = (&visit.app.accounts, visit.browser());
    let used = accounts.use_not_me(&ticket, &browser, visit.now).await?;
    let state = match used {
        LinkUsed::Done { undone, account } => {
            let frozen = form.ticked("freeze");
            if frozen {
                accounts.freeze(&account, &browser, visit.now).await?;
            }
            State::Done {
                did: said(visit.texts, &undone, false),
                frozen,
            }
        }
        LinkUsed::Before => State::Before,
        LinkUsed::Unknown => State::Dead,
    };
    visit.app.outbox.wake();
    answer(&visit, state)
}

/// `/not-me/later`
#[derive(Template)]
#[template(path = "not_me_later.html")]
pub struct LaterPage {
    /// The frame.
    pub page: Page,
}

/// Somebody else knows the password, and nothing that could be asked for beside
/// it is surely the owner's.
pub async fn later(visit: Visit) -> Result<Response, PageError> {
    visit.show(&LaterPage {
        page: visit.page(None),
    })
}

fn answer(visit: &Visit, state: State) -> Result<Response, PageError> {
    visit.show(&NotMePage {
        page: visit.page(None),
        state,
    })
}

/// What happened, by the subject of its message.
fn event(texts: Texts, kind: MessageKind) -> String {
    texts.t(match kind {
        MessageKind::SignInNewDevice => key("not-me-event-sign-in"),
        MessageKind::FirstFactorShown => key("not-me-event-password-shown"),
        MessageKind::FactorAdded => key("not-me-event-factor-added"),
        MessageKind::FactorRemoved => key("not-me-event-factor-removed"),
        MessageKind::BackupCodesMade => key("not-me-event-backup-codes"),
        MessageKind::ContactChanged => key("not-me-event-contact"),
        MessageKind::PasswordChanged => key("not-me-event-password"),
        MessageKind::ConsentGiven => key("not-me-event-consent"),
        MessageKind::NoticesChanged => key("not-me-event-notices"),
        MessageKind::BrowserTold => key("not-me-event-browser"),
        MessageKind::RecoveryDone | MessageKind::LoginRestored => key("not-me-event-recovery"),
        MessageKind::AccountUnfrozen => key("not-me-event-unfrozen"),
        MessageKind::DeviceRightsChanged | MessageKind::DeviceForgotten => {
            key("not-me-event-device")
        }
        MessageKind::LinkAdded => key("not-me-event-link-added"),
        _ => key("not-me-event-link-removed"),
    })
}

/// What is undone, line by line: as what will be done, or as what was.
fn said(texts: Texts, undone: &Undone, ahead: bool) -> Vec<String> {
    let pick = |will, did| if ahead { will } else { did };
    let counted = [
        (
            pick(key("not-me-will-sessions"), key("not-me-did-sessions")),
            undone.sessions,
        ),
        (
            pick(key("not-me-will-factors"), key("not-me-did-factors")),
            undone.factors,
        ),
        (
            pick(key("not-me-will-restore"), key("not-me-did-restore")),
            undone.restored,
        ),
        (
            pick(key("not-me-will-contacts"), key("not-me-did-contacts")),
            undone.contacts,
        ),
        (
            pick(key("not-me-will-links"), key("not-me-did-links")),
            undone.links,
        ),
        (
            pick(key("not-me-will-consents"), key("not-me-did-consents")),
            undone.consents,
        ),
    ];
    let mut lines: Vec<String> = counted
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| texts.count(name, count))
        .collect();
    lines.push(texts.t(pick(key("not-me-will-device"), key("not-me-did-device"))));
    if undone.password {
        lines.push(texts.t(pick(
            key("not-me-will-password-back"),
            key("not-me-did-password-back"),
        )));
    }
    lines
}
