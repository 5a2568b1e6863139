//! How applications end without a new password: refused, cancelled, too late,
//! with the account; and what is kept of them.

use super::*;

const REFUSED: &str = "отказано";
const CANCELLED: &str = "заявление на восстановление доступа отменено";

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_tells_why() {
    let (app, home) = start().await;
    let number = apply(&app, &[]).await;
    let (desk, _) = desks(&app).await;
    let page = take(&desk, &number).await;
    for wrong in [
        &[][..],
        &[("reason", "нет такой")],
        &[("reason", "other"), ("comment", " ")],
    ] {
        let page = desk.submit(&page, "appeal-refuse", wrong).await;
        assert!(page.has("#reason-problem"), "{}", page.body);
    }
    let why = [("reason", "face"), ("comment", "Снимок размыт")];
    let page = desk.submit(&page, "appeal-refuse", &why).await;
    assert_eq!(page.url.query(), Some("done=refused"), "{}", page.body);
    assert_eq!(told(&app, NEW, REFUSED).await.len(), 1);
    let mail = told(&app, MAIL, REFUSED).await;
    let text = &mail[0].text;
    assert!(
        text.contains("Снимок размыт") && text.contains("Лицо"),
        "{text}"
    );
    assert!(!home.get("/account/recovery").await.has("#appeal-cancel"));
    let left = desk.get("/operator/support/appeals").await;
    assert!(!left.body.contains(&number), "{}", left.body);
    app.advance(100 * HOUR).await;
    assert_eq!(opened(&app, NEW).await, None);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_contact_cancels_at_any_time_and_no_decision_counts_afterwards() {
    let (app, _) = start().await;
    // Before anybody decides.
    let number = apply(&app, &[]).await;
    let (desk, other) = desks(&app).await;
    let case = take(&desk, &number).await;
    let anywhere = app.browser();
    let page = anywhere.get(&link(&app, MAIL, RECEIVED).await).await;
    let page = anywhere.submit(&page, "appeal-cancel", &[]).await;
    assert!(page.has("#appeal-cancelled"), "{}", page.body);
    assert_eq!(
        told(&app, ANNA, "заявление на доступ отменено").await.len(),
        1
    );
    assert_eq!(told(&app, MAIL, CANCELLED).await.len(), 1);
    // Silence at the new contact: it would tell that there is somebody.
    assert!(told(&app, NEW, "закрыто").await.is_empty());
    let page = agree(&desk, &case, false).await;
    assert!(page.has("#appeals-lost"), "{}", page.body);
    // The other link says so.
    let page = anywhere.get(&link(&app, ANNA, RECEIVED).await).await;
    assert!(page.has("#appeal-cancelled"), "{}", page.body);
    // Between the two; operators see that it was cancelled before.
    app.advance(120).await;
    let number = apply(&app, &[]).await;
    let page = take(&desk, &number).await;
    assert!(page.has("#appeal-cancelled"), "{}", page.body);
    agree(&desk, &page, false).await;
    let case = take(&other, &number).await;
    let page = anywhere.get(&link(&app, ANNA, RECEIVED).await).await;
    anywhere.submit(&page, "appeal-cancel", &[]).await;
    let page = agree(&other, &case, false).await;
    assert!(page.has("#appeals-lost"), "{}", page.body);
    // In the waiting time, and once the link is out: by the daily message.
    app.advance(120).await;
    let number = apply(&app, &[]).await;
    decide(&app, &number, [false, false]).await;
    app.advance(73 * HOUR).await;
    let open = opened(&app, NEW).await.unwrap();
    let page = anywhere.get(&link(&app, MAIL, CONFIRMED).await).await;
    let page = anywhere.submit(&page, "appeal-cancel", &[]).await;
    assert!(page.has("#appeal-cancelled"), "{}", page.body);
    assert_eq!(told(&app, NEW, "закрыто").await.len(), 1);
    let page = anywhere.get(&open).await;
    assert!(page.has("#appeal-notice"), "{}", page.body);
    assert!(gets_in(&app, ANNA, PASSWORD).await);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_cancels_in_the_cabinet_and_a_frozen_account_is_not_given_away() {
    let (app, home) = start().await;
    let number = apply(&app, &[]).await;
    decide(&app, &number, [false, false]).await;
    let page = home.get("/account/recovery").await;
    let page = home.submit(&page, "appeal-cancel", &[]).await;
    assert_eq!(page.url.query(), Some("done=yes"), "{}", page.body);
    app.advance(73 * HOUR).await;
    assert_eq!(opened(&app, NEW).await, None);
    // An unusual sign-in between the decision and the link keeps nobody out: it may
    // be the thief's.
    app.advance(HOUR).await;
    let number = apply(&app, &[]).await;
    decide(&app, &number, [false, false]).await;
    app.advance(72 * HOUR).await;
    let link = opened(&app, NEW).await.unwrap();
    let until = app.now().millis() + 3_600_000;
    let restrict = format!(
        "update accounts set restricted_until = {until} where id = (select account_id from appeals where number = '{number}')"
    );
    app.database.execute(&restrict).await;
    app.app.storage.note_change();
    let page = set(&app.browser(), &link, NEW_PASSWORD).await;
    assert!(page.has("#sign-in-recovered"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_decides_or_finishes_in_time_ends() {
    let (app, _) = start().await;
    apply(&app, &[]).await;
    app.advance(30 * 24 * HOUR).await;
    app.upkeep().await;
    assert!(told(&app, NEW, "закрыто").await.is_empty());
    let (desk, _) = desks(&app).await;
    let page = desk.get("/operator/support/appeals").await;
    assert!(page.has(".empty"), "{}", page.body);
    let number = apply(&app, &[]).await;
    decide(&app, &number, [false, false]).await;
    app.advance(72 * HOUR).await;
    let link = opened(&app, NEW).await.unwrap();
    app.advance(72 * HOUR).await;
    let page = app.browser().get(&link).await;
    assert!(page.has("#appeal-notice"), "{}", page.body);
    app.upkeep().await;
    assert_eq!(told(&app, NEW, "закрыто").await.len(), 1);
    let outcomes = "select count(*) from appeals where outcome = 'expired'";
    assert_eq!(app.database.count(outcomes).await, 2);
    app.advance(91 * 24 * HOUR).await;
    app.app.storage.purge(100, app.now()).await.unwrap();
    assert_eq!(app.database.count("select count(*) from appeals").await, 0);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn photographs_are_kept_as_the_settings_say_and_the_queue_marks_who_waits_too_long() {
    let (app, _) = start_with(|config| {
        config["photographs"] = serde_json::json!({ "keep_days": 2, "wait_days": 30 });
    })
    .await;
    let number = apply(&app, &[]).await;
    app.advance(47 * HOUR).await;
    let (desk, _) = desks(&app).await;
    let page = desk.get("/operator/support/appeals").await;
    assert!(!page.has("#queue .badge-danger"), "{}", page.body);
    app.advance(HOUR).await;
    let desk = signed_in(&app, SUPPORT).await;
    let page = desk.get("/operator/support/appeals").await;
    assert!(page.has("#queue .badge-danger"), "{}", page.body);
    let page = take(&desk, &number).await;
    let page = desk
        .submit(&page, "appeal-refuse", &[("reason", "unreadable")])
        .await;
    assert_eq!(page.url.query(), Some("done=refused"), "{}", page.body);
    let storage = &app.app.storage;
    app.advance(48 * HOUR - 1).await;
    assert_eq!(storage.erase_appeals(app.now(), 10).await.unwrap(), 0);
    app.advance(1).await;
    assert_eq!(storage.erase_appeals(app.now(), 10).await.unwrap(), 3);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn applications_are_in_the_copy_of_everything_and_go_with_the_account() {
    let (app, home) = start().await;
    let number = apply(&app, &[]).await;
    let page = home.get("/account/export").await;
    let (_, bytes) = home.submit_for_bytes(&page, "export-json").await;
    let copy: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(copy["recovery_forms"][0]["number"], *number);
    let account = app.app.accounts.find_by_login(ANNA).await.unwrap();
    let erasure = propusk::storage::Erasure {
        account: account.unwrap(),
        by: "citizen",
        recipients: Vec::new(),
        farewell: Vec::new(),
    };
    app.app
        .storage
        .erase_account(erasure, app.now())
        .await
        .unwrap();
    for left in [
        "select count(*) from appeals",
        "select count(*) from appeal_files",
    ] {
        assert_eq!(app.database.count(left).await, 0, "{left}");
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_who_defends_the_account_ends_every_application() {
    let (app, home) = start().await;
    let number = apply(&app, &[]).await;
    decide(&app, &number, [false, false]).await;
    let page = home.get("/account/freeze").await;
    home.submit(&page, "freeze-confirm", &[]).await;
    let open = "select count(*) from appeals where closed_at is null";
    assert_eq!(app.database.count(open).await, 0);
    app.advance(73 * HOUR).await;
    assert_eq!(opened(&app, NEW).await, None);
    app.end().await;
}
