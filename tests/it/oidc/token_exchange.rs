//! Token exchange (RFC 8693): rows 14, 15 and 50.

use serde_json::{Value, json};

use crate::support::app::ANNA;
use crate::support::relying_party::{Answer, claims, registration};
use crate::support::{Browser, RelyingParty, TestApp};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const TYPE: &str = "urn:ietf:params:oauth:token-type:access_token";

/// A service behind the portal, and one behind that.
async fn start(more: Value) -> (TestApp, RelyingParty) {
    let mut policy = json!({ "of_clients": ["portal"] });
    for (name, value) in more.as_object().unwrap() {
        policy[name] = value.clone();
    }
    let service = |id: &str, policy: Value| {
        registration(
            id,
            json!({
                "grant_types": [GRANT, "client_credentials"], "token_exchange": policy,
                "redirect_uris": [], "post_logout_redirect_uris": [], "required_scope": "",
                "scope": "profile email",
            }),
        )
    };
    let app = TestApp::start_with(|config| {
        let clients = config["clients"].as_array_mut().unwrap();
        clients.push(service("backend", policy));
        clients.push(service("archive", json!({ "of_clients": ["backend"] })));
    })
    .await;
    let backend = RelyingParty::new(&app, "backend");
    (app, backend)
}

async fn tokens_of(app: &TestApp, browser: &Browser) -> (RelyingParty, String) {
    let portal = RelyingParty::new(app, "portal");
    let scope = [("scope", "openid profile phone")];
    let access = portal.tokens(browser, ANNA, &scope).await.access;
    (portal, access)
}

async fn own(party: &RelyingParty) -> String {
    let answer = party.token(&[("grant_type", "client_credentials")]).await;
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

async fn exchange(party: &RelyingParty, subject: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("grant_type", GRANT),
        ("subject_token", subject),
        ("subject_token_type", TYPE),
    ];
    for (name, value) in more {
        fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            fields.push((name, value));
        }
    }
    party.token(&fields).await
}

async fn acting(party: &RelyingParty, subject: &str, more: &[(&str, &str)]) -> Answer {
    let actor = own(party).await;
    let mut fields = vec![("actor_token", actor.as_str()), ("actor_token_type", TYPE)];
    fields.extend(more);
    exchange(party, subject, &fields).await
}

#[tokio::test]
async fn exchanged_token_is_for_the_service_and_names_who_acts() {
    let (app, backend) = start(json!({})).await;
    let (portal, access) = tokens_of(&app, &app.browser()).await;
    let answer = acting(&backend, &access, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    assert_eq!(body["issued_token_type"], TYPE);
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(
        body["scope"], "profile",
        "neither openid nor what it may not have"
    );
    assert!(body.get("refresh_token").is_none() && body.get("id_token").is_none());
    let token = body["access_token"].as_str().unwrap();
    let inside = claims(token);
    assert_eq!(inside["client_id"], "backend");
    assert_eq!(inside["act"], json!({ "sub": "backend" }));
    // Pairwise: the service does not learn by what name the portal knows her.
    assert_ne!(inside["sub"], claims(&access)["sub"]);
    let found = backend.introspect(token).await;
    assert_eq!(
        (&found["active"], &found["act"]["sub"]),
        (&json!(true), &json!("backend"))
    );
    // It tells nothing of the person, and is no business of the portal's.
    let about = backend.userinfo(token).await;
    assert_eq!(about.status, 403, "{}", about.body);
    assert_eq!(portal.introspect(token).await, json!({ "active": false }));
    // The next service behind it.
    let archive = RelyingParty::new(&app, "archive");
    let next = acting(&archive, token, &[]).await.json();
    let chain = claims(next["access_token"].as_str().unwrap())["act"].clone();
    assert_eq!(
        chain,
        json!({ "sub": "archive", "act": { "sub": "backend" } })
    );
    app.end().await;
}

#[tokio::test]
async fn exchanged_token_lives_no_longer_than_what_was_shown() {
    let (app, backend) = start(json!({})).await;
    let (_, access) = tokens_of(&app, &app.browser()).await;
    app.advance(200).await;
    let answer = acting(&backend, &access, &[]).await.json();
    assert_eq!(answer["expires_in"], 100);
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(claims(token)["exp"], claims(&access)["exp"]);
    app.advance(100).await;
    assert_eq!(backend.introspect(token).await, json!({ "active": false }));
    acting(&backend, &access, &[])
        .await
        .refuses("invalid_request");
    app.end().await;
}

#[tokio::test]
async fn attack_50_scope_does_not_grow() {
    let (app, backend) = start(json!({})).await;
    let (_, access) = tokens_of(&app, &app.browser()).await;
    for wanted in ["email", "profile email", "profile snils"] {
        let answer = acting(&backend, &access, &[("scope", wanted)]).await;
        answer.refuses_as(wanted, "invalid_scope");
    }
    // What the person gave the portal and the service may not have.
    let answer = acting(&backend, &access, &[("scope", "phone")])
        .await
        .json();
    assert_eq!(answer["scope"], "");
    let answer = acting(&backend, &access, &[("scope", "openid profile")]).await;
    assert_eq!(answer.json()["scope"], "profile");
    app.end().await;
}

#[tokio::test]
async fn attack_50_only_the_tokens_that_policy_names() {
    let (app, backend) = start(json!({})).await;
    let browser = app.browser();
    let other = RelyingParty::new(&app, "other");
    let foreign = other.tokens(&browser, ANNA, &[]).await;
    acting(&backend, &foreign.access, &[])
        .await
        .refuses("invalid_target");
    let (portal, access) = tokens_of(&app, &browser).await;
    let archive = RelyingParty::new(&app, "archive");
    acting(&archive, &access, &[])
        .await
        .refuses("invalid_target");
    exchange(&portal, &access, &[])
        .await
        .refuses("unauthorized_client");
    // An ID token, a refresh token, a stranger's, nothing.
    let id_token = foreign.id.unwrap();
    for wrong in [id_token.as_str(), "x", ""] {
        acting(&backend, wrong, &[])
            .await
            .refuses_as(wrong, "invalid_request");
    }
    let own_token = own(&backend).await;
    acting(&backend, &own_token, &[])
        .await
        .refuses("invalid_request");
    for (name, value) in [
        ("subject_token_type", ""),
        (
            "subject_token_type",
            "urn:ietf:params:oauth:token-type:id_token",
        ),
        (
            "requested_token_type",
            "urn:ietf:params:oauth:token-type:refresh_token",
        ),
        ("actor_token_type", "urn:ietf:params:oauth:token-type:jwt"),
    ] {
        let answer = acting(&backend, &access, &[(name, value)]).await;
        answer.refuses_as(name, "invalid_request");
    }
    app.end().await;
}

#[tokio::test]
async fn attack_50_the_actor_is_who_asks_and_is_not_left_out() {
    let (app, backend) = start(json!({})).await;
    let (portal, access) = tokens_of(&app, &app.browser()).await;
    // To speak as the person takes a policy.
    exchange(&backend, &access, &[])
        .await
        .refuses("invalid_request");
    let archive = RelyingParty::new(&app, "archive");
    let stranger = own(&archive).await;
    for actor in [stranger.as_str(), access.as_str(), "x"] {
        let fields = [("actor_token", actor), ("actor_token_type", TYPE)];
        exchange(&backend, &access, &fields)
            .await
            .refuses("invalid_request");
    }
    drop(portal);
    app.end().await;

    let (app, backend) = start(json!({ "impersonation": true })).await;
    let (_, access) = tokens_of(&app, &app.browser()).await;
    let as_person = exchange(&backend, &access, &[]).await.json();
    let token = as_person["access_token"].as_str().unwrap();
    assert!(claims(token).get("act").is_none());
    app.end().await;
}

#[tokio::test]
async fn attack_14_and_15_an_exchanged_token_ends_with_what_it_came_of() {
    let (app, backend) = start(json!({ "impersonation": true })).await;
    for statement in [
        "update consents set withdrawn_at = 1",
        "update accounts set blocked_at = 1",
        "update sessions set ended_at = 1",
        "update clients set disabled_at = 1 where id = 'portal'",
        "update clients set disabled_at = 1 where id = 'backend'",
    ] {
        let (portal, access) = tokens_of(&app, &app.browser()).await;
        let answer = exchange(&backend, &access, &[]).await.json();
        let token = answer["access_token"].as_str().unwrap().to_owned();
        let machine = RelyingParty::new(&app, "machine");
        assert_eq!(machine.introspect(&token).await["active"], true);
        app.database.execute(statement).await;
        app.app.storage.note_change();
        let found = machine.introspect(&token).await;
        assert_eq!(found, json!({ "active": false }), "{statement}");
        let again = exchange(&backend, &access, &[]).await;
        assert_ne!(again.status, 200, "{statement}");
        drop(portal);
        for undo in [
            "update accounts set blocked_at = null",
            "update clients set disabled_at = null",
        ] {
            app.database.execute(undo).await;
        }
        app.app.storage.note_change();
        app.advance(1).await;
    }
    app.end().await;
}
