//! Item 88: front-channel logout.

use serde_json::json;
use url::Url;

use super::logout::{ask, is_signed_in, signed_in};
use crate::support::relying_party::{claims, registration};
use crate::support::{Page, RelyingParty, TestApp};

const BACK: &str = "https://north.example/signed-out";

/// Portals with a page that signs out; `south` has one with a query.
async fn started() -> TestApp {
    TestApp::start_with(|config| {
        let clients = config["clients"].as_array_mut().unwrap();
        for (id, query) in [("north", ""), ("south", "?a=1"), ("unvisited", "")] {
            let told = json!({
                "frontchannel_logout_uri": format!("https://{id}.example/front{query}"),
                "frontchannel_logout_session_required": true,
            });
            clients.push(registration(id, told));
        }
    })
    .await
}

/// The addresses in the frames of a page.
fn frames(page: &Page) -> Vec<Url> {
    let html = scraper::Html::parse_document(&page.body);
    let selector = scraper::Selector::parse("iframe").unwrap();
    let found = html.select(&selector).map(|frame| {
        let value = frame.value();
        // Out of sight, and unable to lead the page away.
        assert!(value.attr("hidden").is_some());
        assert_eq!(
            value.attr("sandbox"),
            Some("allow-scripts allow-same-origin")
        );
        Url::parse(value.attr("src").unwrap()).unwrap()
    });
    found.collect()
}

fn policy(page: &Page) -> Vec<String> {
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    policy.split("; ").map(str::to_owned).collect()
}

#[track_caller]
fn names_session(frame: &Url, issuer: &str, id_token: &str) {
    let query: Vec<_> = frame.query_pairs().into_owned().collect();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let sid = claims(id_token)["sid"].as_str().unwrap().to_owned();
    assert!(
        query.ends_with(&[pair("iss", issuer), pair("sid", &sid)]),
        "{frame}"
    );
}

#[tokio::test]
async fn oidc_088_frames_tell_every_portal_before_the_browser_returns() {
    let app = started().await;
    let browser = app.browser();
    let [north, south, portal] = ["north", "south", "portal"].map(|id| RelyingParty::new(&app, id));
    let hint = signed_in(&north, &browser).await;
    let other = signed_in(&south, &browser).await;
    signed_in(&portal, &browser).await;
    let params = [
        ("id_token_hint", &*hint),
        ("post_logout_redirect_uri", BACK),
        ("state", "a \"b\"&<c>"),
    ];
    let page = ask(&browser, &params).await;
    assert_eq!((page.status, page.location()), (200, None), "{}", page.body);
    let loaded = frames(&page);
    assert_eq!(loaded.len(), 2, "{loaded:?}");
    // The one that asked is told like the others (§3).
    assert!(
        loaded[0]
            .as_str()
            .starts_with("https://north.example/front?iss=")
    );
    assert!(
        loaded[1]
            .as_str()
            .starts_with("https://south.example/front?a=1&iss=")
    );
    names_session(&loaded[0], &app.url, &hint);
    names_session(&loaded[1], &app.url, &other);
    // Exactly these may be shown.
    let rules = policy(&page);
    let sources = "frame-src https://north.example https://south.example";
    assert!(rules.iter().any(|rule| rule == sources), "{rules:?}");
    assert!(rules.iter().any(|rule| rule == "script-src 'self'"));
    // With scripts, without them, and by hand: to one address.
    let onward = format!("{BACK}?state=a+%22b%22%26%3Cc%3E");
    let by_script = page.attribute("script[src='/static/signing_out.js']", "data-url");
    assert_eq!(by_script.as_deref(), Some(&*onward));
    let by_hand = page.attribute("#signing-out-continue", "href");
    assert_eq!(by_hand.as_deref(), Some(&*onward));
    assert!(
        page.body
            .contains("<noscript><meta http-equiv=\"refresh\" content=\"3; url=")
    );
    // It has happened already: nothing waits for the frames.
    assert!(!is_signed_in(&north, &browser).await);
    assert!(page.headers.get("refresh").is_none());
    app.end().await;
}

#[tokio::test]
async fn oidc_088_wherever_the_citizen_signs_out() {
    let app = started().await;
    let browser = app.browser();
    let north = RelyingParty::new(&app, "north");
    // At our own page, after its question.
    let hint = signed_in(&north, &browser).await;
    let question = browser.get("/sign-out").await;
    assert!(frames(&question).is_empty());
    let page = browser.submit(&question, "logout-confirm", &[]).await;
    assert!(page.has("#signed-out"));
    names_session(&frames(&page)[0], &app.url, &hint);
    assert!(
        policy(&page)
            .iter()
            .any(|rule| rule == "frame-src https://north.example")
    );
    // After the question of a portal that does not say which session it means,
    let hint = signed_in(&north, &browser).await;
    let params = [("client_id", "north"), ("post_logout_redirect_uri", BACK)];
    let question = ask(&browser, &params).await;
    assert!(frames(&question).is_empty() && is_signed_in(&north, &browser).await);
    let page = browser.submit(&question, "logout-confirm", &[]).await;
    names_session(&frames(&page)[0], &app.url, &hint);
    let onward = page.attribute("#signing-out-continue", "href");
    assert_eq!(onward.as_deref(), Some(BACK));
    // and with nowhere to return to.
    let hint = signed_in(&north, &browser).await;
    let page = ask(&browser, &[("id_token_hint", &hint)]).await;
    assert!(page.has("#signed-out"));
    names_session(&frames(&page)[0], &app.url, &hint);
    app.end().await;
}

#[tokio::test]
async fn oidc_088_who_was_not_entered_is_not_told() {
    let app = started().await;
    let browser = app.browser();
    let portal = RelyingParty::new(&app, "portal");
    let hint = signed_in(&portal, &browser).await;
    // Another session of the same person at another portal.
    let elsewhere = app.browser();
    let north = RelyingParty::new(&app, "north");
    let other = signed_in(&north, &elsewhere).await;
    let back = "https://portal.example/signed-out";
    let params = [
        ("id_token_hint", &*hint),
        ("post_logout_redirect_uri", back),
    ];
    // Nobody has a page: no page of ours stands between.
    let page = ask(&browser, &params).await;
    assert_eq!(page.location().unwrap().as_str(), back);
    // A hint of a session that is not here: nothing is loaded for a stranger.
    let page = ask(&browser, &[("id_token_hint", &other)]).await;
    assert!(frames(&page).is_empty());
    assert!(
        !policy(&page)
            .iter()
            .any(|rule| rule.starts_with("frame-src"))
    );
    assert!(is_signed_in(&north, &elsewhere).await);
    app.end().await;
}
