//! A site that wants a higher level than the citizen's account has.

use askama::Template;
use axum::response::Response;

use crate::model::level::Level;
use crate::protocol::authorization::Step;
use crate::protocol::error::ErrorCode;
use crate::texts::key;
use crate::web::asked::Asked;
use crate::web::oauth::authorize::{allow_return, refuse};
use crate::web::page::{Page, Site};
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/level`
#[derive(Template)]
#[template(path = "level.html")]
pub struct LevelPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes, with the flow it belongs to.
    pub action: String,
    /// The site that asks.
    pub site: Site,
    /// What it asks and what the account has, in a sentence.
    pub text: String,
    /// Where the level is raised, with the flow.
    pub raise_href: String,
}

/// The page, when the level is what the request needs next.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    let Some(asked) = Asked::of_flow(&visit).await? else {
        return Ok(visit.go("/account"));
    };
    let (Step::RaiseLevel, Some(signed_in)) = (asked.next_step(visit.now), &asked.person) else {
        return Ok(visit.onward());
    };
    // Nobody is led up a stair that ends below.
    if asked.request.demanded.level > visit.app.reachable().await?.level {
        let error =
            ErrorCode::UnmetAuthenticationRequirements.because("no way to this level is open here");
        return refuse(&visit, &asked.request, &error).await;
    }
    let word = |level| visit.texts.t(level_key(level));
    let values = [
        ("wanted", word(asked.request.demanded.level)),
        ("have", word(signed_in.person.level(visit.now))),
    ];
    let mut response = visit.show(&LevelPage {
        page: visit.page(Some(&signed_in.person)),
        action: visit.with_flow("/level"),
        site: visit.site(&asked.request.client),
        text: visit.texts.with("level-needed-text", &values),
        raise_href: visit.with_flow("/account/level"),
    })?;
    allow_return(&mut response, &asked.request);
    Ok(response)
}

/// Back to the site, which learns why (OpenID Connect Core Error Code
/// `unmet_authentication_requirements` §2).
pub async fn give_up(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&visit)?;
    let Some(asked) = Asked::of_flow(&visit).await? else {
        return Ok(visit.go("/account"));
    };
    if asked.next_step(visit.now) != Step::RaiseLevel {
        return Ok(visit.onward());
    }
    let error = ErrorCode::UnmetAuthenticationRequirements
        .because("the level of the person's account is too low");
    refuse(&visit, &asked.request, &error).await
}

/// Text key of a level's name.
pub const fn level_key(level: Level) -> &'static str {
    match level {
        Level::Simplified => key("level-simplified"),
        Level::Standard => key("level-standard"),
        Level::Verified => key("level-verified"),
    }
}
