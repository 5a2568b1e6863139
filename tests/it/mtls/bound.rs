//! Items 120, 123 and 136: tokens that are worth nothing without the
//! certificate they were issued to (RFC 8705 §3).

use serde_json::{Value, json};

use super::certificates::{Identity, Kind, usual};
use super::{Mutual, program};
use crate::support::RelyingParty;
use crate::support::app::ANNA;
use crate::support::http;
use crate::support::relying_party::{Answer, CHALLENGE, VERIFIER, claims, registration};

const BOUND: &str = "tls_client_certificate_bound_access_tokens";

fn own(id: &str, more: Value) -> (Identity, Value) {
    let identity = Identity::self_signed(usual(id), Kind::P256.key());
    let mut client = json!({
        "token_endpoint_auth_method": "self_signed_tls_client_auth",
        "client_secret": null, "jwks": identity.with_x5c(), BOUND: true,
    });
    for (name, value) in more.as_object().unwrap() {
        client[name] = value.clone();
    }
    (identity, client)
}

async fn post(
    mutual: &Mutual,
    identity: Option<&Identity>,
    path: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let http = mutual.showing(identity).build().unwrap();
    Answer::of(http.post(format!("{}{path}", mutual.url)).form(fields)).await
}

async fn userinfo(mutual: &Mutual, identity: Option<&Identity>, token: &str) -> Answer {
    let http = mutual.showing(identity).build().unwrap();
    let address = format!("{}/oauth/userinfo", mutual.url);
    Answer::of(http.get(address).bearer_auth(token)).await
}

#[tokio::test]
async fn oidc_123_a_token_works_with_its_certificate_only() {
    let (identity, members) = own("bank", json!({}));
    let client = registration("bank", members);
    let mutual = Mutual::start(vec![client]).await;
    let app = &mutual.app;
    let bank = RelyingParty::new(app, "bank");
    let scope = ("scope", "openid profile offline_access");
    let code = bank.code(&app.browser(), ANNA, &[scope]).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", "bank"),
        ("code", code.as_str()),
        ("redirect_uri", bank.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
    ];
    let token = "/oauth/token";
    post(&mutual, None, token, &fields)
        .await
        .refuses("invalid_client");
    let answer = post(&mutual, Some(&identity), token, &fields).await;
    let access = Mutual::believed(&answer);
    assert_eq!(answer.json()["token_type"], "Bearer");
    let bound = &claims(&access)["cnf"]["x5t#S256"];
    assert_eq!(*bound, json!(identity.thumbprint()));
    assert_eq!(
        userinfo(&mutual, Some(&identity), &access).await.status,
        200
    );
    let another = Identity::self_signed(usual("bank"), Kind::P256.key());
    for stranger in [None, Some(&another)] {
        let answer = userinfo(&mutual, stranger, &access).await;
        assert_eq!(answer.status, 401, "{}", answer.body);
        assert!(answer.header("www-authenticate").is_some());
    }
    // Nor at the address where nobody shows certificates.
    assert_eq!(bank.userinfo(&access).await.status, 401);
    // A refresh token as well.
    let refresh = answer.json()["refresh_token"].as_str().unwrap().to_owned();
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", "bank"),
        ("refresh_token", refresh.as_str()),
    ];
    let answer = post(&mutual, Some(&another), token, &fields).await;
    answer.refuses("invalid_client");
    let next = post(&mutual, Some(&identity), token, &fields).await;
    let access = Mutual::believed(&next);
    assert_eq!(
        userinfo(&mutual, Some(&identity), &access).await.status,
        200
    );
    mutual.end().await;
}

#[tokio::test]
async fn oidc_123_a_client_whose_tokens_are_bound_gets_none_without_a_certificate() {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", "machine-b"),
        ("client_secret", "a long enough secret of machine-b"),
    ];
    let post_method = json!({
        "token_endpoint_auth_method": "client_secret_post",
        "client_secret": "a long enough secret of machine-b", BOUND: true,
    });
    let mutual = Mutual::start(vec![program("machine-b", post_method)]).await;
    let answer = post(&mutual, None, "/oauth/token", &fields).await;
    answer.refuses("invalid_grant");
    let any = Identity::self_signed(usual("any"), Kind::Rsa.key());
    let answer = post(&mutual, Some(&any), "/oauth/token", &fields).await;
    let bound = claims(&Mutual::believed(&answer))["cnf"].clone();
    assert_eq!(bound, json!({ "x5t#S256": any.thumbprint() }));
    mutual.end().await;
}

#[tokio::test]
async fn oidc_144_a_stream_of_signals_opens_with_the_certificate_only() {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", "machine-c"),
        ("client_secret", "a long enough secret of machine-c"),
        ("scope", "ssf.manage"),
    ];
    let members = json!({
        "token_endpoint_auth_method": "client_secret_post", "scope": "ssf.manage",
        "client_secret": "a long enough secret of machine-c", BOUND: true,
    });
    let mutual = Mutual::start(vec![program("machine-c", members)]).await;
    let own = Identity::self_signed(usual("own"), Kind::P256.key());
    let answer = post(&mutual, Some(&own), "/oauth/token", &fields).await;
    let access = Mutual::believed(&answer);
    let another = Identity::self_signed(usual("another"), Kind::P256.key());
    for (identity, status) in [(None, 401), (Some(&another), 401), (Some(&own), 200)] {
        let http = mutual.showing(identity).build().unwrap();
        let address = format!("{}/ssf/stream", mutual.url);
        let answer = Answer::of(http.get(address).bearer_auth(&access)).await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    mutual.end().await;
}

#[tokio::test]
async fn oidc_010_the_fapi_profile_works_with_certificates_alone() {
    let profile = json!({
        "security_profile": "fapi2_security", "id_token_signed_response_alg": "PS256",
        "authorization_signed_response_alg": "PS256",
        "introspection_signed_response_alg": "PS256",
    });
    let (identity, members) = own("bank", profile);
    let mutual = Mutual::start(vec![registration("bank", members)]).await;
    let app = &mutual.app;
    let listed: Value = {
        let http = http::client();
        let address = app.at("/.well-known/openid-configuration");
        Answer::of(http.get(address)).await.json()
    };
    assert_eq!(listed[BOUND], true);
    let aliases = &listed["mtls_endpoint_aliases"];
    let par = aliases["pushed_authorization_request_endpoint"]
        .as_str()
        .unwrap();
    assert_eq!(par, format!("{}/oauth/par", mutual.url));
    let bank = RelyingParty::new(app, "bank");
    let fields = [
        ("client_id", "bank"),
        ("response_type", "code"),
        ("redirect_uri", bank.redirect_uri.as_str()),
        ("scope", "openid"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let pushed = post(&mutual, Some(&identity), "/oauth/par", &fields).await;
    assert_eq!(pushed.status, 201, "{}", pushed.body);
    let url = bank.url_of(pushed.json()["request_uri"].as_str().unwrap());
    let browser = app.browser();
    let page = browser.get(&url).await;
    let page = bank.go_on(&browser, page, ANNA).await;
    let code = page.sent("code").unwrap();
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", "bank"),
        ("code", code.as_str()),
        ("redirect_uri", bank.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
    ];
    let answer = post(&mutual, Some(&identity), "/oauth/token", &fields).await;
    let access = Mutual::believed(&answer);
    assert_eq!(
        userinfo(&mutual, Some(&identity), &access).await.status,
        200
    );
    assert_eq!(userinfo(&mutual, None, &access).await.status, 401);
    mutual.end().await;
}
