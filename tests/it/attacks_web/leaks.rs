//! Row 56: what leaves by the side. Referrers, histories, redirects that repeat
//! a POST, scripts of other origins, plain text in the database. The log is in
//! `log.rs`.

use super::{pages, routes};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::http;
use crate::support::relying_party::Answer;
use crate::support::steps::{
    NEW_PASSWORD, begin_registration, choose_password, confirm_code, signed_in,
};
use crate::support::{RelyingParty, TestApp};

#[tokio::test]
async fn attack_56_pages_are_kept_by_nobody_and_send_no_referrer_abroad() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    for path in pages("get") {
        let path = path.replace("{id}", "1");
        let page = browser.get_once(&path).await;
        assert_eq!(page.headers["cache-control"], "no-store", "{path}");
        assert_eq!(page.headers["referrer-policy"], "same-origin", "{path}");
    }
    // Foreign pictures learn nothing of the address they are shown at.
    let portal = RelyingParty::new(&app, "portal");
    let tokens = portal.tokens(&browser, ANNA, &[]).await;
    for answer in [
        portal.userinfo(&tokens.access).await,
        portal.redeem("ppc_none").await,
    ] {
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    app.end().await;
}

#[tokio::test]
async fn attack_56_a_form_with_a_password_is_never_sent_on() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let page = browser.get(&portal.authorize_url(&[])).await;
    let typed = [("username", ANNA), ("password", PASSWORD)];
    // 307 and 308 would repeat the form, password and all, at the next address
    // (RFC 9700 §4.12).
    let signed_in = browser.submit_once(&page, "login-submit", &typed).await;
    assert_eq!(signed_in.status, 303);
    let consent = browser.follow(signed_in).await;
    let decided = browser.submit_once(&consent, "consent-allow", &[]).await;
    assert_eq!(decided.status, 303);
    let sent = browser.follow(decided).await;
    assert_eq!(sent.status, 303);
    assert!(sent.sent("code").is_some());
    app.end().await;
}

/// A code or a token in an address stays in histories and logs: codes alone
/// travel so, and those end with their first use.
#[tokio::test]
async fn attack_56_addresses_hold_no_token_and_no_personal_datum() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin_registration(&browser, "+79005550561").await;
    let code = app.last_code("+79005550561").await;
    let page = confirm_code(&browser, &page, &code).await;
    let end = choose_password(&browser, &page, NEW_PASSWORD).await;
    for address in page
        .passed
        .iter()
        .chain(&end.passed)
        .chain([&page.url, &end.url])
    {
        for secret in [code.as_str(), "9005550561", NEW_PASSWORD, "%D0%92"] {
            assert!(!address.as_str().contains(secret), "{address}");
        }
    }
    let portal = RelyingParty::new(&app, "portal");
    let page = portal
        .enter(&browser, "+79005550561", &[("login_hint", "+79005550561")])
        .await;
    for address in &page.passed {
        assert!(!address.as_str().contains("9005550561"), "{address}");
    }
    app.end().await;
}

async fn from_another_origin(app: &TestApp, method: reqwest::Method, path: &str) -> Answer {
    let http = http::staying();
    let request = http
        .request(method, app.at(path))
        .header("origin", "https://evil.example")
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "authorization, x-anything, cookie",
        );
    Answer::of(request).await
}

#[tokio::test]
async fn attack_56_scripts_of_other_origins_never_come_with_cookies() {
    let app = TestApp::start().await;
    let mut paths = routes("src/web/mod.rs", "get");
    paths.extend(routes("src/web/mod.rs", "post"));
    paths.extend(routes("src/web/oauth/shared_signals.rs", "get"));
    paths.extend(routes("src/web/oauth/shared_signals.rs", "post"));
    paths.extend(pages("get"));
    paths.extend(pages("post"));
    // No cookie plays a part at these.
    let open = [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/oauth/jwks",
        "/oauth/token",
        "/oauth/revoke",
        "/oauth/userinfo",
    ];
    for path in &paths {
        for method in [
            reqwest::Method::GET,
            reqwest::Method::OPTIONS,
            reqwest::Method::POST,
        ] {
            let answer = from_another_origin(&app, method.clone(), path).await;
            assert_eq!(
                answer.header("access-control-allow-credentials"),
                None,
                "{method} {path}"
            );
            let allowed = answer.header("access-control-allow-origin");
            if open.contains(&path.as_str()) {
                assert!(
                    matches!(allowed, None | Some("*")),
                    "{method} {path}: {allowed:?}"
                );
            } else {
                assert_eq!(allowed, None, "{method} {path}");
            }
        }
    }
    app.end().await;
}

#[tokio::test]
async fn attack_56_nothing_secret_or_personal_lies_open_in_the_database() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin_registration(&browser, "+79005550562").await;
    let code = app.last_code("+79005550562").await;
    // While the code is good, and what carries it waits.
    let during = format!("{:?}", app.contents().await);
    let page = confirm_code(&browser, &page, &code).await;
    choose_password(&browser, &page, NEW_PASSWORD).await;
    let portal = RelyingParty::new(&app, "portal");
    let scope = [("scope", "openid profile phone offline_access")];
    let code_of_portal = portal.code(&browser, ANNA, &scope).await;
    let unredeemed = format!("{:?}", app.contents().await);
    let tokens = portal.redeem(&code_of_portal).await.json();
    let cookie = |name: &str| browser.cookie(name).unwrap();
    let secrets = [
        code.as_str(),
        "79005550562",
        "9005550101",
        "Громова",
        "Соколова",
        "anna.sokolova",
        "11223344595",
        "112-233-445",
        "Firefox",
        "127.0.0.1",
        PASSWORD,
        NEW_PASSWORD,
        code_of_portal.as_str(),
        tokens["refresh_token"].as_str().unwrap(),
        tokens["access_token"].as_str().unwrap(),
        portal.secret.as_deref().unwrap(),
        &cookie("propusk_session"),
        &cookie("propusk_device"),
        &cookie("propusk_browser"),
    ]
    .map(str::to_owned);
    let after = format!("{:?}", app.contents().await);
    for contents in [during, unredeemed, after] {
        assert!(
            contents.contains("portal.example"),
            "the contents were read"
        );
        for secret in &secrets {
            assert!(!contents.contains(secret), "{secret} lies open");
        }
    }
    app.end().await;
}
