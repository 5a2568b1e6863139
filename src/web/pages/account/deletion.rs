//! Deleting the account: what goes and what stays, and the way to it. Whoever
//! has no confirmed contact types a word on this very page.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::consent_state::State;
use super::query::Query;
use super::sites::Sites;
use crate::account::Accounts;
use crate::account::erasure::ErasureRefused;
use crate::texts::key;
use crate::web::cabinet::prove_again;
use crate::web::form::Problems;
use crate::web::page::{Page, Site};
use crate::web::page_error::PageError;
use crate::web::pages::restricted;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/account/delete`
#[derive(Template)]
#[template(path = "account/deletion.html")]
pub struct DeletionPage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `word`.
    pub problems: Problems,
    /// What has just happened, in the language of the page.
    pub warning: Option<String>,
    /// Sites that lose what was allowed to them, and are told.
    pub sites: Vec<Site>,
    /// Whether the account works at a service centre, and therefore stays.
    pub is_operator: bool,
    /// The word to type, where no code can be sent.
    pub word: Option<&'static str>,
    /// What was typed.
    pub typed: String,
}

/// The account is gone.
#[derive(Template)]
#[template(path = "account_deleted.html")]
pub struct DeletedPage {
    /// The frame.
    pub page: Page,
}

const WARNINGS: &[(&str, &str)] = &[
    ("expired", key("deletion-expired")),
    ("limit", key("problem-code-resend-limit")),
];

/// The page.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let warning = query.done(WARNINGS, citizen.visit.texts);
    answer(&citizen, Problems::none(), "", warning).await
}

/// Sends the code.
pub async fn begin(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let accounts = &visit.app.accounts;
    match accounts.begin_erasure(&citizen.session, visit.now).await {
        Ok(handle) => {
            visit.app.outbox.wake();
            Ok(visit.go(&super::deletion_code::address(&handle)))
        }
        Err(ErasureRefused::TooMany { .. }) => Ok(visit.go("/account/delete?done=limit")),
        Err(refused) => sent_away(visit, refused),
    }
}

/// Deletes the account of somebody who typed the word.
pub async fn by_word(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let word = form.text("word");
    let accounts = &visit.app.accounts;
    let erased = accounts
        .erase_by_word(&citizen.session, word, visit.now)
        .await;
    match erased {
        Ok(()) => goodbye(visit),
        Err(ErasureRefused::WrongWord) => {
            let mut problems = Problems::none();
            let wanted = Accounts::erasure_word(visit.texts.lang());
            let problem = visit.texts.say("problem-deletion-word", "word", wanted);
            problems.add("word", problem);
            answer(&citizen, problems, word, None).await
        }
        Err(refused) => sent_away(visit, refused),
    }
}

/// Where the other refusals lead.
pub(super) fn sent_away(visit: &Visit, refused: ErasureRefused) -> Result<Response, PageError> {
    match refused {
        ErasureRefused::NeedsProof => Ok(prove_again(visit)),
        ErasureRefused::Restricted => Ok(restricted::go(visit)),
        ErasureRefused::Internal(error) => Err(error.into()),
        ErasureRefused::Code(_) => Ok(visit.go("/account/delete?done=expired")),
        ErasureRefused::Operator
        | ErasureRefused::WrongWord
        | ErasureRefused::NeedsCode
        | ErasureRefused::NeedsWord
        | ErasureRefused::TooMany { .. } => Ok(visit.go("/account/delete")),
    }
}

/// The last page this browser sees as its citizen.
pub(super) fn goodbye(visit: &Visit) -> Result<Response, PageError> {
    visit.app.outbox.wake();
    let mut response = visit.show(&DeletedPage {
        page: visit.page(None),
    })?;
    visit.sign_out(&mut response);
    Ok(response)
}

async fn answer(
    citizen: &Citizen,
    problems: Problems,
    typed: &str,
    warning: Option<String>,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let accounts = &visit.app.accounts;
    let mut known = Sites::of(visit);
    let mut sites = Vec::new();
    for consent in visit.app.consents.of(citizen.account()).await? {
        if State::of(&consent, visit.now).is_active() {
            sites.push(known.site(&consent.client_id).await?);
        }
    }
    let reached = accounts.is_reached(citizen.account()).await?;
    visit.show(&DeletionPage {
        page: citizen.page("security"),
        problems,
        warning,
        sites,
        is_operator: accounts.is_operator(citizen.account()).await?,
        word: (!reached).then(|| Accounts::erasure_word(visit.texts.lang())),
        typed: typed.to_owned(),
    })
}
