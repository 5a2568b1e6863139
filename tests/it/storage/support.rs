//! Requests to support and blocks that are lifted.

use propusk::model::id::AccountId;
use propusk::storage::{
    AuditRecord, Block, Effects, LockLift, Storage, SupportAnswer, SupportMessageRecord,
    SupportOpened, SupportRequestRecord,
};

use super::{Empty, NOW, account, effects, has_effects, later};

fn audit(id: &str, operator: &str, of: Option<&str>, at: u64) -> AuditRecord {
    AuditRecord {
        id: id.to_owned(),
        at: later(at),
        operator_id: operator.into(),
        centre_id: "c1".to_owned(),
        action: "step".to_owned(),
        account_id: of.map(Into::into),
        subject: "subject".to_owned(),
    }
}

fn message(id: &str, number: &str, author: &str, at: u64) -> SupportMessageRecord {
    SupportMessageRecord {
        id: id.to_owned(),
        request_number: number.to_owned(),
        at: later(at),
        author: author.to_owned(),
        text_sealed: format!("text of {id}"),
    }
}

async fn open(storage: &Storage, number: &str, of: &str, at: u64, lines: Effects) -> SupportOpened {
    let request = SupportRequestRecord {
        number: number.to_owned(),
        account_id: of.into(),
        topic: "other".to_owned(),
        created_at: later(at),
        last_message: format!("m {number}"),
        waiting_since: Some(later(at)),
        escalated_at: None,
        claimed_by: None,
        claimed_until: None,
        closed_at: None,
    };
    let first = message(&format!("m {number}"), number, "citizen", at);
    storage
        .open_support_request(request, first, 2, lines)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_block_is_lifted_once_with_its_lines() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let anna = AccountId::from("anna");
    for (name, number) in [
        ("by account", "22222222"),
        ("by login", "11111111 22222222"),
    ] {
        let block = Some(Block {
            number: number.to_owned(),
            account: Some(anna.clone()),
        });
        storage
            .count_hit(name.to_owned(), 1, 60_000, 30_000, block, NOW)
            .await
            .unwrap();
    }
    let found = storage.find_lock("11111111", later(1)).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].account_id.as_ref(), Some(&anna));
    assert_eq!(found[0].locked_at, Some(NOW));
    assert_eq!((found[0].hits, found[0].name.as_str()), (1, "by login"));
    assert!(
        storage
            .find_lock("11111111", later(30))
            .await
            .unwrap()
            .is_empty()
    );
    let lift = |id: &str| LockLift {
        block_number: "11111111".to_owned(),
        reason_sealed: "reason".to_owned(),
        audit: audit(id, "boris", Some("anna"), 2),
        effects: effects(id),
    };
    assert!(storage.lift_lock(lift("once")).await.unwrap());
    assert!(!storage.lift_lock(lift("twice")).await.unwrap());
    assert!(has_effects(storage, "once").await && !has_effects(storage, "twice").await);
    // The one behind it is open as well.
    for name in ["by login", "by account"] {
        assert!(
            storage.find_throttle(name).await.unwrap().is_none(),
            "{name}"
        );
    }
    let boris = AccountId::from("boris");
    assert_eq!(storage.audit_of(&boris, 9).await.unwrap().len(), 1);
    home.close().await;
}

#[tokio::test]
async fn a_request_is_one_operators_and_an_answer_is_to_what_was_read() {
    let home = Empty::furnished().await;
    let (storage, anna) = (&home.storage, AccountId::from("anna"));
    storage.register_account(account("vera")).await.unwrap();
    let (boris, vera) = (AccountId::from("boris"), AccountId::from("vera"));
    assert_eq!(
        open(storage, "1", "anna", 0, effects("opened")).await,
        SupportOpened::Opened
    );
    let taken = open(storage, "1", "anna", 1, effects("number taken")).await;
    assert_eq!(taken, SupportOpened::NumberTaken);
    open(storage, "2", "anna", 1, Effects::default()).await;
    let many = open(storage, "3", "anna", 2, effects("too many")).await;
    assert_eq!(many, SupportOpened::TooMany);
    open(storage, "4", "vera", 3, Effects::default()).await;
    assert!(has_effects(storage, "opened").await && !has_effects(storage, "too many").await);
    assert_eq!(
        storage.support_requests_of(&anna, 9).await.unwrap().len(),
        2
    );
    let queue = async |who: &AccountId| {
        let queue = storage.support_queue(who, 9).await.unwrap();
        queue.into_iter().map(|one| one.number).collect::<Vec<_>>()
    };
    assert_eq!(queue(&boris).await, ["1", "2", "4"]);
    assert_eq!(queue(&anna).await, ["4"]);

    let claim = |id: &str, who: &str, number: &str, at| {
        let lines = effects(id);
        let of = if number == "4" { "vera" } else { "anna" };
        let audit = audit(id, who, Some(of), at);
        storage.claim_support_request(number.to_owned(), later(at + 10), audit, lines)
    };
    assert!(claim("b takes", "boris", "1", 5).await.unwrap());
    assert!(!claim("v too", "vera", "1", 6).await.unwrap());
    assert!(!claim("v own", "vera", "4", 6).await.unwrap());
    assert!(has_effects(storage, "b takes").await && !has_effects(storage, "v too").await);
    let held = async |who: &AccountId, at| {
        let held = storage.claimed_support_request("1", who, later(at)).await;
        held.unwrap().is_some()
    };
    assert!(held(&boris, 14).await && !held(&boris, 15).await && !held(&vera, 7).await);
    let release =
        |who: &AccountId| storage.release_support_request("1".to_owned(), who.clone(), later(7));
    assert!(!release(&vera).await.unwrap());
    assert!(release(&boris).await.unwrap());
    assert!(claim("v takes", "vera", "1", 8).await.unwrap());

    let write = |id: &str, of: &AccountId, at| {
        storage.add_support_message(of.clone(), message(id, "1", "citizen", at), effects(id))
    };
    assert!(write("more", &anna, 9).await.unwrap());
    assert!(!write("foreign", &vera, 9).await.unwrap());
    let answer = |id: &str, who: &str, read: &str, closes| SupportAnswer {
        message: message(id, "1", "support", 10),
        read: read.to_owned(),
        closes,
        audit: audit(id, who, Some("anna"), 10),
        effects: effects(id),
    };
    let unread = answer("unread", "vera", "m 1", false);
    assert!(
        !storage
            .answer_support_request(unread, later(10))
            .await
            .unwrap()
    );
    let foreign = answer("not held", "boris", "more", false);
    assert!(
        !storage
            .answer_support_request(foreign, later(10))
            .await
            .unwrap()
    );
    let late = answer("late", "vera", "more", false);
    assert!(
        !storage
            .answer_support_request(late, later(18))
            .await
            .unwrap()
    );
    let right = answer("right", "vera", "more", false);
    assert!(
        storage
            .answer_support_request(right, later(10))
            .await
            .unwrap()
    );
    assert!(has_effects(storage, "right").await && !has_effects(storage, "unread").await);
    let written = storage.support_messages("1").await.unwrap();
    let ids: Vec<_> = written.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["m 1", "more", "right"]);
    assert_eq!(queue(&boris).await, ["2", "4"]);
    // Written to again, it waits from then on.
    assert!(write("again", &anna, 20).await.unwrap());
    let found = storage.find_support_request("1").await.unwrap().unwrap();
    assert_eq!(
        (found.waiting_since, found.claimed_by),
        (Some(later(20)), None)
    );
    assert!(claim("b again", "boris", "1", 21).await.unwrap());
    let last = answer("last", "boris", "again", true);
    assert!(
        storage
            .answer_support_request(last, later(22))
            .await
            .unwrap()
    );
    assert!(!write("closed", &anna, 23).await.unwrap());
    let close = |id: &'static str, of: &AccountId| {
        storage.close_support_request(of.clone(), "2".to_owned(), later(24), effects(id))
    };
    assert!(!close("not hers", &vera).await.unwrap());
    assert!(close("hers", &anna).await.unwrap());
    assert!(!close("again", &anna).await.unwrap());
    assert_eq!(queue(&boris).await, ["4"]);
    // Closed long enough, they are gone with their messages.
    storage.purge(10, later(366 * 24 * 3600)).await.unwrap();
    assert!(storage.find_support_request("2").await.unwrap().is_none());
    assert!(storage.support_messages("1").await.unwrap().is_empty());
    assert!(storage.find_support_request("4").await.unwrap().is_some());
    home.close().await;
}

#[tokio::test]
async fn who_waits_too_long_is_noted_once() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let boris = AccountId::from("boris");
    open(storage, "1", "anna", 0, Effects::default()).await;
    open(storage, "2", "anna", 10, Effects::default()).await;
    let before = later(5);
    let waiting = storage.support_waiting_before(&boris, before).await;
    assert_eq!(waiting.unwrap(), 1);
    let anna = AccountId::from("anna");
    assert_eq!(
        storage.support_waiting_before(&anna, before).await.unwrap(),
        0
    );
    let late = storage
        .unanswered_support_requests(before, 9)
        .await
        .unwrap();
    assert_eq!(late.len(), 1);
    let note = |number: &str, id: &str| {
        let audit = audit(id, "system", Some("anna"), 30);
        storage.escalate_support_request(number.to_owned(), before, audit)
    };
    assert!(note("1", "a").await.unwrap());
    assert!(!note("1", "b").await.unwrap());
    assert!(!note("2", "c").await.unwrap());
    let late = storage
        .unanswered_support_requests(before, 9)
        .await
        .unwrap();
    assert!(late.is_empty());
    let system = AccountId::from("system");
    assert_eq!(storage.audit_of(&system, 9).await.unwrap().len(), 1);
    home.close().await;
}
