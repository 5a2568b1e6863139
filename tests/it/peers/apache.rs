//! Debian's Apache with `libapache2-mod-auth-openidc` protects a page.

use std::process::Stdio;

use serde_json::json;
use tokio::process::Command;

use super::{NAME, SECRET, peers, registration};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::process::free_port;
use crate::support::{Browser, TestApp};

#[tokio::test]
async fn peer_apache_protects_a_page() {
    let port = free_port();
    let at = |path: &str| format!("http://127.0.0.1:{port}{path}");
    let app = TestApp::start_in_real_time(|config| {
        let mut client = registration("client_secret_basic");
        client["client_secret"] = json!(SECRET);
        client["redirect_uris"] = json!([at("/protected/callback")]);
        client["post_logout_redirect_uris"] = json!([at("/")]);
        client["backchannel_logout_uri"] = json!(at("/protected/callback?logout=backchannel"));
        config["clients"].as_array_mut().unwrap().push(client);
    })
    .await;
    let folder = app.database.folder.join("apache");
    std::fs::create_dir_all(&folder).unwrap();
    let mut apache = Command::new(peers().join("apache/run"))
        .env("ISSUER", &app.url)
        .env("CLIENT_ID", "peer")
        .env("CLIENT_SECRET", SECRET)
        .env("PORT", port.to_string())
        .env("FOLDER", &folder)
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    // Two servers, two jars: cookies do not know ports.
    let person = app.browser();
    let visitor = Browser::new(&at(""));
    let asked = wait_for_redirect(&visitor, &at("/protected/")).await;
    let page = person.get(&asked).await;
    let page = person
        .submit(
            &page,
            "login-submit",
            &[("username", ANNA), ("password", PASSWORD)],
        )
        .await;
    let back = person.submit(&page, "consent-allow", &[]).await;
    let protected = visitor.get(back.location().unwrap().as_str()).await;
    assert_eq!(
        protected.text("#person-name").as_deref(),
        Some(NAME),
        "{}",
        protected.body
    );
    // SIGTERM to the parent ends its children too.
    let parent = apache.id().unwrap().to_string();
    Command::new("kill").arg(parent).status().await.unwrap();
    apache.wait().await.unwrap();
    app.end().await;
}

async fn wait_for_redirect(visitor: &Browser, address: &str) -> String {
    for _ in 0..100 {
        let answer = visitor.try_get_once(address).await;
        if let Some(to) = answer.and_then(|page| page.location()) {
            return to.to_string();
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{address} does not answer");
}
