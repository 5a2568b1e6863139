//! Submissions to the registries and evidence.

use propusk::model::id::AccountId;
use propusk::storage::{
    CheckRecord, Completed, Completion, Effects, EvidenceRecord, Matched, SubmissionRecord,
    Submitted,
};

use super::{Empty, NOW, account, contact, effects, has_effects, later};

fn submission(id: &str, digest: &str, at: u64) -> SubmissionRecord {
    SubmissionRecord {
        id: id.to_owned(),
        account_id: AccountId::from("anna"),
        data_sealed: format!("sealed {id}"),
        digest: digest.to_owned(),
        created_at: later(at),
        closed_at: None,
        outcome: None,
    }
}

fn evidence(id: &str, expires_at: Option<u64>) -> EvidenceRecord {
    EvidenceRecord {
        id: id.to_owned(),
        account_id: AccountId::from("anna"),
        source: "registry".to_owned(),
        given_by: "passports".to_owned(),
        covers_sealed: "sealed".to_owned(),
        at: NOW,
        expires_at: expires_at.map(later),
        withdrawn_at: None,
        lapse_recorded_at: None,
    }
}

fn matched(evidence: EvidenceRecord) -> Completion {
    Completion {
        outcome: "matched".to_owned(),
        withdraws: false,
        matched: Some(Matched {
            read_at: NOW,
            profile_sealed: "checked".to_owned(),
            snils: contact("anna", "snils", "snils of anna", true),
            evidence,
        }),
        effects: effects("matched"),
    }
}

async fn submit(home: &Empty, submission: SubmissionRecord) -> Submitted {
    let names = vec!["passports".to_owned(), "pension_fund".to_owned()];
    home.storage
        .submit_data(submission, names, NOW, Effects::default())
        .await
        .unwrap()
}

async fn checks(home: &Empty, id: &str) -> Vec<CheckRecord> {
    home.storage.checks_of(id).await.unwrap()
}

#[tokio::test]
async fn one_submission_is_open_at_a_time() {
    let home = Empty::furnished().await;
    let anna = AccountId::from("anna");
    assert!(
        home.storage
            .newest_submission(&anna)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(
        submit(&home, submission("s1", "a", 0)).await,
        Submitted::New
    );
    assert_eq!(
        submit(&home, submission("s2", "a", 1)).await,
        Submitted::Already
    );
    assert!(home.storage.find_submission("s2").await.unwrap().is_none());
    assert_eq!(
        submit(&home, submission("s3", "b", 2)).await,
        Submitted::New
    );
    let first = home.storage.find_submission("s1").await.unwrap().unwrap();
    assert_eq!(
        (first.outcome.as_deref(), first.closed_at),
        (Some("replaced"), Some(later(2)))
    );
    let newest = home
        .storage
        .newest_submission(&anna)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(newest.id, "s3");
    // The same again, after nobody has answered for too long.
    let names = vec!["passports".to_owned()];
    let again = home
        .storage
        .submit_data(submission("s4", "b", 9), names, later(5), effects("again"))
        .await
        .unwrap();
    assert_eq!(again, Submitted::New);
    assert!(has_effects(&home.storage, "again").await);
    home.close().await;
}

#[tokio::test]
async fn a_check_is_asked_until_it_is_answered() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    submit(&home, submission("s1", "a", 0)).await;
    let names = || ("s1".to_owned(), "passports".to_owned());
    let (id, registry) = names();
    assert!(storage.start_check(id, registry, later(1)).await.unwrap());
    let of = |found: &[CheckRecord]| {
        let check = found
            .iter()
            .find(|check| check.registry == "passports")
            .unwrap();
        (check.tries, check.started_at, check.mismatch.clone())
    };
    assert_eq!(of(&checks(&home, "s1").await), (1, Some(later(1)), None));
    let (id, registry) = names();
    storage.pause_check(id, registry).await.unwrap();
    assert_eq!(of(&checks(&home, "s1").await), (1, None, None));
    let (id, registry) = names();
    assert!(storage.start_check(id, registry, later(9)).await.unwrap());
    for answer in ["passport sex", ""] {
        // The first answer stands.
        let (id, registry) = names();
        let answer = answer.to_owned();
        storage
            .answer_check(id, registry, answer, later(10))
            .await
            .unwrap();
    }
    let (id, registry) = names();
    assert!(!storage.start_check(id, registry, later(11)).await.unwrap());
    assert_eq!(
        of(&checks(&home, "s1").await),
        (2, Some(later(9)), Some("passport sex".to_owned()))
    );
    home.close().await;
}

#[tokio::test]
async fn a_match_puts_everything_in_its_place_once() {
    let home = Empty::furnished().await;
    let (storage, anna) = (&home.storage, AccountId::from("anna"));
    submit(&home, submission("s1", "a", 0)).await;
    let completion = matched(evidence("e1", None));
    let done = storage
        .complete_submission("s1".to_owned(), completion.clone(), later(1))
        .await
        .unwrap();
    assert_eq!(done, Completed::Now);
    let mut again = completion;
    again.matched.as_mut().unwrap().read_at = later(1);
    let again = storage
        .complete_submission("s1".to_owned(), again, later(2))
        .await
        .unwrap();
    assert_eq!(again, Completed::Before);
    let found = storage.evidence_of(&anna).await.unwrap();
    assert_eq!(found.len(), 1);
    let account = storage.find_account(&anna).await.unwrap().unwrap();
    assert_eq!(account.profile_sealed, "checked");
    let contacts = storage.contacts_of(&anna).await.unwrap();
    assert!(
        contacts
            .iter()
            .any(|of| of.kind == "snils" && of.confirmed_at.is_some())
    );
    assert!(has_effects(storage, "matched").await);
    home.close().await;
}

#[tokio::test]
async fn a_snils_of_another_account_is_left_where_it_is() {
    let home = Empty::furnished().await;
    let (storage, anna) = (&home.storage, AccountId::from("anna"));
    let mut boris = account("boris");
    boris
        .contacts
        .push(contact("boris", "snils", "snils of anna", true));
    storage.register_account(boris).await.unwrap();
    submit(&home, submission("s1", "a", 0)).await;
    let done = storage
        .complete_submission("s1".to_owned(), matched(evidence("e1", None)), later(1))
        .await
        .unwrap();
    assert_eq!(done, Completed::Stale);
    assert!(storage.evidence_of(&anna).await.unwrap().is_empty());
    let account = storage.find_account(&anna).await.unwrap().unwrap();
    assert_ne!(account.profile_sealed, "checked");
    let open = storage.find_submission("s1").await.unwrap().unwrap();
    assert_eq!(open.closed_at, None);
    assert!(!has_effects(storage, "matched").await);
    home.close().await;
}

#[tokio::test]
async fn evidence_lapses_once() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    submit(&home, submission("s1", "a", 0)).await;
    storage
        .complete_submission(
            "s1".to_owned(),
            matched(evidence("e1", Some(100))),
            later(1),
        )
        .await
        .unwrap();
    assert!(
        storage
            .lapsed_evidence(later(99), 10)
            .await
            .unwrap()
            .is_empty()
    );
    let lapsed = storage.lapsed_evidence(later(100), 10).await.unwrap();
    assert_eq!(lapsed.len(), 1);
    for expected in [true, false] {
        let recorded = storage
            .record_evidence_lapse("e1".to_owned(), later(101), effects("lapsed"))
            .await
            .unwrap();
        assert_eq!(recorded, expected);
    }
    assert!(has_effects(storage, "lapsed").await);
    assert!(
        storage
            .lapsed_evidence(later(200), 10)
            .await
            .unwrap()
            .is_empty()
    );
    home.close().await;
}

#[tokio::test]
async fn an_account_that_changed_meanwhile_is_read_again() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    submit(&home, submission("s1", "a", 0)).await;
    storage
        .put_profile(
            "anna".into(),
            "newer".to_owned(),
            Vec::new(),
            NOW,
            later(1),
            Effects::default(),
        )
        .await
        .unwrap();
    let completion = matched(evidence("e1", None));
    let stale = storage
        .complete_submission("s1".to_owned(), completion.clone(), later(2))
        .await
        .unwrap();
    assert_eq!(stale, Completed::Stale);
    assert!(!has_effects(storage, "matched").await);
    let open = storage.find_submission("s1").await.unwrap().unwrap();
    assert_eq!(open.closed_at, None);
    let mut fresh = completion;
    fresh.matched.as_mut().unwrap().read_at = later(1);
    let done = storage
        .complete_submission("s1".to_owned(), fresh, later(3))
        .await
        .unwrap();
    assert_eq!(done, Completed::Now);
    home.close().await;
}

#[tokio::test]
async fn a_confirmed_snils_is_never_replaced() {
    let home = Empty::furnished().await;
    let (storage, anna) = (&home.storage, AccountId::from("anna"));
    submit(&home, submission("s1", "a", 0)).await;
    storage
        .complete_submission("s1".to_owned(), matched(evidence("e1", None)), later(1))
        .await
        .unwrap();
    submit(&home, submission("s2", "b", 2)).await;
    let mut other = matched(evidence("e2", None));
    let change = other.matched.as_mut().unwrap();
    change.snils = contact("anna", "snils", "another snils", true);
    change.read_at = later(1);
    let done = storage
        .complete_submission("s2".to_owned(), other, later(3))
        .await
        .unwrap();
    assert_eq!(done, Completed::Stale);
    let contacts = storage.contacts_of(&anna).await.unwrap();
    let snils = contacts.iter().find(|of| of.kind == "snils").unwrap();
    assert_eq!(snils.blind_index, "snils of anna");
    home.close().await;
}

#[tokio::test]
async fn evidence_is_taken_back() {
    let home = Empty::furnished().await;
    let (storage, anna) = (&home.storage, AccountId::from("anna"));
    submit(&home, submission("s1", "a", 0)).await;
    storage
        .complete_submission("s1".to_owned(), matched(evidence("e1", None)), later(1))
        .await
        .unwrap();
    // By the registries, who say otherwise of the same data now.
    submit(&home, submission("s2", "b", 2)).await;
    let mismatch = Completion {
        outcome: "mismatch".to_owned(),
        matched: None,
        withdraws: true,
        effects: effects("otherwise"),
    };
    storage
        .complete_submission("s2".to_owned(), mismatch, later(3))
        .await
        .unwrap();
    let found = storage.evidence_of(&anna).await.unwrap();
    assert_eq!(found[0].withdrawn_at, Some(later(3)));
    // By a command, with the SNILS.
    storage
        .withdraw_evidence(anna.clone(), later(4), effects("command"))
        .await
        .unwrap();
    assert!(has_effects(storage, "command").await);
    let contacts = storage.contacts_of(&anna).await.unwrap();
    assert!(contacts.iter().all(|of| of.kind != "snils"));
    home.close().await;
}

#[tokio::test]
async fn an_answer_after_evidence_was_taken_back_lifts_nobody() {
    let home = Empty::furnished().await;
    assert_eq!(
        submit(&home, submission("s1", "one", 0)).await,
        Submitted::New
    );
    let anna = AccountId::from("anna");
    home.storage
        .withdraw_evidence(anna.clone(), later(1), Effects::default())
        .await
        .unwrap();
    // Whoever read the account after that is not stale, and yet too late.
    let mut late = matched(evidence("e1", None));
    if let Some(matched) = &mut late.matched {
        matched.read_at = later(1);
    }
    let done = home
        .storage
        .complete_submission("s1".to_owned(), late, later(2))
        .await
        .unwrap();
    assert_eq!(done, Completed::Before);
    assert!(home.storage.evidence_of(&anna).await.unwrap().is_empty());
    home.close().await;
}
