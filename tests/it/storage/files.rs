//! Uploaded files.

use propusk::model::id::AccountId;
use propusk::storage::{FileRecord, NewFile};

use super::{Empty, account, effects, has_effects, later};

pub fn file(id: &str, holder: &str, size: i64) -> NewFile {
    NewFile {
        file: FileRecord {
            id: id.to_owned(),
            account_id: AccountId::from("anna"),
            holder: holder.to_owned(),
            kind: "scan".to_owned(),
            media_type: "image/png".to_owned(),
            size,
            created_at: later(1),
        },
        content_sealed: format!("sealed {id}"),
    }
}

#[tokio::test]
async fn files_are_kept_within_their_room_and_only_their_holder_has_them() {
    let home = Empty::furnished().await;
    let (storage, anna) = (&home.storage, AccountId::from("anna"));
    storage.register_account(account("boris")).await.unwrap();
    let put = |id: &'static str, size| storage.put_file(file(id, "h1", size), 100, effects(id));
    assert!(put("f1", 60).await.unwrap());
    assert!(!put("f2", 41).await.unwrap());
    assert!(put("f3", 40).await.unwrap());
    assert!(has_effects(storage, "f1").await && !has_effects(storage, "f2").await);
    let files = storage.files_of(&anna, "h1").await.unwrap();
    let everything = storage.files_of_account(&anna).await.unwrap();
    assert!(files.iter().all(|file| everything.contains(file)));
    assert_eq!(
        files,
        [file("f1", "h1", 60).file, file("f3", "h1", 40).file]
    );
    let found = storage.find_file(&anna, "h1", "f1").await.unwrap().unwrap();
    assert_eq!(
        (found.content_sealed.as_str(), found.kind.as_str()),
        ("sealed f1", "scan")
    );
    // Neither of another account nor of another holder.
    let boris = AccountId::from("boris");
    assert_eq!(storage.find_file(&boris, "h1", "f1").await.unwrap(), None);
    assert_eq!(storage.find_file(&anna, "h2", "f1").await.unwrap(), None);
    assert!(storage.files_of(&boris, "h1").await.unwrap().is_empty());
    assert!(storage.files_of_account(&boris).await.unwrap().is_empty());
    let delete = |account: &AccountId, holder: &str, id: &'static str| {
        storage.delete_file(
            account.clone(),
            holder.to_owned(),
            "f1".to_owned(),
            effects(id),
        )
    };
    assert!(!delete(&boris, "h1", "d1").await.unwrap());
    assert!(!delete(&anna, "h2", "d2").await.unwrap());
    assert!(delete(&anna, "h1", "d3").await.unwrap());
    assert!(!delete(&anna, "h1", "d4").await.unwrap());
    assert!(has_effects(storage, "d3").await && !has_effects(storage, "d4").await);
    assert_eq!(storage.find_file(&anna, "h1", "f1").await.unwrap(), None);
    home.close().await;
}
