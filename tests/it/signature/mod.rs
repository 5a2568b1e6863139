//! Qualified electronic signatures, with certificates made by OpenSSL.

mod attacks;
mod checking;
mod entering;
mod proving;

use serde_json::json;

use crate::levels::become_standard;
use crate::support::app::ANNA;
use crate::support::authority::{Authority, Kind};
use crate::support::http;
use crate::support::steps::signed_in;
use crate::support::{Browser, Page, TestApp};

/// The application that trusts this authority.
pub async fn start(authority: &Authority) -> TestApp {
    TestApp::start_with(|config| {
        config["signature"] = json!({ "trusted_ca": authority.trusted() });
    })
    .await
}

/// An authority, and the application that trusts it.
pub async fn trusting(kind: Kind) -> (TestApp, Authority) {
    let authority = Authority::new(kind, "Тестовый УЦ");
    (start(&authority).await, authority)
}

/// Anna, whose data are checked.
pub async fn standard(app: &TestApp) -> Browser {
    let browser = signed_in(app, ANNA).await;
    become_standard(app, &browser, &[]).await;
    browser
}

/// From the page with the button to that of the three steps.
pub async fn begin(browser: &Browser, from: &str) -> Page {
    let page = browser.get(from).await;
    let page = browser.submit(&page, "signature-begin", &[]).await;
    assert_eq!(page.url.path(), "/signature", "{}", page.body);
    page
}

/// The file to sign.
pub async fn text(browser: &Browser, page: &Page) -> Vec<u8> {
    let href = page.attribute("#signature-download", "href").unwrap();
    let file = browser.get(&href).await;
    assert_eq!(file.status, 200, "{}", file.body);
    file.body.into_bytes()
}

/// Sends a file by the form of the page, under this name.
pub async fn send_named(browser: &Browser, page: &Page, file: Vec<u8>, name: &str) -> Page {
    let form = page.form("signature-send");
    let boundary = "propusk-test-boundary";
    let mut body = Vec::new();
    for (field, value) in &form.fields {
        if field != "file" {
            let head = format!("content-disposition: form-data; name=\"{field}\"");
            body.extend(format!("--{boundary}\r\n{head}\r\n\r\n{value}\r\n").into_bytes());
        }
    }
    let head = format!("content-disposition: form-data; name=\"file\"; filename=\"{name}\"");
    body.extend(format!("--{boundary}\r\n{head}\r\n\r\n").into_bytes());
    body.extend(file);
    body.extend(format!("\r\n--{boundary}--\r\n").into_bytes());
    let action = page.url.join(&form.action).unwrap();
    let request = http::staying()
        .post(action)
        .header(
            "content-type",
            format!("multipart/form-data; boundary={boundary}"),
        )
        .body(body);
    browser.follow(browser.send(request).await).await
}

pub async fn send(browser: &Browser, page: &Page, file: Vec<u8>) -> Page {
    send_named(browser, page, file, "propusk.txt.sig").await
}
