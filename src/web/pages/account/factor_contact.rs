//! Making the account's phone or e-mail address a second factor: a code goes
//! there and comes back.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::citizen::Citizen;
use super::factor_app::elsewhere;
use super::factors::kind_title;
use super::query::Query;
use crate::account::factor::enrol::EnrolRefused;
use crate::account::factor::enrolled::Kind;
use crate::account::registration::{CodeRefused, Pending, Resent};
use crate::model::secret::Secret;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// `/account/factors/{kind}`
#[derive(Template)]
#[template(path = "account/factor_contact.html")]
pub struct FactorContactPage {
    /// The frame.
    pub page: Page,
    pub title: String,
    /// Where the request for a code goes.
    pub send_action: String,
    /// Where the code goes; none before one was sent.
    pub action: Option<String>,
    /// Wrong fields: `code`.
    pub problems: Problems,
    /// Where the code went, masked.
    pub contact: String,
    pub until: Moment,
    pub resend_at: Option<Moment>,
    /// Why no code was sent.
    pub refused: Option<String>,
}

/// The parameter that carries the handle.
const NEW: &str = "new";

/// The page: what it is good for, or the field for the code.
pub async fn show(
    citizen: Citizen,
    Path(kind): Path<String>,
    query: Query,
) -> Result<Response, PageError> {
    let Some(kind) = Kind::parse(&kind).filter(|kind| matches!(kind, Kind::Sms | Kind::Email))
    else {
        return Ok(citizen.visit.go("/account/factors"));
    };
    let handle = Secret::new(query.text(NEW));
    answer(&citizen, kind, &handle, Problems::none(), None).await
}

/// Sends a code, the first or another.
pub async fn send(
    citizen: Citizen,
    Path(kind): Path<String>,
    query: Query,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let Some(kind) = Kind::parse(&kind).filter(|kind| matches!(kind, Kind::Sms | Kind::Email))
    else {
        return Ok(visit.go("/account/factors"));
    };
    let accounts = &visit.app.accounts;
    let texts = visit.texts;
    let handle = Secret::new(query.text(NEW));
    let known = accounts
        .new_contact_factor(&citizen.session, &handle, visit.now)
        .await?;
    if known.is_none() {
        let begun = accounts
            .begin_contact_factor(&citizen.session, kind, visit.now)
            .await;
        visit.app.outbox.wake();
        return match begun {
            Ok(handle) => Ok(visit.go(&address(&citizen, kind, &handle))),
            Err(EnrolRefused::Wait { .. }) => {
                let refused = Some(texts.t("problem-code-resend-limit"));
                answer(&citizen, kind, &handle, Problems::none(), refused).await
            }
            Err(refused) => elsewhere(&citizen, refused),
        };
    }
    let sent = accounts
        .resend_factor_code(&citizen.session, &handle, visit.now)
        .await?;
    visit.app.outbox.wake();
    let refused = match sent {
        Resent::Sent | Resent::Unknown => {
            return Ok(visit.go(&address(&citizen, kind, &handle)));
        }
        Resent::TooSoon { at } => {
            let at = later::from(visit, at);
            texts.say("problem-code-resend-soon", "time", at.text)
        }
        Resent::TooMany { .. } => texts.t("problem-code-resend-limit"),
    };
    answer(&citizen, kind, &handle, Problems::none(), Some(refused)).await
}

/// Checks the code and adds the factor.
pub async fn confirm(
    citizen: Citizen,
    Path(kind): Path<String>,
    query: Query,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let Some(kind) = Kind::parse(&kind) else {
        return Ok(visit.go("/account/factors"));
    };
    let handle = Secret::new(query.text(NEW));
    let (code, browser) = (form.text("code"), visit.browser());
    let confirmed = visit
        .app
        .accounts
        .confirm_contact_factor(&citizen.session, &handle, code, &browser, visit.now)
        .await;
    visit.app.outbox.wake();
    let problem = match confirmed {
        Ok(Ok(secret)) => {
            let list = visit.with_flow_and("/account/factors", &[("done", "added")]);
            let mut response = visit.go(&list);
            visit.renew_session(&mut response, &secret);
            return Ok(response);
        }
        Ok(Err(refused)) => return elsewhere(&citizen, refused),
        Err(CodeRefused::Malformed) if code.trim().is_empty() => key("problem-code-empty"),
        Err(CodeRefused::Malformed) => key("problem-code-format"),
        Err(CodeRefused::Wrong { .. }) => key("problem-code-wrong"),
        Err(CodeRefused::UsedUp) => key("problem-code-spent"),
        Err(CodeRefused::Expired) => key("problem-code-expired"),
        Err(CodeRefused::TooMany { .. }) => key("problem-code-resend-limit"),
        Err(CodeRefused::Unknown | CodeRefused::ContactTaken | CodeRefused::Restricted) => {
            return Ok(visit.go("/account/factors"));
        }
        Err(CodeRefused::Internal(error)) => return Err(error.into()),
    };
    let mut problems = Problems::none();
    problems.add("code", visit.texts.t(problem));
    answer(&citizen, kind, &handle, problems, None).await
}

fn address(citizen: &Citizen, kind: Kind, handle: &Secret) -> String {
    let path = format!("/account/factors/{}", kind.as_str());
    citizen
        .visit
        .with_flow_and(&path, &[(NEW, handle.expose())])
}

async fn answer(
    citizen: &Citizen,
    kind: Kind,
    handle: &Secret,
    problems: Problems,
    refused: Option<String>,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let accounts = &visit.app.accounts;
    let pending: Option<Pending> = accounts
        .new_contact_factor(&citizen.session, handle, visit.now)
        .await?;
    let path = format!("/account/factors/{}", kind.as_str());
    let kept = pending.is_some().then_some((NEW, handle.expose()));
    let params: Vec<_> = kept.into_iter().collect();
    let action = pending
        .is_some()
        .then(|| visit.with_flow_and(&format!("{path}/confirm"), &params));
    let moments = pending.as_ref().map(|pending| {
        let again = pending.resend_at > visit.now;
        (
            later::until(visit, pending.expires_at),
            again.then(|| later::from(visit, pending.resend_at)),
        )
    });
    let (until, resend_at) = moments.unwrap_or_default();
    visit.show(&FactorContactPage {
        page: citizen.page("security"),
        title: kind_title(visit.texts, kind),
        send_action: visit.with_flow_and(&format!("{path}/send"), &params),
        action,
        problems,
        contact: pending.map(|pending| pending.contact).unwrap_or_default(),
        until,
        resend_at,
        refused,
    })
}
