//! Items 10, 97–105, 111: clients under the FAPI 2.0 Security Profile and
//! Message Signing.

use serde_json::{Value, json};

use super::{sent_in_query, verified};
use crate::support::app::ANNA;
use crate::support::client_key::KEYED;
use crate::support::dpop::ProofKey;
use crate::support::http;
use crate::support::relying_party::{ASSERTION_TYPE, Answer, registration};
use crate::support::{RelyingParty, TestApp, Tokens};

const TOKEN: &str = "/oauth/token";

fn members(profile: &str) -> Value {
    json!({
        "token_endpoint_auth_method": "private_key_jwt", "client_secret": null,
        "jwks": KEYED.jwks(), "security_profile": profile,
        "id_token_signed_response_alg": "ES256", "authorization_signed_response_alg": "ES256",
        "introspection_signed_response_alg": "ES256",
    })
}

/// The application with the client `keyed` under a profile.
async fn start(profile: &str) -> (TestApp, RelyingParty) {
    let members = members(profile);
    let app = TestApp::start_with(|config| {
        let clients = config["clients"].as_array_mut().unwrap();
        clients.retain(|client| client["client_id"] != "keyed");
        clients.push(registration("keyed", members));
    })
    .await;
    let bank = RelyingParty::new(&app, "keyed");
    (app, bank)
}

fn proving(bank: &RelyingParty, key: &ProofKey) -> RelyingParty {
    let mut proving = bank.clone();
    proving.headers = vec![("dpop", key.proof("POST", TOKEN, None))];
    proving
}

async fn code(app: &TestApp, bank: &RelyingParty, changes: &[(&str, &str)]) -> String {
    let browser = app.browser();
    let page = browser.get(&bank.pushed_url(changes).await).await;
    let page = bank.go_on(&browser, page, ANNA).await;
    page.sent("code").expect("a code")
}

#[tokio::test]
async fn oidc_097_to_099_a_request_is_pushed_for_a_code_with_pkce() {
    let (app, bank) = start("fapi2_security").await;
    let page = bank.enter(&app.browser(), ANNA, &[]).await;
    assert_eq!(sent_in_query(&page)["error"], "invalid_request");
    for kind in ["code id_token", "id_token", "code token"] {
        let answer = bank.push(&[("response_type", kind)]).await;
        answer.refuses_as(kind, "unauthorized_client");
    }
    for (name, value) in [
        ("code_challenge", ""),
        ("code_challenge_method", "plain"),
        ("redirect_uri", ""),
    ] {
        bank.push(&[(name, value)])
            .await
            .refuses_as(name, "invalid_request");
    }
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    bank.push(&without).await.refuses("invalid_request");
    // Item 102 and 103: long values come back whole, and none is needed.
    let long = "n".repeat(64);
    let state = "s".repeat(1_000);
    let url = bank
        .pushed_url(&[("nonce", &long), ("state", &state)])
        .await;
    let browser = app.browser();
    let page = browser.get(&url).await;
    let page = bank.go_on(&browser, page, ANNA).await;
    assert_eq!(sent_in_query(&page)["state"], state);
    let url = bank.pushed_url(&[("nonce", ""), ("state", "")]).await;
    assert!(browser.get(&url).await.sent("code").is_some());
    app.end().await;
}

#[tokio::test]
async fn oidc_101_a_code_is_good_for_a_minute_and_once() {
    let (app, bank) = start("fapi2_security").await;
    let key = ProofKey::generate(&app);
    let late = code(&app, &bank, &[]).await;
    let first = code(&app, &bank, &[]).await;
    let tokens = proving(&bank, &key).redeem(&first).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    proving(&bank, &key)
        .redeem(&first)
        .await
        .refuses("invalid_grant");
    app.advance(62).await;
    let key = ProofKey::generate(&app);
    proving(&bank, &key)
        .redeem(&late)
        .await
        .refuses("invalid_grant");
    app.end().await;
}

#[tokio::test]
async fn oidc_104_an_assertion_is_for_the_issuer_and_nobody_else() {
    let (app, bank) = start("fapi2_security").await;
    let push = |assertion: String| {
        let (app, bank) = (&app, &bank);
        async move {
            let fields = [
                ("client_assertion_type", ASSERTION_TYPE),
                ("client_assertion", assertion.as_str()),
                ("response_type", "code"),
                ("redirect_uri", bank.redirect_uri.as_str()),
                ("scope", "openid"),
                ("code_challenge", crate::support::relying_party::CHALLENGE),
                ("code_challenge_method", "S256"),
            ];
            Answer::of(http::client().post(app.at("/oauth/par")).form(&fields)).await
        }
    };
    for aud in [
        json!([app.url]),
        json!([app.url, "https://other.example"]),
        json!(app.at("/oauth/par")),
        json!(app.at(TOKEN)),
        json!("https://other.example"),
    ] {
        let mut claims = bank.assertion(&app.url);
        claims["aud"] = aud.clone();
        push(KEYED.sign(&claims))
            .await
            .refuses_as(&aud.to_string(), "invalid_client");
    }
    let now = app.now().seconds();
    for (what, name, value) in [
        ("no sub", "sub", Value::Null),
        ("long expired", "exp", json!(now - 300)),
        ("far ahead", "iat", json!(now + 61)),
        ("not yet", "nbf", json!(now + 61)),
    ] {
        let mut claims = bank.assertion(&app.url);
        claims[name] = value;
        if claims[name].is_null() {
            claims.as_object_mut().unwrap().remove(name);
        }
        push(KEYED.sign(&claims))
            .await
            .refuses_as(what, "invalid_client");
    }
    let mut close = bank.assertion(&app.url);
    close["nbf"] = json!(now + 8);
    close["iat"] = json!(now + 8);
    assert_eq!(push(KEYED.sign(&close)).await.status, 201);
    app.end().await;
}

#[tokio::test]
async fn oidc_111_refresh_tokens_are_bound_and_do_not_change() {
    let (app, bank) = start("fapi2_security").await;
    let key = ProofKey::generate(&app);
    let scope = [("scope", "openid offline_access")];
    let code = code(&app, &bank, &scope).await;
    // A token for whoever holds it is not given.
    bank.redeem(&code).await.refuses("invalid_dpop_proof");
    let answer = proving(&bank, &key).redeem(&code).await;
    let first = Tokens::of(&answer.json()).refresh.unwrap();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", &first)];
    let form = http::client().post(app.at(TOKEN)).form(&fields);
    Answer::of(form).await.refuses("invalid_client");
    bank.refresh(&first).await.refuses("invalid_dpop_proof");
    // It stays the same, and may be used again.
    for seconds in [0, 30] {
        app.advance(seconds).await;
        let next = proving(&bank, &key).refreshed(&first).await;
        assert_eq!(next.refresh, None);
        assert_eq!(next.all["token_type"], "DPoP");
    }
    // Until it is revoked.
    bank.revoke(&first).await;
    proving(&bank, &key)
        .refresh(&first)
        .await
        .refuses("invalid_grant");
    app.end().await;
}

#[tokio::test]
async fn oidc_107_and_108_messages_are_signed_both_ways() {
    let (app, bank) = start("fapi2_message_signing").await;
    bank.push(&[]).await.refuses("invalid_request");
    let unsigned = KEYED.sign(&bank.request_object(json!({})));
    let push = |object: String| {
        let bank = &bank;
        async move { bank.call("/oauth/par", &[("request", &object)]).await }
    };
    push(unsigned).await.refuses("invalid_request");
    for mode in ["query", "fragment", "form_post"] {
        let object = bank.request_object(json!({ "response_mode": mode }));
        push(KEYED.sign(&object))
            .await
            .refuses_as(mode, "invalid_request");
    }
    let object = bank.request_object(json!({ "response_mode": "jwt" }));
    let pushed = push(KEYED.sign(&object)).await;
    let url = bank.url_of(pushed.json()["request_uri"].as_str().unwrap());
    let browser = app.browser();
    let page = browser.get(&url).await;
    let page = bank.go_on(&browser, page, ANNA).await;
    let sent = sent_in_query(&page);
    assert_eq!(sent.keys().collect::<Vec<_>>(), ["response"]);
    let answer = verified(&app, &sent["response"]).await;
    let key = ProofKey::generate(&app);
    let tokens = proving(&bank, &key)
        .redeem(answer["code"].as_str().unwrap())
        .await;
    assert_eq!(tokens.json()["token_type"], "DPoP", "{}", tokens.body);
    // Whatever is wrong is told signed, too.
    let page = bank.enter(&browser, ANNA, &[]).await;
    let sent = sent_in_query(&page);
    let refusal = verified(&app, &sent["response"]).await;
    assert_eq!(refusal["error"], "invalid_request");
    app.end().await;
}

#[test]
fn oidc_010_a_registration_that_breaks_the_profile_says_what_to_mend() {
    let faults = |changes: Value| {
        let mut all = members("fapi2_security");
        for (name, value) in changes.as_object().unwrap() {
            all[name] = value.clone();
        }
        let client: propusk::model::client::Client =
            serde_json::from_value(registration("bank", all)).unwrap();
        let fields = client.faults().into_iter().map(|fault| fault.field);
        fields.collect::<Vec<_>>()
    };
    assert!(faults(json!({})).is_empty());
    for (field, changes) in [
        (
            "token_endpoint_auth_method",
            json!({ "token_endpoint_auth_method": "client_secret_basic",
                    "client_secret_digest": "x", "jwks": null }),
        ),
        (
            "id_token_signed_response_alg",
            json!({ "id_token_signed_response_alg": "RS256" }),
        ),
        (
            "userinfo_signed_response_alg",
            json!({ "userinfo_signed_response_alg": "RS256" }),
        ),
        (
            "request_object_signing_alg",
            json!({ "request_object_signing_alg": "RS256" }),
        ),
        (
            "redirect_uris",
            json!({ "redirect_uris": ["http://127.0.0.1/cb"] }),
        ),
        (
            "redirect_uris",
            json!({ "redirect_uris": ["com.example.app:/cb"], "application_type": "native" }),
        ),
        (
            "introspection_signed_response_alg",
            json!({ "introspection_signed_response_alg": "RS256" }),
        ),
        (
            "token_endpoint_auth_signing_alg",
            json!({ "token_endpoint_auth_signing_alg": "RS256" }),
        ),
        (
            "grant_types",
            json!({ "grant_types": [
                "authorization_code", "refresh_token",
                "urn:ietf:params:oauth:grant-type:device_code",
            ] }),
        ),
        (
            "response_types",
            json!({ "response_types": ["code", "code id_token"],
                    "grant_types": ["authorization_code", "refresh_token", "implicit"] }),
        ),
    ] {
        assert_eq!(faults(changes), [field]);
    }
}
