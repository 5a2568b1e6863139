//! A bank that is not our program vouches for citizens of the demonstration.

use super::chromium::Chromium;
use super::demonstration::Demonstration;
use super::levels::{send, sign_in, until};

#[tokio::test]
async fn journey_through_a_bank_to_a_verified_account_and_back_to_the_portal() {
    let demo = Demonstration::start().await;
    let citizen = Chromium::open(390, "ru").await;
    citizen.open_page(&demo.portals[0]).await;
    citizen.press("login").await;
    citizen.press("register-link").await;
    citizen.press("bank-volga").await;
    citizen.press("client-vera").await;
    let facts = citizen.text("assertion-facts").await;
    assert!(
        facts.contains("Громова") && facts.contains("06.05.1991"),
        "{facts}"
    );
    citizen.press("terms").await;
    citizen.press("privacy").await;
    citizen.press("assertion-register").await;
    citizen.press("consent-allow").await;
    assert_eq!(citizen.text("person-name").await, "Вера Андреевна Громова");
    // The service for verified people is open at once.
    citizen.press("service").await;
    if citizen.has("consent-allow").await {
        citizen.press("consent-allow").await;
    }
    citizen.find("service-open").await;
    citizen
        .open_page(&format!("{}/account/level", demo.issuer))
        .await;
    assert!(citizen.words().await.contains("Подтверждённый"));
    // There is no other way in yet, so the bank stays.
    citizen
        .open_page(&format!("{}/account/security", demo.issuer))
        .await;
    citizen.press_first("button[name=link]").await;
    citizen.find("security-refused").await;
    citizen.close().await;
    demo.stop().await;
}

#[tokio::test]
async fn journey_a_bank_raises_the_level_for_a_service_that_waits() {
    let demo = Demonstration::start().await;
    let citizen = Chromium::open(1280, "ru").await;
    citizen.open_page(&demo.portals[0]).await;
    citizen.press("login").await;
    sign_in(&citizen, "+79005550101").await;
    citizen.press("consent-allow").await;
    citizen.press("service").await;
    citizen.press("level-raise").await;
    citizen.press("level-data").await;
    send(&citizen, &[]).await;
    until(&citizen, "check-state", "совпало").await;
    citizen.press("bank-volga").await;
    citizen.press("client-anna").await;
    citizen.press("assertion-prove").await;
    citizen.press("level-continue").await;
    if citizen.has("consent-allow").await {
        citizen.press("consent-allow").await;
    }
    citizen.find("service-open").await;
    // The bank is let go again; what it has proven stays.
    citizen
        .open_page(&format!("{}/account/security", demo.issuer))
        .await;
    assert!(citizen.text("links").await.contains("Банк «Волга»"));
    citizen.press_first("button[name=link]").await;
    assert!(!citizen.has("links").await);
    citizen
        .open_page(&format!("{}/account/level", demo.issuer))
        .await;
    assert!(citizen.words().await.contains("Подтверждённый"));
    citizen.close().await;
    demo.stop().await;
}

#[tokio::test]
async fn journey_a_bank_that_knows_somebody_otherwise_changes_nothing() {
    let demo = Demonstration::start().await;
    let citizen = Chromium::open(1280, "ru").await;
    citizen
        .open_page(&format!("{}/sign-in?to=level", demo.issuer))
        .await;
    sign_in(&citizen, "+79005550102").await;
    citizen.press("bank-volga").await;
    citizen.press("client-timur").await;
    let said = citizen.text("assertion-mismatch").await;
    assert!(
        said.contains("Фамилия") && said.contains("Дата рождения"),
        "{said}"
    );
    citizen.press("assertion-back").await;
    assert!(citizen.has("bank-volga").await);
    // And who changes their mind at the bank reads so.
    citizen.press("bank-volga").await;
    if citizen.has("client-none").await {
        citizen.press("client-none").await;
        assert_eq!(citizen.text("refused-title").await, "Вы отказались в банке");
    }
    citizen.close().await;
    demo.stop().await;
}
