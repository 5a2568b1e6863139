//! A browser that signs out loads the pages of portals out of sight.

use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use http::Uri;
use serde_json::json;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::chromium::Chromium;
use super::levels::sign_in;
use crate::support::TestApp;
use crate::support::app::ANNA;
use crate::support::relying_party::{RelyingParty, registration};

async fn keep(State(seen): State<UnboundedSender<String>>, uri: Uri) -> Html<&'static str> {
    let _ = seen.send(uri.to_string());
    Html("<p id='portal'>portal")
}

#[tokio::test]
async fn journey_signing_out_in_frames() {
    let (sender, mut seen) = unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let portal = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(get(keep)).with_state(sender);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let app = TestApp::start_with(|config| {
        config["issuer"] = json!(crate::support::app::BY_NAME);
        let told = json!({
            "redirect_uris": [format!("{portal}/callback")],
            "post_logout_redirect_uris": [format!("{portal}/signed-out")],
            "frontchannel_logout_uri": format!("{portal}/front"),
        });
        config["clients"]
            .as_array_mut()
            .unwrap()
            .push(registration("framed", told));
    })
    .await;
    let mut party = RelyingParty::new(&app, "framed");
    party.redirect_uri = format!("{portal}/callback");
    let browser = Chromium::open(1280, "ru").await;
    browser.open_page(&party.authorize_url(&[])).await;
    sign_in(&browser, ANNA).await;
    browser.press("consent-allow").await;
    browser.find("portal").await;
    // Who has fetched nothing has nobody to sign out.
    let came = browser.driver.current_url().await.unwrap();
    let code = came.query_pairs().find(|(name, _)| name == "code").unwrap();
    assert_eq!(party.redeem(&code.1).await.status, 200);
    browser
        .open_page(&app.at(&format!(
            "/oauth/end_session?client_id=framed&post_logout_redirect_uri={portal}/signed-out"
        )))
        .await;
    browser.press("logout-confirm").await;
    browser.find("portal").await;
    let address = browser.driver.current_url().await.unwrap();
    assert_eq!(address.as_str(), format!("{portal}/signed-out"));
    browser.close().await;
    // The frame was loaded, and before the browser returned.
    let mut paths = Vec::new();
    while let Ok(path) = seen.try_recv() {
        paths.push(path);
    }
    let at = |start: &str| paths.iter().position(|path| path.starts_with(start));
    let (front, returned) = (at("/front?iss="), at("/signed-out"));
    assert!(front.is_some() && front < returned, "{paths:?}");
    app.end().await;
}
