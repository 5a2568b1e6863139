//! Items 127–136: a site asks for a person by itself (CIBA).

use serde_json::{Value, json};

use super::metadata;
use crate::support::app::{ANNA, TIMUR};
use crate::support::client_key::{ClientKey, KEYED};
use crate::support::relying_party::{Answer, claims, registration};
use crate::support::steps::signed_in;
use crate::support::{Browser, Page, Receiver, RelyingParty, TestApp};

const GRANT: &str = "urn:openid:params:grant-type:ciba";
const ENDPOINT: &str = "/oauth/backchannel_authentication";

/// The application with the client `keyed` as a bank's desk.
async fn start(more: Value) -> (TestApp, RelyingParty) {
    let mut members = json!({
        "token_endpoint_auth_method": "private_key_jwt", "client_secret": null,
        "jwks": KEYED.jwks(), "redirect_uris": [], "post_logout_redirect_uris": [],
        "grant_types": [GRANT, "refresh_token"],
    });
    for (name, value) in more.as_object().unwrap() {
        members[name] = value.clone();
    }
    let app = TestApp::start_with(|config| {
        let clients = config["clients"].as_array_mut().unwrap();
        clients.retain(|client| client["client_id"] != "keyed");
        clients.push(registration("keyed", members));
    })
    .await;
    let desk = RelyingParty::new(&app, "keyed");
    (app, desk)
}

async fn ask(desk: &RelyingParty, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("scope", "openid profile"), ("login_hint", ANNA)];
    for (name, value) in more {
        fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            fields.push((name, value));
        }
    }
    desk.call(ENDPOINT, &fields).await
}

async fn asked(desk: &RelyingParty, more: &[(&str, &str)]) -> String {
    let answer = ask(desk, more).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["auth_req_id"].as_str().unwrap().to_owned()
}

async fn poll(desk: &RelyingParty, id: &str) -> Answer {
    desk.token(&[("grant_type", GRANT), ("auth_req_id", id)])
        .await
}

/// From the cabinet to the question.
async fn question(browser: &Browser) -> Page {
    let cabinet = browser.get("/account").await;
    let link = cabinet
        .attribute("a[href^='/account/asked/']", "href")
        .unwrap_or_else(|| panic!("nothing is asked: {}", cabinet.body));
    browser.get(&link).await
}

#[tokio::test]
async fn oidc_128_a_citizen_answers_in_the_cabinet_and_the_site_gets_its_tokens() {
    let (app, desk) = start(json!({})).await;
    let listed = metadata(&app).await;
    assert_eq!(
        listed["backchannel_authentication_endpoint"],
        format!("{}{ENDPOINT}", app.url)
    );
    assert_eq!(
        listed["backchannel_token_delivery_modes_supported"],
        json!(["poll", "ping"])
    );
    let scope = ("scope", "openid profile offline_access");
    let answer = ask(&desk, &[scope, ("binding_message", "Талон 17-Б")]).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json();
    assert_eq!(
        (&body["expires_in"], &body["interval"]),
        (&json!(600), &json!(5))
    );
    let id = body["auth_req_id"].as_str().unwrap();
    assert!(id.len() > 43 && super::entropy(id) > 128.0, "{id}");
    poll(&desk, id).await.refuses("authorization_pending");
    // The citizen is told, with the site's name and none of its words.
    let told = app.last_message("anna.sokolova@example.ru").await;
    assert!(told.text.contains("Портал keyed"), "{}", told.text);
    assert!(!told.text.contains("17-Б"), "{}", told.text);
    let browser = signed_in(&app, ANNA).await;
    let page = question(&browser).await;
    assert_eq!(
        page.text("#consent-binding-message").as_deref(),
        Some("Талон 17-Б")
    );
    let page = browser.submit(&page, "consent-allow", &[]).await;
    assert!(page.has("#device-given"), "{}", page.body);
    let answer = poll(&desk, id).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let tokens = answer.json();
    let id_claims = claims(tokens["id_token"].as_str().unwrap());
    // Item 134.
    assert_eq!(id_claims["iss"], app.url);
    assert_eq!(id_claims["aud"], "keyed");
    for name in ["exp", "iat", "auth_time", "acr"] {
        assert!(!id_claims[name].is_null(), "{name}");
    }
    assert!(tokens["refresh_token"].is_string());
    // Item 132: success once only.
    poll(&desk, id).await.refuses("invalid_grant");
    let cabinet = browser.get("/account").await;
    assert!(
        !cabinet.has("a[href^='/account/asked/']"),
        "it was answered"
    );
    app.end().await;
}

#[tokio::test]
async fn oidc_129_exactly_one_hint_names_the_person() {
    let (app, desk) = start(json!({})).await;
    for more in [
        vec![("login_hint", "")],
        vec![("login_hint", ""), ("id_token_hint", "x")],
        vec![("login_hint_token", "x")],
        vec![("id_token_hint", "x")],
    ] {
        ask(&desk, &more).await.refuses("invalid_request");
    }
    // Any spelling of any of the three.
    for hint in [
        "anna.sokolova@example.ru",
        "8 900 555-01-01",
        "112-233-445 95",
    ] {
        asked(&desk, &[("login_hint", hint)]).await;
        let browser = signed_in(&app, ANNA).await;
        let page = question(&browser).await;
        browser.submit(&page, "consent-deny", &[]).await;
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_130_a_shorter_time_may_be_asked_for() {
    let (app, desk) = start(json!({})).await;
    let answer = ask(&desk, &[("requested_expiry", "30")]).await.json();
    assert_eq!(answer["expires_in"], 30);
    let object = desk.request_object(json!({
        "requested_expiry": 30, "login_hint": ANNA, "jti": "expiry", "scope": "openid",
    }));
    let object = KEYED.sign(&object);
    let answer = desk.call(ENDPOINT, &[("request", &object)]).await;
    assert_eq!(answer.json()["expires_in"], 30, "{}", answer.body);
    let id = answer.json()["auth_req_id"].as_str().unwrap().to_owned();
    app.advance(30).await;
    poll(&desk, &id).await.refuses("expired_token");
    for wrong in ["0", "-1", "soon"] {
        ask(&desk, &[("requested_expiry", wrong)])
            .await
            .refuses("invalid_request");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_131_a_message_that_cannot_be_shown_is_refused() {
    let (app, desk) = start(json!({})).await;
    let long = "x".repeat(101);
    for wrong in [long.as_str(), "two\nlines", "turned \u{202e}round"] {
        ask(&desk, &[("binding_message", wrong)])
            .await
            .refuses("invalid_binding_message");
    }
    asked(&desk, &[("binding_message", "<b>&\"1234\"")]).await;
    let browser = signed_in(&app, ANNA).await;
    let page = question(&browser).await;
    assert_eq!(
        page.text("#consent-binding-message").as_deref(),
        Some("<b>&\"1234\"")
    );
    app.end().await;
}

#[tokio::test]
async fn oidc_132_polling_says_how_it_stands() {
    let (app, desk) = start(json!({})).await;
    let id = asked(&desk, &[]).await;
    poll(&desk, &id).await.refuses("authorization_pending");
    poll(&desk, &id).await.refuses("slow_down");
    let browser = signed_in(&app, ANNA).await;
    let page = question(&browser).await;
    let page = browser.submit(&page, "consent-deny", &[]).await;
    assert!(page.has("#device-denied"));
    poll(&desk, &id).await.refuses("access_denied");
    poll(&desk, "ppe_unknown").await.refuses("invalid_grant");
    app.end().await;
}

#[tokio::test]
async fn oidc_127_a_client_that_must_sign_is_held_to_every_claim() {
    let alg = json!({ "backchannel_authentication_request_signing_alg": "ES256" });
    let (app, desk) = start(alg).await;
    ask(&desk, &[]).await.refuses("invalid_request");
    let now = app.now().seconds();
    let object = |jti: &str, changes: Value| {
        let mut all = json!({ "login_hint": ANNA, "jti": jti, "scope": "openid" });
        for (name, value) in changes.as_object().unwrap() {
            all[name] = value.clone();
        }
        desk.request_object(all)
    };
    for (what, changes) in [
        ("no aud", json!({ "aud": null })),
        ("wrong aud", json!({ "aud": "https://other.example" })),
        ("no iss", json!({ "iss": null })),
        ("another iss", json!({ "iss": "portal" })),
        ("no exp", json!({ "exp": null })),
        ("expired", json!({ "exp": now - 60 })),
        ("too long", json!({ "exp": now + 3_700 })),
        ("no iat", json!({ "iat": null })),
        ("no nbf", json!({ "nbf": null })),
        ("too old", json!({ "nbf": now - 3_700, "exp": now + 10 })),
        ("no jti", json!({ "jti": null })),
        ("two hints", json!({ "id_token_hint": "x" })),
    ] {
        let signed = KEYED.sign(&object(what, changes));
        let answer = desk.call(ENDPOINT, &[("request", &signed)]).await;
        answer.refuses_as(what, "invalid_request");
    }
    let stranger = ClientKey::generate("first");
    let usual = object("usual", json!({}));
    for (what, signed) in [
        ("another key", stranger.sign(&usual)),
        (
            "RS256",
            KEYED.sign_under(&json!({ "alg": "RS256", "kid": "first" }), &usual),
        ),
        ("none", KEYED.sign_under(&json!({ "alg": "none" }), &usual)),
    ] {
        let answer = desk.call(ENDPOINT, &[("request", &signed)]).await;
        answer.refuses_as(what, "invalid_request");
    }
    // What is outside does not count, and the object is good once.
    let signed = KEYED.sign(&usual);
    let fields = [("request", signed.as_str()), ("login_hint", TIMUR)];
    assert_eq!(desk.call(ENDPOINT, &fields).await.status, 200);
    let browser = signed_in(&app, ANNA).await;
    question(&browser).await;
    desk.call(ENDPOINT, &fields)
        .await
        .refuses("invalid_request");
    app.end().await;
}

#[tokio::test]
async fn oidc_133_a_ping_says_which_request_was_answered() {
    let mut receiver = Receiver::start().await;
    let endpoint = format!("{}/ping", receiver.url);
    let ping = json!({
        "backchannel_token_delivery_mode": "ping",
        "backchannel_client_notification_endpoint": endpoint,
    });
    let (app, desk) = start(ping).await;
    ask(&desk, &[]).await.refuses("invalid_request");
    let token = ("client_notification_token", "a-token-of-the-client");
    let id = asked(&desk, &[token]).await;
    assert!(receiver.is_quiet());
    let browser = signed_in(&app, ANNA).await;
    let page = question(&browser).await;
    browser.submit(&page, "consent-allow", &[]).await;
    let post = receiver.next().await;
    assert_eq!(post.path, "/ping");
    assert_eq!(post.content_type, "application/json");
    assert_eq!(post.authorization, "Bearer a-token-of-the-client");
    assert_eq!(
        serde_json::from_str::<Value>(&post.body).unwrap(),
        json!({ "auth_req_id": id })
    );
    assert_eq!(poll(&desk, &id).await.status, 200);
    assert!(receiver.is_quiet());
    app.end().await;
}

#[tokio::test]
async fn attack_32_a_ping_reaches_no_private_address_and_follows_no_redirect() {
    let ping = json!({
        "backchannel_token_delivery_mode": "ping",
        "backchannel_client_notification_endpoint": "https://10.0.0.1/ping",
    });
    let (app, desk) = start(ping).await;
    let id = asked(&desk, &[("client_notification_token", "token")]).await;
    let browser = signed_in(&app, ANNA).await;
    let page = question(&browser).await;
    browser.submit(&page, "consent-allow", &[]).await;
    // The answer is there for who asks.
    assert_eq!(poll(&desk, &id).await.status, 200);
    // Nothing was ever sent there, and the log says so.
    app.expect_errors(1);
    app.advance(600).await;
    app.deliver().await;
    assert_eq!(app.app.storage.outbox_waiting().await.unwrap().0, 0);
    app.end().await;
}

/// Sites do not learn whose numbers these are (requirement A8).
#[tokio::test]
async fn attack_23_a_stranger_never_answers() {
    let (app, desk) = start(json!({})).await;
    let known = ask(&desk, &[]).await;
    let unknown = ask(&desk, &[("login_hint", "+79005559999")]).await;
    let nonsense = ask(&desk, &[("login_hint", "nobody")]).await;
    for answer in [&unknown, &nonsense] {
        assert_eq!(answer.status, known.status);
        assert_eq!(answer.json()["expires_in"], known.json()["expires_in"]);
        let id = answer.json()["auth_req_id"].as_str().unwrap().to_owned();
        assert_eq!(
            id.len(),
            known.json()["auth_req_id"].as_str().unwrap().len()
        );
        poll(&desk, &id).await.refuses("authorization_pending");
    }
    app.end().await;
}

#[tokio::test]
async fn attack_45_nobody_answers_for_another() {
    let (app, desk) = start(json!({})).await;
    asked(&desk, &[]).await;
    let anna = signed_in(&app, ANNA).await;
    let cabinet = anna.get("/account").await;
    let link = cabinet
        .attribute("a[href^='/account/asked/']", "href")
        .unwrap();
    let timur = signed_in(&app, TIMUR).await;
    assert!(
        !timur
            .get("/account")
            .await
            .has("a[href^='/account/asked/']")
    );
    let page = timur.get(&link).await;
    assert_eq!(page.url.path(), "/account");
    // Nor does somebody who takes her place in her browser.
    let page = anna.get(&link).await;
    assert!(page.has("#consent-allow"));
    let switch = page.attribute("#consent-switch", "href").unwrap();
    let page = anna.get(&switch).await;
    let fields = [
        ("username", TIMUR),
        ("password", crate::support::app::PASSWORD),
    ];
    let page = anna.submit(&page, "login-submit", &fields).await;
    assert!(!page.has("#consent-allow"), "{}", page.body);
    app.end().await;
}

#[tokio::test]
async fn attack_20_a_citizen_is_not_worn_down() {
    let (app, desk) = start(json!({})).await;
    for _ in 0..12 {
        asked(&desk, &[]).await;
    }
    let browser = signed_in(&app, ANNA).await;
    let cabinet = browser.get("/account").await;
    assert_eq!(cabinet.body.matches("href=\"/account/asked/").count(), 10);
    app.end().await;
}

#[tokio::test]
async fn attack_15_what_was_taken_back_does_not_reach_the_site() {
    let (app, desk) = start(json!({})).await;
    for statement in [
        "update consents set withdrawn_at = 1",
        "update accounts set blocked_at = 1",
        "update sessions set ended_at = 1",
    ] {
        let id = asked(&desk, &[]).await;
        let browser = signed_in(&app, ANNA).await;
        let page = question(&browser).await;
        let page = browser.submit(&page, "consent-allow", &[]).await;
        assert!(page.has("#device-given"), "{statement}");
        app.database.execute(statement).await;
        app.app.storage.note_change();
        poll(&desk, &id)
            .await
            .refuses_as(statement, "invalid_grant");
        app.database
            .execute("update accounts set blocked_at = null")
            .await;
        app.app.storage.note_change();
        app.advance(1).await;
    }
    app.end().await;
}

#[tokio::test]
async fn attack_10_an_answer_is_for_the_client_that_asked() {
    let (app, desk) = start(json!({})).await;
    let id = asked(&desk, &[]).await;
    let portal = RelyingParty::new(&app, "portal");
    poll(&portal, &id).await.refuses("unauthorized_client");
    let fields = [("scope", "openid"), ("login_hint", ANNA)];
    let answer = portal.call(ENDPOINT, &fields).await;
    answer.refuses("unauthorized_client");
    let browser = signed_in(&app, ANNA).await;
    let page = question(&browser).await;
    browser.submit(&page, "consent-allow", &[]).await;
    // The question is over, and leads back.
    let again = browser.get(page.url.as_str()).await;
    assert_eq!(again.url.path(), "/account");
    assert_eq!(poll(&desk, &id).await.status, 200);
    app.end().await;
}

/// What was agreed to elsewhere meanwhile answers no other question.
#[tokio::test]
async fn attack_18_an_older_question_is_not_answered_by_a_newer_one() {
    let (app, desk) = start(json!({})).await;
    let attackers = asked(&desk, &[("binding_message", "A")]).await;
    let browser = signed_in(&app, ANNA).await;
    let doubtful = question(&browser).await;
    app.advance(1).await;
    let own = asked(&desk, &[("binding_message", "B")]).await;
    let cabinet = browser.get("/account").await;
    let newest = cabinet
        .attribute("a[href^='/account/asked/']", "href")
        .unwrap();
    let page = browser.get(&newest).await;
    assert_eq!(page.text("#consent-binding-message").as_deref(), Some("B"));
    browser.submit(&page, "consent-allow", &[]).await;
    assert_eq!(poll(&desk, &own).await.status, 200);
    // A reload shows the question again, and "no" is no.
    let page = browser.get(doubtful.url.as_str()).await;
    assert_eq!(page.text("#consent-binding-message").as_deref(), Some("A"));
    poll(&desk, &attackers)
        .await
        .refuses("authorization_pending");
    let page = browser.submit(&doubtful, "consent-deny", &[]).await;
    assert!(page.has("#device-denied"), "{}", page.body);
    poll(&desk, &attackers).await.refuses("access_denied");
    app.end().await;
}

/// Nor does a request let its client choose anew whom it is about.
#[tokio::test]
async fn attack_45_claims_do_not_replace_whom_a_question_is_for() {
    let (app, desk) = start(json!({})).await;
    for claims in [r#"{}"#, r#"{"id_token":{}}"#] {
        let id = asked(&desk, &[("claims", claims)]).await;
        let browser = signed_in(&app, ANNA).await;
        let page = question(&browser).await;
        let switch = page.attribute("#consent-switch", "href").unwrap();
        let page = browser.get(&switch).await;
        let fields = [
            ("username", TIMUR),
            ("password", crate::support::app::PASSWORD),
        ];
        let page = browser.submit(&page, "login-submit", &fields).await;
        assert!(!page.has("#consent-allow"), "{}", page.body);
        assert_ne!(poll(&desk, &id).await.status, 200);
        app.advance(5).await;
    }
    let other = r#"{"id_token":{"sub":{"value":"somebody"}}}"#;
    ask(&desk, &[("claims", other)])
        .await
        .refuses("invalid_request");
    app.end().await;
}
