//! Item 108: answers as signed JWTs (JARM).

use serde_json::{Value, json};

use super::{metadata, sent_in_fragment, sent_in_query, strings, verified};
use crate::support::app::ANNA;
use crate::support::relying_party::{header, registration};
use crate::support::{Browser, RelyingParty, TestApp};

/// The claims of the answer, which is the only parameter of the query.
async fn answered(app: &TestApp, party: &RelyingParty, browser: &Browser, mode: &str) -> Value {
    let page = party.enter(browser, ANNA, &[("response_mode", mode)]).await;
    let sent = match mode {
        "fragment.jwt" => sent_in_fragment(&page),
        _ => sent_in_query(&page),
    };
    assert_eq!(sent.keys().collect::<Vec<_>>(), ["response"], "{mode}");
    verified(app, &sent["response"]).await
}

#[tokio::test]
async fn oidc_108_an_answer_is_one_jwt_for_its_client() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    for mode in ["jwt", "query.jwt", "fragment.jwt"] {
        let claims = answered(&app, &portal, &browser, mode).await;
        assert_eq!(claims["iss"], app.url, "{mode}");
        assert_eq!(claims["aud"], "portal");
        assert_eq!(claims["state"], "the-state");
        let life = claims["exp"].as_i64().unwrap() - app.now().seconds();
        assert!((10..=600).contains(&life), "{life}");
        let code = claims["code"].as_str().unwrap();
        assert_eq!(portal.redeem(code).await.status, 200);
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_108_a_form_holds_the_jwt_alone() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let changes = [("response_mode", "form_post.jwt")];
    let page = portal.enter(&app.browser(), ANNA, &changes).await;
    assert_eq!(page.status, 200);
    for name in ["code", "state", "iss"] {
        assert!(!page.has(&format!("input[name={name}]")), "{name}");
    }
    let token = page.attribute("input[name=response]", "value").unwrap();
    let claims = verified(&app, &token).await;
    assert_eq!(
        portal.redeem(claims["code"].as_str().unwrap()).await.status,
        200
    );
    app.end().await;
}

#[tokio::test]
async fn oidc_108_errors_travel_the_same_way() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    for (name, value, error) in [
        ("prompt", "none", "login_required"),
        ("scope", "email", "invalid_scope"),
        ("code_challenge_method", "plain", "invalid_request"),
    ] {
        let url = portal.authorize_url(&[("response_mode", "jwt"), (name, value)]);
        let sent = sent_in_query(&app.browser().get_once(&url).await);
        assert_eq!(sent.keys().collect::<Vec<_>>(), ["response"], "{name}");
        let claims = verified(&app, &sent["response"]).await;
        assert_eq!(claims["error"], error);
        assert_eq!(claims["state"], "the-state");
        assert_eq!(claims["aud"], "portal");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_108_the_registered_algorithm_signs() {
    let app = TestApp::start_with(|config| {
        let clients = config["clients"].as_array_mut().unwrap();
        for alg in ["RS256", "PS256", "ES256", "EdDSA"] {
            let id = format!("answers-{}", alg.to_lowercase());
            let more = json!({ "authorization_signed_response_alg": alg });
            clients.push(registration(&id, more));
        }
    })
    .await;
    let listed = metadata(&app).await;
    let browser = app.browser();
    for alg in strings(&listed["authorization_signing_alg_values_supported"]) {
        let party = RelyingParty::new(&app, &format!("answers-{}", alg.to_lowercase()));
        let page = party
            .enter(&browser, ANNA, &[("response_mode", "jwt")])
            .await;
        let token = sent_in_query(&page)["response"].clone();
        assert_eq!(header(&token)["alg"], alg);
        verified(&app, &token).await;
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_108_tokens_of_the_browser_are_inside() {
    let app = TestApp::start().await;
    let hybrid = RelyingParty::new(&app, "hybrid");
    let changes = [
        ("response_type", "code id_token token"),
        ("response_mode", "jwt"),
    ];
    let page = hybrid.enter(&app.browser(), ANNA, &changes).await;
    let sent = sent_in_fragment(&page);
    assert_eq!(sent.keys().collect::<Vec<_>>(), ["response"]);
    let claims = verified(&app, &sent["response"]).await;
    assert!(claims["expires_in"].is_u64(), "{claims}");
    let token = claims["access_token"].as_str().unwrap();
    assert_eq!(hybrid.userinfo(token).await.status, 200);
    verified(&app, claims["id_token"].as_str().unwrap()).await;
    app.end().await;
}

/// An answer is not an ID token, nor is it good for anything else of ours.
#[tokio::test]
async fn attack_33_an_answer_is_no_token() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let page = portal
        .enter(&browser, ANNA, &[("response_mode", "jwt")])
        .await;
    let token = sent_in_query(&page)["response"].clone();
    assert_eq!(portal.userinfo(&token).await.status, 401);
    assert_eq!(portal.introspect(&token).await, json!({ "active": false }));
    let url = portal.authorize_url(&[("prompt", "none"), ("id_token_hint", &token)]);
    let page = browser.get_once(&url).await;
    assert_eq!(page.sent("error").as_deref(), Some("invalid_request"));
    let end = format!("/oauth/end_session?id_token_hint={token}");
    assert_eq!(browser.get_once(&end).await.status, 400);
    app.end().await;
}
