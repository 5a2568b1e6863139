//! Row 14 once more: tokens and codes after the client, the operator or time
//! took away what they stood on.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use propusk::model::algorithm::Algorithm;
use propusk::model::client::Client;
use propusk::protocol::{key_ring, registration};
use serde_json::json;

use super::withdrawn::{SCOPES, Scene};
use super::{Alive, OFFLINE};
use crate::support::app::ANNA;
use crate::support::relying_party::header;
use crate::support::{RelyingParty, TestApp, Tokens};

#[tokio::test]
async fn attack_14_after_the_client_was_disabled() {
    let scene = Scene::begin().await;
    let disable = async |disabled: bool| {
        let storage = &scene.app.app.storage;
        storage
            .disable_client("portal".into(), disabled, scene.app.now())
            .await
            .unwrap();
    };
    for scope in SCOPES {
        let held = scene.hold(scope).await;
        disable(true).await;
        for (party, code) in scene.parties().iter().zip(&held.codes) {
            party.redeem(code).await.refuses("invalid_client");
        }
        scene.tokens_are_dead(&held.tokens, scope).await;
        let page = scene
            .first
            .get_once(&RelyingParty::new(&scene.app, "portal").authorize_url(&[]))
            .await;
        super::stays(&page, "a disabled client");
        disable(false).await;
        scene
            .tokens_are_dead(&held.tokens, "after it was enabled again")
            .await;
    }
    scene.end().await;
}

#[tokio::test]
async fn attack_14_after_a_token_was_revoked() {
    let scene = Scene::begin().await;
    let portal = RelyingParty::new(&scene.app, "portal");
    for scope in SCOPES {
        // An access token on its own: its siblings live on.
        let held = scene.hold(scope).await;
        assert_eq!(portal.revoke(&held.tokens.access).await.status, 200);
        for party in scene.parties() {
            let alive = Alive::of(&party, &held.tokens).await;
            assert!(
                !alive.userinfo && !alive.introspection,
                "{scope}: {alive:?}"
            );
            assert_eq!(alive.refresh, scope == OFFLINE, "{scope}");
        }
        assert_eq!(
            portal.redeem(&held.codes[0]).await.status,
            200,
            "another grant"
        );
    }
    // A refresh token, spent or not: everything of its grant.
    for spent in [false, true] {
        let held = scene.hold(OFFLINE).await;
        let first = held.tokens.refresh.clone().unwrap();
        let next = portal.refreshed(&first).await;
        let revoked = if spent {
            first
        } else {
            next.refresh.clone().unwrap()
        };
        assert_eq!(portal.revoke(&revoked).await.status, 200);
        scene.tokens_are_dead(&next, "of the same grant").await;
        scene
            .tokens_are_dead(&held.tokens, "of the same grant")
            .await;
    }
    scene.end().await;
}

/// With (r, s) an ECDSA signature, (r, n−s) is one as well: another spelling of
/// a revoked token is the same token.
#[tokio::test]
async fn attack_14_a_revoked_token_spelt_otherwise() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let tokens = portal.tokens(&app.browser(), ANNA, &[]).await;
    let other = respelt(&tokens.access);
    assert_ne!(other, tokens.access);
    assert_eq!(
        portal.userinfo(&other).await.status,
        200,
        "it is a signature"
    );
    assert_eq!(portal.revoke(&tokens.access).await.status, 200);
    for token in [&tokens.access, &other] {
        assert_eq!(portal.userinfo(token).await.status, 401);
        assert_eq!(portal.introspect(token).await["active"], false);
    }
    app.end().await;
}

/// The order of P-256 (SEC 2 §2.4.2).
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

fn respelt(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let mut signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let mut borrow = 0;
    for at in (0..32).rev() {
        let difference = i16::from(ORDER[at]) - i16::from(signature[32 + at]) - borrow;
        borrow = i16::from(difference < 0);
        signature[32 + at] = u8::try_from(difference.rem_euclid(256)).unwrap();
    }
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// A key that was withdrawn (it leaked, say) vouches for nothing, at any node.
#[tokio::test]
async fn attack_14_after_the_key_was_withdrawn() {
    let scene = Scene::begin().await;
    let held = scene.hold(SCOPES[0]).await;
    let (app, now) = (&scene.app.app, scene.app.now());
    let kid = header(&held.tokens.access)["kid"]
        .as_str()
        .unwrap()
        .to_owned();
    key_ring::rotate(
        &app.storage,
        &app.vault,
        Algorithm::Es256,
        std::time::Duration::ZERO,
        now,
    )
    .await
    .unwrap();
    assert!(
        app.storage
            .retire_signing_key(kid.clone(), now)
            .await
            .unwrap()
    );
    for party in scene.parties() {
        // Nodes look for new keys a few times in a second.
        let mut left = 100;
        while party.userinfo(&held.tokens.access).await.status == 200 && left > 0 {
            left -= 1;
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!(Alive::of(&party, &held.tokens).await, Alive::NONE);
        let keys = scene
            .first
            .get(&format!("{}/oauth/jwks", party.app_url))
            .await;
        assert!(!keys.body.contains(&kid));
    }
    scene.end().await;
}

/// The operator takes a scope from a client: nothing that was issued before
/// gives it any longer.
#[tokio::test]
async fn attack_14_after_the_client_lost_a_scope() {
    let scene = Scene::begin().await;
    for scope in SCOPES {
        let held = scene.hold(scope).await;
        let storage = &scene.app.app.storage;
        let record = storage
            .find_client(&"portal".into())
            .await
            .unwrap()
            .unwrap();
        let mut client: Client = serde_json::from_str(&record.metadata).unwrap();
        let before = std::mem::replace(
            &mut client.scope,
            "openid profile offline_access".to_owned(),
        );
        registration::store(
            storage,
            &client,
            registration::Source::File,
            scene.app.now(),
        )
        .await
        .unwrap();
        for (party, code) in scene.parties().iter().zip(&held.codes) {
            let mut all = vec![
                held.tokens.clone(),
                Tokens::of(&party.redeem(code).await.json()),
            ];
            if let Some(refresh) = &held.tokens.refresh {
                all.push(party.refreshed(refresh).await);
            }
            for tokens in all {
                let person = party.userinfo(&tokens.access).await.json();
                assert_eq!(person.get("email"), None, "{scope}: {person}");
            }
        }
        client.scope = before;
        registration::store(
            storage,
            &client,
            registration::Source::File,
            scene.app.now(),
        )
        .await
        .unwrap();
    }
    scene.end().await;
}

/// A consent that has run out is over. Another one, for less, revives neither
/// its tokens nor what it held.
#[tokio::test]
async fn attack_14_after_the_consent_ran_out() {
    let app = TestApp::start_with(|config| config["clients"][0]["consent_days"] = json!(1)).await;
    let mut scene = Scene::of(app).await;
    let portal = RelyingParty::new(&scene.app, "portal");
    let held = scene.hold(OFFLINE).await;
    scene.app.advance(86_400).await;
    scene.tokens_are_dead(&held.tokens, "it ran out").await;

    scene.first = scene.app.browser();
    let page = portal
        .enter(
            &scene.first,
            ANNA,
            &[("scope", "openid profile offline_access")],
        )
        .await;
    assert!(page.sent("code").is_some());
    scene
        .tokens_are_dead(&held.tokens, "after another consent")
        .await;
    let page = scene
        .first
        .get(&portal.authorize_url(&[("scope", OFFLINE)]))
        .await;
    assert!(page.has("#consent-allow"), "the e-mail is asked for again");
    scene.end().await;
}
