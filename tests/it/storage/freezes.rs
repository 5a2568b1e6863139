//! Accounts that their owners freeze.

use propusk::model::id::{AccountId, SessionId};
use propusk::model::ticket::SECOND_STEP;
use propusk::storage::{Effects, Storage};

use super::{Empty, NOW, digest, effects, has_effects, later};

fn anna() -> AccountId {
    AccountId::from("anna")
}

async fn thaw(storage: &Storage, name: &str, at: u64) -> bool {
    let ticket = (SECOND_STEP, digest(name));
    storage
        .unfreeze(anna(), ticket, later(at), Effects::default())
        .await
        .unwrap()
}

#[tokio::test]
async fn notices_are_told_as_their_owner_chose() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let account = async || storage.find_account(&anna()).await.unwrap().unwrap();
    assert_eq!(account().await.notices_sealed, None);
    storage
        .put_notice_settings(anna(), "sealed".to_owned(), effects("chosen"))
        .await
        .unwrap();
    assert_eq!(account().await.notices_sealed.as_deref(), Some("sealed"));
    assert!(has_effects(storage, "chosen").await);
    home.close().await;
}

#[tokio::test]
async fn a_freeze_ends_everything_and_thaws_by_a_ticket_once() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    assert_eq!(storage.frozen_at(&anna()).await.unwrap(), None);
    assert!(
        storage
            .freeze(anna(), later(5), effects("frozen"))
            .await
            .unwrap()
    );
    assert!(has_effects(storage, "frozen").await);
    assert!(
        !storage
            .freeze(anna(), later(6), effects("again"))
            .await
            .unwrap()
    );
    assert!(!has_effects(storage, "again").await);
    assert_eq!(storage.frozen_at(&anna()).await.unwrap(), Some(later(5)));
    let session = storage.load_session(&SessionId::from("s1")).await.unwrap();
    assert!(session.unwrap().ended_at.is_some());
    for name in ["step", "second"] {
        storage
            .put_ticket(SECOND_STEP, digest(name), String::new(), NOW, later(600))
            .await
            .unwrap();
    }
    assert!(!thaw(storage, "unknown", 7).await);
    assert!(thaw(storage, "step", 7).await);
    assert!(!thaw(storage, "step", 8).await, "spent");
    let account = storage.find_account(&anna()).await.unwrap().unwrap();
    assert_eq!(account.blocked_at, None);

    // A block of others is not the owner's to lift, nor one that came after.
    storage
        .freeze(anna(), later(10), Effects::default())
        .await
        .unwrap();
    storage
        .block_account(anna(), Some(later(11)), later(11))
        .await
        .unwrap();
    assert_eq!(storage.frozen_at(&anna()).await.unwrap(), None);
    assert!(!thaw(storage, "second", 12).await);
    let account = storage.find_account(&anna()).await.unwrap().unwrap();
    assert_eq!(account.blocked_at, Some(later(11)));
    home.close().await;
}
