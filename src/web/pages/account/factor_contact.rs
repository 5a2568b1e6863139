//! Making the account's phone or e-mail address a second factor: a code goes
//! there and comes back.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::citizen::Citizen;
use super::code_step::{CodeStep, not_resent, problem};
use super::factor_app::elsewhere;
use super::factors::kind_title;
use super::query::Query;
use crate::account::factor::enrol::EnrolRefused;
use crate::account::factor::enrolled::Kind;
use crate::account::registration::CodeRefused;
use crate::model::secret::Secret;
use crate::web::form::Problems;
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
    /// Where the request for the first code goes.
    pub send_action: String,
    /// Wrong fields: `code`.
    pub problems: Problems,
    /// None before one was sent.
    pub step: Option<CodeStep>,
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
    let Some(refused) = not_resent(visit, sent) else {
        return Ok(visit.go(&address(&citizen, kind, &handle)));
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
        Err(refused) => match problem(refused, code) {
            Ok(problem) => problem,
            Err(CodeRefused::Internal(error)) => return Err(error.into()),
            Err(_) => return Ok(visit.go("/account/factors")),
        },
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
    let pending = accounts
        .new_contact_factor(&citizen.session, handle, visit.now)
        .await?;
    let path = format!("/account/factors/{}", kind.as_str());
    let kept = [(NEW, handle.expose())];
    let step = pending.map(|pending| {
        let [confirm, send] =
            ["confirm", "send"].map(|what| visit.with_flow_and(&format!("{path}/{what}"), &kept));
        CodeStep::of(visit, pending, confirm, send)
    });
    visit.show(&FactorContactPage {
        page: citizen.page("security"),
        title: kind_title(visit.texts, kind),
        send_action: visit.with_flow(&format!("{path}/send")),
        problems,
        step,
        refused,
    })
}
