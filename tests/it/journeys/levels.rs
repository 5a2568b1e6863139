//! From a phone number to a verified person: a portal's service demands it, the
//! registries and an operator in a second browser give it, and the citizen is
//! back in the service.

use std::time::Duration;

use thirtyfour::By;

use super::chromium::Chromium;
use super::demonstration::Demonstration;
use crate::levels::DATA;

const PASSWORD: &str = "Propusk-2026!";

/// Fills in the form of personal data and sends it.
pub async fn send(browser: &Chromium, changes: &[(&str, &str)]) {
    for (field, value) in DATA {
        let changed = changes.iter().find(|(name, _)| *name == field);
        let value = changed.map_or(value, |(_, value)| value);
        match field {
            "sex" => browser.press(&format!("sex-{value}")).await,
            // Ticked from the beginning.
            "lives_there" => {}
            _ => browser.fill(field, value).await,
        }
    }
    browser.press("level-data-send").await;
}

/// Waits, without touching anything, until the page that renews itself says so.
pub async fn until(browser: &Chromium, id: &str, says: &str) {
    for _ in 0..60 {
        // The page may renew itself between two looks at it.
        if let Ok(found) = browser.driver.find(By::Id(id)).await
            && found.text().await.is_ok_and(|text| text.contains(says))
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("{id} never said {says}: {}", browser.words().await);
}

/// Fills in the form of the sign-in page.
pub async fn sign_in(browser: &Chromium, who: &str) {
    browser.fill("username", who).await;
    browser.fill("password", PASSWORD).await;
    browser.press("login-submit").await;
}

#[tokio::test]
async fn journey_from_a_phone_number_to_a_verified_person() {
    let demo = Demonstration::start().await;
    let citizen = Chromium::open(390, "ru").await;
    citizen.open_page(&demo.portals[0]).await;
    citizen.press("login").await;
    sign_in(&citizen, "+79005550103").await;
    citizen.press("consent-allow").await;
    assert_eq!(citizen.text("person-name").await, "Мария Сергеевна Ким");

    // The service demands more than there is.
    citizen.press("service").await;
    citizen.press("level-raise").await;
    citizen.press("level-data").await;
    let maria = [
        ("family_name", "Ким"),
        ("given_name", "Мария"),
        ("middle_name", "Сергеевна"),
        ("birth_date", "15.07.2001"),
        ("issued_on", "20.08.2021"),
    ];
    // No registry knows this passport; the page says so by itself.
    let wrong = [&maria[..], &[("passport", "0001 000301")]].concat();
    send(&citizen, &wrong).await;
    until(&citizen, "check-state", "не совпало").await;
    assert!(citizen.words().await.contains("Серия и номер паспорта"));
    citizen.press("level-data").await;
    send(&citizen, &maria).await;
    until(&citizen, "check-state", "совпало").await;
    assert!(!citizen.has("level-continue").await, "more is demanded");
    citizen.press("centre-request").await;
    let number = citizen.text("centre-number").await;

    // At the service centre.
    let desk = Chromium::open(1280, "ru").await;
    desk.open_page(&format!("{}/operator", demo.issuer)).await;
    sign_in(&desk, "+79005550109").await;
    desk.find("desk-open").await;
    desk.fill("number", &number).await;
    desk.press("desk-open").await;
    for field in [
        "family_name",
        "given_name",
        "middle_name",
        "birth_date",
        "sex",
        "passport",
        "snils",
    ] {
        desk.press(&format!("compared-{field}")).await;
    }
    desk.press("case-confirm").await;
    until(&desk, "desk-done", "Личность подтверждена").await;
    desk.close().await;

    // Back in the service, with name, level and evidence.
    citizen.driver.refresh().await.unwrap();
    citizen.press("level-continue").await;
    if citizen.has("consent-allow").await {
        citizen.press("consent-allow").await;
    }
    citizen.find("service-open").await;
    assert_eq!(citizen.text("person-name").await, "Мария Сергеевна Ким");
    let evidence = citizen.text("evidence").await;
    assert!(
        evidence.contains("electronic_record: data") && evidence.contains("document: vpip"),
        "{evidence}"
    );
    citizen.close().await;
    demo.stop().await;
}

#[tokio::test]
async fn journey_who_does_not_want_to_rise_is_back_at_the_portal() {
    let demo = Demonstration::start().await;
    let citizen = Chromium::open(1280, "en").await;
    citizen.open_page(&demo.portals[0]).await;
    citizen.press("login").await;
    sign_in(&citizen, "+79005550102").await;
    citizen.press("consent-allow").await;
    citizen.press("service").await;
    citizen.press("level-return").await;
    let shown = citizen.text("notice").await;
    assert!(
        shown.contains("unmet_authentication_requirements"),
        "{shown}"
    );
    // Whoever was signed in still is.
    citizen.find("service").await;
    citizen.close().await;
    demo.stop().await;
}
