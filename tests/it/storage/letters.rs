//! Codes on paper and registered letters.

use propusk::model::id::AccountId;
use propusk::model::timestamp::Timestamp;
use propusk::storage::{
    AuditRecord, CentreRecord, CodeAttempt, CodeTried, Completed, Effects, EvidenceRecord,
    LetterPost, LetterPrint, LetterRecord, ProofCodeRecord, Ruling, Storage, VisitDecision,
    VisitRecord,
};

use super::{Empty, NOW, account, effects, has_effects, later};

fn anna() -> AccountId {
    AccountId::from("anna")
}

fn letter(number: &str, account: &str, at: u64) -> LetterRecord {
    LetterRecord {
        number: number.to_owned(),
        account_id: AccountId::from(account),
        content_sealed: "sealed".to_owned(),
        ordered_at: later(at),
        batch: None,
        centre_id: None,
        printed_at: None,
        code_sealed: None,
        track: None,
        posted_at: None,
        returned_at: None,
    }
}

fn audit(id: &str, at: u64) -> AuditRecord {
    AuditRecord {
        id: id.to_owned(),
        at: later(at),
        operator_id: AccountId::from("boris"),
        centre_id: "c1".to_owned(),
        action: "letter_printed".to_owned(),
        account_id: Some(anna()),
        subject: "11112222".to_owned(),
    }
}

fn print(number: &str, id: &str) -> LetterPrint {
    LetterPrint {
        number: number.to_owned(),
        batch: "b1".to_owned(),
        code_sealed: "sealed code".to_owned(),
        audit: audit(id, 2),
        effects: effects(id),
    }
}

fn code(id: &str, source: &str, digest: &str, at: u64) -> ProofCodeRecord {
    ProofCodeRecord {
        id: id.to_owned(),
        account_id: anna(),
        source: source.to_owned(),
        given_by: "c1 boris".to_owned(),
        covers_sealed: "sealed".to_owned(),
        digest: digest.to_owned(),
        tries: 0,
        created_at: later(at),
        expires_at: later(at + 100),
        closed_at: None,
        outcome: None,
    }
}

fn post(number: &str, id: &str, at: u64) -> LetterPost {
    LetterPost {
        track: "80108312345676".to_owned(),
        code: code(number, "letter", "right", at),
        audit: audit(id, at),
        effects: effects(id),
    }
}

fn attempt(code: &str, digest: &str, id: &str) -> CodeAttempt {
    CodeAttempt {
        id: code.to_owned(),
        digest: digest.to_owned(),
        limit: 3,
        evidence: EvidenceRecord {
            id: format!("e {id}"),
            account_id: anna(),
            source: "letter".to_owned(),
            given_by: "c1 boris".to_owned(),
            covers_sealed: "sealed".to_owned(),
            at: NOW,
            expires_at: None,
            withdrawn_at: None,
            lapse_recorded_at: None,
        },
        accepted: effects(&format!("{id} accepted")),
        wrong: effects(&format!("{id} wrong")),
        spent: effects(&format!("{id} spent")),
    }
}

async fn staffed() -> Empty {
    let home = Empty::furnished().await;
    home.storage
        .register_account(account("boris"))
        .await
        .unwrap();
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

async fn numbers_waiting(storage: &Storage, but_of: &str) -> Vec<String> {
    let waiting = storage
        .waiting_letters(&AccountId::from(but_of), 10)
        .await
        .unwrap();
    waiting.into_iter().map(|letter| letter.number).collect()
}

/// A letter of anna's that was posted at `at`.
async fn posted(storage: &Storage, number: &str, at: u64) {
    let ordered = letter(number, "anna", at);
    assert!(
        storage
            .order_letter(ordered, NOW, Effects::default())
            .await
            .unwrap()
    );
    let printed = print(number, &format!("p {number}"));
    assert!(storage.print_letter(printed, later(at)).await.unwrap());
    let post = post(number, &format!("s {number}"), at);
    assert!(storage.post_letter(post, later(at)).await.unwrap());
}

#[tokio::test]
async fn a_letter_is_ordered_printed_and_posted_once() {
    let home = staffed().await;
    let storage = &home.storage;
    let order = |record, id: &'static str| storage.order_letter(record, NOW, effects(id));
    assert!(order(letter("11112222", "anna", 0), "first").await.unwrap());
    // One is under way; and a number is given once.
    assert!(
        !order(letter("33334444", "anna", 1), "second")
            .await
            .unwrap()
    );
    assert!(
        !order(letter("11112222", "boris", 1), "third")
            .await
            .unwrap()
    );
    assert!(has_effects(storage, "first").await && !has_effects(storage, "second").await);
    assert_eq!(numbers_waiting(storage, "boris").await, ["11112222"]);
    assert!(numbers_waiting(storage, "anna").await.is_empty());

    let boris = AccountId::from("boris");
    // What is not printed is not posted.
    assert!(
        !storage
            .post_letter(post("11112222", "early", 1), later(1))
            .await
            .unwrap()
    );
    assert!(
        storage
            .print_letter(print("11112222", "one"), later(2))
            .await
            .unwrap()
    );
    assert!(
        !storage
            .print_letter(print("11112222", "two"), later(2))
            .await
            .unwrap()
    );
    assert!(has_effects(storage, "one").await && !has_effects(storage, "two").await);
    assert!(numbers_waiting(storage, "boris").await.is_empty());
    assert_eq!(storage.open_batches("c1", &boris).await.unwrap(), ["b1"]);
    assert!(storage.open_batches("c2", &boris).await.unwrap().is_empty());
    assert_eq!(
        storage
            .letters_of_batch("b1", "c1", &boris)
            .await
            .unwrap()
            .len(),
        1
    );
    assert!(
        storage
            .letters_of_batch("b1", "c2", &boris)
            .await
            .unwrap()
            .is_empty()
    );

    assert!(
        storage
            .post_letter(post("11112222", "three", 3), later(3))
            .await
            .unwrap()
    );
    assert!(
        !storage
            .post_letter(post("11112222", "four", 3), later(3))
            .await
            .unwrap()
    );
    let record = storage.find_letter("11112222").await.unwrap().unwrap();
    assert_eq!(record.track.as_deref(), Some("80108312345676"));
    assert!(record.code_sealed.is_none(), "the code is not kept");
    assert!(storage.open_batches("c1", &boris).await.unwrap().is_empty());
    // Another may be ordered.
    assert!(order(letter("55556666", "anna", 4), "fifth").await.unwrap());
    let newest = storage.newest_letter(&anna()).await.unwrap().unwrap();
    assert_eq!(newest.number, "55556666");
    home.close().await;
}

#[tokio::test]
async fn a_returned_letter_takes_its_code_along_once() {
    let home = staffed().await;
    let storage = &home.storage;
    posted(storage, "11112222", 1).await;
    let take_back = |id: &'static str| {
        storage.return_letter("11112222".to_owned(), audit(id, 5), effects(id), later(5))
    };
    assert!(take_back("one").await.unwrap());
    assert!(!take_back("two").await.unwrap());
    assert!(has_effects(storage, "one").await && !has_effects(storage, "two").await);
    let tried = storage
        .try_proof_code(attempt("11112222", "right", "a"), later(6))
        .await;
    assert_eq!(tried.unwrap(), CodeTried::Gone);
    let code = storage
        .newest_proof_code(&anna(), "letter")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(code.outcome.as_deref(), Some("returned"));
    home.close().await;
}

#[tokio::test]
async fn a_code_is_redeemed_once_and_dies_of_wrong_tries_and_age() {
    let home = staffed().await;
    let storage = &home.storage;
    posted(storage, "11112222", 1).await;
    let tried = async |digest: &str, id: &str, at: u64| {
        let attempt = attempt("11112222", digest, id);
        storage.try_proof_code(attempt, later(at)).await.unwrap()
    };
    assert_eq!(tried("wrong", "a", 2).await, CodeTried::Wrong(2));
    assert!(has_effects(storage, "a wrong").await);
    assert_eq!(tried("right", "late", 101).await, CodeTried::Gone);
    assert_eq!(tried("right", "b", 3).await, CodeTried::Accepted);
    assert_eq!(tried("right", "c", 3).await, CodeTried::Gone);
    assert!(has_effects(storage, "b accepted").await && !has_effects(storage, "c accepted").await);
    assert_eq!(storage.evidence_of(&anna()).await.unwrap().len(), 1);

    // Another letter's code takes its place, and is spent by three wrong ones.
    posted(storage, "33334444", 10).await;
    let tried = async |digest: &str, id: &str| {
        let attempt = attempt("33334444", digest, id);
        storage.try_proof_code(attempt, later(11)).await.unwrap()
    };
    for (id, left) in [("d", 2), ("e", 1), ("f", 0)] {
        assert_eq!(tried("wrong", id).await, CodeTried::Wrong(left));
    }
    assert!(has_effects(storage, "f spent").await && !has_effects(storage, "f wrong").await);
    assert_eq!(tried("right", "g").await, CodeTried::Gone);
    // Nor is it anybody else's to try.
    posted(storage, "55556666", 20).await;
    let mut foreign = attempt("55556666", "right", "h");
    foreign.evidence.account_id = AccountId::from("boris");
    let tried = storage.try_proof_code(foreign, later(21)).await.unwrap();
    assert_eq!(tried, CodeTried::Gone);
    home.close().await;
}

#[tokio::test]
async fn a_visit_may_end_with_a_code() {
    let home = staffed().await;
    let storage = &home.storage;
    let visit = VisitRecord {
        number: "11112222".to_owned(),
        account_id: anna(),
        created_at: NOW,
        expires_at: later(100),
        closed_at: None,
        outcome: None,
        centre_id: None,
        reason_sealed: None,
        submission_id: None,
    };
    storage.open_visit(visit, Effects::default()).await.unwrap();
    let decision = |id: &str, at: Timestamp| VisitDecision {
        ruling: Ruling {
            outcome: "code".to_owned(),
            reason_sealed: None,
            evidence: None,
            read_at: Some(NOW),
            audit: AuditRecord { at, ..audit(id, 1) },
            effects: effects(id),
        },
        code: Some(code(&format!("visit {id}"), "service_centre", "right", 1)),
    };
    for (id, expected) in [("one", Completed::Now), ("two", Completed::Before)] {
        let decided = storage
            .decide_visit("11112222".to_owned(), decision(id, later(1)), later(1))
            .await;
        assert_eq!(decided.unwrap(), expected, "{id}");
    }
    let code = storage
        .newest_proof_code(&anna(), "service_centre")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(code.id, "visit one");
    home.close().await;
}

#[tokio::test]
async fn taking_evidence_back_takes_codes_and_letters_along() {
    let home = staffed().await;
    let storage = &home.storage;
    posted(storage, "11112222", 1).await;
    let next = letter("33334444", "anna", 2);
    assert!(
        storage
            .order_letter(next, NOW, Effects::default())
            .await
            .unwrap()
    );
    storage
        .withdraw_evidence(anna(), later(3), Effects::default())
        .await
        .unwrap();
    let tried = storage.try_proof_code(attempt("11112222", "right", "a"), later(4));
    assert_eq!(tried.await.unwrap(), CodeTried::Gone);
    assert!(numbers_waiting(storage, "boris").await.is_empty());
    assert!(storage.find_letter("33334444").await.unwrap().is_none());
    home.close().await;
}

#[tokio::test]
async fn a_block_takes_codes_along_and_a_changed_account_orders_nothing() {
    let home = staffed().await;
    let storage = &home.storage;
    posted(storage, "11112222", 1).await;
    storage
        .block_account(anna(), Some(later(2)), later(2))
        .await
        .unwrap();
    storage.block_account(anna(), None, later(3)).await.unwrap();
    let tried = storage.try_proof_code(attempt("11112222", "right", "a"), later(4));
    assert_eq!(tried.await.unwrap(), CodeTried::Gone);
    // Read before the block, an order is refused.
    for (read_at, expected) in [(NOW, false), (later(3), true)] {
        let next = letter("33334444", "anna", 5);
        let ordered = storage.order_letter(next, read_at, Effects::default());
        assert_eq!(ordered.await.unwrap(), expected);
    }
    home.close().await;
}

#[tokio::test]
async fn a_letter_nobody_posts_waits_to_be_printed_again() {
    let home = staffed().await;
    let storage = &home.storage;
    let ordered = letter("11112222", "anna", 0);
    let ordered = storage.order_letter(ordered, NOW, Effects::default());
    assert!(ordered.await.unwrap());
    let printed = storage.print_letter(print("11112222", "one"), later(1));
    assert!(printed.await.unwrap());
    let days = |days: u64| later(1 + days * 24 * 3600);
    storage.purge(100, days(14)).await.unwrap();
    assert!(numbers_waiting(storage, "boris").await.is_empty());
    storage.purge(100, days(15)).await.unwrap();
    assert_eq!(numbers_waiting(storage, "boris").await, ["11112222"]);
    let record = storage.find_letter("11112222").await.unwrap().unwrap();
    assert!(record.code_sealed.is_none() && record.batch.is_none());
    home.close().await;
}
