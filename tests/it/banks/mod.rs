//! Banks as upstream OpenID Providers.

mod attacks;
mod entering;
mod proving;
mod recovering;

use serde_json::{Value, json};

use crate::support::bank::TestBank;
use crate::support::steps::sign_in;
use crate::support::{Browser, Page, TestApp};

/// The application with one bank.
pub async fn start(attests: &str) -> (TestApp, TestBank) {
    start_with(attests, |_| ()).await
}

/// The same with a changed configuration.
pub async fn start_with(attests: &str, change: impl FnOnce(&mut Value)) -> (TestApp, TestBank) {
    let bank = TestBank::start().await;
    let app = TestApp::start_with(|config| {
        config["banks"] = json!([bank.settings("volga", attests)]);
        change(config);
    })
    .await;
    (app, bank)
}

/// Agrees to both documents.
pub const TICKS: [(&str, &str); 2] = [("terms", "yes"), ("privacy", "yes")];

/// Through the bank to whatever page comes then.
pub async fn through(browser: &Browser, bank: &TestBank, from: &str) -> Page {
    let page = browser.get(from).await;
    bank.round(browser, &page, "volga").await
}

/// A new account through the bank.
pub async fn registered(app: &TestApp, bank: &TestBank) -> Browser {
    let browser = app.browser();
    let page = through(&browser, bank, "/register").await;
    let page = browser.submit(&page, "assertion-register", &TICKS).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    browser
}

/// Links the bank to the account of somebody who is signed in.
pub async fn link(browser: &Browser, bank: &TestBank) -> Page {
    let page = through(browser, bank, "/account/level").await;
    browser.submit(&page, "assertion-prove", &[]).await
}

/// Takes the first link away.
pub async fn unlink(browser: &Browser) -> Page {
    let page = browser.get("/account/security").await;
    let button = page.attribute("button[name=link]", "id").unwrap();
    browser.submit(&page, &button, &[]).await
}

/// Whether the browser is signed in.
pub async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/account").await.url.path() == "/account"
}

/// Signs in with a password and expects to be in.
pub async fn in_by_password(browser: &Browser, person: &str, password: &str) {
    let page = sign_in(browser, person, password).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
}
