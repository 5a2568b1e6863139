//! Row 55: nobody is signed out by a stranger's link, sent to a stranger's
//! address, or left signed in because a message was lost.

use propusk::model::algorithm::Algorithm;
use serde_json::json;

use super::refused;
use crate::support::app::{ANNA, TIMUR};
use crate::support::receiver::Receiver;
use crate::support::relying_party::{claims, header, registration};
use crate::support::steps::signed_in;
use crate::support::{Browser, RelyingParty, TestApp, Tokens};

const OUT: &str = "https://portal.example/signed-out";

fn end_session(params: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(params);
    format!("/oauth/end_session?{}", query.finish())
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/account").await.url.path() == "/account"
}

async fn entered(app: &TestApp, person: &str) -> (Browser, Tokens) {
    let browser = signed_in(app, person).await;
    let tokens = RelyingParty::new(app, "portal")
        .tokens(&browser, person, &[])
        .await;
    (browser, tokens)
}

#[tokio::test]
async fn attack_55_a_link_of_a_stranger_only_asks() {
    let app = TestApp::start().await;
    let (victim, _) = entered(&app, ANNA).await;
    let (_, of_another) = entered(&app, TIMUR).await;
    let foreign_hint = of_another.id.unwrap();
    for params in [
        vec![],
        vec![("client_id", "portal")],
        vec![
            ("client_id", "portal"),
            ("post_logout_redirect_uri", OUT),
            ("state", "x"),
        ],
        // A hint of another session proves nothing about this one.
        vec![
            ("id_token_hint", foreign_hint.as_str()),
            ("post_logout_redirect_uri", OUT),
        ],
        vec![("decision", "sign-out")],
        vec![("decision", "sign-out"), ("csrf", "x")],
    ] {
        let page = victim.get(&end_session(&params)).await;
        assert!(page.has("#logout-confirm"), "{params:?}: {}", page.body);
        assert!(is_signed_in(&victim).await, "{params:?}");
        // By a form of a stranger's page as well.
        let page = victim.post("/oauth/end_session", &params).await;
        assert!(
            page.has("#logout-confirm") || page.status == 403,
            "{params:?}: {}",
            page.body
        );
        assert!(is_signed_in(&victim).await, "{params:?}");
    }
    // Who says no stays, and is not sent away.
    let page = victim
        .get(&end_session(&[
            ("client_id", "portal"),
            ("post_logout_redirect_uri", OUT),
        ]))
        .await;
    let stayed = victim.submit(&page, "logout-cancel", &[]).await;
    assert_eq!(stayed.url.path(), "/account");
    // Who says yes is signed out and returned, the state with them.
    let page = victim
        .get(&end_session(&[
            ("client_id", "portal"),
            ("post_logout_redirect_uri", OUT),
            ("state", "s 1"),
        ]))
        .await;
    let gone = victim.submit(&page, "logout-confirm", &[]).await;
    assert_eq!(
        gone.location().unwrap().as_str(),
        format!("{OUT}?state=s+1")
    );
    assert!(!is_signed_in(&victim).await);
    app.end().await;
}

#[tokio::test]
async fn attack_55_a_hint_of_this_very_session_needs_no_question() {
    let app = TestApp::start().await;
    let (browser, tokens) = entered(&app, ANNA).await;
    let hint = tokens.id.unwrap();
    // Even after it expired: the session is what matters (§4).
    app.advance(600).await;
    let page = browser
        .get_once(&end_session(&[
            ("id_token_hint", &hint),
            ("post_logout_redirect_uri", OUT),
        ]))
        .await;
    assert_eq!(page.location().unwrap().as_str(), OUT);
    assert!(!is_signed_in(&browser).await);
    // Its replay does not end the next session of the same person.
    let next = signed_in(&app, ANNA).await;
    let page = next.get(&end_session(&[("id_token_hint", &hint)])).await;
    assert!(page.has("#logout-confirm"), "{}", page.body);
    assert!(is_signed_in(&next).await);
    app.end().await;
}

#[tokio::test]
async fn attack_55_nobody_is_sent_to_an_address_that_is_not_registered() {
    let app = TestApp::start().await;
    let (browser, tokens) = entered(&app, ANNA).await;
    let hint = tokens.id.clone().unwrap();
    for uri in [
        "https://evil.example/",
        "https://portal.example/signed-out/../x",
        "https://portal.example/signed-out?next=https://evil.example",
        "https://portal.example.evil.example/signed-out",
        "https://portal.example/signed-out#x",
        "https://user@portal.example/signed-out",
        "https://portal.example:444/signed-out",
        "http://portal.example/signed-out",
        "//evil.example/",
        "javascript:alert(1)",
        // That of another client.
        "https://other.example/signed-out",
        "https://portal.example/callback",
    ] {
        for params in [
            vec![
                ("id_token_hint", hint.as_str()),
                ("post_logout_redirect_uri", uri),
            ],
            vec![("client_id", "portal"), ("post_logout_redirect_uri", uri)],
            vec![("post_logout_redirect_uri", uri)],
        ] {
            let page = browser.get_once(&end_session(&params)).await;
            assert!(page.location().is_none(), "{uri}: {:?}", page.location());
            refused(&page, 400);
        }
        assert!(is_signed_in(&browser).await, "{uri}");
    }
    // A hint and a client that do not belong together.
    let params = [("id_token_hint", hint.as_str()), ("client_id", "other")];
    refused(&browser.get_once(&end_session(&params)).await, 400);
    app.end().await;
}

#[tokio::test]
async fn attack_55_a_forged_hint_is_refused() {
    let app = TestApp::start().await;
    let (browser, tokens) = entered(&app, ANNA).await;
    let hint = tokens.id.unwrap();
    let parts: Vec<&str> = hint.split('.').collect();
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", parts[1]);
    let cut = hint[..hint.len() - 4].to_owned();
    for forged in [
        unsigned,
        cut,
        tokens.access,
        "x.y.z".to_owned(),
        "x".to_owned(),
    ] {
        let page = browser
            .get_once(&end_session(&[("id_token_hint", &forged)]))
            .await;
        refused(&page, 400);
        assert!(is_signed_in(&browser).await);
    }
    app.end().await;
}

#[tokio::test]
async fn attack_55_a_lost_delivery_is_repeated_with_the_same_name() {
    let mut portal_server = Receiver::start().await;
    let address = format!("{}/logout", portal_server.url);
    let app = TestApp::start_with(|config| {
        let told = registration("told", json!({ "backchannel_logout_uri": address }));
        let away = registration(
            "away",
            json!({
                // Nobody listens here.
                "backchannel_logout_uri":
                    format!("http://127.0.0.1:{}/logout", crate::support::process::free_port()),
            }),
        );
        config["clients"]
            .as_array_mut()
            .unwrap()
            .extend([told, away]);
    })
    .await;
    let browser = signed_in(&app, ANNA).await;
    let told = RelyingParty::new(&app, "told");
    let tokens = told.tokens(&browser, ANNA, &[]).await;
    let away = RelyingParty::new(&app, "away");
    let unreached = away.tokens(&browser, ANNA, &[]).await;
    let page = browser.get("/sign-out").await;
    let page = browser.submit(&page, "logout-confirm", &[]).await;
    assert_eq!(page.status, 200);
    app.deliver().await;

    let post = portal_server.next().await;
    assert_eq!(post.fields.len(), 1);
    let (name, token) = &post.fields[0];
    assert_eq!(name, "logout_token");
    // Nothing else can be mistaken for one, and it for nothing else
    // (Back-Channel Logout §2.4, §4).
    assert_eq!(header(token)["typ"], "logout+jwt");
    let said = claims(token);
    assert_eq!(said["sid"], tokens.id_claims()["sid"]);
    assert_eq!(said["aud"], "told");
    assert!(said.get("nonce").is_none(), "{said}");
    assert_eq!(told.userinfo(token).await.status, 401);
    let hinted = browser
        .get_once(&end_session(&[("id_token_hint", token)]))
        .await;
    refused(&hinted, 400);
    // The portal that could not be told has dead tokens all the same.
    assert_eq!(away.userinfo(&unreached.access).await.status, 401);
    // Its message waits, and is the same at every try.
    let waiting = app.app.storage.outbox_waiting().await.unwrap().0;
    assert_eq!(waiting, 1, "one message waits for the portal that is away");
    let tries = app.database.contents().await;
    let line = tries["outbox"]
        .iter()
        .find(|line| line.contains("away"))
        .unwrap();
    assert!(line.contains("logout-"), "{line}");
    app.advance(86_400).await;
    app.deliver().await;
    app.expect_errors(1);
    assert!(portal_server.is_quiet(), "told once");
    app.end().await;
}

/// An ID token of any algorithm we sign with is a hint; nothing else is.
#[tokio::test]
async fn attack_55_a_hint_signed_by_a_withdrawn_key_is_refused() {
    let app = TestApp::start().await;
    let (browser, tokens) = entered(&app, ANNA).await;
    let hint = tokens.id.unwrap();
    let kid = header(&hint)["kid"].as_str().unwrap().to_owned();
    assert_eq!(header(&hint)["alg"], Algorithm::Rs256.as_str());
    assert!(
        app.app
            .storage
            .retire_signing_key(kid, app.now())
            .await
            .unwrap()
    );
    app.app
        .provider
        .keys
        .reload(&app.app.storage, &app.app.vault)
        .await
        .unwrap();
    let page = browser
        .get_once(&end_session(&[("id_token_hint", &hint)]))
        .await;
    refused(&page, 400);
    assert!(is_signed_in(&browser).await);
    app.end().await;
}
