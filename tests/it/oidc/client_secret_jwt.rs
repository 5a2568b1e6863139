//! Items 36 and 37 for `client_secret_jwt`, and attack row 33 for assertions:
//! a key is no secret and a secret no key.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::{http, metadata, strings};
use crate::support::app::ANNA;
use crate::support::client_key::KEYED;
use crate::support::relying_party::{ASSERTION_TYPE, Answer, registration};
use crate::support::{RelyingParty, TestApp};

const SECRET: &str = "0123456789 a secret of the client 0123456789";
const METHOD: &str = "client_secret_jwt";

fn signed(claims: &Value, secret: &[u8], alg: Algorithm) -> String {
    jsonwebtoken::encode(&Header::new(alg), claims, &EncodingKey::from_secret(secret)).unwrap()
}

fn registered(id: &str, secret: &str) -> Value {
    registration(
        id,
        json!({ "token_endpoint_auth_method": METHOD, "client_secret": secret }),
    )
}

async fn started() -> TestApp {
    TestApp::start_with(|config| {
        let clients = config["clients"].as_array_mut().unwrap();
        clients.push(registered("signing", SECRET));
    })
    .await
}

/// Sends an assertion with a grant that cannot succeed: `invalid_grant` means
/// that the client is believed.
async fn send(app: &TestApp, path: &str, assertion: &str) -> Answer {
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", "unknown"),
        ("token", "unknown"),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion),
    ];
    Answer::of(http::client().post(app.at(path)).form(&fields)).await
}

async fn token(app: &TestApp, assertion: &str) -> Answer {
    send(app, "/oauth/token", assertion).await
}

#[tokio::test]
async fn oidc_036_a_secret_signs_an_assertion() {
    let app = started().await;
    let said = metadata(&app).await;
    assert!(strings(&said["token_endpoint_auth_methods_supported"]).contains(&METHOD));
    for endpoint in ["token", "introspection", "revocation"] {
        let list = &said[format!("{endpoint}_endpoint_auth_signing_alg_values_supported")];
        assert!(strings(list).contains(&"HS256"), "{endpoint}");
    }
    let portal = RelyingParty::new(&app, "signing");
    let code = portal.code(&app.browser(), ANNA, &[]).await;
    let assertion = signed(
        &portal.assertion(&app.url),
        SECRET.as_bytes(),
        Algorithm::HS256,
    );
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &portal.redirect_uri),
        ("code_verifier", crate::support::relying_party::VERIFIER),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", &assertion),
    ];
    let answer = Answer::of(http::client().post(app.at("/oauth/token")).form(&fields)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    for path in ["/oauth/introspect", "/oauth/revoke"] {
        let claims = portal.assertion(&app.at("/oauth/token"));
        let assertion = signed(&claims, SECRET.as_bytes(), Algorithm::HS256);
        assert_eq!(send(&app, path, &assertion).await.status, 200, "{path}");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_037_a_signed_secret_is_ours_new_and_used_once() {
    let app = started().await;
    let portal = RelyingParty::new(&app, "signing");
    let sign = |claims: &Value| signed(claims, SECRET.as_bytes(), Algorithm::HS256);
    let assertion = sign(&portal.assertion(&app.url));
    token(&app, &assertion).await.refuses("invalid_grant");
    token(&app, &assertion).await.refuses("invalid_client");
    let now = app.now().seconds();
    for (name, value) in [
        ("iss", json!("portal")),
        ("sub", json!("portal")),
        ("aud", json!("https://elsewhere.example")),
        ("aud", json!([app.url, "https://elsewhere.example"])),
        ("aud", json!("https://elsewhere.example/oauth/token")),
        ("aud", json!([])),
        ("aud", Value::Null),
        ("exp", json!(now - 60)),
        ("exp", json!(now + 86_400)),
        ("exp", Value::Null),
        ("jti", Value::Null),
        ("nbf", json!(now + 120)),
    ] {
        let mut claims = portal.assertion(&app.url);
        match value.is_null() {
            true => drop(claims.as_object_mut().unwrap().remove(name)),
            false => claims[name] = value,
        }
        token(&app, &sign(&claims)).await.refuses("invalid_client");
    }
    app.end().await;
}

#[tokio::test]
async fn attack_33_a_key_is_no_secret_and_a_secret_no_key() {
    let app = started().await;
    let (keyed, signing) = (
        RelyingParty::new(&app, "keyed"),
        RelyingParty::new(&app, "signing"),
    );
    // A client with keys: its public key as a secret, in every form.
    let jwks = KEYED.jwks();
    let secrets = [
        jwks.to_string(),
        jwks["keys"][0].to_string(),
        jwks["keys"][0]["x"].as_str().unwrap().to_owned(),
        String::new(),
        SECRET.to_owned(),
    ];
    for secret in secrets {
        let claims = keyed.assertion(&app.url);
        let forged = signed(&claims, secret.as_bytes(), Algorithm::HS256);
        token(&app, &forged).await.refuses("invalid_client");
    }
    // A client with a secret: a key that somebody made, named or brought along.
    token(&app, &KEYED.sign(&signing.assertion(&app.url)))
        .await
        .refuses("invalid_client");
    // The wrong secret, a part of it, its digest as it is stored, other hashes.
    let digest = propusk::model::secret::Secret::new(SECRET).digest();
    for (secret, alg) in [
        ("another secret of 32 characters or more", Algorithm::HS256),
        (&SECRET[..32], Algorithm::HS256),
        ("", Algorithm::HS256),
        (digest.as_str(), Algorithm::HS256),
        (SECRET, Algorithm::HS384),
        (SECRET, Algorithm::HS512),
    ] {
        let forged = signed(&signing.assertion(&app.url), secret.as_bytes(), alg);
        token(&app, &forged).await.refuses("invalid_client");
    }
    // The right signature under a header that says something else.
    let good = signed(
        &signing.assertion(&app.url),
        SECRET.as_bytes(),
        Algorithm::HS256,
    );
    let (_, rest) = good.split_once('.').unwrap();
    for alg in ["none", "ES256", "RS256", "hs256", "HS512"] {
        use base64::Engine as _;
        let header = json!({ "alg": alg, "typ": "JWT" }).to_string();
        let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(header);
        token(&app, &format!("{header}.{rest}"))
            .await
            .refuses("invalid_client");
    }
    token(&app, &good).await.refuses("invalid_grant");
    // Nor does the secret do in any other way.
    let mut other = RelyingParty::new(&app, "signing");
    other.secret = Some(SECRET.to_owned());
    other.refresh("unknown").await.refuses("invalid_client");
    app.end().await;
}

#[tokio::test]
async fn oidc_036_the_registered_algorithm_is_the_only_one() {
    let app = TestApp::start_with(|config| {
        let keyed = |id: &str, alg: &str| {
            registration(
                id,
                json!({
                    "token_endpoint_auth_method": "private_key_jwt", "client_secret": null,
                    "jwks": KEYED.jwks(), "token_endpoint_auth_signing_alg": alg,
                }),
            )
        };
        let clients = config["clients"].as_array_mut().unwrap();
        clients.extend([keyed("fitting", "ES256"), keyed("unfitting", "PS256")]);
        let mut hs256 = registered("hs256", SECRET);
        hs256["token_endpoint_auth_signing_alg"] = json!("HS256");
        clients.push(hs256);
    })
    .await;
    for (id, code) in [
        ("fitting", "invalid_grant"),
        ("unfitting", "invalid_client"),
    ] {
        let claims = RelyingParty::new(&app, id).assertion(&app.url);
        token(&app, &KEYED.sign(&claims)).await.refuses(code);
    }
    let claims = RelyingParty::new(&app, "hs256").assertion(&app.url);
    let assertion = signed(&claims, SECRET.as_bytes(), Algorithm::HS256);
    token(&app, &assertion).await.refuses("invalid_grant");
    app.end().await;
}

#[tokio::test]
async fn oidc_036_a_kept_secret_lies_sealed_and_is_no_change_at_each_start() {
    let app = started().await;
    let contents = app.database.contents().await;
    for (table, lines) in &contents {
        let open = lines.iter().find(|line| line.contains(SECRET));
        assert_eq!(open, None, "the secret lies open in {table}");
    }
    let line = |contents: &std::collections::BTreeMap<String, Vec<String>>| {
        let found = contents["clients"]
            .iter()
            .find(|line| line.contains("signing"));
        found.unwrap().clone()
    };
    let before = line(&contents);
    assert!(before.contains("client_secret_sealed"), "{before}");
    let another = app.another_node().await;
    assert_eq!(line(&app.database.contents().await), before);
    // The other node opens what this one sealed.
    let claims = RelyingParty::new(&app, "signing").assertion(&app.url);
    let assertion = signed(&claims, SECRET.as_bytes(), Algorithm::HS256);
    token(&another, &assertion).await.refuses("invalid_grant");
    another.stop().await;
    app.end().await;
}

#[test]
fn a_registration_that_cannot_sign_is_refused() {
    use propusk::model::client::Client;
    use propusk::protocol::registration::prepare;
    let key = json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks": KEYED.jwks() });
    let with = |client: &Value, name: &str, value: Value| {
        let mut client = client.clone();
        client[name] = value;
        client
    };
    let usual = json!({ "token_endpoint_auth_method": METHOD, "client_secret": SECRET });
    for (more, field) in [
        (
            with(
                &usual,
                "client_secret",
                json!("31 characters are one too few.."),
            ),
            "client_secret",
        ),
        (with(&usual, "client_secret", json!(null)), "client_secret"),
        (
            with(&usual, "token_endpoint_auth_signing_alg", json!("ES256")),
            "token_endpoint_auth_signing_alg",
        ),
        (
            with(&key, "token_endpoint_auth_signing_alg", json!("HS256")),
            "token_endpoint_auth_signing_alg",
        ),
        (
            json!({ "token_endpoint_auth_signing_alg": "HS256" }),
            "token_endpoint_auth_signing_alg",
        ),
        (
            json!({ "token_endpoint_auth_method": "tls_client_auth" }),
            "token_endpoint_auth_method",
        ),
        (
            json!({
                "token_endpoint_auth_method": "tls_client_auth",
                "tls_client_auth_san_dns": "a.example", "tls_client_auth_san_ip": "192.0.2.1",
            }),
            "token_endpoint_auth_method",
        ),
        (
            json!({ "token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "portal" }),
            "tls_client_auth_subject_dn",
        ),
        (
            json!({ "token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_ip": "a.example" }),
            "tls_client_auth_san_ip",
        ),
        (
            json!({ "token_endpoint_auth_method": "self_signed_tls_client_auth" }),
            "jwks",
        ),
        (
            json!({ "frontchannel_logout_uri": "https://elsewhere.example/out" }),
            "frontchannel_logout_uri",
        ),
        (
            json!({ "frontchannel_logout_uri": "https://x.example:8443/out" }),
            "frontchannel_logout_uri",
        ),
        (
            json!({ "frontchannel_logout_uri": "https://x.example/out#a" }),
            "frontchannel_logout_uri",
        ),
    ] {
        let client: Client = serde_json::from_value(registration("x", more.clone())).unwrap();
        let faults = prepare(client).expect_err(&more.to_string());
        assert!(
            faults.iter().any(|fault| fault.field == field),
            "{more}: {faults:?}"
        );
    }
    let unknown = registration("x", json!({ "token_endpoint_auth_signing_alg": "none" }));
    let told = serde_json::from_value::<Client>(unknown)
        .unwrap_err()
        .to_string();
    assert!(told.contains("none is unknown"), "{told}");
}
