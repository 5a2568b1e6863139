//! Items 70, 74 and 75: what may stand in the metadata.

use serde_json::json;

use super::{CALLBACK, PATH, http, is_refused, open, read, register, registered, usual};
use crate::support::relying_party::Answer;

#[tokio::test]
async fn oidc_070_a_fragment_makes_no_redirect_uri() {
    let app = open().await;
    for uris in [
        json!(["https://app.example/callback#here"]),
        json!(["https://app.example/callback#"]),
        json!([CALLBACK, "https://app.example/other#x"]),
        json!([]),
        json!(null),
    ] {
        let answer = register(&app, &usual(json!({ "redirect_uris": uris }))).await;
        is_refused(&answer, "invalid_redirect_uri", "redirect_uris");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_074_what_is_unknown_is_left_out() {
    let app = open().await;
    let told = registered(
        &app,
        &usual(json!({
            "example_extension": { "deep": ["thing"] },
            "client_name#fr": "Boutique",
            "logo_uri#ru": "https://app.example/logo-ru.png",
            "authorization_encrypted_response_alg": "RSA-OAEP-256",
        })),
    )
    .await;
    for name in [
        "example_extension",
        "client_name#fr",
        "logo_uri#ru",
        "authorization_encrypted_response_alg",
    ] {
        assert_eq!(told.get(name), None, "{name}");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_074_what_is_not_supported_is_named() {
    let app = open().await;
    for (member, value) in [
        ("id_token_signed_response_alg", json!("none")),
        ("id_token_signed_response_alg", json!("HS256")),
        ("userinfo_signed_response_alg", json!("ES512")),
        ("token_endpoint_auth_signing_alg", json!("HS256")),
        ("response_types", json!(["token"])),
        ("response_types", json!(["code", "none"])),
        ("response_types", json!([])),
        ("grant_types", json!(["password"])),
        ("grant_types", json!(["client_credentials", 5])),
        ("grant_types", json!("authorization_code")),
        ("grant_types", json!(["refresh_token"])),
        ("token_endpoint_auth_method", json!("client_secret_magic")),
        ("token_endpoint_auth_method", json!(["none"])),
        ("subject_type", json!("ephemeral")),
        ("application_type", json!("desktop")),
        ("scope", json!("openid everything")),
        ("scope", json!(["openid"])),
        ("scope", json!("profile")),
        ("default_max_age", json!("soon")),
        ("default_max_age", json!(-1)),
        ("require_auth_time", json!("yes")),
        ("default_acr_values", json!("urn:propusk:aal:1")),
        ("contacts", json!("duty@app.example")),
        ("contacts", json!([{}])),
        ("client_uri", json!("javascript:alert(1)")),
        ("logo_uri", json!("http://app.example/logo.png")),
        ("policy_uri", json!(["https://app.example/"])),
        ("client_name", json!(42)),
        ("software_id", json!({})),
        ("backchannel_logout_uri", json!("https://app.example/x#y")),
        ("jwks", json!("https://app.example/jwks")),
    ] {
        let answer = register(&app, &usual(json!({ member: value }))).await;
        is_refused(&answer, "invalid_client_metadata", member);
    }
    // Of those that belong together one alone is none.
    let answer = register(
        &app,
        &usual(json!({ "grant_types": ["client_credentials"], "response_types": ["code"] })),
    )
    .await;
    is_refused(&answer, "invalid_client_metadata", "response_types");
    let nobody =
        json!({ "grant_types": ["client_credentials"], "token_endpoint_auth_method": "none" });
    let answer = register(&app, &usual(nobody)).await;
    is_refused(&answer, "invalid_client_metadata", "grant_types");
    app.end().await;
}

#[tokio::test]
async fn oidc_075_a_login_that_others_begin_is_https_and_told_back() {
    let app = open().await;
    for wrong in [
        "http://app.example/start",
        "http://127.0.0.1/start",
        "https://app.example/start#x",
        "javascript:alert(1)",
        "/start",
    ] {
        let answer = register(&app, &usual(json!({ "initiate_login_uri": wrong }))).await;
        is_refused(&answer, "invalid_client_metadata", "initiate_login_uri");
    }
    let uri = "https://app.example/start?from=propusk";
    let told = registered(&app, &usual(json!({ "initiate_login_uri": uri }))).await;
    assert_eq!(told["initiate_login_uri"], uri);
    assert_eq!(read(&told).await.json()["initiate_login_uri"], uri);
    app.end().await;
}

#[tokio::test]
async fn a_body_is_a_small_json_object() {
    let app = open().await;
    let send = async |kind: &str, body: String| {
        let request = http::client()
            .post(app.at(PATH))
            .header("content-type", kind);
        Answer::of(request.body(body)).await
    };
    let good = usual(json!({})).to_string();
    assert_eq!(
        send("application/json; charset=utf-8", good.clone())
            .await
            .status,
        201
    );
    let huge = usual(json!({ "contacts": ["x".repeat(40_000)] })).to_string();
    for (kind, body) in [
        ("application/x-www-form-urlencoded", good.as_str()),
        ("text/plain", &good),
        ("application/json", "[]"),
        ("application/json", "{"),
        ("application/json", ""),
        ("application/json", &huge),
    ] {
        send(kind, body.to_owned())
            .await
            .refuses("invalid_client_metadata");
    }
    app.end().await;
}
