//! A request from writing to closing, and one that waits too long.

use super::{SUPPORT, ask, number, take};
use crate::support::TestApp;
use crate::support::app::{ANNA, TIMUR};
use crate::support::steps::signed_in;

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_writes_support_answers_and_both_write_on() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    let page = ask(&citizen, "Первая строка\r\nВторая строка").await;
    let number = number(&page);
    assert_eq!(number.len(), 8);
    assert_eq!(page.text("#support-state").unwrap(), "Новое");
    assert!(page.body.contains("Первая строка\nВторая строка"));
    // At rest there is no word of it.
    assert!(!format!("{:?}", app.contents().await).contains("Вторая"));

    let desk = signed_in(&app, SUPPORT).await;
    let page = desk.get("/operator").await;
    assert_eq!(page.url.path(), "/operator/support/requests");
    assert!(!page.body.contains("Первая строка"));
    let page = take(&desk, &number).await;
    assert_eq!(
        page.url.path(),
        format!("/operator/support/requests/{number}")
    );
    assert!(page.body.contains("Первая строка") && page.body.contains("Анна С."));
    let seen = citizen.get(&format!("/account/support/{number}")).await;
    assert_eq!(seen.text("#support-state").unwrap(), "В работе");

    // An empty answer is none.
    let wrong = desk
        .submit(&page, "request-answer", &[("message", " ")])
        .await;
    assert!(wrong.has("#message-problem"), "{}", wrong.body);
    // The citizen writes more meanwhile: the answer waits until that was read.
    app.advance(1).await;
    let written = citizen
        .submit(&seen, "support-write", &[("message", "И ещё одно")])
        .await;
    assert!(written.has("#support-done"), "{}", written.body);
    let answer = [("message", "Ответ поддержки")];
    let page = desk.submit(&page, "request-answer", &answer).await;
    assert!(
        page.text("#message-problem").unwrap().contains("дополнил"),
        "{}",
        page.body
    );
    assert!(page.body.contains("И ещё одно") && page.body.contains("Ответ поддержки"));
    app.advance(1).await;
    let page = desk.submit(&page, "request-answer", &answer).await;
    assert!(page.has("#requests-done"), "{}", page.body);
    assert!(!page.has("#queue .items"));

    let message = app.last_message("anna.sokolova@example.ru").await;
    let link = message.link.unwrap();
    assert!(
        link.ends_with(&format!("/account/support/{number}")),
        "{link}"
    );
    let page = citizen.get(&link).await;
    assert_eq!(page.text("#support-state").unwrap(), "Есть ответ");
    assert!(page.body.contains("Ответ поддержки") && page.body.contains("Служба поддержки"));
    assert!(
        !citizen
            .get("/account/notices")
            .await
            .body
            .contains("Ответ поддержки")
    );
    let journal = citizen.get("/account/journal").await;
    for line in ["Отправлено обращение", "прочитал обращение", "ответила"]
    {
        assert!(journal.body.contains(line), "{line}");
    }

    // Written to again, it waits again; answered with the last word, it is over.
    app.advance(1).await;
    citizen
        .submit(&page, "support-write", &[("message", "Спасибо")])
        .await;
    let page = take(&desk, &number).await;
    app.advance(1).await;
    let page = desk
        .submit(&page, "request-close", &[("message", "Всего доброго")])
        .await;
    assert!(page.has("#requests-done"), "{}", page.body);
    let page = citizen.get(&format!("/account/support/{number}")).await;
    assert_eq!(page.text("#support-state").unwrap(), "Закрыто");
    assert!(!page.has("#support-write") && page.body.contains("Всего доброго"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_request_names_every_field_and_loses_nothing() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    let page = citizen.get("/account/support").await;
    let page = citizen
        .submit(
            &page,
            "support-send",
            &[("topic", "no such"), ("message", " ")],
        )
        .await;
    assert!(page.has("#topic-problem") && page.has("#message-problem"));
    let long = "я".repeat(2001);
    let page = citizen
        .submit(
            &page,
            "support-send",
            &[("topic", "data"), ("message", &long)],
        )
        .await;
    assert!(page.text("#message-problem").unwrap().contains("2000"));
    assert!(!page.has("#topic-problem") && page.body.contains(&long));
    assert!(page.has("option[value=data][selected]"));
    let exact = "я".repeat(2000);
    let page = citizen
        .submit(
            &page,
            "support-send",
            &[("topic", "data"), ("message", &exact)],
        )
        .await;
    assert!(page.has("#support-done"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn open_requests_and_messages_of_a_day_are_counted() {
    let app = TestApp::start_with(|config| {
        config["limits"] = serde_json::json!({
            "support_requests_open": 2, "support_messages_per_day": 5,
        });
    })
    .await;
    let citizen = signed_in(&app, ANNA).await;
    let first = ask(&citizen, "Один").await;
    ask(&citizen, "Два").await;
    let page = citizen.get("/account/support").await;
    let third = [("topic", "other"), ("message", "Три")];
    let page = citizen.submit(&page, "support-send", &third).await;
    assert!(
        page.text("#message-problem").unwrap().contains("открытые"),
        "{}",
        page.body
    );
    let closed = citizen.submit(&first, "support-close", &[]).await;
    assert_eq!(closed.text("#support-state").unwrap(), "Закрыто");
    let page = citizen.submit(&page, "support-send", &third).await;
    assert!(page.has("#support-done"), "{}", page.body);
    // What is typed into a closed one is shown again.
    let page = citizen
        .submit(&first, "support-write", &[("message", "Ещё вопрос")])
        .await;
    assert!(
        page.body.contains("Ещё вопрос") && !page.has("#support-done"),
        "{}",
        page.body
    );
    let page = citizen.get("/account/support").await;
    let page = citizen.submit(&page, "support-send", &third).await;
    assert_eq!(page.status, 429, "{}", page.body);
    assert!(page.headers.contains_key("retry-after"));
    assert!(page.body.contains("Три"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_two_days_is_first_marked_and_noted_once() {
    let app = TestApp::start().await;
    let late = number(&ask(&signed_in(&app, ANNA).await, "Давно").await);
    app.advance(47 * 3600).await;
    let fresh = number(&ask(&signed_in(&app, TIMUR).await, "Недавно").await);
    let desk = signed_in(&app, SUPPORT).await;
    let page = desk.get("/operator/support/requests").await;
    assert!(!page.has(".badge-danger"), "{}", page.body);
    app.upkeep().await;
    let noted = "select count(*) from audit where action = 'support_escalated'";
    assert_eq!(app.database.count(noted).await, 0);

    app.advance(3600).await;
    let desk = signed_in(&app, SUPPORT).await;
    let page = desk.get("/operator/support/requests").await;
    assert!(page.text("#desk-requests .badge").unwrap().contains('1'));
    assert!(
        page.text("#queue li .badge")
            .unwrap()
            .contains("Просрочено")
    );
    assert!(page.body.find(&late).unwrap() < page.body.find(&fresh).unwrap());
    app.upkeep().await;
    app.upkeep().await;
    assert_eq!(app.database.count(noted).await, 1);
    let page = take(&desk, &late).await;
    let page = desk
        .submit(
            &page,
            "request-answer",
            &[("message", "Простите за ожидание")],
        )
        .await;
    assert!(page.has("#requests-done") && !page.has(".badge-danger"));
    app.end().await;
}
