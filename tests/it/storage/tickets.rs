//! One-time secrets.

use propusk::model::secret::Digest;
use propusk::model::ticket::{
    APPROVAL_ASKED, BACKCHANNEL_REQUEST, CLIENT_ASSERTION, CONTACT_CHANGE, DPOP_PROOF,
    PUSHED_REQUEST, REGISTRATION,
};
use propusk::storage::{Effects, NewTicket, Once, Redeemed};

use super::{Empty, NOW, digest, effects, has_effects, later};

#[tokio::test]
async fn a_ticket_is_good_once_for_its_kind_and_time() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let put = |name: &str| {
        storage.put_ticket(
            REGISTRATION,
            digest(name),
            format!("payload of {name}"),
            NOW,
            later(60),
        )
    };
    put("t1").await.unwrap();
    assert!(put("t1").await.is_err(), "a secret is one ticket's");
    let found = storage
        .find_ticket(REGISTRATION, &digest("t1"), later(59))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.payload.as_str(), found.tries, found.spent_at),
        ("payload of t1", 0, None)
    );
    assert!(
        storage
            .find_ticket(CONTACT_CHANGE, &digest("t1"), NOW)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        storage
            .find_ticket(REGISTRATION, &digest("t1"), later(60))
            .await
            .unwrap()
            .is_none()
    );

    let redeem = |kind, at| storage.redeem_ticket(kind, digest("t1"), later(at));
    assert_eq!(redeem(CONTACT_CHANGE, 1).await.unwrap(), Redeemed::Unknown);
    assert_eq!(redeem(REGISTRATION, 60).await.unwrap(), Redeemed::Unknown);
    assert_eq!(
        redeem(REGISTRATION, 1).await.unwrap(),
        Redeemed::Fresh("payload of t1".to_owned())
    );
    assert_eq!(
        redeem(REGISTRATION, 2).await.unwrap(),
        Redeemed::Replayed("payload of t1".to_owned())
    );
    home.close().await;
}

#[tokio::test]
async fn an_account_finds_what_waits_for_it() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    for (name, account, at) in [
        ("t1", Some("anna"), 0),
        ("t2", Some("anna"), 1),
        ("t3", Some("anna"), 2),
        ("t4", Some("timur"), 3),
        ("t5", None, 4),
        ("other", Some("anna"), 5),
    ] {
        let kind = if name == "other" {
            REGISTRATION
        } else {
            APPROVAL_ASKED
        };
        let ticket = (kind, digest(name));
        storage
            .put_ticket_of(
                account.map(Into::into),
                ticket,
                name.to_owned(),
                later(at),
                later(60 + at),
                effects(name),
            )
            .await
            .unwrap();
    }
    storage
        .redeem_ticket(APPROVAL_ASKED, digest("t2"), later(5))
        .await
        .unwrap();
    let anna = "anna".into();
    let of = |at| storage.questions_of(&anna, later(at));
    let names = |found: Vec<(Digest, String)>| {
        assert!(found.iter().all(|(found, name)| *found == digest(name)));
        found.into_iter().map(|(_, name)| name).collect::<Vec<_>>()
    };
    let found = names(of(5).await.unwrap());
    assert_eq!(found, ["t3", "t1"]);
    let found = names(of(60).await.unwrap());
    assert_eq!(found, ["t3"]);
    home.close().await;
}

#[tokio::test]
async fn of_a_crowd_one_redeems() {
    let home = Empty::open().await;
    home.storage
        .put_ticket(REGISTRATION, digest("t1"), String::new(), NOW, later(60))
        .await
        .unwrap();
    let crowd = (0..32).map(|_| {
        let storage = home.storage.clone();
        tokio::spawn(async move {
            storage
                .redeem_ticket(REGISTRATION, digest("t1"), later(1))
                .await
                .unwrap()
        })
    });
    let outcomes = futures_util::future::join_all(crowd).await;
    let fresh = outcomes
        .into_iter()
        .filter(|one| matches!(one.as_ref().unwrap(), Redeemed::Fresh(_)))
        .count();
    assert_eq!(fresh, 1);
    home.close().await;
}

#[tokio::test]
async fn a_name_is_seen_once() {
    let home = Empty::open().await;
    let storage = &home.storage;
    let once = |name: &str| storage.put_ticket_once(CLIENT_ASSERTION, digest(name), NOW, later(60));
    assert!(once("jti").await.unwrap());
    assert!(!once("jti").await.unwrap());
    assert!(once("other").await.unwrap());
    let token = digest("access token");
    assert!(
        storage
            .revoke_token(token.clone(), NOW, later(300))
            .await
            .unwrap()
    );
    assert!(!storage.revoke_token(token, NOW, later(300)).await.unwrap());
    home.close().await;
}

#[tokio::test]
async fn tries_are_counted_to_the_limit() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    storage
        .put_ticket_of(
            None,
            (REGISTRATION, digest("t1")),
            "one".to_owned(),
            NOW,
            later(60),
            effects("sent"),
        )
        .await
        .unwrap();
    assert!(has_effects(storage, "sent").await);
    let tries = |at| storage.count_try(REGISTRATION, digest("t1"), 2, later(at));
    assert_eq!(tries(1).await.unwrap().unwrap().tries, 1);
    assert_eq!(tries(2).await.unwrap().unwrap().tries, 2);
    assert!(tries(3).await.unwrap().is_none());
    // Another code in the same ticket has tries of its own.
    let replace = |name: &'static str| {
        storage.replace_ticket(
            REGISTRATION,
            digest("t1"),
            "two".to_owned(),
            later(120),
            later(4),
            effects(name),
        )
    };
    assert!(replace("replaced").await.unwrap());
    assert!(has_effects(storage, "replaced").await);
    let tried = tries(100).await.unwrap().unwrap();
    assert_eq!((tried.tries, tried.payload.as_str()), (1, "two"));
    storage
        .redeem_ticket(REGISTRATION, digest("t1"), later(101))
        .await
        .unwrap();
    assert!(
        tries(102).await.unwrap().is_none(),
        "a spent ticket is not tried"
    );
    assert!(!replace("too late").await.unwrap());
    assert!(!has_effects(storage, "too late").await);
    home.close().await;
}

#[tokio::test]
async fn what_follows_a_ticket_is_written_once_with_it() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    storage
        .put_ticket(REGISTRATION, digest("t1"), "one".to_owned(), NOW, later(60))
        .await
        .unwrap();
    let redeem = |at, name| {
        let ticket = (REGISTRATION, digest("t1"));
        storage.redeem_ticket_with(ticket, later(at), effects(name))
    };
    let one = "one".to_owned();
    assert_eq!(redeem(60, "late").await.unwrap(), Redeemed::Unknown);
    assert!(!has_effects(storage, "late").await);
    assert_eq!(
        redeem(1, "first").await.unwrap(),
        Redeemed::Fresh(one.clone())
    );
    assert!(has_effects(storage, "first").await);
    assert_eq!(redeem(2, "second").await.unwrap(), Redeemed::Replayed(one));
    assert!(!has_effects(storage, "second").await);
    home.close().await;
}

#[tokio::test]
async fn what_is_over_is_swept_up_and_the_rest_stays() {
    let home = Empty::open().await;
    let storage = &home.storage;
    storage
        .put_ticket(REGISTRATION, digest("old"), String::new(), NOW, later(60))
        .await
        .unwrap();
    storage
        .put_ticket(
            REGISTRATION,
            digest("good"),
            String::new(),
            NOW,
            later(1_000),
        )
        .await
        .unwrap();
    storage
        .count_hit("old".to_owned(), 5, 60_000, 60_000, None, NOW)
        .await
        .unwrap();
    storage
        .count_hit("good".to_owned(), 5, 1_000_000, 60_000, None, NOW)
        .await
        .unwrap();
    // Closed for longer than its window: the lock counts.
    storage
        .count_hit("closed".to_owned(), 1, 60_000, 1_000_000, None, NOW)
        .await
        .unwrap();
    assert_eq!(storage.purge(100, later(100)).await.unwrap(), 2);
    assert!(
        storage
            .find_ticket(REGISTRATION, &digest("good"), later(100))
            .await
            .unwrap()
            .is_some()
    );
    assert!(storage.find_throttle("good").await.unwrap().is_some());
    assert!(storage.find_throttle("closed").await.unwrap().is_some());
    assert!(storage.find_throttle("old").await.unwrap().is_none());
    home.close().await;
}

#[tokio::test]
async fn a_ticket_changes_only_from_what_it_was() {
    let home = Empty::in_use().await;
    let storage = &home.storage;
    let put = storage.put_ticket(REGISTRATION, digest("t"), "open".to_owned(), NOW, later(60));
    put.await.unwrap();
    let change = |before: &str, after: &str, at| {
        storage.change_ticket(
            (REGISTRATION, digest("t")),
            before.to_owned(),
            after.to_owned(),
            later(at),
            Effects::default(),
        )
    };
    assert!(!change("other", "given", 1).await.unwrap());
    let (one, two) = tokio::join!(change("open", "given", 1), change("open", "denied", 1));
    assert_eq!(
        [one.unwrap(), two.unwrap()]
            .into_iter()
            .filter(|won| *won)
            .count(),
        1
    );
    let found = storage
        .find_ticket(REGISTRATION, &digest("t"), later(1))
        .await
        .unwrap();
    let payload = found.unwrap().payload;
    assert!(["given", "denied"].contains(&payload.as_str()));
    // Neither after its time nor once it is spent.
    assert!(!change(&payload, "late", 60).await.unwrap());
    storage
        .redeem_ticket(REGISTRATION, digest("t"), later(2))
        .await
        .unwrap();
    assert!(!change(&payload, "spent", 3).await.unwrap());
    home.close().await;
}

#[tokio::test]
async fn requests_of_sites_are_found_by_whom_they_name() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let put = |name: &str, account: Option<&str>| {
        storage.put_ticket_of(
            account.map(Into::into),
            (BACKCHANNEL_REQUEST, digest(name)),
            name.to_owned(),
            NOW,
            later(60),
            Effects::default(),
        )
    };
    put("hers", Some("anna")).await.unwrap();
    put("nobody's", None).await.unwrap();
    let of = |account: &'static str, at| async move {
        let found = storage.requests_of_sites(&account.into(), later(at)).await;
        let payloads = found.unwrap().into_iter().map(|(_, payload)| payload);
        payloads.collect::<Vec<_>>()
    };
    assert_eq!(of("anna", 1).await, ["hers"]);
    assert!(of("timur", 1).await.is_empty());
    assert!(of("anna", 60).await.is_empty());
    storage
        .redeem_ticket(BACKCHANNEL_REQUEST, digest("hers"), later(2))
        .await
        .unwrap();
    assert!(of("anna", 3).await.is_empty());
    home.close().await;
}

/// What must not have happened yet is written together with what follows.
#[tokio::test]
async fn a_ticket_is_stored_with_what_happens_once() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let put = |once: &Once, name: &str| {
        let new = NewTicket {
            account: None,
            kind: PUSHED_REQUEST,
            digest: digest(name),
            payload: name.to_owned(),
            created_at: NOW,
            expires_at: later(60),
        };
        storage.put_ticket_if(once.clone(), new, Effects::default(), NOW)
    };
    let seen = Once::Seen {
        kind: DPOP_PROOF,
        digest: digest("proof"),
        until: later(60),
    };
    assert!(put(&seen, "first").await.unwrap());
    assert!(!put(&seen, "second").await.unwrap());
    let spent = |name| Once::Spent {
        kind: PUSHED_REQUEST,
        digest: digest(name),
    };
    assert!(put(&spent("first"), "third").await.unwrap());
    for again in ["first", "nobody's"] {
        assert!(!put(&spent(again), "fourth").await.unwrap());
    }
    for (name, is_there) in [
        ("first", true),
        ("second", false),
        ("third", true),
        ("fourth", false),
    ] {
        let digest = digest(name);
        let found = storage.find_ticket(PUSHED_REQUEST, &digest, NOW).await;
        assert_eq!(found.unwrap().is_some(), is_there, "{name}");
    }
    // A ticket that cannot be stored takes the mark back with it.
    let other = Once::Seen {
        kind: DPOP_PROOF,
        digest: digest("other proof"),
        until: later(60),
    };
    assert!(put(&other, "third").await.is_err());
    assert!(put(&other, "fifth").await.unwrap());
}
