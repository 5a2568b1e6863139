//! Devices without a keyboard (RFC 8628).

use serde_json::Value;

use super::{http, metadata};
use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::dpop::ProofKey;
use crate::support::relying_party::{Answer, claims};
use crate::support::{Browser, Page, RelyingParty, TestApp};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const SCOPE: &str = "openid profile offline_access";

/// What a device shows and keeps.
struct Device {
    party: RelyingParty,
    code: String,
    user_code: String,
    answer: Value,
}

impl Device {
    async fn ask(app: &TestApp, fields: &[(&str, &str)]) -> Self {
        let party = RelyingParty::new(app, "television");
        let answer = party.call("/oauth/device_authorization", fields).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let answer = answer.json();
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        Self {
            code: text("device_code"),
            user_code: text("user_code"),
            party,
            answer,
        }
    }

    async fn poll(&self) -> Answer {
        self.poll_as(&self.party).await
    }

    async fn poll_as(&self, party: &RelyingParty) -> Answer {
        party
            .token(&[("grant_type", GRANT), ("device_code", &self.code)])
            .await
    }
}

/// Enters a code.
async fn enter(browser: &Browser, code: &str) -> Page {
    let page = browser.get("/device").await;
    browser
        .submit(&page, "device-continue", &[("user_code", code)])
        .await
}

/// The same down to the question what the device may know.
async fn asked(browser: &Browser, code: &str, person: &str) -> Page {
    let page = enter(browser, code).await;
    if !page.has("#login-submit") {
        return page;
    }
    let fields = [("username", person), ("password", PASSWORD)];
    browser.submit(&page, "login-submit", &fields).await
}

#[tokio::test]
async fn device_gets_tokens_once_its_owner_has_agreed() {
    let app = TestApp::start().await;
    assert_eq!(
        metadata(&app).await["device_authorization_endpoint"],
        format!("{}/oauth/device_authorization", app.url)
    );
    let device = Device::ask(&app, &[("scope", SCOPE)]).await;
    assert_eq!(
        device.answer["verification_uri"],
        format!("{}/device", app.url)
    );
    assert_eq!(device.answer["expires_in"], 600);
    assert_eq!(device.answer["interval"], 5);
    let letters = "BCDFGHJKLMNPQRSTVWXZ";
    let shown: Vec<char> = device.user_code.chars().collect();
    assert_eq!((shown.len(), shown[4]), (9, '-'));
    assert!(
        shown
            .iter()
            .filter(|c| **c != '-')
            .all(|c| letters.contains(*c))
    );
    device.poll().await.refuses("authorization_pending");
    let browser = app.browser();
    // As people write it.
    let written = device.user_code.to_lowercase().replace('-', " ");
    let page = asked(&browser, &written, ANNA).await;
    assert_eq!(
        page.text("#consent-device-code").as_deref(),
        Some(device.user_code.as_str())
    );
    app.advance(5).await;
    device.poll().await.refuses("authorization_pending");
    let page = browser.submit(&page, "consent-allow", &[]).await;
    assert!(page.has("#device-given"), "{}", page.body);
    let answer = device.poll().await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let tokens = answer.json();
    assert_eq!(tokens["scope"], SCOPE);
    let id = claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(
        (&id["aud"], &id["iss"]),
        (&"television".into(), &app.url.as_str().into())
    );
    let access = tokens["access_token"].as_str().unwrap();
    let about = device.party.userinfo(access).await.json();
    assert_eq!(about["sub"], id["sub"]);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let next = device.party.refreshed(refresh).await;
    // Whoever asks once more has it from somewhere else: all of it ends.
    device.poll().await.refuses("invalid_grant");
    assert_eq!(device.party.userinfo(&next.access).await.status, 401);
    app.end().await;
}

#[tokio::test]
async fn device_is_told_that_its_owner_declined() {
    let app = TestApp::start().await;
    let device = Device::ask(&app, &[("scope", "openid")]).await;
    let browser = app.browser();
    let page = asked(&browser, &device.user_code, ANNA).await;
    let page = browser.submit(&page, "consent-deny", &[]).await;
    assert!(page.has("#device-denied"));
    device.poll().await.refuses("access_denied");
    device.poll().await.refuses("access_denied");
    // The code is of no more use to anybody.
    let page = enter(&browser, &device.user_code).await;
    super::is_error_page(&page, "answered");
    app.end().await;
}

#[tokio::test]
async fn device_that_asks_too_often_is_slowed_down() {
    let app = TestApp::start().await;
    let device = Device::ask(&app, &[("scope", "openid")]).await;
    device.poll().await.refuses("authorization_pending");
    device.poll().await.refuses("slow_down");
    device.poll().await.refuses("slow_down");
    app.advance(5).await;
    device.poll().await.refuses("authorization_pending");
    app.end().await;
}

#[tokio::test]
async fn device_whose_time_is_over_begins_anew() {
    let app = TestApp::start().await;
    let device = Device::ask(&app, &[("scope", "openid")]).await;
    let browser = app.browser();
    let page = asked(&browser, &device.user_code, ANNA).await;
    app.advance(600).await;
    device.poll().await.refuses("expired_token");
    let late = browser.submit(&page, "consent-allow", &[]).await;
    assert!(!late.has("#device-given"), "{}", late.body);
    device.poll().await.refuses("expired_token");
    let page = enter(&app.browser(), &device.user_code).await;
    assert!(page.has("#problems"));
    app.end().await;
}

#[tokio::test]
async fn device_request_is_checked_at_once() {
    let app = TestApp::start().await;
    let television = RelyingParty::new(&app, "television");
    let ask = |fields: Vec<(&'static str, &'static str)>| {
        let television = &television;
        async move {
            television
                .call("/oauth/device_authorization", &fields)
                .await
        }
    };
    ask(vec![("scope", "profile")])
        .await
        .refuses("invalid_scope");
    ask(vec![("scope", "openid"), ("claims", "[]")])
        .await
        .refuses("invalid_request");
    ask(vec![("scope", "openid"), ("scope", "email")])
        .await
        .refuses("invalid_request");
    let portal = RelyingParty::new(&app, "portal");
    let answer = portal
        .call("/oauth/device_authorization", &[("scope", "openid")])
        .await;
    answer.refuses("unauthorized_client");
    let form = http::client()
        .post(app.at("/oauth/device_authorization"))
        .form(&[("client_id", "portal")]);
    Answer::of(form).await.refuses("invalid_client");
    let token = [("grant_type", GRANT)];
    television.token(&token).await.refuses("invalid_request");
    app.end().await;
}

#[tokio::test]
async fn device_code_is_filled_in_but_sent_by_hand() {
    let app = TestApp::start().await;
    let device = Device::ask(&app, &[("scope", "openid")]).await;
    let complete = device.answer["verification_uri_complete"].as_str().unwrap();
    let browser = app.browser();
    let page = browser.get(complete).await;
    assert_eq!(
        page.attribute("#user_code", "value").as_deref(),
        Some(device.user_code.as_str())
    );
    let page = browser.submit(&page, "device-continue", &[]).await;
    assert!(page.has("#login-submit"));
    // A wrong one stays in the field, with what to do about it.
    let page = enter(&browser, "wdjb mjht").await;
    assert_eq!(
        page.attribute("#user_code", "value").as_deref(),
        Some("wdjb mjht")
    );
    assert!(page.has("#problems a[href='#user_code']"));
    let page = enter(&browser, "").await;
    assert!(page.has("#problems"));
    let hostile = browser
        .get("/device?user_code=%22%3E%3Cscript%3Ealert(1)")
        .await;
    assert!(!hostile.body.contains("<script>alert"));
    app.end().await;
}

/// Whoever is given a code by somebody else must see for what, each time.
#[tokio::test]
async fn attack_18_a_device_never_goes_in_by_an_older_consent() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for _ in 0..2 {
        let device = Device::ask(&app, &[("scope", "openid"), ("prompt", "none")]).await;
        let page = asked(&browser, &device.user_code, ANNA).await;
        assert!(page.has("#consent-allow"), "{}", page.body);
        let page = browser.submit(&page, "consent-allow", &[]).await;
        assert!(page.has("#device-given"));
        assert_eq!(device.poll().await.status, 200);
        app.advance(1).await;
    }
    app.end().await;
}

#[tokio::test]
async fn attack_16_a_devices_flow_belongs_to_the_browser_it_began_in() {
    let app = TestApp::start().await;
    let device = Device::ask(&app, &[("scope", "openid")]).await;
    let (attacker, victim) = (app.browser(), app.browser());
    let page = enter(&attacker, &device.user_code).await;
    let lured = victim.get(page.url.as_str()).await;
    let fields = [("username", TIMUR), ("password", PASSWORD)];
    let lured = victim.submit(&lured, "login-submit", &fields).await;
    assert!(!lured.has("#consent-allow"));
    device.poll().await.refuses("authorization_pending");
    app.end().await;
}

#[tokio::test]
async fn attack_10_a_device_code_at_another_client() {
    let app = TestApp::start_with(|config| {
        for client in config["clients"].as_array_mut().unwrap() {
            if client["client_id"] == "other" {
                client["grant_types"] =
                    serde_json::json!(["authorization_code", "refresh_token", GRANT]);
            }
        }
    })
    .await;
    let device = Device::ask(&app, &[("scope", "openid")]).await;
    let browser = app.browser();
    let page = asked(&browser, &device.user_code, ANNA).await;
    browser.submit(&page, "consent-allow", &[]).await;
    let other = RelyingParty::new(&app, "other");
    device.poll_as(&other).await.refuses("invalid_grant");
    let portal = RelyingParty::new(&app, "portal");
    device.poll_as(&portal).await.refuses("unauthorized_client");
    // The try left it to its owner.
    assert_eq!(device.poll().await.status, 200);
    // Row 11: it is nothing but a device code.
    let code = [
        ("grant_type", "authorization_code"),
        ("code", device.code.as_str()),
    ];
    other.token(&code).await.refuses("invalid_grant");
    app.end().await;
}

#[tokio::test]
async fn attack_12_a_crowd_polls_for_one_device() {
    let app = TestApp::start().await;
    let device = Device::ask(&app, &[("scope", SCOPE)]).await;
    let browser = app.browser();
    let page = asked(&browser, &device.user_code, ANNA).await;
    browser.submit(&page, "consent-allow", &[]).await;
    let polls = (0..16).map(|_| device.poll());
    let answers = futures_util::future::join_all(polls).await;
    let winners: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .collect();
    assert_eq!(winners.len(), 1);
    let token = winners[0].json()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        device.party.userinfo(&token).await.status,
        401,
        "a replay ends it"
    );
    app.end().await;
}

#[tokio::test]
async fn attack_14_and_15_what_was_taken_back_does_not_reach_the_device() {
    let app = TestApp::start().await;
    for statement in [
        "update consents set withdrawn_at = 1",
        "update accounts set blocked_at = 1",
        "update sessions set ended_at = 1",
    ] {
        let device = Device::ask(&app, &[("scope", "openid")]).await;
        let browser = app.browser();
        let page = asked(&browser, &device.user_code, ANNA).await;
        let page = browser.submit(&page, "consent-allow", &[]).await;
        assert!(page.has("#device-given"), "{statement}");
        app.database.execute(statement).await;
        app.app.storage.note_change();
        device.poll().await.refuses_as(statement, "invalid_grant");
        app.database
            .execute("update accounts set blocked_at = null")
            .await;
        app.app.storage.note_change();
        app.advance(1).await;
    }
    app.end().await;
}

#[tokio::test]
async fn attack_20_codes_of_devices_cannot_be_guessed_in_numbers() {
    let app = TestApp::start().await;
    let device = Device::ask(&app, &[("scope", "openid")]).await;
    let browser = app.browser();
    for _ in 0..30 {
        assert_eq!(enter(&browser, "BBBB-BBBB").await.status, 200);
    }
    let page = enter(&browser, &device.user_code).await;
    assert_eq!(page.status, 429);
    assert!(page.headers.contains_key("retry-after"));
    let page = enter(&app.browser(), &device.user_code).await;
    assert_eq!(page.status, 429, "another browser at the same address");
    app.advance(601).await;
    let device = Device::ask(&app, &[("scope", "openid")]).await;
    assert!(
        enter(&browser, &device.user_code)
            .await
            .has("#login-submit")
    );
    app.end().await;
}

#[tokio::test]
async fn attack_37_a_devices_tokens_are_bound_to_its_key() {
    let app = TestApp::start().await;
    let device = Device::ask(&app, &[("scope", SCOPE)]).await;
    let browser = app.browser();
    let page = asked(&browser, &device.user_code, ANNA).await;
    browser.submit(&page, "consent-allow", &[]).await;
    let key = ProofKey::generate(&app);
    let mut bound = device.party.clone();
    bound.headers = vec![("dpop", key.proof("POST", "/oauth/token", None))];
    let tokens = device.poll_as(&bound).await.json();
    assert_eq!(tokens["token_type"], "DPoP");
    let refresh = tokens["refresh_token"].as_str().unwrap();
    device.party.refresh(refresh).await.refuses("invalid_grant");
    app.end().await;
}
