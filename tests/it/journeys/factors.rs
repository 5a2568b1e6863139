//! Second factors in a real browser: a passkey of Chromium's own authenticator,
//! an app, and a backup code when the phone is lost.

use super::chromium::Chromium;
use super::demonstration::Demonstration;
use super::levels::{sign_in, until};
use crate::factors::App;

const ANNA: &str = "+79005550101";

pub async fn sign_out(browser: &Chromium, issuer: &str) {
    browser.open_page(&format!("{issuer}/sign-out")).await;
    browser.press("logout-confirm").await;
}

/// Makes a key in the cabinet.
pub async fn add_key(browser: &Chromium, issuer: &str) {
    browser
        .open_page(&format!("{issuer}/account/factors"))
        .await;
    browser.press("add-key").await;
    browser.fill("name", "Ноутбук").await;
    browser.press("key").await;
    browser.find("factors").await;
    assert!(browser.text("factors").await.contains("Ноутбук"));
}

#[tokio::test]
async fn journey_a_passkey_is_made_and_signs_in_without_a_name() {
    let demo = Demonstration::start().await;
    let citizen = Chromium::open(390, "ru").await;
    citizen.add_authenticator("internal").await;
    citizen
        .open_page(&format!("{}/account/security", demo.issuer))
        .await;
    sign_in(&citizen, ANNA).await;
    citizen.press("factors-open").await;
    add_key(&citizen, &demo.issuer).await;
    sign_out(&citizen, &demo.issuer).await;

    // By the key alone, on the way to a portal.
    citizen.open_page(&demo.portals[0]).await;
    citizen.press("login").await;
    // Its authenticator takes up the offer in the field for the name at once.
    citizen.press("consent-allow").await;
    assert_eq!(citizen.text("person-name").await, "Анна Павловна Соколова");

    // As the second factor, after the password.
    sign_out(&citizen, &demo.issuer).await;
    let other = Chromium::open(1280, "ru").await;
    other.open_page(&format!("{}/account", demo.issuer)).await;
    sign_in(&other, ANNA).await;
    let asked = other.text("second-about").await;
    assert!(asked.contains("ключом"), "{asked}");
    other.close().await;
    citizen.close().await;
    demo.stop().await;
}

#[tokio::test]
async fn journey_a_security_key_is_the_second_factor() {
    let demo = Demonstration::start().await;
    let citizen = Chromium::open(1280, "ru").await;
    citizen.add_authenticator("usb").await;
    citizen
        .open_page(&format!("{}/account/security", demo.issuer))
        .await;
    sign_in(&citizen, ANNA).await;
    citizen.find("factors-open").await;
    add_key(&citizen, &demo.issuer).await;
    sign_out(&citizen, &demo.issuer).await;
    citizen
        .open_page(&format!("{}/account/history", demo.issuer))
        .await;
    sign_in(&citizen, ANNA).await;
    citizen.press("code").await;
    until(&citizen, "main", "ключ доступа").await;
    citizen.close().await;
    demo.stop().await;
}

#[tokio::test]
async fn journey_an_app_and_a_backup_code_when_the_phone_is_lost() {
    let demo = Demonstration::start().await;
    let citizen = Chromium::open(390, "ru").await;
    citizen
        .open_page(&format!("{}/account/factors", demo.issuer))
        .await;
    sign_in(&citizen, ANNA).await;
    citizen.press("add-totp").await;
    let key: String = citizen.text("app-secret").await.split(' ').collect();
    let phone = App::with(&key);
    citizen.fill("name", "Телефон").await;
    citizen.fill("code", "000000").await;
    citizen.press("app-confirm").await;
    citizen.find("code-problem").await;
    citizen.fill("code", &phone.code_now()).await;
    citizen.press("app-confirm").await;
    citizen.press("backups-make").await;
    let codes = citizen.text("backup-codes").await;
    let code = codes.lines().next().unwrap().to_owned();
    citizen.press("backups-kept").await;
    sign_out(&citizen, &demo.issuer).await;

    // The phone is lost: a code from the list, and the app is replaced.
    let new = Chromium::open(390, "ru").await;
    new.open_page(&format!("{}/account/factors", demo.issuer))
        .await;
    sign_in(&new, ANNA).await;
    new.find("second-submit").await;
    new.driver
        .find(thirtyfour::By::PartialLinkText("Запасной код"))
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
    new.fill("code", &code).await;
    new.press("second-submit").await;
    until(&new, "backups-left", "9").await;
    new.driver
        .find(thirtyfour::By::Css("button[id^=remove-]"))
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
    new.find("additions").await;
    assert!(!new.has("factors").await, "the lost app is gone");
    new.close().await;
    citizen.close().await;
    demo.stop().await;
}

/// A thief with the password makes an app of their own a factor; the owner
/// presses "it was not me" in the mail, and comes back without it.
#[tokio::test]
async fn journey_not_me_undoes_a_thiefs_new_factor() {
    let demo = Demonstration::start().await;
    let thief = Chromium::open(1280, "ru").await;
    thief
        .open_page(&format!("{}/account/factors", demo.issuer))
        .await;
    sign_in(&thief, ANNA).await;
    thief.press("add-totp").await;
    let key: String = thief.text("app-secret").await.split(' ').collect();
    thief.fill("name", "Чужой телефон").await;
    thief.fill("code", &App::with(&key).code_now()).await;
    thief.press("app-confirm").await;
    thief.find("backups-make").await;

    let owner = Chromium::open(390, "ru").await;
    owner
        .open_page(&format!("{}/demo/messages", demo.issuer))
        .await;
    let messages = owner.words().await;
    let start = messages
        .find("/not-me?ticket=")
        .expect("the mail has the link");
    let path: String = messages[start..]
        .chars()
        .take_while(|sign| !sign.is_whitespace())
        .collect();
    owner.open_page(&format!("{}{path}", demo.issuer)).await;
    owner.press("not-me-confirm").await;
    assert!(owner.text("not-me-did").await.contains("убран 1"));

    thief
        .open_page(&format!("{}/account/factors", demo.issuer))
        .await;
    thief.find("login-submit").await;
    owner.press("not-me-sign-in").await;
    sign_in(&owner, ANNA).await;
    owner.press("second-send").await;
    let here = owner.driver.current_url().await.unwrap();
    owner
        .open_page(&format!("{}/demo/messages", demo.issuer))
        .await;
    let code = owner.text_of_class("message-code").await;
    owner.open_page(here.as_str()).await;
    owner.fill("code", &code).await;
    owner.press("second-submit").await;
    owner.find("renew-exposed").await;
    owner.fill("password", "Korabl-Plyvet-48!").await;
    owner.fill("password_repeat", "Korabl-Plyvet-48!").await;
    owner.press("password-submit").await;
    owner
        .open_page(&format!("{}/account/factors", demo.issuer))
        .await;
    owner.find("additions").await;
    assert!(!owner.has("factors").await, "the thief's app is gone");
    owner.close().await;
    thief.close().await;
    demo.stop().await;
}
