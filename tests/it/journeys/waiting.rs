//! A television and a counter that wait for a word of the citizen.

use serde_json::{Value, json};

use super::accessibility::look_at;
use super::chromium::Chromium;
use super::levels::sign_in;
use crate::support::TestApp;
use crate::support::app::{ANNA, BY_NAME};
use crate::support::relying_party::{RelyingParty, registration};

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const CIBA: &str = "urn:openid:params:grant-type:ciba";

async fn start() -> TestApp {
    TestApp::start_with(|config| {
        config["issuer"] = json!(BY_NAME);
        let clients = config["clients"].as_array_mut().unwrap();
        clients.push(registration(
            "counter",
            json!({ "grant_types": [CIBA, "refresh_token"], "redirect_uris": [] }),
        ));
    })
    .await
}

async fn asked(party: &RelyingParty, path: &str, fields: &[(&str, &str)]) -> Value {
    let answer = party.call(path, fields).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

#[tokio::test]
async fn journey_a_television_signs_in() {
    let app = start().await;
    let television = RelyingParty::new(&app, "television");
    let fields = [("scope", "openid profile")];
    let shown = asked(&television, "/oauth/device_authorization", &fields).await;
    let phone = Chromium::open(390, "ru").await;
    // As its camera finds it on the screen.
    let address = shown["verification_uri_complete"].as_str().unwrap();
    phone.open_page(address).await;
    look_at(&phone, "code of a device").await;
    phone.press("device-continue").await;
    sign_in(&phone, ANNA).await;
    let code = phone.text("consent-device-code").await;
    assert_eq!(code, shown["user_code"].as_str().unwrap());
    look_at(&phone, "consent for a device").await;
    phone.press("consent-allow").await;
    assert!(phone.text("device-given").await.contains("выполнен вход"));
    look_at(&phone, "device answered").await;
    let code = shown["device_code"].as_str().unwrap();
    let answer = television
        .token(&[("grant_type", DEVICE), ("device_code", code)])
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    // A code that is written wrong comes back with what to do.
    phone.open_page(&app.at("/device")).await;
    phone.fill("user_code", "WDJB-MJHT").await;
    phone.press("device-continue").await;
    phone.find("problems").await;
    look_at(&phone, "wrong code of a device").await;
    phone.close().await;
    app.end().await;
}

#[tokio::test]
async fn journey_a_counter_asks_and_the_citizen_answers() {
    let app = start().await;
    let counter = RelyingParty::new(&app, "counter");
    let fields = [
        ("scope", "openid profile"),
        ("login_hint", ANNA),
        ("binding_message", "Окно 4, талон 17"),
    ];
    let begun = asked(&counter, "/oauth/backchannel_authentication", &fields).await;
    let citizen = Chromium::open(1280, "ru").await;
    citizen.open_page(&app.at("/account")).await;
    sign_in(&citizen, ANNA).await;
    citizen.find("citizen-name").await;
    look_at(&citizen, "a site asks").await;
    citizen.press_first("a[href^='/account/asked/']").await;
    assert_eq!(
        citizen.text("consent-binding-message").await,
        "Окно 4, талон 17"
    );
    look_at(&citizen, "consent for a counter").await;
    citizen.press("consent-allow").await;
    citizen.find("device-given").await;
    let id = begun["auth_req_id"].as_str().unwrap();
    let answer = counter
        .token(&[("grant_type", CIBA), ("auth_req_id", id)])
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    citizen.close().await;
    app.end().await;
}
