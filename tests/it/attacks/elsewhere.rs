//! Row 6: where else a browser might be led.

use super::{is_signed_in, sign_in, stays};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::{Page, RelyingParty, TestApp};

const ELSEWHERE: &[&str] = &[
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "/%09/evil.example",
    "profile/../../evil",
    "https://portal.example/callback",
];

/// Whether a browser that was sent somewhere is still here.
#[track_caller]
fn stays_here(app: &TestApp, page: &Page) {
    if let Some(to) = page.location() {
        assert!(
            to.as_str().starts_with(&format!("{}/", app.url)),
            "sent to {to}"
        );
    }
    assert!(
        page.url.as_str().starts_with(&format!("{}/", app.url)),
        "at {}",
        page.url
    );
    let refresh = page
        .headers
        .get("refresh")
        .and_then(|value| value.to_str().ok());
    assert!(
        refresh.is_none_or(|value| value.contains("url=/sign-in")),
        "{refresh:?}"
    );
}

#[tokio::test]
async fn attack_06_a_sign_in_leads_nowhere_else() {
    let app = TestApp::start().await;
    for address in ELSEWHERE {
        for name in [
            "to",
            "flow",
            "next",
            "url",
            "redirect_uri",
            "return_to",
            "step",
        ] {
            let query: String = url::form_urlencoded::Serializer::new(String::new())
                .append_pair(name, address)
                .finish();
            let browser = app.browser();
            let page = browser.get(&format!("/sign-in?{query}")).await;
            let fields = [("username", ANNA), ("password", PASSWORD)];
            let after = browser.submit(&page, "login-submit", &fields).await;
            stays_here(&app, &after);
            assert_eq!(after.url.path(), "/account", "{name}={address}");
            for path in [
                "/sign-in",
                "/register",
                "/consent",
                "/agreements",
                "/level",
                "/sign-out",
                "/oauth/authorize",
            ] {
                stays_here(&app, &browser.get(&format!("{path}?{query}")).await);
            }
        }
    }
    app.end().await;
}

#[tokio::test]
async fn attack_06_a_path_is_no_address_of_another_host() {
    let app = TestApp::start().await;
    let browser = app.browser();
    sign_in(&browser, ANNA).await;
    for path in [
        "//evil.example/",
        "//evil.example/sign-in",
        "//evil.example/%2e%2e",
        "/%5cevil.example",
        "/account/",
    ] {
        let page = browser.get_once(&app.at(path)).await;
        stays_here(&app, &page);
    }
    app.end().await;
}

#[tokio::test]
async fn attack_06_a_logout_leads_to_registered_addresses_only() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let tokens = portal.tokens(&browser, ANNA, &[]).await;
    let hint = tokens.id.unwrap();
    for address in ELSEWHERE.iter().copied().chain([
        "https://portal.example/signed-out/",
        "https://portal.example/signed-out?x=1",
        "https://portal.example/signed-out#",
        "https://other.example/signed-out",
        "http://portal.example/signed-out",
    ]) {
        for proof in ["", "client_id=portal", &format!("id_token_hint={hint}")] {
            let query: String = url::form_urlencoded::Serializer::new(proof.to_owned())
                .append_pair("post_logout_redirect_uri", address)
                .finish();
            for browser in [&browser, &app.browser()] {
                stays(
                    &browser
                        .get_once(&format!("/oauth/end_session?{query}"))
                        .await,
                    address,
                );
            }
        }
    }
    // Nor does another client's hint open this client's door.
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", "other")
        .append_pair("id_token_hint", &hint)
        .append_pair(
            "post_logout_redirect_uri",
            "https://other.example/signed-out",
        )
        .finish();
    stays(
        &browser
            .get_once(&format!("/oauth/end_session?{query}"))
            .await,
        "another client",
    );
    assert!(is_signed_in(&browser).await, "nothing was ended on the way");
    app.end().await;
}

#[tokio::test]
async fn attack_06_an_unknown_client_gets_no_redirect() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    sign_in(&browser, ANNA).await;
    for changes in [
        [
            ("client_id", "unknown"),
            ("redirect_uri", "https://evil.example/"),
        ],
        [
            ("client_id", "unknown"),
            ("redirect_uri", "https://portal.example/callback"),
        ],
        [
            ("client_id", "Portal"),
            ("redirect_uri", "https://portal.example/callback"),
        ],
        [
            ("client_id", ""),
            ("redirect_uri", "https://portal.example/callback"),
        ],
        [
            ("client_id", "other"),
            ("redirect_uri", "https://portal.example/callback"),
        ],
        [
            ("client_id", "machine"),
            ("redirect_uri", "https://portal.example/callback"),
        ],
        // There is one registered, but OpenID Connect wants it said.
        [("client_id", "portal"), ("redirect_uri", "")],
    ] {
        let page = browser.get_once(&portal.authorize_url(&changes)).await;
        stays(&page, &format!("{changes:?}"));
    }
    app.end().await;
}
