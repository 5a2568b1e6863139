//! What is posted, and what follows from the answer.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::Value;

use super::{BROWSERS, listed, start, subscribe};
use crate::support::app::ANNA;
use crate::support::push_service::{PushService, Pushed};
use crate::support::steps::signed_in;
use crate::support::{Browser, TestApp};

/// An app with one browser of Anna's, to which nothing is on its way.
async fn subscribed() -> (PushService, TestApp, Browser) {
    let (service, app) = start().await;
    let anna = signed_in(&app, ANNA).await;
    subscribe(&anna, &service.endpoint("anna")).await;
    app.deliver().await;
    (service, app, anna)
}

fn token(pushed: &Pushed) -> (Value, String) {
    let header = pushed.header("authorization");
    let (token, key) = header
        .strip_prefix("vapid t=")
        .and_then(|rest| rest.split_once(", k="))
        .unwrap();
    let point = base64(key);
    assert_eq!((point.len(), point[0]), (65, 4));
    let mut validation = Validation::new(Algorithm::ES256);
    // The test's clock is not the machine's.
    validation.validate_exp = false;
    validation.validate_aud = false;
    let encode = |part: &[u8]| {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(part)
    };
    let (x, y) = point[1..].split_at(32);
    let verifier = DecodingKey::from_ec_components(&encode(x), &encode(y)).unwrap();
    let claims = decode::<Value>(token, &verifier, &validation)
        .unwrap()
        .claims;
    (claims, key.to_owned())
}

fn base64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(text)
        .unwrap()
}

#[tokio::test]
async fn a_message_says_who_sends_it_and_how_long_it_lives() {
    let (service, app, anna) = subscribed().await;
    let pushed = service.taken("anna").remove(0);
    assert_eq!(pushed.header("content-encoding"), "aes128gcm");
    assert_eq!(pushed.header("urgency"), "high");
    let ttl: u64 = pushed.header("ttl").parse().unwrap();
    assert!((86_000..=86_400).contains(&ttl), "{ttl}");
    let (claims, key) = token(&pushed);
    assert_eq!(claims["aud"], service.origin());
    assert_eq!(claims["sub"], "mailto:duty@id.example.ru");
    let expires = claims["exp"].as_i64().unwrap() - app.now().millis() / 1000;
    assert!((1..=12 * 3600).contains(&expires), "{expires}");
    let page = anna.get(BROWSERS).await;
    let given = page.attribute("[data-push-key]", "data-push-key");
    assert_eq!(given.unwrap(), key);
    // Salt, record size, the point of a key that is used once.
    let again = {
        signed_in(&app, ANNA).await;
        app.deliver().await;
        service.taken("anna").remove(1)
    };
    assert_eq!(pushed.body[16..21], [0, 0, 16, 0, 65]);
    assert_ne!(pushed.body[..16], again.body[..16]);
    assert_ne!(pushed.body[21..86], again.body[21..86]);
    app.end().await;
}

#[tokio::test]
async fn a_browser_that_is_gone_is_forgotten() {
    for status in [404, 410] {
        let (service, app, anna) = subscribed().await;
        service.answer_with(status, None);
        signed_in(&app, ANNA).await;
        app.deliver().await;
        assert_eq!(service.taken("anna").len(), 2);
        assert_eq!(listed(&anna).await, 0, "{status}");
        service.answer_with(201, None);
        signed_in(&app, ANNA).await;
        app.deliver().await;
        assert_eq!(service.taken("anna").len(), 2);
        app.end().await;
    }
}

#[tokio::test]
async fn a_service_that_is_busy_is_asked_again_when_it_says() {
    let (service, app, anna) = subscribed().await;
    service.answer_with(429, Some("600"));
    signed_in(&app, ANNA).await;
    app.deliver().await;
    assert_eq!(service.taken("anna").len(), 2);
    service.answer_with(201, None);
    app.advance(300).await;
    app.deliver().await;
    assert_eq!(service.taken("anna").len(), 2, "not before its time");
    app.advance(301).await;
    app.deliver().await;
    assert_eq!(service.taken("anna").len(), 3);
    let mut taken = 3;
    for status in [413, 500, 503] {
        service.answer_with(status, None);
        signed_in(&app, ANNA).await;
        app.deliver().await;
        service.answer_with(201, None);
        app.advance(7).await;
        app.deliver().await;
        taken += 2;
        assert_eq!(service.taken("anna").len(), taken, "{status}");
    }
    assert_eq!(listed(&anna).await, 1);
    app.end().await;
}

#[tokio::test]
async fn a_message_outlives_neither_its_time_nor_its_browser() {
    let (service, app, anna) = subscribed().await;
    service.answer_with(503, None);
    signed_in(&app, ANNA).await;
    app.deliver().await;
    let page = anna.get(BROWSERS).await;
    anna.submit(&page, "browser-remove-1", &[]).await;
    service.answer_with(201, None);
    let taken = service.taken("anna").len();
    app.advance(3600).await;
    app.deliver().await;
    assert_eq!(service.taken("anna").len(), taken);
    app.end().await;
}

#[tokio::test]
async fn the_demonstration_keeps_messages_and_calls_nobody() {
    let service = PushService::start().await;
    let app = TestApp::start_with(|config| {
        service.configure(config);
        config["demo"] = true.into();
    })
    .await;
    let anna = signed_in(&app, ANNA).await;
    subscribe(&anna, &service.endpoint("anna")).await;
    signed_in(&app, ANNA).await;
    app.deliver().await;
    assert!(service.taken("anna").is_empty());
    let kept: Vec<_> = app
        .capture
        .messages()
        .into_iter()
        .filter(|message| message.channel == propusk::notify::Channel::Push)
        .collect();
    assert_eq!(kept.len(), 2, "{kept:?}");
    let told = &kept[0];
    assert_eq!(told.subject, "Вход с нового устройства");
    assert!(told.text.contains("Firefox 140, Linux"), "{}", told.text);
    assert!(told.not_me.is_none() && !told.text.contains("ticket"));
    assert_eq!(told.link, Some(app.at("/account/security")));
    let page = anna.get("/demo/messages").await;
    assert!(page.body.contains("Браузер"), "{}", page.body);
    app.end().await;
}
