//! Row 54: words of strangers in a query of the database, as a path, in a
//! template.

use super::refused;
use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::{begin_registration, sign_in, signed_in};
use crate::support::{RelyingParty, TestApp};

const SQL: [&str; 5] = [
    "' or '1'='1",
    "'; drop table accounts; --",
    "\" or \"\"=\"",
    "%' union select hash from passwords --",
    "1) or 1=1 --",
];

#[tokio::test]
async fn attack_54_text_is_never_a_query() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    portal.code(&app.browser(), ANNA, &[]).await;
    let browser = signed_in(&app, ANNA).await;
    let before = app.contents().await;
    for text in SQL {
        let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let page = sign_in(&app.browser(), text, text).await;
        assert!(
            page.has("#login-submit") && page.status == 200,
            "{}",
            page.body
        );
        for path in [
            format!("/account/consents/{encoded}"),
            format!("/account/contacts/code?change={encoded}"),
        ] {
            let page = browser.get(&path).await;
            assert!(
                page.status == 404 || page.url.path() == "/account/contacts",
                "{path}: {}",
                page.body
            );
        }
        for path in [
            format!(
                "/account/history?status={encoded}&device={encoded}&from={encoded}&page={encoded}"
            ),
            format!("/account/journal?kind={encoded}&sort={encoded}&order={encoded}"),
            format!("/account/notices?page={encoded}"),
        ] {
            assert_eq!(browser.get(&path).await.status, 200, "{path}");
        }
        let csrf = browser
            .get("/account/security")
            .await
            .attribute("input[name=csrf]", "value")
            .unwrap();
        let page = browser
            .post(
                "/account/security/end",
                &[("csrf", &csrf), ("session", text)],
            )
            .await;
        refused(&page, 404);
        browser
            .post(
                "/account/notices/read",
                &[("csrf", &csrf), ("notice", text)],
            )
            .await;
        let page = browser
            .get(&portal.authorize_url(&[("client_id", text)]))
            .await;
        refused(&page, 400);
        portal.redeem(text).await.refuses("invalid_grant");
        portal.refresh(text).await.refuses("invalid_grant");
        assert_eq!(portal.introspect(text).await["active"], false);
        let thief = app.browser();
        thief.set_cookie("propusk_session", text);
        assert!(thief.get("/account").await.has("#login-submit"));
    }
    let mut after = app.contents().await;
    // Tries on nobody were counted; nothing else.
    after.insert("throttles".to_owned(), before["throttles"].clone());
    assert_eq!(after, before);
    app.end().await;
}

#[tokio::test]
async fn attack_54_a_path_stays_within_its_folder() {
    let app = TestApp::start().await;
    let browser = app.browser();
    assert_eq!(browser.get("/static/propusk.css").await.status, 200);
    for path in [
        "/static/..%2fCargo.toml",
        "/static/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/static/%2e%2e/Cargo.toml",
        "/static/%2e%2e%2fCargo.toml",
        "/static/..%5cCargo.toml",
        "/static/%2fetc%2fpasswd",
        "/static/propusk.css%00.html",
        "/static/....//Cargo.toml",
        "/static/",
    ] {
        // By hand: a library would tidy the path up before sending it.
        let answer = raw_get(&app, path).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        assert!(
            !answer.contains("[package]") && !answer.contains("root:"),
            "{path}"
        );
    }
    app.end().await;
}

async fn raw_get(app: &TestApp, path: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(app.url.trim_start_matches("http://"))
        .await
        .unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Neither our templates nor our texts look for anything in what people typed.
#[tokio::test]
async fn attack_54_words_are_no_template() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for text in [
        "{{ 7*7 }}",
        "{ $time }",
        "{ brand }",
        "${7*7}",
        "{% include \"layout.html\" %}",
        "{\"\"}",
    ] {
        let page = sign_in(&browser, text, "x").await;
        assert_eq!(page.attribute("#username", "value").as_deref(), Some(text));
    }
    let device = app
        .browser()
        .with_header("user-agent", "{ $time } {{ code }} { brand }");
    sign_in(&device, ANNA, PASSWORD).await;
    let notices = device.get("/account/notices").await;
    assert_eq!(notices.status, 200, "{}", notices.body);
    begin_registration(&browser, "+79005550540").await;
    app.end().await;
}
