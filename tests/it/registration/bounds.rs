//! What the operator lets be registered, how many and how often.

use serde_json::json;

use super::{
    CALLBACK, is_refused, no_token, open_with, party, read, register, registered, remove, text,
    usual,
};
use crate::support::TestApp;
use crate::support::app::ANNA;

#[tokio::test]
async fn the_policy_bounds_what_may_be_registered() {
    let app = open_with(json!({
        "scopes": "openid profile", "grant_types": ["authorization_code"],
        "token_endpoint_auth_methods": ["private_key_jwt", "none"],
    }))
    .await;
    for (member, value) in [
        ("scope", json!("openid email")),
        ("scope", json!("openid offline_access")),
        ("grant_types", json!(["client_credentials"])),
        (
            "grant_types",
            json!(["authorization_code", "refresh_token"]),
        ),
        ("token_endpoint_auth_method", json!("client_secret_post")),
        ("token_endpoint_auth_method", json!(null)),
    ] {
        let mut wire = usual(json!({ "token_endpoint_auth_method": "none" }));
        wire[member] = value;
        is_refused(
            &register(&app, &wire).await,
            "invalid_client_metadata",
            member,
        );
    }
    let told = registered(
        &app,
        &usual(json!({ "token_endpoint_auth_method": "none" })),
    )
    .await;
    assert_eq!(told["scope"], "openid profile");
    app.end().await;
}

#[tokio::test]
async fn the_insurance_number_is_nothing_to_register_for() {
    let app = open_with(json!({})).await;
    let answer = register(&app, &usual(json!({ "scope": "openid snils" }))).await;
    is_refused(&answer, "invalid_client_metadata", "snils");
    let told = registered(&app, &usual(json!({}))).await;
    let shop = party(&app, &told);
    let tokens = shop
        .tokens(&app.browser(), ANNA, &[("scope", "openid profile snils")])
        .await;
    assert!(
        !text(&tokens.all, "scope").contains("snils"),
        "{}",
        tokens.all
    );
    app.end().await;
}

#[tokio::test]
async fn people_are_sent_to_hosts_of_the_list_only() {
    let app = open_with(json!({ "redirect_hosts": ["example.ru", "127.0.0.1"] })).await;
    for uri in [
        "https://example.ru/cb",
        "https://app.example.ru/cb",
        "http://127.0.0.1/cb",
    ] {
        registered(&app, &usual(json!({ "redirect_uris": [uri] }))).await;
    }
    for uri in [
        CALLBACK,
        "https://badexample.ru/cb",
        "https://example.ru.evil.example/cb",
        "https://evil.example/?example.ru",
        "https://example.ru./cb",
        "http://[::1]/cb",
    ] {
        let answer = register(&app, &usual(json!({ "redirect_uris": [uri] }))).await;
        is_refused(&answer, "invalid_redirect_uri", "redirect_uris");
    }
    let native = json!({ "application_type": "native", "redirect_uris": ["ru.example.app:/cb"] });
    is_refused(
        &register(&app, &usual(native)).await,
        "invalid_redirect_uri",
        "redirect_uris",
    );
    let away = usual(json!({
        "redirect_uris": ["https://example.ru/cb"],
        "post_logout_redirect_uris": ["https://evil.example/bye"],
    }));
    is_refused(
        &register(&app, &away).await,
        "invalid_client_metadata",
        "post_logout",
    );
    app.end().await;
}

#[tokio::test]
async fn one_network_registers_so_many_in_an_hour() {
    let app = open_with(json!({ "per_address_per_hour": 2 })).await;
    registered(&app, &usual(json!({}))).await;
    // One that is refused counts, too.
    register(&app, &json!({}))
        .await
        .refuses("invalid_redirect_uri");
    let answer = register(&app, &usual(json!({}))).await;
    assert_eq!(answer.status, 429, "{}", answer.body);
    assert_eq!(answer.json()["error"], "temporarily_unavailable");
    let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=3_600).contains(&wait), "{wait}");
    app.advance(wait + 1).await;
    let told = registered(&app, &usual(json!({}))).await;
    // Changes are counted by themselves.
    let mut wire = usual(json!({}));
    wire["client_id"] = told["client_id"].clone();
    for status in [200, 200, 429] {
        assert_eq!(super::replace(&told, &wire).await.status, status);
    }
    app.end().await;
}

#[tokio::test]
async fn there_are_no_more_than_there_may_be() {
    let app = open_with(json!({ "max_clients": 2 })).await;
    let first = registered(&app, &usual(json!({}))).await;
    registered(&app, &usual(json!({}))).await;
    let answer = register(&app, &usual(json!({}))).await;
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert_eq!(answer.json()["error"], "temporarily_unavailable");
    assert_eq!(remove(&first).await.status, 204);
    registered(&app, &usual(json!({}))).await;
    app.end().await;
}

#[tokio::test]
async fn what_nobody_uses_is_removed_and_the_rest_stays() {
    let app = open_with(json!({ "unused_days": 30 })).await;
    let idle = registered(&app, &usual(json!({}))).await;
    let used = registered(
        &app,
        &usual(json!({ "token_endpoint_auth_method": "none" })),
    )
    .await;
    party(&app, &used).tokens(&app.browser(), ANNA, &[]).await;
    app.upkeep().await;
    let sweep = async |app: &TestApp| {
        let provider = &app.app.provider;
        provider
            .remove_unused_registrations(app.now())
            .await
            .unwrap();
    };
    app.advance(29 * 86_400).await;
    let young = registered(&app, &usual(json!({}))).await;
    sweep(&app).await;
    assert_eq!(read(&idle).await.status, 200);
    app.advance(2 * 86_400).await;
    sweep(&app).await;
    no_token(&read(&idle).await);
    assert_eq!(read(&used).await.status, 200);
    assert_eq!(read(&young).await.status, 200);
    // It stays used, for good.
    app.advance(400 * 86_400).await;
    sweep(&app).await;
    assert_eq!(read(&used).await.status, 200);
    no_token(&read(&young).await);
    app.end().await;
}
