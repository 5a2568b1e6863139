//! Items 1–7 and 9: the metadata document and whether it tells the truth.

use fluent_templates::LanguageIdentifier;
use serde_json::Value;

use super::{document, metadata, sent_in_query, strings, verified};
use crate::levels::become_standard;
use crate::support::app::ANNA;
use crate::support::steps::signed_in;
use crate::support::{RelyingParty, TestApp};

const HTTPS: &str = "https://id.example.ru";

/// The application as it runs behind a proxy that speaks TLS.
async fn behind_tls() -> TestApp {
    TestApp::start_with(|config| config["issuer"] = HTTPS.into()).await
}

#[tokio::test]
async fn oidc_001_metadata_are_json_under_the_issuer() {
    let app = TestApp::start().await;
    let of_openid = document(&app, "/.well-known/openid-configuration").await;
    assert_eq!(of_openid.status, 200);
    assert_eq!(of_openid.header("content-type"), Some("application/json"));
    assert!(of_openid.json().is_object());
    // RFC 8414 §3: the same for clients that only know OAuth.
    let of_oauth = document(&app, "/.well-known/oauth-authorization-server").await;
    assert_eq!(of_oauth.json(), of_openid.json());
    app.end().await;
}

#[tokio::test]
async fn oidc_002_one_issuer_everywhere_byte_for_byte() {
    for (app, issuer) in [
        (TestApp::start().await, None),
        (behind_tls().await, Some(HTTPS)),
    ] {
        let issuer = issuer.unwrap_or(&app.url).to_owned();
        let portal = RelyingParty::new(&app, "portal");
        assert_eq!(metadata(&app).await["issuer"], *issuer);
        let page = portal.enter(&app.browser(), ANNA, &[]).await;
        let answer = sent_in_query(&page);
        assert_eq!(answer["iss"], issuer);
        let tokens = portal.redeem(&answer["code"]).await.json();
        for name in ["id_token", "access_token"] {
            let claims = verified(&app, tokens[name].as_str().unwrap()).await;
            assert_eq!(claims["iss"], *issuer, "{name}");
        }
        app.end().await;
    }
}

#[tokio::test]
async fn oidc_003_every_endpoint_is_https_and_under_the_issuer() {
    let app = behind_tls().await;
    let metadata = metadata(&app).await;
    let mut addresses = 0;
    for (name, value) in metadata.as_object().unwrap() {
        if name.ends_with("_endpoint") || name.ends_with("_uri") {
            let address = value.as_str().unwrap();
            assert!(
                address.starts_with("https://id.example.ru/"),
                "{name}: {address}"
            );
            addresses += 1;
        }
    }
    assert_eq!(addresses, 10, "{metadata:#}");
    app.end().await;
}

#[tokio::test]
async fn oidc_004_required_lists_are_there() {
    let app = TestApp::start().await;
    let metadata = metadata(&app).await;
    assert_eq!(
        strings(&metadata["response_types_supported"]),
        [
            "code",
            "id_token",
            "id_token token",
            "code id_token",
            "code token",
            "code id_token token"
        ]
    );
    assert_eq!(
        strings(&metadata["subject_types_supported"]),
        ["pairwise", "public"]
    );
    let algorithms = strings(&metadata["id_token_signing_alg_values_supported"]);
    assert!(algorithms.contains(&"RS256"), "{algorithms:?}");
    let scopes = strings(&metadata["scopes_supported"]);
    for scope in [
        "openid",
        "profile",
        "email",
        "phone",
        "address",
        "offline_access",
    ] {
        assert!(scopes.contains(&scope), "{scope}");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_005_grants_fit_the_response_types() {
    let app = TestApp::start().await;
    let metadata = metadata(&app).await;
    let grants = strings(&metadata["grant_types_supported"]);
    assert_eq!(
        grants,
        [
            "authorization_code",
            "refresh_token",
            "client_credentials",
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:openid:params:grant-type:ciba",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "implicit"
        ]
    );
    // The last one has no business at the token endpoint.
    let hybrid = RelyingParty::new(&app, "hybrid");
    let answer = hybrid.token(&[("grant_type", "implicit")]).await;
    answer.refuses("unsupported_grant_type");
    app.end().await;
}

#[tokio::test]
async fn oidc_006_what_is_said_of_parameters_is_true() {
    let app = TestApp::start().await;
    let metadata = metadata(&app).await;
    let claims = strings(&metadata["claims_supported"]);
    for claim in [
        "sub",
        "name",
        "email",
        "phone_number",
        "address",
        "auth_time",
        "acr",
    ] {
        assert!(claims.contains(&claim), "{claim}");
    }
    assert_eq!(metadata["claims_parameter_supported"], true);
    assert_eq!(metadata["request_parameter_supported"], true);
    assert_eq!(metadata["request_uri_parameter_supported"], true);
    assert_eq!(metadata["require_request_uri_registration"], true);
    let portal = RelyingParty::new(&app, "portal");
    for (name, value, error) in [
        (
            "request",
            "eyJhbGciOiJub25lIn0.e30.",
            "request_not_supported",
        ),
        (
            "request_uri",
            "https://portal.example/request",
            "invalid_request_uri",
        ),
    ] {
        let answer = app
            .browser()
            .get_once(&portal.authorize_url(&[(name, value)]))
            .await;
        assert_eq!(answer.sent("error").unwrap(), error);
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_006_every_claim_that_is_promised_can_be_had() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let scope = "openid profile email phone address snils assurance";
    let browser = signed_in(&app, ANNA).await;
    become_standard(&app, &browser, &[]).await;
    let tokens = portal.tokens(&browser, ANNA, &[("scope", scope)]).await;
    let (about, token) = (
        portal.userinfo(&tokens.access).await.json(),
        tokens.id_claims(),
    );
    for claim in strings(&metadata(&app).await["claims_supported"]) {
        let had = about.get(claim).or(token.get(claim));
        assert!(
            had.is_some(),
            "{claim} is promised, and a full account does not have it"
        );
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_007_members_are_registered_and_of_the_right_type() {
    const TEXTS: &[&str] = &[
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "introspection_endpoint",
        "revocation_endpoint",
        "end_session_endpoint",
        "check_session_iframe",
        "pushed_authorization_request_endpoint",
        "device_authorization_endpoint",
        "backchannel_authentication_endpoint",
    ];
    const FLAGS: &[&str] = &[
        "authorization_response_iss_parameter_supported",
        "claims_parameter_supported",
        "request_parameter_supported",
        "request_uri_parameter_supported",
        "require_request_uri_registration",
        "backchannel_user_code_parameter_supported",
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
        "frontchannel_logout_supported",
        "frontchannel_logout_session_supported",
        "verified_claims_supported",
    ];
    const LISTS: &[&str] = &[
        "scopes_supported",
        "claims_supported",
        "claim_types_supported",
        "response_types_supported",
        "response_modes_supported",
        "prompt_values_supported",
        "grant_types_supported",
        "subject_types_supported",
        "acr_values_supported",
        "id_token_signing_alg_values_supported",
        "userinfo_signing_alg_values_supported",
        "request_object_signing_alg_values_supported",
        "authorization_signing_alg_values_supported",
        "dpop_signing_alg_values_supported",
        "backchannel_token_delivery_modes_supported",
        "backchannel_authentication_request_signing_alg_values_supported",
        "token_endpoint_auth_methods_supported",
        "token_endpoint_auth_signing_alg_values_supported",
        "introspection_endpoint_auth_methods_supported",
        "introspection_endpoint_auth_signing_alg_values_supported",
        "introspection_signing_alg_values_supported",
        "id_token_encryption_alg_values_supported",
        "id_token_encryption_enc_values_supported",
        "userinfo_encryption_alg_values_supported",
        "userinfo_encryption_enc_values_supported",
        "request_object_encryption_alg_values_supported",
        "request_object_encryption_enc_values_supported",
        "revocation_endpoint_auth_methods_supported",
        "revocation_endpoint_auth_signing_alg_values_supported",
        "code_challenge_methods_supported",
        "ui_locales_supported",
        "trust_frameworks_supported",
        "claims_in_verified_claims_supported",
        "evidence_supported",
        "documents_supported",
        "documents_check_methods_supported",
        "electronic_records_supported",
    ];
    let app = TestApp::start().await;
    let metadata = metadata(&app).await;
    for (name, value) in metadata.as_object().unwrap() {
        let name = name.as_str();
        let fits = match value {
            Value::String(_) => TEXTS.contains(&name),
            Value::Bool(_) => FLAGS.contains(&name),
            Value::Array(list) => LISTS.contains(&name) && list.iter().all(Value::is_string),
            _ => false,
        };
        assert!(fits, "{name}: {value}");
        if name.ends_with("_alg_values_supported") {
            assert!(!strings(value).contains(&"none"), "{name}");
        }
    }
    for tag in strings(&metadata["ui_locales_supported"]) {
        assert!(
            tag.parse::<LanguageIdentifier>().is_ok(),
            "{tag} is no BCP 47 tag"
        );
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_009_logout_that_exists_is_listed_and_no_other() {
    let app = TestApp::start().await;
    let metadata = metadata(&app).await;
    assert_eq!(
        metadata["end_session_endpoint"],
        app.at("/oauth/end_session")
    );
    assert_eq!(metadata["backchannel_logout_supported"], true);
    assert_eq!(metadata["backchannel_logout_session_supported"], true);
    assert_eq!(metadata["frontchannel_logout_supported"], true);
    assert_eq!(metadata["frontchannel_logout_session_supported"], true);
    assert_eq!(
        metadata["check_session_iframe"],
        app.at("/oauth/check_session")
    );
    app.end().await;
}

/// What the documentation says is supported is what discovery says.
#[tokio::test]
async fn the_documentation_lists_what_discovery_does() {
    let app = TestApp::start().await;
    let metadata = metadata(&app).await;
    app.end().await;
    let mut table = String::from("| member | values |\n|---|---|\n");
    for (name, value) in metadata.as_object().unwrap() {
        let value = match value {
            Value::Array(values) => {
                let values = values
                    .iter()
                    .map(|value| format!("`{}`", value.as_str().unwrap()));
                values.collect::<Vec<_>>().join(", ")
            }
            Value::String(text) => match text.strip_prefix(&app_url(&metadata)) {
                Some(path) if !path.is_empty() => format!("`{path}`"),
                _ => continue,
            },
            other => format!("{other}"),
        };
        table.push_str(&format!("| `{name}` | {value} |\n"));
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/protocol.md");
    let written = std::fs::read_to_string(file).unwrap();
    assert!(
        written.contains(&table),
        "docs/protocol.md should hold:\n{table}"
    );
}

fn app_url(metadata: &Value) -> String {
    metadata["issuer"].as_str().unwrap().to_owned()
}
