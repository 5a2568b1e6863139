//! Initial access tokens (RFC 7591 §3).

use propusk::entropy::Entropy;
use propusk::protocol::registration::initial;
use serde_json::json;

use super::{is_refused, no_token, open_with, party, register, register_with, usual};
use crate::support::TestApp;
use crate::support::app::ANNA;
use crate::support::http;

async fn by_token(max_clients: u32) -> TestApp {
    open_with(json!({ "mode": "initial_token", "max_clients": max_clients })).await
}

async fn token(app: &TestApp, uses: u32, days: u32) -> String {
    let entropy: &Entropy = &app.app.entropy;
    let made = initial::issue(&app.app.storage, entropy, uses, days, app.now()).await;
    made.unwrap().expose().to_owned()
}

#[tokio::test]
async fn only_who_has_a_token_registers_and_as_often_as_it_says() {
    let app = by_token(100).await;
    let bare = register(&app, &usual(json!({}))).await;
    assert_eq!((bare.status, bare.body.as_str()), (401, ""));
    assert_eq!(
        bare.header("www-authenticate"),
        Some("Bearer realm=\"propusk\"")
    );
    no_token(&register_with(&app, "ppia_made-up", &usual(json!({}))).await);

    let token = token(&app, 2, 7).await;
    let contents = format!("{:?}", app.database.contents().await);
    assert!(!contents.contains(&token), "only its digest is kept");
    // What is wrong uses nothing up.
    for _ in 0..3 {
        let answer = register_with(&app, &token, &usual(json!({ "scope": "openid snils" }))).await;
        is_refused(&answer, "invalid_client_metadata", "scope");
    }
    for _ in 0..2 {
        let answer = register_with(&app, &token, &usual(json!({}))).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        party(&app, &answer.json())
            .tokens(&app.browser(), ANNA, &[])
            .await;
    }
    no_token(&register_with(&app, &token, &usual(json!({}))).await);
    app.end().await;
}

#[tokio::test]
async fn a_token_ends_and_is_of_its_own_kind() {
    let app = by_token(100).await;
    let token = token(&app, 5, 1).await;
    let told = register_with(&app, &token, &usual(json!({}))).await.json();
    // What a client changes its registration with registers no other, and what
    // registers changes none.
    let own = told["registration_access_token"].as_str().unwrap();
    no_token(&register_with(&app, own, &usual(json!({}))).await);
    let mut swapped = told.clone();
    swapped["registration_access_token"] = json!(token);
    no_token(&super::read(&swapped).await);
    app.advance(86_400).await;
    no_token(&register_with(&app, &token, &usual(json!({}))).await);
    app.end().await;
}

#[tokio::test]
async fn attack_43_many_at_once_get_no_more_out_of_a_token() {
    let app = by_token(100).await;
    let token = token(&app, 3, 7).await;
    let tries = (0..24).map(|_| {
        let (url, token) = (app.at(super::PATH), token.clone());
        tokio::spawn(async move {
            let request = http::client().post(url).bearer_auth(token);
            request
                .json(&usual(json!({})))
                .send()
                .await
                .unwrap()
                .status()
                .as_u16()
        })
    });
    let answers = futures_util::future::join_all(tries).await;
    let answers: Vec<u16> = answers.into_iter().map(Result::unwrap).collect();
    let made = answers.iter().filter(|status| **status == 201).count();
    assert_eq!(made, 3, "{answers:?}");
    assert!(
        answers.iter().all(|status| matches!(status, 201 | 401)),
        "{answers:?}"
    );
    let kept = app
        .database
        .count("select count(*) from registrations")
        .await;
    assert_eq!(kept, 3);
    app.end().await;
}

#[tokio::test]
async fn a_full_house_uses_no_token_up() {
    let app = by_token(1).await;
    let token = token(&app, 2, 7).await;
    let told = register_with(&app, &token, &usual(json!({}))).await.json();
    assert_eq!(
        register_with(&app, &token, &usual(json!({}))).await.status,
        503
    );
    assert_eq!(super::remove(&told).await.status, 204);
    assert_eq!(
        register_with(&app, &token, &usual(json!({}))).await.status,
        201
    );
    app.end().await;
}
