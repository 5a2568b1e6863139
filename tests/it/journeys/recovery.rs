//! Everything is lost: the phone with its app, then the password as well; a
//! backup code helps, or somebody who is trusted.

use thirtyfour::By;

use super::accessibility::look_at;
use super::chromium::Chromium;
use super::demonstration::Demonstration;
use super::levels::{send, sign_in, until};
use crate::factors::App;

const ANNA: &str = "+79005550101";
const TIMUR: &str = "+79005550102";
const NEW_PASSWORD: &str = "Korabl-Plyvet-48!";

/// The newest code that was sent; the browser is back where it was.
async fn sent_code(browser: &Chromium, demo: &Demonstration) -> String {
    let here = browser.driver.current_url().await.unwrap();
    browser
        .open_page(&format!("{}/demo/messages", demo.issuer))
        .await;
    let code = browser.text_of_class("message-code").await;
    browser.open_page(here.as_str()).await;
    code
}

/// Adds an app, and gives it with the first backup codes.
async fn add_app(browser: &Chromium, demo: &Demonstration) -> (App, Vec<String>) {
    browser
        .open_page(&format!("{}/account/factors", demo.issuer))
        .await;
    browser.press("add-totp").await;
    let key: String = browser.text("app-secret").await.split(' ').collect();
    let phone = App::with(&key);
    browser.fill("name", "Телефон").await;
    browser.fill("code", &phone.code_now()).await;
    browser.press("app-confirm").await;
    browser.press("backups-make").await;
    let codes = browser.text("backup-codes").await;
    browser.press("backups-kept").await;
    (phone, codes.lines().map(str::to_owned).collect())
}

/// Types who it is and the code that came.
async fn ask(browser: &Chromium, demo: &Demonstration, who: &str) {
    browser.open_page(&format!("{}/sign-in", demo.issuer)).await;
    browser.press("recover-link").await;
    browser.fill("username", who).await;
    browser.press("recover-submit").await;
    let code = sent_code(browser, demo).await;
    browser.fill("code", &code).await;
    browser.press("code-submit").await;
}

/// Sets the new password and signs in with it.
async fn set_password(browser: &Chromium) {
    browser.fill("password", NEW_PASSWORD).await;
    browser.fill("password_repeat", NEW_PASSWORD).await;
    browser.press("password-submit").await;
    browser.find("sign-in-recovered").await;
    browser.fill("username", ANNA).await;
    browser.fill("password", NEW_PASSWORD).await;
    browser.press("login-submit").await;
}

async fn by_backup_code(browser: &Chromium, code: &str) {
    browser.find("second-submit").await;
    let link = browser
        .driver
        .find(By::PartialLinkText("Запасной код"))
        .await;
    link.unwrap().click().await.unwrap();
    browser.fill("code", code).await;
    browser.press("second-submit").await;
}

#[tokio::test]
async fn journey_recovery_lost_phone_then_replacement() {
    let demo = Demonstration::start().await;
    let citizen = Chromium::open(390, "ru").await;
    citizen
        .open_page(&format!("{}/account/factors", demo.issuer))
        .await;
    sign_in(&citizen, ANNA).await;
    let (_, codes) = add_app(&citizen, &demo).await;

    // The phone is lost and the password forgotten; another device is at hand.
    let new = Chromium::open(390, "ru").await;
    ask(&new, &demo, "112-233-445 95").await;
    new.press("recover-factor").await;
    by_backup_code(&new, &codes[0]).await;
    set_password(&new).await;
    by_backup_code(&new, &codes[1]).await;
    new.find("citizen-name").await;
    // The browser that was left behind is signed out.
    citizen.open_page(&format!("{}/account", demo.issuer)).await;
    citizen.find("login-submit").await;

    // The lost app goes, another one comes, and is asked for.
    new.open_page(&format!("{}/account/factors", demo.issuer))
        .await;
    new.press_first("button[id^=remove-]").await;
    let (phone, _) = add_app(&new, &demo).await;
    citizen.fill("username", ANNA).await;
    citizen.fill("password", NEW_PASSWORD).await;
    citizen.press("login-submit").await;
    // The code of the moment was used to add it.
    let used = phone.code_now();
    while phone.code_now() == used {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    citizen.fill("code", &phone.code_now()).await;
    citizen.press("second-submit").await;
    citizen.find("citizen-name").await;
    new.close().await;
    citizen.close().await;
    demo.stop().await;
}

/// Sends data, and has them seen at the desk.
async fn become_verified(browser: &Chromium, demo: &Demonstration, data: &[(&str, &str)]) {
    browser
        .open_page(&format!("{}/account/level/data", demo.issuer))
        .await;
    send(browser, data).await;
    until(browser, "check-state", "совпало").await;
    browser.press("centre-request").await;
    let number = browser.text("centre-number").await;
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
}

#[tokio::test]
async fn journey_recovery_by_a_trusted_contact() {
    let demo = Demonstration::start().await;
    let anna = Chromium::open(390, "ru").await;
    anna.open_page(&format!("{}/account/security", demo.issuer))
        .await;
    sign_in(&anna, ANNA).await;
    become_verified(&anna, &demo, &[]).await;
    let timur = Chromium::open(1280, "ru").await;
    timur
        .open_page(&format!("{}/account/security", demo.issuer))
        .await;
    sign_in(&timur, TIMUR).await;
    become_verified(&timur, &demo, &crate::recovery::trusted::HIS).await;

    anna.open_page(&format!("{}/account/security", demo.issuer))
        .await;
    anna.press("trusted-open").await;
    anna.fill("contact", TIMUR).await;
    anna.press("trusted-invite").await;
    anna.find("trusted-end").await;
    timur
        .open_page(&format!("{}/account/security", demo.issuer))
        .await;
    timur.press("trusting-open").await;
    timur.press("trusting-agree").await;
    until(&timur, "trusting", "Согласие дано").await;
    add_app(&anna, &demo).await;

    // Everything is lost.
    let new = Chromium::open(390, "ru").await;
    ask(&new, &demo, "anna.sokolova@example.ru").await;
    look_at(&new, "/recover/more").await;
    new.press("recover-trusted").await;
    let number = new.text("recover-number").await;
    look_at(&new, "/recover/more, asked").await;
    let code = sent_code(&timur, &demo).await;
    timur
        .open_page(&format!("{}/account/trusted", demo.issuer))
        .await;
    let words = timur.words().await;
    assert!(
        words.contains("Анна С.") && words.contains(&number),
        "{words}"
    );
    look_at(&timur, "/account/trusted, asked").await;
    timur.fill("code", &code).await;
    timur.press("vouch-confirm").await;
    timur.find("trusting").await;
    // Her page goes on by itself.
    new.find("password_repeat").await;
    look_at(&new, "/recover/password").await;
    set_password(&new).await;
    new.find("citizen-name").await;
    for browser in [new, timur, anna] {
        browser.close().await;
    }
    demo.stop().await;
}
