//! Access that is recovered by a form.

use propusk::model::id::AccountId;
use propusk::model::ticket::{APPEAL_FORM, APPEAL_OPEN};
use propusk::model::timestamp::Timestamp;
use propusk::storage::{
    AppealDecision, AppealEnded, AppealFinish, AppealRecord, AppealRuling, AuditRecord,
    CentreRecord, Completed, Effects, OperatorRecord, Storage, StoredFile,
};

use super::{Empty, NOW, account, contact, digest, effects, has_effects, later, password};

fn id(name: &str) -> AccountId {
    AccountId::from(name)
}

fn appeal(number: &str, account: Option<&str>) -> AppealRecord {
    AppealRecord {
        number: number.to_owned(),
        account_id: account.map(AccountId::from),
        wrapped_key: "key".to_owned(),
        data_sealed: "data".to_owned(),
        created_at: NOW,
        expires_at: later(1_000),
        claimed_by: None,
        claimed_until: None,
        proposed_by: None,
        proposed_at: None,
        lost_at: None,
        confirmed_by: None,
        confirmed_at: None,
        opens_at: None,
        lapses_at: None,
        told_at: None,
        opened_at: None,
        closed_at: None,
        outcome: None,
        erase_at: None,
        erased_at: None,
    }
}

fn audit(line: &str, by: &str, about: Option<&str>, at: Timestamp) -> AuditRecord {
    AuditRecord {
        id: line.to_owned(),
        at,
        operator_id: id(by),
        centre_id: "c1".to_owned(),
        action: "appeal".to_owned(),
        account_id: about.map(AccountId::from),
        subject: "1".to_owned(),
    }
}

/// With two people of support, `boris` and `vera`.
async fn staffed() -> Empty {
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
    for name in ["boris", "vera"] {
        storage.register_account(account(name)).await.unwrap();
        let operator = OperatorRecord {
            account_id: id(name),
            centre_id: "c1".to_owned(),
            role: "support".to_owned(),
            added_at: NOW,
            disabled_at: None,
        };
        storage.put_operator(operator).await.unwrap();
    }
    home
}

async fn open(storage: &Storage, number: &str, about: Option<&str>, lines: &str) -> bool {
    let file = StoredFile {
        id: format!("file {lines}"),
        kind: "selfie".to_owned(),
        media_type: "image/png".to_owned(),
        content_sealed: "sealed".to_owned(),
    };
    let ticket = (APPEAL_FORM, digest(lines));
    storage
        .put_ticket(APPEAL_FORM, digest(lines), String::new(), NOW, later(9_000))
        .await
        .unwrap();
    let new = appeal(number, about);
    storage
        .open_appeal(new, vec![file], ticket, effects(lines))
        .await
        .unwrap()
}

async fn claim(storage: &Storage, number: &str, by: &str, at: u64) -> bool {
    let line = audit(&format!("claim {by} {at}"), by, None, later(at));
    storage
        .claim_appeal(number.to_owned(), later(at + 100), line, Effects::default())
        .await
        .unwrap()
}

async fn decide(
    storage: &Storage,
    by: &str,
    about: Option<&str>,
    ruling: AppealRuling,
    at: u64,
) -> Completed {
    let decision = AppealDecision {
        number: "1".to_owned(),
        ruling,
        doubted: NOW,
        audit: audit(&format!("decide {by} {at}"), by, about, later(at)),
        effects: Effects::default(),
    };
    storage.decide_appeal(decision, later(at)).await.unwrap()
}

fn confirm(lost: bool) -> AppealRuling {
    AppealRuling::Confirm {
        lost,
        opens_at: later(500),
        lapses_at: later(700),
        erase_at: later(400),
    }
}

fn finish(ticket: &str, at: u64) -> AppealFinish {
    AppealFinish {
        number: "1".to_owned(),
        ticket: (APPEAL_OPEN, digest(ticket)),
        password: password("anna", ticket, later(at)),
        contact: contact("anna", "email", "new mailbox", true),
        restricted_until: later(at + 50),
        doubted: NOW,
        erase_at: later(at),
        effects: effects(ticket),
    }
}

#[tokio::test]
async fn an_application_is_proposed_by_one_and_confirmed_by_another_and_finished_once() {
    let home = staffed().await;
    let storage = &home.storage;
    assert!(open(storage, "1", Some("anna"), "sent").await);
    assert!(!open(storage, "1", Some("anna"), "number taken").await);
    assert!(has_effects(storage, "sent").await && !has_effects(storage, "number taken").await);
    let spent = (APPEAL_FORM, digest("sent"));
    let again = storage.open_appeal(appeal("2", None), Vec::new(), spent, Effects::default());
    assert!(!again.await.unwrap());
    let files = storage.appeal_files("1").await.unwrap();
    assert_eq!(files.len(), 1);
    let file = storage.find_appeal_file("1", &files[0].0).await.unwrap();
    assert_eq!(file.unwrap().content_sealed, "sealed");
    assert!(
        storage
            .find_appeal_file("2", &files[0].0)
            .await
            .unwrap()
            .is_none()
    );
    // One operator at a time, never its subject.
    assert!(!claim(storage, "1", "anna", 1).await);
    assert!(
        storage
            .appeal_queue(&id("anna"), NOW, 9)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        storage
            .appeal_queue(&id("vera"), NOW, 9)
            .await
            .unwrap()
            .len(),
        1
    );
    assert!(claim(storage, "1", "boris", 1).await);
    assert!(!claim(storage, "1", "vera", 2).await);
    let held = storage.claimed_appeal("1", &id("boris"), later(2)).await;
    assert!(held.unwrap().is_some());
    assert!(
        storage
            .release_appeal("1".to_owned(), id("boris"), later(2))
            .await
            .unwrap()
    );
    assert!(
        !storage
            .release_appeal("1".to_owned(), id("boris"), later(2))
            .await
            .unwrap()
    );
    let propose = AppealRuling::Propose { lost: true };
    let early = decide(storage, "boris", Some("anna"), propose, 3).await;
    assert_eq!(early, Completed::Before);
    assert!(claim(storage, "1", "boris", 4).await);
    for (about, ended) in [
        (None, Completed::Stale),
        (Some("vera"), Completed::Stale),
        (Some("anna"), Completed::Now),
        (Some("anna"), Completed::Before),
    ] {
        let at =
            5 + about.map_or(0, |name| name.len() as u64) + u64::from(ended == Completed::Before);
        assert_eq!(
            decide(storage, "boris", about, propose, at).await,
            ended,
            "{about:?}"
        );
    }
    // The same one is not the second.
    assert!(!claim(storage, "1", "boris", 20).await);
    assert!(claim(storage, "1", "vera", 20).await);
    let second = decide(storage, "boris", Some("anna"), confirm(true), 21).await;
    assert_eq!(second, Completed::Before);
    let second = decide(storage, "vera", Some("anna"), confirm(true), 22).await;
    assert_eq!(second, Completed::Now);
    // Told again, once for each time; opened once.
    let told = storage
        .appeals_to_tell(later(22), later(30), 9)
        .await
        .unwrap();
    assert_eq!(told.len(), 1);
    for (line, expected) in [("told", true), ("told twice", false)] {
        let told_at = told[0].told_at.unwrap();
        let again = storage.announce_appeal("1".to_owned(), told_at, later(30), effects(line));
        assert_eq!(again.await.unwrap(), expected);
        assert_eq!(has_effects(storage, line).await, expected);
    }
    assert!(
        storage
            .appeals_to_open(later(499), 9)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        storage.appeals_to_open(later(500), 9).await.unwrap().len(),
        1
    );
    for (line, expected) in [("let in", true), ("let in twice", false)] {
        let let_in = storage.let_appeal_in("1".to_owned(), later(500), effects(line));
        assert_eq!(let_in.await.unwrap(), expected);
        assert_eq!(has_effects(storage, line).await, expected);
    }
    for ticket in ["link", "other link"] {
        let (kind, life) = (APPEAL_OPEN, later(700));
        storage
            .put_ticket(kind, digest(ticket), String::new(), NOW, life)
            .await
            .unwrap();
    }
    let end = async |ticket: &str, at| {
        let ended = storage.finish_appeal(finish(ticket, at), later(at)).await;
        ended.unwrap()
    };
    assert_eq!(end("link", 499).await, AppealEnded::Over);
    assert_eq!(end("no link", 500).await, AppealEnded::Over);
    assert_eq!(end("link", 501).await, AppealEnded::Done);
    assert_eq!(end("other link", 502).await, AppealEnded::Over);
    let contacts = storage.contacts_of(&id("anna")).await.unwrap();
    let kinds: Vec<_> = contacts
        .iter()
        .map(|one| one.blind_index.as_str())
        .collect();
    assert_eq!(kinds, ["new mailbox"]);
    let found = storage.find_account(&id("anna")).await.unwrap().unwrap();
    assert_eq!(found.restricted_until, Some(later(551)));
    let passwords = storage.passwords_of(&id("anna"), 1).await.unwrap();
    assert_eq!(passwords[0].hash, "link");
    let ended = storage.find_appeal("1").await.unwrap().unwrap();
    assert_eq!(ended.outcome.as_deref(), Some("done"));
    // Files in their time, then what was typed.
    assert_eq!(storage.erase_appeals(later(500), 9).await.unwrap(), 0);
    assert_eq!(storage.erase_appeals(later(501), 9).await.unwrap(), 2);
    let ended = storage.find_appeal("1").await.unwrap().unwrap();
    assert!(ended.data_sealed.is_empty() && ended.wrapped_key.is_empty());
    home.close().await;
}

#[tokio::test]
async fn an_application_ends_by_refusal_cancelling_or_time() {
    let home = staffed().await;
    let storage = &home.storage;
    assert!(open(storage, "1", None, "nobody's").await);
    assert!(claim(storage, "1", "vera", 1).await);
    let refuse = AppealRuling::Refuse {
        erase_at: later(900),
    };
    let ended = decide(storage, "vera", None, refuse, 2).await;
    assert_eq!(ended, Completed::Now);
    assert!(open(storage, "2", Some("anna"), "cancelled").await);
    for (by, expected) in [("vera", false), ("anna", true), ("anna", false)] {
        let number = "2".to_owned();
        let line = format!("{by} {expected}");
        let cancelled = storage.cancel_appeal(number, id(by), later(5), later(5), effects(&line));
        assert_eq!(cancelled.await.unwrap(), expected, "{by}");
        assert_eq!(has_effects(storage, &line).await, expected);
    }
    assert!(open(storage, "3", Some("anna"), "late").await);
    assert!(
        storage
            .overdue_appeals(later(999), 9)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        storage
            .overdue_appeals(later(1_000), 9)
            .await
            .unwrap()
            .len(),
        1
    );
    for (line, expected) in [("expired", true), ("twice", false)] {
        let expired = storage.expire_appeal("3".to_owned(), later(1_000), effects(line));
        assert_eq!(expired.await.unwrap(), expected);
        assert_eq!(has_effects(storage, line).await, expected);
    }
    let outcomes: Vec<_> = storage.appeals_of(&id("anna")).await.unwrap();
    let outcomes: Vec<_> = outcomes.into_iter().filter_map(|one| one.outcome).collect();
    assert_eq!(outcomes, ["cancelled", "expired"]);
    home.close().await;
}

#[tokio::test]
async fn a_contact_that_became_anothers_is_not_taken() {
    let home = staffed().await;
    let storage = &home.storage;
    assert!(open(storage, "1", Some("anna"), "sent").await);
    assert!(claim(storage, "1", "boris", 1).await);
    let propose = AppealRuling::Propose { lost: false };
    decide(storage, "boris", Some("anna"), propose, 2).await;
    assert!(claim(storage, "1", "vera", 3).await);
    let ended = decide(storage, "vera", Some("anna"), confirm(true), 4).await;
    assert_eq!(ended, Completed::Now);
    // One alone does not say that factors are lost.
    let record = storage.find_appeal("1").await.unwrap().unwrap();
    assert_eq!(record.lost_at, None);
    storage
        .put_ticket(APPEAL_OPEN, digest("link"), String::new(), NOW, later(700))
        .await
        .unwrap();
    let theirs = contact("boris", "email", "new mailbox", true);
    storage
        .confirm_contact(theirs, later(5), Effects::default())
        .await
        .unwrap();
    let ended = storage.finish_appeal(finish("link", 501), later(501)).await;
    assert_eq!(ended.unwrap(), AppealEnded::ContactTaken);
    assert!(!has_effects(storage, "link").await);
    home.close().await;
}
