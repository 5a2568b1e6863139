//! Items 32, 34, 35, 38–43 and 45: the token endpoint.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{OFFLINE, entropy, http, metadata, strings, verified};
use crate::support::app::ANNA;
use crate::support::relying_party::{Answer, VERIFIER};
use crate::support::{RelyingParty, TestApp, Tokens};

#[tokio::test]
async fn oidc_032_offline_access_is_a_refresh_token_after_consent() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let tokens = portal.tokens(&browser, ANNA, &[]).await;
    assert_eq!(tokens.refresh, None, "nobody asked for it");
    // It is asked for now: consent again, and again whenever the client says so.
    for changes in [
        &[("scope", OFFLINE)][..],
        &[("scope", OFFLINE), ("prompt", "consent")],
    ] {
        app.advance(1).await;
        let page = browser.get(&portal.authorize_url(changes)).await;
        assert!(page.has("#consent-allow"), "{changes:?}");
        let page = portal.go_on(&browser, page, ANNA).await;
        let tokens = Tokens::of(&portal.redeem(&page.sent("code").unwrap()).await.json());
        portal.refreshed(&tokens.refresh.unwrap()).await;
    }
    // A citizen who leaves it out is not read while away.
    let changes = [("scope", OFFLINE), ("prompt", "consent")];
    app.advance(1).await;
    let page = browser.get(&portal.authorize_url(&changes)).await;
    let page = browser
        .submit(&page, "consent-allow", &[("optional", "")])
        .await;
    let tokens = Tokens::of(&portal.redeem(&page.sent("code").unwrap()).await.json());
    assert_eq!(tokens.refresh, None);
    app.end().await;
}

#[tokio::test]
async fn oidc_034_a_success_is_json_that_nobody_stores() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let code = portal
        .code(&app.browser(), ANNA, &[("scope", OFFLINE)])
        .await;
    let answer = portal.redeem(&code).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let tokens = answer.json();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["scope"], OFFLINE);
    for name in ["access_token", "refresh_token", "id_token"] {
        assert!(tokens[name].is_string(), "{name}");
    }
    let machine = RelyingParty::new(&app, "machine");
    let own = machine
        .token(&[("grant_type", "client_credentials")])
        .await
        .json();
    assert!(
        own.get("id_token").is_none() && own.get("refresh_token").is_none(),
        "{own}"
    );
    app.end().await;
}

#[tokio::test]
async fn oidc_035_expires_in_is_when_the_access_token_ends() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let tokens = portal.tokens(&app.browser(), ANNA, &[]).await;
    assert_eq!(tokens.all["expires_in"], 300);
    let claims = verified(&app, &tokens.access).await;
    assert_eq!(claims["exp"].as_i64(), Some(app.now().seconds() + 300));
    app.end().await;
}

#[tokio::test]
async fn oidc_038_a_code_is_good_once_and_its_second_use_ends_its_tokens() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    for wait in [0, 30] {
        let code = portal.code(&browser, ANNA, &[("scope", OFFLINE)]).await;
        let tokens = Tokens::of(&portal.redeem(&code).await.json());
        assert_eq!(portal.userinfo(&tokens.access).await.status, 200);
        app.advance(wait).await;
        portal.redeem(&code).await.refuses("invalid_grant");
        assert_eq!(portal.userinfo(&tokens.access).await.status, 401);
        portal
            .refresh(&tokens.refresh.unwrap())
            .await
            .refuses("invalid_grant");
    }
    // Nobody may take their time either.
    let code = portal.code(&browser, ANNA, &[]).await;
    app.advance(60).await;
    portal.redeem(&code).await.refuses("invalid_grant");
    app.end().await;
}

#[tokio::test]
async fn oidc_039_a_code_is_for_its_client_and_redirect_uri() {
    let app = TestApp::start().await;
    let (portal, mut other) = (
        RelyingParty::new(&app, "portal"),
        RelyingParty::new(&app, "other"),
    );
    let code = portal.code(&app.browser(), ANNA, &[]).await;
    other.redirect_uri = portal.redirect_uri.clone();
    other.redeem(&code).await.refuses("invalid_grant");
    let mut elsewhere = portal.clone();
    elsewhere.redirect_uri = "https://portal.example/elsewhere".to_owned();
    elsewhere.redeem(&code).await.refuses("invalid_grant");
    let without = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ];
    portal.token(&without).await.refuses("invalid_grant");
    // Nothing of that has spent it.
    assert_eq!(portal.redeem(&code).await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn oidc_040_the_verifier_must_fit_the_challenge() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let code = portal.code(&app.browser(), ANNA, &[]).await;
    let redeem = async |verifier: &str| {
        let redirect_uri = portal.redirect_uri.as_str();
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", redirect_uri),
        ];
        if !verifier.is_empty() {
            fields.push(("code_verifier", verifier));
        }
        portal.token(&fields).await
    };
    for wrong in ["", "short", &"a".repeat(43), &VERIFIER.to_lowercase()] {
        redeem(wrong).await.refuses("invalid_grant");
    }
    assert_eq!(redeem(VERIFIER).await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn oidc_041_errors_are_registered_json_in_ascii() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let machine = RelyingParty::new(&app, "machine");
    let mut stranger = portal.clone();
    stranger.secret = Some("not the secret of the portal".to_owned());
    let code = ("grant_type", "authorization_code");
    let itself = ("grant_type", "client_credentials");
    let mut answers = Vec::new();
    for (client, fields, error) in [
        (&portal, &[][..], "invalid_request"),
        (&portal, &[code], "invalid_request"),
        (&portal, &[code, ("code", "unknown «ü»")], "invalid_grant"),
        (
            &portal,
            &[code, ("code", "a"), ("code", "b")],
            "invalid_request",
        ),
        (
            &portal,
            &[("\"\\ü", "a"), ("\"\\ü", "b")],
            "invalid_request",
        ),
        (
            &portal,
            &[("grant_type", "pigeon\"\\ü")],
            "unsupported_grant_type",
        ),
        (&portal, &[itself], "unauthorized_client"),
        (&machine, &[code, ("code", "a")], "unauthorized_client"),
        (&machine, &[itself, ("scope", "openid")], "invalid_scope"),
        (&machine, &[itself, ("scope", "email")], "invalid_scope"),
        (&machine, &[itself, ("scope", "pigeons")], "invalid_scope"),
        (&stranger, &[code, ("code", "a")], "invalid_client"),
    ] {
        let answer = client.token(fields).await;
        answer.refuses(error);
        answers.push(answer);
    }
    // RFC 6749 §5.2: how to authenticate, for who tried by header.
    assert!(
        answers
            .last()
            .unwrap()
            .header("www-authenticate")
            .unwrap()
            .starts_with("Basic ")
    );
    let request = http::client()
        .post(app.at("/oauth/token"))
        .header("content-type", "application/json");
    answers.push(Answer::of(request.body("{}")).await);
    for answer in answers {
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let text = answer.json()["error_description"]
            .as_str()
            .unwrap()
            .to_owned();
        let allowed = |b| (0x20..=0x7e).contains(&b) && b != b'"' && b != b'\\';
        assert!(text.bytes().all(allowed), "{text}");
    }
    app.end().await;
}

/// RFC 6749 §3.3: what is left of the scopes is told; §5.2: nothing is no
/// success. Who names none has asked for none.
#[tokio::test]
async fn oidc_041_a_client_for_itself_gets_of_its_scopes_what_it_may() {
    let app = TestApp::start().await;
    let machine = RelyingParty::new(&app, "machine");
    let ask = async |scope| {
        let fields = [("grant_type", "client_credentials"), ("scope", scope)];
        machine.token(&fields).await
    };
    for (scope, granted) in [
        ("profile", "profile"),
        ("profile email pigeons", "profile"),
        // Without a value it is as if it were not there (§3.2).
        ("", ""),
    ] {
        assert_eq!(ask(scope).await.json()["scope"], granted, "{scope:?}");
    }
    for scope in ["email", "pigeons", "pigeons email", " "] {
        ask(scope).await.refuses("invalid_scope");
    }
    let own = machine.token(&[("grant_type", "client_credentials")]).await;
    assert_eq!((own.status, &own.json()["scope"]), (200, &"".into()));
    app.end().await;
}

#[tokio::test]
async fn oidc_042_refreshing_keeps_who_it_is_about() {
    let app = TestApp::start().await;
    let (portal, other) = (
        RelyingParty::new(&app, "portal"),
        RelyingParty::new(&app, "other"),
    );
    assert!(strings(&metadata(&app).await["grant_types_supported"]).contains(&"refresh_token"));
    let first = portal
        .tokens(&app.browser(), ANNA, &[("scope", OFFLINE), ("nonce", "n")])
        .await;
    let token = first.refresh.clone().unwrap();
    assert!(token.bytes().all(|b| (0x20..=0x7e).contains(&b)));
    app.advance(10).await;
    other.refresh(&token).await.refuses("invalid_grant");
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &token),
        ("scope", OFFLINE),
    ];
    let second = Tokens::of(&portal.token(&fields).await.json());
    assert_ne!(second.access, first.access);
    assert_ne!(second.refresh, first.refresh);
    let before = verified(&app, first.id.as_ref().unwrap()).await;
    let after = verified(&app, second.id.as_ref().unwrap()).await;
    for name in ["iss", "sub", "aud", "auth_time", "acr", "sid"] {
        assert_eq!(after[name], before[name], "{name}");
    }
    // OpenID Connect Core §12.2: better no nonce than the old one again.
    assert_eq!(after.get("nonce"), None);
    // Less may be asked for, but not more.
    let token = second.refresh.unwrap();
    let ask = async |scope| {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &token),
            ("scope", scope),
        ];
        portal.token(&fields).await
    };
    ask("openid email").await.refuses("invalid_scope");
    assert_eq!(ask("openid").await.json()["scope"], "openid");
    app.end().await;
}

#[tokio::test]
async fn oidc_043_a_refreshed_id_token_is_of_now_and_for_its_access_token() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for id in ["portal", "open"] {
        let portal = RelyingParty::new(&app, id);
        let first = portal.tokens(&browser, ANNA, &[("scope", OFFLINE)]).await;
        app.advance(10).await;
        let second = portal.refreshed(first.refresh.as_ref().unwrap()).await;
        for (tokens, at) in [
            (first, app.now().seconds() - 10),
            (second, app.now().seconds()),
        ] {
            let claims = verified(&app, tokens.id.as_ref().unwrap()).await;
            assert_eq!(claims["iat"].as_i64(), Some(at));
            let hash = ring::digest::digest(&ring::digest::SHA256, tokens.access.as_bytes());
            assert_eq!(
                claims["at_hash"],
                URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
            );
        }
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_045_tokens_are_signed_or_cannot_be_guessed() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let first = portal
        .tokens(&app.browser(), ANNA, &[("scope", OFFLINE)])
        .await;
    let second = portal.refreshed(first.refresh.as_ref().unwrap()).await;
    let mut seen = BTreeSet::new();
    for tokens in [first, second] {
        let refresh = tokens.refresh.unwrap();
        assert!(
            refresh.len() >= 22 && entropy(&refresh) >= 128.0,
            "{refresh}"
        );
        seen.insert(refresh);
        seen.insert(verified(&app, &tokens.access).await["jti"].to_string());
    }
    assert_eq!(seen.len(), 4);
    app.end().await;
}
