//! Taking back what somebody else has done.

use propusk::model::id::{AccountId, SessionId};
use propusk::model::secret::Digest;
use propusk::model::ticket::{NOT_ME, RECOVERY_OPEN};
use propusk::model::timestamp::Timestamp;
use propusk::storage::{
    ContactRecord, Effects, Event, FactorRecord, NewTicket, NotMe, RecoveryRecord, Storage,
    TrustedRecord, Undo, Undone,
};

use super::{
    Empty, NOW, client, consent, contact, digest, effects, has_effects, later, message, password,
    session,
};

const NEVER: Timestamp = Timestamp::from_millis(i64::MAX);

fn anna() -> AccountId {
    AccountId::from("anna")
}

pub(super) fn event(since: u64) -> Event {
    Event {
        since: later(since),
        until: NEVER,
        session: None,
        any_session: false,
        printed: false,
    }
}

pub(super) fn undoing(event: Event, ticket: Option<Digest>) -> Undo {
    Undo {
        account: anna(),
        known_since: event.since,
        event,
        ticket,
        told: "email".to_owned(),
        takes_back: true,
        effects: Effects::default(),
    }
}

fn factor(id: &str, at: u64) -> FactorRecord {
    FactorRecord {
        id: id.to_owned(),
        account_id: anna(),
        kind: "totp".to_owned(),
        kept_sealed: format!("sealed {id}"),
        credential: None,
        created_at: later(at),
        last_used_at: Some(later(at)),
        last_step: None,
        preferred_at: None,
    }
}

fn email(index: &str, at: u64) -> ContactRecord {
    ContactRecord {
        created_at: later(at),
        confirmed_at: Some(later(at)),
        ..contact("anna", "email", index, true)
    }
}

async fn factors(storage: &Storage) -> Vec<String> {
    let all = storage.factors_of(&anna()).await.unwrap();
    all.into_iter().map(|factor| factor.id).collect()
}

/// A session of anna's that begins so much later.
fn late(id: &str, at: u64, device: &str) -> propusk::storage::NewSession {
    let mut new = session(id, "anna");
    new.session.created_at = later(at);
    new.device = digest(device);
    new
}

#[tokio::test]
async fn what_followed_an_event_is_taken_back_and_what_was_before_stays() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let confirm = async |record: ContactRecord| {
        let at = record.created_at;
        storage
            .confirm_contact(record, at, Effects::default())
            .await
            .unwrap()
    };
    confirm(email("her mail", 5)).await;
    storage
        .add_factor(factor("hers", 5), Effects::default())
        .await
        .unwrap();
    assert!(
        storage
            .start_session(late("before", 5, "home"))
            .await
            .unwrap()
    );
    // The thief, from the tenth second on.
    assert!(
        storage
            .start_session(late("thief", 10, "thief's"))
            .await
            .unwrap()
    );
    storage
        .add_factor(factor("thief's", 11), Effects::default())
        .await
        .unwrap();
    let gone = storage.remove_factor("hers".to_owned(), anna(), later(12), Effects::default());
    assert!(gone.await.unwrap());
    confirm(email("thief's mail", 13)).await;
    confirm(email("thief's other mail", 14)).await;
    let mut given = consent("c9");
    given.decided_at = later(15);
    storage
        .put_consent(given, Effects::default())
        .await
        .unwrap();
    storage
        .set_password(
            password("anna", "thief's hash", later(16)),
            Some(SessionId::from("thief")),
            None,
            Effects::default(),
        )
        .await
        .unwrap();

    let expected = Undone {
        sessions: 1,
        factors: 1,
        restored: 1,
        contacts: 1,
        links: 0,
        consents: 1,
        password: true,
    };
    let followed = storage.followed(&anna(), &event(10)).await.unwrap();
    assert_eq!(followed.contacts, 1, "{followed:?}");
    let before = storage.contacts_before(&anna(), &event(10)).await.unwrap();
    assert_eq!(before.len(), 1);
    assert_eq!(before[0].blind_index, "her mail");
    let mut undo = undoing(event(10), None);
    undo.effects = effects("undone");
    assert_eq!(
        storage.undo(undo, later(20)).await.unwrap(),
        NotMe::Now(expected)
    );
    assert!(has_effects(storage, "undone").await);
    assert_eq!(factors(storage).await, ["hers"]);
    let contacts = storage.contacts_of(&anna()).await.unwrap();
    let indexes: Vec<_> = contacts
        .iter()
        .map(|contact| &*contact.blind_index)
        .collect();
    assert_eq!(indexes, ["her mail", "phone of anna"]);
    let passwords = storage.passwords_of(&anna(), 5).await.unwrap();
    let hashes: Vec<_> = passwords.iter().map(|one| &*one.hash).collect();
    assert_eq!((hashes, passwords[0].replaced_at), (vec!["hash 1"], None));
    let consents = storage.consents_of(&anna()).await.unwrap();
    assert_eq!(consents[0].withdrawn_at, Some(later(20)));
    let ended = storage
        .load_session(&SessionId::from("thief"))
        .await
        .unwrap();
    assert!(ended.unwrap().ended_at.is_some());
    let known = async |device: &str| {
        storage
            .is_known_device(&digest(device), &anna())
            .await
            .unwrap()
    };
    assert!(!known("thief's").await);
    let exposure = storage.find_exposure(&anna()).await.unwrap().unwrap();
    assert_eq!((exposure.at, exposure.since), (later(20), later(10)));
    assert_eq!(exposure.unguarded_at, None, "a factor is left");
    assert_eq!(exposure.mended_at, None);
    // Another password mends it.
    storage
        .set_password(
            password("anna", "hash 2", later(30)),
            None,
            None,
            Effects::default(),
        )
        .await
        .unwrap();
    let exposure = storage.find_exposure(&anna()).await.unwrap().unwrap();
    assert_eq!(exposure.mended_at, Some(later(30)));
    home.close().await;
}

#[tokio::test]
async fn a_link_is_spent_once_and_only_its_session_ends_when_nothing_else_is_known() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let ticket = digest("ticket");
    storage
        .record(Effects {
            outbox: vec![message("m1", "email")],
            tickets: vec![NewTicket {
                account: Some(anna()),
                kind: NOT_ME,
                digest: ticket.clone(),
                payload: "sealed".to_owned(),
                created_at: NOW,
                expires_at: later(1_000),
            }],
            ..Effects::default()
        })
        .await
        .unwrap();
    assert!(
        storage
            .find_ticket(NOT_ME, &ticket, NOW)
            .await
            .unwrap()
            .is_some()
    );
    for id in ["one", "two"] {
        assert!(storage.start_session(late(id, 1, id)).await.unwrap());
    }
    storage
        .add_factor(factor("hers", 5), Effects::default())
        .await
        .unwrap();
    let in_one = || Event {
        since: later(5),
        session: Some(SessionId::from("one")),
        ..event(5)
    };
    let spend = |ticket: &str| {
        let undo = undoing(in_one(), Some(digest(ticket)));
        storage.undo(undo, later(10))
    };
    assert_eq!(spend("another").await.unwrap(), NotMe::Unknown);
    assert_eq!(factors(storage).await, ["hers"], "nothing was done");
    let done = spend("ticket").await.unwrap();
    assert!(matches!(&done, NotMe::Now(undone) if undone.sessions == 1 && undone.factors == 1));
    assert_eq!(spend("ticket").await.unwrap(), NotMe::Before);
    let open = storage.open_sessions(&anna(), later(10)).await.unwrap();
    let open: Vec<_> = open.iter().map(|session| session.id.as_str()).collect();
    assert_eq!(open, ["two"]);
    let exposure = storage.find_exposure(&anna()).await.unwrap().unwrap();
    assert_eq!(exposure.unguarded_at, Some(later(10)), "no factor is left");
    assert_eq!(exposure.told, "email");

    // A line of the history: nothing else is taken back.
    storage
        .add_factor(factor("later", 20), Effects::default())
        .await
        .unwrap();
    let line = Undo {
        event: Event {
            since: NEVER,
            session: Some(SessionId::from("two")),
            ..event(0)
        },
        known_since: later(1),
        told: String::new(),
        takes_back: false,
        ..undoing(event(1), None)
    };
    let done = storage.undo(line, later(21)).await.unwrap();
    assert!(matches!(&done, NotMe::Now(undone) if undone.sessions == 1));
    assert_eq!(factors(storage).await, ["later"]);
    let exposure = storage.find_exposure(&anna()).await.unwrap().unwrap();
    assert_eq!(
        (exposure.told.as_str(), exposure.since),
        ("email", later(1))
    );
    home.close().await;
}

#[tokio::test]
async fn what_nobody_wanted_back_is_destroyed() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    storage.put_client(client("other")).await.unwrap();
    storage
        .add_factor(factor("hers", 1), Effects::default())
        .await
        .unwrap();
    let gone = storage.remove_factor("hers".to_owned(), anna(), later(2), Effects::default());
    assert!(gone.await.unwrap());
    for (index, at) in [("one", 3), ("two", 4)] {
        let record = email(index, at);
        storage
            .confirm_contact(record, later(at), Effects::default())
            .await
            .unwrap();
    }
    let kept = storage.followed(&anna(), &event(2)).await.unwrap();
    assert_eq!((kept.restored, kept.contacts), (1, 1));
    storage.purge(100, later(10 * 86_400)).await.unwrap();
    assert_eq!(
        storage.followed(&anna(), &event(2)).await.unwrap().restored,
        1
    );
    storage.purge(100, later(12 * 86_400)).await.unwrap();
    assert_eq!(
        storage.followed(&anna(), &event(2)).await.unwrap().restored,
        0
    );
    assert!(
        storage
            .contacts_before(&anna(), &event(4))
            .await
            .unwrap()
            .is_empty()
    );
    home.close().await;
}

#[tokio::test]
async fn a_recovery_and_trust_that_a_thief_began_end_with_it() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let ticket = (RECOVERY_OPEN, digest("shown"));
    let none = Effects::default;
    storage
        .put_ticket_of(
            Some(anna()),
            ticket.clone(),
            String::new(),
            NOW,
            later(900),
            none(),
        )
        .await
        .unwrap();
    let recovery = RecoveryRecord {
        id: "r1".to_owned(),
        account_id: anna(),
        contact_kind: "phone".to_owned(),
        begun_at: later(11),
        opens_at: later(100),
        lapses_at: later(200),
        told_at: later(11),
        cancelled_at: None,
        done_at: None,
    };
    assert!(
        storage
            .begin_recovery(recovery, ticket, none())
            .await
            .unwrap()
    );
    let trusted = |id: &str, at| TrustedRecord {
        id: id.to_owned(),
        account_id: anna(),
        contact_id: None,
        typed_sealed: String::new(),
        invited_at: later(at),
        expires_at: later(900),
        confirmed_at: None,
        ended_at: None,
    };
    assert!(
        storage
            .invite_trusted(trusted("t1", 12), none())
            .await
            .unwrap()
    );
    storage
        .undo(undoing(event(10), None), later(20))
        .await
        .unwrap();
    let over = storage.find_recovery("r1").await.unwrap().unwrap();
    assert_eq!(over.cancelled_at, Some(later(20)));
    assert!(
        storage
            .trusted_of(&anna(), later(21))
            .await
            .unwrap()
            .is_none()
    );
    let shown = digest("shown");
    let step = storage.find_ticket(RECOVERY_OPEN, &shown, later(21));
    assert_eq!(step.await.unwrap().unwrap().spent_at, Some(later(20)));
    // What was there before the event stays.
    assert!(
        storage
            .invite_trusted(trusted("t2", 21), none())
            .await
            .unwrap()
    );
    storage
        .undo(undoing(event(30), None), later(40))
        .await
        .unwrap();
    assert!(
        storage
            .trusted_of(&anna(), later(41))
            .await
            .unwrap()
            .is_some()
    );
    home.close().await;
}
