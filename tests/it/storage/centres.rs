//! Service centres, operators, visits and the audit.

use propusk::model::id::AccountId;
use propusk::model::timestamp::Timestamp;
use propusk::storage::{
    AuditRecord, CentreRecord, Completed, Effects, EvidenceRecord, OperatorRecord, Ruling,
    VisitDecision, VisitRecord,
};

use super::{Empty, NOW, account, effects, has_effects, later};

pub(super) fn centre(id: &str) -> CentreRecord {
    CentreRecord {
        id: id.to_owned(),
        name: format!("Centre {id}"),
        address: "1 Main Street".to_owned(),
        hours: "9–18".to_owned(),
        created_at: NOW,
        closed_at: None,
    }
}

fn visit(number: &str, account: &str, at: u64) -> VisitRecord {
    VisitRecord {
        number: number.to_owned(),
        account_id: AccountId::from(account),
        created_at: later(at),
        expires_at: later(at + 100),
        closed_at: None,
        outcome: None,
        centre_id: None,
        reason_sealed: None,
        submission_id: None,
    }
}

fn audit(id: &str, at: u64) -> AuditRecord {
    AuditRecord {
        id: id.to_owned(),
        at: later(at),
        operator_id: AccountId::from("boris"),
        centre_id: "c1".to_owned(),
        action: "visit_confirmed".to_owned(),
        account_id: Some(AccountId::from("anna")),
        subject: "11112222".to_owned(),
    }
}

fn confirmed(id: &str) -> VisitDecision {
    let ruling = Ruling {
        outcome: "confirmed".to_owned(),
        reason_sealed: None,
        read_at: Some(NOW),
        evidence: Some(EvidenceRecord {
            id: format!("e {id}"),
            account_id: AccountId::from("anna"),
            source: "service_centre".to_owned(),
            given_by: "c1 boris".to_owned(),
            covers_sealed: "sealed".to_owned(),
            at: NOW,
            expires_at: None,
            withdrawn_at: None,
            lapse_recorded_at: None,
        }),
        audit: audit(id, 5),
        effects: effects(id),
    };
    VisitDecision { ruling, code: None }
}

async fn staffed() -> Empty {
    let home = Empty::furnished().await;
    home.storage
        .register_account(account("boris"))
        .await
        .unwrap();
    home.storage.put_centre(centre("c1")).await.unwrap();
    home
}

#[tokio::test]
async fn centres_and_tasks_are_kept() {
    let home = staffed().await;
    let (storage, boris) = (&home.storage, AccountId::from("boris"));
    let mut moved = centre("c1");
    moved.address = "2 Main Street".to_owned();
    storage.put_centre(moved.clone()).await.unwrap();
    assert_eq!(storage.centres().await.unwrap(), [moved]);
    assert_eq!(storage.find_operator(&boris).await.unwrap(), None);
    let mut task = OperatorRecord {
        account_id: boris.clone(),
        centre_id: "c1".to_owned(),
        role: "centre".to_owned(),
        added_at: NOW,
        disabled_at: None,
    };
    storage.put_operator(task.clone()).await.unwrap();
    task.disabled_at = Some(later(1));
    storage.put_operator(task.clone()).await.unwrap();
    assert_eq!(
        storage.find_operator(&boris).await.unwrap(),
        Some(task.clone())
    );
    assert_eq!(storage.operators().await.unwrap(), [task]);
    home.close().await;
}

#[tokio::test]
async fn one_visit_is_open_at_a_time_and_numbers_are_taken_once() {
    let home = staffed().await;
    let (storage, anna) = (&home.storage, AccountId::from("anna"));
    let open = |visit, id: &'static str| storage.open_visit(visit, effects(id));
    assert!(open(visit("11112222", "anna", 0), "first").await.unwrap());
    assert!(!open(visit("33334444", "anna", 1), "second").await.unwrap());
    assert!(!open(visit("11112222", "boris", 1), "third").await.unwrap());
    assert!(has_effects(storage, "first").await);
    assert!(!has_effects(storage, "second").await);
    assert!(
        storage
            .find_visit("11112222", later(99))
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        storage
            .find_visit("11112222", later(100))
            .await
            .unwrap()
            .is_none()
    );
    // Over by then, it makes room.
    assert!(
        open(visit("55556666", "anna", 100), "fourth")
            .await
            .unwrap()
    );
    let newest = storage.newest_visit(&anna).await.unwrap().unwrap();
    assert_eq!(newest.number, "55556666");
    home.close().await;
}

#[tokio::test]
async fn a_visit_is_decided_once_and_the_audit_knows() {
    let home = staffed().await;
    let (storage, anna) = (&home.storage, AccountId::from("anna"));
    storage
        .open_visit(visit("11112222", "anna", 0), Effects::default())
        .await
        .unwrap();
    let boris = AccountId::from("boris");
    storage
        .record_audit(audit("opened", 1), effects("opened"))
        .await
        .unwrap();
    assert!(has_effects(storage, "opened").await);
    for (id, expected) in [("one", Completed::Now), ("two", Completed::Before)] {
        let decided = storage
            .decide_visit("11112222".to_owned(), confirmed(id), later(5))
            .await
            .unwrap();
        assert_eq!(decided, expected, "{id}");
        assert_eq!(has_effects(storage, id).await, expected == Completed::Now);
    }
    assert_eq!(storage.evidence_of(&anna).await.unwrap().len(), 1);
    let ids: Vec<_> = storage.audit_of(&boris, 10).await.unwrap();
    let ids: Vec<_> = ids.iter().map(|line| line.id.as_str()).collect();
    assert_eq!(ids, ["one", "opened"]);
    let decided = storage.newest_visit(&anna).await.unwrap().unwrap();
    assert_eq!(
        (decided.outcome.as_deref(), decided.centre_id.as_deref()),
        (Some("confirmed"), Some("c1"))
    );
    home.close().await;
}

#[tokio::test]
async fn what_was_judged_must_still_be_so_when_it_is_confirmed() {
    let home = staffed().await;
    let (storage, anna) = (&home.storage, AccountId::from("anna"));
    storage
        .open_visit(visit("11112222", "anna", 0), Effects::default())
        .await
        .unwrap();
    let decide = async |id: &str, read_at: Option<Timestamp>, outcome: &str| {
        let mut decision = confirmed(id);
        decision.ruling.read_at = read_at;
        decision.ruling.outcome = outcome.to_owned();
        if outcome == "refused" {
            decision.ruling.evidence = None;
        }
        let decided = storage.decide_visit("11112222".to_owned(), decision, later(5));
        decided.await.unwrap()
    };
    // Evidence was taken back between the look and the press.
    storage
        .withdraw_evidence(anna.clone(), later(1), Effects::default())
        .await
        .unwrap();
    assert_eq!(
        decide("old", Some(NOW), "confirmed").await,
        Completed::Stale
    );
    // A blocked account is confirmed by nobody.
    storage
        .block_account(anna.clone(), Some(later(2)), later(2))
        .await
        .unwrap();
    let blocked = decide("blocked", Some(later(2)), "confirmed").await;
    assert_eq!(blocked, Completed::Stale);
    assert!(storage.evidence_of(&anna).await.unwrap().is_empty());
    assert!(!has_effects(storage, "old").await && !has_effects(storage, "blocked").await);
    // A refusal rests on nothing.
    assert_eq!(decide("no", None, "refused").await, Completed::Now);
    home.close().await;
}
