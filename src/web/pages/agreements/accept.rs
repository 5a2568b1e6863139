//! A new version of a document must be accepted before going on (requirement
//! A3).

use askama::Template;
use axum::response::Response;

use super::since_key;
use crate::account::agreements::Document;
use crate::account::person::Person;
use crate::account::session::Session;
use crate::account::sign_in::Duty;
use crate::texts::key;
use crate::web::asked::Asked;
use crate::web::cabinet::session_of;
use crate::web::form::Problems;
use crate::web::oauth::authorize::allow_return;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/agreements`
#[derive(Template)]
#[template(path = "agreements_accept.html")]
pub struct AgreementsAcceptPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes, with the flow it belongs to.
    pub action: String,
    /// Wrong fields: `terms`, `privacy`.
    pub problems: Problems,
    /// Whether nothing was accepted before.
    pub first: bool,
    /// New version of the user agreement, if it is to be accepted.
    pub terms: Option<NewVersion>,
    /// New version of the personal-data policy, if it is to be accepted.
    pub privacy: Option<NewVersion>,
}

/// A version that waits to be accepted.
#[derive(Clone, Debug, Default)]
pub struct NewVersion {
    /// Its name.
    pub version: String,
    /// The day from which it is in force.
    pub since: String,
    /// What has changed, in a sentence; may be empty.
    pub change: String,
    /// Whether the box was ticked.
    pub ticked: bool,
}

/// The page, when there is something to accept.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    let (session, person) = match session_of(&visit).await {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let accounts = &visit.app.accounts;
    let missing = accounts.missing_agreements(&session.account).await?;
    if missing.is_empty() || !is_turn(&visit, &session).await? {
        return Ok(visit.onward());
    }
    answer(&visit, &person, &missing, &[], Problems::none()).await
}

/// The ticks. Only what was ticked is recorded.
pub async fn accept(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let (session, person) = match session_of(&visit).await {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let form = posted.checked(&visit)?;
    if !is_turn(&visit, &session).await? {
        return Ok(visit.onward());
    }
    let accounts = &visit.app.accounts;
    let missing = accounts.missing_agreements(&session.account).await?;
    let (ticked, unticked): (Vec<_>, Vec<_>) = missing
        .iter()
        .copied()
        .partition(|document| form.ticked(document.as_str()));
    if !unticked.is_empty() {
        let text = visit.texts.t("problem-accept");
        let problems = unticked
            .iter()
            .map(|document| (document.as_str(), text.clone()));
        return answer(&visit, &person, &missing, &ticked, problems.collect()).await;
    }
    if !ticked.is_empty() {
        accounts
            .accept_agreements(&session, &ticked, &visit.browser(), visit.now)
            .await?;
    }
    Ok(visit.onward())
}

/// Whoever came with a printed password may not be the citizen: nobody accepts
/// anything before it is replaced.
async fn is_turn(visit: &Visit, session: &Session) -> Result<bool, PageError> {
    let duty = visit.app.accounts.duty(&session.account, visit.now).await?;
    Ok(duty != Some(Duty::RenewPassword))
}

async fn answer(
    visit: &Visit,
    person: &Person,
    missing: &[Document],
    ticked: &[Document],
    problems: Problems,
) -> Result<Response, PageError> {
    let version = |document: Document| {
        missing.contains(&document).then(|| NewVersion {
            version: visit.app.accounts.version(document).to_owned(),
            since: visit.texts.t(since_key(document)),
            change: visit.texts.t(match document {
                Document::Terms => key("terms-change"),
                Document::Privacy => key("privacy-change"),
            }),
            ticked: ticked.contains(&document),
        })
    };
    let mut response = visit.show(&AgreementsAcceptPage {
        page: visit.page(Some(person)),
        action: visit.with_flow("/agreements"),
        problems,
        first: !visit.app.accounts.has_accepted_any(&person.id).await?,
        terms: version(Document::Terms),
        privacy: version(Document::Privacy),
    })?;
    if let Some(asked) = Asked::of_flow(visit).await? {
        allow_return(&mut response, &asked.request);
    }
    Ok(response)
}
