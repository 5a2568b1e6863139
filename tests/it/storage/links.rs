//! Links to those who vouch for the holder of an account.

use propusk::model::id::AccountId;
use propusk::model::ticket::ASSERTION;
use propusk::storage::{
    Attached, Attachment, Detached, EvidenceRecord, LinkRecord, NewAccount, NewLink, RestsOn,
    Storage,
};

use super::{Empty, NOW, account, contact, digest, effects, has_effects, later, session};

fn link(id: &str, account: &str, subject: &str, at: u64) -> LinkRecord {
    LinkRecord {
        id: id.to_owned(),
        account_id: AccountId::from(account),
        channel: "bank".to_owned(),
        issuer: "https://bank.example".to_owned(),
        subject_index: subject.to_owned(),
        linked_at: later(at),
        unlinked_at: None,
    }
}

fn evidence(id: &str, account: &str) -> EvidenceRecord {
    EvidenceRecord {
        id: format!("e {id}"),
        account_id: AccountId::from(account),
        source: "bank".to_owned(),
        given_by: "bank".to_owned(),
        covers_sealed: "sealed".to_owned(),
        at: NOW,
        expires_at: None,
        withdrawn_at: None,
        lapse_recorded_at: None,
    }
}

/// A link with a ticket of its own.
async fn new(storage: &Storage, link: LinkRecord, asserted: u64) -> NewLink {
    let digest = digest(&format!("ticket of {}", link.id));
    storage
        .put_ticket(ASSERTION, digest.clone(), String::new(), NOW, later(1_000))
        .await
        .unwrap();
    NewLink {
        evidence: vec![evidence(&link.id, link.account_id.as_str())],
        link,
        asserted_at: later(asserted),
        ticket: (ASSERTION, digest),
    }
}

fn without_password(id: &str) -> NewAccount {
    NewAccount {
        password: None,
        effects: effects(id),
        ..account(id)
    }
}

async fn attachment(storage: &Storage, link: LinkRecord, asserted: u64) -> Attachment {
    let (owner, id) = (link.account_id.clone(), link.id.clone());
    let read = storage.find_account(&owner).await.unwrap().unwrap();
    Attachment {
        new: new(storage, link, asserted).await,
        read_at: read.updated_at,
        profile_sealed: "filled".to_owned(),
        snils: Some(contact(owner.as_str(), "snils", "her snils", true)),
        effects: effects(&format!("attached {id}")),
    }
}

#[tokio::test]
async fn an_account_is_made_with_its_link_or_not_at_all() {
    let home = Empty::open().await;
    let storage = &home.storage;
    let first = new(storage, link("l1", "anna", "s1", 1), 1).await;
    let made = storage
        .register_linked(without_password("anna"), first.clone(), later(1))
        .await
        .unwrap();
    assert_eq!(made, Attached::Now);
    assert!(has_effects(storage, "anna").await);
    let found = storage.find_link("s1").await.unwrap().unwrap();
    assert_eq!(found, link("l1", "anna", "s1", 1));
    assert_eq!(storage.links_of(&"anna".into()).await.unwrap(), [found]);
    assert_eq!(storage.evidence_of(&"anna".into()).await.unwrap().len(), 1);
    assert!(
        storage
            .passwords_of(&"anna".into(), 1)
            .await
            .unwrap()
            .is_empty()
    );

    // The ticket was spent; the subject has an account.
    let again = NewLink {
        link: link("l2", "boris", "s2", 1),
        ..first
    };
    let made = storage.register_linked(without_password("boris"), again, later(2));
    assert_eq!(made.await.unwrap(), Attached::Spent);
    let other = new(storage, link("l3", "boris", "s1", 1), 1).await;
    let made = storage.register_linked(without_password("boris"), other, later(2));
    assert_eq!(made.await.unwrap(), Attached::LinkTaken);
    assert!(
        storage
            .find_account(&"boris".into())
            .await
            .unwrap()
            .is_none()
    );
    assert!(!has_effects(storage, "boris").await);
    home.close().await;
}

#[tokio::test]
async fn a_link_is_added_to_the_account_that_was_read() {
    let home = Empty::open().await;
    let storage = &home.storage;
    for id in ["anna", "boris"] {
        storage.register_account(account(id)).await.unwrap();
    }
    let mut stale = attachment(storage, link("l0", "anna", "s1", 1), 1).await;
    stale.read_at = later(99);
    let ended = storage.attach_link(stale, later(1)).await.unwrap();
    assert_eq!(ended, Attached::Stale);
    let first = attachment(storage, link("l1", "anna", "s1", 1), 1).await;
    let ended = storage.attach_link(first, later(1)).await.unwrap();
    assert_eq!(ended, Attached::Now);
    assert!(has_effects(storage, "attached l1").await);
    let read = storage.find_account(&"anna".into()).await.unwrap().unwrap();
    assert_eq!(read.profile_sealed, "filled");
    // The same once more: another piece of evidence, no second link.
    let more = attachment(storage, link("l2", "anna", "s1", 2), 2).await;
    assert_eq!(
        storage.attach_link(more, later(2)).await.unwrap(),
        Attached::Now
    );
    assert_eq!(storage.links_of(&"anna".into()).await.unwrap().len(), 1);
    assert_eq!(storage.evidence_of(&"anna".into()).await.unwrap().len(), 2);
    // Another client of the same bank, and another account for this one.
    let second = attachment(storage, link("l3", "anna", "s9", 3), 3).await;
    let ended = storage.attach_link(second, later(3)).await.unwrap();
    assert_eq!(ended, Attached::LinkTaken);
    let mut stolen = attachment(storage, link("l4", "boris", "s1", 3), 3).await;
    let ended = storage.attach_link(stolen.clone(), later(3)).await.unwrap();
    assert_eq!(ended, Attached::SnilsTaken);
    stolen.snils = None;
    let ended = storage.attach_link(stolen, later(3)).await.unwrap();
    assert_eq!(ended, Attached::LinkTaken);
    home.close().await;
}

#[tokio::test]
async fn a_link_that_went_opens_nothing_and_is_not_made_anew_by_an_old_proof() {
    let home = Empty::open().await;
    let storage = &home.storage;
    storage.register_account(account("anna")).await.unwrap();
    let first = attachment(storage, link("l1", "anna", "s1", 1), 1).await;
    storage.attach_link(first, later(1)).await.unwrap();
    let by_link = |id: &str| {
        let mut session = session(id, "anna");
        session.rests_on = RestsOn::Link("l1".to_owned());
        session
    };
    for id in ["kept", "other"] {
        assert!(storage.start_session(by_link(id)).await.unwrap());
    }
    let kept = attachment(storage, link("l2", "anna", "s1", 2), 2).await;
    let detach = |id: &str, account: &str, at| {
        let account = AccountId::from(account);
        storage.detach_link(
            id.to_owned(),
            account,
            "kept".into(),
            later(at),
            effects("gone"),
        )
    };
    assert_eq!(detach("l1", "boris", 3).await.unwrap(), Detached::Unknown);
    assert_eq!(
        detach("l1", "anna", 3).await.unwrap(),
        Detached::Now(vec![])
    );
    assert_eq!(detach("l1", "anna", 3).await.unwrap(), Detached::Unknown);
    assert!(has_effects(storage, "gone").await);
    let open = storage
        .open_sessions(&"anna".into(), later(3))
        .await
        .unwrap();
    assert_eq!(open.len(), 1);
    assert!(!storage.start_session(by_link("late")).await.unwrap());
    assert_eq!(storage.find_link("s1").await.unwrap(), None);
    // Asserted before it went.
    assert_eq!(
        storage.attach_link(kept, later(4)).await.unwrap(),
        Attached::Spent
    );
    let fresh = attachment(storage, link("l3", "anna", "s1", 4), 4).await;
    assert_eq!(
        storage.attach_link(fresh, later(4)).await.unwrap(),
        Attached::Now
    );
    home.close().await;
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let home = Empty::open().await;
    let storage = &home.storage;
    let first = new(storage, link("l1", "anna", "s1", 1), 1).await;
    storage
        .register_linked(without_password("anna"), first, later(1))
        .await
        .unwrap();
    let detach = || {
        let effects = effects("gone");
        storage.detach_link(
            "l1".to_owned(),
            "anna".into(),
            "kept".into(),
            later(2),
            effects,
        )
    };
    assert_eq!(detach().await.unwrap(), Detached::LastWay);
    assert!(!has_effects(storage, "gone").await);
    let other = LinkRecord {
        issuer: "https://other.example".to_owned(),
        ..link("l2", "anna", "s2", 1)
    };
    let second = attachment(storage, other, 1).await;
    assert_eq!(
        storage.attach_link(second, later(2)).await.unwrap(),
        Attached::Now
    );
    assert!(matches!(detach().await.unwrap(), Detached::Now(_)));
    home.close().await;
}
