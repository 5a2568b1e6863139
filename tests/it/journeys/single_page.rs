//! An application in one page, by npm `oidc-client-ts`: it signs in, renews its
//! tokens in a frame that nobody sees, and notices by our frame that the person
//! has signed out elsewhere.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use http::header::CONTENT_TYPE;
use serde_json::json;

use super::chromium::Chromium;
use super::levels::sign_in;
use crate::support::TestApp;
use crate::support::app::ANNA;
use crate::support::relying_party::registration;

const LIBRARY: &str = "tests/peers/node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js";

/// The whole application; what happens in it stands in its title.
const PAGE: &str = r#"<!doctype html><title>…</title><p id="single">single page</p>
<script src="/library.js"></script>
<script>
  const settings = {
    authority: "ISSUER", client_id: "single", scope: "openid profile",
    redirect_uri: `${location.origin}/callback`, silent_redirect_uri: `${location.origin}/silent`,
    userStore: new oidc.WebStorageStateStore({ store: localStorage }),
    automaticSilentRenew: false, monitorSession: true, checkSessionIntervalInSeconds: 1,
  };
  const users = new oidc.UserManager(settings);
  const told = (what) => { document.title = what; };
  const failed = (error) => told(`failed: ${error.error ?? error.message}`);
  async function callback() {
    users.events.addUserSignedOut(() => told("signed out"));
    const user = await users.signinCallback();
    told(`in as ${user.profile.name ?? user.profile.sub}`);
  }
  window.renew = async () => {
    const before = (await users.getUser()).access_token;
    const user = await users.signinSilent();
    told(user.access_token === before ? "the same" : `renewed ${user.expires_in > 0}`);
  };
  if (location.pathname === "/silent") users.signinSilentCallback();
  else if (location.pathname === "/callback") callback().catch(failed);
  else users.signinRedirect().catch(failed);
</script>"#;

/// Waits until the page tells this.
async fn told(browser: &Chromium, wanted: &str) {
    let mut title = String::new();
    for _ in 0..200 {
        title = browser.driver.title().await.unwrap();
        if title == wanted {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{title} where {wanted} was to be");
}

#[tokio::test]
async fn journey_a_single_page_renews_silently() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    // The same site as the provider: see session_state.rs.
    let page = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let app = TestApp::start_in_real_time(|config| {
        config["issuer"] = json!(crate::support::app::BY_NAME);
        let members = json!({
            "redirect_uris": [format!("{page}/callback"), format!("{page}/silent")],
            "post_logout_redirect_uris": [], "grant_types": ["authorization_code"],
            "scope": "openid profile",
            "token_endpoint_auth_method": "none", "client_secret": null,
        });
        let clients = config["clients"].as_array_mut().unwrap();
        clients.push(registration("single", members));
    })
    .await;
    let html = PAGE.replace("ISSUER", &app.url);
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(LIBRARY);
    let library = std::fs::read_to_string(file).expect("bin/test installs it");
    let script = [(CONTENT_TYPE, "text/javascript")];
    let router = Router::new()
        .route("/library.js", get(async move || (script, library)))
        .fallback(get(async move || Html(html.clone())));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let browser = Chromium::open(1280, "ru").await;
    browser.open_page(&page).await;
    sign_in(&browser, ANNA).await;
    browser.press("consent-allow").await;
    browser.find("single").await;
    let at = browser.driver.current_url().await.unwrap();
    assert_eq!(at.path(), "/callback");
    let sub = {
        for _ in 0..100 {
            if browser.driver.title().await.unwrap().starts_with("in as ") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        browser.driver.title().await.unwrap()
    };
    assert!(sub.starts_with("in as "), "{sub}");
    for _ in 0..2 {
        browser
            .driver
            .execute("window.renew()", vec![])
            .await
            .unwrap();
        told(&browser, "renewed true").await;
        browser
            .driver
            .execute("document.title = '…'", vec![])
            .await
            .unwrap();
    }
    // In another window the person signs out; the page notices by itself.
    let here = browser.driver.window().await.unwrap();
    let there = browser.driver.new_tab().await.unwrap();
    browser.driver.switch_to_window(there).await.unwrap();
    browser.open_page(&app.at("/oauth/end_session")).await;
    browser.press("logout-confirm").await;
    browser.find("signed-out").await;
    browser.driver.switch_to_window(here).await.unwrap();
    told(&browser, "signed out").await;
    browser.close().await;
    app.end().await;
}
