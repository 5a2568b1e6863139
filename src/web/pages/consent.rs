//! The citizen decides what a site may know.

use askama::Template;
use axum::response::Response;

use crate::account::person::Person;
use crate::consent::Decision;
use crate::model::client::place_of;
use crate::model::scope::{OFFLINE_ACCESS, SCOPES};
use crate::protocol::authorization::Step;
use crate::protocol::authorization::awaited::Way;
use crate::protocol::authorization::response::Destination;
use crate::web::asked::{Asked, SignedIn};
use crate::web::attributes::{attributes, scope_title_for};
use crate::web::details::{DetailGroup, detail_groups};
use crate::web::form::Problems;
use crate::web::oauth::authorize::{agreed, allow_return, denied, refuse};
use crate::web::page::{Page, Site};
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/consent`
#[derive(Template)]
#[template(path = "consent.html")]
pub struct ConsentPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes, with the flow it belongs to.
    pub action: String,
    /// Wrong fields, as a rule none.
    pub problems: Problems,
    /// Who asks.
    pub site: Site,
    /// Host name to which the citizen returns; empty where they do not.
    pub host: String,
    /// What the device that waits shows, to be compared.
    pub device_code: Option<String>,
    /// What a site that asked by itself says the question is about.
    pub binding_message: Option<String>,
    /// Where the data will go, if nobody has checked who asks.
    pub unchecked: Option<String>,
    /// Why the site asks, in its own words.
    pub purpose: String,
    /// The site's personal-data policy.
    pub policy_uri: Option<String>,
    /// The site's terms of use.
    pub terms_uri: Option<String>,
    /// What is asked for in detail, this once.
    pub details: Vec<DetailGroup>,
    /// What is asked for, by scope.
    pub groups: Vec<ConsentGroup>,
    /// For how long, as a phrase.
    pub term: String,
    /// Whether the site asks to read the data while the citizen is away.
    pub offline: bool,
    /// Name of the citizen and a masked contact.
    pub signed_in_as: String,
    /// Signing in as somebody else, with the same flow.
    pub switch_href: String,
}

/// The attributes of one scope.
#[derive(Clone, Debug, Default)]
pub struct ConsentGroup {
    /// Name of the scope, the value of the field `optional`.
    pub scope: String,
    /// Its title (texts `scope-…`).
    pub title: String,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether an optional one is ticked.
    pub ticked: bool,
    /// What it holds.
    pub attributes: Vec<Attribute>,
}

/// An attribute with its value of today.
#[derive(Clone, Debug, Default)]
pub struct Attribute {
    /// What it is called.
    pub label: String,
    /// Its masked value; none if the account has none.
    pub value: Option<String>,
}

/// The page, when consent is what the request needs next.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    let Some(asked) = Asked::of_flow(&visit).await? else {
        return Ok(visit.go("/account"));
    };
    let (Step::Consent, Some(signed_in)) = (asked.next_step(visit.now), &asked.person) else {
        return Ok(visit.onward());
    };
    let page = view(&visit, &asked, signed_in);
    let mut response = visit.show(&page)?;
    allow_return(&mut response, &asked.request);
    Ok(response)
}

/// The decision.
pub async fn decide(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let form = posted.checked(&visit)?;
    let Some(asked) = Asked::of_flow(&visit).await? else {
        return Ok(visit.go("/account"));
    };
    let request = &asked.request;
    // A refusal is one whatever was agreed to in another tab.
    if form.text("decision") != "allow" {
        return refuse(&visit, request, &denied()).await;
    }
    let (Step::Consent, Some(signed_in)) = (asked.next_step(visit.now), &asked.person) else {
        return Ok(visit.onward());
    };
    let decision = Decision {
        account: &signed_in.session.account,
        client: &request.client,
        asked: &request.scopes,
        ticked: form.every("optional"),
        claims: request.claims.all(),
        address: Some(visit.address),
    };
    visit.app.consents.give(&decision, visit.now).await?;
    visit.app.outbox.wake();
    if request.needs_a_word() {
        // This was it: the answer is written down at once.
        return agreed(&visit).await;
    }
    Ok(visit.onward())
}

fn view(visit: &Visit, asked: &Asked, signed_in: &SignedIn) -> ConsentPage {
    let client = &asked.request.client;
    let texts = visit.texts;
    let person = &signed_in.person;
    ConsentPage {
        page: visit.page(Some(person)),
        action: visit.with_flow("/consent"),
        problems: Problems::none(),
        site: visit.site(client),
        host: asked
            .request
            .to
            .redirect()
            .and_then(|to| url::Url::parse(to.as_str()).ok())
            .and_then(|uri| uri.host_str().map(str::to_owned))
            .unwrap_or_default(),
        device_code: label(asked, Way::Device),
        binding_message: label(asked, Way::Backchannel),
        unchecked: client.self_registered.then(|| place(asked)),
        purpose: client
            .purpose
            .as_ref()
            .map(|purpose| visit.localized(purpose).to_owned())
            .unwrap_or_default(),
        policy_uri: client.policy_uri.clone(),
        terms_uri: client.tos_uri.clone(),
        details: detail_groups(visit, &visit.zone(Some(person)), &asked.request.details),
        groups: groups(visit, asked, person),
        term: client.consent_days.map_or_else(
            || texts.t("consent-term-endless"),
            |days| texts.count("consent-term-days", u64::from(days)),
        ),
        offline: asked.request.scopes.contains(OFFLINE_ACCESS),
        signed_in_as: person.profile.full_name(),
        switch_href: visit.with_flow_and("/sign-in", &[("switch", "yes")]),
    }
}

/// Where the data will go: the host that the browser returns to; nothing can be
/// said of who fetches them itself.
fn place(asked: &Asked) -> String {
    let to = asked.request.to.redirect();
    to.and_then(|to| place_of(to.as_str())).unwrap_or_default()
}

/// What the person compares, where the client waits in this way.
fn label(asked: &Asked, wanted: Way) -> Option<String> {
    match &asked.request.to {
        Destination::Awaited { reference, label } if reference.way == wanted => Some(label.clone()),
        _ => None,
    }
}

/// What is asked for, by scope. What was refused before is unticked again.
fn groups(visit: &Visit, asked: &Asked, person: &Person) -> Vec<ConsentGroup> {
    let request = &asked.request;
    let required: Vec<&str> = request.client.required_scope.split_whitespace().collect();
    let single: Vec<String> = request
        .claims
        .all()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let ticked = |scope: &str| match &asked.consent {
        None => true,
        Some(before) => {
            let has = |list: &str| list.split(' ').any(|of| of == scope);
            has(&before.scopes) || !has(&before.asked)
        }
    };
    SCOPES
        .iter()
        .filter_map(|scope| {
            let whole = request.scopes.contains(scope.name);
            // Single claims are asked for in OpenID Connect only.
            if !whole && !scope.dialect.is_standard() {
                return None;
            }
            let only = (!whole).then_some(single.as_slice());
            let shown = attributes(visit.texts, person, scope.name, only, visit.now);
            let singled = !whole && !shown.is_empty();
            (whole || singled).then(|| ConsentGroup {
                scope: scope.name.to_owned(),
                title: visit
                    .texts
                    .t(scope_title_for(scope.name, Some(&request.client))),
                optional: whole && !required.contains(&scope.name),
                ticked: ticked(scope.name),
                attributes: shown
                    .into_iter()
                    .map(|(label, value)| Attribute { label, value })
                    .collect(),
            })
        })
        .collect()
}
