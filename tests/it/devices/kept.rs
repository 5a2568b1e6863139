//! Rights stay with a device, whatever happens to the password.

use super::{LOOKS, give, is_done, is_refused, phone, rename, rights, start};
use crate::recovery::{MAIL, ask, set, show};
use crate::sign_in_ways::qr::shown;
use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::{NEW_PASSWORD, sign_in};
use crate::support::{Browser, TestApp};

async fn change_password(browser: &Browser) {
    let page = browser.get("/account/security").await;
    let typed = [
        ("current_password", PASSWORD),
        ("password", NEW_PASSWORD),
        ("password_repeat", NEW_PASSWORD),
    ];
    let page = browser.submit(&page, "password-submit", &typed).await;
    is_done(&page);
}

/// Signs in once more in the browser that was limited.
async fn again(app: &TestApp, phone: &Browser, password: &str) {
    assert_eq!(phone.get("/account").await.url.path(), "/sign-in");
    let page = sign_in(phone, ANNA, password).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    is_refused(&rename(phone).await, LOOKS);
    app.deliver().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_gives_no_device_more_rights() {
    let (app, home, phone) = start().await;
    is_done(&give(&home, "iPhone", "view").await);
    change_password(&home).await;
    // It is unknown as the others are: told of anew, once.
    again(&app, &phone, NEW_PASSWORD).await;
    let page = home.get("/account/security").await;
    assert_eq!(page.texts(".device").len(), 2, "{}", page.body);
    assert_eq!(page.text(".device-limited").as_deref(), Some(LOOKS));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_gives_no_device_more_rights() {
    let (app, home, phone) = start().await;
    is_done(&give(&home, "iPhone", "view").await);
    app.advance(60).await;
    let elsewhere = app.browser();
    let page = ask(&elsewhere, MAIL).await;
    let page = show(&app, &elsewhere, &page, MAIL).await;
    let page = set(&elsewhere, &page, NEW_PASSWORD).await;
    assert_eq!(page.status, 200, "{}", page.body);
    again(&app, &phone, NEW_PASSWORD).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_16_who_is_let_in_by_a_limited_device_is_no_better_than_it() {
    let (app, home, phone) = start().await;
    is_done(&give(&home, "iPhone", "confirm").await);
    let desk = app.browser();
    let page = desk.get("/sign-in").await;
    let waiting = desk.submit(&page, "sign-in-qr", &[]).await;
    let (link, number) = shown(&waiting);
    let page = phone.get(&link).await;
    let page = phone.submit(&page, &format!("number-{number}"), &[]).await;
    assert!(page.has("#approve-agreed"), "{}", page.body);
    let page = desk.get(waiting.url.as_str()).await;
    let page = desk.submit(&page, "qr-enter", &[]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    is_refused(&rename(&desk).await, "нельзя ничего менять");
    // From home it would have been another matter.
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_takes_a_change_of_rights_back() {
    let (app, home, _) = start().await;
    is_done(&give(&home, "iPhone", "view").await);
    app.advance(60).await;
    // A thief at a third device makes the phone theirs.
    let thief = app.browser().with_header("user-agent", "thief");
    sign_in(&thief, ANNA, PASSWORD).await;
    is_done(&give(&thief, "iPhone", "full").await);
    let link = crate::recovery::link(&app, MAIL, "права устройства").await;
    let owner = app.browser();
    let page = owner.get(&link).await;
    assert!(
        page.body.contains("Изменены права устройства"),
        "{}",
        page.body
    );
    let page = owner.submit(&page, "not-me-confirm", &[]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(thief.get("/account").await.url.path(), "/sign-in");
    assert_eq!(rights(&app).await, ["full", "view"]);
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_known_keeps_its_rights_at_the_next_sign_in() {
    let (app, home, first) = start().await;
    is_done(&give(&home, "iPhone", "view").await);
    let out = first.get("/sign-out").await;
    first.submit(&out, "logout-confirm", &[]).await;
    let page = sign_in(&first, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    is_refused(&rename(&first).await, LOOKS);
    // Another phone of the same make is another device.
    let second = phone(&app, ANNA).await;
    assert_eq!(rename(&second).await.status, 200);
    app.deliver().await;
    app.end().await;
}
