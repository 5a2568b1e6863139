//! Restricted accounts, and the decisions they follow from.

use propusk::model::id::AccountId;
use propusk::storage::{Effects, RiskDecisionRecord};

use super::{Empty, effects, has_effects, later};

fn anna() -> AccountId {
    AccountId::from("anna")
}

pub(super) fn decision(id: &str, at: u64, outcome: &str) -> RiskDecisionRecord {
    RiskDecisionRecord {
        id: id.to_owned(),
        account_id: anna(),
        at: later(at),
        outcome: outcome.to_owned(),
        rules: "new_country=30".to_owned(),
    }
}

#[tokio::test]
async fn a_restriction_grows_and_is_lifted_once() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let until = async || {
        let account = storage.find_account(&anna()).await.unwrap().unwrap();
        account.restricted_until
    };
    assert_eq!(until().await, None);
    let nothing = Effects::default();
    let lifted = storage.lift_restriction(anna(), later(0), nothing.clone());
    assert!(!lifted.await.unwrap(), "there is none");
    storage
        .restrict_account(decision("1", 10, "restrict"), later(100), effects("1"))
        .await
        .unwrap();
    assert!(has_effects(storage, "1").await);
    assert_eq!(until().await, Some(later(100)));
    storage
        .restrict_account(decision("2", 20, "restrict"), later(90), nothing.clone())
        .await
        .unwrap();
    assert_eq!(until().await, Some(later(100)), "never shorter");
    let late = storage.lift_restriction(anna(), later(100), effects("late"));
    assert!(!late.await.unwrap(), "it is over by itself");
    assert!(!has_effects(storage, "late").await);
    assert!(
        storage
            .lift_restriction(anna(), later(99), effects("lifted"))
            .await
            .unwrap()
    );
    assert!(has_effects(storage, "lifted").await);
    assert_eq!(until().await, None);
    assert!(
        !storage
            .lift_restriction(anna(), later(99), nothing)
            .await
            .unwrap()
    );
    home.close().await;
}

#[tokio::test]
async fn decisions_are_read_newest_first() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    for (id, at) in [("1", 10), ("2", 20), ("3", 30)] {
        storage
            .record_refusal(decision(id, at, "end"), effects(id))
            .await
            .unwrap();
        assert!(has_effects(storage, id).await);
    }
    let decisions = storage.risk_decisions(2).await.unwrap();
    assert_eq!(
        decisions,
        [decision("3", 30, "end"), decision("2", 20, "end")]
    );
    let account = storage.find_account(&anna()).await.unwrap().unwrap();
    assert_eq!(account.restricted_until, None);
    home.close().await;
}
