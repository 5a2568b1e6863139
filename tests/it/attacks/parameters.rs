//! Rows 5 and 7: parameters that come twice, and whose answer an answer is.

use serde_json::Value;

use super::{OFFLINE, sign_in, stays};
use crate::support::app::ANNA;
use crate::support::http;
use crate::support::relying_party::{Answer, VERIFIER};
use crate::support::{Page, RelyingParty, TestApp};

/// Parameters of an answer, wherever they stand, in their order.
fn answered(page: &Page) -> Vec<(String, String)> {
    let to = page
        .location()
        .unwrap_or_else(|| panic!("no redirect: {} {}", page.status, page.body));
    let text = to.fragment().or(to.query()).unwrap_or_default().to_owned();
    url::form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

fn value<'a>(answer: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut values = answer.iter().filter(|(key, _)| key == name);
    let found = values.next().map(|(_, value)| value.as_str());
    assert!(values.next().is_none(), "{name} comes twice: {answer:?}");
    found
}

#[tokio::test]
async fn attack_05_a_repeated_parameter_of_the_authorization_request() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    portal.code(&browser, ANNA, &[]).await;
    for repeated in [
        "scope=openid+snils",
        "scope=openid+profile",
        "state=other",
        "nonce=other",
        "code_challenge=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "code_challenge_method=S256",
        "response_type=token",
        "state=",
        "unknown=1&unknown=2",
    ] {
        for url in [
            format!("{}&{repeated}", portal.authorize_url(&[])),
            portal
                .authorize_url(&[])
                .replace('?', &format!("?{repeated}&")),
        ] {
            let answer = answered(&browser.get_once(&url).await);
            assert_eq!(
                value(&answer, "error"),
                Some("invalid_request"),
                "{repeated}"
            );
            assert_eq!(value(&answer, "code"), None, "{repeated}");
        }
    }
    app.end().await;
}

/// RFC 6749 §4.1.2.1: when client or redirect URI are not clear, nobody is
/// sent anywhere. Filters in front may have looked at the first, not the last.
#[tokio::test]
async fn attack_05_a_repeated_client_or_redirect_uri_leads_nowhere() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    portal.code(&browser, ANNA, &[]).await;
    for repeated in [
        "redirect_uri=https%3A%2F%2Fevil.example%2F",
        "redirect_uri=https%3A%2F%2Fportal.example%2Fcallback",
        "redirect_uri=",
        "client_id=other",
        "client_id=portal",
        "client_id=",
        "state=other&redirect_uri=https%3A%2F%2Fevil.example%2F",
    ] {
        for url in [
            format!("{}&{repeated}", portal.authorize_url(&[])),
            portal
                .authorize_url(&[])
                .replace('?', &format!("?{repeated}&")),
        ] {
            stays(&browser.get_once(&url).await, repeated);
        }
    }
    app.end().await;
}

#[tokio::test]
async fn attack_05_a_repeated_parameter_of_a_token_request() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let code = portal.code(&browser, ANNA, &[("scope", OFFLINE)]).await;
    let whole = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", portal.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
    ];
    for more in whole.into_iter().chain([
        ("code", "ppc_other"),
        ("grant_type", "refresh_token"),
        ("code_verifier", ""),
    ]) {
        for at in [0, whole.len()] {
            let mut fields = whole.to_vec();
            fields.insert(at, more);
            portal.token(&fields).await.refuses("invalid_request");
        }
    }
    let answer = portal.redeem(&code).await;
    assert_eq!(
        answer.status, 200,
        "none of the tries used the code up: {}",
        answer.body
    );

    let tokens = answer.json();
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let (access, refresh) = (text("access_token"), text("refresh_token"));
    let twice = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &refresh),
        ("refresh_token", &refresh),
    ];
    portal.token(&twice).await.refuses("invalid_request");
    for path in ["/oauth/introspect", "/oauth/revoke"] {
        let twice = [("token", access.as_str()), ("token", &refresh)];
        portal.call(path, &twice).await.refuses("invalid_request");
    }
    let http = http::client();
    let twice = http
        .post(app.at("/oauth/userinfo"))
        .form(&[("access_token", &access), ("access_token", &access)]);
    let twice = Answer::of(twice).await;
    assert_eq!(
        (twice.status, &twice.json()["error"]),
        (400, &Value::from("invalid_request"))
    );
    assert_eq!(
        portal.userinfo(&access).await.status,
        200,
        "nothing was revoked on the way"
    );
    app.end().await;
}

#[tokio::test]
async fn attack_05_a_state_adds_no_parameter_to_the_answer() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    portal.code(&browser, ANNA, &[]).await;
    let states = [
        "x&code=evil&iss=https://evil.example",
        "x#code=evil",
        "x\r\nLocation: https://evil.example",
        "&error=x",
    ];
    for state in states {
        for mode in ["query", "fragment"] {
            for more in [("prompt", ""), ("response_type", "nonsense")] {
                let url = portal.authorize_url(&[("state", state), ("response_mode", mode), more]);
                let page = browser.get_once(&url).await;
                let answer = answered(&page);
                assert_eq!(value(&answer, "state"), Some(state));
                assert_eq!(value(&answer, "iss"), Some(app.url.as_str()));
                assert_eq!(value(&answer, "code").is_some(), more.0 == "prompt");
                assert_eq!(page.headers.get_all("location").iter().count(), 1);
            }
        }
        let page = browser
            .get_once(&portal.authorize_url(&[("state", state), ("response_mode", "form_post")]))
            .await;
        let count = |name: &str| page.body.matches(&format!("name=\"{name}\"")).count();
        assert_eq!(
            (count("code"), count("state"), count("iss"), count("error")),
            (1, 1, 1, 0)
        );
    }
    app.end().await;
}

/// RFC 9207: every answer says whose it is, so that a client of several
/// servers sends no code to the wrong one.
#[tokio::test]
async fn attack_07_every_answer_names_its_issuer() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let code = portal.code(&browser, ANNA, &[]).await;
    let id_token = portal.redeem(&code).await.json()["id_token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        crate::support::relying_party::claims(&id_token)["iss"],
        app.url.as_str()
    );

    let metadata: Value =
        serde_json::from_str(&browser.get("/.well-known/openid-configuration").await.body).unwrap();
    assert_eq!(
        metadata["authorization_response_iss_parameter_supported"],
        true
    );
    assert_eq!(metadata["issuer"], app.url.as_str());

    for mode in ["query", "fragment"] {
        for (name, wrong) in [
            ("prompt", ""),
            ("response_type", "nonsense"),
            ("scope", "profile"),
            ("prompt", "none login"),
            ("code_challenge_method", "plain"),
            ("request", "x.y.z"),
        ] {
            let url = portal.authorize_url(&[("response_mode", mode), (name, wrong)]);
            let answer = answered(&browser.get_once(&url).await);
            assert_eq!(
                value(&answer, "iss"),
                Some(app.url.as_str()),
                "{mode} {name}"
            );
            assert_eq!(value(&answer, "state"), Some("the-state"), "{mode} {name}");
            assert_eq!(
                value(&answer, "error").is_some(),
                !wrong.is_empty(),
                "{mode} {name}"
            );
        }
    }
    let stranger = app.browser();
    let silent = stranger
        .get_once(&portal.authorize_url(&[("prompt", "none")]))
        .await;
    assert_eq!(value(&answered(&silent), "iss"), Some(app.url.as_str()));
    let form = browser
        .get_once(&portal.authorize_url(&[("response_mode", "form_post")]))
        .await;
    assert_eq!(
        form.attribute("input[name=iss]", "value"),
        Some(app.url.clone())
    );

    sign_in(&stranger, ANNA).await;
    app.advance(1).await;
    let page = stranger
        .get(&portal.authorize_url(&[("prompt", "consent")]))
        .await;
    let denied = stranger.submit(&page, "consent-deny", &[]).await;
    assert_eq!(value(&answered(&denied), "iss"), Some(app.url.as_str()));
    app.end().await;
}

/// What a caller claims about hosts and issuers changes no answer.
#[tokio::test]
async fn attack_07_the_issuer_does_not_come_from_the_request() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    portal.code(&browser, ANNA, &[]).await;
    for (name, value_of) in [
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-forwarded-proto", "https"),
        ("host", "evil.example"),
    ] {
        let fooled = browser.clone().with_header(name, value_of);
        let answer = answered(
            &fooled
                .get_once(&portal.authorize_url(&[("iss", "https://evil.example")]))
                .await,
        );
        assert_eq!(value(&answer, "iss"), Some(app.url.as_str()), "{name}");
        let metadata = fooled.get("/.well-known/openid-configuration").await;
        assert!(!metadata.body.contains("evil.example"), "{name}");
    }
    app.end().await;
}
