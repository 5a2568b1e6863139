//! Items 5, 19, 27, 30, 33 and 49–51: ID tokens and access tokens that come
//! through the browser.

use serde_json::{Value, json};

use super::{is_error_page, sent_in_fragment, sent_in_query, strings, verified};
use crate::support::app::ANNA;
use crate::support::relying_party::registration;
use crate::support::{RelyingParty, TestApp};

/// Every response type but `code`.
const TYPES: [&str; 5] = [
    "id_token",
    "id_token token",
    "code id_token",
    "code token",
    "code id_token token",
];

fn half_hash(text: &str) -> String {
    use base64::Engine as _;
    let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

#[tokio::test]
async fn oidc_019_tokens_travel_in_the_fragment_and_are_all_there() {
    let app = TestApp::start().await;
    let hybrid = RelyingParty::new(&app, "hybrid");
    let browser = app.browser();
    for kind in TYPES {
        let page = hybrid
            .enter(&browser, ANNA, &[("response_type", kind)])
            .await;
        let sent = sent_in_fragment(&page);
        let has = |name: &str| sent.contains_key(name);
        let asks = |word: &str| kind.split(' ').any(|one| one == word);
        assert_eq!(has("code"), asks("code"), "{kind}");
        assert_eq!(has("id_token"), asks("id_token"), "{kind}");
        assert_eq!(has("access_token"), asks("token"), "{kind}");
        assert_eq!(sent["state"], "the-state");
        assert_eq!(sent["iss"], app.url);
        assert!(!has("refresh_token"), "{kind}");
        if asks("token") {
            // Item 30.
            assert_eq!(sent["token_type"], "Bearer");
            assert!(sent["expires_in"].parse::<u64>().unwrap() > 0);
            assert_eq!(hybrid.userinfo(&sent["access_token"]).await.status, 200);
        }
        if asks("code") {
            let tokens = hybrid.redeem(&sent["code"]).await;
            assert_eq!(tokens.status, 200, "{}", tokens.body);
        }
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_019_a_query_never_holds_tokens() {
    let app = TestApp::start().await;
    let hybrid = RelyingParty::new(&app, "hybrid");
    for kind in TYPES {
        for mode in ["query", "query.jwt"] {
            let changes = [("response_type", kind), ("response_mode", mode)];
            let page = hybrid.enter(&app.browser(), ANNA, &changes).await;
            assert_eq!(
                sent_in_fragment(&page)["error"],
                "invalid_request",
                "{kind}"
            );
        }
        // A form may hold them.
        let changes = [("response_type", kind), ("response_mode", "form_post")];
        let page = hybrid.enter(&app.browser(), ANNA, &changes).await;
        assert_eq!(page.status, 200, "{kind}");
        assert!(page.has("input[name=state][value=the-state]"), "{kind}");
        assert_eq!(
            page.has("input[name=id_token]"),
            kind.contains("id_token"),
            "{kind}"
        );
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_019_errors_go_where_the_answer_would() {
    let app = TestApp::start().await;
    let hybrid = RelyingParty::new(&app, "hybrid");
    for kind in TYPES {
        let url = hybrid.authorize_url(&[("response_type", kind), ("prompt", "none")]);
        let page = app.browser().get_once(&url).await;
        let sent = sent_in_fragment(&page);
        assert_eq!(sent["error"], "login_required", "{kind}");
        assert_eq!(sent["state"], "the-state", "{kind}");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_027_a_nonce_is_needed_with_an_id_token_and_comes_back() {
    let app = TestApp::start().await;
    let hybrid = RelyingParty::new(&app, "hybrid");
    let browser = app.browser();
    for kind in TYPES.into_iter().filter(|kind| kind.contains("id_token")) {
        let url = hybrid.authorize_url(&[("response_type", kind), ("nonce", "")]);
        let refused = app.browser().get_once(&url).await;
        assert_eq!(
            sent_in_fragment(&refused)["error"],
            "invalid_request",
            "{kind}"
        );
        let page = hybrid
            .enter(&browser, ANNA, &[("response_type", kind)])
            .await;
        let claims = verified(&app, &sent_in_fragment(&page)["id_token"]).await;
        assert_eq!(claims["nonce"], "the-nonce", "{kind}");
    }
    // Without an ID token from here it may be missing.
    let changes = [("response_type", "code token"), ("nonce", "")];
    let page = hybrid.enter(&browser, ANNA, &changes).await;
    assert!(sent_in_fragment(&page).contains_key("code"));
    app.end().await;
}

#[tokio::test]
async fn oidc_049_hashes_tie_the_id_token_to_what_comes_along() {
    let app = TestApp::start().await;
    let hybrid = RelyingParty::new(&app, "hybrid");
    let browser = app.browser();
    for kind in TYPES.into_iter().filter(|kind| kind.contains("id_token")) {
        let page = hybrid
            .enter(&browser, ANNA, &[("response_type", kind)])
            .await;
        let sent = sent_in_fragment(&page);
        let claims = verified(&app, &sent["id_token"]).await;
        let hash_of = |name: &str| {
            sent.get(name)
                .map_or(Value::Null, |text| json!(half_hash(text)))
        };
        assert_eq!(claims["at_hash"], hash_of("access_token"), "{kind}");
        assert_eq!(claims["c_hash"], hash_of("code"), "{kind}");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_050_both_id_tokens_are_about_the_same_person() {
    let app = TestApp::start().await;
    let hybrid = RelyingParty::new(&app, "hybrid");
    let changes = [("response_type", "code id_token token")];
    let page = hybrid.enter(&app.browser(), ANNA, &changes).await;
    let sent = sent_in_fragment(&page);
    let first = verified(&app, &sent["id_token"]).await;
    let answer = hybrid.redeem(&sent["code"]).await.json();
    let second = verified(&app, answer["id_token"].as_str().unwrap()).await;
    for name in ["iss", "sub", "aud", "auth_time", "sid", "acr", "nonce"] {
        assert_eq!(first[name], second[name], "{name}");
    }
    let info = hybrid.userinfo(&sent["access_token"]).await.json();
    assert_eq!(info["sub"], first["sub"]);
    app.end().await;
}

#[tokio::test]
async fn oidc_051_claims_of_scopes_are_in_the_id_token_only_where_nothing_else_tells_them() {
    let app = TestApp::start().await;
    let hybrid = RelyingParty::new(&app, "hybrid");
    let browser = app.browser();
    for kind in TYPES.into_iter().filter(|kind| kind.contains("id_token")) {
        let changes = [("response_type", kind), ("scope", "openid profile email")];
        let page = hybrid.enter(&browser, ANNA, &changes).await;
        let claims = verified(&app, &sent_in_fragment(&page)["id_token"]).await;
        let alone = kind == "id_token";
        for name in ["name", "birthdate", "email"] {
            assert_eq!(claims.get(name).is_some(), alone, "{kind}: {name}");
        }
        assert_eq!(claims.get("phone_number"), None, "it was not asked for");
    }
    // Item 33: the claims parameter puts single ones there.
    let asked = json!({ "id_token": { "email": null }, "userinfo": { "name": null } });
    let asked = asked.to_string();
    let changes = [
        ("response_type", "id_token token"),
        ("scope", "openid"),
        ("claims", asked.as_str()),
    ];
    let page = hybrid.enter(&app.browser(), ANNA, &changes).await;
    let sent = sent_in_fragment(&page);
    let claims = verified(&app, &sent["id_token"]).await;
    assert!(claims["email"].is_string() && claims.get("name").is_none());
    let info = hybrid.userinfo(&sent["access_token"]).await.json();
    assert!(info["name"].is_string() && info.get("email").is_none());
    app.end().await;
}

#[tokio::test]
async fn oidc_005_a_client_gets_only_the_response_types_it_is_registered_for() {
    let app = TestApp::start_with(|config| {
        let clients = config["clients"].as_array_mut().unwrap();
        clients.push(registration(
            "implicit",
            json!({
                "grant_types": ["implicit"], "response_types": ["id_token"],
                "scope": "openid profile",
            }),
        ));
    })
    .await;
    let listed = super::metadata(&app).await;
    for (id, allowed) in [("portal", &["code"][..]), ("implicit", &["id_token"][..])] {
        let party = RelyingParty::new(&app, id);
        for kind in strings(&listed["response_types_supported"]) {
            let url = party.authorize_url(&[("response_type", kind), ("prompt", "none")]);
            let page = app.browser().get_once(&url).await;
            let sent = match kind {
                "code" => sent_in_query(&page),
                _ => sent_in_fragment(&page),
            };
            let error = match allowed.contains(&kind) {
                true => "login_required",
                false => "unauthorized_client",
            };
            assert_eq!(sent["error"], error, "{id} {kind}");
        }
    }
    // There are no others.
    let portal = RelyingParty::new(&app, "portal");
    for kind in ["token", "none", "code none", "id_token code code"] {
        let url = portal.authorize_url(&[("response_type", kind)]);
        let page = app.browser().get_once(&url).await;
        assert_eq!(
            page.sent("error").as_deref(),
            Some("unsupported_response_type"),
            "{kind}"
        );
    }
    // A client for the browser alone signs people in, and has no code to lose.
    let implicit = RelyingParty::new(&app, "implicit");
    let page = implicit
        .enter(&app.browser(), ANNA, &[("response_type", "id_token")])
        .await;
    let claims = verified(&app, &sent_in_fragment(&page)["id_token"]).await;
    assert_eq!(claims["aud"], "implicit");
    let token = [("grant_type", "authorization_code"), ("code", "x")];
    implicit.token(&token).await.refuses("unauthorized_client");
    app.end().await;
}

#[tokio::test]
async fn oidc_032_offline_access_needs_a_code() {
    let app = TestApp::start().await;
    let hybrid = RelyingParty::new(&app, "hybrid");
    let browser = app.browser();
    let scope = ("scope", "openid offline_access");
    let page = hybrid
        .enter(
            &browser,
            ANNA,
            &[("response_type", "id_token token"), scope],
        )
        .await;
    assert_eq!(sent_in_fragment(&page)["scope"], "openid");
    let page = hybrid
        .enter(&browser, ANNA, &[("response_type", "code token"), scope])
        .await;
    let sent = sent_in_fragment(&page);
    let tokens = hybrid.redeem(&sent["code"]).await.json();
    assert!(tokens["refresh_token"].is_string(), "{tokens}");
    app.end().await;
}

#[tokio::test]
async fn attack_14_tokens_of_the_browser_end_with_consent_and_session() {
    let app = TestApp::start().await;
    let hybrid = RelyingParty::new(&app, "hybrid");
    let changes = [("response_type", "code token")];
    let browser = app.browser();
    let page = hybrid.enter(&browser, ANNA, &changes).await;
    let token = sent_in_fragment(&page)["access_token"].clone();
    assert_eq!(hybrid.userinfo(&token).await.status, 200);
    let page = browser.get("/account/consents").await;
    assert!(page.body.contains("hybrid"));
    app.app
        .storage
        .disable_client("hybrid".into(), true, app.now())
        .await
        .unwrap();
    assert_eq!(hybrid.userinfo(&token).await.status, 401);
    app.app
        .storage
        .disable_client("hybrid".into(), false, app.now())
        .await
        .unwrap();
    let page = hybrid.enter(&browser, ANNA, &changes).await;
    let token = sent_in_fragment(&page)["access_token"].clone();
    assert_eq!(hybrid.userinfo(&token).await.status, 200);
    let question = browser.get("/oauth/end_session").await;
    browser.submit(&question, "logout-confirm", &[]).await;
    assert_eq!(hybrid.userinfo(&token).await.status, 401);
    app.end().await;
}

#[tokio::test]
async fn attack_12_a_replayed_code_of_a_hybrid_answer_ends_its_tokens() {
    let app = TestApp::start().await;
    let hybrid = RelyingParty::new(&app, "hybrid");
    let page = hybrid
        .enter(&app.browser(), ANNA, &[("response_type", "code id_token")])
        .await;
    let code = sent_in_fragment(&page)["code"].clone();
    let tokens = hybrid.redeem(&code).await.json();
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(hybrid.userinfo(token).await.status, 200);
    hybrid.redeem(&code).await.refuses("invalid_grant");
    assert_eq!(hybrid.userinfo(token).await.status, 401);
    app.end().await;
}

#[tokio::test]
async fn attack_01_a_fragment_answer_goes_to_registered_addresses_only() {
    let app = TestApp::start().await;
    let hybrid = RelyingParty::new(&app, "hybrid");
    for uri in [
        "https://hybrid.example/callback#",
        "https://hybrid.example/callback#access_token=x",
        "https://hybrid.example/callback/..",
        "https://hybrid.example.evil.example/callback",
    ] {
        let changes = [("redirect_uri", uri), ("response_type", "id_token token")];
        let page = app
            .browser()
            .get_once(&hybrid.authorize_url(&changes))
            .await;
        is_error_page(&page, uri);
    }
    app.end().await;
}
