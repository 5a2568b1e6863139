//! The end of an account, and of what was kept of it.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use propusk::model::id::AccountId;
use propusk::model::ticket::{self, CONTACT_CHANGE};
use propusk::storage::{
    CentreRecord, Effects, Erased, Erasure, OperatorRecord, Registered, SessionChoice,
};

use super::{
    Empty, NOW, account, consent, contact, digest, effects, grant, later, message, session,
};

fn anna() -> AccountId {
    AccountId::from("anna")
}

fn erasure() -> Erasure {
    Erasure {
        account: anna(),
        by: "citizen",
        recipients: vec!["her phone".to_owned()],
        farewell: vec![message("farewell", "sms")],
    }
}

#[tokio::test]
async fn an_account_is_deleted_once_with_all_that_is_hers() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    storage.record(effects("line")).await.unwrap();
    storage
        .put_ticket_of(
            Some(anna()),
            (CONTACT_CHANGE, digest("t1")),
            "payload".to_owned(),
            NOW,
            later(60),
            Effects::default(),
        )
        .await
        .unwrap();
    let mut waiting = message("waiting", "sms");
    waiting.recipient = Some("her phone".to_owned());
    let mut foreign = message("foreign", "sms");
    foreign.recipient = Some("another phone".to_owned());
    let outbox = Effects {
        outbox: vec![waiting, foreign],
        ..Effects::default()
    };
    storage.record(outbox).await.unwrap();
    assert_eq!(storage.devices_of(&anna(), 9).await.unwrap().len(), 1);

    assert_eq!(
        storage.erase_account(erasure(), later(5)).await.unwrap(),
        Erased::Now
    );
    assert_eq!(
        storage.erase_account(erasure(), later(6)).await.unwrap(),
        Erased::Unknown
    );
    assert!(storage.find_account(&anna()).await.unwrap().is_none());
    assert!(storage.contacts_of(&anna()).await.unwrap().is_empty());
    assert!(storage.devices_of(&anna(), 9).await.unwrap().is_empty());
    assert!(storage.passwords_of(&anna(), 5).await.unwrap().is_empty());
    let digest = digest("t1");
    let ticket = storage.find_ticket(CONTACT_CHANGE, &digest, NOW).await;
    assert!(ticket.unwrap().is_none());
    assert!(storage.load_session(&"s1".into()).await.unwrap().is_none());
    let consents = storage.consents_of(&anna()).await.unwrap();
    assert_eq!(consents.len(), 1, "what was allowed is kept");
    assert_eq!(consents[0].withdrawn_at, Some(later(5)));
    // Messages to others, to nobody known, and the farewell, once.
    let sent = storage
        .claim_messages("sms".to_owned(), later(7), later(8), 10)
        .await
        .unwrap();
    let mut ids: Vec<_> = sent.iter().map(|one| one.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["farewell", "foreign", "line"]);
    home.close().await;
}

#[tokio::test]
async fn steps_that_come_too_late_leave_nothing() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    storage.erase_account(erasure(), NOW).await.unwrap();
    // The same moment, and what was read before it.
    let again = session("s2", "anna");
    assert!(!storage.start_session(again).await.unwrap());
    let phone = contact("anna", "phone", "phone of anna", true);
    assert_eq!(
        storage
            .confirm_contact(phone, NOW, Effects::default())
            .await
            .unwrap(),
        Registered::ContactTaken
    );
    let profile = storage
        .put_profile(
            anna(),
            "changed".to_owned(),
            Vec::new(),
            NOW,
            later(1),
            effects("late"),
        )
        .await
        .unwrap();
    assert!(!profile);
    storage.block_account(anna(), None, later(1)).await.unwrap();
    assert!(!storage.start_session(session("s3", "anna")).await.unwrap());
    // Lines of a step that had begun are swept away.
    storage.record(effects("late")).await.unwrap();
    storage.purge_erased(10, later(2)).await.unwrap();
    assert_eq!(home.database.count("select count(*) from journal").await, 0);
    // The contact is anybody's.
    let mut next = account("vera");
    next.contacts = vec![contact("vera", "phone", "phone of anna", true)];
    assert_eq!(
        storage.register_account(next).await.unwrap(),
        Registered::Created
    );
    home.close().await;
}

#[tokio::test]
async fn every_site_is_told_that_is_signed_in_or_holds_tokens() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    let code = propusk::model::ticket::AUTHORIZATION_CODE;
    let mut offline = grant("g1");
    offline.offline_at = Some(NOW);
    storage
        .put_ticket(code, digest("code"), String::new(), NOW, later(60))
        .await
        .unwrap();
    storage
        .redeem_authorization((ticket::AUTHORIZATION_CODE, digest("code")), offline, NOW)
        .await
        .unwrap();
    // The session is long over; the tokens are not.
    storage
        .end_sessions(
            SessionChoice::One("s1".into()),
            "signed_out".to_owned(),
            false,
            later(1),
            Effects::default(),
        )
        .await
        .unwrap();
    let claim = |at| {
        storage.claim_messages(
            "backchannel_logout".to_owned(),
            later(at),
            later(at + 1),
            10,
        )
    };
    assert_eq!(claim(1).await.unwrap().len(), 1);
    storage
        .message_sent("logout-g1".to_owned(), later(1))
        .await
        .unwrap();
    assert!(
        storage
            .grant_standing(&"g1".into())
            .await
            .unwrap()
            .is_some()
    );
    storage.erase_account(erasure(), later(5)).await.unwrap();
    assert!(
        storage
            .grant_standing(&"g1".into())
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(claim(6).await.unwrap().len(), 1, "told once more");
    home.close().await;
}

#[tokio::test]
async fn an_operator_stays_until_the_task_is_taken_away() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    let centre = CentreRecord {
        id: "north".to_owned(),
        name: "North".to_owned(),
        address: String::new(),
        hours: String::new(),
        created_at: NOW,
        closed_at: None,
    };
    storage.put_centre(centre).await.unwrap();
    let mut task = OperatorRecord {
        role: "centre".to_owned(),
        account_id: anna(),
        centre_id: "north".to_owned(),
        added_at: NOW,
        disabled_at: None,
    };
    storage.put_operator(task.clone()).await.unwrap();
    assert_eq!(
        storage.erase_account(erasure(), NOW).await.unwrap(),
        Erased::Operator
    );
    assert!(storage.find_account(&anna()).await.unwrap().is_some());
    task.disabled_at = Some(NOW);
    storage.put_operator(task).await.unwrap();
    assert_eq!(
        storage.erase_account(erasure(), NOW).await.unwrap(),
        Erased::Now
    );
    home.close().await;
}

#[tokio::test]
async fn what_was_kept_goes_after_three_years() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    storage
        .put_consent(consent("c2"), Effects::default())
        .await
        .unwrap();
    storage.erase_account(erasure(), NOW).await.unwrap();
    let day = Duration::from_hours(24);
    let purge = |days: u32| storage.purge_erased(10, NOW.plus(day * days));
    assert_eq!(purge(3 * 365 - 1).await.unwrap(), 0);
    assert_eq!(storage.consents_of(&anna()).await.unwrap().len(), 1);
    assert_eq!(purge(3 * 365 + 1).await.unwrap(), 1);
    assert!(storage.consents_of(&anna()).await.unwrap().is_empty());
    home.close().await;
}

/// Tables with rows of accounts that the end of an account leaves alone: what
/// an account accepted and allowed, its task, the acts of operators, and of
/// signals the one that says, within a week, that the account is no more.
const KEPT: [&str; 6] = [
    "agreements",
    "consents",
    "grants",
    "operators",
    "audit",
    "stream_events",
];

#[test]
fn no_table_is_forgotten() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let erasure = std::fs::read_to_string(root.join("src/storage/sql/erasure.rs")).unwrap();
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(root.join("migrations")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for table in text.split("create table ").skip(1) {
            let name = table.split_whitespace().next().unwrap().to_owned();
            let body = table.split(");\n").next().unwrap();
            if body.contains("account_id") {
                found.insert(name);
            }
        }
    }
    assert!(found.len() > 18, "{found:?}");
    for table in found {
        let goes = erasure.contains(&format!("\"delete from {table} where account_id = $1\""));
        let stays = KEPT.contains(&table.as_str());
        // Grants go with their sessions.
        assert!(
            goes != stays,
            "{table}: add it to GONE in src/storage/sql/erasure.rs, or to KEPT here"
        );
    }
}
