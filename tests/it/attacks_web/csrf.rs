//! Row 26: nobody else's page makes a browser of ours change anything. Every
//! address that takes a form is tried; a new one without a case fails.

use std::collections::BTreeSet;

use super::csrf_cases::{Case, ready};
use super::{pages, refused, routes};
use crate::recovery::cases::is_of_recovery;
use crate::support::app::{ANNA, PASSWORD};
use crate::support::authority::{Authority, Kind};
use crate::support::bank::TestBank;
use crate::support::push_service::PushService;
use crate::support::steps::{sign_in, signed_in};
use crate::support::{Page, TestApp};

/// Sends the form of a case with another token, or without one.
async fn send(case: &Case, token: Option<&str>) -> Page {
    let mut fields = case.fields.clone();
    fields.retain(|(name, _)| name != "csrf");
    fields.extend(token.map(|token| ("csrf".to_owned(), token.to_owned())));
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    case.browser.post_once(&case.address, &fields).await
}

fn token_of(case: &Case) -> &str {
    let found = case.fields.iter().find(|(name, _)| name == "csrf");
    &found.expect("the form holds a token").1
}

#[tokio::test]
async fn attack_26_no_form_is_taken_from_a_foreign_page() {
    let authority = Authority::new(Kind::Ec, "CA");
    let service = PushService::start().await;
    let (app, bank) = crate::banks::start_with("verified", |config| {
        config["signature"] = serde_json::json!({ "trusted_ca": authority.trusted() });
        service.configure(config);
    })
    .await;
    for route in pages("post") {
        if is_of_factors(&route) {
            continue;
        }
        is_ours_alone(&app, &bank, &route).await;
    }
    app.end().await;
}

#[tokio::test]
async fn attack_26_no_form_of_the_desk_is_taken_from_a_foreign_page() {
    // Photographs are claimed by one operator at a time: tried where they are.
    let mut desk = routes("src/web/console/mod.rs", "post");
    desk.retain(|route| !route.starts_with("/operator/photographs"));
    assert!(desk.len() > 3, "{desk:?}");
    for route in desk {
        let (app, bank) = crate::banks::start("verified").await;
        is_ours_alone(&app, &bank, &route).await;
        app.end().await;
    }
}

/// A form after which its citizen has a second factor, or another level: each
/// in an app of its own.
pub fn is_of_factors(route: &str) -> bool {
    [
        "/account/factors",
        "/sign-in/key",
        "/sign-in/second",
        "/sign-in/code/",
        "/step-up",
        "/not-me",
        "/account/history/not-me",
        "/account/freeze",
    ]
    .iter()
    .any(|part| route.starts_with(part))
        || is_of_recovery(route)
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_26_no_form_about_second_factors_is_taken_from_a_foreign_page() {
    let routes: Vec<_> = pages("post")
        .into_iter()
        .filter(|route| is_of_factors(route))
        .collect();
    assert!(routes.len() > 8, "{routes:?}");
    for route in routes {
        // Keys are bound to a host name.
        let app = TestApp::start_named().await;
        let case = match is_of_recovery(&route) {
            true => crate::recovery::cases::ready(&app, &route).await,
            false => crate::factors::cases::ready(&app, &route).await,
        };
        is_taken_once(&app, case, &route).await;
        app.deliver().await;
        app.end().await;
    }
}

/// Whether the form of a route is taken from our own page and from no other.
async fn is_ours_alone(app: &TestApp, bank: &TestBank, route: &str) {
    let case = ready(app, bank, route).await;
    is_taken_once(app, case, route).await;
}

async fn is_taken_once(app: &TestApp, case: Option<Case>, route: &str) {
    println!("POST {route}");
    let foreign = app.browser().get("/sign-in").await;
    let foreign = foreign.attribute("input[name=csrf]", "value").unwrap();
    let case = case.unwrap_or_else(|| panic!("POST {route} has no case here: add one"));
    let own = token_of(&case).to_owned();
    let before = app.contents().await;

    refused(&send(&case, None).await, 403);
    refused(&send(&case, Some("")).await, 403);
    // Of another browser, where the attacker reads it at leisure.
    refused(&send(&case, Some(&foreign)).await, 403);
    refused(&send(&case, Some(&own[..own.len() - 1])).await, 403);
    // In the address, where a link can put it.
    let mut address = url::Url::parse(&case.address).unwrap();
    address.query_pairs_mut().append_pair("csrf", &own);
    let moved = Case {
        browser: case.browser.clone(),
        address: address.to_string(),
        fields: case.fields.clone(),
        changes: case.changes,
    };
    refused(&send(&moved, None).await, 403);
    // By a link alone, with everything in it.
    address.query_pairs_mut().extend_pairs(&case.fields);
    case.browser.get_once(address.as_str()).await;
    assert_eq!(
        app.contents().await,
        before,
        "POST {route}: something has changed"
    );

    // And the same form from our own page is taken.
    let taken = send(&case, Some(&own)).await;
    assert!(
        matches!(taken.status, 200 | 303),
        "POST {route}: {} {}",
        taken.status,
        taken.body
    );
    if case.changes {
        assert_ne!(app.contents().await, before, "POST {route} had no effect");
    }
}

#[tokio::test]
async fn attack_26_a_token_of_before_the_sign_in_is_worth_nothing_after_it() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/sign-in").await;
    let before = page.attribute("input[name=csrf]", "value").unwrap();
    sign_in(&browser, ANNA, PASSWORD).await;
    let page = browser
        .post_once("/account/security/end-others", &[("csrf", &before)])
        .await;
    refused(&page, 403);
    // Nor is one of a session that has ended.
    let page = browser.get("/sign-out").await;
    let during = page.attribute("input[name=csrf]", "value").unwrap();
    browser.submit(&page, "logout-confirm", &[]).await;
    sign_in(&browser, ANNA, PASSWORD).await;
    let page = browser
        .post_once("/account/security/end-others", &[("csrf", &during)])
        .await;
    refused(&page, 403);
    app.end().await;
}

#[tokio::test]
async fn attack_26_a_victim_is_not_signed_in_as_somebody_else() {
    let app = TestApp::start().await;
    let victim = signed_in(&app, ANNA).await;
    let foreign = app.browser().get("/sign-in").await;
    let foreign = foreign.attribute("input[name=csrf]", "value").unwrap();
    let session = victim.cookie("propusk_session");
    let fields = [
        ("username", crate::support::app::TIMUR),
        ("password", PASSWORD),
        ("csrf", foreign.as_str()),
    ];
    victim.post_once("/sign-in", &fields).await;
    assert_eq!(victim.cookie("propusk_session"), session);
    assert_eq!(
        victim.get("/account").await.text(".who-name").unwrap(),
        "Анна Павловна Соколова"
    );
    app.end().await;
}

#[tokio::test]
async fn attack_26_cookies_do_not_travel_with_foreign_forms() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/sign-in").await;
    let entered = browser
        .submit_once(
            &page,
            "login-submit",
            &[("username", ANNA), ("password", PASSWORD)],
        )
        .await;
    let set: Vec<&str> = [&page, &entered]
        .iter()
        .flat_map(|page| page.headers.get_all("set-cookie"))
        .map(|cookie| cookie.to_str().unwrap())
        .collect();
    for name in ["propusk_session=", "propusk_browser=", "propusk_device="] {
        let cookie = set.iter().find(|cookie| cookie.starts_with(name)).unwrap();
        for attribute in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain="), "{cookie}");
    }
    app.end().await;
}

/// Addresses outside of the pages that take a POST: those of programs need a
/// client's secret or a bearer token and know no cookie; the two that browsers
/// post to have tests of their own.
#[test]
fn attack_26_every_other_post_is_accounted_for() {
    let known = BTreeSet::from([
        "/aas/oauth2/te",
        "/aas/oauth2/v3/te",
        "/idp/ext/Logout",
        "/oauth/authorize",
        "/oauth/backchannel_authentication",
        "/oauth/device_authorization",
        "/oauth/end_session",
        "/oauth/introspect",
        "/oauth/par",
        "/oauth/register",
        "/oauth/revoke",
        "/oauth/token",
        "/oauth/userinfo",
        "/ssf/poll",
        "/ssf/status",
        "/ssf/stream",
        "/ssf/subjects/add",
        "/ssf/subjects/remove",
        "/ssf/verify",
    ]);
    let mut found = routes("src/web/mod.rs", "post");
    found.extend(routes("src/web/oauth/shared_signals.rs", "post"));
    found.extend(routes("src/web/esia/mod.rs", "post"));
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, known);
}

/// An authorization request may come by POST from anywhere, for it decides
/// nothing: the person still has to consent on our page.
#[tokio::test]
async fn attack_26_a_posted_authorization_request_decides_nothing() {
    let app = TestApp::start().await;
    let victim = signed_in(&app, ANNA).await;
    let portal = crate::support::RelyingParty::new(&app, "portal");
    let url = url::Url::parse(&portal.authorize_url(&[])).unwrap();
    let fields: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let mut fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    fields.push(("decision", "allow"));
    let before = app.contents().await;
    let page = victim.post("/oauth/authorize", &fields).await;
    assert!(page.has("#consent-allow"), "{}", page.body);
    assert_eq!(app.contents().await, before);
    app.end().await;
}
