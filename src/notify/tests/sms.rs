//! The SMS gateway on the wire.

use serde_json::{Value, json};

use super::servers::{Mood, gateway};
use super::*;
use crate::egress::EgressSettings;
use crate::notify::sms::{fill, template};
use crate::notify::{Sms, SmsSettings};

fn settings(port: u16, more: &str) -> SmsSettings {
    toml::from_str(&format!(
        "url = 'http://127.0.0.1:{port}/send'\nallow_private = true\n{more}"
    ))
    .unwrap()
}

fn message(device: &str) -> OutgoingMessage {
    let kind = MessageKind::SessionEnded;
    let values = [
        ("device", device.to_owned()),
        ("time", START.millis().to_string()),
    ];
    composed(Channel::Sms, "+79001234567", kind, &values, Lang::Ru).unwrap()
}

fn short_time() -> EgressSettings {
    EgressSettings {
        timeout: Duration::from_millis(500),
        ..EgressSettings::default()
    }
}

#[tokio::test]
async fn the_gateway_gets_json_a_token_and_the_id() {
    let (port, heard) = gateway().await;
    let sms = Sms::new(&settings(port, "token = 'geheim'"), &short_time()).unwrap();
    sms.send("id-1", &message("\"Ноутбук\"\\")).await.unwrap();
    let request = heard.all().pop().unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let head = head.to_ascii_lowercase();
    assert!(head.starts_with("post /send http/1.1"), "{head}");
    for expected in [
        "authorization: bearer geheim",
        "idempotency-key: id-1",
        "content-type: application/json",
    ] {
        assert!(head.contains(expected), "{expected} in {head}");
    }
    let body: Value = serde_json::from_str(body).unwrap();
    let text = "«Пропуск»: завершён сеанс на устройстве \"Ноутбук\"\\.";
    assert_eq!(
        body,
        json!({"to": "+79001234567", "text": text, "id": "id-1"})
    );
}

#[tokio::test]
async fn answers_are_told_apart_and_name_nobody() {
    let (port, heard) = gateway().await;
    let sms = Sms::new(&settings(port, ""), &short_time()).unwrap();
    let moods = [
        (400, true),
        (422, true),
        (401, false),
        (404, false),
        (429, false),
        (500, false),
        (302, false),
    ];
    for (status, permanent) in moods {
        heard.moods(&[Mood::Refuse(status)]);
        let failed = sms.send("id", &message("x")).await.unwrap_err();
        assert_eq!(failed.permanent, permanent, "{status}");
        assert_eq!(failed.why, format!("the SMS gateway answered {status}"));
    }
    heard.moods(&[Mood::Silent, Mood::CutAfterData]);
    for _ in 0..2 {
        let failed = sms.send("id", &message("x")).await.unwrap_err();
        assert!(
            !failed.permanent && !failed.why.contains("127.0.0.1"),
            "{}",
            failed.why
        );
    }
}

#[tokio::test]
async fn a_private_gateway_must_be_allowed() {
    let (port, heard) = gateway().await;
    let mut settings = settings(port, "");
    settings.allow_private = false;
    let sms = Sms::new(&settings, &short_time()).unwrap();
    assert!(!sms.send("id", &message("x")).await.unwrap_err().permanent);
    assert!(heard.all().is_empty());
}

#[test]
fn attack_41_a_text_cannot_leave_its_json_string() {
    let body = template(
        r#"{"messages":[{"phone":"{{phone}}","text":"{{text}} [{{id}}]","n":1}],"sender":"Propusk"}"#,
    )
    .unwrap();
    let text = "\",\"phone\":\"+70000000000\",\"x\":\"{{phone}}\n\u{7}";
    let filled = fill(
        &body,
        &[
            ("{{phone}}", "+79001234567"),
            ("{{text}}", text),
            ("{{id}}", "7"),
        ],
    );
    let read: Value = serde_json::from_str(&filled.to_string()).unwrap();
    let expected = json!({"messages": [{"phone": "+79001234567", "text": format!("{text} [7]"), "n": 1}], "sender": "Propusk"});
    assert_eq!(read, expected);
}

#[test]
fn bad_templates_stop_the_start() {
    for bad in [
        r#"{"phone":{{phone}},"text":"{{text}}"}"#,
        r#"{"phone":"{{phone}}"}"#,
        "",
        "phone={{phone}}&text={{text}}",
    ] {
        assert!(template(bad).is_err(), "{bad}");
    }
    assert!(toml::from_str::<SmsSettings>("url='https://x.example'\ntokn='x'").is_err());
}
