//! Debian's `oidc-agent` registers itself and has a code entered elsewhere.

use std::process::Stdio;

use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use super::{NAME, peers};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::{RelyingParty, TestApp};

#[tokio::test]
async fn peer_oidc_agent_registers_itself_and_shows_a_code() {
    let app = TestApp::start_in_real_time(|config| {
        // Devices are not open to strangers unless the operator says so.
        config["registration"] = json!({
            "mode": "open",
            "grant_types": [
                "authorization_code", "refresh_token",
                "urn:ietf:params:oauth:grant-type:device_code",
            ],
        });
    })
    .await;
    let mut agent = Command::new(peers().join("oidc-agent/run"))
        .env("ISSUER", &app.url)
        .env("FOLDER", app.database.folder.join("oidc-agent"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(agent.stdout.take().unwrap()).lines();
    let mut lines = Vec::new();
    while let Some(line) = said.next_line().await.unwrap() {
        if let Some((_, code)) = line.split_once("enter the code: ") {
            agree(&app, code.trim()).await;
        }
        lines.push(line);
    }
    let ended = agent.wait().await.unwrap();
    assert!(ended.success(), "{lines:#?}");
    let [.., first, second] = lines.as_slice() else {
        panic!("no tokens came: {lines:#?}");
    };
    assert_ne!(first, second, "it was not refreshed");
    let party = RelyingParty::new(&app, "portal");
    for token in [first, second] {
        let about = party.userinfo(token).await.json();
        assert_eq!(about["name"], NAME);
    }
    app.end().await;
}

/// Anna enters the code in a browser of hers.
async fn agree(app: &TestApp, code: &str) {
    let browser = app.browser();
    let page = browser.get("/device").await;
    let fields = [("user_code", code)];
    let page = browser.submit(&page, "device-continue", &fields).await;
    let fields = [("username", ANNA), ("password", PASSWORD)];
    let page = browser.submit(&page, "login-submit", &fields).await;
    let page = browser.submit(&page, "consent-allow", &[]).await;
    assert!(page.has("#device-given"), "{}", page.body);
}
