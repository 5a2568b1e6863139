//! Row 13: refresh tokens that two hold, and the design's one exception: who
//! repeats the last one at once (a second tab, a lost response) gets the same
//! successor again.

use std::collections::BTreeSet;

use super::{Alive, CROWD, OFFLINE, crowd, neighbour, successes};
use crate::support::app::{ANNA, TIMUR};
use crate::support::{Browser, RelyingParty, TestApp, Tokens};

async fn first_token(party: &RelyingParty, app: &TestApp) -> (Tokens, String) {
    first_token_of(party, &app.browser(), ANNA).await
}

async fn first_token_of(party: &RelyingParty, browser: &Browser, person: &str) -> (Tokens, String) {
    let tokens = party.tokens(browser, person, &[("scope", OFFLINE)]).await;
    let refresh = tokens.refresh.clone().unwrap();
    (tokens, refresh)
}

#[tokio::test]
async fn attack_13_an_older_token_ends_the_family() {
    let app = TestApp::start().await;
    for id in ["portal", "public"] {
        let party = RelyingParty::new(&app, id);
        let (first, oldest) = first_token(&party, &app).await;
        let second = party.refreshed(&oldest).await;
        let third = party.refreshed(second.refresh.as_ref().unwrap()).await;
        assert_eq!(party.userinfo(&third.access).await.status, 200);
        // Its successor has been used: this is no lost response.
        party.refresh(&oldest).await.refuses("invalid_grant");
        for tokens in [&first, &second, &third] {
            assert_eq!(Alive::of(&party, tokens).await, Alive::NONE, "{id}");
        }
    }
    app.end().await;
}

#[tokio::test]
async fn attack_13_a_repeat_after_the_grace_ends_the_family() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let (_, oldest) = first_token(&portal, &app).await;
    let second = portal.refreshed(&oldest).await;
    app.advance(60).await;
    let again = portal.refreshed(&oldest).await;
    assert_eq!(
        again.refresh, second.refresh,
        "within the minute it is a repeat"
    );
    app.advance(1).await;
    portal.refresh(&oldest).await.refuses("invalid_grant");
    assert_eq!(Alive::of(&portal, &second).await, Alive::NONE);
    assert_eq!(Alive::of(&portal, &again).await, Alive::NONE);
    app.end().await;
}

/// The thief is first: his use looks ordinary, and the owner's next one, which
/// comes with a token older than the thief's, ends both.
#[tokio::test]
async fn attack_13_a_thief_who_was_first_loses_everything() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let (_, stolen) = first_token(&portal, &app).await;
    let of_thief = portal.refreshed(&stolen).await;
    app.advance(3_600).await;
    portal.refresh(&stolen).await.refuses("invalid_grant");
    assert_eq!(Alive::of(&portal, &of_thief).await, Alive::NONE);
    app.end().await;
}

#[tokio::test]
async fn attack_13_a_token_at_another_client() {
    let app = TestApp::start().await;
    for id in ["portal", "public"] {
        let owner = RelyingParty::new(&app, id);
        let (tokens, refresh) = first_token(&owner, &app).await;
        for thief in ["other", "post", "public", "portal"] {
            if thief != id {
                let thief = RelyingParty::new(&app, thief);
                thief.refresh(&refresh).await.refuses("invalid_grant");
                thief.revoke(&refresh).await.refuses("invalid_request");
            }
        }
        RelyingParty::new(&app, "machine")
            .refresh(&refresh)
            .await
            .refuses("unauthorized_client");
        // Without the secret, or with the id of another in the body.
        let mut without = owner.clone();
        without.secret = None;
        if id == "portal" {
            without.refresh(&refresh).await.refuses("invalid_client");
        }
        assert_eq!(
            Alive::of(&owner, &tokens).await,
            Alive::ALL,
            "{id}: the owner is not harmed"
        );
    }
    app.end().await;
}

#[tokio::test]
async fn attack_13_a_refresh_asks_for_no_more_than_was_given() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let (_, refresh) = first_token(&portal, &app).await;
    for scope in [
        "openid profile snils",
        "snils",
        "openid phone offline_access",
    ] {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &refresh),
            ("scope", scope),
        ];
        portal.token(&fields).await.refuses("invalid_scope");
    }
    // Fewer is fine, and fewer it is.
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &refresh),
        ("scope", "openid"),
    ];
    let narrow = Tokens::of(&portal.token(&fields).await.json());
    let person = portal.userinfo(&narrow.access).await.json();
    assert_eq!(
        person.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["sub"]
    );
    app.end().await;
}

#[tokio::test]
async fn attack_13_a_token_of_another_person_is_not_mixed_in() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let (anna, of_anna) = first_token(&portal, &app).await;
    let timur = portal
        .tokens(&app.browser(), TIMUR, &[("scope", OFFLINE)])
        .await;
    let again = portal.refreshed(timur.refresh.as_ref().unwrap()).await;
    assert_eq!(again.id_claims()["sub"], timur.id_claims()["sub"]);
    let anna_again = portal.refreshed(&of_anna).await;
    assert_eq!(anna_again.id_claims()["sub"], anna.id_claims()["sub"]);
    assert_ne!(anna.id_claims()["sub"], timur.id_claims()["sub"]);
    app.end().await;
}

/// All of a crowd that sends the last token at once get one and the same
/// successor; it works, and afterwards the token they sent ends the family.
pub(super) async fn crowd_refreshes(browser: &Browser, person: &str, parties: &[RelyingParty]) {
    let (_, mut token) = first_token_of(&parties[0], browser, person).await;
    for _ in 0..3 {
        let answers = crowd(parties, |party| {
            let token = token.clone();
            async move { party.refresh(&token).await }
        })
        .await;
        assert_eq!(successes(&answers), CROWD, "{answers:#?}");
        let successors: BTreeSet<_> = answers
            .iter()
            .map(|answer| Tokens::of(&answer.json()).refresh.unwrap())
            .collect();
        assert_eq!(
            successors.len(),
            1,
            "one successor, not a fork: {successors:?}"
        );
        let access: BTreeSet<_> = answers
            .iter()
            .map(|answer| Tokens::of(&answer.json()).access)
            .collect();
        assert_eq!(
            access.len(),
            CROWD,
            "but each has an access token of its own"
        );
        token = successors.into_iter().next().unwrap();
    }
    let last = parties[0].refreshed(&token).await;
    let next = parties[0].refreshed(last.refresh.as_ref().unwrap()).await;
    let answers = crowd(parties, |party| {
        let token = token.clone();
        async move { party.refresh(&token).await }
    })
    .await;
    assert_eq!(
        successes(&answers),
        0,
        "an older token gives nothing: {answers:#?}"
    );
    for party in parties {
        assert_eq!(Alive::of(party, &next).await, Alive::NONE);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_13_a_crowd_uses_one_token() {
    let app = TestApp::start().await;
    for id in ["portal", "public"] {
        crowd_refreshes(&app.browser(), ANNA, &[RelyingParty::new(&app, id)]).await;
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_13_a_crowd_uses_one_token_at_two_nodes() {
    let app = TestApp::start().await;
    if let Some(node) = neighbour(&app).await {
        let parties = [
            RelyingParty::new(&app, "portal"),
            RelyingParty::new(&node, "portal"),
        ];
        crowd_refreshes(&app.browser(), ANNA, &parties).await;
        node.stop().await;
    }
    app.end().await;
}

/// A thief and the owner race with two generations of the family: whoever
/// wins, in the end nobody holds anything.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_13_a_race_of_two_generations() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let (_, old) = first_token(&portal, &app).await;
    let new = portal.refreshed(&old).await.refresh.unwrap();
    let turn = std::sync::atomic::AtomicUsize::new(0);
    let answers = crowd(std::slice::from_ref(&portal), |party| {
        let odd = turn.fetch_add(1, std::sync::atomic::Ordering::SeqCst) % 2 == 1;
        let token = if odd { old.clone() } else { new.clone() };
        async move { party.refresh(&token).await }
    })
    .await;
    portal.refresh(&old).await.refuses("invalid_grant");
    for answer in answers {
        if answer.status == 200 {
            let tokens = Tokens::of(&answer.json());
            assert_eq!(Alive::of(&portal, &tokens).await, Alive::NONE);
        } else {
            answer.refuses("invalid_grant");
        }
    }
    portal.refresh(&new).await.refuses("invalid_grant");
    app.end().await;
}

#[tokio::test]
async fn attack_13_a_token_that_no_database_can_hold() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    for strange in [
        "ppr_\0.1",
        "ppr_\0.1.x",
        "ppr_.1",
        "ppr_é.1",
        "ppr_'.1",
        "ppr_.-1..",
    ] {
        portal.refresh(strange).await.refuses("invalid_grant");
        assert_eq!(
            portal.introspect(&format!("{strange}x")).await["active"],
            false
        );
    }
    // Nor is such a client looked up.
    let mut nobody = portal.clone();
    nobody.id = "por\0tal".to_owned();
    nobody.refresh("ppr_x").await.refuses("invalid_client");
    app.end().await;
}
