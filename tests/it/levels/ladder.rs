//! A portal demands a level, and the citizen comes back with it.

use serde_json::json;

use super::{strict_portal, submit};
use crate::support::app::ANNA;
use crate::support::{RelyingParty, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_below_the_level_is_led_up_and_comes_back() {
    let app = TestApp::start_with(|config| {
        strict_portal(config, "standard");
    })
    .await;
    let portal = RelyingParty::new(&app, "strict");
    let browser = app.browser();
    let page = portal.enter(&browser, ANNA, &[]).await;
    assert_eq!(page.url.path(), "/level", "{}", page.body);
    let raise = page.attribute("#level-raise", "href").unwrap();
    let page = browser.get(&raise).await;
    assert!(page.text("#level-site").unwrap().contains("Строгий портал"));
    assert!(!page.has("#level-continue"));
    let page = browser
        .get(&page.attribute("#level-data", "href").unwrap())
        .await;
    // A mistake on the way does not lose the portal.
    let page = submit(&browser, &page, &[("passport", "1")]).await;
    assert!(page.has("#passport-problem"), "{}", page.body);
    let page = submit(&browser, &page, &[]).await;
    assert_eq!(page.url.path(), "/account/level", "{}", page.body);
    app.deliver().await;
    let page = browser.get(page.url.as_str()).await;
    assert!(
        page.text("#level-site").unwrap().contains("подходит"),
        "{}",
        page.body
    );
    let page = browser
        .get(&page.attribute("#level-continue", "href").unwrap())
        .await;
    let page = portal.go_on(&browser, page, ANNA).await;
    let code = page
        .sent("code")
        .unwrap_or_else(|| panic!("no code: {}", page.body));
    assert_eq!(page.sent("state").as_deref(), Some("the-state"));
    let answer = portal.redeem(&code).await;
    let tokens = crate::support::Tokens::of(&answer.json());
    assert_eq!(tokens.id_claims()["acr"], "urn:propusk:ial:standard");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_want_to_rise_returns_with_the_error() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let claims = json!({ "id_token": { "acr": { "essential": true, "value": "urn:propusk:ial:standard" } } });
    let changes = [("claims", claims.to_string())];
    let changes: Vec<_> = changes
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let page = portal.enter(&browser, ANNA, &changes).await;
    assert_eq!(page.url.path(), "/level", "{}", page.body);
    let page = browser.submit(&page, "level-return", &[]).await;
    assert_eq!(
        page.sent("error").as_deref(),
        Some("unmet_authentication_requirements")
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_nobody_can_reach_here_is_refused_at_once() {
    let app = TestApp::start_with(|config| strict_portal(config, "verified")).await;
    let portal = RelyingParty::new(&app, "strict");
    let browser = app.browser();
    let page = portal.enter(&browser, ANNA, &[]).await;
    assert_eq!(page.url.path(), "/level", "a centre is open");
    for mut centre in app.app.storage.centres().await.unwrap() {
        centre.closed_at = Some(app.now());
        app.app.storage.put_centre(centre).await.unwrap();
    }
    let page = browser.get(page.url.as_str()).await;
    assert_eq!(
        page.sent("error").as_deref(),
        Some("unmet_authentication_requirements"),
        "{}",
        page.body
    );
    app.end().await;
}
