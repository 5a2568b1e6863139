//! Software statements (RFC 7591 §2.3).

use serde_json::{Value, json};

use super::{CALLBACK, is_refused, open_with, read, register, registered, replace, usual};
use crate::support::TestApp;
use crate::support::client_key::ClientKey;

const ISSUER: &str = "https://ministry.example";

async fn trusting(key: &ClientKey, more: Value) -> TestApp {
    let mut settings = json!({
        "software_statement_issuers": [{ "issuer": ISSUER, "jwks": key.jwks() }],
    });
    settings
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    open_with(settings).await
}

fn stated(app: &TestApp) -> Value {
    let now = app.now().seconds();
    json!({
        "iss": ISSUER, "iat": now, "exp": now + 3_600, "jti": "1",
        "client_name": "Checked app", "redirect_uris": [CALLBACK], "software_id": "checked",
    })
}

#[tokio::test]
async fn what_a_statement_says_wins() {
    let key = ClientKey::generate("ministry");
    let app = trusting(&key, json!({})).await;
    let statement = key.sign(&stated(&app));
    let told = registered(
        &app,
        &json!({
            "software_statement": statement, "client_name": "Another name",
            "redirect_uris": ["https://evil.example/cb"], "software_id": "another",
            "client_uri": "https://app.example/",
        }),
    )
    .await;
    assert_eq!(told["client_name"], "Checked app");
    assert_eq!(told["redirect_uris"], json!([CALLBACK]));
    assert_eq!(told["software_id"], "checked");
    assert_eq!(told["client_uri"], "https://app.example/");
    assert_eq!(told["software_statement"], statement);
    assert_eq!(told.get("iss"), None);
    // The policy bounds what is stated, too.
    let mut greedy = stated(&app);
    greedy["scope"] = json!("openid snils");
    let wire = json!({ "software_statement": key.sign(&greedy) });
    is_refused(
        &register(&app, &wire).await,
        "invalid_client_metadata",
        "scope",
    );
    app.end().await;
}

#[tokio::test]
async fn a_statement_is_of_a_trusted_issuer_and_in_its_time() {
    let (key, stranger) = (
        ClientKey::generate("ministry"),
        ClientKey::generate("ministry"),
    );
    let app = trusting(&key, json!({})).await;
    let now = app.now().seconds();
    let with = |name: &str, value: Value| {
        let mut claims = stated(&app);
        claims[name] = value;
        claims
    };
    let good = key.sign(&stated(&app));
    let mut parts: Vec<&str> = good.split('.').collect();
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", parts[1]);
    let other = key.sign(&with("client_name", json!("Forged")));
    parts[1] = other.split('.').nth(1).unwrap();
    let forged = parts.join(".");
    for (statement, code) in [
        (stranger.sign(&stated(&app)), "invalid_software_statement"),
        (forged, "invalid_software_statement"),
        (unsigned, "invalid_software_statement"),
        (
            key.sign(&with("exp", json!(now))),
            "invalid_software_statement",
        ),
        (
            key.sign(&with("exp", json!("never"))),
            "invalid_software_statement",
        ),
        (
            key.sign(&with("nbf", json!(now + 60))),
            "invalid_software_statement",
        ),
        (
            key.sign(&with("iss", json!(null))),
            "invalid_software_statement",
        ),
        ("no token".to_owned(), "invalid_software_statement"),
        (
            key.sign(&with("iss", json!("https://other.example"))),
            "unapproved_software_statement",
        ),
    ] {
        let wire = usual(json!({ "software_statement": statement }));
        register(&app, &wire).await.refuses(code);
    }
    registered(&app, &json!({ "software_statement": good })).await;
    app.end().await;

    let app = open_with(json!({})).await;
    let wire = usual(json!({ "software_statement": key.sign(&stated(&app)) }));
    register(&app, &wire)
        .await
        .refuses("unapproved_software_statement");
    app.end().await;
}

#[tokio::test]
async fn where_a_statement_is_needed_no_change_does_without() {
    let key = ClientKey::generate("ministry");
    let app = trusting(&key, json!({ "require_software_statement": true })).await;
    let answer = register(&app, &usual(json!({}))).await;
    is_refused(&answer, "invalid_client_metadata", "software_statement");
    let statement = key.sign(&stated(&app));
    let told = registered(&app, &json!({ "software_statement": statement })).await;
    let mut wire = usual(json!({ "client_name": "Free at last" }));
    wire["client_id"] = told["client_id"].clone();
    is_refused(
        &replace(&told, &wire).await,
        "invalid_client_metadata",
        "software_statement",
    );
    wire["software_statement"] = json!(statement);
    assert_eq!(replace(&told, &wire).await.status, 200);
    assert_eq!(read(&told).await.json()["client_name"], "Checked app");
    app.end().await;
}
