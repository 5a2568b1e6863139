//! Whom this citizen has chosen to vouch for them, and whom they vouch for.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::code_step;
use super::query::Query;
use crate::account::registration::CodeRefused;
use crate::account::trusted::{TrustRefused, Trusted, VouchRequest};
use crate::account::{Problem, ProblemKind};
use crate::texts::key;
use crate::web::cabinet::prove_again;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::restricted;
use crate::web::posted::Posted;

/// `/account/security/trusted`
#[derive(Template)]
#[template(path = "account/trusted.html")]
pub struct TrustedPage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `contact`.
    pub problems: Problems,
    /// What was typed.
    pub contact: String,
    /// Who was chosen, and until when they may agree.
    pub trusted: Option<(Trusted, Moment)>,
    /// Whether the citizen may choose somebody at all.
    pub may: bool,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
}

/// `/account/trusted`
#[derive(Template)]
#[template(path = "account/trusting.html")]
pub struct TrustingPage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `code`, of the request that was answered.
    pub problems: Problems,
    /// The request a wrong code was typed for.
    pub wrong: String,
    /// Who asks now, when they began, and until when they wait.
    pub requests: Vec<(VouchRequest, Moment, Moment)>,
    /// For whom: id, name, whether it was agreed, until when it may be.
    pub people: Vec<(String, String, bool, Moment)>,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
    /// Why nothing was done.
    pub refused: Option<String>,
}

const OWN: &str = "/account/security/trusted";
const OTHERS: &str = "/account/trusted";

/// Who was chosen, or the form.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let flags = [
        ("invited", key("trusted-invited")),
        ("ended", key("trusted-ended")),
    ];
    let done = query.done(&flags, citizen.visit.texts);
    own(&citizen, Problems::none(), "", done).await
}

/// Chooses somebody.
pub async fn invite(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let (typed, browser) = (form.text("contact"), visit.browser());
    let accounts = &visit.app.accounts;
    let invited = accounts
        .invite_trusted(&citizen.session, typed, &browser, visit.now)
        .await;
    let problems = match invited {
        Ok(()) => {
            visit.app.outbox.wake();
            return Ok(visit.go(&format!("{OWN}?done=invited")));
        }
        Err(TrustRefused::Problem(kind)) => Problems::found(visit.texts, &[wrong(kind)]),
        Err(TrustRefused::NeedsProof) => return Ok(prove_again(visit)),
        Err(TrustRefused::Restricted) => return Ok(restricted::go(visit)),
        Err(TrustRefused::NotVerified | TrustRefused::Taken) => return Ok(visit.go(OWN)),
        Err(TrustRefused::TooMany { retry_after }) => {
            let at = later::from(visit, visit.now.plus(retry_after));
            let text = visit.texts.say("problem-trusted-too-many", "time", at.text);
            let mut problems = Problems::none();
            problems.add("contact", text);
            problems
        }
        Err(TrustRefused::Internal(error)) => return Err(error.into()),
    };
    own(&citizen, problems, typed, None).await
}

/// Ends the trust, from either side.
pub async fn end(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let (accounts, browser) = (&visit.app.accounts, visit.browser());
    let (session, id) = (&citizen.session, form.text("trusted"));
    accounts
        .end_trusted(session, id, &browser, visit.now)
        .await?;
    visit.app.outbox.wake();
    let back = if visit.path().starts_with(OWN) {
        OWN
    } else {
        OTHERS
    };
    Ok(visit.go(&format!("{back}?done=ended")))
}

/// Who asks, and for whom this citizen is to vouch.
pub async fn others(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let flags = [
        ("agreed", key("trusting-agreed")),
        ("ended", key("trusted-ended")),
        ("vouched", key("trusting-vouched")),
    ];
    let done = query.done(&flags, citizen.visit.texts);
    answer(&citizen, Problems::none(), String::new(), done, None).await
}

/// Agrees to vouch for somebody one day.
pub async fn agree(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let (accounts, browser) = (&visit.app.accounts, visit.browser());
    let id = form.text("trusted");
    let agreed = accounts
        .confirm_trusted(&citizen.session, id, &browser, visit.now)
        .await;
    let refused = match agreed {
        Ok(()) => {
            visit.app.outbox.wake();
            return Ok(visit.go(&format!("{OTHERS}?done=agreed")));
        }
        Err(TrustRefused::Restricted) => return Ok(restricted::go(visit)),
        Err(TrustRefused::Internal(error)) => return Err(error.into()),
        Err(TrustRefused::NotVerified) => key("trusting-not-verified"),
        Err(_) => key("trusting-not-agreed"),
    };
    let refused = Some(visit.texts.t(refused));
    answer(&citizen, Problems::none(), String::new(), None, refused).await
}

/// Vouches, with the code.
pub async fn vouch(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let (accounts, browser) = (&visit.app.accounts, visit.browser());
    let (id, code) = (form.text("request"), form.text("code"));
    let vouched = accounts
        .vouch(&citizen.session, id, code, &browser, visit.now)
        .await;
    let refused = match vouched {
        Ok(()) => {
            visit.app.outbox.wake();
            return Ok(visit.go(&format!("{OTHERS}?done=vouched")));
        }
        Err(refused) => refused,
    };
    let mut problems = Problems::none();
    let mut over = None;
    match code_step::problem(refused, code) {
        Ok(text) => problems.add("code", visit.texts.t(text)),
        Err(CodeRefused::Internal(error)) => return Err(error.into()),
        Err(CodeRefused::Restricted) => over = Some(visit.texts.t(key("trusting-not-verified"))),
        Err(_) => over = Some(visit.texts.t(key("trusting-over"))),
    }
    answer(&citizen, problems, id.to_owned(), None, over).await
}

const fn wrong(kind: ProblemKind) -> Problem {
    Problem {
        field: "contact",
        kind,
    }
}

async fn own(
    citizen: &Citizen,
    problems: Problems,
    typed: &str,
    done: Option<String>,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let accounts = &visit.app.accounts;
    let trusted = accounts.trusted(citizen.account(), visit.now).await?;
    visit.show(&TrustedPage {
        page: citizen.page("security"),
        problems,
        contact: typed.to_owned(),
        trusted: trusted.map(|trusted| {
            let until = citizen.zone().date_time(trusted.expires_at);
            (trusted, until)
        }),
        may: accounts.may_trust(&citizen.person, visit.now),
        done,
    })
}

async fn answer(
    citizen: &Citizen,
    problems: Problems,
    wrong: String,
    done: Option<String>,
    refused: Option<String>,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let accounts = &visit.app.accounts;
    let zone = citizen.zone();
    let requests = accounts
        .vouch_requests(citizen.account(), visit.now)
        .await?;
    let people = accounts.trusting(citizen.account(), visit.now).await?;
    visit.show(&TrustingPage {
        page: citizen.page("security"),
        problems,
        wrong,
        requests: requests
            .into_iter()
            .map(|request| {
                let asked = zone.date_time(request.asked_at);
                let until = later::until(visit, request.expires_at);
                (request, asked, until)
            })
            .collect(),
        people: people
            .into_iter()
            .map(|one| {
                let until = zone.date_time(one.expires_at);
                (one.id, one.name, one.confirmed, until)
            })
            .collect(),
        done,
        refused,
    })
}
