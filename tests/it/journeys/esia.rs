//! Somebody enters a portal that was written for ESIA, in a real browser: the
//! same sign-in and the same question as anywhere, and back. What developers see
//! on the way is looked at, too.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::json;

use super::accessibility::look_at;
use super::chromium::Chromium;
use super::levels::sign_in;
use crate::support::TestApp;
use crate::support::app::ANNA;
use crate::support::authority::Kind;
use crate::support::esia::{ISSUER, Party, ac, address, set};

const PAGE: &str = r#"<!doctype html><html lang="ru"><title>портал</title><p id="portal">портал
<a id="out" href="/out">Выйти</a>"#;

#[tokio::test]
async fn journey_a_portal_written_for_esia_is_entered_and_left() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let portal = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(get(async || Html(PAGE)));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let party = Party::new(Kind::Rsa);
    let client = party.registration(json!({ "domains": ["127.0.0.1"], "sandbox": true }));
    let app = TestApp::start_with(|config| {
        config["esia"] = json!({ "issuer": ISSUER });
        config["clients"].as_array_mut().unwrap().push(client);
    })
    .await;
    let request = |state: &str| {
        let mut request = ac(&app, state, "openid fullname addresses snils inn id_doc");
        set(&mut request, "redirect_uri", &format!("{portal}/callback"));
        party.cms(&mut request);
        request
    };
    for (width, lang) in [(1280, "ru"), (390, "en")] {
        let browser = Chromium::open(width, lang).await;
        browser.open_page(&app.at("/esia/certificates")).await;
        browser.find("esia-issuer").await;
        look_at(&browser, "the certificates").await;
        let mut wrong = request(&format!("wrong {lang}"));
        set(&mut wrong, "state", "another");
        browser
            .open_page(&app.at(&address("/aas/oauth2/ac", &wrong)))
            .await;
        browser.find("esia-reason").await;
        look_at(&browser, "a request that is refused").await;
        let right = request(&format!("right {lang}"));
        browser
            .open_page(&app.at(&address("/aas/oauth2/ac", &right)))
            .await;
        sign_in(&browser, ANNA).await;
        if width == 1280 {
            look_at(&browser, "the consent page").await;
            browser.press("consent-allow").await;
        }
        browser.find("portal").await;
        let came = browser.driver.current_url().await.unwrap();
        assert!(came.query().unwrap().starts_with("code=ey"), "{came}");
        // The portal's own link: the session ends at once, and back.
        let out = format!("/idp/ext/Logout?client_id=DEMO_RP&redirect_url={portal}/");
        let script = format!("document.getElementById('out').href = '{}'", app.at(&out));
        browser.driver.execute(&script, vec![]).await.unwrap();
        browser.press("out").await;
        browser.find("portal").await;
        browser.open_page(&app.at("/account")).await;
        browser.find("login-submit").await;
        browser.close().await;
    }
    app.end().await;
}
