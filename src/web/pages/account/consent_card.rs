//! A consent with everything it holds (requirement E2).

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::consent_change::{Id, load, term_value};
use super::consent_state::State;
use super::query::Query;
use super::sites::Sites;
use crate::account::person::Person;
use crate::consent::decision::stored_claims;
use crate::consent::term::Term;
use crate::model::client::Client;
use crate::model::scope::{OPENID, SCOPES};
use crate::model::timestamp::Timestamp;
use crate::protocol::authorization_details;
use crate::storage::ConsentRecord;
use crate::texts::{Texts, key};
use crate::web::attributes::{attributes, scope_title_for};
use crate::web::details::{DetailGroup, detail_groups};
use crate::web::moments::Moment;
use crate::web::page::{Badge, Choice, Page, Site};
use crate::web::page_error::PageError;
use crate::web::pages::consent::{Attribute, ConsentGroup};

/// `/account/consents/{id}`
#[derive(Template)]
#[template(path = "account/consent.html")]
pub struct ConsentCardPage {
    /// The frame.
    pub page: Page,
    /// Number of the consent, as in its address.
    pub id: String,
    /// To whom.
    pub site: Site,
    /// Why, in the words of the recipient; empty if it gave none.
    pub purpose: String,
    /// The recipient's personal-data policy.
    pub policy_uri: Option<String>,
    /// The recipient's terms of use.
    pub terms_uri: Option<String>,
    /// In force, ending soon, withdrawn, lapsed.
    pub state: Badge,
    /// Whether it can be changed and withdrawn.
    pub active: bool,
    /// When it was given.
    pub given: Moment,
    /// When it ends or ended; none while it has no end.
    pub ends: Option<Moment>,
    /// What is said of that moment.
    pub ends_label: String,
    /// When it was last made use of.
    pub last_use: Option<Moment>,
    /// What it covers, by scope; optional ones can be taken back alone.
    pub groups: Vec<ConsentGroup>,
    /// What was allowed in detail, newest first, and when.
    pub details: Vec<(Moment, DetailGroup)>,
    /// Terms that may be chosen, field `term`.
    pub terms: Vec<Choice>,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
}

impl ConsentCardPage {
    /// Whether there is anything that can be taken back alone.
    fn can_narrow(&self) -> bool {
        self.groups.iter().any(|group| group.optional)
    }
}

/// Older ones are told by nobody any more.
const MOST_DETAILED: i64 = 20;

const DONE: &[(&str, &str)] = &[
    ("scopes", key("consent-card-narrowed")),
    ("term", key("consent-card-term-done")),
];

/// The card.
pub async fn show(citizen: Citizen, id: Id, query: Query) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let consent = load(&citizen, &id).await?;
    let mut sites = Sites::of(visit);
    let client = sites.find(&consent.client_id).await?;
    let client = client.as_ref().map(|registered| &registered.client);
    let state = State::of(&consent, visit.now);
    let zone = citizen.zone();
    visit.show(&ConsentCardPage {
        page: citizen.page("consents"),
        id: consent.id.to_string(),
        site: sites.site(&consent.client_id).await?,
        purpose: client
            .and_then(|client| client.purpose.as_ref())
            .map(|purpose| visit.localized(purpose).to_owned())
            .unwrap_or_default(),
        policy_uri: client.and_then(|client| client.policy_uri.clone()),
        terms_uri: client.and_then(|client| client.tos_uri.clone()),
        state: state.badge(visit.texts),
        active: state.is_active(),
        given: zone.date_time(consent.given_at),
        ends: state.end(&consent).map(|end| zone.date_time(end)),
        ends_label: visit.texts.t(state.end_key()),
        last_use: consent.last_used_at.map(|at| zone.date_time(at)),
        groups: groups(visit.texts, &citizen.person, &consent, client, visit.now)
            .into_iter()
            // Of a consent that is over, what had been given is told.
            .filter(|group| state.is_active() || group.ticked)
            .collect(),
        details: details(&citizen, &consent).await?,
        terms: client
            .map(|client| terms(visit.texts, client))
            .unwrap_or_default(),
        done: query.done(DONE, visit.texts),
    })
}

/// What was allowed in detail under the consent.
async fn details(
    citizen: &Citizen,
    consent: &ConsentRecord,
) -> Result<Vec<(Moment, DetailGroup)>, PageError> {
    let (visit, zone) = (&citizen.visit, citizen.zone());
    let (storage, vault) = (&visit.app.storage, &visit.app.vault);
    let mut all = Vec::new();
    for grant in storage.detailed_grants(&consent.id, MOST_DETAILED).await? {
        let sealed = grant.authorization_details.as_deref();
        let opened = authorization_details::open(vault, &grant.id, sealed)?;
        let at = grant.created_at;
        let groups = detail_groups(visit, &zone, &opened).into_iter();
        all.extend(groups.map(|group| (zone.date_time(at), group)));
    }
    Ok(all)
}

/// What the consent holds, by scope: what was asked for, and what of it was
/// given.
fn groups(
    texts: Texts,
    person: &Person,
    consent: &ConsentRecord,
    client: Option<&Client>,
    now: Timestamp,
) -> Vec<ConsentGroup> {
    let single = stored_claims(consent);
    let is_in = |list: &str, scope: &str| list.split(' ').any(|name| name == scope);
    let required = client.map_or("", |client| client.required_scope.as_str());
    SCOPES
        .iter()
        .filter_map(|scope| {
            let (scope, dialect) = (scope.name, scope.dialect);
            let whole = is_in(&consent.asked, scope);
            // Single claims are asked for in OpenID Connect only.
            if !whole && !dialect.is_standard() {
                return None;
            }
            let only = (!whole).then_some(single.as_slice());
            let shown = attributes(texts, person, scope, only, now);
            (whole || !shown.is_empty()).then(|| ConsentGroup {
                scope: scope.to_owned(),
                title: texts.t(scope_title_for(scope, client)),
                optional: whole && scope != OPENID && !is_in(required, scope),
                ticked: !whole || is_in(&consent.scopes, scope),
                attributes: shown
                    .into_iter()
                    .map(|(label, value)| Attribute { label, value })
                    .collect(),
            })
        })
        .collect()
}

/// The longest term is proposed: who comes to change it mostly extends it.
fn terms(texts: Texts, client: &Client) -> Vec<Choice> {
    let offered = Term::offered(client);
    let longest = offered.last().copied();
    offered
        .into_iter()
        .map(|term| Choice {
            value: term_value(term),
            label: match term {
                Term::Days(days) => texts.count("consent-term-days", u64::from(days)),
                Term::Endless => texts.t("consent-term-endless"),
            },
            selected: Some(term) == longest,
        })
        .collect()
}
