//! Photographs that operators compare.

use propusk::model::id::AccountId;
use propusk::storage::{
    AuditRecord, CentreRecord, Completed, Effects, EvidenceRecord, PhotographCaseRecord,
    PhotographDecision, Ruling,
};

use super::files::file;
use super::{Empty, NOW, account, effects, has_effects, later};

fn case(id: &str, account: &str, at: u64) -> PhotographCaseRecord {
    PhotographCaseRecord {
        id: id.to_owned(),
        account_id: AccountId::from(account),
        created_at: later(at),
        expires_at: later(at + 1000),
        consent: "1".to_owned(),
        claimed_by: None,
        claimed_until: None,
        closed_at: None,
        outcome: None,
        centre_id: None,
        reason_sealed: None,
        erase_at: None,
        erased_at: None,
    }
}

fn decision(id: &str, account: &str, keep: u64) -> PhotographDecision {
    let ruling = Ruling {
        read_at: Some(NOW),
        outcome: "confirmed".to_owned(),
        reason_sealed: None,
        evidence: Some(EvidenceRecord {
            id: format!("e {id}"),
            account_id: AccountId::from(account),
            source: "video".to_owned(),
            given_by: "c1 boris".to_owned(),
            covers_sealed: "sealed".to_owned(),
            at: NOW,
            expires_at: None,
            withdrawn_at: None,
            lapse_recorded_at: None,
        }),
        audit: AuditRecord {
            id: id.to_owned(),
            at: NOW,
            operator_id: AccountId::from("boris"),
            centre_id: "c1".to_owned(),
            action: "photographs_confirmed".to_owned(),
            account_id: Some(AccountId::from(account)),
            subject: "p1".to_owned(),
        },
        effects: effects(id),
    };
    PhotographDecision {
        ruling,
        erase_at: later(keep),
    }
}

async fn staffed() -> Empty {
    let home = Empty::furnished().await;
    for id in ["boris", "vera"] {
        home.storage.register_account(account(id)).await.unwrap();
    }
    let centre = CentreRecord {
        id: "c1".to_owned(),
        name: "Centre".to_owned(),
        address: "1 Main Street".to_owned(),
        hours: "9–18".to_owned(),
        created_at: NOW,
        closed_at: None,
    };
    home.storage.put_centre(centre).await.unwrap();
    home
}

#[tokio::test]
async fn one_case_is_open_and_its_photographs_go_with_the_decision() {
    let home = staffed().await;
    let (storage, anna) = (&home.storage, AccountId::from("anna"));
    let boris = AccountId::from("boris");
    let send = |id: &'static str| {
        storage.send_photographs(case(id, "anna", 0), vec![file(id, id, 9)], effects(id))
    };
    assert!(send("p1").await.unwrap());
    assert!(!send("p2").await.unwrap());
    assert!(has_effects(storage, "p1").await && !has_effects(storage, "p2").await);
    assert!(storage.files_of(&anna, "p2").await.unwrap().is_empty());
    assert_eq!(
        storage.photographs_waiting(later(1)).await.unwrap(),
        (1, Some(later(0)))
    );
    let decide = |id: &'static str, at| {
        storage.decide_photographs("p1".to_owned(), decision(id, "anna", 0), later(at))
    };
    // Nobody decides who does not hold it.
    assert_eq!(decide("early", 1).await.unwrap(), Completed::Before);
    storage
        .claim_photographs(boris.clone(), later(1), later(10))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(decide("late", 10).await.unwrap(), Completed::Before);
    assert_eq!(decide("in time", 9).await.unwrap(), Completed::Now);
    assert_eq!(decide("again", 9).await.unwrap(), Completed::Before);
    assert!(!has_effects(storage, "again").await && has_effects(storage, "in time").await);
    assert_eq!(storage.evidence_of(&anna).await.unwrap().len(), 1);
    assert!(storage.files_of(&anna, "p1").await.unwrap().is_empty());
    let newest = storage.newest_photographs(&anna).await.unwrap().unwrap();
    assert_eq!(newest.outcome.as_deref(), Some("confirmed"));
    assert_eq!(
        (newest.erase_at, newest.erased_at),
        (Some(later(0)), Some(later(9)))
    );
    // And there is room for another, which may be taken back once.
    assert!(send("p3").await.unwrap());
    for (id, expected) in [("withdrawn", true), ("nothing left", false)] {
        let withdrawn = storage.withdraw_photographs(anna.clone(), later(9), effects(id));
        assert_eq!(withdrawn.await.unwrap(), expected);
        assert_eq!(has_effects(storage, id).await, expected);
    }
    assert!(storage.files_of(&anna, "p3").await.unwrap().is_empty());
    home.close().await;
}

#[tokio::test]
async fn a_case_is_one_operators_for_a_while_and_never_about_themselves() {
    let home = staffed().await;
    let storage = &home.storage;
    let (boris, vera) = (AccountId::from("boris"), AccountId::from("vera"));
    for (id, of, at) in [("p1", "boris", 0), ("p2", "anna", 1)] {
        let sent = storage.send_photographs(case(id, of, at), Vec::new(), Effects::default());
        assert!(sent.await.unwrap());
    }
    let claim = |who: &AccountId, at| {
        let claimed = storage.claim_photographs(who.clone(), later(at), later(at + 10));
        async { claimed.await.unwrap().map(|case| case.id) }
    };
    // Boris has the oldest case, but it is about himself.
    assert_eq!(claim(&boris, 1).await.as_deref(), Some("p2"));
    assert_eq!(claim(&vera, 2).await.as_deref(), Some("p1"));
    // Each keeps what they have; nobody else gets it.
    assert_eq!(claim(&boris, 3).await.as_deref(), Some("p2"));
    assert!(
        storage
            .release_photographs(vera.clone(), later(4))
            .await
            .unwrap()
    );
    assert!(
        !storage
            .release_photographs(vera.clone(), later(4))
            .await
            .unwrap()
    );
    assert_eq!(
        storage.claimed_photographs(&vera, later(4)).await.unwrap(),
        None
    );
    let held = storage
        .claimed_photographs(&boris, later(12))
        .await
        .unwrap();
    assert_eq!(held.map(|case| case.id).as_deref(), Some("p2"));
    assert_eq!(
        storage
            .claimed_photographs(&boris, later(13))
            .await
            .unwrap(),
        None
    );
    // Its time over, another takes it.
    assert_eq!(claim(&vera, 14).await.as_deref(), Some("p1"));
    let anna = AccountId::from("anna");
    assert_eq!(claim(&anna, 14).await, None, "her own");
    home.close().await;
}

#[tokio::test]
async fn photographs_are_destroyed_when_their_time_comes() {
    let home = staffed().await;
    let (storage, anna) = (&home.storage, AccountId::from("anna"));
    let (boris, vera) = (AccountId::from("boris"), AccountId::from("vera"));
    let mut theirs = file("f2", "p2", 9);
    theirs.file.account_id = vera.clone();
    storage
        .send_photographs(
            case("p1", "anna", 0),
            vec![file("f1", "p1", 9)],
            effects("s1"),
        )
        .await
        .unwrap();
    storage
        .send_photographs(case("p2", "vera", 1), vec![theirs], Effects::default())
        .await
        .unwrap();
    storage
        .claim_photographs(boris, NOW, later(100))
        .await
        .unwrap()
        .unwrap();
    let kept = decision("kept", "anna", 500);
    let decided = storage.decide_photographs("p1".to_owned(), kept, later(2));
    assert_eq!(decided.await.unwrap(), Completed::Now);
    assert_eq!(storage.files_of(&anna, "p1").await.unwrap().len(), 1);
    assert_eq!(storage.erase_photographs(later(499), 10).await.unwrap(), 0);
    assert_eq!(storage.erase_photographs(later(500), 10).await.unwrap(), 1);
    assert_eq!(storage.erase_photographs(later(500), 10).await.unwrap(), 0);
    assert!(storage.files_of(&anna, "p1").await.unwrap().is_empty());
    // Nobody decided about the other.
    assert!(
        storage
            .overdue_photographs(later(1000), 10)
            .await
            .unwrap()
            .is_empty()
    );
    let overdue = storage.overdue_photographs(later(1001), 10).await.unwrap();
    assert_eq!(overdue.len(), 1);
    for (id, expected) in [("once", true), ("twice", false)] {
        let expired = storage.expire_photographs("p2".to_owned(), later(1001), effects(id));
        assert_eq!(expired.await.unwrap(), expected);
        assert_eq!(has_effects(storage, id).await, expected);
    }
    assert!(storage.files_of(&vera, "p2").await.unwrap().is_empty());
    home.close().await;
}
