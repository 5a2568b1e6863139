//! Codes that become grants, and refresh tokens that follow one another.

use propusk::model::ticket;
use propusk::storage::{CodeRedeemed, Effects, GrantRecord, Rotation, Storage};

use super::{Empty, NOW, digest, grant, later, refreshed_grant};

async fn put_code(storage: &Storage, name: &str) {
    storage
        .put_ticket(
            ticket::AUTHORIZATION_CODE,
            digest(name),
            "{}".to_owned(),
            NOW,
            later(60),
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn a_code_becomes_a_grant_once_and_a_replay_takes_it_back() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    put_code(storage, "code").await;
    let redeem = |code: &str, id: &str, at| {
        storage.redeem_authorization(
            (ticket::AUTHORIZATION_CODE, digest(code)),
            refreshed_grant(id),
            later(at),
        )
    };
    assert!(matches!(
        redeem("unknown", "g0", 1).await.unwrap(),
        CodeRedeemed::Unknown
    ));
    assert!(matches!(
        redeem("code", "g1", 1).await.unwrap(),
        CodeRedeemed::Fresh(_)
    ));
    let found = storage.find_grant(&"g1".into()).await.unwrap().unwrap();
    assert_eq!(
        (
            found.scopes.as_str(),
            found.nonce.as_deref(),
            found.revoked_at
        ),
        ("openid profile", Some("nonce"), None)
    );
    assert_eq!(
        (found.refresh_number, found.refresh_expires_at),
        (Some(1), Some(later(1_000)))
    );
    let standing = storage.grant_standing(&"g1".into()).await.unwrap().unwrap();
    assert_eq!(
        (standing.grant_revoked_at, standing.session_ended_at),
        (None, None)
    );

    assert!(matches!(
        redeem("code", "g1", 2).await.unwrap(),
        CodeRedeemed::Replayed
    ));
    assert_eq!(
        storage
            .find_grant(&"g1".into())
            .await
            .unwrap()
            .unwrap()
            .revoked_at,
        Some(later(2))
    );
    let standing = storage.grant_standing(&"g1".into()).await.unwrap().unwrap();
    assert_eq!(standing.grant_revoked_at, Some(later(2)));
    // After its time it is nothing at all.
    put_code(storage, "late").await;
    let late = redeem("late", "g2", 60).await.unwrap();
    assert!(matches!(late, CodeRedeemed::Unknown));
    assert!(storage.find_grant(&"g2".into()).await.unwrap().is_none());
    assert!(
        storage
            .grant_standing(&"g2".into())
            .await
            .unwrap()
            .is_none()
    );
    home.close().await;
}

#[tokio::test]
async fn a_grant_without_a_code_needs_its_session() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    let put = |id: &str, at| storage.put_grant(grant(id), later(at), Effects::default());
    let standing = put("g1", 1).await.unwrap().expect("the session lives");
    assert_eq!(standing.grant_revoked_at, None);
    assert!(storage.find_grant(&"g1".into()).await.unwrap().is_some());
    let bound = GrantRecord {
        confirmation: Some("{\"jkt\":\"key\"}".to_owned()),
        ..grant("g2")
    };
    let stored = storage.put_grant(bound, later(1), Effects::default()).await;
    assert!(stored.unwrap().is_some());
    let found = storage.find_grant(&"g2".into()).await.unwrap().unwrap();
    assert_eq!(found.confirmation.as_deref(), Some("{\"jkt\":\"key\"}"));
    for (id, at) in [("g4", 2), ("g5", 3)] {
        let detailed = GrantRecord {
            authorization_details: Some(format!("sealed {id}")),
            created_at: later(at),
            ..grant(id)
        };
        let stored = storage.put_grant(detailed, later(at), Effects::default());
        assert!(stored.await.unwrap().is_some());
    }
    let detailed = storage.detailed_grants(&"c1".into(), 5).await.unwrap();
    let ids: Vec<_> = detailed.iter().map(|grant| grant.id.as_str()).collect();
    assert_eq!(ids, ["g5", "g4"], "those with details, newest first");
    let sealed = detailed[0].authorization_details.as_deref();
    assert_eq!(sealed, Some("sealed g5"));
    assert_eq!(
        storage
            .detailed_grants(&"c1".into(), 1)
            .await
            .unwrap()
            .len(),
        1
    );
    // Once its session is over there is nothing to grant.
    let long_after = 400 * 86_400;
    assert!(put("g3", long_after).await.unwrap().is_none());
    assert!(storage.find_grant(&"g3".into()).await.unwrap().is_none());
    home.close().await;
}

#[tokio::test]
async fn a_grant_is_revoked_once() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    put_code(storage, "code").await;
    storage
        .redeem_authorization(
            (ticket::AUTHORIZATION_CODE, digest("code")),
            grant("g1"),
            NOW,
        )
        .await
        .unwrap();
    assert!(storage.revoke_grant("g1".into(), later(1)).await.unwrap());
    assert!(!storage.revoke_grant("g1".into(), later(2)).await.unwrap());
    assert!(
        !storage
            .revoke_grant("nobody".into(), later(2))
            .await
            .unwrap()
    );
    assert_eq!(
        storage
            .find_grant(&"g1".into())
            .await
            .unwrap()
            .unwrap()
            .revoked_at,
        Some(later(1))
    );
    home.close().await;
}

#[tokio::test]
async fn refresh_tokens_follow_one_another() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    put_code(storage, "code").await;
    storage
        .redeem_authorization(
            (ticket::AUTHORIZATION_CODE, digest("code")),
            refreshed_grant("g1"),
            NOW,
        )
        .await
        .unwrap();
    let rotate = |number, at| {
        storage.rotate_refresh_token("g1".into(), number, later(at + 1_000), 60_000, later(at))
    };
    let state = async || {
        let grant = storage.find_grant(&"g1".into()).await.unwrap().unwrap();
        (
            grant.refresh_number,
            grant.refresh_issued_at,
            grant.revoked_at,
        )
    };
    assert_eq!(rotate(2, 1).await.unwrap(), Rotation::Unknown);
    assert_eq!(rotate(1, 1).await.unwrap(), Rotation::Rotated);
    // The answer was lost, or another tab was a moment later.
    assert_eq!(rotate(1, 30).await.unwrap(), Rotation::WithinGrace);
    assert_eq!(state().await, (Some(2), Some(later(1)), None));
    assert_eq!(rotate(2, 40).await.unwrap(), Rotation::Rotated);
    assert_eq!(state().await, (Some(3), Some(later(40)), None));
    // The successor was used: whoever comes with the older one is not alone.
    assert_eq!(rotate(1, 41).await.unwrap(), Rotation::Replayed);
    assert_eq!(state().await, (Some(3), Some(later(40)), Some(later(41))));
    // A revoked family goes nowhere.
    assert_eq!(rotate(3, 42).await.unwrap(), Rotation::Unknown);
    home.close().await;
}

#[tokio::test]
async fn a_refresh_token_ends_by_itself() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    for id in ["g1", "g2"] {
        put_code(storage, id).await;
        storage
            .redeem_authorization(
                (ticket::AUTHORIZATION_CODE, digest(id)),
                refreshed_grant(id),
                NOW,
            )
            .await
            .unwrap();
    }
    let rotate =
        |id: &str, at| storage.rotate_refresh_token(id.into(), 1, later(9_000), 60_000, later(at));
    assert_eq!(rotate("g1", 1_000).await.unwrap(), Rotation::Unknown);
    assert_eq!(rotate("g2", 999).await.unwrap(), Rotation::Rotated);
    // The grace has passed.
    assert_eq!(rotate("g2", 1_060).await.unwrap(), Rotation::Replayed);
    home.close().await;
}

/// Of many at the same moment one spends the token.
#[tokio::test]
async fn a_crowd_with_one_refresh_token() {
    let home = Empty::in_use().await;
    put_code(&home.storage, "code").await;
    home.storage
        .redeem_authorization(
            (ticket::AUTHORIZATION_CODE, digest("code")),
            refreshed_grant("g1"),
            NOW,
        )
        .await
        .unwrap();
    let crowd = (0..32).map(|_| {
        let storage = home.storage.clone();
        tokio::spawn(async move {
            storage
                .rotate_refresh_token("g1".into(), 1, later(1_000), 60_000, later(1))
                .await
                .unwrap()
        })
    });
    let outcomes = futures_util::future::join_all(crowd).await;
    let outcomes: Vec<Rotation> = outcomes.into_iter().map(Result::unwrap).collect();
    let rotated = outcomes
        .iter()
        .filter(|one| **one == Rotation::Rotated)
        .count();
    assert_eq!(rotated, 1, "{outcomes:?}");
    assert!(
        outcomes
            .iter()
            .all(|one| matches!(one, Rotation::Rotated | Rotation::WithinGrace)),
        "{outcomes:?}"
    );
    home.close().await;
}
