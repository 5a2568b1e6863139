//! Items 46–48 and 51: what stands in an ID token.

use serde_json::{Value, json};

use super::{metadata, strings, verified};
use crate::support::app::ANNA;
use crate::support::relying_party::{header, registration};
use crate::support::{RelyingParty, TestApp};

#[tokio::test]
async fn oidc_046_the_registered_algorithm_and_a_published_key_sign() {
    const ALGORITHMS: [&str; 4] = ["RS256", "PS256", "ES256", "EdDSA"];
    let app = TestApp::start_with(|config| {
        for alg in ALGORITHMS {
            let signed = json!({ "id_token_signed_response_alg": alg });
            let client = registration(&alg.to_lowercase(), signed);
            config["clients"].as_array_mut().unwrap().push(client);
        }
    })
    .await;
    assert_eq!(
        strings(&metadata(&app).await["id_token_signing_alg_values_supported"]),
        ALGORITHMS
    );
    let browser = app.browser();
    for alg in ALGORITHMS {
        let portal = RelyingParty::new(&app, &alg.to_lowercase());
        let token = portal.tokens(&browser, ANNA, &[]).await.id.unwrap();
        assert_eq!(header(&token)["alg"], alg);
        assert_eq!(verified(&app, &token).await["aud"], portal.id);
    }
    // RS256 is what a client gets that said nothing.
    let portal = RelyingParty::new(&app, "portal");
    let token = portal.tokens(&browser, ANNA, &[]).await.id.unwrap();
    assert_eq!(header(&token)["alg"], "RS256");
    app.end().await;
}

#[tokio::test]
async fn oidc_047_who_for_whom_and_when() {
    let app = TestApp::start().await;
    let now = app.now().seconds();
    let browser = app.browser();
    for id in ["portal", "open"] {
        let portal = RelyingParty::new(&app, id);
        let claims = portal.tokens(&browser, ANNA, &[]).await.id.unwrap();
        let claims = verified(&app, &claims).await;
        assert_eq!(claims["iss"], app.url);
        assert_eq!(claims["aud"], id);
        assert_eq!(claims["iat"].as_i64(), Some(now));
        // In seconds, and soon: the token only tells of this sign-in.
        assert_eq!(claims["exp"].as_i64(), Some(now + 300));
        let sub = claims["sub"].as_str().unwrap();
        assert!((1..=255).contains(&sub.len()) && sub.bytes().all(|b| (0x21..=0x7e).contains(&b)));
        assert!(claims.get("azp").is_none_or(|azp| azp == id));
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_047_a_pairwise_subject_differs_from_client_to_client() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let mut subjects = Vec::new();
    for id in ["portal", "other", "open"] {
        let portal = RelyingParty::new(&app, id);
        let first = portal.tokens(&browser, ANNA, &[]).await.id_claims();
        let again = portal.tokens(&app.browser(), ANNA, &[]).await.id_claims();
        assert_eq!(first["sub"], again["sub"]);
        assert_ne!(first["sid"], again["sid"]);
        assert!(!subjects.contains(&first["sub"]));
        subjects.push(first["sub"].clone());
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_048_nonce_and_the_kinds_of_values() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let claims = json!({ "id_token": { "updated_at": null } }).to_string();
    let changes = [
        ("nonce", "n-0S6_WzA2Mj"),
        ("max_age", "60"),
        ("claims", &claims),
    ];
    let token = portal
        .tokens(&app.browser(), ANNA, &changes)
        .await
        .id
        .unwrap();
    let claims = verified(&app, &token).await;
    assert_eq!(claims["nonce"], "n-0S6_WzA2Mj");
    assert_eq!(claims["auth_time"].as_i64(), Some(app.now().seconds()));
    assert_eq!(claims["amr"], json!(["pwd"]));
    assert!(claims["updated_at"].is_i64());
    let acr = claims["acr"].as_str().unwrap();
    assert!(
        strings(&metadata(&app).await["acr_values_supported"]).contains(&acr),
        "{acr}"
    );
    app.end().await;
}

#[tokio::test]
async fn oidc_051_nothing_that_userinfo_tells() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let scope = "openid profile email phone address snils assurance";
    let tokens = portal
        .tokens(&app.browser(), ANNA, &[("scope", scope)])
        .await;
    let claims = verified(&app, &tokens.id.unwrap()).await;
    let about: Value = portal.userinfo(&tokens.access).await.json();
    for name in about
        .as_object()
        .unwrap()
        .keys()
        .filter(|name| *name != "sub")
    {
        assert_eq!(claims.get(name), None, "{name}");
    }
    app.end().await;
}
