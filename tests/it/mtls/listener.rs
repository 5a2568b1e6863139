//! Items 10, 121 to 126: the listener that asks for certificates, and what is
//! said of it.

use propusk::protocol::mutual_tls::ENDPOINTS;
use serde_json::{Value, json};

use super::certificates::{Identity, Kind, usual};
use super::{Mutual, named};
use crate::support::app::ANNA;
use crate::support::client_key::KEYED;
use crate::support::http;
use crate::support::relying_party::{ASSERTION_TYPE, Answer};
use crate::support::{RelyingParty, TestApp};

async fn metadata(app: &TestApp) -> Value {
    let http = http::client();
    Answer::of(http.get(app.at("/.well-known/openid-configuration")))
        .await
        .json()
}

fn methods(metadata: &Value) -> Vec<&str> {
    let methods = metadata["token_endpoint_auth_methods_supported"]
        .as_array()
        .unwrap();
    methods
        .iter()
        .map(|method| method.as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn oidc_010_what_is_said_of_certificates_is_true() {
    let mutual = Mutual::start(vec![]).await;
    let said = metadata(&mutual.app).await;
    let aliases = said["mtls_endpoint_aliases"].as_object().unwrap();
    assert_eq!(aliases.len(), ENDPOINTS.len());
    let http = mutual.showing(None).build().unwrap();
    for (member, address) in aliases {
        // RFC 8705 §5: each is the alias of an endpoint there is.
        let usual = said[member].as_str().unwrap();
        let path = usual.strip_prefix(&mutual.app.url).unwrap();
        assert_eq!(*address, format!("{}{path}", mutual.url));
        let answer = Answer::of(http.post(address.as_str().unwrap()).form(&[("token", "x")])).await;
        assert_eq!(answer.status, 401, "{member}: {}", answer.body);
    }
    for method in ["tls_client_auth", "self_signed_tls_client_auth"] {
        assert!(methods(&said).contains(&method), "{method}");
    }
    mutual.end().await;
    // Where nobody can show a certificate nothing of it is said,
    let app = TestApp::start().await;
    let said = metadata(&app).await;
    assert_eq!(said.get("mtls_endpoint_aliases"), None);
    assert!(!methods(&said).iter().any(|method| method.contains("tls")));
    app.end().await;
    // and of authorities only where there are any.
    let mutual = Mutual::start_with(vec![], |config| config["mtls"]["ca_file"] = Value::Null).await;
    let said = metadata(&mutual.app).await;
    assert!(!methods(&said).contains(&"tls_client_auth"));
    assert!(methods(&said).contains(&"self_signed_tls_client_auth"));
    mutual.end().await;
}

#[tokio::test]
async fn oidc_124_tls_12_is_not_spoken_with_certificates() {
    let client = named(
        "subject",
        "tls_client_auth_subject_dn",
        "CN=subject,O=Region 34,C=RU",
    );
    let mutual = Mutual::start(vec![client]).await;
    let identity = mutual.authority.sign(usual("subject"), Kind::P256.key());
    Mutual::believed(&mutual.token("subject", Some(&identity)).await);
    let old = mutual
        .showing(Some(&identity))
        .tls_version_max(reqwest::tls::Version::TLS_1_2)
        .build()
        .unwrap();
    let refused = old.post(format!("{}/oauth/token", mutual.url)).send().await;
    let told = format!("{:?}", refused.unwrap_err());
    // A clean alert, not a connection that breaks off.
    assert!(told.contains("ProtocolVersion"), "{told}");
    mutual.end().await;
}

#[tokio::test]
async fn the_listener_shows_no_pages_and_reaches_every_connection() {
    let mutual = Mutual::start(vec![]).await;
    let identity = Identity::self_signed(usual("anybody"), Kind::P256.key());
    for http in [mutual.showing(None), mutual.showing(Some(&identity))] {
        let http = http.build().unwrap();
        for path in [
            "/",
            "/sign-in",
            "/account",
            "/oauth/authorize",
            "/oauth/end_session",
            "/static/propusk.css",
            "/health/ready",
        ] {
            let answer = http
                .get(format!("{}{path}", mutual.url))
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 404, "{path}");
            assert!(answer.headers().get("set-cookie").is_none(), "{path}");
        }
    }
    mutual.end().await;
}

/// Other clients come there too, with or without a certificate: to bind their
/// tokens, or because the alias is all they know.
#[tokio::test]
async fn every_other_way_to_authenticate_works_there() {
    let mutual = Mutual::start(vec![]).await;
    let identity = Identity::self_signed(usual("anybody"), Kind::Rsa.key());
    for id in ["portal", "post", "public"] {
        let browser = mutual.app.browser();
        let mut portal = RelyingParty::new(&mutual.app, id);
        for shown in [None, Some(&identity)] {
            let code = portal.code(&browser, ANNA, &[]).await;
            portal.use_http(mutual.showing(shown).build().unwrap());
            let issuer = std::mem::replace(&mut portal.app_url, mutual.url.clone());
            let answer = portal.redeem(&code).await;
            let token = Mutual::believed(&answer);
            assert_eq!(portal.userinfo(&token).await.status, 200, "{id}");
            portal.app_url = issuer;
        }
    }
    mutual.end().await;
}

#[tokio::test]
async fn attack_34_an_assertion_names_the_issuer_or_a_token_endpoint() {
    let mutual = Mutual::start(vec![]).await;
    let keyed = RelyingParty::new(&mutual.app, "keyed");
    let identity = Identity::self_signed(usual("anybody"), Kind::P256.key());
    let http = mutual.showing(Some(&identity)).build().unwrap();
    let at = |path: &str| format!("{}{path}", mutual.url);
    let alias = at("/oauth/token");
    let issuer = &mutual.app.url;
    let elsewhere = "https://elsewhere.example/oauth/token";
    for (audience, code) in [
        (json!(issuer), "invalid_grant"),
        (json!(mutual.app.at("/oauth/token")), "invalid_grant"),
        (json!(alias), "invalid_grant"),
        (json!([issuer, alias]), "invalid_grant"),
        (json!(mutual.url), "invalid_client"),
        (json!(format!("{alias}/")), "invalid_client"),
        (json!(elsewhere), "invalid_client"),
        (json!([alias, elsewhere]), "invalid_client"),
        (json!([]), "invalid_client"),
    ] {
        let mut assertion = keyed.assertion("");
        assertion["aud"] = audience;
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", "unknown"),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", &KEYED.sign(&assertion)),
        ];
        // Seen at one listener, it is spent at the other.
        let answer = Answer::of(http.post(&alias).form(&fields)).await;
        answer.refuses(code);
        let again = Answer::of(http.post(mutual.app.at("/oauth/token")).form(&fields)).await;
        again.refuses("invalid_client");
    }
    mutual.end().await;
}
