//! Rows 8 to 10 and 12: authorization codes in the wrong hands, without their
//! verifier, and used more than once.

use super::{Alive, CROWD, OFFLINE, crowd, neighbour, successes};
use crate::support::app::{ANNA, TIMUR};
use crate::support::relying_party::{CHALLENGE, VERIFIER};
use crate::support::{Browser, RelyingParty, TestApp, Tokens};

/// Another verifier of good form.
const OTHER_VERIFIER: &str = "AAjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn redemption<'a>(party: &'a RelyingParty, code: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &party.redirect_uri),
    ]
}

/// The client redeems with the verifier of the session it has: a code that an
/// attacker carried into his own session does not fit it, and stays good.
#[tokio::test]
async fn attack_08_a_code_of_another_session() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let stolen = portal.code(&app.browser(), ANNA, &[]).await;
    let mut in_the_thiefs_session = redemption(&portal, &stolen);
    in_the_thiefs_session.push(("code_verifier", OTHER_VERIFIER));
    portal
        .token(&in_the_thiefs_session)
        .await
        .refuses("invalid_grant");
    assert_eq!(portal.redeem(&stolen).await.status, 200);
    app.end().await;
}

/// A client that uses nonces instead of PKCE sees by them whose code it got.
#[tokio::test]
async fn attack_08_a_nonce_stays_with_its_code() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let mut nonces = Vec::new();
    for (person, nonce) in [(ANNA, "of-the-victim"), (TIMUR, "of-the-thief")] {
        let changes = [without[0], without[1], ("nonce", nonce)];
        let code = portal.code(&app.browser(), person, &changes).await;
        let mut fields = redemption(&portal, &code);
        // Nothing a token request says can change it.
        fields.push(("nonce", "another"));
        let tokens = Tokens::of(&portal.token(&fields).await.json());
        nonces.push(tokens.id_claims()["nonce"].as_str().unwrap().to_owned());
    }
    assert_eq!(nonces, ["of-the-victim", "of-the-thief"]);
    app.end().await;
}

#[tokio::test]
async fn attack_09_a_challenge_that_protects_nothing() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for id in ["portal", "public"] {
        let party = RelyingParty::new(&app, id);
        party.code(&browser, ANNA, &[]).await;
        for changes in [
            [
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "plain"),
            ],
            [
                ("code_challenge", VERIFIER),
                ("code_challenge_method", "plain"),
            ],
            [("code_challenge", CHALLENGE), ("code_challenge_method", "")],
            [
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "s256"),
            ],
            [
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "S512"),
            ],
            [("code_challenge", ""), ("code_challenge_method", "S256")],
            [
                ("code_challenge", "short"),
                ("code_challenge_method", "S256"),
            ],
            [("code_challenge", "="), ("code_challenge_method", "S256")],
        ] {
            let page = browser.get_once(&party.authorize_url(&changes)).await;
            assert_eq!(
                page.sent("error").as_deref(),
                Some("invalid_request"),
                "{id} {changes:?}"
            );
            assert_eq!(page.sent("code"), None);
        }
    }
    app.end().await;
}

#[tokio::test]
async fn attack_09_a_public_client_without_a_challenge() {
    let app = TestApp::start().await;
    let public = RelyingParty::new(&app, "public");
    let browser = app.browser();
    public.code(&browser, ANNA, &[]).await;
    let stripped = public.authorize_url(&[("code_challenge", ""), ("code_challenge_method", "")]);
    let page = browser.get_once(&stripped).await;
    assert_eq!(page.sent("error").as_deref(), Some("invalid_request"));
    assert_eq!(page.sent("code"), None);
    app.end().await;
}

#[tokio::test]
async fn attack_09_a_code_without_its_verifier() {
    let app = TestApp::start().await;
    for id in ["portal", "public", "post"] {
        let party = RelyingParty::new(&app, id);
        let code = party.code(&app.browser(), ANNA, &[]).await;
        let padded = format!("{VERIFIER}=");
        let long = "A".repeat(129);
        for verifier in [
            None,
            Some(""),
            Some(OTHER_VERIFIER),
            Some(CHALLENGE),
            Some(&padded),
            Some("dBjftJeZ"),
            Some(&long),
        ] {
            let mut fields = redemption(&party, &code);
            fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
            party.token(&fields).await.refuses("invalid_grant");
        }
        assert_eq!(
            party.redeem(&code).await.status,
            200,
            "{id}: the tries did not use it up"
        );
    }
    app.end().await;
}

/// RFC 9700 §4.8.2: the attacker took the challenge out of the request; the
/// client, which sends its verifier, must notice.
#[tokio::test]
async fn attack_09_a_verifier_without_a_challenge() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let stripped = [("code_challenge", ""), ("code_challenge_method", "")];
    let code = portal.code(&app.browser(), ANNA, &stripped).await;
    portal.redeem(&code).await.refuses("invalid_grant");
    app.end().await;
}

#[tokio::test]
async fn attack_10_a_code_at_another_client() {
    let app = TestApp::start().await;
    for id in ["portal", "public"] {
        let owner = RelyingParty::new(&app, id);
        let code = owner
            .code(&app.browser(), ANNA, &[("scope", OFFLINE)])
            .await;
        for thief in ["other", "post", "open", "public", "portal"] {
            if thief == id {
                continue;
            }
            let mut thief = RelyingParty::new(&app, thief);
            thief.redeem(&code).await.refuses("invalid_grant");
            // With the owner's redirect URI as well.
            thief.redirect_uri.clone_from(&owner.redirect_uri);
            thief.redeem(&code).await.refuses("invalid_grant");
        }
        let machine = RelyingParty::new(&app, "machine");
        machine.redeem(&code).await.refuses("unauthorized_client");
        let mut pretender = RelyingParty::new(&app, "other");
        pretender.redirect_uri.clone_from(&owner.redirect_uri);
        let mut fields = redemption(&owner, &code);
        fields.extend([("code_verifier", VERIFIER), ("client_id", id)]);
        pretender.token(&fields).await.refuses("invalid_client");
        assert_eq!(
            owner.redeem(&code).await.status,
            200,
            "{id}: the tries did not use it up"
        );
        // Nor does another client's replay take the owner's tokens back.
    }
    app.end().await;
}

#[tokio::test]
async fn attack_10_a_thiefs_replay_does_not_harm_the_owner() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let code = portal
        .code(&app.browser(), ANNA, &[("scope", OFFLINE)])
        .await;
    let tokens = Tokens::of(&portal.redeem(&code).await.json());
    RelyingParty::new(&app, "other")
        .redeem(&code)
        .await
        .refuses("invalid_grant");
    let mut fields = redemption(&portal, &code);
    fields.push(("code_verifier", OTHER_VERIFIER));
    portal.token(&fields).await.refuses("invalid_grant");
    assert_eq!(Alive::of(&portal, &tokens).await, Alive::ALL);
    app.end().await;
}

#[tokio::test]
async fn attack_12_a_code_used_twice() {
    let app = TestApp::start().await;
    for id in ["portal", "public"] {
        let party = RelyingParty::new(&app, id);
        let code = party
            .code(&app.browser(), ANNA, &[("scope", OFFLINE)])
            .await;
        let tokens = Tokens::of(&party.redeem(&code).await.json());
        let refreshed = party.refreshed(tokens.refresh.as_ref().unwrap()).await;
        party.redeem(&code).await.refuses("invalid_grant");
        // RFC 6749 §4.1.2: what came of the code is taken back, late offspring too.
        assert_eq!(Alive::of(&party, &tokens).await, Alive::NONE, "{id}");
        assert_eq!(Alive::of(&party, &refreshed).await, Alive::NONE, "{id}");
    }
    app.end().await;
}

#[tokio::test]
async fn attack_12_a_code_after_its_minute() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let code = portal.code(&app.browser(), ANNA, &[]).await;
    app.advance(60).await;
    portal.redeem(&code).await.refuses("invalid_grant");
    app.end().await;
}

/// Of many that redeem one code at once exactly one succeeds, whichever node
/// they ask; and what it got is dead, for the others were replays.
pub(super) async fn crowd_redeems(
    browser: &Browser,
    person: &str,
    parties: &[RelyingParty],
    scope: &str,
) {
    let scope = [("scope", scope)];
    for round in 0..4 {
        let code = parties[0].code(browser, person, &scope).await;
        let answers = crowd(parties, |party| {
            let code = code.clone();
            async move { party.redeem(&code).await }
        })
        .await;
        assert_eq!(answers.len(), CROWD);
        assert_eq!(successes(&answers), 1, "round {round}: {answers:#?}");
        for answer in &answers {
            if answer.status == 200 {
                let tokens = Tokens::of(&answer.json());
                for party in parties {
                    assert_eq!(Alive::of(party, &tokens).await, Alive::NONE);
                }
            } else {
                answer.refuses("invalid_grant");
            }
        }
        // The grant of one code dies with it, not the person's others.
        let tokens = parties[0].tokens(browser, person, &scope).await;
        assert_eq!(parties[0].userinfo(&tokens.access).await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_12_a_crowd_redeems_one_code() {
    let app = TestApp::start().await;
    for scope in ["openid profile", OFFLINE] {
        crowd_redeems(
            &app.browser(),
            ANNA,
            &[RelyingParty::new(&app, "portal")],
            scope,
        )
        .await;
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_12_a_crowd_redeems_one_code_at_two_nodes() {
    let app = TestApp::start().await;
    if let Some(node) = neighbour(&app).await {
        let parties = [
            RelyingParty::new(&app, "portal"),
            RelyingParty::new(&node, "portal"),
        ];
        crowd_redeems(&app.browser(), ANNA, &parties, OFFLINE).await;
        node.stop().await;
    }
    app.end().await;
}
