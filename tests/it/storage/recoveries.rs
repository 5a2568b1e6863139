//! Access that is being recovered.

use propusk::model::id::AccountId;
use propusk::model::ticket::{RECOVERY_OPEN, SECOND_STEP};
use propusk::model::timestamp::Timestamp;
use propusk::storage::{
    Effects, FactorRecord, Recovered, RecoveredBy, RecoveryRecord, Redeemed, Storage,
};

use super::{Empty, NOW, digest, effects, has_effects, later, password};

fn anna() -> AccountId {
    AccountId::from("anna")
}

fn recovery(id: &str, begun_at: Timestamp) -> RecoveryRecord {
    let after = |seconds| begun_at.plus(std::time::Duration::from_secs(seconds));
    RecoveryRecord {
        id: id.to_owned(),
        account_id: anna(),
        contact_kind: "phone".to_owned(),
        begun_at,
        opens_at: after(100),
        lapses_at: after(200),
        told_at: begun_at,
        cancelled_at: None,
        done_at: None,
    }
}

async fn put(storage: &Storage, kind: &'static str, name: &str) {
    storage
        .put_ticket_of(
            Some(anna()),
            (kind, digest(name)),
            String::new(),
            NOW,
            later(9_000),
            Effects::default(),
        )
        .await
        .unwrap();
}

async fn begin(storage: &Storage, new: RecoveryRecord, lines: &str) -> bool {
    let ticket = (RECOVERY_OPEN, digest("shown"));
    storage
        .begin_recovery(new, ticket, effects(lines))
        .await
        .unwrap()
}

async fn finish(storage: &Storage, ticket: &str, by: RecoveredBy, at: u64) -> bool {
    let new = Recovered {
        ticket: (RECOVERY_OPEN, digest(ticket)),
        by,
        password: password("anna", &format!("hash by {ticket}"), later(at)),
        restricted_until: (by == RecoveredBy::Wait).then(|| later(at + 50)),
        effects: Effects::default(),
    };
    storage.finish_recovery(new, later(at)).await.unwrap()
}

async fn add_factor(storage: &Storage) {
    let factor = FactorRecord {
        id: "app".to_owned(),
        account_id: anna(),
        kind: "totp".to_owned(),
        kept_sealed: "kept".to_owned(),
        credential: None,
        created_at: NOW,
        last_used_at: None,
        last_step: None,
        preferred_at: None,
    };
    assert!(
        storage
            .add_factor(factor, Effects::default())
            .await
            .unwrap()
    );
    storage
        .put_backup_codes(anna(), vec![digest("b1")], NOW, Effects::default())
        .await
        .unwrap();
}

#[tokio::test]
async fn one_recovery_waits_is_told_of_once_and_cancelled_once() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    // Not without what was shown.
    assert!(!begin(storage, recovery("r0", NOW), "unshown").await);
    put(storage, RECOVERY_OPEN, "shown").await;
    put(storage, SECOND_STEP, "step").await;
    assert!(begin(storage, recovery("r1", NOW), "begun").await);
    assert!(has_effects(storage, "begun").await);
    assert!(!begin(storage, recovery("r2", later(1)), "second").await);
    assert!(!has_effects(storage, "second").await);
    let found = storage.newest_recovery(&anna()).await.unwrap().unwrap();
    assert_eq!(found, recovery("r1", NOW));
    assert_eq!(storage.recoveries_of(&anna()).await.unwrap().len(), 1);
    assert_eq!(
        storage.find_recovery("r1").await.unwrap(),
        Some(found.clone())
    );
    assert!(found.is_open(later(199)) && !found.is_open(later(200)));

    let waiting = async |before, now| {
        let found = storage.recoveries_to_tell(before, now, 10).await.unwrap();
        found.len()
    };
    assert_eq!(waiting(later(5), later(60)).await, 1);
    assert_eq!(waiting(later(5), later(200)).await, 0, "its time is over");
    let tell = async |told_at, now, lines| {
        let lines = effects(lines);
        let id = "r1".to_owned();
        storage
            .announce_recovery(id, told_at, now, lines)
            .await
            .unwrap()
    };
    assert!(tell(NOW, later(60), "told").await);
    assert!(!tell(NOW, later(61), "told again").await, "by another node");
    assert!(has_effects(storage, "told").await && !has_effects(storage, "told again").await);
    assert_eq!(waiting(later(5), later(70)).await, 0);

    let cancel = async |account: &str, at, lines| {
        let (id, account) = ("r1".to_owned(), AccountId::from(account));
        storage
            .cancel_recovery(id, account, later(at), effects(lines))
            .await
            .unwrap()
    };
    assert!(!cancel("boris", 80, "of another").await);
    assert!(cancel("anna", 80, "cancelled").await);
    assert!(!cancel("anna", 81, "cancelled twice").await);
    assert!(has_effects(storage, "cancelled").await);
    assert!(!tell(later(60), later(90), "told after").await);
    // Steps under way are over.
    for (kind, name) in [(RECOVERY_OPEN, "shown"), (SECOND_STEP, "step")] {
        let spent = storage.redeem_ticket(kind, digest(name), later(85)).await;
        assert!(matches!(spent.unwrap(), Redeemed::Replayed(_)));
    }
    put(storage, RECOVERY_OPEN, "late").await;
    assert!(!finish(storage, "late", RecoveredBy::Wait, 150).await);
    // Another one may begin.
    let ticket = (RECOVERY_OPEN, digest("late"));
    let next = recovery("r3", later(160));
    let begun = storage.begin_recovery(next, ticket, Effects::default());
    assert!(begun.await.unwrap());
    home.close().await;
}

#[tokio::test]
async fn a_password_is_recovered_once_when_the_time_has_come_and_factors_go_with_it() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    add_factor(storage).await;
    for name in ["shown", "early", "code", "other"] {
        put(storage, RECOVERY_OPEN, name).await;
    }
    put(storage, SECOND_STEP, "step").await;
    assert!(begin(storage, recovery("r1", NOW), "begun").await);
    assert!(!finish(storage, "early", RecoveredBy::Wait, 99).await);
    assert!(!finish(storage, "early", RecoveredBy::Wait, 200).await);
    assert!(
        !finish(storage, "code", RecoveredBy::Code, 100).await,
        "there is a factor"
    );
    assert!(finish(storage, "early", RecoveredBy::Wait, 100).await);
    assert!(!finish(storage, "early", RecoveredBy::Wait, 101).await);
    assert!(
        !finish(storage, "other", RecoveredBy::Factor, 102).await,
        "other steps are over"
    );
    assert!(storage.factors_of(&anna()).await.unwrap().is_empty());
    assert_eq!(storage.backup_codes_left(&anna()).await.unwrap(), 0);
    let account = storage.find_account(&anna()).await.unwrap().unwrap();
    assert_eq!(account.restricted_until, Some(later(150)));
    let passwords = storage.passwords_of(&anna(), 2).await.unwrap();
    assert_eq!(passwords[0].hash, "hash by early");
    let session = storage.load_session(&"s1".into()).await.unwrap().unwrap();
    assert_eq!(session.ended_at, Some(later(100)));
    let newest = storage.newest_recovery(&anna()).await.unwrap().unwrap();
    assert_eq!(newest.done_at, Some(later(100)));
    let spent = storage.redeem_ticket(SECOND_STEP, digest("step"), later(101));
    assert!(matches!(spent.await.unwrap(), Redeemed::Replayed(_)));
    // Restricted: nothing more for a while.
    put(storage, RECOVERY_OPEN, "next").await;
    assert!(!finish(storage, "next", RecoveredBy::Code, 149).await);
    assert!(finish(storage, "next", RecoveredBy::Code, 150).await);
    // Old rows go.
    assert!(storage.purge(100, later(91 * 86_400)).await.unwrap() > 0);
    assert!(storage.newest_recovery(&anna()).await.unwrap().is_none());
    home.close().await;
}

#[tokio::test]
async fn a_blocked_account_is_not_recovered() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    put(storage, RECOVERY_OPEN, "shown").await;
    storage
        .block_account(anna(), Some(later(1)), later(1))
        .await
        .unwrap();
    assert!(!begin(storage, recovery("r1", later(2)), "begun").await);
    for by in [RecoveredBy::Code, RecoveredBy::Factor] {
        assert!(!finish(storage, "shown", by, 3).await);
    }
    home.close().await;
}
