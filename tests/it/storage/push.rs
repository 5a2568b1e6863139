//! Browsers that show notices, and the lines of the outbox that are for them.

use propusk::model::id::{AccountId, SessionId};
use propusk::storage::{
    Effects, Erased, Erasure, OutboxRecord, PushRecord, PushSubscribed, PushSubscriptionRecord,
    SessionChoice,
};

use super::not_me::{event, undoing};
use super::{Empty, NOW, account, digest, effects, has_effects, later, session};

const MOST: i64 = 2;

fn anna() -> AccountId {
    AccountId::from("anna")
}

fn browser(id: &str, account: &str, at: u64) -> PushSubscriptionRecord {
    PushSubscriptionRecord {
        id: id.to_owned(),
        account_id: AccountId::from(account),
        endpoint_index: format!("index of {id}"),
        subscription_sealed: format!("sealed {id}"),
        details_sealed: "sealed".to_owned(),
        device_kind: "phone".to_owned(),
        device: Some(digest(&format!("device of {id}"))),
        created_at: later(at),
    }
}

async fn add(home: &Empty, new: PushSubscriptionRecord) -> PushSubscribed {
    let storage = &home.storage;
    storage
        .subscribe_push(new, MOST, Effects::default())
        .await
        .unwrap()
}

async fn ids(home: &Empty, account: &str) -> Vec<String> {
    let account = AccountId::from(account);
    let all = home.storage.push_subscriptions(&account).await;
    all.unwrap().into_iter().map(|one| one.id).collect()
}

fn message(id: &str) -> Effects {
    Effects {
        pushes: vec![PushRecord {
            id: id.to_owned(),
            account_id: anna(),
            message_sealed: format!("sealed {id}"),
            created_at: NOW,
            next_try_at: later(5),
            expires_at: later(100),
        }],
        ..Effects::default()
    }
}

async fn lines(home: &Empty) -> Vec<OutboxRecord> {
    let storage = &home.storage;
    storage
        .claim_messages("push".to_owned(), later(6), later(7), 100)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_browser_is_subscribed_once_and_no_other_account_takes_it() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    storage.register_account(account("boris")).await.unwrap();
    let done = storage
        .subscribe_push(browser("b1", "anna", 1), MOST, effects("on"))
        .await
        .unwrap();
    assert_eq!(done, PushSubscribed::Done);
    assert!(has_effects(storage, "on").await);
    let found = storage.find_push_subscription(&anna(), "b1").await.unwrap();
    assert_eq!(found, Some(browser("b1", "anna", 1)));
    let boris = AccountId::from("boris");
    let foreign = storage.find_push_subscription(&boris, "b1").await.unwrap();
    assert_eq!(foreign, None);

    // The same address once more, and another one of the same browser.
    let again = PushSubscriptionRecord {
        endpoint_index: "index of b1".to_owned(),
        ..browser("b2", "anna", 2)
    };
    assert_eq!(add(&home, again).await, PushSubscribed::Done);
    let fresh = PushSubscriptionRecord {
        device: Some(digest("device of b2")),
        ..browser("b3", "anna", 3)
    };
    assert_eq!(add(&home, fresh).await, PushSubscribed::Done);
    assert_eq!(ids(&home, "anna").await, ["b3"]);

    // Somebody else's address stays theirs.
    let taken = PushSubscriptionRecord {
        endpoint_index: "index of b3".to_owned(),
        ..browser("b4", "boris", 4)
    };
    let refused = storage.subscribe_push(taken, MOST, effects("taken")).await;
    assert_eq!(refused.unwrap(), PushSubscribed::Taken);
    assert!(!has_effects(storage, "taken").await);
    assert_eq!(ids(&home, "anna").await, ["b3"]);
    assert!(ids(&home, "boris").await.is_empty());

    // No more than so many.
    assert_eq!(
        add(&home, browser("b5", "anna", 5)).await,
        PushSubscribed::Done
    );
    assert_eq!(
        add(&home, browser("b6", "anna", 6)).await,
        PushSubscribed::Full
    );
    assert_eq!(ids(&home, "anna").await, ["b3", "b5"]);
    home.close().await;
}

#[tokio::test]
async fn a_browser_is_taken_out_by_its_owner_or_when_it_is_gone() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    storage.register_account(account("boris")).await.unwrap();
    for id in ["b1", "b2"] {
        add(&home, browser(id, "anna", 1)).await;
    }
    let boris = AccountId::from("boris");
    let (one, two) = ("b1".to_owned(), "b2".to_owned());
    let foreign = storage
        .remove_push_subscription(boris.clone(), one.clone(), effects("foreign"))
        .await;
    assert!(!foreign.unwrap() && !has_effects(storage, "foreign").await);
    let foreign = storage.forget_push_subscription(boris, one.clone()).await;
    assert!(!foreign.unwrap());
    let removed = storage
        .remove_push_subscription(anna(), one.clone(), effects("off"))
        .await;
    assert!(removed.unwrap() && has_effects(storage, "off").await);
    let again = storage
        .remove_push_subscription(anna(), one, Effects::default())
        .await;
    assert!(!again.unwrap());
    assert!(
        storage
            .forget_push_subscription(anna(), two.clone())
            .await
            .unwrap()
    );
    assert!(!storage.forget_push_subscription(anna(), two).await.unwrap());
    assert!(ids(&home, "anna").await.is_empty());
    home.close().await;
}

#[tokio::test]
async fn a_message_has_a_line_for_each_browser_of_the_moment() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    storage.register_account(account("boris")).await.unwrap();
    storage.record(message("m0")).await.unwrap();
    for (id, whose) in [("b1", "anna"), ("b2", "anna"), ("b3", "boris")] {
        add(&home, browser(id, whose, 1)).await;
    }
    storage.record(message("m1")).await.unwrap();
    let early = storage
        .claim_messages("push".to_owned(), later(4), later(5), 100)
        .await;
    assert!(early.unwrap().is_empty(), "it waits");
    let lines = lines(&home).await;
    let mut told: Vec<_> = lines.iter().map(|line| line.id.as_str()).collect();
    told.sort_unstable();
    assert_eq!(told, ["push-m1-b1", "push-m1-b2"]);
    for line in &lines {
        assert_eq!(line.expires_at, later(100));
        let held: serde_json::Value = serde_json::from_str(&line.message_sealed).unwrap();
        assert_eq!(held["account"], "anna");
        assert_eq!(held["push"], "m1");
        assert_eq!(held["sealed"], "sealed m1");
        assert_eq!(held["expires_at"], later(100).millis());
    }
    home.close().await;
}

#[tokio::test]
async fn it_goes_with_its_device_its_session_and_its_account() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    for (id, browser) in [("s1", "b1"), ("s2", "b2")] {
        let mut new = session(id, "anna");
        new.device = digest(&format!("device of {browser}"));
        storage.start_session(new).await.unwrap();
    }
    for id in ["b1", "b2"] {
        add(&home, browser(id, "anna", 1)).await;
    }
    // Signed out there: the browser stays its owner's.
    let end = |id: &str, offline| {
        let choice = SessionChoice::One(SessionId::from(id));
        let reason = "ended".to_owned();
        storage.end_sessions(choice, reason, offline, later(2), Effects::default())
    };
    end("s1", false).await.unwrap();
    assert_eq!(ids(&home, "anna").await, ["b1", "b2"]);
    // Ended from elsewhere: it is not.
    end("s2", true).await.unwrap();
    assert_eq!(ids(&home, "anna").await, ["b1"]);

    // "It was not me" takes what was subscribed since.
    add(&home, browser("b3", "anna", 50)).await;
    storage
        .undo(undoing(event(10), None), later(60))
        .await
        .unwrap();
    assert_eq!(ids(&home, "anna").await, ["b1"]);

    storage.record(message("m1")).await.unwrap();
    let erasure = Erasure {
        account: anna(),
        by: "citizen",
        recipients: Vec::new(),
        farewell: Vec::new(),
    };
    let erased = storage.erase_account(erasure, later(70)).await.unwrap();
    assert_eq!(erased, Erased::Now);
    assert!(ids(&home, "anna").await.is_empty());
    assert!(lines(&home).await.is_empty(), "nothing waits for it");
    home.close().await;
}
