//! Numbers of people in ESIA's dialect, and what their grants allow in detail.

use propusk::model::id::{AccountId, ClientId};

use super::{Empty, NOW, digest, later};

#[tokio::test]
async fn a_person_has_one_number_and_a_number_one_person() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let anna = || AccountId::from("anna");
    let other = AccountId::from("boris");
    storage
        .register_account(super::account("boris"))
        .await
        .unwrap();
    assert_eq!(storage.find_oid(&anna()).await.unwrap(), None);
    let put = |account, oid| storage.put_oid_once(account, oid);
    assert_eq!(put(anna(), 7).await.unwrap(), Some(7));
    assert_eq!(
        put(anna(), 8).await.unwrap(),
        Some(7),
        "the first one stays"
    );
    assert_eq!(put(other.clone(), 7).await.unwrap(), None, "it is taken");
    assert_eq!(put(other.clone(), 8).await.unwrap(), Some(8));
    assert_eq!(storage.find_oid(&other).await.unwrap(), Some(8));
    let nobody = put(AccountId::from("nobody"), 9);
    assert_eq!(nobody.await.unwrap(), None, "nobody has none");
    let client = ClientId::from("portal");
    let granted = storage.permitted_grants(client, 7).await.unwrap();
    assert!(granted.is_empty());
}

#[tokio::test]
async fn a_ticket_that_is_kept_holds_what_it_held_first() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let keep = |payload: &str| {
        let kind = propusk::model::ticket::ESIA_REQUEST;
        storage.keep_ticket(None, kind, digest("a"), payload.to_owned(), NOW, later(60))
    };
    assert_eq!(keep("first").await.unwrap(), "first");
    assert_eq!(keep("second").await.unwrap(), "first");
}
