//! Items 68, 72 and 76: what is registered works as it was answered.

use serde_json::{Value, json};

use super::{CALLBACK, PATH, http, is_refused, open, party, register, registered, text, usual};
use crate::support::app::ANNA;
use crate::support::client_key::ClientKey;
use crate::support::relying_party::{ASSERTION_TYPE, Answer};
use crate::support::{RelyingParty, TestApp};

#[tokio::test]
async fn oidc_068_everything_accepted_is_told_back_and_works() {
    let app = open().await;
    let asked = usual(json!({
        "client_name#ru": "Лавка",
        "post_logout_redirect_uris": ["https://app.example/bye"],
        "backchannel_logout_uri": "https://app.example/logout",
        "backchannel_logout_session_required": true,
        "application_type": "web",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": "openid profile email offline_access",
        "token_endpoint_auth_method": "client_secret_basic",
        "subject_type": "pairwise",
        "id_token_signed_response_alg": "ES256",
        "userinfo_signed_response_alg": "PS256",
        "default_max_age": 3_600,
        "require_auth_time": true,
        "default_acr_values": ["urn:propusk:aal:1"],
        "initiate_login_uri": "https://app.example/start",
        "logo_uri": "https://app.example/logo.png",
        "policy_uri": "https://app.example/policy",
        "tos_uri": "https://app.example/terms",
        "client_uri": "https://app.example/",
        "contacts": ["duty@app.example"],
        "software_id": "shop",
        "software_version": "1.2",
    }));
    let answer = register(&app, &asked).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let told = answer.json();
    for (name, value) in asked.as_object().unwrap() {
        assert_eq!(told[name], *value, "{name}");
    }
    assert_eq!(told["client_secret_expires_at"], 0);
    assert_eq!(told["client_id_issued_at"], app.now().seconds());
    let uri = format!("{}/{}", app.at(PATH), text(&told, "client_id"));
    assert_eq!(text(&told, "registration_client_uri"), uri);

    let shop = party(&app, &told);
    let scope = [("scope", "openid profile email offline_access")];
    let tokens = shop.tokens(&app.browser(), ANNA, &scope).await;
    let header = crate::support::relying_party::header(tokens.id.as_ref().unwrap());
    assert_eq!(header["alg"], "ES256");
    let about = shop.userinfo(&tokens.access).await;
    assert_eq!(about.header("content-type"), Some("application/jwt"));
    shop.refreshed(&tokens.refresh.unwrap()).await;

    // Of what opens something only digests are kept.
    let contents = format!("{:?}", app.database.contents().await);
    assert!(contents.contains(text(&told, "client_id")));
    for name in ["client_secret", "registration_access_token"] {
        assert!(!contents.contains(text(&told, name)), "{name}");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_068_only_who_has_a_secret_is_told_one() {
    let app = open().await;
    let told = registered(
        &app,
        &usual(json!({ "token_endpoint_auth_method": "none" })),
    )
    .await;
    assert_eq!(told.get("client_secret"), None);
    assert_eq!(told.get("client_secret_expires_at"), None);
    let shop = party(&app, &told);
    shop.tokens(&app.browser(), ANNA, &[]).await;
    let other = registered(&app, &usual(json!({}))).await;
    assert_ne!(text(&told, "client_id"), text(&other, "client_id"));
    app.end().await;
}

#[tokio::test]
async fn oidc_072_published_keys_are_used_and_two_sources_are_refused() {
    use axum::{Json, Router, routing::get};
    let key = ClientKey::generate("published");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let jwks_uri = format!("http://{}/jwks", listener.local_addr().unwrap());
    let keys = key.jwks();
    let jwks = get(async move || Json(keys));
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/jwks", jwks)).await });
    let app = open().await;
    let by_key = |more: Value| {
        let mut all = usual(json!({ "token_endpoint_auth_method": "private_key_jwt" }));
        for (name, value) in more.as_object().unwrap() {
            all[name] = value.clone();
        }
        all
    };
    for (more, works) in [
        (json!({ "jwks_uri": jwks_uri }), true),
        (json!({ "jwks": key.jwks() }), true),
        (
            json!({ "jwks": key.jwks(), "token_endpoint_auth_signing_alg": "ES256" }),
            true,
        ),
        (
            json!({ "jwks": key.jwks(), "token_endpoint_auth_signing_alg": "PS256" }),
            false,
        ),
        (
            json!({ "jwks": ClientKey::generate("published").jwks() }),
            false,
        ),
    ] {
        let told = registered(&app, &by_key(more.clone())).await;
        assert_eq!(told.get("client_secret"), None);
        let shop = party(&app, &told);
        let answer = by_assertion(&app, &shop, &key).await;
        // Who is believed has another grant registered.
        let error = if works {
            "unauthorized_client"
        } else {
            "invalid_client"
        };
        assert_eq!(answer.json()["error"], error, "{more}: {}", answer.body);
    }
    let private = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A" }] });
    for (more, member) in [
        (json!({ "jwks": key.jwks(), "jwks_uri": jwks_uri }), "jwks"),
        (json!({}), "jwks"),
        (json!({ "jwks": { "keys": [] } }), "jwks"),
        (json!({ "jwks": private }), "jwks"),
        (json!({ "jwks_uri": "http://app.example/jwks" }), "jwks_uri"),
    ] {
        let answer = register(&app, &by_key(more)).await;
        is_refused(&answer, "invalid_client_metadata", member);
    }
    app.end().await;
}

async fn by_assertion(app: &TestApp, shop: &RelyingParty, key: &ClientKey) -> Answer {
    let assertion = key.sign(&shop.assertion(&app.url));
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion.as_str()),
    ];
    Answer::of(http::client().post(app.at("/oauth/token")).form(&fields)).await
}

#[tokio::test]
async fn oidc_076_what_is_left_out_has_the_defaults() {
    let app = open().await;
    let told = registered(&app, &json!({ "redirect_uris": [CALLBACK] })).await;
    for (name, value) in [
        ("token_endpoint_auth_method", json!("client_secret_basic")),
        ("grant_types", json!(["authorization_code"])),
        ("response_types", json!(["code"])),
        ("application_type", json!("web")),
        ("subject_type", json!("pairwise")),
        ("id_token_signed_response_alg", json!("RS256")),
        ("scope", json!("openid profile email phone address")),
    ] {
        assert_eq!(told[name], value, "{name}");
    }
    // Null says no more than silence (RFC 7592 §2.2).
    let nulls = usual(json!({
        "grant_types": null, "response_types": null, "scope": null, "jwks": null, "logo_uri": null,
        "token_endpoint_auth_method": null, "client_name": null,
    }));
    let again = registered(&app, &nulls).await;
    assert_eq!(again["grant_types"], told["grant_types"]);
    assert_eq!(again.get("client_name"), None);
    app.end().await;
}

#[tokio::test]
async fn a_refresh_token_is_registered_by_either_of_its_names() {
    let app = open().await;
    for more in [
        json!({ "grant_types": ["authorization_code", "refresh_token"] }),
        json!({ "scope": "openid profile offline_access" }),
    ] {
        let told = registered(&app, &usual(more)).await;
        assert_eq!(
            told["grant_types"],
            json!(["authorization_code", "refresh_token"])
        );
        assert!(text(&told, "scope").ends_with("offline_access"), "{told}");
        let shop = party(&app, &told);
        let scope = [("scope", "openid offline_access")];
        let tokens = shop.tokens(&app.browser(), ANNA, &scope).await;
        shop.refreshed(&tokens.refresh.unwrap()).await;
    }
    app.end().await;
}

#[tokio::test]
async fn a_program_without_people_registers_for_itself() {
    let app = open().await;
    let told = registered(
        &app,
        &json!({ "client_name": "Robot", "grant_types": ["client_credentials"] }),
    )
    .await;
    assert_eq!(told["response_types"], json!([]));
    let robot = party(&app, &told);
    let answer = robot.token(&[("grant_type", "client_credentials")]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let access = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(robot.introspect(&access).await["active"], true);
    let gone = super::remove(&told).await;
    assert_eq!(gone.status, 204, "{}", gone.body);
    let machine = RelyingParty::new(&app, "machine");
    assert_eq!(machine.introspect(&access).await["active"], false);
    app.end().await;
}

#[tokio::test]
async fn the_endpoint_is_listed_where_it_is_and_nowhere_else() {
    for (app, is_open) in [(open().await, true), (TestApp::start().await, false)] {
        for path in [
            "/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server",
        ] {
            let metadata = Answer::of(http::client().get(app.at(path))).await.json();
            let listed = metadata.get("registration_endpoint").cloned();
            assert_eq!(listed, is_open.then(|| json!(app.at(PATH))));
        }
        let status = register(&app, &usual(json!({}))).await.status;
        assert_eq!(status, if is_open { 201 } else { 404 });
        app.end().await;
    }
}
