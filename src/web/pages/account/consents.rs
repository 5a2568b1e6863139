//! Consents of the citizen: the list.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::consent_state::State;
use super::query::Query;
use super::sites::Sites;
use crate::model::client::Client;
use crate::model::scope::{OFFLINE_ACCESS, OPENID, SCOPES};
use crate::storage::ConsentRecord;
use crate::texts::{Texts, key};
use crate::web::attributes::scope_title_for;
use crate::web::moments::{Moment, Zone};
use crate::web::page::{Badge, Page, Site};
use crate::web::page_error::PageError;

/// `/account/consents`
#[derive(Template)]
#[template(path = "account/consents.html")]
pub struct ConsentsPage {
    /// The frame.
    pub page: Page,
    /// Consents in force.
    pub active: Vec<ConsentLine>,
    /// Withdrawn and lapsed ones.
    pub past: Vec<ConsentLine>,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
}

/// A consent in the list.
#[derive(Clone, Debug, Default)]
pub struct ConsentLine {
    /// Address of its card.
    pub href: String,
    /// To whom.
    pub site: Site,
    /// What it covers, in a phrase.
    pub covers: String,
    /// When it was given.
    pub given: Moment,
    /// When it ends or ended; none while it has no end.
    pub ends: Option<Moment>,
    /// What is said of that moment.
    pub ends_label: String,
    /// Whether it ends soon, so that it can be extended.
    pub ending: bool,
    /// When it was last made use of.
    pub last_use: Option<Moment>,
    /// In force, ending soon, withdrawn, lapsed.
    pub state: Badge,
}

const DONE: &[(&str, &str)] = &[("withdrawn", key("consent-card-withdrawn"))];

/// The list.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let zone = citizen.zone();
    let mut sites = Sites::of(visit);
    let (mut active, mut past) = (Vec::new(), Vec::new());
    for consent in visit.app.consents.of(citizen.account()).await? {
        let state = State::of(&consent, visit.now);
        let site = sites.site(&consent.client_id).await?;
        let client = sites.find(&consent.client_id).await?;
        let covers = covers(
            visit.texts,
            &consent,
            client.as_deref().map(|of| &of.client),
        );
        let line = line(visit.texts, &zone, (site, covers), &consent, state);
        if state.is_active() {
            active.push(line);
        } else {
            past.push(line);
        }
    }
    visit.show(&ConsentsPage {
        page: citizen.page("consents"),
        active,
        past,
        done: query.done(DONE, visit.texts),
    })
}

fn line(
    texts: Texts,
    zone: &Zone,
    (site, covers): (Site, String),
    consent: &ConsentRecord,
    state: State,
) -> ConsentLine {
    ConsentLine {
        href: format!("/account/consents/{}", consent.id),
        site,
        covers,
        given: zone.date(consent.given_at),
        ends: state.end(consent).map(|end| zone.date(end)),
        ends_label: texts.t(state.end_key()),
        ending: state == State::Ending,
        last_use: consent.last_used_at.map(|at| zone.date_time(at)),
        state: state.badge(texts),
    }
}

/// What a consent covers, in a phrase: data first of all, for `openid` and
/// `offline_access` share none.
fn covers(texts: Texts, consent: &ConsentRecord, client: Option<&Client>) -> String {
    let given = |scope: &str| consent.scopes.split(' ').any(|given| given == scope);
    let titles: Vec<String> = SCOPES
        .iter()
        .map(|scope| scope.name)
        .filter(|scope| given(scope) && ![OPENID, OFFLINE_ACCESS].contains(scope))
        .map(|scope| texts.t(scope_title_for(scope, client)))
        .collect();
    if titles.is_empty() {
        texts.t(scope_title_for(OPENID, client))
    } else {
        titles.join(" · ")
    }
}
