//! The way to a higher level through a registered letter.

use axum::response::Response;
use http::StatusCode;

use super::citizen::Citizen;
use super::level;
use super::level_code::CodeField;
use crate::account::proofing::{LetterRefused, LetterState, postal_address};
use crate::model::evidence::Source;
use crate::model::level::Level;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::moments::Moment;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// The card of the page.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// Addressee and address: of the letter under way, else of the next.
    pub to: Option<(String, String)>,
    /// How the one under way stands.
    pub state: Option<String>,
    /// When it was posted, and the number of the post.
    pub posted: Option<(Moment, String)>,
    /// Where another is ordered; none while one is under way.
    pub action: Option<String>,
    /// Where the code is entered.
    pub code: Option<CodeField>,
}

/// Orders a letter.
pub async fn order(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let ordered = visit
        .app
        .accounts
        .order_letter(&citizen.session, &visit.browser(), visit.now)
        .await;
    match ordered {
        Ok(()) | Err(LetterRefused::Level | LetterRefused::NoAddress) => {
            Ok(visit.go(&format!("{}#letter", visit.with_flow("/account/level"))))
        }
        Err(LetterRefused::TooMany { retry_after }) => {
            let at = later::from(visit, visit.now.plus(retry_after));
            let mut problems = Problems::none();
            let text = visit.texts.say("problem-letters-too-many", "time", at.text);
            problems.add("letter", text);
            let response = level::answer(&citizen, problems, None).await?;
            Ok(later::refusal(
                response,
                StatusCode::TOO_MANY_REQUESTS,
                retry_after,
            ))
        }
        Err(LetterRefused::Internal(error)) => Err(error.into()),
    }
}

/// The card, when there is something to prove and somebody to print letters.
pub(super) async fn card(
    citizen: &Citizen,
    now: Level,
    is_staffed: bool,
) -> Result<Option<Letter>, PageError> {
    let visit = &citizen.visit;
    if now != Level::Standard || !is_staffed {
        return Ok(None);
    }
    let code = CodeField::of(citizen, Source::Letter).await?;
    let last = visit.app.accounts.letter(citizen.account()).await?;
    let waits = code.as_ref().is_some_and(|code| code.action.is_some());
    let under_way = last.filter(|last| match last.state {
        LetterState::Posted { .. } => waits,
        _ => true,
    });
    let profile = &citizen.person.profile;
    let next = postal_address(&profile.address, &profile.residence)
        .map(|address| (profile.full_name(), address.formatted()));
    let action =
        (under_way.is_none() && next.is_some()).then(|| visit.with_flow("/account/level/letter"));
    let Some(letter) = under_way else {
        return Ok(Some(Letter {
            to: next,
            action,
            code,
            ..Letter::default()
        }));
    };
    let (state, posted) = match letter.state {
        LetterState::Ordered => (Some(key("letter-ordered")), None),
        LetterState::Printed => (Some(key("letter-printed")), None),
        LetterState::Posted { track, at } => (None, Some((citizen.zone().date(at), track))),
    };
    Ok(Some(Letter {
        to: Some((letter.addressee, letter.address)),
        state: state.map(|state| visit.texts.t(state)),
        // What became of the letter before says nothing of this one.
        code: code.filter(|_| posted.is_some()),
        posted,
        action,
    }))
}
