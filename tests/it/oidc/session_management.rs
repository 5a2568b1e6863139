//! Item 90: what the frame of Session Management compares. The frame itself is
//! asked in Chromium (`journeys/session_state.rs`).

use propusk::model::secret::Digest;
use serde_json::json;

use super::{document, sent_in_query};
use crate::support::app::ANNA;
use crate::support::relying_party::registration;
use crate::support::steps::signed_in;
use crate::support::{Browser, RelyingParty, TestApp};

/// What the script in the frame makes of a client, its page and the cookie.
fn expected(client: &str, origin: &str, state: &str, salt: &str) -> String {
    let said = format!("{client} {origin} {state} {salt}");
    format!("{}.{salt}", Digest::of(said.as_bytes()).as_str())
}

/// Whether a client's answer fits the browser now.
fn is_unchanged(browser: &Browser, client: &str, session_state: &str) -> bool {
    let state = browser.cookie("propusk_state").unwrap_or_default();
    let (_, salt) = session_state.split_once('.').unwrap();
    let origin = format!("https://{client}.example");
    session_state == expected(client, &origin, &state, salt)
}

#[tokio::test]
async fn oidc_090_an_answer_tells_the_state_of_the_session() {
    let app = TestApp::start().await;
    let (portal, other) = (
        RelyingParty::new(&app, "portal"),
        RelyingParty::new(&app, "other"),
    );
    let browser = app.browser();
    let mut states = Vec::new();
    for party in [&portal, &other, &portal] {
        let sent = sent_in_query(&party.enter(&browser, ANNA, &[]).await);
        let state = sent["session_state"].clone();
        assert!(is_unchanged(&browser, &party.id, &state), "{}", party.id);
        states.push(state);
    }
    assert!(states[0] != states[1] && states[0] != states[2]);
    // Another's page cannot use it, and another browser is another.
    assert!(!is_unchanged(&browser, "other", &states[0]));
    let elsewhere = signed_in(&app, ANNA).await;
    elsewhere.get(&app.at("/account")).await;
    assert!(!is_unchanged(&elsewhere, "portal", &states[0]));
    // Whoever signs out, or signs in as somebody else, is not the same.
    let page = browser.get(&app.at("/oauth/end_session")).await;
    browser.submit(&page, "logout-confirm", &[]).await;
    assert_eq!(browser.cookie("propusk_state"), None);
    assert!(!is_unchanged(&browser, "portal", &states[0]));
    portal.enter(&browser, ANNA, &[]).await;
    assert!(!is_unchanged(&browser, "portal", &states[0]));
    app.end().await;
}

/// What ended elsewhere is noticed with the next page of ours.
#[tokio::test]
async fn oidc_090_a_session_that_ran_out_is_another() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let sent = sent_in_query(&portal.enter(&browser, ANNA, &[]).await);
    app.advance(86_400).await;
    let page = browser
        .get(&portal.authorize_url(&[("prompt", "none")]))
        .await;
    assert_eq!(sent_in_query(&page)["error"], "login_required");
    assert!(!is_unchanged(&browser, "portal", &sent["session_state"]));
    app.end().await;
}

/// In every way that answers come, and to no program without pages.
#[tokio::test]
async fn oidc_090_who_is_told_of_it() {
    let app = TestApp::start_with(|config| {
        let clients = config["clients"].as_array_mut().unwrap();
        let native = json!({
            "application_type": "native", "redirect_uris": ["ru.example.native:/callback"],
            "token_endpoint_auth_method": "none", "client_secret": null,
            "post_logout_redirect_uris": [],
        });
        clients.push(registration("native", native));
    })
    .await;
    let browser = app.browser();
    let hybrid = RelyingParty::new(&app, "hybrid");
    let page = hybrid
        .enter(&browser, ANNA, &[("response_type", "code id_token")])
        .await;
    let fragment = page.location().unwrap().fragment().unwrap().to_owned();
    assert!(fragment.contains("session_state="), "{fragment}");
    let mut native = RelyingParty::new(&app, "native");
    native.redirect_uri = "ru.example.native:/callback".to_owned();
    native.secret = None;
    let sent = sent_in_query(&native.enter(&browser, ANNA, &[]).await);
    assert!(sent.contains_key("code"), "{sent:?}");
    assert!(!sent.contains_key("session_state"), "{sent:?}");
    app.end().await;
}

/// It may stand in anybody's frame: it shows nothing, and no other page may.
#[tokio::test]
async fn oidc_090_only_the_frame_may_be_framed() {
    let app = TestApp::start().await;
    let frame = document(&app, "/oauth/check_session").await;
    assert_eq!(frame.status, 200);
    assert_eq!(frame.header("x-frame-options"), None);
    let policy = frame.header("content-security-policy").unwrap();
    assert!(!policy.contains("frame-ancestors"), "{policy}");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(!frame.body.contains("<form") && !frame.body.contains("<a "));
    let page = document(&app, "/sign-in").await;
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    app.end().await;
}
