//! Items 36, 37 and 44: how a client shows who it is.

use serde_json::{Value, json};

use super::{OFFLINE, http, metadata, strings};
use crate::support::app::ANNA;
use crate::support::client_key::{ClientKey, KEYED};
use crate::support::relying_party::{ASSERTION_TYPE, Answer, basic, registration};
use crate::support::{RelyingParty, TestApp};

#[tokio::test]
async fn oidc_036_each_way_to_authenticate_works() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let methods = metadata(&app).await["token_endpoint_auth_methods_supported"].clone();
    for method in [
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
        "none",
    ] {
        assert!(strings(&methods).contains(&method), "{method}");
    }
    for id in ["portal", "post", "keyed", "public"] {
        let portal = RelyingParty::new(&app, id);
        let tokens = portal.tokens(&browser, ANNA, &[("scope", OFFLINE)]).await;
        let tokens = portal.refreshed(&tokens.refresh.unwrap()).await;
        if id != "public" {
            assert_eq!(
                portal.introspect(&tokens.access).await["active"],
                true,
                "{id}"
            );
        }
        assert_eq!(portal.revoke(&tokens.refresh.unwrap()).await.status, 200);
        assert_eq!(portal.userinfo(&tokens.access).await.status, 401, "{id}");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_036_basic_is_form_encoded_before_base64() {
    let (id, secret) = ("a:b%c", "100% sure + a:colon & «quotes»");
    let app = TestApp::start_with(|config| {
        let odd = json!({ "client_id": id, "client_secret": secret });
        config["clients"]
            .as_array_mut()
            .unwrap()
            .push(registration("odd", odd));
    })
    .await;
    let mut portal = RelyingParty::new(&app, "odd");
    portal.id = id.to_owned();
    portal.secret = Some(secret.to_owned());
    portal.tokens(&app.browser(), ANNA, &[]).await;
    app.end().await;
}

#[tokio::test]
async fn oidc_036_no_client_can_use_another_way() {
    let app = TestApp::start().await;
    for id in ["portal", "post", "keyed", "public"] {
        let portal = RelyingParty::new(&app, id);
        let secret = portal
            .secret
            .clone()
            .unwrap_or_else(|| "no such secret at all".to_owned());
        let assertion = KEYED.sign(&portal.assertion(&app.url));
        let request = || http::client().post(app.at("/oauth/token"));
        let grant = ("grant_type", "client_credentials");
        let by_basic = request()
            .header("authorization", basic(id, &secret))
            .form(&[grant]);
        let by_post = request().form(&[grant, ("client_id", id), ("client_secret", &secret)]);
        let by_key = request().form(&[
            grant,
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", &assertion),
        ]);
        let by_name = request().form(&[grant, ("client_id", id)]);
        for (way, request) in [
            ("portal", by_basic),
            ("post", by_post),
            ("keyed", by_key),
            ("public", by_name),
        ] {
            let answer = Answer::of(request).await;
            match way == id {
                // It is known, and may do something else.
                true => answer.refuses("unauthorized_client"),
                false => answer.refuses("invalid_client"),
            }
        }
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_037_an_assertion_is_ours_new_and_used_once() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "keyed");
    let send = async |claims: &Value| {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", "unknown"),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", &KEYED.sign(claims)),
        ];
        Answer::of(http::client().post(app.at("/oauth/token")).form(&fields)).await
    };
    for audience in [app.url.clone(), app.at("/oauth/token")] {
        let assertion = portal.assertion(&audience);
        // The client is believed; its refresh token is not.
        send(&assertion).await.refuses("invalid_grant");
        send(&assertion).await.refuses("invalid_client");
    }
    let now = app.now().seconds();
    for (name, value) in [
        ("iss", json!("portal")),
        ("sub", json!("portal")),
        ("aud", json!("https://elsewhere.example")),
        ("aud", json!([app.url, "https://elsewhere.example"])),
        ("exp", json!(now - 60)),
        ("exp", Value::Null),
        ("jti", Value::Null),
        ("nbf", json!(now + 120)),
    ] {
        let mut assertion = portal.assertion(&app.url);
        match value.is_null() {
            true => drop(assertion.as_object_mut().unwrap().remove(name)),
            false => assertion[name] = value,
        }
        send(&assertion).await.refuses("invalid_client");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_044_a_new_key_of_the_client_works_at_once() {
    use axum::{Json, Router, routing::get};
    let served = std::sync::Arc::new(std::sync::Mutex::new(ClientKey::generate("old")));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let jwks_uri = format!("http://{}/jwks", listener.local_addr().unwrap());
    let keys = served.clone();
    let jwks = get(async move || Json(keys.lock().unwrap().jwks()));
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/jwks", jwks)).await });
    let app = TestApp::start_with(|config| {
        let by_reference = json!({
            "token_endpoint_auth_method": "private_key_jwt", "client_secret": null,
            "jwks_uri": jwks_uri,
        });
        config["clients"]
            .as_array_mut()
            .unwrap()
            .push(registration("published", by_reference));
    })
    .await;
    let portal = RelyingParty::new(&app, "published");
    for kid in ["old", "new"] {
        *served.lock().unwrap() = ClientKey::generate(kid);
        let assertion = served.lock().unwrap().sign(&portal.assertion(&app.url));
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", "unknown"),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", &assertion),
        ];
        let answer = Answer::of(http::client().post(app.at("/oauth/token")).form(&fields)).await;
        answer.refuses("invalid_grant");
    }
    app.end().await;
}
