//! Help, in two real browsers: a request with its answer, and a block that is
//! lifted by its number.

use super::chromium::Chromium;
use super::demonstration::Demonstration;
use super::levels::sign_in;

/// Writes a request; the browser ends on its page.
pub async fn ask(browser: &Chromium, text: &str) {
    browser.fill("message", text).await;
    browser
        .driver
        .execute("document.getElementById('topic').value = 'level'", vec![])
        .await
        .unwrap();
    browser.press("support-send").await;
    browser.find("support-done").await;
}

#[tokio::test]
async fn journey_support_answers_a_request() {
    let demo = Demonstration::start().await;
    let citizen = Chromium::open(390, "ru").await;
    citizen
        .open_page(&format!("{}/account/support", demo.issuer))
        .await;
    sign_in(&citizen, "+79005550101").await;
    citizen.press("support-send").await;
    assert!(citizen.has("topic-problem").await && citizen.has("message-problem").await);
    ask(&citizen, "Не приходит код").await;
    assert_eq!(citizen.text("support-state").await, "Новое");
    let here = citizen.driver.current_url().await.unwrap();
    let number = here.path().rsplit('/').next().unwrap().to_owned();

    let desk = Chromium::open(1280, "ru").await;
    desk.open_page(&format!("{}/operator", demo.issuer)).await;
    sign_in(&desk, "+79005550107").await;
    desk.press(&format!("take-{number}")).await;
    assert!(desk.text("thread").await.contains("Не приходит код"));
    desk.fill("message", "Проверьте номер телефона").await;
    desk.press("request-answer").await;
    desk.find("requests-done").await;
    desk.close().await;

    citizen.driver.refresh().await.unwrap();
    assert_eq!(citizen.text("support-state").await, "Есть ответ");
    assert!(
        citizen
            .text("thread")
            .await
            .contains("Проверьте номер телефона")
    );
    citizen.press("support-close").await;
    assert_eq!(citizen.text("support-state").await, "Закрыто");
    citizen.close().await;
    demo.stop().await;
}

#[tokio::test]
async fn journey_support_lifts_a_block_by_its_number() {
    let demo = Demonstration::start().await;
    let citizen = Chromium::open(390, "ru").await;
    citizen.open_page(&format!("{}/sign-in", demo.issuer)).await;
    for _ in 0..5 {
        citizen.fill("username", "+79005550102").await;
        citizen.fill("password", "wrong").await;
        citizen.press("login-submit").await;
    }
    let number = citizen.text("block-number").await;

    let desk = Chromium::open(1280, "ru").await;
    desk.open_page(&format!("{}/operator", demo.issuer)).await;
    sign_in(&desk, "+79005550107").await;
    desk.press("desk-locks").await;
    desk.fill("number", &number).await;
    desk.press("lock-open").await;
    assert_eq!(desk.text("lock-whose").await, "Тимур А.");
    desk.press("lock-lift").await;
    desk.find("identified-problem").await;
    desk.press("identified").await;
    desk.fill("reason", "Перезвонили").await;
    desk.press("lock-lift").await;
    desk.find("lock-done").await;
    desk.close().await;

    sign_in(&citizen, "+79005550102").await;
    citizen
        .open_page(&format!("{}/account/journal", demo.issuer))
        .await;
    assert!(citizen.words().await.contains("сняла блокировку"));
    citizen.close().await;
    demo.stop().await;
}
