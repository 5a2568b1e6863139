//! The only page: an invitation for visitors, the claims for those signed in.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::page::{self, Message, Page, Person};
use crate::settings::Settings;
use crate::sign_in::VERIFIED;
use crate::texts::{Language, Notice};
use crate::visits::{Session, Visit, set_cookie};
use crate::{Portal, now};

/// `?lang=en`
#[derive(Deserialize)]
pub struct HomeParams {
    lang: Option<Language>,
}

/// Draws the page for this browser.
pub async fn show(
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
    Query(params): Query<HomeParams>,
) -> Response {
    let now = now();
    let known = portal.visits.find(&portal.settings, &headers, now);
    // Somebody who only looks gets no cookie and costs no memory.
    let id = known.or_else(|| {
        params
            .lang
            .map(|_| portal.visits.open(Visit::of(&headers), now))
    });
    let drawn = id.and_then(|id| {
        let page = portal.visits.with(&id, |visit| {
            visit.language = params.lang.unwrap_or(visit.language);
            draw(&portal.settings, visit)
        })?;
        Some((set_cookie(&portal.settings, &id), page))
    });
    match drawn {
        Some((cookie, page)) => (cookie, page::respond(&portal.settings, &page)).into_response(),
        None => page::respond(
            &portal.settings,
            &draw(&portal.settings, &mut Visit::of(&headers)),
        ),
    }
}

fn draw(settings: &Settings, visit: &mut Visit) -> Page {
    let language = visit.language;
    let message = |notice: Notice| Message {
        error: notice.is_error(),
        text: notice.text(language),
    };
    Page {
        language,
        site: language
            .choose(&settings.name_ru, &settings.name_en)
            .clone(),
        notice: visit.notice.take().map(message),
        refresh_result: visit.refresh_result.take().map(message),
        csrf: visit.csrf.clone(),
        person: visit.session.as_ref().map(person),
    }
}

fn person(session: &Session) -> Person {
    let acr = session.claims.get("acr").and_then(Value::as_str);
    Person {
        name: name(&session.claims),
        verified: acr == Some(VERIFIED),
        evidence: evidence(&session.claims),
        claims: session
            .claims
            .iter()
            .map(|(claim, value)| (claim.clone(), readable(value)))
            .collect(),
    }
}

/// What the provider's word rests on: kinds of evidence and how each was
/// checked. Nothing of it is believed unless the level is there as well.
fn evidence(claims: &Map<String, Value>) -> Vec<String> {
    let pieces = claims
        .get("verified_claims")
        .and_then(|verified| verified.pointer("/verification/evidence"))
        .and_then(Value::as_array);
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    pieces
        .into_iter()
        .flatten()
        .filter_map(|piece| {
            let kind = text(piece.get("type"))?;
            let details = piece.get("check_details").and_then(Value::as_array);
            let methods: Vec<_> = details
                .into_iter()
                .flatten()
                .filter_map(|detail| text(detail.get("check_method")))
                .collect();
            Some(format!("{kind}: {}", methods.join(", ")))
        })
        .collect()
}

/// How to address the person. Any claim may be missing: the person decides what
/// to share, and `sub` alone is certain.
fn name(claims: &Map<String, Value>) -> String {
    let text = |claim: &str| claims.get(claim).and_then(Value::as_str);
    text("name")
        .map(str::to_owned)
        .or_else(|| {
            let parts = ["given_name", "middle_name", "family_name"];
            let known: Vec<_> = parts.into_iter().filter_map(text).collect();
            (!known.is_empty()).then(|| known.join(" "))
        })
        .or_else(|| text("sub").map(str::to_owned))
        .unwrap_or_default()
}

fn readable(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
