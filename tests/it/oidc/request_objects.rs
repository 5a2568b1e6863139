//! Items 61–67, 106 and 107: request objects, by value and by reference.

use serde_json::{Value, json};

use super::{is_error_page, sent_in_query};
use crate::support::app::ANNA;
use crate::support::client_key::{ClientKey, KEYED};
use crate::support::http;
use crate::support::published::Published;
use crate::support::relying_party::registration;
use crate::support::{Page, RelyingParty, TestApp};

/// A client whose request objects are checked with [`KEYED`].
async fn start(more: Value) -> (TestApp, RelyingParty) {
    start_beside(more, |_| ()).await
}

async fn start_beside(more: Value, change: impl FnOnce(&mut Value)) -> (TestApp, RelyingParty) {
    let mut members = json!({
        "token_endpoint_auth_method": "private_key_jwt", "client_secret": null,
        "jwks": KEYED.jwks(),
    });
    for (name, value) in more.as_object().unwrap() {
        members[name] = value.clone();
    }
    let app = TestApp::start_with(|config| {
        let clients = config["clients"].as_array_mut().unwrap();
        clients.retain(|client| client["client_id"] != "keyed");
        clients.push(registration("keyed", members));
        change(config);
    })
    .await;
    let keyed = RelyingParty::new(&app, "keyed");
    (app, keyed)
}

/// Sends a browser with an object, beside the parameters Core §6.1 wants.
async fn enter(app: &TestApp, party: &RelyingParty, object: &str, more: &[(&str, &str)]) -> Page {
    let mut changes = vec![
        ("request", object),
        ("redirect_uri", ""),
        ("state", ""),
        ("nonce", ""),
        ("code_challenge", ""),
        ("code_challenge_method", ""),
    ];
    changes.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    changes.extend(more);
    party.enter(&app.browser(), ANNA, &changes).await
}

/// What a client is told of an object; by a page, where no address is given
/// outside.
async fn refused(app: &TestApp, party: &RelyingParty, object: &str, error: &str, what: &str) {
    let page = enter(app, party, object, &[]).await;
    is_error_page(&page, what);
    let outside = [
        ("redirect_uri", party.redirect_uri.as_str()),
        ("state", "s"),
    ];
    let page = enter(app, party, object, &outside).await;
    let sent = sent_in_query(&page);
    assert_eq!(sent["error"], error, "{what}");
    assert_eq!(sent["state"], "s", "{what}");
}

#[tokio::test]
async fn oidc_061_an_object_without_a_signature_is_not_supported() {
    let (app, keyed) = start(json!({})).await;
    let claims = keyed.request_object(json!({}));
    let none = KEYED.sign_under(&json!({ "alg": "none" }), &claims);
    let none = format!("{}.", none.rsplit_once('.').unwrap().0);
    refused(&app, &keyed, &none, "request_not_supported", "unsigned").await;
    app.end().await;
}

#[tokio::test]
async fn oidc_063_a_signed_object_holds_the_whole_request() {
    let (app, keyed) = start(json!({})).await;
    for typ in [None, Some("JWT"), Some("oauth-authz-req+jwt")] {
        let claims = keyed.request_object(json!({ "state": "inside", "max_age": 600 }));
        let mut header = json!({ "alg": "ES256", "kid": "first" });
        if let Some(typ) = typ {
            header["typ"] = typ.into();
        }
        let object = KEYED.sign_under(&header, &claims);
        let page = enter(&app, &keyed, &object, &[]).await;
        let sent = sent_in_query(&page);
        assert_eq!(sent["state"], "inside", "{typ:?}");
        assert_eq!(keyed.redeem(&sent["code"]).await.status, 200);
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_064_what_stands_inside_wins() {
    let (app, keyed) = start(json!({})).await;
    let claims = keyed.request_object(json!({ "state": "inside", "scope": "openid email" }));
    let object = KEYED.sign(&claims);
    let outside = [
        ("state", "outside"),
        ("nonce", "outside"),
        ("ui_locales", "en"),
    ];
    let page = enter(&app, &keyed, &object, &outside).await;
    let sent = sent_in_query(&page);
    assert_eq!(sent["state"], "inside");
    let tokens = keyed.redeem(&sent["code"]).await.json();
    assert_eq!(tokens["scope"], "openid email");
    let id = crate::support::relying_party::claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(id["nonce"], "the-nonce");
    // Both places must name the same client and response type.
    for (name, value) in [("client_id", "portal"), ("response_type", "code id_token")] {
        let object = KEYED.sign(&keyed.request_object(json!({ name: value })));
        refused(&app, &keyed, &object, "invalid_request_object", name).await;
    }
    app.end().await;
}

/// A parameter that nobody signed would be the attacker's to choose.
#[tokio::test]
async fn oidc_064_outside_counts_for_nothing_where_it_is_no_openid_request() {
    let (app, keyed) = start(json!({})).await;
    let object = KEYED.sign(&keyed.request_object(json!({ "prompt": "login" })));
    let outside = [("scope", ""), ("prompt", "none"), ("state", "outside")];
    let page = enter(&app, &keyed, &object, &outside).await;
    assert_eq!(sent_in_query(&page)["state"], "the-state");
    app.end().await;
}

#[tokio::test]
async fn oidc_065_the_address_inside_is_used() {
    let (app, keyed) = start(json!({})).await;
    let object = KEYED.sign(&keyed.request_object(json!({})));
    let outside = [("redirect_uri", "https://evil.example/")];
    let page = enter(&app, &keyed, &object, &outside).await;
    assert!(
        page.location()
            .unwrap()
            .as_str()
            .starts_with(&keyed.redirect_uri)
    );
    // And an unregistered one inside is not.
    let inside = json!({ "redirect_uri": "https://evil.example/" });
    let object = KEYED.sign(&keyed.request_object(inside));
    let outside = [("redirect_uri", keyed.redirect_uri.as_str())];
    is_error_page(&enter(&app, &keyed, &object, &outside).await, "inside");
    app.end().await;
}

#[tokio::test]
async fn oidc_062_and_066_an_object_is_fetched_from_a_registered_address() {
    let objects = Published::start().await;
    let at = |path: &str| format!("{}{path}", objects.url);
    let hashed = at("/request.jwt#a-hash");
    let (app, keyed) = start_beside(
        json!({ "request_uris": [at("/plain.jwt"), hashed] }),
        |config| objects.configure(config),
    )
    .await;
    let by_reference = |uri: String| {
        let (app, keyed) = (&app, &keyed);
        async move {
            let outside = [("request", ""), ("request_uri", uri.as_str())];
            enter(app, keyed, "", &outside).await
        }
    };
    for (path, uri) in [
        ("/plain.jwt", at("/plain.jwt")),
        ("/request.jwt", at("/request.jwt#a-hash")),
        ("/request.jwt", at("/request.jwt#another-hash")),
    ] {
        let state = format!("state of {uri}");
        let object = KEYED.sign(&keyed.request_object(json!({ "state": state })));
        objects.answer(path, 200, None, object);
        let page = by_reference(uri.clone()).await;
        assert_eq!(sent_in_query(&page)["state"], state, "{uri}");
    }
    // Unregistered, gone, no object, unsigned.
    for (uri, answer, error) in [
        (at("/other.jwt"), None, "invalid_request_uri"),
        (at("/plain.jwt"), Some((404, "gone")), "invalid_request_uri"),
        (at("/plain.jwt"), Some((200, "x")), "invalid_request_object"),
        (
            at("/plain.jwt"),
            Some((200, "eyJhbGciOiJub25lIn0.e30.")),
            "request_uri_not_supported",
        ),
    ] {
        if let Some((status, body)) = answer {
            objects.answer("/plain.jwt", status, None, body.to_owned());
        }
        let outside = [
            ("request", ""),
            ("request_uri", uri.as_str()),
            ("redirect_uri", keyed.redirect_uri.as_str()),
        ];
        let page = enter(&app, &keyed, "", &outside).await;
        assert_eq!(sent_in_query(&page)["error"], error, "{uri}");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_067_a_registered_algorithm_is_the_only_one() {
    let (app, keyed) = start(json!({ "request_object_signing_alg": "PS256" })).await;
    let claims = keyed.request_object(json!({}));
    for (what, object) in [
        ("ES256", KEYED.sign(&claims)),
        ("none", {
            let none = KEYED.sign_under(&json!({ "alg": "none" }), &claims);
            format!("{}.", none.rsplit_once('.').unwrap().0)
        }),
    ] {
        refused(&app, &keyed, &object, "invalid_request_object", what).await;
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_106_an_object_is_held_to_its_signature_audience_and_time() {
    let (app, keyed) = start(json!({})).await;
    let now = app.now().seconds();
    let stranger = ClientKey::generate("first");
    let usual = keyed.request_object(json!({}));
    for (what, object) in [
        ("another key", stranger.sign(&usual)),
        (
            "an unknown kid",
            KEYED.sign_under(&json!({ "alg": "ES256", "kid": "x" }), &usual),
        ),
        (
            "a wrong alg",
            KEYED.sign_under(&json!({ "alg": "RS256", "kid": "first" }), &usual),
        ),
        (
            "HS256",
            KEYED.sign_under(&json!({ "alg": "HS256", "kid": "first" }), &usual),
        ),
        (
            "another type",
            KEYED.sign_under(
                &json!({ "alg": "ES256", "kid": "first", "typ": "client-authentication+jwt" }),
                &usual,
            ),
        ),
        ("nothing", "x".to_owned()),
    ] {
        refused(&app, &keyed, &object, "invalid_request_object", what).await;
    }
    for (what, changes) in [
        ("aud", json!({ "aud": "https://other.example" })),
        ("aud list", json!({ "aud": ["https://other.example"] })),
        ("iss", json!({ "iss": "portal" })),
        ("expired", json!({ "exp": now - 60 })),
        ("not yet", json!({ "nbf": now + 60 })),
        ("made later", json!({ "iat": now + 60 })),
        ("no number", json!({ "exp": "soon" })),
        ("nested", json!({ "request": "x" })),
        (
            "nested reference",
            json!({ "request_uri": "https://x.example/" }),
        ),
    ] {
        let object = KEYED.sign(&keyed.request_object(changes));
        refused(&app, &keyed, &object, "invalid_request_object", what).await;
    }
    // Clocks differ by seconds, and an audience may be one of several.
    let close = json!({ "nbf": now + 8, "iat": now + 8, "aud": ["https://x.example", app.url] });
    let page = enter(&app, &keyed, &KEYED.sign(&keyed.request_object(close)), &[]).await;
    assert!(page.sent("code").is_some());
    app.end().await;
}

#[tokio::test]
async fn oidc_107_a_client_that_must_sign_pushes_signed_objects_only() {
    let app = TestApp::start().await;
    let strict = RelyingParty::new(&app, "signing");
    strict.push(&[]).await.refuses("invalid_request");
    let now = app.now().seconds();
    for (what, changes) in [
        ("no exp", json!({ "exp": null })),
        ("no nbf", json!({ "nbf": null })),
        ("no aud", json!({ "aud": null })),
        ("lives too long", json!({ "exp": now + 3_700 })),
        ("too old", json!({ "nbf": now - 3_700, "exp": now + 10 })),
    ] {
        let object = KEYED.sign(&strict.request_object(changes));
        let answer = strict.call("/oauth/par", &[("request", &object)]).await;
        assert_eq!(answer.json()["error"], "invalid_request_object", "{what}");
    }
    let header = json!({ "alg": "ES256", "kid": "first", "typ": "oauth-authz-req+jwt" });
    let aud = json!({ "aud": ["https://other.example", app.url], "state": "signed" });
    let object = KEYED.sign_under(&header, &strict.request_object(aud));
    // What is outside does not count, not even where it is missing inside.
    let fields = [
        ("request", object.as_str()),
        ("state", "unsigned"),
        ("prompt", "none"),
    ];
    let answer = strict.call("/oauth/par", &fields).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let url = strict.url_of(answer.json()["request_uri"].as_str().unwrap());
    let browser = app.browser();
    let page = browser.get(&url).await;
    let page = strict.go_on(&browser, page, ANNA).await;
    let sent = sent_in_query(&page);
    assert_eq!(sent["state"], "signed");
    assert_eq!(strict.redeem(&sent["code"]).await.status, 200);
    // Signed, but not pushed.
    let object = KEYED.sign(&strict.request_object(json!({})));
    let page = enter(&app, &strict, &object, &[]).await;
    assert_eq!(sent_in_query(&page)["error"], "invalid_request");
    app.end().await;
}

#[tokio::test]
async fn attack_33_an_assertion_is_no_request_object_and_the_reverse() {
    let (app, keyed) = start(json!({})).await;
    let header = json!({ "alg": "ES256", "kid": "first", "typ": "oauth-authz-req+jwt" });
    let mut claims = keyed.assertion(&app.url);
    let object = KEYED.sign_under(&header, &claims);
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", "x"),
        (
            "client_assertion_type",
            crate::support::relying_party::ASSERTION_TYPE,
        ),
        ("client_assertion", object.as_str()),
    ];
    let form = http::client().post(app.at("/oauth/token")).form(&fields);
    crate::support::relying_party::Answer::of(form)
        .await
        .refuses("invalid_client");
    claims["response_type"] = json!("code");
    let header = json!({ "alg": "ES256", "kid": "first", "typ": "client-authentication+jwt" });
    let assertion = KEYED.sign_under(&header, &claims);
    refused(
        &app,
        &keyed,
        &assertion,
        "invalid_request_object",
        "an assertion",
    )
    .await;
    app.end().await;
}
