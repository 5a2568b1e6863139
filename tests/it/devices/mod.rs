//! The devices of a citizen, and what may be done from each (requirement D3).

mod attacks;
mod doors;
mod kept;

use crate::recovery::{MAIL, told};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::{sign_in, signed_in};
use crate::support::{Browser, Page, TestApp};

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 \
                     (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1";

/// A phone in which somebody is signed in.
async fn phone(app: &TestApp, person: &str) -> Browser {
    let phone = app.browser().with_header("user-agent", PHONE);
    let page = sign_in(&phone, person, PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    phone
}

/// Anna at home, and her phone.
async fn start() -> (TestApp, Browser, Browser) {
    let app = TestApp::start().await;
    app.advance(60).await;
    let home = signed_in(&app, ANNA).await;
    let phone = phone(&app, ANNA).await;
    (app, home, phone)
}

/// Where a device stands in the list that a browser is shown, by its name.
fn place(page: &Page, name: &str) -> usize {
    let devices = page.texts(".device .item-head strong");
    let found = devices.iter().position(|device| device.contains(name));
    found.unwrap_or_else(|| panic!("no {name} in {devices:?}")) + 1
}

/// Gives a device other rights: ends wherever that leads.
async fn give(by: &Browser, name: &str, rights: &str) -> Page {
    let page = by.get("/account/security").await;
    let button = format!("rights-save-{}", place(&page, name));
    by.submit(&page, &button, &[("rights", rights)]).await
}

/// The rights of Anna's devices, in alphabetical order.
async fn rights(app: &TestApp) -> Vec<String> {
    let anna = app.app.accounts.find_by_login(ANNA).await.unwrap().unwrap();
    let devices = app.app.storage.devices_of(&anna, 9).await.unwrap();
    let mut rights: Vec<String> = devices.into_iter().map(|device| device.rights).collect();
    rights.sort();
    rights
}

#[track_caller]
fn is_done(page: &Page) {
    let done = page.url.query().unwrap_or_default().contains("done=");
    assert!(done && page.has(".notice-success"), "{}", page.body);
}

/// Refused in words, with where the rights are changed.
#[track_caller]
fn is_refused(page: &Page, title: &str) {
    assert_eq!(page.status, 403, "{} {}", page.url, page.body);
    assert!(page.text("#error-title").unwrap().contains(title));
    let next = page.attribute("#error-next", "href").unwrap();
    assert_eq!(next, "/account/security#sessions");
}

const LOOKS: &str = "только смотреть";

/// Tries to change the name.
async fn rename(browser: &Browser) -> Page {
    let page = browser.get("/account/profile/edit").await;
    browser
        .submit(&page, "profile-save", &[("given_name", "Инна")])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_are_listed_with_what_is_open_there() {
    let (app, home, phone) = start().await;
    let page = home.get("/account/security").await;
    assert_eq!(page.texts(".device").len(), 2);
    let first = page.text("#device-1").unwrap();
    assert!(first.starts_with("Компьютер: Firefox 140, Linux это устройство"));
    let second = page.text("#device-2").unwrap();
    assert!(second.starts_with("Телефон: Safari 18, iPhone"), "{second}");
    assert!(second.contains("последнее действие:") && second.contains("127.0.0.1"));
    // This one is neither ended nor forgotten from here.
    assert!(page.has("#device-forget-2") && !page.has("#device-forget-1"));
    // Signed out, a device stays known.
    let out = phone.get("/sign-out").await;
    phone.submit(&out, "logout-confirm", &[]).await;
    let page = home.get("/account/security").await;
    assert!(page.text("#device-2").unwrap().contains("никто не вошёл"));
    assert!(!page.has("#device-end-2"));
    // A second wrong password too many closes the phone.
    for _ in 0..20 {
        sign_in(&phone, ANNA, "Wrong-Password-1").await;
    }
    let page = home.get("/account/security").await;
    assert!(page.has("#device-2 .device-locked"), "{}", page.body);
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_takes_rights_from_a_phone_and_gives_them_back() {
    let (app, home, phone) = start().await;
    let page = give(&home, "iPhone", "view").await;
    is_done(&page);
    assert_eq!(page.text(".device-limited").as_deref(), Some(LOOKS));
    is_refused(&rename(&phone).await, LOOKS);
    // It may look, and both books and the owner know.
    assert_eq!(phone.get("/account/profile").await.status, 200);
    let journal = home.get("/account/journal").await;
    assert!(
        journal.body.contains("Изменены права устройства")
            && journal.body.contains("Safari 18, iPhone: только смотреть"),
        "{}",
        journal.body
    );
    assert_eq!(told(&app, MAIL, "права устройства").await.len(), 1);
    // Approving is not changing.
    is_done(&give(&home, "iPhone", "confirm").await);
    is_refused(&rename(&phone).await, "нельзя ничего менять");
    is_done(&give(&home, "iPhone", "full").await);
    assert_eq!(rename(&phone).await.status, 200);
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_a_device_end_and_a_forgotten_one_is_new() {
    let (app, home, phone) = start().await;
    let page = home.get("/account/security").await;
    let page = home.submit(&page, "device-end-2", &[]).await;
    is_done(&page);
    assert_eq!(phone.get("/account").await.url.path(), "/sign-in");
    assert_eq!(page.texts(".device").len(), 2);
    sign_in(&phone, ANNA, PASSWORD).await;
    is_done(&give(&home, "iPhone", "view").await);
    let page = home.get("/account/security").await;
    let page = home.submit(&page, "device-forget-2", &[]).await;
    is_done(&page);
    assert_eq!(page.texts(".device").len(), 1);
    assert_eq!(phone.get("/account").await.url.path(), "/sign-in");
    assert_eq!(told(&app, MAIL, "устройство забыто").await.len(), 1);
    // Whoever signs in there shows who they are, and begins with all rights.
    sign_in(&phone, ANNA, PASSWORD).await;
    assert_eq!(rename(&phone).await.status, 200);
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_device_with_all_rights_is_asked_about() {
    let app = TestApp::start().await;
    let home = signed_in(&app, ANNA).await;
    let page = give(&home, "Firefox", "view").await;
    assert!(page.has("#last-full"), "{}", page.body);
    // Nothing has changed yet.
    assert!(!home.get("/account/security").await.has(".device-limited"));
    is_done(&home.submit(&page, "last-full-confirm", &[]).await);
    is_refused(&rename(&home).await, LOOKS);
    is_refused(&give(&home, "Firefox", "full").await, LOOKS);
    // The way back: a new device.
    let phone = phone(&app, ANNA).await;
    is_done(&give(&phone, "Firefox", "full").await);
    assert_eq!(rename(&home).await.status, 200);
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copy_of_everything_names_devices_with_their_rights() {
    let (app, home, _phone) = start().await;
    is_done(&give(&home, "iPhone", "confirm").await);
    let all = crate::erasure::export::json(&home).await;
    let devices = all["devices"].as_array().unwrap();
    let phone = devices
        .iter()
        .find(|device| device["os"] == "iPhone")
        .unwrap();
    assert_eq!(
        (&phone["rights"], &phone["device"]),
        (&"confirm".into(), &"phone".into())
    );
    app.deliver().await;
    app.end().await;
}
