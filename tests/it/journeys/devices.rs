//! A phone that may only look.

use super::accessibility::look_at;
use super::chromium::Chromium;
use super::demonstration::Demonstration;
use super::levels::sign_in;
use crate::support::app::ANNA;

/// Gives the device at a place in the list other rights.
async fn give(browser: &Chromium, issuer: &str, place: usize, rights: &str) {
    let page = format!("{issuer}/account/security");
    browser.open_page(&page).await;
    browser.press(&format!("device-open-{place}")).await;
    let option = format!("#rights-{place} option[value='{rights}']");
    browser.press_first(&option).await;
    browser.press(&format!("rights-save-{place}")).await;
}

async fn rename(browser: &Chromium, issuer: &str, name: &str) {
    let page = format!("{issuer}/account/profile/edit");
    browser.open_page(&page).await;
    browser.fill("given_name", name).await;
    browser.press("profile-save").await;
}

#[tokio::test]
async fn journey_a_phone_that_may_only_look_changes_nothing() {
    let demo = Demonstration::start().await;
    let account = format!("{}/account", demo.issuer);
    let owner = Chromium::open(1280, "ru").await;
    owner.open_page(&account).await;
    sign_in(&owner, ANNA).await;
    owner.find("citizen-name").await;
    // The only device there is, is asked about.
    give(&owner, &demo.issuer, 1, "view").await;
    owner.find("last-full").await;
    look_at(&owner, "last device").await;

    let phone = Chromium::open(390, "ru").await;
    phone.open_page(&account).await;
    sign_in(&phone, ANNA).await;
    phone.find("citizen-name").await;
    give(&owner, &demo.issuer, 2, "view").await;
    let limited = owner.text_of_class("device-limited").await;
    assert_eq!(limited, "только смотреть");
    owner.press("device-open-2").await;
    look_at(&owner, "devices").await;

    rename(&phone, &demo.issuer, "Инна").await;
    assert!(phone.text("error-title").await.contains("только смотреть"));
    look_at(&phone, "only looking").await;
    phone.press("error-next").await;
    phone.find("device-1").await;
    look_at(&phone, "devices on a phone").await;

    give(&owner, &demo.issuer, 2, "full").await;
    rename(&phone, &demo.issuer, "Инна").await;
    phone.open_page(&account).await;
    assert!(phone.text("citizen-name").await.contains("Инна"));
    phone.close().await;
    owner.close().await;
    demo.stop().await;
}
