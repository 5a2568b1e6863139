//! Proposals about data that registries have otherwise.

use propusk::model::id::AccountId;
use propusk::storage::{
    AuditRecord, CentreRecord, Completed, Completion, Effects, EvidenceRecord, Matched,
    OperatorRecord, Overridden, OverrideDecision, OverrideRecord, SubmissionRecord, VisitRecord,
};

use super::{Empty, NOW, account, contact, effects, has_effects, later};

fn anna() -> AccountId {
    AccountId::from("anna")
}

fn proposal(by: &str, at: u64) -> OverrideRecord {
    OverrideRecord {
        number: "11112222".to_owned(),
        account_id: anna(),
        submission_id: "s1".to_owned(),
        proposed_by: AccountId::from(by),
        centre_id: "c1".to_owned(),
        proposed_at: later(at),
        expires_at: later(at + 100),
        reason_sealed: "sealed".to_owned(),
        closed_at: None,
        outcome: None,
        decided_by: None,
        answer_sealed: None,
    }
}

fn audit(id: &str, by: &str) -> AuditRecord {
    AuditRecord {
        id: id.to_owned(),
        at: later(5),
        operator_id: AccountId::from(by),
        centre_id: "c1".to_owned(),
        action: "override_confirmed".to_owned(),
        account_id: Some(anna()),
        subject: "11112222".to_owned(),
    }
}

fn evidence(id: &str, source: &str) -> EvidenceRecord {
    EvidenceRecord {
        id: id.to_owned(),
        account_id: anna(),
        source: source.to_owned(),
        given_by: "c1 boris c1 vera".to_owned(),
        covers_sealed: "sealed".to_owned(),
        at: NOW,
        expires_at: None,
        withdrawn_at: None,
        lapse_recorded_at: None,
    }
}

fn confirmed(id: &str, by: &str) -> OverrideDecision {
    OverrideDecision {
        outcome: "confirmed".to_owned(),
        answer_sealed: None,
        confirmed: Some(Overridden {
            matched: Matched {
                read_at: NOW,
                profile_sealed: "seen by two".to_owned(),
                snils: contact("anna", "snils", "snils of anna", true),
                evidence: evidence(&format!("data {id}"), "two_operators"),
            },
            holder: evidence(&format!("holder {id}"), "service_centre"),
        }),
        audit: audit(id, by),
        effects: effects(id),
    }
}

fn returned(id: &str, by: &str) -> OverrideDecision {
    OverrideDecision {
        outcome: "returned".to_owned(),
        answer_sealed: Some("why".to_owned()),
        confirmed: None,
        ..confirmed(id, by)
    }
}

fn visit(number: &str, submission: &str, at: u64) -> VisitRecord {
    VisitRecord {
        number: number.to_owned(),
        account_id: anna(),
        created_at: later(at),
        expires_at: later(at + 100),
        closed_at: None,
        outcome: None,
        centre_id: None,
        reason_sealed: None,
        submission_id: Some(submission.to_owned()),
    }
}

async fn submit(home: &Empty, id: &str, at: u64) {
    let submission = SubmissionRecord {
        id: id.to_owned(),
        account_id: anna(),
        data_sealed: "sealed".to_owned(),
        digest: id.to_owned(),
        created_at: later(at),
        closed_at: None,
        outcome: None,
    };
    let names = vec!["passports".to_owned()];
    home.storage
        .submit_data(submission, names, NOW, Effects::default())
        .await
        .unwrap();
}

async fn works(home: &Empty, who: &str, works: bool) {
    let operator = OperatorRecord {
        account_id: AccountId::from(who),
        role: "centre".to_owned(),
        centre_id: "c1".to_owned(),
        added_at: NOW,
        disabled_at: (!works).then_some(NOW),
    };
    home.storage.put_operator(operator).await.unwrap();
}

/// Two operators, and data of anna's that did not match.
async fn disputed() -> Empty {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let centre = CentreRecord {
        id: "c1".to_owned(),
        name: "Centre".to_owned(),
        address: "1 Main Street".to_owned(),
        hours: "9–18".to_owned(),
        created_at: NOW,
        closed_at: None,
    };
    storage.put_centre(centre).await.unwrap();
    for who in ["boris", "vera"] {
        storage.register_account(account(who)).await.unwrap();
        works(&home, who, true).await;
    }
    submit(&home, "s1", 0).await;
    let completion = Completion {
        outcome: "mismatch".to_owned(),
        matched: None,
        withdraws: false,
        effects: Effects::default(),
    };
    storage
        .complete_submission("s1".to_owned(), completion, later(1))
        .await
        .unwrap();
    home
}

/// The same with a proposal of boris's.
async fn proposed() -> Empty {
    let home = disputed().await;
    let storage = &home.storage;
    let opened = storage.open_visit(visit("11112222", "s1", 1), Effects::default());
    assert!(opened.await.unwrap());
    let proposed = storage
        .propose_override(
            proposal("boris", 2),
            audit("proposed", "boris"),
            effects("proposed"),
        )
        .await
        .unwrap();
    assert_eq!(proposed, Completed::Now);
    home
}

async fn decide(home: &Empty, decision: OverrideDecision, at: u64) -> Completed {
    let decided = home
        .storage
        .decide_override("11112222".to_owned(), decision, later(at));
    decided.await.unwrap()
}

#[tokio::test]
async fn a_visit_about_data_needs_the_newest_that_did_not_match() {
    let home = disputed().await;
    let storage = &home.storage;
    let open = |number, submission, at| {
        storage.open_visit(visit(number, submission, at), Effects::default())
    };
    assert!(!open("00000000", "other", 1).await.unwrap());
    assert!(open("11112222", "s1", 1).await.unwrap());
    assert!(!open("33334444", "s1", 2).await.unwrap());
    // About the holder alone it is another visit, and takes the place.
    let mut plain = visit("55556666", "s1", 3);
    plain.submission_id = None;
    assert!(storage.open_visit(plain, Effects::default()).await.unwrap());
    assert!(
        storage
            .find_visit("11112222", later(4))
            .await
            .unwrap()
            .is_none()
    );
    assert!(open("77778888", "s1", 5).await.unwrap());
    // Other data close it and are under way themselves.
    submit(&home, "s2", 6).await;
    assert!(
        storage
            .find_visit("77778888", later(7))
            .await
            .unwrap()
            .is_none()
    );
    assert!(!open("99990000", "s2", 7).await.unwrap());
    home.close().await;
}

#[tokio::test]
async fn a_proposal_is_made_once_and_waits_for_somebody_else() {
    let home = proposed().await;
    let storage = &home.storage;
    let again = storage
        .propose_override(
            proposal("vera", 3),
            audit("again", "vera"),
            effects("again"),
        )
        .await
        .unwrap();
    assert_eq!(again, Completed::Before);
    assert!(has_effects(storage, "proposed").await && !has_effects(storage, "again").await);
    let found = storage.find_override("11112222", later(3)).await.unwrap();
    assert_eq!(found, Some(proposal("boris", 2)));
    assert_eq!(storage.newest_override(&anna()).await.unwrap(), found);
    for (who, expected) in [("vera", 1), ("boris", 0), ("anna", 0)] {
        let who = AccountId::from(who);
        let waiting = storage.overrides_waiting(&who, later(3), 10).await.unwrap();
        assert_eq!(waiting.len(), expected, "{who}");
        let count = storage.count_overrides(&who, later(3)).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), expected);
    }
    // Its time is over.
    let vera = AccountId::from("vera");
    assert!(
        storage
            .find_override("11112222", later(102))
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(storage.count_overrides(&vera, later(102)).await.unwrap(), 0);
    let lapsed = decide(&home, confirmed("late", "vera"), 102).await;
    assert_eq!(lapsed, Completed::Before);
    // The visit it came from is confirmed by nobody, alone or not.
    assert!(
        storage
            .find_visit("11112222", later(3))
            .await
            .unwrap()
            .is_none()
    );
    // No other visit about it while it waits.
    let visit = storage.open_visit(visit("33334444", "s1", 4), Effects::default());
    assert!(!visit.await.unwrap());
    home.close().await;
}

#[tokio::test]
async fn a_proposal_is_decided_once_by_another_who_is_at_work() {
    let home = proposed().await;
    let storage = &home.storage;
    // The proposer, the citizen, a stranger; the right one while either is away.
    for by in ["boris", "anna", "nobody"] {
        let decided = decide(&home, confirmed(by, by), 5).await;
        assert_eq!(decided, Completed::Before, "{by}");
    }
    for away in ["vera", "boris"] {
        works(&home, away, false).await;
        let decided = decide(&home, confirmed(away, "vera"), 5).await;
        assert_eq!(decided, Completed::Before, "{away}");
        works(&home, away, true).await;
    }
    assert!(storage.evidence_of(&anna()).await.unwrap().is_empty());
    let mut stale = confirmed("stale", "vera");
    stale.confirmed.as_mut().unwrap().matched.read_at = later(4);
    assert_eq!(decide(&home, stale, 5).await, Completed::Stale);
    assert_eq!(
        decide(&home, confirmed("one", "vera"), 5).await,
        Completed::Now
    );
    let mut two = confirmed("two", "vera");
    two.confirmed.as_mut().unwrap().matched.read_at = later(5);
    assert_eq!(decide(&home, two, 6).await, Completed::Before);
    assert!(has_effects(storage, "one").await && !has_effects(storage, "two").await);
    assert_eq!(storage.evidence_of(&anna()).await.unwrap().len(), 2);
    let account = storage.find_account(&anna()).await.unwrap().unwrap();
    assert_eq!(account.profile_sealed, "seen by two");
    let submission = storage.find_submission("s1").await.unwrap().unwrap();
    assert_eq!(submission.outcome.as_deref(), Some("overridden"));
    home.close().await;
}

#[tokio::test]
async fn a_proposal_may_be_sent_back_though_its_proposer_is_gone() {
    let home = proposed().await;
    let storage = &home.storage;
    works(&home, "boris", false).await;
    let own = decide(&home, returned("own", "boris"), 5).await;
    assert_eq!(own, Completed::Before);
    let back = decide(&home, returned("back", "vera"), 5).await;
    assert_eq!(back, Completed::Now);
    let newest = storage.newest_override(&anna()).await.unwrap().unwrap();
    assert_eq!(newest.outcome.as_deref(), Some("returned"));
    assert_eq!(newest.decided_by, Some(AccountId::from("vera")));
    // The data are still in dispute: the citizen may come again.
    assert!(
        storage
            .open_visit(visit("33334444", "s1", 6), Effects::default())
            .await
            .unwrap()
    );
    home.close().await;
}

#[tokio::test]
async fn other_data_a_command_and_a_block_close_a_proposal() {
    for how in ["data", "withdrawn", "blocked"] {
        let home = proposed().await;
        let storage = &home.storage;
        match how {
            "data" => submit(&home, "s2", 3).await,
            "withdrawn" => storage
                .withdraw_evidence(anna(), later(3), Effects::default())
                .await
                .unwrap(),
            _ => storage
                .block_account(anna(), Some(later(3)), later(3))
                .await
                .unwrap(),
        }
        let closed = storage.newest_override(&anna()).await.unwrap().unwrap();
        assert_eq!(closed.outcome.as_deref(), Some("replaced"), "{how}");
        let mut late = confirmed("late", "vera");
        if how == "withdrawn" {
            late.confirmed.as_mut().unwrap().matched.read_at = later(3);
        }
        assert_ne!(decide(&home, late, 5).await, Completed::Now, "{how}");
        assert!(storage.evidence_of(&anna()).await.unwrap().is_empty());
        home.close().await;
    }
}
