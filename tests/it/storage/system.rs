//! The database itself, keys, relying parties, counters.

use propusk::model::id::ClientId;
use propusk::storage::{Block, SigningKeyRecord};

use super::{Empty, NOW, client, later};

#[tokio::test]
async fn the_schema_is_known_and_the_database_answers() {
    let empty = Empty::open().await;
    assert_eq!(
        empty.storage.applied_migrations().await.unwrap().first(),
        Some(&1)
    );
    empty.storage.ping().await.unwrap();
    // Again changes nothing.
    empty.storage.migrate().await.unwrap();
    empty.close().await;
}

#[tokio::test]
async fn a_root_secret_is_made_once() {
    let empty = Empty::open().await;
    let storage = &empty.storage;
    assert_eq!(storage.find_secret("root").await.unwrap(), None);
    let put = |sealed: &str| storage.put_secret_once("root".to_owned(), sealed.to_owned());
    assert_eq!(put("first").await.unwrap(), "first");
    assert_eq!(put("second").await.unwrap(), "first");
    assert_eq!(
        storage.find_secret("root").await.unwrap().as_deref(),
        Some("first")
    );
    empty.close().await;
}

#[tokio::test]
async fn signing_keys_are_kept_after_they_are_withdrawn() {
    let empty = Empty::open().await;
    let storage = &empty.storage;
    let key = |kid: &str, seconds| SigningKeyRecord {
        kid: kid.to_owned(),
        alg: "ES256".to_owned(),
        private_sealed: "sealed".to_owned(),
        public_jwk: "{}".to_owned(),
        created_at: later(seconds),
        active_from: later(seconds + 3_600),
        retired_at: None,
    };
    storage.put_signing_key(key("newer", 10)).await.unwrap();
    storage.put_signing_key(key("older", 0)).await.unwrap();
    assert!(
        storage.put_signing_key(key("older", 0)).await.is_err(),
        "a name is one key's"
    );
    let retire = |kid: &str| storage.retire_signing_key(kid.to_owned(), later(20));
    assert!(retire("older").await.unwrap());
    assert!(!retire("older").await.unwrap(), "once is enough");
    assert!(!retire("nobody").await.unwrap());
    let keys = storage.signing_keys().await.unwrap();
    let seen: Vec<_> = keys
        .iter()
        .map(|key| (key.kid.as_str(), key.retired_at))
        .collect();
    assert_eq!(seen, [("older", Some(later(20))), ("newer", None)]);
    assert_eq!(keys[1].active_from, later(3_610));
    let hurry = |kid: &str, at| storage.hurry_signing_key(kid.to_owned(), later(at));
    assert!(hurry("newer", 30).await.unwrap());
    assert!(!hurry("newer", 40).await.unwrap(), "it signs already");
    assert!(!hurry("older", 40).await.unwrap(), "it was withdrawn");
    let keys = storage.signing_keys().await.unwrap();
    assert_eq!(keys[1].active_from, later(30));
    empty.close().await;
}

#[tokio::test]
async fn a_change_of_a_client_is_noticed_and_a_repeat_is_not() {
    let empty = Empty::open().await;
    let storage = &empty.storage;
    assert_eq!(storage.outside_changes().await.unwrap(), 0);
    storage.put_client(client("portal")).await.unwrap();
    storage.put_client(client("another")).await.unwrap();
    let version = storage.outside_changes().await.unwrap();
    storage.put_client(client("portal")).await.unwrap();
    assert_eq!(storage.outside_changes().await.unwrap(), version);
    let mut changed = client("portal");
    changed.metadata = "{}".to_owned();
    changed.updated_at = later(5);
    storage.put_client(changed).await.unwrap();
    assert_eq!(storage.outside_changes().await.unwrap(), version + 1);
    let found = storage
        .find_client(&ClientId::from("portal"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.metadata.as_str(), found.created_at, found.updated_at),
        ("{}", NOW, later(5))
    );
    let all: Vec<String> = storage
        .clients()
        .await
        .unwrap()
        .iter()
        .map(|one| one.id.to_string())
        .collect();
    assert_eq!(all, ["another", "portal"]);

    assert!(
        storage
            .disable_client("portal".into(), true, later(6))
            .await
            .unwrap()
    );
    assert!(
        !storage
            .disable_client("nobody".into(), true, later(6))
            .await
            .unwrap()
    );
    assert_eq!(storage.outside_changes().await.unwrap(), version + 2);
    let off = storage
        .find_client(&ClientId::from("portal"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(off.disabled_at, Some(later(6)));
    // A registration that is read again does not switch it on.
    storage.put_client(client("portal")).await.unwrap();
    let off = storage
        .find_client(&ClientId::from("portal"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(off.disabled_at, Some(later(6)));
    assert!(
        storage
            .disable_client("portal".into(), false, later(7))
            .await
            .unwrap()
    );
    let on = storage
        .find_client(&ClientId::from("portal"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(on.disabled_at, None);
    empty.close().await;
}

#[tokio::test]
async fn a_counter_closes_at_its_limit_and_opens_again() {
    let empty = Empty::open().await;
    let storage = &empty.storage;
    let hit = |seconds| {
        storage.count_hit(
            "tries".to_owned(),
            3,
            60_000,
            30_000,
            Some(Block {
                number: "12345678".to_owned(),
                account: None,
            }),
            later(seconds),
        )
    };
    assert!(storage.find_throttle("tries").await.unwrap().is_none());
    assert_eq!(hit(0).await.unwrap().hits, 1);
    assert_eq!(hit(1).await.unwrap().locked_until, None);
    let closed = hit(2).await.unwrap();
    assert_eq!((closed.hits, closed.locked_until), (3, Some(later(32))));
    assert_eq!(closed.block_number.as_deref(), Some("12345678"));
    // Knocking makes it no longer.
    let knocked = hit(10).await.unwrap();
    assert_eq!((knocked.hits, knocked.locked_until), (4, Some(later(32))));
    assert_eq!(hit(40).await.unwrap().hits, 1, "anew after the lock");
    // Support opens it by its number, the right person by being right.
    for seconds in 41..44 {
        hit(seconds).await.unwrap();
    }
    assert!(storage.unlock("12345678".to_owned()).await.unwrap());
    assert!(!storage.unlock("12345678".to_owned()).await.unwrap());
    hit(50).await.unwrap();
    storage.clear_throttle("tries".to_owned()).await.unwrap();
    assert!(storage.find_throttle("tries").await.unwrap().is_none());
    empty.close().await;
}

/// Tries at the same moment are all counted.
#[tokio::test]
async fn a_crowd_is_counted_to_the_last() {
    let empty = Empty::open().await;
    let hits = (0..32).map(|_| {
        let storage = empty.storage.clone();
        tokio::spawn(async move {
            storage
                .count_hit("crowd".to_owned(), 10, 60_000, 60_000, None, NOW)
                .await
                .unwrap()
                .hits
        })
    });
    let hits = futures_util::future::join_all(hits).await;
    let mut hits: Vec<i64> = hits.into_iter().map(Result::unwrap).collect();
    hits.sort_unstable();
    assert_eq!(hits, (1..=32).collect::<Vec<_>>());
    empty.close().await;
}

#[tokio::test]
async fn one_process_serves_an_embedded_database() {
    let home = Empty::open().await;
    let first = home.storage.claim().unwrap();
    match &first {
        Some(_) => {
            let refused = home.storage.claim().unwrap_err().to_string();
            assert!(refused.contains("another process"), "{refused}");
            drop(first);
            assert!(home.storage.claim().unwrap().is_some());
        }
        None => assert!(home.storage.claim().unwrap().is_none()),
    }
    home.close().await;
}

#[tokio::test]
async fn a_command_says_that_it_changed_something() {
    let home = Empty::open().await;
    let before = home.storage.outside_changes().await.unwrap();
    for _ in 0..2 {
        home.storage.mark_change().await.unwrap();
    }
    let after = home.storage.outside_changes().await.unwrap();
    assert_eq!(after, before + 2);
    home.close().await;
}
