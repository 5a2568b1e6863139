//! Items 20–24: when a person is asked, when not, and how old a sign-in may be.

use super::{asked_silently, sent_in_query, verified};
use crate::support::app::{ANNA, TIMUR};
use crate::support::relying_party::claims;
use crate::support::{Browser, RelyingParty, TestApp, Tokens};

/// Redeems the code of an answer that came without any page.
async fn silently(portal: &RelyingParty, browser: &Browser, changes: &[(&str, &str)]) -> Tokens {
    let page = browser.get_once(&portal.authorize_url(changes)).await;
    let answer = sent_in_query(&page);
    let code = answer.get("code").unwrap_or_else(|| panic!("{answer:?}"));
    Tokens::of(&portal.redeem(code).await.json())
}

#[tokio::test]
async fn oidc_020_prompt_none_without_a_session_is_login_required() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let answer = asked_silently(&portal, &app.browser()).await;
    assert_eq!(answer["error"], "login_required");
    assert_eq!(answer["state"], "the-state");
    app.end().await;
}

#[tokio::test]
async fn oidc_020_prompt_none_without_consent_is_consent_required() {
    let app = TestApp::start().await;
    let (portal, other) = (
        RelyingParty::new(&app, "portal"),
        RelyingParty::new(&app, "other"),
    );
    let browser = app.browser();
    portal.tokens(&browser, ANNA, &[]).await;
    assert_eq!(
        asked_silently(&other, &browser).await["error"],
        "consent_required"
    );
    app.end().await;
}

#[tokio::test]
async fn oidc_021_prompt_none_with_a_session_succeeds_without_a_page() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let first = portal.tokens(&browser, ANNA, &[]).await.id_claims();
    app.advance(120).await;
    let again = silently(&portal, &browser, &[("prompt", "none")])
        .await
        .id_claims();
    assert_eq!(again["sub"], first["sub"]);
    assert_eq!(again["auth_time"], first["auth_time"]);
    assert_eq!(again["sid"], first["sid"]);
    assert_eq!(
        again["iat"].as_i64().unwrap(),
        first["iat"].as_i64().unwrap() + 120
    );
    app.end().await;
}

#[tokio::test]
async fn oidc_022_prompt_login_shows_the_sign_in_and_renews_auth_time() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let first = portal.tokens(&browser, ANNA, &[]).await.id_claims();
    app.advance(3).await;
    let page = browser
        .get(&portal.authorize_url(&[("prompt", "login")]))
        .await;
    assert!(page.has("#login-submit"), "{}", page.body);
    let page = portal.go_on(&browser, page, ANNA).await;
    let again = portal.redeem(&page.sent("code").unwrap()).await.json();
    let again = claims(again["id_token"].as_str().unwrap());
    assert_eq!(again["sub"], first["sub"]);
    assert_eq!(
        again["auth_time"].as_i64().unwrap(),
        first["auth_time"].as_i64().unwrap() + 3
    );
    app.end().await;
}

#[tokio::test]
async fn oidc_023_max_age_asks_again_when_the_sign_in_is_too_old() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let first = portal.tokens(&browser, ANNA, &[("max_age", "10000")]).await;
    let first = verified(&app, &first.id.unwrap()).await["auth_time"]
        .as_i64()
        .unwrap();
    assert_eq!(first, app.now().seconds());
    app.advance(2).await;
    // Young enough: no page, and the moment is told.
    let young = silently(&portal, &browser, &[("max_age", "10000")]).await;
    assert_eq!(young.id_claims()["auth_time"].as_i64(), Some(first));
    let url = portal.authorize_url(&[("max_age", "1"), ("prompt", "none")]);
    assert_eq!(
        browser.get_once(&url).await.sent("error").unwrap(),
        "login_required"
    );
    for max_age in ["1", "0"] {
        app.advance(2).await;
        let page = browser
            .get(&portal.authorize_url(&[("max_age", max_age)]))
            .await;
        assert!(page.has("#login-submit"), "max_age={max_age}");
        let page = portal.go_on(&browser, page, ANNA).await;
        let tokens = Tokens::of(&portal.redeem(&page.sent("code").unwrap()).await.json());
        assert_eq!(
            tokens.id_claims()["auth_time"].as_i64(),
            Some(app.now().seconds())
        );
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_024_id_token_hint_names_who_is_meant() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let (anna, timur) = (app.browser(), app.browser());
    let hint = portal.tokens(&anna, ANNA, &[]).await;
    portal.tokens(&timur, TIMUR, &[]).await;
    let asked = [
        ("prompt", "none"),
        ("id_token_hint", hint.id.as_deref().unwrap()),
    ];
    let again = silently(&portal, &anna, &asked).await;
    assert_eq!(again.id_claims()["sub"], hint.id_claims()["sub"]);
    // An old hint is as good (OpenID Connect Core §3.1.2.1).
    app.advance(600).await;
    silently(&portal, &anna, &asked).await;
    // Somebody else is signed in: nothing is told about them.
    let page = timur.get_once(&portal.authorize_url(&asked)).await;
    assert_eq!(page.sent("error").unwrap(), "login_required");
    // Nor when they sign in although another was asked for (§3.1.2.1).
    let page = timur
        .get(&portal.authorize_url(&[("id_token_hint", hint.id.as_deref().unwrap())]))
        .await;
    assert!(page.has("#login-submit"));
    let page = portal.go_on(&timur, page, TIMUR).await;
    assert_eq!(sent_in_query(&page)["error"], "login_required");
    app.end().await;
}
