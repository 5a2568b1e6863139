//! Items 8, 77 and 78: the published keys and their rotation.

use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use propusk::model::key_purpose::KeyPurpose;
use propusk::protocol::key_ring;
use serde_json::Value;

use super::{document, metadata, strings, verified};
use crate::support::app::ANNA;
use crate::support::relying_party::header;
use crate::support::{Browser, RelyingParty, TestApp};

async fn published(app: &TestApp) -> Vec<Value> {
    document(app, "/oauth/jwks").await.json()["keys"]
        .as_array()
        .unwrap()
        .clone()
}

async fn kids(app: &TestApp) -> BTreeSet<String> {
    let kid = |key: &Value| key["kid"].as_str().unwrap().to_owned();
    published(app).await.iter().map(kid).collect()
}

#[tokio::test]
async fn oidc_008_keys_are_public_well_formed_and_told_apart() {
    let app = TestApp::start().await;
    let keys = published(&app).await;
    for key in &keys {
        let size = |name: &str| {
            URL_SAFE_NO_PAD
                .decode(key[name].as_str().unwrap())
                .unwrap()
                .len()
        };
        let own: &[&str] = match key["kty"].as_str().unwrap() {
            "RSA" => {
                assert!(size("n") * 8 >= 2048, "{key}");
                &["n", "e"]
            }
            "EC" => {
                assert_eq!(
                    (&key["crv"], size("x"), size("y")),
                    (&"P-256".into(), 32, 32)
                );
                &["crv", "x", "y"]
            }
            "OKP" => {
                assert_eq!((&key["crv"], size("x")), (&"Ed25519".into(), 32));
                &["crv", "x"]
            }
            other => panic!("{other}"),
        };
        let names: BTreeSet<_> = key
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        // The key that is encrypted to takes several.
        let alg = key.get("alg").map(|_| "alg");
        let allowed = ["kty", "kid", "use"]
            .into_iter()
            .chain(alg)
            .chain(own.iter().copied());
        assert_eq!(names, allowed.collect(), "nothing private, nothing strange");
        let usage = if key.get("alg").is_some() {
            "sig"
        } else {
            "enc"
        };
        assert_eq!(key["use"], usage, "{key}");
    }
    assert_eq!(kids(&app).await.len(), keys.len(), "every kid is another");
    // A key for every algorithm that is promised.
    let metadata = metadata(&app).await;
    for (name, value) in metadata.as_object().unwrap() {
        if name.ends_with("token_signing_alg_values_supported") || name.starts_with("userinfo_sig")
        {
            for alg in strings(value) {
                assert!(keys.iter().any(|key| key["alg"] == alg), "{name}: {alg}");
            }
        }
    }
    app.end().await;
}

/// Makes a new key of each algorithm, as the command line does beside a
/// running server, and waits until the server has noticed.
async fn rotate(app: &TestApp, ahead: u64) {
    let before = kids(app).await.len();
    for purpose in KeyPurpose::ALL {
        let ahead = Duration::from_secs(ahead);
        key_ring::rotate(&app.app.storage, &app.app.vault, purpose, ahead, app.now())
            .await
            .unwrap();
    }
    for _ in 0..200 {
        if kids(app).await.len() == before + KeyPurpose::ALL.len() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the new keys were not noticed");
}

/// The keys that sign now: of ID token and access token.
async fn signers(app: &TestApp, browser: &Browser) -> [String; 2] {
    let portal = RelyingParty::new(app, "portal");
    let tokens = portal.tokens(browser, ANNA, &[]).await;
    let mut kids = Vec::new();
    for token in [tokens.id.unwrap(), tokens.access] {
        verified(app, &token).await;
        kids.push(header(&token)["kid"].as_str().unwrap().to_owned());
    }
    kids.try_into().unwrap()
}

#[tokio::test]
async fn oidc_077_a_new_key_is_published_first_and_signs_then() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let old_keys = kids(&app).await;
    let old = signers(&app, &browser).await;
    rotate(&app, 600).await;
    assert!(kids(&app).await.is_superset(&old_keys));
    assert_eq!(
        signers(&app, &browser).await,
        old,
        "relying parties must read it first"
    );
    app.advance(600).await;
    let new = signers(&app, &browser).await;
    for kid in &new {
        assert!(!old_keys.contains(kid), "{kid} is not new");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_078_an_old_key_stays_as_long_as_its_tokens() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let old_keys = kids(&app).await;
    rotate(&app, 600).await;
    app.advance(599).await;
    let last = portal.tokens(&browser, ANNA, &[]).await;
    app.advance(1).await;
    app.advance(298).await;
    verified(&app, &last.id.unwrap()).await;
    assert_eq!(portal.userinfo(&last.access).await.status, 200);
    assert!(kids(&app).await.is_superset(&old_keys));
    // Nothing of it lives any more.
    app.advance(2).await;
    assert!(kids(&app).await.is_disjoint(&old_keys));
    assert_eq!(portal.userinfo(&last.access).await.status, 401);
    app.end().await;
}
