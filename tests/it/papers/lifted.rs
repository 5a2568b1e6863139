//! A restriction that a service centre lifts before its time (requirement C9).

use std::time::Duration;

use propusk::model::timestamp::Timestamp;
use propusk::storage::{Effects, RiskDecisionRecord};

use super::{audit, fields, register};
use crate::levels::become_standard;
use crate::levels::centre::{OPERATOR, OWN};
use crate::recovery::{MAIL, told};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::{sign_in, signed_in};
use crate::support::{Browser, Page, TestApp};

/// Subject of what the owner is told.
const TOLD: &str = "ограничение снято";
const REASON: (&str, &str) = ("reason", "пришла сама, была в отпуске");

/// Closes Anna's account as an unusual sign-in does, for so many hours.
async fn restrict(app: &TestApp, hours: u64) {
    let account = app.app.accounts.find_by_login(ANNA).await.unwrap().unwrap();
    let decision = RiskDecisionRecord {
        id: format!("restricted for {hours}"),
        account_id: account,
        at: app.now(),
        outcome: "restrict".to_owned(),
        rules: String::new(),
    };
    let until = app.now().plus(Duration::from_hours(hours));
    let storage = &app.app.storage;
    storage
        .restrict_account(decision, until, Effects::default())
        .await
        .unwrap();
}

async fn restriction(app: &TestApp) -> Option<Timestamp> {
    let account = app.app.accounts.find_by_login(ANNA).await.unwrap().unwrap();
    app.app
        .accounts
        .restriction(&account, app.now())
        .await
        .unwrap()
}

/// Anna, whose data the registries know, is restricted; an operator has typed
/// her papers.
async fn start() -> (TestApp, Browser, Browser, Page) {
    let app = TestApp::start().await;
    let home = signed_in(&app, ANNA).await;
    become_standard(&app, &home, &[]).await;
    app.advance(60).await;
    restrict(&app, 72).await;
    let desk = signed_in(&app, OPERATOR).await;
    let offered = register(&desk, &[]).await;
    assert!(offered.has("#papers-lift"), "{}", offered.body);
    assert!(!offered.has("#papers-restore") && !offered.has("#papers-register"));
    (app, home, desk, offered)
}

/// Everything ticked, some fields otherwise.
async fn lift(desk: &Browser, offered: &Page, changes: &[(&str, &str)]) -> Page {
    let mut all = fields(changes);
    if changes.iter().all(|(name, _)| *name != "reason") {
        all.push(REASON);
    }
    desk.submit(offered, "papers-lift", &all).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_brings_their_papers_is_restricted_no_more() {
    let (app, home, desk, offered) = start().await;
    assert!(
        offered
            .text("#papers-refused")
            .unwrap()
            .contains("временно закрыта")
    );
    let until = offered.text("#papers-restricted").unwrap();
    assert!(until.starts_with("27.03.2026 12:01"), "{until}");
    // What the operator answers for is asked for, and nothing typed is lost.
    let page = lift(&desk, &offered, &[("reason", " ")]).await;
    assert!(
        page.has("#reason-problem") && page.has("#papers-lift"),
        "{}",
        page.body
    );
    assert!(page.body.contains("Соколова"));
    let mut unsigned = fields(&[]);
    unsigned.retain(|(name, _)| *name != "agreed");
    unsigned.extend([("agreed", ""), REASON]);
    let page = desk.submit(&offered, "papers-lift", &unsigned).await;
    assert!(page.has("#agreed-problem"), "{}", page.body);
    assert!(restriction(&app).await.is_some());

    let done = lift(&desk, &offered, &[]).await;
    assert!(done.has(".notice-success"), "{}", done.body);
    assert_eq!(restriction(&app).await, None);
    let account = app.app.accounts.find_by_login(ANNA).await.unwrap();
    let step = ("restriction_lifted".to_owned(), account);
    assert!(audit(&app).await.contains(&step));
    for to in [ANNA, MAIL] {
        assert_eq!(told(&app, to, TOLD).await.len(), 1, "{to}");
    }
    // Whose sign-in was doubted the papers do not say: all have ended.
    assert_eq!(home.get("/account").await.url.path(), "/sign-in");
    // Nothing else has changed, and the owner reads why.
    let home = signed_in(&app, ANNA).await;
    let journal = home.get("/account/journal").await;
    for words in ["Ограничение снято досрочно", REASON.1, "Мои документы"]
    {
        assert!(journal.body.contains(words), "{words}: {}", journal.body);
    }
    let page = sign_in(&app.browser(), ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_a_desk_lifts_only_for_whom_the_papers_are_of_and_for_no_operator() {
    let (app, _, desk, offered) = start().await;
    become_standard(&app, &desk, &OWN).await;
    for changes in [
        vec![("birth_date", "25.03.1990")],
        vec![("given_name", "Мария")],
        vec![("passport", "0001 000303")],
        vec![("snils", "000-000-900 00")],
        OWN.to_vec(),
    ] {
        let page = lift(&desk, &offered, &changes).await;
        assert!(page.has("#papers-refused"), "{changes:?} {}", page.body);
        assert!(restriction(&app).await.is_some(), "{changes:?}");
    }
    // Nor where the owner is an operator, or the account is blocked.
    let id = app.app.accounts.find_by_login(ANNA).await.unwrap().unwrap();
    let now = app.now();
    let block = async |at| {
        let storage = &app.app.storage;
        storage.block_account(id.clone(), at, now).await.unwrap();
    };
    block(Some(now)).await;
    let page = lift(&desk, &offered, &[]).await;
    assert!(page.has("#papers-refused") && !page.has("#papers-lift"));
    block(None).await;
    assert!(restriction(&app).await.is_some());
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_a_restriction_is_lifted_once_and_none_that_nobody_saw() {
    let (app, _, desk, offered) = start().await;
    // Something else was unusual since.
    restrict(&app, 90).await;
    let page = lift(&desk, &offered, &[]).await;
    assert!(
        page.has("#papers-refused") && page.has("#papers-lift"),
        "{}",
        page.body
    );
    assert!(restriction(&app).await.is_some());
    // Now it was seen; pressed twice, it is lifted and told of once.
    let (one, other) = tokio::join!(lift(&desk, &page, &[]), lift(&desk, &page, &[]));
    let done = [one, other]
        .iter()
        .filter(|page| page.has(".notice-success"))
        .count();
    assert_eq!(done, 1);
    assert_eq!(told(&app, MAIL, TOLD).await.len(), 1);
    let steps = audit(&app).await;
    let lifted = steps.iter().filter(|step| step.0 == "restriction_lifted");
    assert_eq!(lifted.count(), 1);
    // The same form is worth nothing the next time.
    restrict(&app, 91).await;
    let page = lift(&desk, &offered, &[]).await;
    assert!(page.has("#papers-refused"), "{}", page.body);
    assert!(restriction(&app).await.is_some());
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_a_desk_does_not_make_a_password_that_others_know_good_again() {
    let (app, home, desk, offered) = start().await;
    // A stranger signs in, and the owner disowns it from the history.
    app.advance(60).await;
    let thief = signed_in(&app, ANNA).await;
    let page = home.get("/account/history").await;
    let button = page.attribute("button[id^=not-me-]", "id").unwrap();
    let page = home.submit(&page, &button, &[]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(thief.get("/account").await.url.path(), "/sign-in");
    let done = lift(&desk, &offered, &[]).await;
    assert!(done.has(".notice-success"), "{}", done.body);
    // Lifted, but the password still opens nothing by itself.
    let page = sign_in(&app.browser(), ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    assert_ne!(home.get("/account").await.url.path(), "/account");
    // And no desk prints another one meanwhile.
    let page = register(&desk, &[]).await;
    assert!(!page.has("#papers-restore"), "{}", page.body);
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lifting_counts_among_what_an_operator_does_in_a_day() {
    let app = TestApp::start_with(|config| {
        config["limits"] = serde_json::json!({ "papers_per_day": 2 });
    })
    .await;
    let home = signed_in(&app, ANNA).await;
    become_standard(&app, &home, &[]).await;
    restrict(&app, 72).await;
    let desk = signed_in(&app, OPERATOR).await;
    let offered = register(&desk, &[]).await;
    let page = lift(&desk, &offered, &[("reason", "")]).await;
    assert!(page.has("#reason-problem"), "{}", page.body);
    let page = lift(&desk, &offered, &[]).await;
    assert_eq!(page.status, 429, "{}", page.body);
    assert!(restriction(&app).await.is_some());
    app.deliver().await;
    app.end().await;
}
