//! Sites that ask for the citizen without a browser of theirs (CIBA): each
//! question leads into the same pages as any other sign-in to a site.

use axum::extract::Path;
use axum::response::Response;

use super::citizen::Citizen;
use super::overview::Warning;
use super::sites::Sites;
use crate::protocol::authorization::awaited;
use crate::protocol::authorization::flow::{Flow, Origin};
use crate::protocol::params::Params;
use crate::web::page_error::PageError;

/// What stands on the overview.
pub async fn warnings(citizen: &Citizen) -> Result<Vec<Warning>, PageError> {
    let (visit, texts) = (&citizen.visit, citizen.visit.texts);
    let provider = &visit.app.provider;
    let mut sites = Sites::of(visit);
    let mut warnings = Vec::new();
    for (reference, asked) in awaited::asked_of(provider, citizen.account(), visit.now).await? {
        let site = sites.site(&asked.client).await?.name;
        warnings.push(Warning {
            text: texts.say("warning-site-asks", "site", site),
            href: format!("/account/asked/{}", reference.digest.as_str()),
            action: texts.t("warning-site-asks-action"),
        });
    }
    Ok(warnings)
}

/// Begins the flow of one question; nothing is answered by coming here.
pub async fn begin(citizen: Citizen, Path(id): Path<String>) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let provider = &visit.app.provider;
    let all = awaited::asked_of(provider, citizen.account(), visit.now).await?;
    let found = all
        .into_iter()
        .find(|(reference, _)| reference.digest.as_str() == id);
    let Some((reference, _)) = found else {
        return Ok(visit.go("/account"));
    };
    let origin = Origin::Awaited { reference };
    let flow = Flow::begin(origin, &Params::default(), visit.browser_id(), visit.now);
    let sealed = provider.seal_flow(&flow)?;
    Ok(visit.go(&format!("/oauth/authorize?flow={sealed}")))
}
