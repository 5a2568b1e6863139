//! What the owner reads of an unusual sign-in.

use super::{AWAY, HOME, anna_at, at, messages, start};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::sign_in;

#[tokio::test]
async fn a_new_country_is_told_with_its_reasons() {
    let app = start(|_, _| ()).await;
    let (_, page) = anna_at(&app, HOME).await;
    assert_eq!(page.url.path(), "/account");
    // The first sign-in of an account is compared with nothing.
    assert_eq!(messages(&app, "Необычно").await, 0);
    let of_devices = messages(&app, "нового устройства").await;
    app.advance(24 * 3600).await;
    let (away, page) = anna_at(&app, AWAY).await;
    assert_eq!(
        (page.status, page.url.path()),
        (200, "/account"),
        "{}",
        page.body
    );
    assert_eq!(messages(&app, "новая страна, новая сеть").await, 1);
    // One message tells both that the device is new and what is unusual.
    assert_eq!(messages(&app, "нового устройства").await, of_devices);

    let history = away.get("/account/history").await;
    for said in ["Новая страна: Бразилия", "Новая сеть: 203.0.0.0/16"] {
        assert!(history.body.contains(said), "{said}: {}", history.body);
    }
    assert!(
        !history.body.contains("переезд"),
        "a day is enough for the way"
    );
    let notices = away.get("/account/notices").await;
    assert!(notices.body.contains("новая страна"), "{}", notices.body);
    let csv = away.get("/account/history.csv").await;
    assert!(csv.body.contains("Новая страна: Бразилия"), "{}", csv.body);

    // Another time it is no news.
    let (_, page) = anna_at(&app, AWAY).await;
    assert_eq!(page.url.path(), "/account");
    assert_eq!(messages(&app, "новая страна").await, 1);
    app.end().await;
}

#[tokio::test]
async fn a_rule_that_is_off_says_nothing() {
    let app = start(|risk, _| {
        risk["rules"] = serde_json::json!({ "new_country": "off", "new_network": 0 });
    })
    .await;
    anna_at(&app, HOME).await;
    app.advance(24 * 3600).await;
    let (away, page) = anna_at(&app, AWAY).await;
    assert_eq!(page.url.path(), "/account");
    let history = away.get("/account/history").await;
    assert!(!history.body.contains("Новая страна"), "{}", history.body);
    assert!(history.body.contains("Новая сеть"), "{}", history.body);
    assert_eq!(messages(&app, "Необычно").await, 0);
    app.end().await;
}

#[tokio::test]
async fn a_known_browser_is_told_of_and_never_shut_out() {
    let app = start(|risk, folder| {
        let list = folder.join("bad.txt");
        std::fs::write(&list, "203.0.113.0/24\n").unwrap();
        risk["bad_addresses"] = serde_json::json!(list);
    })
    .await;
    let browser = app.browser();
    sign_in(&at(&browser, HOME), ANNA, PASSWORD).await;
    // Its session ends by time-out, the browser stays known.
    app.advance(3600).await;
    let page = sign_in(&at(&browser, AWAY), ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    assert!(!page.body.contains("/account/restricted"), "{}", page.body);
    assert_eq!(messages(&app, "слишком быстрый переезд").await, 1);
    app.end().await;
}
