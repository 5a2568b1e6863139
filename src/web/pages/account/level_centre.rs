//! The way to a higher level through a service centre.

use axum::response::Response;

use super::citizen::Citizen;
use super::level_code::CodeField;
use super::level_override::Disputed;
use crate::account::proofing::VisitState;
use crate::model::evidence::Source;
use crate::model::level::Level;
use crate::storage::CentreRecord;
use crate::web::moments::Moment;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// The card of the page.
#[derive(Clone, Debug, Default)]
pub struct Centre {
    /// The number to take along, while it is good.
    pub number: Option<String>,
    /// Until when.
    pub until: Moment,
    /// Where a number is asked for; none while there is one.
    pub action: Option<String>,
    /// Why the last visit did not help.
    pub refused: Option<String>,
    /// Name, address, hours of each centre.
    pub places: Vec<(String, String, String)>,
    /// Where the code that the operator printed is entered.
    pub code: Option<CodeField>,
}

/// Takes a number for a visit to a centre.
pub async fn request_visit(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    visit
        .app
        .accounts
        .request_visit(&citizen.session, &visit.browser(), visit.now)
        .await?;
    Ok(visit.go(&format!("{}#centre", visit.with_flow("/account/level"))))
}

/// The card, when there is somewhere to go and something to prove.
pub(super) async fn card(
    citizen: &Citizen,
    now: Level,
    places: Vec<CentreRecord>,
    disputed: Option<&Disputed>,
) -> Result<Option<Centre>, PageError> {
    let visit = &citizen.visit;
    if now != Level::Standard || places.is_empty() {
        return Ok(None);
    }
    let last = visit
        .app
        .accounts
        .visit(citizen.account(), visit.now)
        .await?;
    // A visit about data that registries have otherwise has a card of its own,
    // and there is one number at a time.
    let last = last.filter(|last| last.submission.is_none());
    let elsewhere = disputed.is_some_and(Disputed::is_under_way);
    let code = CodeField::of(citizen, Source::ServiceCentre).await?;
    if elsewhere && code.is_none() {
        return Ok(None);
    }
    let open = last.as_ref().filter(|last| last.state == VisitState::Open);
    Ok(Some(Centre {
        number: open.map(|open| format!("{} {}", &open.number[..4], &open.number[4..])),
        until: citizen
            .zone()
            .date(open.map_or(visit.now, |open| open.expires_at)),
        action: (open.is_none() && !elsewhere).then(|| visit.with_flow("/account/level/visit")),
        refused: last.and_then(|last| match last.state {
            VisitState::Refused(reason) => Some(reason),
            _ => None,
        }),
        places: places
            .into_iter()
            .map(|place| (place.name, place.address, place.hours))
            .collect(),
        code,
    }))
}
