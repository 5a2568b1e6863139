//! Relying parties that registered themselves.

use propusk::model::id::ClientId;
use propusk::model::ticket::INITIAL_ACCESS;
use propusk::storage::{ClientRecord, NewRegistration, SelfRegistered, Storage};

use super::{Empty, NOW, client, digest, later};

fn new(id: &str, most: i64, initial: Option<(&str, i64)>) -> NewRegistration {
    NewRegistration {
        client: ClientRecord {
            source: "dynamic".to_owned(),
            ..client(id)
        },
        token: digest(&format!("token of {id}")),
        most,
        initial: initial.map(|(token, uses)| (digest(token), uses)),
    }
}

async fn names(storage: &Storage) -> Vec<(String, String, bool)> {
    let all = storage.clients().await.unwrap();
    all.into_iter()
        .map(|one| (one.id.to_string(), one.source, one.disabled_at.is_some()))
        .collect()
}

#[tokio::test]
async fn a_client_is_added_with_what_it_is_changed_with() {
    let home = Empty::open().await;
    let storage = &home.storage;
    let done = storage
        .register_client(new("shop", 5, None), NOW)
        .await
        .unwrap();
    assert_eq!(done, SelfRegistered::Done);
    let id = ClientId::from("shop");
    let found = storage.find_registration(&id).await.unwrap().unwrap();
    assert_eq!(found.token_digest, digest("token of shop"));
    assert_eq!((found.version, found.created_at), (1, NOW));
    assert_eq!(found.metadata, client("shop").metadata);
    // Those of other sources are found by nobody.
    storage.put_client(client("portal")).await.unwrap();
    assert!(
        storage
            .find_registration(&"portal".into())
            .await
            .unwrap()
            .is_none()
    );
    storage.put_client(client("shop")).await.unwrap();
    assert!(storage.find_registration(&id).await.unwrap().is_none());
    home.close().await;
}

#[tokio::test]
async fn what_is_full_or_spent_adds_nothing() {
    let home = Empty::open().await;
    let storage = &home.storage;
    storage
        .put_ticket(
            INITIAL_ACCESS,
            digest("initial"),
            "1".to_owned(),
            NOW,
            later(60),
        )
        .await
        .unwrap();
    let register = async |id: &str, initial, at| {
        let outcome = storage
            .register_client(new(id, 2, initial), later(at))
            .await;
        outcome.unwrap()
    };
    let initial = Some(("initial", 1));
    assert_eq!(register("late", initial, 60).await, SelfRegistered::Spent);
    assert_eq!(
        register("forged", Some(("no token", 1)), 1).await,
        SelfRegistered::Spent
    );
    assert_eq!(register("first", initial, 1).await, SelfRegistered::Done);
    assert_eq!(register("again", initial, 2).await, SelfRegistered::Spent);
    assert_eq!(register("second", None, 3).await, SelfRegistered::Done);
    assert_eq!(register("third", None, 4).await, SelfRegistered::Full);
    let all: Vec<_> = names(storage).await.into_iter().map(|one| one.0).collect();
    assert_eq!(all, ["first", "second"]);
    home.close().await;
}

#[tokio::test]
async fn only_its_token_and_the_newest_version_change_it() {
    let home = Empty::open().await;
    let storage = &home.storage;
    storage
        .register_client(new("shop", 5, None), NOW)
        .await
        .unwrap();
    let replace = async |token: &str, read, text: &str| {
        let token = digest(token);
        let metadata = text.to_owned();
        let replaced = storage.replace_registration("shop".into(), token, read, metadata, later(5));
        replaced.await.unwrap()
    };
    assert!(!replace("another", 1, "forged").await);
    assert!(replace("token of shop", 1, "two").await);
    assert!(!replace("token of shop", 1, "three").await);
    let found = storage
        .find_registration(&"shop".into())
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.version, found.metadata.as_str()), (2, "two"));
    storage
        .disable_client("shop".into(), true, later(6))
        .await
        .unwrap();
    assert!(!replace("token of shop", 3, "back").await);
    assert!(
        storage
            .find_registration(&"shop".into())
            .await
            .unwrap()
            .is_none()
    );
    let remove = async |token: &str| {
        let rest = "rest".to_owned();
        let removed = storage.remove_registration("shop".into(), digest(token), rest, later(7));
        removed.await.unwrap()
    };
    assert!(!remove("token of shop").await, "it is switched off");
    storage
        .disable_client("shop".into(), false, later(8))
        .await
        .unwrap();
    assert!(!remove("another").await);
    assert!(remove("token of shop").await);
    assert!(!remove("token of shop").await);
    let left = storage.find_client(&"shop".into()).await.unwrap().unwrap();
    assert_eq!(
        (left.metadata.as_str(), left.source.as_str()),
        ("rest", "removed")
    );
    assert_eq!(left.disabled_at, Some(later(7)));
    home.close().await;
}

#[tokio::test]
async fn what_was_never_used_is_found_and_removed() {
    let home = Empty::open().await;
    let storage = &home.storage;
    for id in ["idle", "used", "taken"] {
        storage
            .register_client(new(id, 5, None), NOW)
            .await
            .unwrap();
    }
    storage
        .register_client(new("young", 5, None), later(100))
        .await
        .unwrap();
    let used = vec![ClientId::from("used"), ClientId::from("nobody")];
    storage.use_registrations(used, later(1)).await.unwrap();
    // The operator has taken it over.
    storage.put_client(client("taken")).await.unwrap();
    let unused = storage.unused_registrations(later(50), 10).await.unwrap();
    let mut unused: Vec<_> = unused.iter().map(ClientId::as_str).collect();
    unused.sort_unstable();
    assert_eq!(unused, ["idle", "taken"]);
    let remove = async |id: &str| {
        let rest = "rest".to_owned();
        let removed = storage.remove_unused_registration(id.into(), later(50), rest, later(200));
        removed.await.unwrap()
    };
    assert!(remove("idle").await && remove("taken").await);
    assert!(!remove("idle").await && !remove("used").await && !remove("young").await);
    let off: Vec<_> = names(storage)
        .await
        .into_iter()
        .filter(|one| one.2)
        .collect();
    assert_eq!(off, [("idle".to_owned(), "removed".to_owned(), true)]);
    home.close().await;
}
