//! How it ends otherwise: refused, sent back, lapsed, taken, closed, taken back.

use serde_json::json;

use super::{COLLEAGUE, EVERYTHING, disputed, mismatch, open_proposal, propose, take_number};
use crate::levels::centre::{OPERATOR, open};
use crate::levels::{become_standard, send, standing};
use crate::support::app::{ANNA, TIMUR};
use crate::support::steps::signed_in;
use crate::support::{Browser, TestApp};

const DAY: u64 = 24 * 3600;

/// The citizen verified by two operators.
async fn verified(app: &TestApp) -> Browser {
    let citizen = signed_in(app, ANNA).await;
    let number = disputed(app, &citizen, &[]).await;
    propose(app, &number).await;
    let second = signed_in(app, COLLEAGUE).await;
    let page = open_proposal(&second, &number).await;
    second.submit(&page, "override-confirm", &EVERYTHING).await;
    assert!(standing(&citizen).await.0.starts_with("Подтверждённый"));
    citizen
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_refused_reads_why_and_may_come_again() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    let first = disputed(&app, &citizen, &[]).await;
    // At the desk.
    let desk = signed_in(&app, OPERATOR).await;
    let page = open(&desk, &first).await;
    let page = desk.submit(&page, "case-refuse", &[("reason", " ")]).await;
    assert!(
        page.has("#reason-problem") && page.has("#case-propose"),
        "{}",
        page.body
    );
    let page = desk
        .submit(&page, "case-refuse", &[("reason", "Нет оригинала СНИЛС")])
        .await;
    assert_eq!(page.url.query(), Some("done=refused"), "{}", page.body);
    let page = citizen.get("/account/level").await;
    assert!(
        page.text("#override .notice-danger")
            .unwrap()
            .contains("Нет оригинала СНИЛС")
    );
    // By the second operator.
    app.advance(1).await;
    let number = take_number(&citizen).await;
    assert_ne!(number, first);
    propose(&app, &number).await;
    let second = signed_in(&app, COLLEAGUE).await;
    let page = open_proposal(&second, &number).await;
    let page = second.submit(&page, "override-return", &[]).await;
    assert!(page.has("#reason-problem"), "{}", page.body);
    let page = second
        .submit(&page, "override-return", &[("reason", "Копия не читается")])
        .await;
    assert_eq!(page.url.query(), Some("done=returned"), "{}", page.body);
    let page = citizen.get("/account/level").await;
    assert!(
        page.text("#override .notice-danger")
            .unwrap()
            .contains("Копия не читается")
    );
    assert!(standing(&citizen).await.0.starts_with("Упрощённый"));
    let notices = citizen.get("/account/notices").await;
    assert!(notices.body.contains("Данные не приняты"));
    // The way is open again.
    app.advance(1).await;
    assert_ne!(take_number(&citizen).await, number);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_lapses_and_the_citizen_is_told() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    let number = disputed(&app, &citizen, &[]).await;
    propose(&app, &number).await;
    app.advance(14 * DAY - 10).await;
    let second = signed_in(&app, COLLEAGUE).await;
    let page = open_proposal(&second, &number).await;
    assert!(page.has("#override-confirm"), "{}", page.body);
    app.advance(10).await;
    let page = second.submit(&page, "override-confirm", &EVERYTHING).await;
    assert!(
        page.has("#overrides-refused") && page.has("#overrides-none"),
        "{}",
        page.body
    );
    let citizen = signed_in(&app, ANNA).await;
    let page = citizen.get("/account/level").await;
    assert!(page.has("#override-lapsed"), "{}", page.body);
    assert!(standing(&citizen).await.0.starts_with("Упрощённый"));
    // Another one may be made about the same data.
    let number = take_number(&citizen).await;
    propose(&app, &number).await;
    let second = signed_in(&app, COLLEAGUE).await;
    let page = open_proposal(&second, &number).await;
    second.submit(&page, "override-confirm", &EVERYTHING).await;
    assert!(standing(&citizen).await.0.starts_with("Подтверждённый"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_data_close_what_is_under_way() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    // A visit to come.
    let number = disputed(&app, &citizen, &[]).await;
    let desk = signed_in(&app, OPERATOR).await;
    let case = open(&desk, &number).await;
    app.advance(1).await;
    mismatch(&app, &citizen, &[("passport", "0001 000304")]).await;
    let page = desk
        .submit(&case, "case-propose", &super::proposal("виден"))
        .await;
    assert!(page.has("#number-problem"), "{}", page.body);
    // A proposal that the second operator is looking at.
    let number = take_number(&citizen).await;
    propose(&app, &number).await;
    let second = signed_in(&app, COLLEAGUE).await;
    let page = open_proposal(&second, &number).await;
    app.advance(1).await;
    send(&citizen, &[("passport", "0001 000307")]).await;
    let page = second.submit(&page, "override-confirm", &EVERYTHING).await;
    assert!(
        page.has("#overrides-refused") && page.has("#overrides-none"),
        "{}",
        page.body
    );
    app.deliver().await;
    assert!(standing(&citizen).await.0.starts_with("Упрощённый"));
    assert!(citizen.get("/account/level").await.has("#override-request"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snils_of_another_account_is_refused_and_both_are_told() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    let number = disputed(&app, &citizen, &[]).await;
    propose(&app, &number).await;
    let timur = signed_in(&app, TIMUR).await;
    become_standard(&app, &timur, &[]).await;
    let second = signed_in(&app, COLLEAGUE).await;
    let page = open_proposal(&second, &number).await;
    let page = second.submit(&page, "override-confirm", &EVERYTHING).await;
    let text = page.text("#overrides-refused").unwrap();
    assert!(text.contains("СНИЛС"), "{text}");
    assert!(page.has("#overrides-none"));
    let (level, check) = standing(&citizen).await;
    assert!(level.starts_with("Упрощённый"), "{level}");
    assert_eq!(check, "СНИЛС занят");
    assert!(!citizen.get("/account/level").await.has("#override"));
    let notices = timur.get("/account/notices").await;
    assert!(
        notices.body.contains("Ваш СНИЛС указали"),
        "{}",
        notices.body
    );
    assert!(standing(&timur).await.0.starts_with("Стандартный"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passport_that_ended_meanwhile_is_not_taken() {
    let app = TestApp::start_with(|config| {
        config["password"]["expires_after_days"] = json!(0);
    })
    .await;
    let citizen = signed_in(&app, ANNA).await;
    // 45 in a week; the passport is good for 90 days more.
    let soon = [("birth_date", "31.03.1981"), ("issued_on", "20.04.2005")];
    mismatch(&app, &citizen, &soon).await;
    app.advance(80 * DAY).await;
    let citizen = signed_in(&app, ANNA).await;
    let number = take_number(&citizen).await;
    app.advance(10 * DAY).await;
    propose(&app, &number).await;
    app.advance(8 * DAY).await;
    let second = signed_in(&app, COLLEAGUE).await;
    let page = open_proposal(&second, &number).await;
    let page = second.submit(&page, "override-confirm", &EVERYTHING).await;
    assert!(
        page.text("#compared-problem").unwrap().contains("паспорт"),
        "{}",
        page.body
    );
    let citizen = signed_in(&app, ANNA).await;
    assert!(standing(&citizen).await.0.starts_with("Упрощённый"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_level_ends_with_the_passport_and_by_being_taken_back() {
    let app = TestApp::start_with(|config| {
        config["password"]["expires_after_days"] = json!(0);
    })
    .await;
    let citizen = signed_in(&app, ANNA).await;
    let soon = [("birth_date", "31.03.1981"), ("issued_on", "20.04.2005")];
    let number = disputed(&app, &citizen, &soon).await;
    propose(&app, &number).await;
    let second = signed_in(&app, COLLEAGUE).await;
    let page = open_proposal(&second, &number).await;
    second.submit(&page, "override-confirm", &EVERYTHING).await;
    assert!(standing(&citizen).await.0.starts_with("Подтверждённый"));
    let page = citizen.get("/account/level").await;
    assert!(page.body.contains("Уровень действует до"), "{}", page.body);
    app.advance(98 * DAY).await;
    app.upkeep().await;
    let citizen = signed_in(&app, ANNA).await;
    assert!(standing(&citizen).await.0.starts_with("Упрощённый"));
    let journal = citizen.get("/account/journal").await;
    assert!(journal.body.contains("Уровень снижен"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_operators_stood_for_is_taken_back_by_a_command() {
    let app = TestApp::start().await;
    let citizen = verified(&app).await;
    let account = app.app.accounts.find_by_login(ANNA).await.unwrap().unwrap();
    let withdraw = || app.app.accounts.withdraw_evidence(&account, app.now());
    withdraw().await.unwrap();
    assert!(standing(&citizen).await.0.starts_with("Упрощённый"));
    // Nor does a proposal under way lift the account again.
    app.advance(1).await;
    let number = disputed(&app, &citizen, &[]).await;
    propose(&app, &number).await;
    let second = signed_in(&app, COLLEAGUE).await;
    let page = open_proposal(&second, &number).await;
    app.advance(1).await;
    withdraw().await.unwrap();
    let page = second.submit(&page, "override-confirm", &EVERYTHING).await;
    assert!(page.has("#overrides-refused"), "{}", page.body);
    assert!(standing(&citizen).await.0.starts_with("Упрощённый"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn registries_that_still_have_it_otherwise_take_it_back() {
    let app = TestApp::start().await;
    let citizen = verified(&app).await;
    app.advance(1).await;
    mismatch(&app, &citizen, &[]).await;
    assert!(standing(&citizen).await.0.starts_with("Упрощённый"));
    let journal = citizen.get("/account/journal").await;
    assert!(journal.body.contains("Уровень снижен"));
    // And registries that agree by then give the level of their own.
    app.advance(1).await;
    become_standard_or_more(&app, &citizen).await;
    app.end().await;
}

/// With a passport that registries know, the proof of the holder still stands.
async fn become_standard_or_more(app: &TestApp, citizen: &Browser) {
    send(citizen, &[]).await;
    app.deliver().await;
    assert!(standing(citizen).await.0.starts_with("Подтверждённый"));
}
