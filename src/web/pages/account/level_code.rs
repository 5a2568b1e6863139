//! Entering a code that came on paper.

use axum::response::Response;

use super::citizen::Citizen;
use super::level;
use crate::account::proofing::{CodeEntered, CodeState};
use crate::model::evidence::Source;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// Where a code is entered, or why it no longer is.
#[derive(Clone, Debug, Default)]
pub struct CodeField {
    /// Where the form goes; none when the code works no more.
    pub action: Option<String>,
    /// Until when it works.
    pub until: Moment,
    /// What has become of it, when it works no more.
    pub over: Option<String>,
}

impl CodeField {
    /// The field for the newest code of this source.
    pub(super) async fn of(citizen: &Citizen, source: Source) -> Result<Option<Self>, PageError> {
        let visit = &citizen.visit;
        let code = visit
            .app
            .accounts
            .proof_code(citizen.account(), source, visit.now)
            .await?;
        Ok(code.map(|code| {
            let over = match code.state {
                CodeState::Open(_) => None,
                // Counted, and yet the level is lower: what it proved has changed.
                CodeState::Accepted => Some(key("code-accepted")),
                CodeState::Spent => Some(key("code-spent")),
                CodeState::Expired => Some(key("code-expired")),
                CodeState::Returned => Some(key("code-returned")),
            };
            Self {
                action: over.is_none().then(|| visit.with_flow(path(source))),
                until: citizen.zone().date(code.expires_at),
                over: over.map(|over| visit.texts.t(over)),
            }
        }))
    }
}

/// The code of a letter.
pub async fn enter_letter(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    enter(citizen, posted, Source::Letter).await
}

/// The code printed at a service centre.
pub async fn enter_centre(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    enter(citizen, posted, Source::ServiceCentre).await
}

async fn enter(citizen: Citizen, posted: Posted, source: Source) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let entered = visit
        .app
        .accounts
        .enter_proof_code(
            &citizen.session,
            source,
            form.text("code"),
            &visit.browser(),
            visit.now,
        )
        .await?;
    visit.app.outbox.wake();
    let texts = visit.texts;
    let text = match entered {
        CodeEntered::Accepted | CodeEntered::Gone => {
            let done: &[_] = match entered {
                CodeEntered::Accepted => &[("done", "proven")],
                _ => &[],
            };
            return Ok(visit.go(&visit.with_flow_and("/account/level", done)));
        }
        CodeEntered::Unreadable => texts.t(key("problem-proof-code-digits")),
        CodeEntered::Wrong(0) => texts.t(key("code-spent")),
        CodeEntered::Wrong(left) => texts.count(
            key("problem-proof-code-wrong"),
            u64::try_from(left).unwrap_or_default(),
        ),
    };
    let mut problems = Problems::none();
    problems.add(field(source), text);
    level::answer(&citizen, problems, None).await
}

/// The id of the field.
const fn field(source: Source) -> &'static str {
    match source {
        Source::Letter => "letter-code",
        _ => "centre-code",
    }
}

const fn path(source: Source) -> &'static str {
    match source {
        Source::Letter => "/account/level/letter/code",
        _ => "/account/level/visit/code",
    }
}
