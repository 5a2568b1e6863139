//! Messages on their way out.

use propusk::model::timestamp::Timestamp;
use propusk::storage::{Effects, Storage};

use super::{Empty, later, message};

async fn claim(storage: &Storage, channel: &str, at: Timestamp, limit: i64) -> Vec<String> {
    let claimed = storage
        .claim_messages(
            channel.to_owned(),
            at,
            at.plus(std::time::Duration::from_secs(60)),
            limit,
        )
        .await
        .unwrap();
    let mut ids: Vec<String> = claimed.into_iter().map(|message| message.id).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn a_message_is_claimed_by_one_and_again_when_its_lock_has_ended() {
    let home = Empty::open().await;
    let storage = &home.storage;
    assert_eq!(storage.outbox_waiting().await.unwrap(), (0, None));
    let outbox = vec![
        message("m1", "sms"),
        message("m2", "sms"),
        message("m3", "email"),
        message("m1", "sms"),
    ];
    storage
        .record(Effects {
            outbox,
            ..Effects::default()
        })
        .await
        .unwrap();
    assert_eq!(
        storage.outbox_waiting().await.unwrap(),
        (3, Some(later(0))),
        "the same message is one"
    );
    assert_eq!(claim(storage, "sms", later(0), 1).await.len(), 1);
    assert_eq!(claim(storage, "sms", later(0), 5).await.len(), 1);
    assert!(claim(storage, "sms", later(59), 5).await.is_empty());
    assert_eq!(claim(storage, "email", later(0), 5).await, ["m3"]);
    // Whoever held them died: after a minute they are anybody's.
    assert_eq!(claim(storage, "sms", later(60), 5).await, ["m1", "m2"]);
    storage
        .message_sent("m1".to_owned(), later(61))
        .await
        .unwrap();
    assert_eq!(claim(storage, "sms", later(500), 5).await, ["m2"]);
    // What it said is forgotten.
    let kept = home
        .database
        .count("select count(*) from outbox where id = 'm1' and message_sealed = ''")
        .await;
    assert_eq!(kept, 1);
    home.close().await;
}

#[tokio::test]
async fn a_message_that_did_not_leave_waits_for_its_next_try_or_is_given_up() {
    let home = Empty::open().await;
    let storage = &home.storage;
    let outbox = vec![message("m1", "sms")];
    storage
        .record(Effects {
            outbox,
            ..Effects::default()
        })
        .await
        .unwrap();
    claim(storage, "sms", later(0), 5).await;
    storage
        .message_failed(
            "m1".to_owned(),
            "away".to_owned(),
            Some(later(15)),
            later(1),
        )
        .await
        .unwrap();
    assert!(claim(storage, "sms", later(14), 5).await.is_empty());
    let again = storage
        .claim_messages("sms".to_owned(), later(15), later(75), 5)
        .await
        .unwrap();
    assert_eq!(
        (again[0].tries, again[0].last_error.as_deref()),
        (2, Some("away"))
    );
    assert_eq!(again[0].message_sealed, "sealed m1");
    storage
        .message_failed("m1".to_owned(), "refused".to_owned(), None, later(16))
        .await
        .unwrap();
    assert_eq!(storage.outbox_waiting().await.unwrap().0, 0);
    assert!(claim(storage, "sms", later(500), 5).await.is_empty());
    // Given up is given up, whatever else is said of it.
    storage
        .message_sent("m1".to_owned(), later(17))
        .await
        .unwrap();
    assert_eq!(
        home.database
            .count("select count(*) from outbox where message_sealed <> ''")
            .await,
        0
    );
    home.close().await;
}

/// Two nodes that look at the same moment do not send the same message.
#[tokio::test]
async fn a_crowd_of_workers_shares_the_messages() {
    let home = Empty::open().await;
    let outbox = (0..40).map(|n| message(&format!("m{n}"), "sms")).collect();
    home.storage
        .record(Effects {
            outbox,
            ..Effects::default()
        })
        .await
        .unwrap();
    let workers = (0..8).map(|_| {
        let storage = home.storage.clone();
        tokio::spawn(async move {
            let mut mine = Vec::new();
            for _ in 0..20 {
                mine.extend(claim(&storage, "sms", later(0), 2).await);
            }
            mine
        })
    });
    let claimed = futures_util::future::join_all(workers).await;
    let mut ids: Vec<String> = claimed.into_iter().flat_map(Result::unwrap).collect();
    ids.sort();
    let count = ids.len();
    ids.dedup();
    assert_eq!((ids.len(), count), (40, 40));
    home.close().await;
}
