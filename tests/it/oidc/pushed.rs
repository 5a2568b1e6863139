//! Items 91–100: pushed authorization requests (RFC 9126).

use std::collections::BTreeSet;

use super::{entropy, http, is_error_page, metadata, sent_in_query};
use crate::support::app::{ANNA, TIMUR};
use crate::support::relying_party::{Answer, CHALLENGE, VERIFIER};
use crate::support::{RelyingParty, TestApp};

fn reference(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()["request_uri"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn oidc_091_a_pushed_request_gives_a_reference_nobody_can_guess() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let metadata = metadata(&app).await;
    assert_eq!(
        metadata["pushed_authorization_request_endpoint"],
        format!("{}/oauth/par", app.url)
    );
    let mut seen = BTreeSet::new();
    for _ in 0..5 {
        let answer = portal.push(&[]).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let uri = reference(&answer);
        let life = answer.json()["expires_in"].as_u64().unwrap();
        assert!((5..=600).contains(&life), "{life}");
        assert!(
            uri.starts_with("urn:ietf:params:oauth:request_uri:"),
            "{uri}"
        );
        let secret = uri.rsplit(':').next().unwrap();
        assert!(secret.len() >= 43 && entropy(secret) > 128.0, "{secret}");
        assert!(seen.insert(uri));
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_091_the_browser_brings_the_reference_and_the_client_gets_its_code() {
    let app = TestApp::start().await;
    for id in ["portal", "post", "keyed", "public"] {
        let party = RelyingParty::new(&app, id);
        let browser = app.browser();
        // A public client is known by its client_id.
        let changes = [("state", "pushed state"), ("scope", "openid email")];
        let url = match id {
            "public" => {
                let mut fields: Vec<(&str, &str)> = vec![
                    ("response_type", "code"),
                    ("redirect_uri", &party.redirect_uri),
                    ("code_challenge", CHALLENGE),
                    ("code_challenge_method", "S256"),
                ];
                fields.extend(changes);
                party.url_of(&reference(&party.call("/oauth/par", &fields).await))
            }
            _ => party.pushed_url(&changes).await,
        };
        let page = browser.get(&url).await;
        let page = party.go_on(&browser, page, ANNA).await;
        let sent = sent_in_query(&page);
        assert_eq!(sent["state"], "pushed state", "{id}");
        let tokens = party.redeem(&sent["code"]).await.json();
        assert_eq!(tokens["scope"], "openid email", "{id}: {tokens}");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_092_only_posts_without_another_reference_are_taken() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    for method in [reqwest::Method::GET, reqwest::Method::PUT] {
        let answer = Answer::of(http::client().request(method, app.at("/oauth/par"))).await;
        assert_eq!(answer.status, 405);
    }
    let known = reference(&portal.push(&[]).await);
    portal
        .push(&[("request_uri", &known)])
        .await
        .refuses("invalid_request");
    app.end().await;
}

#[tokio::test]
async fn oidc_093_the_client_authenticates_as_at_the_token_endpoint() {
    let app = TestApp::start().await;
    let mut portal = RelyingParty::new(&app, "portal");
    portal.secret = Some("a wrong secret of the portal".to_owned());
    portal.push(&[]).await.refuses("invalid_client");
    let form = http::client()
        .post(app.at("/oauth/par"))
        .form(&[("client_id", "portal")]);
    Answer::of(form).await.refuses("invalid_client");
    // One client does not push for another.
    let other = RelyingParty::new(&app, "other");
    let fields = [("client_id", "portal"), ("response_type", "code")];
    let answer = other.call("/oauth/par", &fields).await;
    answer.refuses("invalid_client");
    let post = RelyingParty::new(&app, "post");
    let answer = post.push(&[("scope", "openid")]).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    app.end().await;
}

#[tokio::test]
async fn oidc_094_a_reference_is_worth_nothing_to_another_client() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let other = RelyingParty::new(&app, "other");
    let uri = reference(&portal.push(&[]).await);
    let page = app.browser().get_once(&other.url_of(&uri)).await;
    is_error_page(&page, "another client's");
    for wrong in [
        format!("{uri}x"),
        uri.replace("prq_", "ppc_"),
        "urn:ietf:params:oauth:request_uri:".to_owned(),
    ] {
        let page = app.browser().get_once(&portal.url_of(&wrong)).await;
        is_error_page(&page, &wrong);
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_095_a_reference_opens_again_until_it_was_answered() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let url = portal.pushed_url(&[]).await;
    // A reload, a second tab, another look.
    for _ in 0..3 {
        assert!(browser.get(&url).await.has("#login-submit"));
    }
    let page = browser.get(&url).await;
    // Signing in may take longer than arriving.
    app.advance(600).await;
    let page = portal.go_on(&browser, page, ANNA).await;
    let code = page.sent("code").expect("a code");
    assert_eq!(portal.redeem(&code).await.status, 200);
    is_error_page(&browser.get_once(&url).await, "answered before");
    // Nor does anybody arrive with it after its time.
    let url = portal.pushed_url(&[]).await;
    app.advance(91).await;
    is_error_page(&app.browser().get_once(&url).await, "expired");
    app.end().await;
}

#[tokio::test]
async fn oidc_095_a_refusal_is_an_answer_too() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let url = portal.pushed_url(&[]).await;
    let page = browser.get(&url).await;
    let fields = [
        ("username", ANNA),
        ("password", crate::support::app::PASSWORD),
    ];
    let page = browser.submit(&page, "login-submit", &fields).await;
    let page = browser.submit(&page, "consent-deny", &[]).await;
    assert_eq!(page.sent("error").as_deref(), Some("access_denied"));
    is_error_page(&browser.get_once(&url).await, "refused before");
    let silent = portal
        .pushed_url(&[("prompt", "none"), ("state", "s")])
        .await;
    let page = app.browser().get_once(&silent).await;
    assert_eq!(page.sent("error").as_deref(), Some("login_required"));
    is_error_page(&browser.get_once(&silent).await, "told before");
    app.end().await;
}

#[tokio::test]
async fn oidc_096_what_stands_beside_a_reference_does_not_count() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let url = portal
        .pushed_url(&[("state", "inside"), ("scope", "openid")])
        .await;
    let url = format!(
        "{url}&state=outside&nonce=outside&scope=openid+snils&response_mode=fragment\
         &redirect_uri=https%3A%2F%2Fevil.example%2F&prompt=none&code_challenge=x"
    );
    let page = browser.get(&url).await;
    let page = portal.go_on(&browser, page, ANNA).await;
    let sent = sent_in_query(&page);
    assert_eq!(sent["state"], "inside");
    let tokens = portal.redeem(&sent["code"]).await.json();
    assert_eq!(tokens["scope"], "openid");
    let claims = crate::support::relying_party::claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(claims["nonce"], "the-nonce");
    app.end().await;
}

#[tokio::test]
async fn oidc_097_a_client_that_must_push_gets_nothing_without() {
    let app = TestApp::start_with(|config| {
        for client in config["clients"].as_array_mut().unwrap() {
            if client["client_id"] == "portal" {
                client["require_pushed_authorization_requests"] = true.into();
            }
        }
    })
    .await;
    let portal = RelyingParty::new(&app, "portal");
    let page = portal.enter(&app.browser(), ANNA, &[]).await;
    assert_eq!(page.sent("error").as_deref(), Some("invalid_request"));
    let url = portal.pushed_url(&[]).await;
    let browser = app.browser();
    let page = browser.get(&url).await;
    let page = portal.go_on(&browser, page, ANNA).await;
    assert!(page.sent("code").is_some());
    app.end().await;
}

#[tokio::test]
async fn oidc_099_a_request_is_checked_when_it_is_pushed() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    for (name, value, error) in [
        ("redirect_uri", "", "invalid_request"),
        ("redirect_uri", "https://evil.example/", "invalid_request"),
        ("response_type", "", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "code id_token", "unauthorized_client"),
        ("scope", "profile", "invalid_scope"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("claims", "[]", "invalid_request"),
        ("max_age", "soon", "invalid_request"),
        ("registration", "{}", "registration_not_supported"),
    ] {
        portal.push(&[(name, value)]).await.refuses(error);
    }
    app.end().await;
}

#[tokio::test]
async fn attack_05_a_repeated_parameter_of_a_pushed_request() {
    let app = TestApp::start().await;
    let post = RelyingParty::new(&app, "post");
    for name in ["scope", "redirect_uri", "state", "response_type"] {
        let fields = [(name, "one"), (name, "two")];
        post.call("/oauth/par", &fields)
            .await
            .refuses("invalid_request");
    }
    app.end().await;
}

#[tokio::test]
async fn attack_11_a_reference_is_no_code_and_a_code_no_reference() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let uri = reference(&portal.push(&[]).await);
    let secret = uri.rsplit(':').next().unwrap();
    for code in [secret, uri.as_str()] {
        portal.redeem(code).await.refuses("invalid_grant");
    }
    let code = portal.code(&browser, ANNA, &[]).await;
    let forged = format!("urn:ietf:params:oauth:request_uri:{code}");
    is_error_page(&browser.get_once(&portal.url_of(&forged)).await, "a code");
    app.end().await;
}

#[tokio::test]
async fn attack_12_two_tabs_get_one_answer_to_a_pushed_request() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    portal.code(&browser, ANNA, &[]).await;
    let url = portal.pushed_url(&[]).await;
    let (one, other) = tokio::join!(browser.get_once(&url), browser.get_once(&url));
    let codes: Vec<_> = [&one, &other]
        .into_iter()
        .filter_map(|page| page.sent("code"))
        .collect();
    assert_eq!(codes.len(), 1, "{one:?} {other:?}");
    let token = [
        ("grant_type", "authorization_code"),
        ("code", &codes[0]),
        ("redirect_uri", &portal.redirect_uri),
        ("code_verifier", VERIFIER),
    ];
    assert_eq!(portal.token(&token).await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn attack_16_a_pushed_flow_belongs_to_the_browser_it_began_in() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let (attacker, victim) = (app.browser(), app.browser());
    let url = portal.pushed_url(&[]).await;
    let page = attacker.get(&url).await;
    // The victim is lured to the attacker's page of the flow.
    let lured = victim.get(page.url.as_str()).await;
    let fields = [
        ("username", TIMUR),
        ("password", crate::support::app::PASSWORD),
    ];
    let lured = victim.submit(&lured, "login-submit", &fields).await;
    assert!(lured.sent("code").is_none() && !lured.has("#consent-allow"));
    let page = attacker.get(&url).await;
    assert!(page.has("#login-submit"), "nobody signed in here");
    app.end().await;
}
