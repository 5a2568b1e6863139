//! Accounts from papers, the standing of their SNILS, temporary passwords.

use std::time::Duration;

use propusk::model::id::AccountId;
use propusk::storage::{
    AuditRecord, ContactRecord, Effects, EvidenceRecord, NewAccount, OperatorRecord, PapersAccount,
    PasswordRecord, Registered, SubmissionRecord,
};

use super::{Empty, NOW, account, contact, effects, has_effects, later, password, session};

fn audit(id: &str, account: &str) -> AuditRecord {
    AuditRecord {
        id: id.to_owned(),
        at: NOW,
        operator_id: AccountId::from("boris"),
        centre_id: "c1".to_owned(),
        action: "papers_registered".to_owned(),
        account_id: Some(AccountId::from(account)),
        subject: String::new(),
    }
}

fn temporary(account: &str, hash: &str, at: u64) -> PasswordRecord {
    PasswordRecord {
        temporary_until: Some(later(at + 100)),
        ..password(account, hash, later(at))
    }
}

fn seen(account: &str, index: &str) -> ContactRecord {
    ContactRecord {
        seen_at: Some(NOW),
        ..contact(account, "snils", index, false)
    }
}

fn papers(id: &str, index: &str) -> PapersAccount {
    let account_id = AccountId::from(id);
    PapersAccount {
        account: NewAccount {
            contacts: vec![seen(id, index)],
            agreements: Vec::new(),
            password: Some(temporary(id, "printed", 0)),
            effects: Effects::default(),
            ..account(id)
        },
        submission: SubmissionRecord {
            id: format!("s {id}"),
            account_id: account_id.clone(),
            data_sealed: "sealed".to_owned(),
            digest: "digest".to_owned(),
            created_at: NOW,
            closed_at: None,
            outcome: None,
        },
        registries: vec!["passports".to_owned()],
        evidence: EvidenceRecord {
            id: format!("e {id}"),
            account_id,
            source: "service_centre".to_owned(),
            given_by: "c1 boris".to_owned(),
            covers_sealed: "sealed".to_owned(),
            at: NOW,
            expires_at: None,
            withdrawn_at: None,
            lapse_recorded_at: None,
        },
        audit: audit(&format!("a {id}"), id),
    }
}

#[tokio::test]
async fn an_account_from_papers_is_there_with_everything_or_not_at_all() {
    let home = Empty::open().await;
    let storage = &home.storage;
    let anna = AccountId::from("anna");
    let mut new = papers("anna", "number");
    new.account.effects = effects("made");
    let made = storage.register_from_papers(new).await.unwrap();
    assert_eq!(made, Registered::Created);
    assert!(has_effects(storage, "made").await);
    let holder = storage.snils_holder("number").await.unwrap();
    assert_eq!(holder, Some(anna.clone()));
    let current = storage.passwords_of(&anna, 1).await.unwrap();
    assert_eq!(current[0].temporary_until, Some(later(100)));
    assert!(storage.newest_submission(&anna).await.unwrap().is_some());
    assert_eq!(storage.checks_of("s anna").await.unwrap().len(), 1);
    assert_eq!(storage.evidence_of(&anna).await.unwrap().len(), 1);
    let boris = AccountId::from("boris");
    assert_eq!(storage.audit_of(&boris, 5).await.unwrap().len(), 1);

    // The number is taken: nothing of the second one stays.
    let second = storage.register_from_papers(papers("vera", "number")).await;
    assert_eq!(second.unwrap(), Registered::ContactTaken);
    let vera = AccountId::from("vera");
    assert!(storage.find_account(&vera).await.unwrap().is_none());
    assert_eq!(storage.audit_of(&boris, 5).await.unwrap().len(), 1);
    home.close().await;
}

#[tokio::test]
async fn a_seen_snils_stands_above_a_declared_and_below_a_confirmed_one() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let anna = AccountId::from("anna");
    let find = async || storage.find_by_contact("snils", "number").await.unwrap();
    // Anna declares it first.
    let declared = vec![contact("anna", "snils", "number", false)];
    let sealed = "profile".to_owned();
    storage
        .put_profile(anna.clone(), sealed, declared, NOW, NOW, Effects::default())
        .await
        .unwrap();
    assert_eq!(find().await, Some(anna.clone()));
    assert_eq!(storage.snils_holder("number").await.unwrap(), None);
    let made = storage.register_from_papers(papers("vera", "number")).await;
    assert_eq!(made.unwrap(), Registered::Created);
    let vera = AccountId::from("vera");
    assert_eq!(find().await, Some(vera.clone()));
    // It outlives a change of the profile.
    storage
        .put_profile(
            vera.clone(),
            "new".to_owned(),
            Vec::new(),
            NOW,
            NOW,
            Effects::default(),
        )
        .await
        .unwrap();
    assert_eq!(storage.contacts_of(&vera).await.unwrap().len(), 1);
    // Confirmed for Anna, it is gone from there.
    let confirmed = contact("anna", "snils", "number", true);
    let taken = storage
        .confirm_contact(confirmed, NOW, Effects::default())
        .await
        .unwrap();
    assert_eq!(taken, Registered::Created);
    assert_eq!(find().await, Some(anna.clone()));
    assert!(storage.contacts_of(&vera).await.unwrap().is_empty());
    let late = storage.register_from_papers(papers("olga", "number")).await;
    assert_eq!(late.unwrap(), Registered::ContactTaken);
    home.close().await;
}

#[tokio::test]
async fn only_a_temporary_password_is_replaced_from_a_desk() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let replace = async |who: &str, hash: &str, at, id: &'static str| {
        let new = temporary(who, hash, at);
        storage
            .replace_temporary(new, audit(id, who), effects(id))
            .await
            .unwrap()
    };
    // Anna has one of her own.
    assert!(!replace("anna", "printed", 1, "first").await);
    assert!(!has_effects(storage, "first").await);
    storage
        .register_from_papers(papers("vera", "number"))
        .await
        .unwrap();
    let vera = AccountId::from("vera");
    storage.start_session(session("s9", "vera")).await.unwrap();
    assert!(replace("vera", "printed again", 1, "second").await);
    assert!(has_effects(storage, "second").await);
    let current = storage.passwords_of(&vera, 1).await.unwrap();
    assert_eq!(current[0].hash, "printed again");
    assert_eq!(current[0].temporary_until, Some(later(101)));
    let ended = storage.load_session(&"s9".into()).await.unwrap().unwrap();
    assert!(ended.ended_at.is_some());
    // Her own from now on.
    let own = password("vera", "own", later(2));
    storage
        .set_password(own, None, None, Effects::default())
        .await
        .unwrap();
    assert!(!replace("vera", "printed once more", 3, "third").await);
    storage
        .block_account(vera.clone(), Some(later(4)), later(4))
        .await
        .unwrap();
    home.close().await;
}

#[tokio::test]
async fn a_desk_restores_only_what_is_open_undisputed_and_no_operators() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let anna = AccountId::from("anna");
    let restore = async |who: &str, hash: &str, at, id: &'static str| {
        let (new, doubted) = (
            temporary(who, hash, at),
            later(at).minus(Duration::from_secs(50)),
        );
        storage
            .restore_login(new, doubted, audit(id, who), effects(id))
            .await
            .unwrap()
    };
    storage.start_session(session("s9", "anna")).await.unwrap();
    assert!(restore("anna", "printed", 1, "first").await);
    assert!(has_effects(storage, "first").await);
    let current = storage.passwords_of(&anna, 5).await.unwrap();
    assert_eq!(current[0].hash, "printed");
    assert!(current[1..].iter().all(|old| old.replaced_at.is_some()));
    let ended = storage.load_session(&"s9".into()).await.unwrap().unwrap();
    assert!(ended.ended_at.is_some());
    // Blocked.
    let block = |at| storage.block_account(anna.clone(), at, later(2));
    block(Some(later(2))).await.unwrap();
    assert!(!restore("anna", "second", 3, "second").await);
    assert!(!has_effects(storage, "second").await);
    block(None).await.unwrap();
    // Restricted, until it ends.
    let decided = super::risk::decision("1", 3, "restrict");
    let nothing = Effects::default;
    storage
        .restrict_account(decided, later(10), nothing())
        .await
        .unwrap();
    assert!(!restore("anna", "third", 4, "third").await);
    assert!(restore("anna", "fourth", 10, "fourth").await);
    // Defended by its owner, for a while.
    let undo = super::not_me::undoing(super::not_me::event(15), None);
    storage.undo(undo, later(20)).await.unwrap();
    assert!(!restore("anna", "fifth", 21, "fifth").await);
    assert!(restore("anna", "sixth", 21 + 60, "sixth").await);
    // An operator's.
    storage
        .put_centre(super::centres::centre("c1"))
        .await
        .unwrap();
    let task = OperatorRecord {
        account_id: anna,
        centre_id: "c1".to_owned(),
        role: "centre".to_owned(),
        added_at: NOW,
        disabled_at: None,
    };
    storage.put_operator(task).await.unwrap();
    assert!(!restore("anna", "seventh", 90, "seventh").await);
    home.close().await;
}

#[tokio::test]
async fn a_desk_lifts_the_restriction_it_has_seen_and_no_other() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let anna = AccountId::from("anna");
    let lift = async |seen, at, id: &'static str| {
        storage
            .lift_at_desk(
                anna.clone(),
                later(seen),
                later(at),
                audit(id, "anna"),
                effects(id),
            )
            .await
            .unwrap()
    };
    let restrict = async |id: &str, until| {
        let decided = super::risk::decision(id, 1, "restrict");
        storage
            .restrict_account(decided, later(until), Effects::default())
            .await
            .unwrap();
    };
    assert!(!lift(50, 2, "none").await);
    restrict("1", 50).await;
    restrict("2", 60).await;
    assert!(!lift(50, 3, "another").await && !has_effects(storage, "another").await);
    assert!(!lift(60, 60, "over").await);
    let block = |at| storage.block_account(anna.clone(), at, later(4));
    block(Some(later(4))).await.unwrap();
    assert!(!lift(60, 5, "blocked").await);
    block(None).await.unwrap();
    assert!(lift(60, 6, "first").await && has_effects(storage, "first").await);
    assert!(!lift(60, 7, "second").await);
    assert_eq!(storage.audit_of(&"boris".into(), 9).await.unwrap().len(), 1);
    // An operator's.
    restrict("3", 70).await;
    let centre = super::centres::centre("c1");
    storage.put_centre(centre).await.unwrap();
    let task = OperatorRecord {
        account_id: anna.clone(),
        centre_id: "c1".to_owned(),
        role: "centre".to_owned(),
        added_at: NOW,
        disabled_at: None,
    };
    storage.put_operator(task).await.unwrap();
    assert!(!lift(70, 8, "operator").await);
    home.close().await;
}
