//! Notices in a browser: the page's own script subscribes it, and its worker
//! shows what is sent. Headless Chromium has no push service, so the test makes
//! the subscription and hands the message over.

use serde_json::{Value, json};

use super::accessibility::look_at;
use super::chromium::Chromium;
use super::demonstration::Demonstration;
use super::levels::sign_in;

/// In the place of the service's part of the browser; with the keys of RFC 8291 §5.
const SERVICE: &str = r#"
    const bytes = (text) => Uint8Array.from(
      atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0)).buffer;
    const keys = {
      p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
      auth: "BTBZMqHH6r4Tts7J_aSIgg",
    };
    PushManager.prototype.getSubscription = async () => null;
    PushManager.prototype.subscribe = async (options) => {
      if (!options.userVisibleOnly || options.applicationServerKey.length !== 65) throw new Error();
      return {
        endpoint: "https://fcm.googleapis.com/fcm/send/journey",
        getKey: (name) => bytes(keys[name]),
      };
    };"#;

#[tokio::test]
async fn journey_a_browser_is_subscribed_and_shows_what_it_is_sent() {
    let demo = Demonstration::start().await;
    let citizen = Chromium::open(390, "ru").await;
    let allowed = json!({ "origin": demo.issuer, "permissions": ["notifications"] });
    citizen.tools("Browser.grantPermissions", allowed).await;
    citizen
        .open_page(&format!("{}/account/notices/settings", demo.issuer))
        .await;
    sign_in(&citizen, "+79005550101").await;
    citizen.press("notices-browsers").await;
    look_at(&citizen, "/account/notices/browsers").await;
    citizen.driver.execute(SERVICE, vec![]).await.unwrap();
    citizen.press("push-on").await;
    citizen.find("browser-remove-1").await;
    let list = citizen.text("browsers").await;
    assert!(list.contains("этот браузер"), "{list}");
    look_at(&citizen, "/account/notices/browsers, with one").await;

    // What it is sent by the service: here, by the browser's own tools.
    citizen.tools("ServiceWorker.enable", json!({})).await;
    let words = json!({
        "title": "Вход с нового устройства", "text": "Firefox, Linux",
        "url": format!("{}/account/security", demo.issuer), "category": "security",
    });
    // The profile is fresh: its one registration has one of the first numbers.
    for number in 0..10 {
        let message = json!({
            "origin": demo.issuer, "registrationId": number.to_string(), "data": words.to_string(),
        });
        citizen
            .tools("ServiceWorker.deliverPushMessage", message)
            .await;
    }
    let shown = r#"
        const done = arguments[arguments.length - 1];
        const look = async (left) => {
          const worker = await navigator.serviceWorker.ready;
          const shown = await worker.getNotifications();
          if (!shown.length && left) return setTimeout(() => look(left - 1), 100);
          done(shown.map((one) => [one.title, one.body, one.data.url]));
        };
        look(100);"#;
    let shown = citizen.driver.execute_async(shown, vec![]).await.unwrap();
    let shown: &Value = shown.json();
    let url = format!("{}/account/security", demo.issuer);
    assert_eq!(
        shown,
        &json!([["Вход с нового устройства", "Firefox, Linux", url]])
    );

    // In the demonstration messages are kept.
    citizen
        .open_page(&format!("{}/demo/messages", demo.issuer))
        .await;
    let words = citizen.words().await;
    assert!(words.contains("Включены уведомления в браузере"), "{words}");
    citizen
        .open_page(&format!("{}/account/notices/browsers", demo.issuer))
        .await;
    citizen.press("browser-remove-1").await;
    assert!(citizen.text("browsers").await.contains("Пока нигде"));
    citizen.close().await;
    demo.stop().await;
}
