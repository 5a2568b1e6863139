//! The registry is wrong: a citizen brings the originals, and two operators in
//! browsers of their own look at them.

use super::chromium::Chromium;
use super::demonstration::Demonstration;
use super::levels::{send, sign_in, until};
use crate::levels::centre::OPERATOR;
use crate::overrides::{COLLEAGUE, EVERYTHING};

async fn desk(demo: &Demonstration, (width, lang): (u32, &str), who: &str) -> Chromium {
    let desk = Chromium::open(width, lang).await;
    desk.open_page(&format!("{}/operator", demo.issuer)).await;
    sign_in(&desk, who).await;
    desk.find("desk-open").await;
    desk
}

async fn tick_everything(desk: &Chromium) {
    for (_, field) in EVERYTHING {
        desk.press(&format!("compared-{field}")).await;
    }
}

/// Looks at every page of both operators, and at what is wrong on each.
pub async fn look(
    demo: &Demonstration,
    how: (u32, &str),
    number: &str,
    mut check: impl AsyncFnMut(&Chromium, &str),
) {
    let first = desk(demo, how, OPERATOR).await;
    first.fill("number", number).await;
    first.press("desk-open").await;
    first.press("case-propose").await;
    first.find("why-problem").await;
    check(&first, "/operator/case/propose, wrong").await;
    tick_everything(&first).await;
    first.fill("why", "Новый паспорт").await;
    first.press("case-propose").await;
    first.find("desk-done").await;
    first.press("desk-overrides").await;
    first.find("overrides-none").await;
    check(&first, "/operator/overrides, none").await;
    first.close().await;
    let second = desk(demo, how, COLLEAGUE).await;
    second.press("desk-overrides").await;
    let open = format!("override-open-{}", number.replace(' ', ""));
    second.find(&open).await;
    check(&second, "/operator/overrides").await;
    second.press(&open).await;
    second.press("override-confirm").await;
    second.find("compared-problem").await;
    check(&second, "/operator/overrides/confirm, wrong").await;
    second.close().await;
}

#[tokio::test]
async fn journey_override_two_operators_stand_for_what_a_registry_does_not_know() {
    let demo = Demonstration::start().await;
    let citizen = Chromium::open(390, "ru").await;
    citizen
        .open_page(&format!("{}/account/level", demo.issuer))
        .await;
    sign_in(&citizen, "+79005550101").await;
    citizen.press("level-data").await;
    // No registry knows this passport yet.
    send(&citizen, &[("passport", "0001 000301")]).await;
    until(&citizen, "check-state", "не совпало").await;
    citizen.press("override-request").await;
    let number = citizen.text("override-number").await;

    let first = desk(&demo, (1280, "ru"), OPERATOR).await;
    first.fill("number", &number).await;
    first.press("desk-open").await;
    assert!(
        first
            .words()
            .await
            .contains("В реестре иначе: Реестр паспортов")
    );
    tick_everything(&first).await;
    first.fill("why", "Паспорт получен неделю назад").await;
    first.press("case-propose").await;
    until(&first, "desk-done", "Предложение отправлено").await;
    // Their own proposal is not theirs to decide.
    first.press("desk-overrides").await;
    first.find("overrides-none").await;
    first.close().await;
    citizen.driver.refresh().await.unwrap();
    citizen.find("override-waiting").await;

    let second = desk(&demo, (1280, "ru"), COLLEAGUE).await;
    second.press("desk-overrides").await;
    let digits = number.replace(' ', "");
    second.press(&format!("override-open-{digits}")).await;
    assert!(second.text("override-why").await.contains("неделю назад"));
    tick_everything(&second).await;
    second.press("override-confirm").await;
    until(&second, "overrides-done", "Данные приняты").await;
    second.close().await;

    citizen.driver.refresh().await.unwrap();
    until(&citizen, "check-state", "по оригиналам").await;
    let current = citizen.text_of_class("rung-current").await;
    assert!(current.contains("Подтверждённый"), "{current}");
    citizen.close().await;
    demo.stop().await;
}
