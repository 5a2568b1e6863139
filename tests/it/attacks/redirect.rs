//! Rows 1 to 4: redirect URIs.

use serde_json::{Value, json};

use propusk::model::client::Client;
use propusk::protocol::registration::prepare;

use super::{sign_in, stays};
use crate::support::app::ANNA;
use crate::support::{RelyingParty, TestApp};

/// Asks for a code with each of these redirect URIs, as a stranger and as
/// somebody whose code would be given at once.
async fn none_is_followed(app: &TestApp, party: &RelyingParty, uris: &[&str]) {
    let known = app.browser();
    party.code(&known, ANNA, &[]).await;
    for uri in uris {
        let url = party.authorize_url(&[("redirect_uri", uri)]);
        for browser in [&app.browser(), &known] {
            let page = browser.get_once(&url).await;
            stays(&page, uri);
            assert_eq!(page.status, 400, "{uri}");
            // Without a redirect there is no other way out either.
            assert!(
                !page.has("a[href*='evil']") && !page.has("form[action*='evil']"),
                "{uri}"
            );
        }
        let error = party.authorize_url(&[("redirect_uri", uri), ("response_type", "nonsense")]);
        stays(&known.get_once(&error).await, uri);
        let hidden = party.authorize_url(&[("redirect_uri", uri), ("prompt", "none")]);
        stays(&app.browser().get_once(&hidden).await, uri);
        let form = party.authorize_url(&[("redirect_uri", uri), ("response_mode", "form_post")]);
        stays(&known.get_once(&form).await, uri);
    }
}

const NEARLY: &[&str] = &[
    "https://portal.example/callback/",
    "https://portal.example/callbac",
    "https://portal.example/callbackx",
    "https://portal.example/callback/../evil",
    "https://portal.example/callback/..%2fevil",
    "https://portal.example/x/../callback",
    "https://portal.example/./callback",
    "https://portal.example//callback",
    "https://portal.example/%63allback",
    "https://portal.example/Callback",
    "https://PORTAL.example/callback",
    "HTTPS://portal.example/callback",
    "http://portal.example/callback",
    "https://portal.example:443/callback",
    "https://portal.example:8443/callback",
    "https://portal.example./callback",
    "https://portalxexample/callback",
    "https://portal.example.evil.example/callback",
    "https://evil.example/?https://portal.example/callback",
    "https://evil.example/#https://portal.example/callback",
    "https://sub.portal.example/callback",
    "https://portal.example/callback?next=https://evil.example",
    "https://portal.example/callback?",
    "https://portal.example/callback#evil",
    "https://portal.example/callback#",
    "https://portal.example/callback;evil",
    "https://portal.example/callback&evil",
    "https://portal.example/callback%00",
    "https://portal.example",
    "https://portal.example/*",
    "/callback",
    "callback",
];

#[tokio::test]
async fn attack_01_nearly_the_redirect_uri() {
    let app = TestApp::start().await;
    none_is_followed(&app, &RelyingParty::new(&app, "portal"), NEARLY).await;
    app.end().await;
}

#[tokio::test]
async fn attack_01_another_redirect_uri_at_the_token_endpoint() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let code = portal.code(&app.browser(), ANNA, &[]).await;
    for uri in NEARLY.iter().copied().chain([""]) {
        let mut other = portal.clone();
        other.redirect_uri = uri.to_owned();
        other.redeem(&code).await.refuses("invalid_grant");
    }
    assert_eq!(
        portal.redeem(&code).await.status,
        200,
        "the tries did not use the code up"
    );
    app.end().await;
}

#[tokio::test]
async fn attack_02_a_redirect_uri_that_parsers_read_differently() {
    let app = TestApp::start().await;
    let uris = [
        "https://portal.example@evil.example/callback",
        "https://evil.example@portal.example/callback",
        "https://portal.example:x@evil.example/callback",
        "https://a@b@portal.example/callback",
        "https://evil.example\\@portal.example/callback",
        "https://portal.example\\.evil.example/callback",
        "https://portal.example\\callback",
        "https:\\\\portal.example/callback",
        "https:/portal.example/callback",
        "https:portal.example/callback",
        "https:///portal.example/callback",
        "//portal.example/callback",
        " https://portal.example/callback",
        "https://portal.example/callback ",
        "https://portal.example/callback\t",
        "https://portal.example/call\tback",
        "https://portal.example/callback\r\nLocation: https://evil.example",
        "https://portal.example/callback\0",
        "https://p\u{43e}rtal.example/callback",
        "https://xn--prtal-jye.example/callback",
        "https://portal\u{3002}example/callback",
        "https://portal\u{ff0e}example/callback",
        "https://portal.example\u{2044}evil/callback",
        "\u{feff}https://portal.example/callback",
        "https://portal.example/callback\u{200b}",
        "https://portal.example/callb\u{430}ck",
    ];
    none_is_followed(&app, &RelyingParty::new(&app, "portal"), &uris).await;
    app.end().await;
}

/// A registration with one value changed.
fn registration(name: &str, value: Value) -> Client {
    let mut client = json!({
        "client_id": "evil",
        "client_secret": "a long enough secret of evil",
        "name": { "ru": "Портал", "en": "Portal" },
        "redirect_uris": ["https://evil.example/callback"],
        "application_type": "native",
    });
    client[name] = value;
    serde_json::from_value(client).unwrap()
}

#[test]
fn attack_03_an_address_that_runs_code_is_not_registered() {
    let uris = [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        " javascript:alert(1)",
        "javascript://portal.example/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "DATA:text/html;base64,PHNjcmlwdD4=",
        "vbscript:msgbox(1)",
        "blob:https://portal.example/1",
        "file:///etc/passwd",
        "view-source:https://portal.example/",
        "http://portal.example/callback",
        "https://user@portal.example/callback",
        "https://portal.example\\@evil.example/",
        "https://portal.example/#x",
        "https://p\u{43e}rtal.example/callback",
    ];
    for uri in uris {
        for name in ["redirect_uris", "post_logout_redirect_uris"] {
            let faults = prepare(registration(name, json!([uri]))).expect_err(uri);
            assert!(
                faults.iter().any(|fault| fault.field == name),
                "{name} {uri}: {faults:?}"
            );
        }
        for name in [
            "backchannel_logout_uri",
            "logo_uri",
            "policy_uri",
            "tos_uri",
            "jwks_uri",
        ] {
            let faults = prepare(registration(name, json!(uri))).expect_err(uri);
            assert!(
                faults.iter().any(|fault| fault.field == name),
                "{name} {uri}: {faults:?}"
            );
        }
    }
    assert!(
        prepare(registration(
            "redirect_uris",
            json!(["com.example.app:/callback"])
        ))
        .is_ok()
    );
}

#[tokio::test]
async fn attack_03_an_address_that_runs_code_is_not_asked_for() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    sign_in(&browser, ANNA).await;
    for uri in [
        "JaVaScRiPt:alert(document.domain)",
        "data:text/html,evil",
        "javascript://portal.example/callback",
    ] {
        let asked = browser
            .get_once(&portal.authorize_url(&[("redirect_uri", uri)]))
            .await;
        stays(&asked, uri);
        let logout = format!("/oauth/end_session?client_id=portal&post_logout_redirect_uri={uri}");
        let left = browser.get_once(&logout).await;
        stays(&left, uri);
        for page in [asked, left] {
            assert!(
                !page.body.contains(uri),
                "the address is not repeated on the page"
            );
        }
    }
    app.end().await;
}

fn with_loopback_clients(config: &mut Value) {
    let client = |id: &str, kind: &str, uri: &str| {
        json!({
            "client_id": id, "client_secret": format!("a long enough secret of {id}"),
            "name": { "ru": id, "en": id }, "application_type": kind, "redirect_uris": [uri],
        })
    };
    config["clients"].as_array_mut().unwrap().extend([
        client("app", "native", "http://127.0.0.1/callback"),
        client("web", "web", "http://127.0.0.1:8091/callback"),
        client("named", "native", "http://localhost:8091/callback"),
    ]);
}

#[tokio::test]
async fn attack_04_only_the_port_of_a_native_loopback_address_is_free() {
    let app = TestApp::start_with(with_loopback_clients).await;
    let mut native = RelyingParty::new(&app, "app");
    native.redirect_uri = "http://127.0.0.1:49152/callback".to_owned();
    let code = native.code(&app.browser(), ANNA, &[]).await;
    // The port belongs to the request: a code does not move to another one.
    let mut moved = native.clone();
    moved.redirect_uri = "http://127.0.0.1:49153/callback".to_owned();
    moved.redeem(&code).await.refuses("invalid_grant");
    assert_eq!(native.redeem(&code).await.status, 200);

    let abused = [
        "http://localhost:49152/callback",
        "http://localhost/callback",
        "http://127.0.0.2:49152/callback",
        "http://0.0.0.0:49152/callback",
        "http://[::1]:49152/callback",
        "http://[::ffff:127.0.0.1]:49152/callback",
        "http://127.1:49152/callback",
        "http://2130706433:49152/callback",
        "http://0x7f000001:49152/callback",
        "http://127.0.0.1.evil.example:49152/callback",
        "http://127.0.0.1:49152.evil.example/callback",
        "http://127.0.0.1:49152@evil.example/callback",
        "http://evil@127.0.0.1:49152/callback",
        "http://127.0.0.1:*/callback",
        "http://127.0.0.1:80:90/callback",
        "http://127.0.0.1:65536/callback",
        "http://127.0.0.1:-1/callback",
        "http://127.0.0.1:049152/callback",
        "http://127.0.0.1:/callback",
        "https://127.0.0.1:49152/callback",
        "http://127.0.0.1:49152/callback/",
        "http://127.0.0.1:49152/other/../callback",
        "http://127.0.0.1:49152/callback?x=1",
        "http://127.0.0.1:49152/callback#",
        "http://127.0.0.1:49152\\callback",
    ];
    none_is_followed(&app, &native, &abused).await;
    app.end().await;
}

#[tokio::test]
async fn attack_04_a_web_client_and_a_named_host_have_no_free_port() {
    let app = TestApp::start_with(with_loopback_clients).await;
    for (id, registered, other) in [
        (
            "web",
            "http://127.0.0.1:8091/callback",
            "http://127.0.0.1:8092/callback",
        ),
        (
            "named",
            "http://localhost:8091/callback",
            "http://localhost:8092/callback",
        ),
    ] {
        let mut party = RelyingParty::new(&app, id);
        party.redirect_uri = registered.to_owned();
        none_is_followed(&app, &party, &[other]).await;
    }
    app.end().await;
}
