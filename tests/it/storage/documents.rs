//! Documents of citizens and their versions.

use propusk::model::id::AccountId;
use propusk::storage::{DocumentRecord, DocumentVersionRecord, Effects};

use super::files::file;
use super::{Empty, NOW, effects, has_effects, later};

fn document(id: &str) -> DocumentRecord {
    DocumentRecord {
        id: id.to_owned(),
        account_id: AccountId::from("anna"),
        kind: "driving_licence".to_owned(),
        created_at: NOW,
    }
}

fn version(id: &str, document: &str, at: u64, check: Option<&str>) -> DocumentVersionRecord {
    DocumentVersionRecord {
        id: id.to_owned(),
        document_id: document.to_owned(),
        created_at: later(at),
        data_sealed: format!("sealed {id}"),
        check_id: check.map(str::to_owned),
        ..DocumentVersionRecord::default()
    }
}

#[tokio::test]
async fn a_document_keeps_its_history_and_goes_as_a_whole() {
    let home = Empty::furnished().await;
    let (storage, anna) = (&home.storage, AccountId::from("anna"));
    let stranger = AccountId::from("boris");
    let add = |id: &'static str| {
        let first = version(&format!("{id} v1"), id, 0, None);
        storage.add_document(document(id), first, 2, effects(id))
    };
    assert!(add("d1").await.unwrap() && add("d2").await.unwrap());
    assert!(!add("d3").await.unwrap(), "there are two already");
    assert!(has_effects(storage, "d2").await && !has_effects(storage, "d3").await);
    assert_eq!(
        storage.documents_of(&anna).await.unwrap(),
        [document("d1"), document("d2")]
    );
    assert_eq!(
        storage.find_document(&anna, "d1").await.unwrap(),
        Some(document("d1"))
    );
    assert_eq!(storage.find_document(&stranger, "d1").await.unwrap(), None);

    let mut changed = version("d1 v1", "d1", 0, Some("c1"));
    changed.data_sealed = "corrected".to_owned();
    assert!(
        storage
            .change_version(changed.clone(), effects("change"))
            .await
            .unwrap()
    );
    let replace = |id: &'static str| {
        let next = version(id, "d1", 5, None);
        storage.replace_version("d1 v1".to_owned(), next, effects(id))
    };
    assert!(replace("d1 v2").await.unwrap());
    assert!(!replace("d1 v3").await.unwrap());
    assert!(
        !storage
            .change_version(changed, effects("late"))
            .await
            .unwrap()
    );
    assert!(!has_effects(storage, "late").await && !has_effects(storage, "d1 v3").await);
    let current = storage.current_versions(&anna).await.unwrap();
    let mut current: Vec<_> = current.into_iter().map(|version| version.id).collect();
    current.sort();
    assert_eq!(current, ["d1 v2", "d2 v1"]);
    let versions = storage.versions_of("d1").await.unwrap();
    let ids: Vec<_> = versions
        .iter()
        .map(|one| (one.id.as_str(), one.replaced_at))
        .collect();
    assert_eq!(ids, [("d1 v2", None), ("d1 v1", Some(later(5)))]);
    assert_eq!(versions[1].data_sealed, "corrected");

    for (id, holder) in [("f1", "d1 v1"), ("f2", "d1 v2"), ("f3", "d2 v1")] {
        assert!(
            storage
                .put_file(file(id, holder, 1), 100, Effects::default())
                .await
                .unwrap()
        );
    }
    let delete = |account: &AccountId, id: &'static str| {
        storage.delete_document(account.clone(), "d1".to_owned(), effects(id))
    };
    assert!(!delete(&stranger, "foreign").await.unwrap());
    assert_eq!(storage.files_of(&anna, "d1 v1").await.unwrap().len(), 1);
    assert!(delete(&anna, "gone").await.unwrap());
    assert!(!delete(&anna, "twice").await.unwrap());
    for (holder, left) in [("d1 v1", 0), ("d1 v2", 0), ("d2 v1", 1)] {
        assert_eq!(storage.files_of(&anna, holder).await.unwrap().len(), left);
    }
    assert!(storage.versions_of("d1").await.unwrap().is_empty());
    home.close().await;
}

#[tokio::test]
async fn an_answer_counts_for_the_data_it_was_asked_about() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let first = version("v1", "d1", 0, Some("c1"));
    storage
        .add_document(document("d1"), first, 9, Effects::default())
        .await
        .unwrap();
    let asked = storage.find_asked_version("c1").await.unwrap().unwrap();
    assert_eq!(
        (asked.id.as_str(), asked.account_id.as_str()),
        ("v1", "anna")
    );
    assert!(
        storage
            .start_document_check("c1".to_owned(), later(1))
            .await
            .unwrap()
    );
    storage.pause_document_check("c1".to_owned()).await.unwrap();
    let paused = &storage.versions_of("d1").await.unwrap()[0];
    assert_eq!((paused.check_tries, paused.check_started_at), (1, None));
    // Corrected meanwhile: the old answer is about nothing.
    let second = version("v1", "d1", 0, Some("c2"));
    storage
        .change_version(second, Effects::default())
        .await
        .unwrap();
    assert!(
        !storage
            .start_document_check("c1".to_owned(), later(2))
            .await
            .unwrap()
    );
    assert!(storage.find_asked_version("c1").await.unwrap().is_none());
    let answer = |check: &str, id: &'static str| {
        let mismatch = "number".to_owned();
        storage.answer_document_check(check.to_owned(), mismatch, later(3), effects(id))
    };
    assert!(!answer("c1", "old").await.unwrap());
    assert!(answer("c2", "new").await.unwrap());
    assert!(!answer("c2", "again").await.unwrap());
    assert!(has_effects(storage, "new").await && !has_effects(storage, "again").await);
    let answered = &storage.versions_of("d1").await.unwrap()[0];
    assert_eq!(answered.check_mismatch.as_deref(), Some("number"));
    assert_eq!(answered.check_answered_at, Some(later(3)));
    home.close().await;
}
