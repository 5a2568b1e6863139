//! Forms in foreign encodings and of the wrong kind: a page says so, and
//! nothing is stored as garbage.

use crate::attacks_web::{pages, refused};
use crate::signature::trusting;
use crate::support::app::ANNA;
use crate::support::authority::Kind;
use crate::support::http;
use crate::support::relying_party::Answer;
use crate::support::steps::signed_in;
use crate::support::{Browser, Page, TestApp};

const FORM: &str = "application/x-www-form-urlencoded";

async fn post(
    app: &TestApp,
    browser: &Browser,
    path: &str,
    kind: Option<&str>,
    body: &[u8],
) -> Page {
    let http = http::staying();
    let mut request = http.post(app.at(path)).body(body.to_vec());
    if let Some(kind) = kind {
        request = request.header("content-type", kind);
    }
    browser.send(request).await
}

/// "Анна" as windows-1251 and KOI8-R write it, raw and as browsers would send
/// it, and a form in UTF-16.
const FOREIGN: [&[u8]; 6] = [
    b"given_name=\xc0\xed\xed\xe0",
    b"given_name=%C0%ED%ED%E0",
    b"given_name=\xe1\xce\xce\xc1",
    b"given_name=%E1%CE%CE%C1",
    b"given_name=%D0%90%D0",
    b"g\0i\0v\0e\0n\0=\0\x10\x04\x3d\x04=\xff\xfe",
];

/// Addresses that take files.
const WITH_FILES: [&str; 4] = [
    "/account/level/photographs",
    "/account/documents/1/scans",
    "/recover/form/data",
    "/signature",
];

#[tokio::test]
async fn a_form_in_a_foreign_encoding_is_refused_in_words() {
    let (app, _authority) = trusting(Kind::Ec).await;
    let browser = signed_in(&app, ANNA).await;
    let csrf = browser
        .get("/account/security")
        .await
        .attribute("input[name=csrf]", "value")
        .unwrap();
    let before = app.contents().await;
    for path in pages("post") {
        let path = path.replace("{id}", "1");
        for body in FOREIGN {
            let body = [format!("csrf={csrf}&").as_bytes(), body].concat();
            let page = post(&app, &browser, &path, Some(FORM), &body).await;
            refused(&page, 400);
        }
    }
    let kind = "application/x-www-form-urlencoded; charset=windows-1251";
    let body = [format!("csrf={csrf}&").as_bytes(), FOREIGN[1]].concat();
    refused(
        &post(&app, &browser, "/account/profile/edit", Some(kind), &body).await,
        400,
    );
    assert_eq!(app.contents().await, before);
    app.end().await;
}

#[tokio::test]
async fn a_form_of_another_kind_is_refused_in_words() {
    let (app, _authority) = trusting(Kind::Ec).await;
    let browser = signed_in(&app, ANNA).await;
    let csrf = browser
        .get("/account/security")
        .await
        .attribute("input[name=csrf]", "value")
        .unwrap();
    let before = app.contents().await;
    let fields = format!("csrf={csrf}&decision=sign-out&given_name=x&family_name=x");
    let json = format!(r#"{{"csrf":"{csrf}","decision":"sign-out"}}"#);
    for path in pages("post") {
        let path = path.replace("{id}", "1");
        for (kind, body) in [
            // What a foreign page can send without asking (CORS-safelisted).
            (Some("text/plain"), &fields),
            (Some("multipart/form-data; boundary=x"), &fields),
            (Some("application/json"), &json),
            (Some("application/xml"), &fields),
            (Some(""), &fields),
            (Some("nonsense"), &fields),
            (None, &fields),
        ] {
            let page = post(&app, &browser, &path, kind, body.as_bytes()).await;
            // Where files are taken the kind is right, and nothing else.
            let takes_files = WITH_FILES.contains(&path.as_str());
            let is_multipart = kind.is_some_and(|kind| kind.starts_with("multipart/"));
            refused(
                &page,
                if takes_files && is_multipart {
                    400
                } else {
                    415
                },
            );
        }
    }
    // However it is spelt, the right kind is taken.
    let kind = "Application/X-WWW-Form-Urlencoded ; charset=UTF-8";
    let page = post(
        &app,
        &browser,
        "/account/notices/read",
        Some(kind),
        format!("csrf={csrf}&notice=1").as_bytes(),
    )
    .await;
    assert_eq!(page.status, 303, "{}", page.body);
    assert_eq!(app.contents().await, before);
    app.end().await;
}

/// Another method than an address has is refused in words too.
#[tokio::test]
async fn an_address_opened_the_wrong_way_is_refused_in_words() {
    let (app, _authority) = trusting(Kind::Ec).await;
    let browser = signed_in(&app, ANNA).await;
    let (get, posted) = (pages("get"), pages("post"));
    for path in posted.iter().filter(|path| !get.contains(path)) {
        refused(&browser.get_once(&path.replace("{id}", "1")).await, 405);
    }
    for path in get.iter().filter(|path| !posted.contains(path)) {
        refused(
            &browser.post_once(&path.replace("{id}", "1"), &[]).await,
            405,
        );
    }
    app.end().await;
}

/// Programs get JSON of their own standard instead of a page.
#[tokio::test]
async fn programs_are_told_as_programs() {
    let app = TestApp::start().await;
    let http = http::client();
    for path in ["/oauth/token", "/oauth/introspect", "/oauth/revoke"] {
        for (kind, body) in [
            (
                "application/json",
                &b"{\"grant_type\":\"client_credentials\"}"[..],
            ),
            ("text/plain", b"grant_type=client_credentials"),
            (FORM, b"grant_type=\xc0\xed"),
            (FORM, b""),
            (FORM, b"&&&=&=="),
        ] {
            let request = http
                .post(app.at(path))
                .header("content-type", kind)
                .body(body.to_vec());
            let answer = Answer::of(request).await;
            assert!(
                matches!(answer.status, 400 | 401),
                "{path} {kind}: {}",
                answer.body
            );
            let code = answer.json()["error"].as_str().unwrap().to_owned();
            assert!(
                ["invalid_request", "invalid_client"].contains(&code.as_str()),
                "{path} {kind}: {code}"
            );
        }
    }
    app.end().await;
}
