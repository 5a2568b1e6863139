//! A receiver that we did not write: npm `http_ece` opens what was posted, with
//! the private key of a browser that it made itself.

use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::{BROWSERS, start};
use crate::support::app::ANNA;
use crate::support::steps::signed_in;

/// Asks the foreign program.
async fn receiver(asked: Value) -> Value {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers");
    let mut node = Command::new("node")
        .arg("push_receiver.mjs")
        .current_dir(peers)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node is installed (bin/test installs it)");
    let mut stdin = node.stdin.take().unwrap();
    stdin.write_all(asked.to_string().as_bytes()).await.unwrap();
    drop(stdin);
    let ended = node.wait_with_output().await.unwrap();
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.success(), "{told}");
    serde_json::from_slice(&ended.stdout).unwrap()
}

#[tokio::test]
async fn peer_http_ece_reads_what_a_browser_is_sent() {
    use base64::Engine as _;
    let (service, app) = start().await;
    let browser = receiver(json!({})).await;
    let anna = signed_in(&app, ANNA).await;
    let page = anna.get(BROWSERS).await;
    let endpoint = service.endpoint("anna");
    let made = [
        ("endpoint", &*endpoint),
        ("p256dh", browser["p256dh"].as_str().unwrap()),
        ("auth", browser["auth"].as_str().unwrap()),
    ];
    anna.submit(&page, "push-on", &made).await;
    signed_in(&app, ANNA).await;
    // In the language of messages to her, which is that of the portal.
    app.deliver().await;
    let mut read = Vec::new();
    for pushed in service.taken("anna") {
        let mut asked = browser.clone();
        asked["body"] = json!(base64::engine::general_purpose::STANDARD.encode(&pushed.body));
        read.push(receiver(asked).await);
    }
    assert_eq!(read.len(), 2);
    let told = &read[1];
    assert_eq!(told["title"], "Вход с нового устройства");
    assert_eq!(told["category"], "security");
    assert_eq!(told["url"], app.at("/account/security"));
    let text = told["text"].as_str().unwrap();
    assert!(text.contains("Firefox 140, Linux"), "{text}");
    for message in &read {
        let message = message.to_string();
        assert!(
            !message.contains("ticket") && !message.contains("Соколова"),
            "{message}"
        );
    }
    app.end().await;
}
