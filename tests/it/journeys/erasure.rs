//! A citizen looks where a copy of everything is to be had, and leaves.

use super::chromium::Chromium;
use super::demonstration::Demonstration;
use super::levels::sign_in;

#[tokio::test]
async fn journey_deletion_to_the_last_page() {
    let demo = Demonstration::start().await;
    let browser = Chromium::open(390, "ru").await;
    browser.open_page(&demo.portals[0]).await;
    browser.press("login").await;
    sign_in(&browser, "+79005550102").await;
    browser.press("consent-allow").await;
    browser.find("person-name").await;

    let security = format!("{}/account/security", demo.issuer);
    browser.open_page(&security).await;
    browser.press("export-open").await;
    browser.find("export-pdf").await;
    browser.find("export-json").await;

    browser.open_page(&security).await;
    browser.press("deletion-open").await;
    let words = browser.words().await;
    assert!(words.contains("Северной области"), "{words}");
    browser.press("deletion-begin").await;
    browser.find("code").await;
    let here = browser.driver.current_url().await.unwrap();
    browser
        .open_page(&format!("{}/demo/messages", demo.issuer))
        .await;
    let code = browser.text_of_class("message-code").await;
    browser.open_page(here.as_str()).await;
    browser.fill("code", &code).await;
    // Without the tick nothing happens.
    browser.press("deletion-final").await;
    browser.find("sure-problem").await;
    browser.press("sure").await;
    browser.press("deletion-final").await;
    browser.find("account-deleted").await;

    // The password opens nothing any more.
    browser.open_page(&format!("{}/sign-in", demo.issuer)).await;
    sign_in(&browser, "+79005550102").await;
    browser.find("sign-in-bad").await;
    browser.close().await;
    demo.stop().await;
}
