//! Sessions and the devices they mark.

use std::time::Duration;

use futures_util::FutureExt as _;
use propusk::model::id::AccountId;
use propusk::storage::{Effects, RestsOn, SessionChoice};

use super::{Empty, NOW, digest, effects, has_effects, later, password, session};

#[tokio::test]
async fn a_session_is_found_by_its_digest_and_lives_while_it_is_used() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let anna = AccountId::from("anna");
    let mut new = session("s1", "anna");
    new.effects = effects("begun");
    storage.start_session(new).await.unwrap();
    assert!(has_effects(storage, "begun").await);
    let found = storage.find_session(&digest("s1")).await.unwrap().unwrap();
    assert_eq!((found.id.as_str(), found.last_seen_at), ("s1", NOW));
    assert!(storage.find_session(&digest("s2")).await.unwrap().is_none());
    assert!(
        storage
            .load_session(&"nobody".into())
            .await
            .unwrap()
            .is_none()
    );

    storage
        .touch_session("s1".into(), later(60), later(960))
        .await
        .unwrap();
    // A touch that arrives late takes nothing back.
    storage
        .touch_session("s1".into(), later(30), later(930))
        .await
        .unwrap();
    let touched = storage.load_session(&"s1".into()).await.unwrap().unwrap();
    assert_eq!(
        (touched.last_seen_at, touched.idle_until),
        (later(60), later(960))
    );
    assert_eq!(
        storage
            .open_sessions(&anna, later(959))
            .await
            .unwrap()
            .len(),
        1
    );
    assert!(
        storage
            .open_sessions(&anna, later(960))
            .await
            .unwrap()
            .is_empty()
    );

    let device = digest("device of anna");
    assert!(storage.is_known_device(&device, &anna).await.unwrap());
    assert!(
        !storage
            .is_known_device(&device, &AccountId::from("boris"))
            .await
            .unwrap()
    );
    assert!(
        !storage
            .is_known_device(&digest("another"), &anna)
            .await
            .unwrap()
    );
    assert!(
        storage
            .clients_of_session(&"s1".into())
            .await
            .unwrap()
            .is_empty()
    );
    home.close().await;
}

#[tokio::test]
async fn sessions_end_one_by_one_or_together() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let anna = AccountId::from("anna");
    for id in ["s1", "s2", "s3", "s4"] {
        storage.start_session(session(id, "anna")).await.unwrap();
    }
    let open = || async {
        let mut ids: Vec<String> = storage
            .open_sessions(&anna, later(1))
            .await
            .unwrap()
            .iter()
            .map(|one| one.id.to_string())
            .collect();
        ids.sort();
        ids
    };
    let end = |choice: SessionChoice, id: &'static str| {
        storage.end_sessions(choice, "ended".to_owned(), false, later(1), effects(id))
    };
    end(SessionChoice::One("s1".into()), "one").await.unwrap();
    assert_eq!(open().await, ["s2", "s3", "s4"]);
    // A session that has ended ends nothing and leaves no line.
    end(SessionChoice::One("s1".into()), "twice").await.unwrap();
    assert!(has_effects(storage, "one").await && !has_effects(storage, "twice").await);
    end(SessionChoice::AllBut(anna.clone(), "s3".into()), "others")
        .await
        .unwrap();
    assert_eq!(open().await, ["s3"]);
    end(SessionChoice::All(anna.clone()), "all").await.unwrap();
    assert!(open().await.is_empty());
    // An ended session cannot be touched back to life.
    storage
        .touch_session("s3".into(), later(2), later(902))
        .await
        .unwrap();
    assert!(open().await.is_empty());
    home.close().await;
}

#[tokio::test]
async fn sessions_that_ran_out_are_swept_and_leave_a_line() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    for id in ["s1", "s2", "s3"] {
        storage.start_session(session(id, "anna")).await.unwrap();
    }
    storage
        .touch_session("s3".into(), later(600), later(1_500))
        .await
        .unwrap();
    storage.end_timed_out(10, later(899)).await.unwrap();
    assert_eq!(
        storage
            .open_sessions(&"anna".into(), later(899))
            .await
            .unwrap()
            .len(),
        3
    );
    storage.end_timed_out(1, later(900)).await.unwrap();
    storage.end_timed_out(10, later(900)).await.unwrap();
    let all = propusk::storage::HistoryFilter {
        status: Some("timed_out".to_owned()),
        limit: 10,
        ..Default::default()
    };
    let lines = storage.sign_ins(&"anna".into(), &all).await.unwrap();
    let mut ids: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["s1-end", "s2-end"]);
    let ended = storage.load_session(&"s1".into()).await.unwrap().unwrap();
    assert_eq!(
        (ended.ended_at, ended.end_reason.as_deref()),
        (Some(later(900)), Some("timed_out"))
    );
    // At its latest moment, however it is used.
    storage
        .touch_session("s3".into(), later(3_000), later(3_600))
        .await
        .unwrap();
    storage.end_timed_out(10, later(3_600)).await.unwrap();
    let ended = storage.load_session(&"s3".into()).await.unwrap().unwrap();
    assert_eq!(ended.ended_at, Some(later(3_600)));
    storage
        .end_sessions(
            SessionChoice::All("anna".into()),
            "late".to_owned(),
            false,
            later(4_000),
            Effects::default(),
        )
        .await
        .unwrap();
    let still = storage.load_session(&"s3".into()).await.unwrap().unwrap();
    assert_eq!(still.end_reason.as_deref(), Some("timed_out"));
    home.close().await;
}

#[tokio::test]
async fn a_browser_that_does_not_come_back_is_forgotten() {
    const LIFE: u64 = 400 * 86_400;
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let anna = AccountId::from("anna");
    for (id, device, seconds) in [("s1", "away", 0), ("s2", "back", 0), ("s3", "back", 10)] {
        let mut new = session(id, "anna");
        new.session.created_at = later(seconds);
        new.device = digest(device);
        storage.start_session(new).await.unwrap();
    }
    let known = async |device| {
        storage
            .is_known_device(&digest(device), &anna)
            .await
            .unwrap()
    };
    storage.purge(100, later(LIFE)).await.unwrap();
    assert!(
        known("away").await && known("back").await,
        "to its last moment"
    );
    storage.purge(100, later(LIFE + 10)).await.unwrap();
    assert!(!known("away").await && known("back").await);
    home.close().await;
}

#[tokio::test]
async fn a_proof_that_is_worth_nothing_any_more_opens_no_session() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    assert!(storage.start_session(session("s1", "anna")).await.unwrap());
    storage
        .set_password(
            password("anna", "hash 2", later(5)),
            None,
            None,
            Effects::default(),
        )
        .await
        .unwrap();
    // It was being hashed when the password was replaced.
    let mut late = session("s2", "anna");
    late.effects = effects("late");
    assert!(!storage.start_session(late).await.unwrap());
    assert!(!has_effects(storage, "late").await);
    let mut right = session("s3", "anna");
    right.rests_on = RestsOn::Password(later(5));
    assert!(storage.start_session(right).await.unwrap());
    storage
        .block_account("anna".into(), Some(later(6)), later(6))
        .await
        .unwrap();
    let mut blocked = session("s4", "anna");
    blocked.rests_on = RestsOn::Password(later(5));
    assert!(!storage.start_session(blocked).await.unwrap());
    home.close().await;
}

/// Whoever asked has gone, as a browser does whose tab is closed: what was
/// done is done, and no cache may believe otherwise.
#[tokio::test]
async fn a_change_nobody_waits_for_is_noticed_as_well() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    let Some(before) = storage.generation() else {
        // Nothing is remembered of a shared database.
        home.close().await;
        return;
    };
    let choice = SessionChoice::One("s1".into());
    let ending = storage.end_sessions(
        choice,
        "signed_out".to_owned(),
        false,
        later(1),
        Effects::default(),
    );
    assert!(ending.now_or_never().is_none(), "it waits for its commit");
    for _ in 0..500 {
        if storage.generation() != Some(before) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_ne!(storage.generation(), Some(before));
    let ended = storage.load_session(&"s1".into()).await.unwrap().unwrap();
    assert!(ended.ended_at.is_some());
    home.close().await;
}

#[tokio::test]
async fn a_session_rests_on_the_one_that_agreed_or_on_a_phone() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let by = |id: &str, account: &str, rests_on| {
        let mut new = session(id, account);
        new.rests_on = rests_on;
        storage.start_session(new)
    };
    assert!(storage.start_session(session("s1", "anna")).await.unwrap());
    let agreed = || RestsOn::Session("s1".into());
    assert!(by("s2", "anna", agreed()).await.unwrap());
    assert!(!by("s3", "timur", agreed()).await.unwrap());
    assert!(
        !by("s4", "anna", RestsOn::Session("s0".into()))
            .await
            .unwrap()
    );
    let reason = "signed_out".to_owned();
    let one = SessionChoice::One("s1".into());
    storage
        .end_sessions(one, reason, true, later(1), Effects::default())
        .await
        .unwrap();
    assert!(!by("s5", "anna", agreed()).await.unwrap());
    let phone = |of: &str| RestsOn::Phone(format!("phone of {of}"));
    assert!(by("s6", "anna", phone("anna")).await.unwrap());
    assert!(!by("s7", "anna", phone("timur")).await.unwrap());
    home.close().await;
}
