//! A site that wants a stronger sign-in than this session had (RFC 9470).

use askama::Template;
use axum::response::Response;

use super::address;
use crate::protocol::authorization::Step;
use crate::protocol::authorization::next_step::{STRENGTH_IS_CLOSED, TOO_WEAK};
use crate::protocol::error::ErrorCode;
use crate::web::asked::Asked;
use crate::web::oauth::authorize::{allow_return, refuse};
use crate::web::page::{Page, Site};
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/step-up`
#[derive(Template)]
#[template(path = "step_up.html")]
pub struct StepUpPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes, with the flow it belongs to.
    pub action: String,
    /// Where the citizen returns to the site.
    pub decline_action: String,
    /// The site that asks.
    pub site: Site,
    /// Where second factors are added; none where there is one already.
    pub add_href: Option<String>,
}

/// The page, when that is what the request needs next.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    let Some(asked) = Asked::of_flow(&visit).await? else {
        return Ok(visit.go("/account"));
    };
    let (Step::StepUp, Some(signed_in)) = (asked.next_step(visit.now), &asked.person) else {
        return Ok(visit.onward());
    };
    // Nobody is led up a stair that ends below.
    if asked.request.demanded.strength > visit.app.reachable().await?.strength {
        let error = ErrorCode::UnmetAuthenticationRequirements.because(STRENGTH_IS_CLOSED);
        return refuse(&visit, &asked.request, &error).await;
    }
    let accounts = &visit.app.accounts;
    let has_one = accounts
        .has_second_factor(&signed_in.session.account)
        .await?;
    let mut response = visit.show(&StepUpPage {
        page: visit.page(Some(&signed_in.person)),
        action: visit.with_flow("/step-up"),
        decline_action: visit.with_flow("/step-up/decline"),
        site: visit.site(&asked.request.client),
        add_href: (!has_one).then(|| visit.with_flow("/account/factors")),
    })?;
    allow_return(&mut response, &asked.request);
    Ok(response)
}

/// Begins the second step.
pub async fn begin(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&visit)?;
    let Some(asked) = Asked::of_flow(&visit).await? else {
        return Ok(visit.go("/account"));
    };
    let (Step::StepUp, Some(signed_in)) = (asked.next_step(visit.now), &asked.person) else {
        return Ok(visit.onward());
    };
    let client = Some(&asked.request.client.client_id);
    let accounts = &visit.app.accounts;
    let begun = accounts
        .begin_step_up(&signed_in.session, client, visit.now)
        .await?;
    match begun {
        Some(handle) => Ok(visit.go(&address(&visit, &handle, None)?)),
        None => Ok(visit.go(&visit.with_flow("/step-up"))),
    }
}

/// Back to the site, which learns why.
pub async fn decline(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&visit)?;
    let Some(asked) = Asked::of_flow(&visit).await? else {
        return Ok(visit.go("/account"));
    };
    if asked.next_step(visit.now) != Step::StepUp {
        return Ok(visit.onward());
    }
    let error = ErrorCode::UnmetAuthenticationRequirements.because(TOO_WEAK);
    refuse(&visit, &asked.request, &error).await
}
