//! A forgotten password, replaced by the word of a bank or by a signature (C11).

use super::proving::anna;
use super::{in_by_password, link, registered, start, through};
use crate::factors::{add_app, give};
use crate::levels::become_standard;
use crate::recovery::{MAIL, told};
use crate::signature;
use crate::support::app::{ANNA, PASSWORD};
use crate::support::authority::Kind;
use crate::support::bank::TestBank;
use crate::support::steps::{NEW_PASSWORD, sign_in, signed_in};
use crate::support::{Browser, Page, TestApp};

/// Longer than a proof is fresh.
const A_WHILE: u64 = 3_600;

/// Links a bank to Anna's account.
async fn linked(app: &TestApp, bank: &TestBank, home: &Browser) {
    become_standard(app, home, &[]).await;
    bank.script(|script| script.client = anna());
    let page = link(home, bank).await;
    assert_eq!(page.url.path(), "/account/level", "{}", page.body);
}

/// Sets a new password where no current one is asked for.
async fn set(browser: &Browser) -> Page {
    let page = browser.get("/account/security").await;
    assert!(page.has("#password-vouched"), "{}", page.body);
    assert!(!page.has("#current_password"), "{}", page.body);
    let typed = [
        ("password", NEW_PASSWORD),
        ("password_repeat", NEW_PASSWORD),
    ];
    browser.submit(&page, "password-submit", &typed).await
}

/// The form is refused without the current password, whoever leaves it out.
async fn asks_for_the_current(app: &TestApp, browser: &Browser) {
    let page = browser.get("/account/security").await;
    assert!(page.has("#current_password"), "{}", page.body);
    let typed = [
        ("password", "Drugoy-Korabl-51!"),
        ("password_repeat", "Drugoy-Korabl-51!"),
    ];
    let page = browser.submit(&page, "password-submit", &typed).await;
    assert!(page.has("#current_password-problem"), "{}", page.body);
    in_by_password(&app.browser(), ANNA, NEW_PASSWORD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_lets_a_forgotten_password_be_replaced_for_a_short_while() {
    let (app, bank) = start("verified").await;
    let home = signed_in(&app, ANNA).await;
    linked(&app, &bank, &home).await;
    app.advance(A_WHILE).await;
    let elsewhere = signed_in(&app, ANNA).await;
    bank.script(|script| script.now = app.now());

    let browser = app.browser();
    let page = browser.get("/recover").await;
    assert!(page.has("#recover-vouched"), "{}", page.body);
    let page = bank.round(&browser, &page, "volga").await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let page = set(&browser).await;
    assert!(page.has(".notice-success"), "{}", page.body);
    // Every other session ends, and the owner is told.
    let page = elsewhere.get("/account").await;
    assert_eq!(page.url.path(), "/sign-in");
    assert_eq!(told(&app, MAIL, "пароль изменён").await.len(), 1);
    in_by_password(&app.browser(), ANNA, NEW_PASSWORD).await;
    app.advance(800).await;
    asks_for_the_current(&app, &browser).await;
    // A session of the password is nobody's word.
    let own = app.browser();
    in_by_password(&own, ANNA, NEW_PASSWORD).await;
    asks_for_the_current(&app, &own).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_a_bank_does_not_stand_in_for_the_second_factor() {
    let (app, bank) = start("verified").await;
    let home = signed_in(&app, ANNA).await;
    linked(&app, &bank, &home).await;
    let phone = add_app(&app, &home).await;
    app.advance(A_WHILE).await;
    bank.script(|script| script.now = app.now());

    let browser = app.browser();
    let page = through(&browser, &bank, "/recover").await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    let inside = browser.get("/account/security").await;
    assert_eq!(inside.url.path(), "/sign-in");
    give(&browser, &page, "000000").await;
    let page = give(&browser, &page, &phone.code(&app)).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let page = set(&browser).await;
    assert!(page.has(".notice-success"), "{}", page.body);
    // The factor is still asked for.
    app.advance(30).await;
    let page = sign_in(&app.browser(), ANNA, NEW_PASSWORD).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    app.end().await;
}

/// Confirms a code to the phone as a second factor.
async fn add_sms(app: &TestApp, browser: &Browser, phone: &str) {
    let page = browser.get("/account/factors/sms").await;
    let page = browser.submit(&page, "factor-send", &[]).await;
    let code = app.last_code(phone).await;
    let typed = [("code", code.as_str())];
    let page = browser.submit(&page, "factor-confirm", &typed).await;
    assert_eq!(page.url.path(), "/account/factors", "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_a_sim_card_that_opens_the_bank_sets_no_password() {
    let (app, bank) = start("verified").await;
    let home = signed_in(&app, ANNA).await;
    linked(&app, &bank, &home).await;
    add_sms(&app, &home, ANNA).await;
    app.advance(A_WHILE).await;
    bank.script(|script| script.now = app.now());
    let thief = app.browser();
    let page = through(&thief, &bank, "/recover").await;
    let page = thief.submit(&page, "second-send", &[]).await;
    let page = give(&thief, &page, &app.last_code(ANNA).await).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let page = thief.get("/account/security").await;
    assert!(page.has("#current_password"), "{}", page.body);
    // Nor anything else that is critical.
    let page = thief.get("/account/factors").await;
    let remove = page.attribute("button[id^=remove-]", "id").unwrap();
    let page = thief.submit(&page, &remove, &[]).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_password_and_no_device_but_the_phone_is_not_led_in_circles() {
    const PHONE: &str = "+79005550301";
    let (app, bank) = start("verified").await;
    let home = registered(&app, &bank).await;
    add_sms(&app, &home, PHONE).await;
    app.advance(A_WHILE).await;
    bank.script(|script| script.now = app.now());
    let browser = app.browser();
    let page = through(&browser, &bank, "/sign-in").await;
    let page = browser.submit(&page, "second-send", &[]).await;
    let page = give(&browser, &page, &app.last_code(PHONE).await).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let page = browser.get("/account/security").await;
    let typed = [
        ("password", NEW_PASSWORD),
        ("password_repeat", NEW_PASSWORD),
    ];
    let page = browser.submit(&page, "password-submit", &typed).await;
    assert!(page.has(".notice-success"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_49_a_bank_that_does_not_say_when_is_no_fresh_proof() {
    let (app, bank) = start("verified").await;
    let home = signed_in(&app, ANNA).await;
    linked(&app, &bank, &home).await;
    app.advance(A_WHILE).await;
    bank.script(|script| {
        script.now = app.now();
        script.id_token = serde_json::json!({ "auth_time": null });
    });
    // A computer of several people where the bank remembers its client.
    let browser = app.browser();
    let page = through(&browser, &bank, "/sign-in").await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let page = browser.get("/account/security").await;
    assert!(page.has("#current_password"), "{}", page.body);
    // The way of who has forgotten it asks the bank for a sign-in of this moment.
    let page = through(&app.browser(), &bank, "/recover").await;
    let title = page.text("#refused-title");
    assert_eq!(title.as_deref(), Some("Ответ банка не принят"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_device_asks_for_the_factor_when_the_password_is_forgotten() {
    let (app, bank) = start("verified").await;
    let home = signed_in(&app, ANNA).await;
    linked(&app, &bank, &home).await;
    let phone = add_app(&app, &home).await;
    let page = home.get("/sign-out").await;
    home.submit(&page, "logout-confirm", &[]).await;
    let page = sign_in(&home, ANNA, PASSWORD).await;
    let typed = [("code", &*phone.code(&app)), ("trust", "yes")];
    let page = home.submit(&page, "second-submit", &typed).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let page = home.get("/sign-out").await;
    home.submit(&page, "logout-confirm", &[]).await;
    app.advance(A_WHILE).await;
    bank.script(|script| script.now = app.now());
    let page = through(&home, &bank, "/sign-in").await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let page = home.get("/account/security").await;
    assert!(page.has("#current_password"), "{}", page.body);
    let page = through(&home, &bank, "/recover").await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    give(&home, &page, &phone.code(&app)).await;
    let page = set(&home).await;
    assert!(page.has(".notice-success"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_lets_a_forgotten_password_be_replaced() {
    let (app, authority) = signature::trusting(Kind::Rsa).await;
    let home = signature::standard(&app).await;
    let page = signature::begin(&home, "/account/level").await;
    let text = signature::text(&home, &page).await;
    let page = signature::send(&home, &page, authority.anna().sign(&text)).await;
    home.submit(&page, "assertion-prove", &[]).await;

    let browser = app.browser();
    let page = signature::begin(&browser, "/recover").await;
    let text = signature::text(&browser, &page).await;
    let page = signature::send(&browser, &page, authority.anna().sign(&text)).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let page = set(&browser).await;
    assert!(page.has(".notice-success"), "{}", page.body);
    in_by_password(&app.browser(), ANNA, NEW_PASSWORD).await;
    app.end().await;
}
