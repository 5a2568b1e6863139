//! Consents, and the grants that end with them.

use std::collections::HashMap;

use propusk::model::id::{AccountId, ClientId, ConsentId};
use propusk::model::ticket;
use propusk::model::timestamp::Timestamp;
use propusk::storage::{Effects, Narrowed, SessionChoice};

use super::{Empty, NOW, consent, digest, effects, grant, has_effects, later};

/// What a change leaves.
fn left(scopes: String, expires_at: Option<Timestamp>) -> Narrowed {
    Narrowed {
        scopes,
        claims: "[]".to_owned(),
        expires_at,
    }
}

/// Stores a grant by the only way there is: a code that is redeemed.
async fn granted(home: &Empty, id: &str) {
    let storage = &home.storage;
    let code = digest(&format!("code of {id}"));
    storage
        .put_ticket(
            ticket::AUTHORIZATION_CODE,
            code.clone(),
            "{}".to_owned(),
            NOW,
            later(60),
        )
        .await
        .unwrap();
    storage
        .redeem_authorization((ticket::AUTHORIZATION_CODE, code), grant(id), NOW)
        .await
        .unwrap();
    assert!(storage.find_grant(&id.into()).await.unwrap().is_some());
}

#[tokio::test]
async fn there_is_one_consent_in_force_between_two() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let (anna, portal) = (AccountId::from("anna"), ClientId::from("portal"));
    assert!(
        storage
            .find_consent(&anna, &portal)
            .await
            .unwrap()
            .is_none()
    );
    let id = storage
        .put_consent(consent("c1"), effects("given"))
        .await
        .unwrap();
    assert_eq!(id.as_str(), "c1");
    assert!(has_effects(storage, "given").await);
    // A second decision changes the one in force.
    let mut more = consent("c2");
    more.scopes = "openid profile phone".to_owned();
    more.decided_at = later(10);
    assert_eq!(
        storage
            .put_consent(more, Effects::default())
            .await
            .unwrap()
            .as_str(),
        "c1"
    );
    let found = storage.find_consent(&anna, &portal).await.unwrap().unwrap();
    assert_eq!(
        (found.scopes.as_str(), found.given_at, found.decided_at),
        ("openid profile phone", NOW, later(10))
    );
    // It is its owner's business only.
    let boris = AccountId::from("boris");
    assert!(
        storage
            .load_consent(&ConsentId::from("c1"), &boris)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        storage
            .load_consent(&ConsentId::from("c1"), &anna)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        storage
            .withdraw_consent("c1".into(), boris.clone(), later(20), effects("stolen"))
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        storage
            .change_consent(
                "c1".into(),
                boris,
                left("openid".to_owned(), None),
                later(20),
                effects("stolen")
            )
            .await
            .unwrap()
            .is_empty()
    );
    assert!(!has_effects(storage, "stolen").await);
    storage
        .withdraw_consent("c1".into(), anna.clone(), later(20), effects("withdrawn"))
        .await
        .unwrap();
    assert!(
        storage
            .find_consent(&anna, &portal)
            .await
            .unwrap()
            .is_none()
    );
    // A new one after that is another one, and both are remembered.
    let mut next = consent("c3");
    next.given_at = later(30);
    next.decided_at = later(30);
    assert_eq!(
        storage
            .put_consent(next, Effects::default())
            .await
            .unwrap()
            .as_str(),
        "c3"
    );
    let all = storage.consents_of(&anna).await.unwrap();
    let seen: Vec<_> = all
        .iter()
        .map(|one| (one.id.as_str(), one.withdrawn_at))
        .collect();
    assert_eq!(seen, [("c3", None), ("c1", Some(later(20)))]);
    home.close().await;
}

#[tokio::test]
async fn what_was_granted_under_a_consent_ends_with_it() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    let anna = AccountId::from("anna");
    granted(&home, "g1").await;
    assert_eq!(
        storage.clients_of_session(&"s1".into()).await.unwrap(),
        [ClientId::from("portal")]
    );
    // Another term leaves tokens alone.
    let ended = storage
        .change_consent(
            "c1".into(),
            anna.clone(),
            left("openid profile".to_owned(), Some(later(1_000))),
            later(1),
            effects("term"),
        )
        .await
        .unwrap();
    assert!(ended.is_empty() && has_effects(storage, "term").await);
    // Fewer attributes do not.
    let ended = storage
        .change_consent(
            "c1".into(),
            anna.clone(),
            left("openid".to_owned(), None),
            later(2),
            effects("narrowed"),
        )
        .await
        .unwrap();
    assert_eq!(
        ended
            .iter()
            .map(|one| one.grant_id.as_str())
            .collect::<Vec<_>>(),
        ["g1"]
    );
    assert_eq!(
        storage
            .find_grant(&"g1".into())
            .await
            .unwrap()
            .unwrap()
            .revoked_at,
        Some(later(2))
    );
    granted(&home, "g2").await;
    let ended = storage
        .withdraw_consent("c1".into(), anna.clone(), later(3), effects("withdrawn"))
        .await
        .unwrap();
    assert_eq!(
        ended
            .iter()
            .map(|one| one.grant_id.as_str())
            .collect::<Vec<_>>(),
        ["g2"]
    );
    let again = storage
        .withdraw_consent("c1".into(), anna, later(4), effects("twice"))
        .await
        .unwrap();
    assert!(again.is_empty() && !has_effects(storage, "twice").await);
    // The portal is told of each, in the same step.
    let told = storage
        .claim_messages("backchannel_logout".to_owned(), later(5), later(65), 9)
        .await
        .unwrap();
    assert_eq!(told.len(), 2);
    home.close().await;
}

#[tokio::test]
async fn sessions_take_their_grants_along() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    granted(&home, "g1").await;
    let ended = storage
        .end_sessions(
            SessionChoice::One("s1".into()),
            "signed_out".to_owned(),
            false,
            later(1),
            Effects::default(),
        )
        .await
        .unwrap();
    assert_eq!(ended.len(), 1);
    assert!(
        storage
            .find_grant(&"g1".into())
            .await
            .unwrap()
            .unwrap()
            .revoked_at
            .is_some()
    );
    home.close().await;
}

#[tokio::test]
async fn an_owner_is_told_once_that_a_consent_ends() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let mut ending = consent("c1");
    ending.expires_at = Some(later(1_000));
    storage
        .put_consent(ending, Effects::default())
        .await
        .unwrap();
    let ends_by = |seconds, at| storage.ending_consents(later(seconds), later(at), 10);
    assert!(ends_by(999, 0).await.unwrap().is_empty());
    assert_eq!(ends_by(1_000, 0).await.unwrap().len(), 1);
    assert!(
        ends_by(2_000, 1_000).await.unwrap().is_empty(),
        "it has ended already"
    );
    assert!(
        storage
            .announce_end("c1".into(), later(1), effects("told"))
            .await
            .unwrap()
    );
    assert!(
        !storage
            .announce_end("c1".into(), later(1), effects("twice"))
            .await
            .unwrap()
    );
    assert!(has_effects(storage, "told").await && !has_effects(storage, "twice").await);
    assert!(ends_by(1_000, 2).await.unwrap().is_empty());
    // A longer term is announced anew when its time comes.
    let longer = later(5_000);
    storage
        .change_consent(
            "c1".into(),
            "anna".into(),
            left("openid profile".to_owned(), Some(longer)),
            later(3),
            Effects::default(),
        )
        .await
        .unwrap();
    assert_eq!(ends_by(5_000, 3).await.unwrap().len(), 1);
    home.close().await;
}

#[tokio::test]
async fn a_lapse_is_recorded_once() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let given = async |seconds, end| {
        let mut given = consent("c1");
        given.decided_at = later(seconds);
        given.expires_at = Some(later(end));
        storage
            .put_consent(given, Effects::default())
            .await
            .unwrap();
    };
    let lapsed = async |at| storage.lapsed_consents(later(at), 10).await.unwrap().len();
    let record = async |at, id: &str| {
        let recorded = storage.record_lapse("c1".into(), later(at), effects(id));
        recorded.await.unwrap()
    };
    given(0, 1_000).await;
    assert_eq!((lapsed(999).await, lapsed(1_000).await), (0, 1));
    assert!(!record(999, "early").await);
    // Of many nodes that see it at once, one writes it down.
    let nodes = (0..8).map(|n| {
        let storage = storage.clone();
        tokio::spawn(async move {
            let id = format!("node {n}");
            let recorded = storage.record_lapse("c1".into(), later(1_000), effects(&id));
            (recorded.await.unwrap(), has_effects(&storage, &id).await)
        })
    });
    let nodes = futures_util::future::join_all(nodes).await;
    let nodes: Vec<_> = nodes.into_iter().map(Result::unwrap).collect();
    let told = |outcome| nodes.iter().filter(|node| **node == outcome).count();
    assert_eq!((told((true, true)), told((false, false))), (1, 7));
    assert_eq!(lapsed(2_000).await, 0);

    // One that is given anew lapses anew, but not before its time.
    given(1_500, 3_000).await;
    assert_eq!((lapsed(2_999).await, lapsed(3_000).await), (0, 1));
    given(3_100, 5_000).await;
    assert!(!record(3_200, "overtaken").await);
    storage
        .change_consent(
            "c1".into(),
            "anna".into(),
            left("openid".to_owned(), Some(later(4_000))),
            later(3_300),
            Effects::default(),
        )
        .await
        .unwrap();
    assert!(record(4_000, "again").await);
    assert!(!has_effects(storage, "early").await && !has_effects(storage, "overtaken").await);
    assert!(has_effects(storage, "again").await);
    home.close().await;
}

#[tokio::test]
async fn a_withdrawn_consent_does_not_lapse() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let mut given = consent("c1");
    given.expires_at = Some(later(1_000));
    storage
        .put_consent(given, Effects::default())
        .await
        .unwrap();
    storage
        .withdraw_consent("c1".into(), "anna".into(), later(10), Effects::default())
        .await
        .unwrap();
    let at = later(1_000);
    assert!(storage.lapsed_consents(at, 10).await.unwrap().is_empty());
    let recorded = storage.record_lapse("c1".into(), at, effects("lapsed"));
    assert!(!recorded.await.unwrap() && !has_effects(storage, "lapsed").await);
    home.close().await;
}

#[tokio::test]
async fn the_last_use_of_a_consent_only_moves_on() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    let used = |at| {
        HashMap::from([
            (ConsentId::from("c1"), later(at)),
            (ConsentId::from("gone"), later(at)),
        ])
    };
    storage.touch_consents(used(50)).await.unwrap();
    storage.touch_consents(used(40)).await.unwrap();
    let found = storage
        .load_consent(&"c1".into(), &"anna".into())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.last_used_at, Some(later(50)));
    home.close().await;
}
