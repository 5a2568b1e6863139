//! Sign-ins that the rules end.

use super::{AWAY, HOME, anna_at, at, messages, start};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::sign_in;

#[tokio::test]
async fn an_impossible_journey_from_a_bad_address_is_refused_and_told() {
    let mut list = std::path::PathBuf::new();
    let app = start(|risk, folder| {
        list = folder.join("bad.txt");
        std::fs::write(&list, "# of bad repute\n203.0.113.0/24\n").unwrap();
        risk["bad_addresses"] = serde_json::json!(list);
    })
    .await;
    let (home, _) = anna_at(&app, HOME).await;
    app.advance(600).await;
    let (thief, page) = anna_at(&app, AWAY).await;
    assert_eq!((page.status, page.url.path()), (200, "/sign-in"));
    assert!(page.has("#sign-in-unusual"), "{}", page.body);
    let cabinet = thief.get("/account").await;
    assert_eq!(cabinet.url.path(), "/sign-in", "no session began");

    assert_eq!(messages(&app, "Вход отклонён").await, 1);
    let history = home.get("/account/history?status=refused").await;
    for said in [
        "отклонён",
        "Сеть с плохой репутацией: 203.0.113.0/24",
        "Новая страна: Бразилия",
    ] {
        assert!(history.body.contains(said), "{said}: {}", history.body);
    }
    let journal = home.get("/account/journal").await;
    assert!(
        journal.body.contains("Необычный вход отклонён"),
        "{}",
        journal.body
    );
    // Administrators see it without any personal datum.
    let decisions = app.app.storage.risk_decisions(10).await.unwrap();
    assert_eq!(decisions.len(), 1);
    assert_eq!(decisions[0].outcome, "end");
    assert_eq!(
        decisions[0].rules,
        "new_country=30 new_network=10 impossible_travel=50 bad_address=60"
    );

    // The owner may work on, and a refused place did not become a known one.
    assert_eq!(
        home.get("/account/contacts").await.url.path(),
        "/account/contacts"
    );
    let (_, page) = anna_at(&app, AWAY).await;
    assert!(page.has("#sign-in-unusual"));

    // The list is read again when it changes.
    std::fs::write(&list, "# nobody any more\n").unwrap();
    app.upkeep().await;
    app.advance(24 * 3600).await;
    let (_, page) = anna_at(&app, AWAY).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.end().await;
}

/// Rules are asked after the password: who does not know it learns the same of
/// everybody, wherever they are.
#[tokio::test]
async fn attack_23_rules_tell_strangers_nothing() {
    let app = start(|risk, folder| {
        let list = folder.join("bad.txt");
        std::fs::write(&list, "203.0.113.0/24\n").unwrap();
        risk["bad_addresses"] = serde_json::json!(list);
        risk["rules"] = serde_json::json!({ "bad_address": 500 });
    })
    .await;
    anna_at(&app, HOME).await;
    let said = async |person: &str| {
        let page = sign_in(&at(&app.browser(), AWAY), person, "Ne-Tot-Parol-1!").await;
        assert!(page.has("#sign-in-bad"), "{}", page.body);
        (page.status, page.text("#sign-in-bad").unwrap())
    };
    assert_eq!(said(ANNA).await, said("+79005559999").await);
    let page = sign_in(&at(&app.browser(), AWAY), ANNA, PASSWORD).await;
    assert!(page.has("#sign-in-unusual"));
    app.end().await;
}

/// Whoever has the password cannot flood its owner.
#[tokio::test]
async fn refused_sign_ins_are_told_so_often_only() {
    let app = start(|risk, folder| {
        let list = folder.join("bad.txt");
        std::fs::write(&list, "203.0.113.0/24\n").unwrap();
        risk["bad_addresses"] = serde_json::json!(list);
        risk["rules"] = serde_json::json!({ "bad_address": 500 });
    })
    .await;
    for _ in 0..25 {
        let (_, page) = anna_at(&app, AWAY).await;
        assert!(page.has("#sign-in-unusual"));
    }
    assert_eq!(app.app.storage.risk_decisions(100).await.unwrap().len(), 20);
    assert!(messages(&app, "Вход отклонён").await <= 20);
    app.end().await;
}
