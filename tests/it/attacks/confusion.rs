//! Row 11: a secret of one kind shown where another is asked for.

use super::{OFFLINE, account_of, is_signed_in, register, stays};
use crate::support::app::ANNA;
use crate::support::relying_party::VERIFIER;
use crate::support::{Browser, RelyingParty, TestApp};

const SESSION: &str = "propusk_session";
const DEVICE: &str = "propusk_device";
const BROWSER: &str = "propusk_browser";

/// A parameter of an address.
fn query(url: &url::Url, name: &str) -> String {
    let found = url.query_pairs().find(|(key, _)| key == name);
    found
        .unwrap_or_else(|| panic!("no {name} in {url}"))
        .1
        .into_owned()
}

/// One secret of each kind that is about, all of them good.
async fn secrets(app: &TestApp, browser: &Browser) -> Vec<(&'static str, String)> {
    let portal = RelyingParty::new(app, "portal");
    let at_sign_in = browser.get(&portal.authorize_url(&[])).await;
    let flow = query(&at_sign_in.url, "flow");
    let tokens = portal.tokens(browser, ANNA, &[("scope", OFFLINE)]).await;
    let code = portal.code(browser, ANNA, &[("scope", OFFLINE)]).await;

    let applicant = app.browser();
    let step = register(&applicant, "applicant@example.ru").await;
    let mail = app.last_message("applicant@example.ru").await;
    let link = query(&mail.link.unwrap().parse().unwrap(), "token");
    let machine = RelyingParty::new(app, "machine");
    let of_machine = machine
        .token(&[("grant_type", "client_credentials")])
        .await
        .json();
    let account = account_of(app, ANNA).await;
    vec![
        ("code", code),
        ("access token", tokens.access.clone()),
        (
            "access token of a client",
            of_machine["access_token"].as_str().unwrap().to_owned(),
        ),
        ("refresh token", tokens.refresh.clone().unwrap()),
        ("id token", tokens.id.clone().unwrap()),
        ("session", browser.cookie(SESSION).unwrap()),
        ("device", browser.cookie(DEVICE).unwrap()),
        ("browser", browser.cookie(BROWSER).unwrap()),
        ("flow", flow),
        ("registration step", query(&step.url, "step")),
        ("registration link", link),
        (
            "form token",
            at_sign_in.attribute("input[name=csrf]", "value").unwrap(),
        ),
        ("account", account.as_str().to_owned()),
        ("mailed code", mail.code.unwrap()),
        ("nothing", "0".to_owned()),
    ]
}

#[tokio::test]
async fn attack_11_a_secret_of_another_kind_at_the_endpoints() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let machine = RelyingParty::new(&app, "machine");
    let browser = app.browser();
    let secrets = secrets(&app, &browser).await;
    for (kind, secret) in &secrets {
        if *kind != "code" {
            portal.redeem(secret).await.refuses("invalid_grant");
        }
        if *kind != "refresh token" {
            portal.refresh(secret).await.refuses("invalid_grant");
        }
        if *kind != "access token" {
            // A client's own token is about nobody.
            let status = if *kind == "access token of a client" {
                403
            } else {
                401
            };
            assert_eq!(portal.userinfo(secret).await.status, status, "{kind}");
        }
        let known = kind.starts_with("access token") || *kind == "refresh token";
        assert_eq!(machine.introspect(secret).await["active"], known, "{kind}");
        if !known {
            // Unknown tokens are no error, and revoking them revokes nothing.
            assert_eq!(portal.revoke(secret).await.status, 200, "{kind}");
        }
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", "x"),
            ("code_verifier", VERIFIER),
        ];
        let mut pretender = portal.clone();
        pretender.secret = Some(secret.clone());
        pretender.token(&fields).await.refuses("invalid_client");
    }
    let of = |wanted: &str| &secrets.iter().find(|(kind, _)| *kind == wanted).unwrap().1;
    assert_eq!(portal.userinfo(of("access token")).await.status, 200);
    assert_eq!(portal.refresh(of("refresh token")).await.status, 200);
    assert_eq!(portal.redeem(of("code")).await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn attack_11_a_secret_of_another_kind_in_a_browser() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let secrets = secrets(&app, &browser).await;
    for (kind, secret) in &secrets {
        let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        if *kind != "session" {
            for cookie in [SESSION, DEVICE, BROWSER] {
                let thief = app.browser();
                thief.set_cookie(cookie, secret);
                assert!(!is_signed_in(&thief).await, "{kind} as {cookie}");
            }
        }
        // As a step of a registration, or its link.
        let thief = app.browser();
        thief.get("/register").await;
        for path in ["/register/code", "/register/password"] {
            let page = thief.get(&format!("{path}?step={encoded}")).await;
            assert_eq!(page.url.path(), "/register", "{kind} at {path}");
        }
        if *kind != "registration link" {
            let page = thief.get(&format!("/register/link?token={encoded}")).await;
            assert!(!page.has("#link-confirm"), "{kind}");
        }
        // As a flow.
        let page = thief.get(&format!("/sign-in?flow={encoded}")).await;
        assert!(!page.has(".asks"), "{kind}");
        let page = browser
            .get(&format!("/oauth/authorize?flow={encoded}"))
            .await;
        assert_eq!(page.sent("code").is_some(), *kind == "flow", "{kind}");
        if *kind != "id token" {
            let page = browser
                .get(&portal.authorize_url(&[("id_token_hint", secret)]))
                .await;
            assert_eq!(
                page.sent("error").as_deref(),
                Some("invalid_request"),
                "{kind}"
            );
            stays(
                &browser
                    .get(&format!("/oauth/end_session?id_token_hint={encoded}"))
                    .await,
                kind,
            );
        }
    }
    assert!(is_signed_in(&browser).await);
    app.end().await;
}

/// The code of one registration does not confirm another.
#[tokio::test]
async fn attack_11_a_code_of_another_registration() {
    let app = TestApp::start().await;
    let (mine, theirs) = (app.browser(), app.browser());
    let my_page = register(&mine, "+79005559001").await;
    register(&theirs, "+79005559002").await;
    let their_code = app.last_code("+79005559002").await;
    let my_code = app.last_code("+79005559001").await;
    assert_ne!(my_code, their_code);
    let page = mine
        .submit(&my_page, "code-submit", &[("code", &their_code)])
        .await;
    assert_eq!(page.url.path(), "/register/code");
    let page = mine
        .submit(&my_page, "code-submit", &[("code", &my_code)])
        .await;
    assert_eq!(page.url.path(), "/register/password");
    app.end().await;
}

/// A registration in progress belongs to the browser it began in.
#[tokio::test]
async fn attack_11_a_step_in_another_browser() {
    let app = TestApp::start().await;
    let (mine, thief) = (app.browser(), app.browser());
    thief.get("/").await;
    let page = register(&mine, "+79005559001").await;
    let seen = page.url.as_str().to_owned();
    assert_eq!(thief.get(&seen).await.url.path(), "/register");
    let code = app.last_code("+79005559001").await;
    let next = mine.submit(&page, "code-submit", &[("code", &code)]).await;
    let seen = next.url.as_str().to_owned();
    assert_eq!(next.url.path(), "/register/password");
    assert_eq!(thief.get(&seen).await.url.path(), "/register");
    // The step before has been taken and is no step any more.
    assert_eq!(mine.get(page.url.as_str()).await.url.path(), "/register");
    app.end().await;
}
