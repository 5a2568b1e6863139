//! Streams of signals and what waits on them.

use propusk::model::id::{AccountId, ClientId};
use propusk::model::level::Level;
use propusk::model::signal::Particulars;
use propusk::model::timestamp::Timestamp;
use propusk::storage::{
    Effects, JournalRecord, SessionChoice, Storage, StreamEventRecord, StreamRecord, Taken,
    VerificationAsked,
};

use super::{Empty, NOW, client, later};

const ALL: &str = "session-revoked credential-change assurance-level-change account-disabled \
                   account-enabled account-purged";

fn stream(id: &str, client: &str) -> StreamRecord {
    StreamRecord {
        id: id.to_owned(),
        client_id: ClientId::from(client),
        version: 1,
        delivery: "push".to_owned(),
        endpoint_url: Some("https://portal.example/in".to_owned()),
        authorization_sealed: Some("sealed".to_owned()),
        events_requested: "[]".to_owned(),
        events_delivered: ALL.to_owned(),
        description: Some("ours".to_owned()),
        status: "enabled".to_owned(),
        status_reason: None,
        created_at: NOW,
        locked_until: Timestamp::default(),
        next_try_at: NOW,
        tries: 0,
        last_delivered_at: None,
        last_error: None,
    }
}

fn event(jti: &str, signal: &str, at: Timestamp) -> StreamEventRecord {
    StreamEventRecord {
        stream_id: "st".to_owned(),
        jti: jti.to_owned(),
        account_id: None,
        signal: signal.to_owned(),
        session_id: None,
        particulars: "{}".to_owned(),
        at,
    }
}

/// A line of the journal that is a signal.
fn line(id: &str, action: &str, at: Timestamp) -> Effects {
    Effects {
        journal: vec![JournalRecord {
            id: id.to_owned(),
            account_id: AccountId::from("anna"),
            at,
            actor: "operator".to_owned(),
            action: action.to_owned(),
            details_sealed: String::new(),
        }],
        ..Effects::default()
    }
}

async fn waiting(storage: &Storage, now: Timestamp) -> Vec<(String, String)> {
    let all = storage.waiting_events("st".to_owned(), 100, now).await;
    let all = all.unwrap().into_iter();
    all.map(|event| (event.signal, event.particulars)).collect()
}

#[tokio::test]
async fn a_client_has_one_stream() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    let portal = ClientId::from("portal");
    assert_eq!(storage.stream_of(&portal).await.unwrap(), None);
    assert!(storage.create_stream(stream("st", "portal")).await.unwrap());
    let second = storage.create_stream(stream("other", "portal"));
    assert!(!second.await.unwrap());
    let found = storage.stream_of(&portal).await.unwrap().unwrap();
    assert_eq!(found, stream("st", "portal"));

    let mut changed = found.clone();
    changed.delivery = "poll".to_owned();
    changed.endpoint_url = None;
    assert!(
        storage
            .change_stream(changed.clone(), later(1))
            .await
            .unwrap()
    );
    let stale = storage.change_stream(changed, later(1)).await.unwrap();
    assert!(!stale, "another change came before");
    let found = storage.stream_of(&portal).await.unwrap().unwrap();
    assert_eq!((found.version, found.delivery.as_str()), (2, "poll"));

    let set = |id: &str, status: &str| {
        storage.set_stream_status(id.to_owned(), status.to_owned(), None, later(2))
    };
    assert!(set("st", "paused").await.unwrap());
    assert!(!set("unknown", "paused").await.unwrap());
    let found = storage.stream_of(&portal).await.unwrap().unwrap();
    assert_eq!(found.status, "paused");
    assert!(storage.delete_stream("st".to_owned()).await.unwrap());
    assert!(!storage.delete_stream("st".to_owned()).await.unwrap());
    home.close().await;
}

#[tokio::test]
async fn what_happens_is_put_on_the_streams_that_may_know() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    storage.put_client(client("stranger")).await.unwrap();
    storage.create_stream(stream("st", "portal")).await.unwrap();
    let strangers = stream("of a stranger", "stranger");
    storage.create_stream(strangers).await.unwrap();
    // What is no signal is put nowhere; neither is one that nobody asks for.
    for action in ["signed_in", "password_changed", "recovery_tried"] {
        storage.record(line(action, action, NOW)).await.unwrap();
    }
    let told = waiting(storage, NOW).await;
    assert_eq!(told.len(), 1, "{told:?}");
    let particulars: Particulars = serde_json::from_str(&told[0].1).unwrap();
    assert_eq!(particulars.credential.as_deref(), Some("password"));
    let (count, oldest) = storage.signals_waiting().await.unwrap();
    assert_eq!((count, oldest), (1, Some(NOW)));
    // In the order it happened, which is that of the transactions.
    let account = AccountId::from("anna");
    let blocked = storage.block_account(account.clone(), Some(later(1)), later(1));
    blocked.await.unwrap();
    storage
        .block_account(account.clone(), None, later(2))
        .await
        .unwrap();
    let names: Vec<_> = waiting(storage, later(3)).await;
    let names: Vec<_> = names.into_iter().map(|(signal, _)| signal).collect();
    assert_eq!(
        names,
        ["credential-change", "account-disabled", "account-enabled"]
    );
    // The portal had no grant of the session, so its end is none of its business.
    let choice = SessionChoice::One("s1".into());
    let ended = storage.end_sessions(
        choice,
        "signed_out".to_owned(),
        true,
        later(3),
        Effects::default(),
    );
    ended.await.unwrap();
    assert_eq!(waiting(storage, later(3)).await.len(), 3);
    // Withdrawn, and nothing of her waits any more.
    let nothing = Effects::default();
    storage
        .withdraw_consent("c1".into(), account, later(4), nothing)
        .await
        .unwrap();
    assert_eq!(storage.signals_waiting().await.unwrap(), (0, None));
    storage
        .record(line("later", "password_changed", later(5)))
        .await
        .unwrap();
    assert_eq!(waiting(storage, later(5)).await, []);
    home.close().await;
}

#[tokio::test]
async fn one_node_has_a_stream_and_lets_it_go() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    storage.create_stream(stream("st", "portal")).await.unwrap();
    let claim = || storage.claim_stream(NOW, later(60));
    assert_eq!(claim().await.unwrap(), None, "nothing waits");
    let asked = storage.ask_verification(event("v", "verification", NOW), NOW);
    assert_eq!(asked.await.unwrap(), VerificationAsked::Now);
    let claimed = claim().await.unwrap().unwrap();
    assert_eq!(claim().await.unwrap(), None, "it is another's");
    // Another's lock is not let go.
    let failed = Some(("503".to_owned(), later(30)));
    let release =
        |lock: Timestamp, failed| storage.release_stream("st".to_owned(), lock, failed, NOW);
    release(later(61), failed.clone()).await.unwrap();
    assert_eq!(claim().await.unwrap(), None);
    release(claimed.locked_until, failed).await.unwrap();
    assert_eq!(claim().await.unwrap(), None, "it waits");
    let state = storage.stream_states().await.unwrap().remove(0);
    assert_eq!((state.waiting, state.oldest_at), (1, Some(NOW)));
    assert_eq!(state.last_error.as_deref(), Some("503"));
    let claimed = storage.claim_stream(later(30), later(90)).await.unwrap();
    assert_eq!(claimed.unwrap().tries, 1);
    let take = |taken| storage.take_event("st".to_owned(), "v".to_owned(), taken, later(31));
    assert!(take(Taken::Delivered).await.unwrap());
    assert!(!take(Taken::GivenUp(Some("late".to_owned()))).await.unwrap());
    let state = storage.stream_states().await.unwrap().remove(0);
    assert_eq!(state.last_delivered_at, Some(later(31)));
    assert_eq!(state.last_error, None);
    home.close().await;
}

#[tokio::test]
async fn verifications_are_asked_for_now_and_then() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    let ask = |jti: &str, at: Timestamp, since: Timestamp| {
        storage.ask_verification(event(jti, "verification", at), since)
    };
    let before = Timestamp::default();
    assert_eq!(
        ask("0", NOW, before).await.unwrap(),
        VerificationAsked::Silent
    );
    storage.create_stream(stream("st", "portal")).await.unwrap();
    assert_eq!(ask("1", NOW, before).await.unwrap(), VerificationAsked::Now);
    assert_eq!(
        ask("2", later(1), before).await.unwrap(),
        VerificationAsked::TooSoon
    );
    assert_eq!(
        ask("3", later(2), NOW).await.unwrap(),
        VerificationAsked::Now
    );
    assert_eq!(waiting(storage, later(2)).await.len(), 2);
    let off = storage.set_stream_status("st".to_owned(), "disabled".to_owned(), None, later(3));
    assert!(off.await.unwrap());
    assert_eq!(waiting(storage, later(3)).await, []);
    assert_eq!(
        ask("4", later(9), later(9)).await.unwrap(),
        VerificationAsked::Silent
    );
    home.close().await;
}

#[tokio::test]
async fn subjects_are_taken_off_and_put_back() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    storage.create_stream(stream("st", "portal")).await.unwrap();
    let exclude = |subject: &str| storage.exclude_subject("st".to_owned(), subject.to_owned(), 2);
    assert!(exclude("a").await.unwrap() && exclude("b").await.unwrap());
    assert!(!exclude("c").await.unwrap(), "there are too many");
    assert!(exclude("a").await.unwrap(), "it is already");
    assert!(storage.is_excluded("st", "a").await.unwrap());
    storage
        .include_subject("st".to_owned(), "a".to_owned())
        .await
        .unwrap();
    assert!(!storage.is_excluded("st", "a").await.unwrap());
    assert!(exclude("c").await.unwrap());
    home.close().await;
}

#[tokio::test]
async fn a_level_is_told_once() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    storage.create_stream(stream("st", "portal")).await.unwrap();
    let account = AccountId::from("anna");
    let mut settled = Vec::new();
    for (second, level) in [Level::Standard, Level::Standard, Level::Simplified]
        .iter()
        .enumerate()
    {
        let now = later(second as u64);
        storage
            .withdraw_evidence(account.clone(), now, Effects::default())
            .await
            .unwrap();
        let event = storage
            .waiting_events("st".to_owned(), 1, now)
            .await
            .unwrap()
            .remove(0);
        let jti = event.jti.clone();
        let said = storage
            .settle_level(event, account.clone(), *level)
            .await
            .unwrap();
        let said = said.map(|said| serde_json::from_str::<Particulars>(&said).unwrap());
        settled.push(said.map(|said| (said.level, said.level_before)));
        let taken = storage
            .take_event("st".to_owned(), jti, Taken::Delivered, now)
            .await;
        assert_eq!(taken.unwrap(), settled.last().unwrap().is_some());
    }
    assert_eq!(
        settled,
        [
            Some((Some(Level::Standard), None)),
            None,
            Some((Some(Level::Simplified), Some(Level::Standard))),
        ]
    );
    home.close().await;
}

#[tokio::test]
async fn what_waits_too_long_or_is_too_much_is_given_up() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    storage.create_stream(stream("st", "portal")).await.unwrap();
    for second in 0..4_u64 {
        let mut one = event(&second.to_string(), "verification", later(second));
        one.at = later(second);
        let asked = storage.ask_verification(one, later(second));
        assert_eq!(asked.await.unwrap(), VerificationAsked::Now);
    }
    let overdue = |before, most| storage.overdue_streams(before, most);
    assert_eq!(overdue(NOW, 4).await.unwrap(), Vec::<String>::new());
    assert_eq!(overdue(later(1), 4).await.unwrap(), ["st"]);
    assert_eq!(overdue(NOW, 3).await.unwrap(), ["st"]);
    let give_up = |jti: &str, before, most| {
        let said = event(jti, "stream-updated", later(9));
        storage.give_up_events(said, "too long".to_owned(), before, most)
    };
    assert_eq!(give_up("none", NOW, 4).await.unwrap(), 0);
    assert_eq!(give_up("first", later(1), 4).await.unwrap(), 1);
    let found = storage.stream_of(&"portal".into()).await.unwrap().unwrap();
    assert_eq!(found.status, "paused");
    assert_eq!(found.status_reason.as_deref(), Some("too long"));
    // A paused one tells nothing but that it is paused, and says it once.
    assert_eq!(give_up("second", NOW, 3).await.unwrap(), 1);
    let names: Vec<_> = waiting(storage, later(9)).await;
    assert_eq!(names, [("stream-updated".to_owned(), "{}".to_owned())]);
    assert_eq!(storage.signals_waiting().await.unwrap().0, 3);
    home.close().await;
}
