//! A portal's page asks our frame whether the person is still there (OpenID
//! Connect Session Management 1.0 §3.1).

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::json;

use super::chromium::Chromium;
use super::levels::sign_in;
use crate::support::TestApp;
use crate::support::app::ANNA;
use crate::support::relying_party::{RelyingParty, registration};

/// A page with the frame; what the frame answers stands in its title.
const PAGE: &str = r#"<!doctype html><title>asking</title><p id="portal">portal</p>
<script>
  const asked = new URLSearchParams(location.search);
  addEventListener("message", (e) => { document.title = `${document.title} ${e.data}`; });
  const frame = document.createElement("iframe");
  frame.src = asked.get("frame");
  frame.onload = () => {
    document.title = "asked";
    frame.contentWindow.postMessage(asked.get("said"), new URL(frame.src).origin);
  };
  if (frame.src) document.body.append(frame);
</script>"#;

/// What the frame answers to a message.
async fn answer(browser: &Chromium, app: &TestApp, portal: &str, said: &str) -> String {
    let mut page = url::Url::parse(&format!("{portal}/asks")).unwrap();
    page.query_pairs_mut()
        .append_pair("frame", &app.at("/oauth/check_session"))
        .append_pair("said", said);
    browser.open_page(page.as_str()).await;
    for _ in 0..100 {
        let title = browser.driver.title().await.unwrap();
        if let Some(answer) = title.strip_prefix("asked ") {
            return answer.to_owned();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the frame does not answer");
}

#[tokio::test]
async fn journey_a_portal_asks_whether_the_session_is_the_same() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    // The same site as the provider: tests speak no TLS, without which browsers
    // keep the cookie from frames on other sites.
    let portal = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let router = Router::new().fallback(get(async || Html(PAGE)));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let callback = format!("{portal}/callback");
    let app = TestApp::start_with(|config| {
        config["issuer"] = json!(crate::support::app::BY_NAME);
        let members = json!({ "redirect_uris": [callback], "post_logout_redirect_uris": [] });
        let clients = config["clients"].as_array_mut().unwrap();
        clients.push(registration("asking", members));
    })
    .await;
    let mut party = RelyingParty::new(&app, "asking");
    party.redirect_uri = callback.clone();
    let browser = Chromium::open(1280, "ru").await;
    browser.open_page(&party.authorize_url(&[])).await;
    sign_in(&browser, ANNA).await;
    browser.press("consent-allow").await;
    browser.find("portal").await;
    let came = browser.driver.current_url().await.unwrap();
    let state = came.query_pairs().find(|(name, _)| name == "session_state");
    let state = state.unwrap().1.into_owned();
    let of = |client: &str, state: &str| format!("{client} {state}");
    for (said, told) in [
        (of("asking", &state), "unchanged"),
        // As long and of another client; cut; nonsense.
        (of("portal", &state), "changed"),
        (of("asking", &state[..20]), "error"),
        ("asking".to_owned(), "error"),
        (String::new(), "error"),
    ] {
        assert_eq!(answer(&browser, &app, &portal, &said).await, told, "{said}");
    }
    browser.open_page(&app.at("/oauth/end_session")).await;
    browser.press("logout-confirm").await;
    browser.find("signed-out").await;
    let said = of("asking", &state);
    assert_eq!(answer(&browser, &app, &portal, &said).await, "changed");
    browser.close().await;
    app.end().await;
}
