//! Items 53–60: the userinfo endpoint.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{http, verified};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::relying_party::{Answer, claims, header};
use crate::support::{RelyingParty, TestApp};

const SCOPES: &[(&str, &[&str])] = &[
    (
        "profile",
        &[
            "birthdate",
            "family_name",
            "gender",
            "given_name",
            "locale",
            "middle_name",
            "name",
            "updated_at",
            "zoneinfo",
        ],
    ),
    ("email", &["email", "email_verified"]),
    ("phone", &["phone_number", "phone_number_verified"]),
    ("address", &["address"]),
];

fn names(claims: &Value) -> BTreeSet<&str> {
    claims
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// Asserts 401 with a challenge of this error (RFC 6750 §3).
#[track_caller]
fn is_challenged(answer: &Answer, error: Option<&str>) {
    assert_eq!(answer.status, 401, "{}", answer.body);
    let challenge = answer.header("www-authenticate").unwrap();
    assert!(challenge.starts_with("Bearer "), "{challenge}");
    match error {
        Some(error) => assert!(
            challenge.contains(&format!("error=\"{error}\"")),
            "{challenge}"
        ),
        None => assert!(!challenge.contains("error"), "{challenge}"),
    }
}

#[tokio::test]
async fn oidc_054_by_get_by_post_and_in_the_body() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let token = portal.tokens(&app.browser(), ANNA, &[]).await.access;
    let address = app.at("/oauth/userinfo");
    let by_get = Answer::of(http::client().get(&address).bearer_auth(&token)).await;
    let by_post = Answer::of(http::client().post(&address).bearer_auth(&token)).await;
    let in_body = Answer::of(
        http::client()
            .post(&address)
            .form(&[("access_token", &token)]),
    )
    .await;
    assert_eq!(by_get.status, 200);
    assert_eq!(by_get.json()["given_name"], "Анна");
    assert_eq!(by_post.json(), by_get.json());
    assert_eq!(in_body.json(), by_get.json());
    app.end().await;
}

/// What FAPI's profile of CIBA wants of a resource: a name for the call.
#[tokio::test]
async fn oidc_136_a_call_keeps_its_name_or_gets_one() {
    const NAME: &str = "x-fapi-interaction-id";
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let token = portal.tokens(&app.browser(), ANNA, &[]).await.access;
    let call = http::client()
        .get(app.at("/oauth/userinfo"))
        .bearer_auth(&token);
    let given = "93bac548-d2de-4546-b106-880a5018460d";
    let called = |id: &str| call.try_clone().unwrap().header(NAME, id);
    assert_eq!(Answer::of(called(given)).await.header(NAME), Some(given));
    for nonsense in ["", "a b", "93bac548", "<script>"] {
        let answer = Answer::of(called(nonsense)).await;
        let made = answer.header(NAME).unwrap();
        assert!(made != nonsense && made.len() == given.len(), "{made}");
    }
    // Of a refusal as well.
    let answer = Answer::of(
        http::client()
            .get(app.at("/oauth/userinfo"))
            .header(NAME, given),
    )
    .await;
    assert_eq!((answer.status, answer.header(NAME)), (401, Some(given)));
    app.end().await;
}

#[tokio::test]
async fn oidc_055_json_or_signed_as_registered() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let portal = RelyingParty::new(&app, "portal");
    let tokens = portal.tokens(&browser, ANNA, &[]).await;
    let plain = portal.userinfo(&tokens.access).await;
    assert_eq!(plain.header("content-type"), Some("application/json"));
    assert_eq!(plain.header("cache-control"), Some("no-store"));

    let portal = RelyingParty::new(&app, "signed");
    let tokens = portal.tokens(&browser, ANNA, &[]).await;
    let signed = portal.userinfo(&tokens.access).await;
    assert_eq!(signed.header("content-type"), Some("application/jwt"));
    assert_eq!(header(&signed.body)["alg"], "ES256");
    let about = verified(&app, &signed.body).await;
    assert_eq!(about["iss"], app.url);
    assert_eq!(about["aud"], "signed");
    assert_eq!(about["sub"], tokens.id_claims()["sub"]);
    assert_eq!(about["given_name"], "Анна");
    app.end().await;
}

#[tokio::test]
async fn oidc_056_sub_is_that_of_the_id_token() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for id in ["portal", "other", "open", "public"] {
        let portal = RelyingParty::new(&app, id);
        let tokens = portal.tokens(&browser, ANNA, &[("scope", "openid")]).await;
        let about = portal.userinfo(&tokens.access).await.json();
        assert_eq!(about["sub"], tokens.id_claims()["sub"], "{id}");
        assert_eq!(about["sub"], claims(&tokens.access)["sub"], "{id}");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_057_each_scope_brings_its_claims() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    for (scope, expected) in SCOPES {
        let scope = format!("openid {scope}");
        let token = portal
            .tokens(&browser, ANNA, &[("scope", &scope)])
            .await
            .access;
        let about = portal.userinfo(&token).await.json();
        let missing: Vec<_> = expected
            .iter()
            .filter(|name| !names(&about).contains(*name))
            .collect();
        assert!(missing.is_empty(), "{missing:?} are missing: {about}");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_057_claims_are_of_the_kind_they_should_be() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let scope = "openid profile email phone address";
    let token = portal
        .tokens(&app.browser(), ANNA, &[("scope", scope)])
        .await
        .access;
    let about = portal.userinfo(&token).await.json();
    assert_eq!(about["name"], "Анна Павловна Соколова");
    assert_eq!(about["email"], "anna.sokolova@example.ru");
    assert_eq!(about["email_verified"], true);
    assert_eq!(about["phone_number"], ANNA);
    assert_eq!(about["phone_number_verified"], true);
    assert_eq!(about["birthdate"], "1990-03-24");
    assert_eq!(about["zoneinfo"], "Europe/Volgograd");
    assert_eq!(about["locale"], "ru");
    assert!(
        about["updated_at"]
            .as_i64()
            .is_some_and(|at| at <= app.now().seconds())
    );
    let address = &about["address"];
    assert_eq!(address["postal_code"], "400001");
    assert_eq!(address["region"], "Волгоградская область");
    assert_eq!(address["locality"], "Волгоград");
    assert!(address["street_address"].is_string() && address["country"].is_string());
    assert!(address["formatted"].as_str().unwrap().contains("Волгоград"));
    app.end().await;
}

#[tokio::test]
async fn oidc_058_nothing_but_what_was_granted() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    for (scope, expected) in SCOPES {
        let scope = format!("openid {scope}");
        let token = portal
            .tokens(&browser, ANNA, &[("scope", &scope)])
            .await
            .access;
        let about = portal.userinfo(&token).await.json();
        let allowed: BTreeSet<_> = expected.iter().copied().chain(["sub"]).collect();
        assert!(names(&about).is_subset(&allowed), "{scope}: {about}");
    }
    // What was asked for and unticked is not granted.
    let page = browser
        .get(&portal.authorize_url(&[("scope", "openid snils"), ("prompt", "consent")]))
        .await;
    let page = browser
        .submit(&page, "consent-allow", &[("optional", "")])
        .await;
    let tokens = portal.redeem(&page.sent("code").unwrap()).await.json();
    assert_eq!(tokens["scope"], "openid");
    let about = portal
        .userinfo(tokens["access_token"].as_str().unwrap())
        .await
        .json();
    assert_eq!(names(&about), BTreeSet::from(["sub"]));
    app.end().await;
}

#[tokio::test]
async fn oidc_058_a_refused_scope_does_not_come_back_as_single_claims() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let claims = json!({ "userinfo": { "snils": { "essential": true } } }).to_string();
    let changes = [("scope", "openid snils"), ("claims", &*claims)];
    let page = browser.get(&portal.authorize_url(&changes)).await;
    let page = browser
        .submit(
            &page,
            "login-submit",
            &[("username", ANNA), ("password", PASSWORD)],
        )
        .await;
    let mut page = browser
        .submit(&page, "consent-allow", &[("optional", "")])
        .await;
    // Now, and when the portal tries again.
    for _ in 0..2 {
        let tokens = portal.redeem(&page.sent("code").unwrap()).await.json();
        let about = portal
            .userinfo(tokens["access_token"].as_str().unwrap())
            .await
            .json();
        assert_eq!(names(&about), BTreeSet::from(["sub"]));
        page = browser.get(&portal.authorize_url(&changes)).await;
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_059_a_token_in_the_query_is_refused() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let token = portal.tokens(&app.browser(), ANNA, &[]).await.access;
    let address = app.at(&format!("/oauth/userinfo?access_token={token}"));
    is_challenged(&Answer::of(http::client().get(&address)).await, None);
    is_challenged(&Answer::of(http::client().post(&address)).await, None);
    app.end().await;
}

#[tokio::test]
async fn oidc_059_a_dead_or_foreign_token_is_challenged() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let tokens = portal.tokens(&browser, ANNA, &[]).await;
    is_challenged(&portal.userinfo("nonsense").await, Some("invalid_token"));
    is_challenged(
        &portal.userinfo(tokens.id.as_ref().unwrap()).await,
        Some("invalid_token"),
    );
    let (signed, _) = tokens.access.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", "A".repeat(86));
    is_challenged(&portal.userinfo(&forged).await, Some("invalid_token"));
    assert_eq!(portal.revoke(&tokens.access).await.status, 200);
    is_challenged(
        &portal.userinfo(&tokens.access).await,
        Some("invalid_token"),
    );

    let token = portal.tokens(&browser, ANNA, &[]).await.access;
    app.advance(299).await;
    assert_eq!(portal.userinfo(&token).await.status, 200);
    app.advance(1).await;
    is_challenged(&portal.userinfo(&token).await, Some("invalid_token"));
    // A token without a person is good, but not for this (RFC 6750 §3.1).
    let machine = RelyingParty::new(&app, "machine");
    let own = machine
        .token(&[("grant_type", "client_credentials")])
        .await
        .json();
    let answer = machine
        .userinfo(own["access_token"].as_str().unwrap())
        .await;
    assert_eq!(answer.status, 403);
    assert!(
        answer
            .header("www-authenticate")
            .unwrap()
            .contains("insufficient_scope")
    );
    app.end().await;
}

#[tokio::test]
async fn oidc_060_all_scopes_together() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let scope = "openid profile email address phone";
    let tokens = portal
        .tokens(&app.browser(), ANNA, &[("scope", scope)])
        .await;
    let about = portal.userinfo(&tokens.access).await.json();
    let expected = SCOPES
        .iter()
        .flat_map(|(_, names)| names.iter().copied())
        .chain(["sub"]);
    assert_eq!(names(&about), expected.collect::<BTreeSet<_>>());
    app.end().await;
}
