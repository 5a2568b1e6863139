//! What is closed to a restricted account, until when, and who opens it
//! earlier: once in the cabinet, once on the way to a site.

use askama::Template;
use axum::response::Response;

use super::account::citizen::Citizen;
use crate::account::person::Person;
use crate::protocol::authorization::Step;
use crate::web::asked::Asked;
use crate::web::moments::Moment;
use crate::web::oauth::authorize::{allow_return, refuse};
use crate::web::page::{Page, Site};
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// The page in the cabinet.
pub const PATH: &str = "/account/restricted";

/// `/restricted` and `/account/restricted`
#[derive(Template)]
#[template(path = "restricted.html")]
pub struct RestrictedPage {
    /// The frame.
    pub page: Page,
    /// Until when.
    pub until: Moment,
    /// Name, address, hours of each centre.
    pub places: Vec<(String, String, String)>,
    /// The site that waits, and where the way back to it begins.
    pub back: Option<(Site, String)>,
}

/// The page of the cabinet; without a restriction there is nothing to tell.
pub async fn show(citizen: Citizen) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let page = citizen.page("security");
    match of(visit, &citizen.person, page, None).await? {
        Some(restricted) => visit.show(&restricted),
        None => Ok(visit.go("/account/security")),
    }
}

/// Where a sensitive action of a restricted account leads.
pub fn go(visit: &Visit) -> Response {
    visit.go(PATH)
}

/// The page on the way to a site, when this is what the request needs next.
pub async fn show_flow(visit: Visit) -> Result<Response, PageError> {
    let Some(asked) = Asked::of_flow(&visit).await? else {
        return Ok(visit.go("/account"));
    };
    let (Step::Restricted, Some(signed_in)) = (asked.next_step(visit.now), &asked.person) else {
        return Ok(visit.onward());
    };
    let back = (
        visit.site(&asked.request.client),
        visit.with_flow("/restricted"),
    );
    let page = visit.page(Some(&signed_in.person));
    let Some(restricted) = of(&visit, &signed_in.person, page, Some(back)).await? else {
        return Ok(visit.onward());
    };
    let mut response = visit.show(&restricted)?;
    allow_return(&mut response, &asked.request);
    Ok(response)
}

/// Back to the site, which learns that it may not have the person now.
pub async fn give_up(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&visit)?;
    let Some(asked) = Asked::of_flow(&visit).await? else {
        return Ok(visit.go("/account"));
    };
    match asked.next_step(visit.now) {
        step @ Step::Restricted => match step.as_error() {
            Some(error) => refuse(&visit, &asked.request, &error).await,
            None => Ok(visit.onward()),
        },
        _ => Ok(visit.onward()),
    }
}

async fn of(
    visit: &Visit,
    person: &Person,
    page: Page,
    back: Option<(Site, String)>,
) -> Result<Option<RestrictedPage>, PageError> {
    let Some(until) = person.restriction(visit.now) else {
        return Ok(None);
    };
    let centres = visit.app.operators.centres().await?;
    Ok(Some(RestrictedPage {
        page,
        until: visit.zone(Some(person)).date_time(until),
        places: centres
            .into_iter()
            .map(|centre| (centre.name, centre.address, centre.hours))
            .collect(),
        back,
    }))
}
