//! JWT answers of introspection (RFC 9701).

use serde_json::{Value, json};

use super::{OFFLINE, http, metadata, strings, verified};
use crate::support::app::ANNA;
use crate::support::relying_party::{Answer, basic, header, registration, secret_of};
use crate::support::{RelyingParty, TestApp};

const JWT: &str = "application/token-introspection+jwt";

async fn ask(app: &TestApp, id: &str, token: &str, accept: &str) -> Answer {
    let request = http::client()
        .post(app.at("/oauth/introspect"))
        .header("authorization", basic(id, &secret_of(id)))
        .header("accept", accept)
        .form(&[("token", token)]);
    Answer::of(request).await
}

async fn started() -> TestApp {
    TestApp::start_with(|config| {
        let clients = config["clients"].as_array_mut().unwrap();
        let resource = json!({
            "may_introspect_any": true, "introspection_signed_response_alg": "PS256",
        });
        clients.push(registration("resource", resource));
    })
    .await
}

#[tokio::test]
async fn a_signed_answer_says_the_same_and_for_whom() {
    let app = started().await;
    let portal = RelyingParty::new(&app, "portal");
    let scope = [("scope", OFFLINE)];
    let tokens = portal.tokens(&app.browser(), ANNA, &scope).await;
    for (id, alg) in [("portal", "RS256"), ("resource", "PS256")] {
        for token in [&tokens.access, tokens.refresh.as_ref().unwrap()] {
            let plain = ask(&app, id, token, "application/json").await;
            assert_eq!(plain.header("content-type"), Some("application/json"));
            let answer = ask(&app, id, token, JWT).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("content-type"), Some(JWT));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            let head = header(&answer.body);
            assert_eq!(head["typ"], "token-introspection+jwt");
            assert_eq!(head["alg"], alg);
            let said = verified(&app, &answer.body).await;
            let expected = json!({
                "iss": app.url, "aud": id, "iat": app.now().seconds(),
                "token_introspection": plain.json(),
            });
            // Nothing at the top that would make it look like a token (§8.1).
            assert_eq!(said, expected);
            assert_eq!(said["token_introspection"]["active"], true);
            // It is none of ours, wherever it is tried.
            assert_eq!(portal.userinfo(&answer.body).await.status, 401);
            let again = ask(&app, id, &answer.body, "*/*").await;
            assert_eq!(again.json(), json!({ "active": false }));
        }
    }
    app.end().await;
}

#[tokio::test]
async fn a_signed_answer_tells_nothing_of_what_is_not_to_be_told() {
    let app = started().await;
    let portal = RelyingParty::new(&app, "portal");
    let tokens = portal.tokens(&app.browser(), ANNA, &[]).await;
    let told = async |id: &str, token: &str| {
        let answer = ask(&app, id, token, JWT).await;
        verified(&app, &answer.body).await["token_introspection"].clone()
    };
    let nothing = json!({ "active": false });
    assert_eq!(told("other", &tokens.access).await, nothing);
    assert_eq!(told("portal", "no token").await, nothing);
    portal.revoke(&tokens.access).await;
    assert_eq!(told("portal", &tokens.access).await, nothing);
    // Errors stay what they are.
    let request = http::client()
        .post(app.at("/oauth/introspect"))
        .header("authorization", basic("portal", "wrong secret"))
        .header("accept", JWT)
        .form(&[("token", "x")]);
    Answer::of(request).await.refuses("invalid_client");
    app.end().await;
}

#[tokio::test]
async fn it_is_signed_for_who_asks_for_it() {
    let app = started().await;
    for (accept, signed) in [
        (JWT, true),
        ("Application/Token-Introspection+JWT", true),
        (
            "application/json, application/token-introspection+jwt;q=0.9",
            true,
        ),
        ("application/json", false),
        ("*/*", false),
        ("application/jwt", false),
        ("application/*", false),
    ] {
        let answer = ask(&app, "portal", "unknown", accept).await;
        let kind = if signed { JWT } else { "application/json" };
        assert_eq!(answer.header("content-type"), Some(kind), "{accept}");
    }
    let said: Value = metadata(&app).await;
    let algorithms = strings(&said["introspection_signing_alg_values_supported"]);
    assert_eq!(algorithms, ["RS256", "PS256", "ES256", "EdDSA"]);
    app.end().await;
}
