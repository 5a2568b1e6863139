//! Item 143: the configuration of the transmitter.

use serde_json::{Value, json};

use super::{POLL, PUSH, http, start, start_with};
use crate::support::relying_party::Answer;

#[tokio::test]
async fn oidc_143_the_transmitter_says_what_it_does() {
    let app = start().await;
    let address = app.at("/.well-known/ssf-configuration");
    let answer = Answer::of(http::client().get(address)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let said = answer.json();
    assert_eq!(said["issuer"], app.url);
    assert_eq!(said["jwks_uri"], app.at("/oauth/jwks"));
    assert_eq!(said["spec_version"], "1_0");
    assert_eq!(said["delivery_methods_supported"], json!([PUSH, POLL]));
    let schemes = json!([{ "spec_urn": "urn:ietf:rfc:6749" }]);
    assert_eq!(said["authorization_schemes"], schemes);
    assert_eq!(said["default_subjects"], "ALL");
    assert_eq!(said.get("mtls_endpoint_aliases"), None);
    // Every endpoint is there: without a token it asks for one.
    for (member, method) in [
        ("configuration_endpoint", "POST"),
        ("status_endpoint", "GET"),
        ("verification_endpoint", "POST"),
        ("add_subject_endpoint", "POST"),
        ("remove_subject_endpoint", "POST"),
    ] {
        let address = said[member].as_str().unwrap();
        assert!(address.starts_with(&app.url), "{member}: {address}");
        let method = method.parse().unwrap();
        let answer = Answer::of(http::client().request(method, address)).await;
        assert_eq!(answer.status, 401, "{member}");
        let challenge = answer.header("www-authenticate").unwrap();
        assert_eq!(challenge, "Bearer realm=\"propusk\"", "{member}");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_143_addresses_are_those_of_the_issuer_and_of_certificates() {
    let app = start_with(|config| {
        config["issuer"] = json!("https://id.example.ru");
        config["trusted_proxies"] = json!(["127.0.0.1/32"]);
        config["mtls"] =
            json!({ "url": "https://mtls.example.ru", "certificate_header": "x-cert" });
    })
    .await;
    let address = app.at("/.well-known/ssf-configuration");
    let said: Value = Answer::of(http::client().get(address)).await.json();
    assert_eq!(said["status_endpoint"], "https://id.example.ru/ssf/status");
    let aliases = said["mtls_endpoint_aliases"].as_object().unwrap();
    assert_eq!(aliases.len(), 5);
    assert_eq!(
        aliases["status_endpoint"],
        "https://mtls.example.ru/ssf/status"
    );
    app.end().await;
}
