//! Item 89: back-channel logout.

use serde_json::json;

use super::logout::{ask, is_signed_in, signed_in};
use super::{OFFLINE, verified};
use crate::support::app::ANNA;
use crate::support::receiver::Post;
use crate::support::relying_party::{claims, header, registration};
use crate::support::{Receiver, RelyingParty, TestApp};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Two portals that want to be told, at `{url}/north` and `{url}/south`.
async fn with_listeners(receiver: &Receiver) -> TestApp {
    let url = &receiver.url;
    TestApp::start_with(|config| {
        for (id, alg) in [("north", "RS256"), ("south", "ES256")] {
            let told = json!({
                "backchannel_logout_uri": format!("{url}/{id}"),
                "backchannel_logout_session_required": true,
                "id_token_signed_response_alg": alg,
            });
            config["clients"]
                .as_array_mut()
                .unwrap()
                .push(registration(id, told));
        }
    })
    .await
}

/// Checks a logout token against the ID token of the session that ended.
async fn tells_of(app: &TestApp, post: &Post, id: &str, id_token: &str) {
    assert_eq!(post.content_type, "application/x-www-form-urlencoded");
    let [(name, token)] = &post.fields[..] else {
        panic!("only logout_token may be sent: {:?}", post.fields);
    };
    assert_eq!(name, "logout_token");
    assert_eq!(header(token)["typ"], "logout+jwt");
    assert_eq!(header(token)["alg"], header(id_token)["alg"]);
    let (told, session) = (verified(app, token).await, claims(id_token));
    assert_eq!(told["iss"], app.url);
    assert_eq!(told["aud"], id);
    assert_eq!(told["sub"], session["sub"]);
    assert_eq!(told["sid"], session["sid"]);
    assert_eq!(told["events"], json!({ EVENT: {} }));
    assert_eq!(told["iat"].as_i64(), Some(app.now().seconds()));
    assert!(
        told["exp"].as_i64().unwrap() <= app.now().seconds() + 120,
        "two minutes at most"
    );
    assert!(!told["jti"].as_str().unwrap().is_empty());
    assert_eq!(told.get("nonce"), None);
}

#[tokio::test]
async fn oidc_089_every_portal_of_the_session_is_told() {
    let mut receiver = Receiver::start().await;
    let app = with_listeners(&receiver).await;
    let parties = ["north", "south", "portal"].map(|id| RelyingParty::new(&app, id));
    let browser = app.browser();
    let [north, south, _] = [
        signed_in(&parties[0], &browser).await,
        signed_in(&parties[1], &browser).await,
        signed_in(&parties[2], &browser).await,
    ];
    // Another session of the same person is not concerned.
    let elsewhere = app.browser();
    signed_in(&parties[0], &elsewhere).await;
    let back = "https://north.example/signed-out";
    let page = ask(
        &browser,
        &[
            ("id_token_hint", &north),
            ("post_logout_redirect_uri", back),
        ],
    )
    .await;
    assert_eq!(page.location().unwrap().as_str(), back);
    app.deliver().await;
    let mut posts = [receiver.next().await, receiver.next().await];
    posts.sort_by_key(|post| post.path.clone());
    assert_eq!([&posts[0].path, &posts[1].path], ["/north", "/south"]);
    tells_of(&app, &posts[0], "north", &north).await;
    tells_of(&app, &posts[1], "south", &south).await;
    assert_ne!(
        claims(&north)["sid"],
        claims(&south)["sid"],
        "portals cannot compare sessions"
    );
    assert!(is_signed_in(&parties[0], &elsewhere).await);
    app.upkeep().await;
    app.end().await;
    assert!(receiver.is_quiet());
}

#[tokio::test]
async fn oidc_089_however_the_session_ends() {
    let mut receiver = Receiver::start().await;
    let app = with_listeners(&receiver).await;
    let north = RelyingParty::new(&app, "north");
    // The citizen signs out at our own page.
    let browser = app.browser();
    let hint = signed_in(&north, &browser).await;
    let page = browser.get("/sign-out").await;
    browser.submit(&page, "logout-confirm", &[]).await;
    app.deliver().await;
    tells_of(&app, &receiver.next().await, "north", &hint).await;
    // The citizen goes away.
    let hint = signed_in(&north, &browser).await;
    app.advance(15 * 60 + 1).await;
    app.upkeep().await;
    app.deliver().await;
    tells_of(&app, &receiver.next().await, "north", &hint).await;
    app.end().await;
    assert!(receiver.is_quiet());
}

#[tokio::test]
async fn oidc_089_a_portal_that_gave_its_token_back_is_told_and_once() {
    let mut receiver = Receiver::start().await;
    let app = with_listeners(&receiver).await;
    let north = RelyingParty::new(&app, "north");
    let browser = app.browser();
    let tokens = north.tokens(&browser, ANNA, &[("scope", OFFLINE)]).await;
    let revoked = north.revoke(&tokens.refresh.unwrap()).await;
    assert_eq!(revoked.status, 200);
    let page = browser.get("/sign-out").await;
    browser.submit(&page, "logout-confirm", &[]).await;
    app.deliver().await;
    tells_of(&app, &receiver.next().await, "north", &tokens.id.unwrap()).await;
    app.end().await;
    assert!(receiver.is_quiet());
}

#[tokio::test]
async fn oidc_089_a_portal_that_was_told_and_entered_again_is_told_again() {
    let mut receiver = Receiver::start().await;
    let app = with_listeners(&receiver).await;
    let north = RelyingParty::new(&app, "north");
    let browser = app.browser();
    let first = signed_in(&north, &browser).await;
    let page = browser.get("/account/consents").await;
    let card = page
        .attribute("a[href^='/account/consents/']", "href")
        .unwrap();
    let card = browser.get(&card).await;
    browser.submit(&card, "withdraw-confirm", &[]).await;
    app.deliver().await;
    tells_of(&app, &receiver.next().await, "north", &first).await;
    app.advance(1).await;
    let again = signed_in(&north, &browser).await;
    let page = browser.get("/sign-out").await;
    browser.submit(&page, "logout-confirm", &[]).await;
    app.deliver().await;
    tells_of(&app, &receiver.next().await, "north", &again).await;
    app.end().await;
    assert!(receiver.is_quiet());
}
