//! Somebody comes to a service centre without an account: the operator makes
//! one from the papers, the citizen makes it their own at home.

use super::chromium::Chromium;
use super::demonstration::Demonstration;
use super::levels::{sign_in, until};
use crate::levels::DATA;
use crate::levels::centre::EVERYTHING;

const OWN_PASSWORD: &str = "Korabl-Plyvet-48!";

/// Types what the papers say, with this SNILS, and ticks every original.
pub async fn type_papers(desk: &Chromium, snils: &str) {
    for (field, value) in DATA {
        match field {
            "snils" => desk.fill(field, snils).await,
            "sex" => desk.press(&format!("sex-{value}")).await,
            // Ticked from the beginning.
            "lives_there" => {}
            _ => desk.fill(field, value).await,
        }
    }
    for (_, field) in EVERYTHING {
        desk.press(&format!("compared-{field}")).await;
    }
}

#[tokio::test]
async fn journey_papers_at_the_desk_become_an_account_of_ones_own() {
    let demo = Demonstration::start().await;
    let desk = Chromium::open(1280, "ru").await;
    desk.open_page(&format!("{}/operator", demo.issuer)).await;
    sign_in(&desk, "+79005550109").await;
    desk.press("desk-papers").await;
    type_papers(&desk, "000-000-300 00").await;
    // One tick is left out, and nothing is lost by it.
    desk.press("papers-register").await;
    desk.find("agreed-problem").await;
    desk.press("agreed").await;
    desk.press("papers-register").await;
    let login = desk.text("login-sheet-login").await;
    let temporary = desk.text("login-sheet-password").await;
    desk.close().await;

    let citizen = Chromium::open(390, "ru").await;
    citizen.open_page(&format!("{}/sign-in", demo.issuer)).await;
    citizen.fill("username", &login).await;
    citizen.fill("password", &temporary).await;
    citizen.press("login-submit").await;
    citizen.find("password-submit").await;
    assert!(citizen.words().await.contains("Придумайте свой пароль"));
    citizen.fill("password", OWN_PASSWORD).await;
    citizen.fill("password_repeat", OWN_PASSWORD).await;
    citizen.press("password-submit").await;
    citizen.press("terms").await;
    citizen.press("privacy").await;
    citizen.press("accept-submit").await;
    assert_eq!(citizen.text("citizen-name").await, "Анна Павловна Соколова");
    citizen
        .open_page(&format!("{}/account/level", demo.issuer))
        .await;
    until(&citizen, "check-state", "совпало").await;
    citizen.open_page(&format!("{}/account", demo.issuer)).await;
    let level = citizen.text("account-level").await;
    assert!(level.starts_with("Подтверждённый"), "{level}");
    citizen.close().await;
    demo.stop().await;
}
