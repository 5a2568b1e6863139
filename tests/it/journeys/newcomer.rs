//! The way through the README: register on portal A, be known on portal B,
//! take the consent back, sign out everywhere.

use std::time::Duration;

use super::chromium::Chromium;
use super::demonstration::Demonstration;

const PHONE: &str = "+7 900 123-45-67";
const PASSWORD: &str = "Ochen-Krepkiy-7";

#[tokio::test]
async fn journey_newcomer_with_the_readme() {
    let demo = Demonstration::start().await;
    let browser = Chromium::open(1280, "ru").await;
    let [portal_a, portal_b] = &demo.portals;

    // Portal A, registration by phone.
    browser.open_page(portal_a).await;
    browser.press("login").await;
    browser.press("register-link").await;
    browser.fill("family_name", "Морозова").await;
    browser.fill("given_name", "Елена").await;
    browser.fill("contact", PHONE).await;
    browser.press("terms").await;
    browser.press("privacy").await;
    browser.press("register-submit").await;
    browser.find("code").await;
    let here = browser.driver.current_url().await.unwrap();
    browser
        .open_page(&format!("{}/demo/messages", demo.issuer))
        .await;
    let code = browser.text_of_class("message-code").await;
    browser.open_page(here.as_str()).await;
    // Codes are pasted with blanks, too.
    browser
        .fill("code", &format!(" {} {} ", &code[..3], &code[3..]))
        .await;
    browser.press("code-submit").await;
    browser.fill("password", PASSWORD).await;
    browser.fill("password_repeat", PASSWORD).await;
    browser.press("password-submit").await;

    // Consent, and back with the name.
    browser.press("consent-allow").await;
    assert_eq!(browser.text("person-name").await, "Елена Морозова");

    // Portal B asks for consent but for no password.
    browser.open_page(portal_b).await;
    browser.press("login").await;
    browser.find("consent-allow").await;
    assert!(!browser.has("password").await);
    browser.press("consent-allow").await;
    assert_eq!(browser.text("person-name").await, "Елена Морозова");

    // The cabinet shows both; A's consent is withdrawn.
    browser
        .open_page(&format!("{}/account/consents", demo.issuer))
        .await;
    let words = browser.words().await;
    assert!(
        words.contains("Северной области") && words.contains("Южного края"),
        "{words}"
    );
    let link = browser
        .driver
        .find(thirtyfour::By::PartialLinkText("Северной области"))
        .await
        .unwrap();
    link.click().await.unwrap();
    withdraw(&browser).await;

    // Portal A's refresh fails.
    browser.open_page(portal_a).await;
    if browser.has("refresh").await {
        browser.press("refresh").await;
        let shown = browser.words().await;
        assert!(!shown.contains("Получены новые"), "{shown}");
    }

    // Signing out everywhere: portal B learns it by back-channel.
    browser
        .open_page(&format!("{}/sign-out", demo.issuer))
        .await;
    browser.press("logout-confirm").await;
    let mut signed_out = false;
    for _ in 0..50 {
        browser.open_page(portal_b).await;
        if browser.has("login").await {
            signed_out = true;
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(signed_out, "portal B was not told");

    browser.close().await;
    demo.stop().await;
}

async fn withdraw(browser: &Chromium) {
    // The button stands behind a question.
    let summary = browser
        .driver
        .find(thirtyfour::By::Css(".fold-danger > summary"))
        .await
        .unwrap();
    summary.click().await.unwrap();
    browser.press("withdraw-confirm").await;
    browser.find("main").await;
}

#[tokio::test]
async fn journey_refusal_returns_to_the_portal() {
    let demo = Demonstration::start().await;
    let browser = Chromium::open(390, "en").await;
    browser.open_page(&demo.portals[0]).await;
    browser.press("login").await;
    browser.fill("username", "8 (900) 555 01 02").await;
    browser.fill("password", "wrong password").await;
    browser.press("login-submit").await;
    browser.find("sign-in-bad").await;
    // What was typed is kept, the password is not.
    let username = browser.find("username").await.value().await.unwrap();
    assert_eq!(username.as_deref(), Some("8 (900) 555 01 02"));
    browser.fill("password", "Propusk-2026!").await;
    browser.press("login-submit").await;
    browser.press("consent-deny").await;
    browser.find("login").await;
    let address = browser.driver.current_url().await.unwrap();
    assert!(address.as_str().starts_with(&demo.portals[0]), "{address}");
    browser.close().await;
    demo.stop().await;
}
