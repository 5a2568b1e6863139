//! Citizens who vouch for others.

use propusk::model::id::AccountId;
use propusk::model::ticket::RECOVERY_OPEN;
use propusk::model::timestamp::Timestamp;
use propusk::storage::{Effects, RecoveryRecord, Storage, TrustedRecord, VouchRecord};

use super::{Empty, NOW, account, digest, effects, has_effects, later};

fn id(name: &str) -> AccountId {
    AccountId::from(name)
}

async fn invite(storage: &Storage, name: &str, of: &str, to: Option<&str>, at: u64) -> bool {
    let new = TrustedRecord {
        id: name.to_owned(),
        account_id: id(of),
        contact_id: to.map(id),
        typed_sealed: "typed".to_owned(),
        invited_at: later(at),
        expires_at: later(at + 100),
        confirmed_at: None,
        ended_at: None,
    };
    storage
        .invite_trusted(new, Effects::default())
        .await
        .unwrap()
}

async fn confirm(storage: &Storage, name: &str, by: &str, at: u64) -> bool {
    storage
        .confirm_trusted(name.to_owned(), id(by), 1, later(at), Effects::default())
        .await
        .unwrap()
}

async fn end(storage: &Storage, name: &str, by: &str, at: u64, lines: &str) -> bool {
    storage
        .end_trusted(name.to_owned(), id(by), later(at), effects(lines))
        .await
        .unwrap()
}

async fn furnished() -> Empty {
    let home = Empty::furnished().await;
    for name in ["boris", "vera"] {
        home.storage.register_account(account(name)).await.unwrap();
    }
    home
}

#[tokio::test]
async fn one_is_chosen_who_confirms_in_time_and_either_ends_it() {
    let home = furnished().await;
    let storage = &home.storage;
    assert!(invite(storage, "t0", "anna", None, 0).await);
    assert!(!invite(storage, "t1", "anna", Some("boris"), 1).await);
    let of = async |at| storage.trusted_of(&id("anna"), later(at)).await.unwrap();
    assert_eq!(of(99).await.unwrap().id, "t0");
    assert!(of(100).await.is_none(), "the invitation is over");
    assert!(invite(storage, "t1", "anna", Some("boris"), 100).await);
    let asked = storage.trusting(&id("boris"), later(101)).await.unwrap();
    assert_eq!(asked.len(), 1);
    assert!(!confirm(storage, "t1", "vera", 101).await);
    assert!(!confirm(storage, "t1", "boris", 200).await, "too late");
    assert!(confirm(storage, "t1", "boris", 102).await);
    assert!(!confirm(storage, "t1", "boris", 103).await);
    // So many serve as may, and no more.
    assert!(invite(storage, "t2", "vera", Some("boris"), 100).await);
    assert!(!confirm(storage, "t2", "boris", 104).await);
    assert!(of(9_000).await.is_some(), "confirmed, it stands");
    assert!(!end(storage, "t1", "vera", 105, "foreign").await);
    assert!(end(storage, "t1", "boris", 106, "ended").await);
    assert!(!end(storage, "t1", "anna", 107, "again").await);
    assert!(has_effects(storage, "ended").await && !has_effects(storage, "again").await);
    assert!(confirm(storage, "t2", "boris", 108).await);
    home.close().await;
}

async fn ask(storage: &Storage, name: &str, at: u64) -> bool {
    let new = VouchRecord {
        id: name.to_owned(),
        recovery_id: "r1".to_owned(),
        account_id: id("anna"),
        contact_id: id("boris"),
        number: "47".to_owned(),
        asked_at: later(at),
        expires_at: later(at + 50),
        vouched_at: None,
        asker: digest("step"),
    };
    storage
        .ask_to_vouch(new, effects(&format!("ask {name} {at}")))
        .await
        .unwrap()
}

async fn vouch(storage: &Storage, name: &str, by: &str, at: u64) -> bool {
    storage
        .vouch(name.to_owned(), id(by), later(at), Effects::default())
        .await
        .unwrap()
}

async fn recovery(storage: &Storage, opens_at: Timestamp) {
    let shown = (RECOVERY_OPEN, digest("shown"));
    storage
        .put_ticket_of(
            Some(id("anna")),
            shown.clone(),
            String::new(),
            NOW,
            later(9_000),
            Effects::default(),
        )
        .await
        .unwrap();
    let new = RecoveryRecord {
        id: "r1".to_owned(),
        account_id: id("anna"),
        contact_kind: "phone".to_owned(),
        begun_at: NOW,
        opens_at,
        lapses_at: later(6_000),
        told_at: NOW,
        cancelled_at: None,
        done_at: None,
    };
    let begun = storage.begin_recovery(new, shown, Effects::default());
    assert!(begun.await.unwrap());
}

#[tokio::test]
async fn who_is_trusted_opens_a_recovery_once() {
    let home = furnished().await;
    let storage = &home.storage;
    recovery(storage, later(5_000)).await;
    assert!(!ask(storage, "v0", 1).await, "nobody is trusted");
    assert!(invite(storage, "t1", "anna", Some("boris"), 0).await);
    assert!(!ask(storage, "v0", 1).await, "not yet");
    assert!(confirm(storage, "t1", "boris", 2).await);
    assert!(ask(storage, "v1", 3).await);
    assert!(has_effects(storage, "ask v1 3").await);
    assert!(!ask(storage, "v2", 4).await, "one at a time");
    let found = storage.vouch_request_of("r1").await.unwrap().unwrap();
    assert_eq!((&*found.id, &*found.number), ("v1", "47"));
    let of = async |name, at| {
        let found = storage.vouch_requests(&id(name), later(at)).await.unwrap();
        found.len()
    };
    assert_eq!((of("boris", 4).await, of("vera", 4).await), (1, 0));
    assert_eq!(of("boris", 53).await, 0, "its time is over");
    assert!(!vouch(storage, "v1", "vera", 5).await);
    assert!(!vouch(storage, "v1", "boris", 53).await);
    assert!(ask(storage, "v3", 60).await, "asked once more");
    assert!(vouch(storage, "v3", "boris", 61).await);
    assert!(!vouch(storage, "v3", "boris", 62).await);
    let all = storage.trust_of(&id("anna")).await.unwrap();
    assert_eq!(all.len(), 1);
    assert!(storage.trust_of(&id("boris")).await.unwrap().is_empty());
    // For the step that asked; for others the time stays.
    let found = storage.vouch_request_of("r1").await.unwrap().unwrap();
    assert_eq!(
        (found.vouched_at, found.asker),
        (Some(later(61)), digest("step"))
    );
    let recovery = storage.find_recovery("r1").await.unwrap().unwrap();
    assert_eq!(recovery.opens_at, later(5_000));
    home.close().await;
}

#[tokio::test]
async fn nobody_vouches_for_what_was_cancelled_or_after_the_trust_ended() {
    let home = furnished().await;
    let storage = &home.storage;
    recovery(storage, later(5_000)).await;
    assert!(invite(storage, "t1", "anna", Some("boris"), 0).await);
    assert!(confirm(storage, "t1", "boris", 1).await);
    assert!(ask(storage, "v1", 2).await);
    assert!(end(storage, "t1", "anna", 3, "ended").await);
    assert!(!vouch(storage, "v1", "boris", 4).await);
    assert!(invite(storage, "t2", "anna", Some("boris"), 5).await);
    assert!(confirm(storage, "t2", "boris", 6).await);
    storage
        .cancel_recovery("r1".to_owned(), id("anna"), later(7), Effects::default())
        .await
        .unwrap();
    assert!(!vouch(storage, "v1", "boris", 8).await);
    assert!(!ask(storage, "v2", 60).await);
    home.close().await;
}
