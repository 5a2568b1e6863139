//! Accounts, contacts, documents, passwords.

use std::sync::Arc;

use propusk::model::id::AccountId;
use propusk::storage::{Effects, EvidenceRecord, LoadedAccount, Registered, VisitRecord};

use super::{
    Empty, NOW, account, agreement, contact, digest, effects, has_effects, later, password, session,
};

fn anna() -> AccountId {
    AccountId::from("anna")
}

#[tokio::test]
async fn an_account_is_made_whole_or_not_at_all() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let found = storage.find_account(&anna()).await.unwrap().unwrap();
    assert_eq!(
        (found.profile_sealed.as_str(), found.blocked_at),
        ("profile", None)
    );
    // The same confirmed phone: nothing of the second account stays.
    let mut second = account("boris");
    second.contacts = vec![
        contact("boris", "email", "mail of boris", true),
        contact("boris", "phone", "phone of anna", true),
    ];
    assert_eq!(
        storage.register_account(second).await.unwrap(),
        Registered::ContactTaken
    );
    let boris = AccountId::from("boris");
    assert!(storage.find_account(&boris).await.unwrap().is_none());
    assert!(storage.passwords_of(&boris, 5).await.unwrap().is_empty());
    assert!(storage.contacts_of(&boris).await.unwrap().is_empty());
    assert_eq!(
        storage
            .find_by_contact("email", "mail of boris")
            .await
            .unwrap(),
        None
    );
    let mut third = account("vera");
    third.effects = Effects {
        outbox: vec![super::message("m1", "sms")],
        ..Effects::default()
    };
    storage.register_account(third).await.unwrap();
    assert_eq!(storage.outbox_waiting().await.unwrap().0, 1);
    home.close().await;
}

#[tokio::test]
async fn many_accounts_are_loaded_at_once() {
    let home = Empty::open().await;
    let many: Vec<_> = (0..50)
        .map(|n| LoadedAccount {
            account: account(&format!("account {n}")),
            evidence: vec![evidence(n)],
            visit: Some(visit(n)),
        })
        .collect();
    home.storage.load_accounts(Arc::new(many)).await.unwrap();
    let found = home
        .storage
        .find_by_contact("phone", "phone of account 49")
        .await
        .unwrap();
    let last = AccountId::from("account 49");
    assert_eq!(found.as_ref(), Some(&last));
    let proofs = home.storage.evidence_of(&last).await.unwrap();
    assert_eq!(proofs.len(), 1);
    let visit = home.storage.find_visit("00000049", NOW).await.unwrap();
    assert_eq!(visit.map(|visit| visit.account_id), Some(last));
    home.close().await;
}

fn evidence(n: u32) -> EvidenceRecord {
    EvidenceRecord {
        id: format!("evidence {n}"),
        account_id: AccountId::from(format!("account {n}")),
        source: "registry".to_owned(),
        given_by: "passport".to_owned(),
        covers_sealed: "sealed".to_owned(),
        at: NOW,
        expires_at: None,
        withdrawn_at: None,
        lapse_recorded_at: None,
    }
}

fn visit(n: u32) -> VisitRecord {
    VisitRecord {
        number: format!("{n:08}"),
        account_id: AccountId::from(format!("account {n}")),
        created_at: NOW,
        expires_at: later(60),
        closed_at: None,
        outcome: None,
        centre_id: None,
        reason_sealed: None,
        submission_id: None,
    }
}

#[tokio::test]
async fn a_confirmed_owner_comes_before_those_who_only_say_so() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    storage.register_account(account("boris")).await.unwrap();
    let declare = |who: &'static str| {
        let declared = vec![contact(who, "snils", "number", false)];
        storage.put_profile(
            who.into(),
            format!("profile of {who}"),
            declared,
            NOW,
            later(1),
            Effects::default(),
        )
    };
    declare("boris").await.unwrap();
    assert_eq!(
        storage.find_by_contact("snils", "number").await.unwrap(),
        Some("boris".into())
    );
    let confirmed = contact("anna", "snils", "number", true);
    let done = storage
        .confirm_contact(confirmed, later(2), effects("confirmed"))
        .await
        .unwrap();
    assert_eq!(done, Registered::Created);
    assert_eq!(
        storage.find_by_contact("snils", "number").await.unwrap(),
        Some(anna())
    );
    assert!(has_effects(storage, "confirmed").await);
    // What is confirmed for one cannot be confirmed for another.
    let stolen = contact("boris", "snils", "number", true);
    let refused = storage
        .confirm_contact(stolen, later(3), effects("stolen"))
        .await
        .unwrap();
    assert_eq!(refused, Registered::ContactTaken);
    assert!(!has_effects(storage, "stolen").await);
    // A new phone takes the place of the old one.
    let phone = contact("anna", "phone", "new phone", true);
    storage
        .confirm_contact(phone, later(4), Effects::default())
        .await
        .unwrap();
    let contacts = storage.contacts_of(&anna()).await.unwrap();
    let seen: Vec<_> = contacts
        .iter()
        .map(|one| (one.kind.as_str(), one.blind_index.as_str()))
        .collect();
    assert_eq!(seen, [("phone", "new phone"), ("snils", "number")]);
    assert_eq!(
        storage
            .find_by_contact("phone", "phone of anna")
            .await
            .unwrap(),
        None
    );
    home.close().await;
}

#[tokio::test]
async fn a_profile_replaces_what_was_said_and_keeps_what_was_proven() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let put = |index: &str, name: &'static str, read_at, now| {
        let declared = vec![contact("anna", "snils", index, false)];
        let profile = "changed".to_owned();
        storage.put_profile(anna(), profile, declared, read_at, now, effects(name))
    };
    assert!(put("first", "one", NOW, later(5)).await.unwrap());
    // Somebody who read what was there before.
    assert!(!put("late", "late", NOW, later(6)).await.unwrap());
    assert!(!has_effects(storage, "late").await);
    assert!(put("second", "two", later(5), later(9)).await.unwrap());
    let contacts = storage.contacts_of(&anna()).await.unwrap();
    let seen: Vec<_> = contacts
        .iter()
        .map(|one| one.blind_index.as_str())
        .collect();
    assert_eq!(seen, ["phone of anna", "second"]);
    let found = storage.find_account(&anna()).await.unwrap().unwrap();
    assert_eq!(
        (found.profile_sealed.as_str(), found.updated_at),
        ("changed", later(9))
    );
    assert!(has_effects(storage, "one").await && has_effects(storage, "two").await);
    home.close().await;
}

#[tokio::test]
async fn a_document_is_accepted_once_by_version() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    for id in ["first", "again"] {
        let accepted = vec![agreement("1"), agreement("2")];
        storage
            .accept_agreements(anna(), accepted, effects(id))
            .await
            .unwrap();
    }
    let versions = storage.agreements_of(&anna()).await.unwrap();
    assert_eq!(versions.len(), 2);
    assert!(has_effects(storage, "first").await);
    home.close().await;
}

#[tokio::test]
async fn a_block_ends_sessions_and_can_be_lifted() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    storage
        .block_account(anna(), Some(later(5)), later(5))
        .await
        .unwrap();
    assert_eq!(
        storage
            .find_account(&anna())
            .await
            .unwrap()
            .unwrap()
            .blocked_at,
        Some(later(5))
    );
    assert!(
        storage
            .open_sessions(&anna(), later(6))
            .await
            .unwrap()
            .is_empty()
    );
    storage.block_account(anna(), None, later(7)).await.unwrap();
    assert_eq!(
        storage
            .find_account(&anna())
            .await
            .unwrap()
            .unwrap()
            .blocked_at,
        None
    );
    assert!(
        storage
            .open_sessions(&anna(), later(8))
            .await
            .unwrap()
            .is_empty(),
        "what ended stays ended"
    );
    home.close().await;
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    storage.start_session(session("s2", "anna")).await.unwrap();
    let new = password("anna", "hash 2", later(10));
    storage
        .set_password(new, Some("s2".into()), None, effects("changed"))
        .await
        .unwrap();
    let passwords = storage.passwords_of(&anna(), 5).await.unwrap();
    let seen: Vec<_> = passwords
        .iter()
        .map(|one| (one.hash.as_str(), one.replaced_at))
        .collect();
    assert_eq!(seen, [("hash 2", None), ("hash 1", Some(later(10)))]);
    assert_eq!(storage.passwords_of(&anna(), 1).await.unwrap().len(), 1);
    let open = storage.open_sessions(&anna(), later(11)).await.unwrap();
    assert_eq!(
        open.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
        ["s2"]
    );
    let ended = storage.load_session(&"s1".into()).await.unwrap().unwrap();
    assert_eq!(ended.end_reason.as_deref(), Some("password_changed"));
    assert!(has_effects(storage, "changed").await);
    // The same password hashed anew: only in the place of the one it was.
    let upgrade = |old: &str| storage.upgrade_password(anna(), old.to_owned(), "hash 3".to_owned());
    assert!(!upgrade("hash 1").await.unwrap());
    assert!(upgrade("hash 2").await.unwrap());
    assert_eq!(
        storage.passwords_of(&anna(), 1).await.unwrap()[0].hash,
        "hash 3"
    );
    home.close().await;
}

#[tokio::test]
async fn a_new_password_forgets_every_other_browser() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    storage.register_account(account("boris")).await.unwrap();
    let boris = AccountId::from("boris");
    for (id, owner) in [
        ("s1", "anna"),
        ("s2", "anna"),
        ("s3", "anna"),
        ("s4", "boris"),
    ] {
        let mut new = session(id, owner);
        new.device = digest(&format!("device of {id}"));
        storage.start_session(new).await.unwrap();
    }
    let known = async |id: &str, owner: &AccountId| {
        let device = digest(&format!("device of {id}"));
        storage.is_known_device(&device, owner).await.unwrap()
    };
    let change = async |hash: &str, seconds, keep| {
        let new = password("anna", hash, later(seconds));
        let ended = storage.set_password(new, None, keep, effects(hash)).await;
        ended.unwrap()
    };
    change("hash 2", 10, Some(digest("device of s2"))).await;
    assert!(!known("s1", &anna()).await && !known("s3", &anna()).await);
    assert!(known("s2", &anna()).await && known("s4", &boris).await);
    // Somebody else's browser is not made anna's by being kept.
    change("hash 3", 20, Some(digest("device of s4"))).await;
    assert!(!known("s2", &anna()).await && !known("s4", &anna()).await);
    change("hash 4", 30, None).await;
    assert!(known("s4", &boris).await);
    home.close().await;
}
