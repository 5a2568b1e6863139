//! Attack rows 1–4, 39, 42 and 43 at the door where anybody may register.

use propusk::model::client::Client;
use propusk::model::id::ClientId;
use serde_json::{Value, json};

use super::{
    CALLBACK, is_refused, no_token, open, party, read, register, registered, remove, replace, text,
    usual,
};
use crate::support::app::ANNA;
use crate::support::steps::signed_in;
use crate::support::{RelyingParty, TestApp};

async fn stored(app: &TestApp, told: &Value) -> Client {
    let id = ClientId::from(text(told, "client_id"));
    let record = app.app.storage.find_client(&id).await.unwrap().unwrap();
    serde_json::from_str(&record.metadata).unwrap()
}

fn change(told: &Value, more: Value) -> Value {
    let mut wire = usual(more);
    wire["client_id"] = told["client_id"].clone();
    wire
}

#[tokio::test]
async fn attack_01_02_addresses_that_are_read_in_two_ways_cannot_be_registered() {
    let app = open().await;
    for uri in [
        "https://user@app.example/cb",
        "https://app.example@evil.example/cb",
        "https://a@b@app.example/cb",
        "https://app.example\\@evil.example/cb",
        "https://app.example/cb\u{9}",
        " https://app.example/cb",
        "https://app.example/c b",
        "https://\u{430}pp.example/cb",
        "https://app.example/cb\u{0}",
        "//app.example/cb",
        "/cb",
        "http://app.example/cb",
        "*",
    ] {
        let answer = register(&app, &usual(json!({ "redirect_uris": [uri] }))).await;
        is_refused(&answer, "invalid_redirect_uri", "redirect_uris");
    }
    // What is registered is a text, not a pattern.
    let told = registered(
        &app,
        &usual(json!({ "redirect_uris": ["https://app.example/a/*"] })),
    )
    .await;
    let mut shop = party(&app, &told);
    for other in [
        "https://app.example/a/b",
        "https://app.example/a/",
        "https://app.example/a/*?x=1",
    ] {
        shop.redirect_uri = other.to_owned();
        let page = app.browser().get_once(&shop.authorize_url(&[])).await;
        assert_eq!((page.status, page.location()), (400, None), "{other}");
    }
    app.end().await;
}

#[tokio::test]
async fn attack_03_addresses_that_run_code_cannot_be_registered() {
    let app = open().await;
    for uri in [
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://app.example/x",
        "about:blank",
    ] {
        for kind in ["web", "native"] {
            for member in [
                "redirect_uris",
                "post_logout_redirect_uris",
                "logo_uri",
                "policy_uri",
                "tos_uri",
                "client_uri",
                "initiate_login_uri",
                "backchannel_logout_uri",
            ] {
                let value = if member.ends_with("_uris") {
                    json!([uri])
                } else {
                    json!(uri)
                };
                let wire = usual(json!({ "application_type": kind, member: value }));
                let answer = register(&app, &wire).await;
                assert_eq!(answer.status, 400, "{member} {uri}");
            }
        }
    }
    app.end().await;
}

#[tokio::test]
async fn attack_04_only_loopback_addresses_go_without_tls() {
    let app = open().await;
    let native = |uri: &str| {
        let uris = json!([uri]);
        usual(json!({
            "application_type": "native", "token_endpoint_auth_method": "none",
            "redirect_uris": uris,
        }))
    };
    for uri in [
        "http://localhost.evil.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://127.0.0.1@evil.example/cb",
        "http://0.0.0.0/cb",
        "http://10.0.0.1/cb",
        "http://127.0.0.1:*/cb",
        "app:/cb",
    ] {
        let answer = register(&app, &native(uri)).await;
        is_refused(&answer, "invalid_redirect_uri", "redirect_uris");
    }
    // The port is free for a program on a device, and for nobody else.
    for (kind, goes) in [("native", true), ("web", false)] {
        let mut wire = native("http://127.0.0.1/cb");
        wire["application_type"] = json!(kind);
        let mut program = party(&app, &registered(&app, &wire).await);
        program.redirect_uri = "http://127.0.0.1:4711/cb".to_owned();
        let page = app.browser().get_once(&program.authorize_url(&[])).await;
        assert_eq!(page.location().is_some(), goes, "{kind}: {}", page.body);
    }
    app.end().await;
}

#[tokio::test]
async fn attack_39_42_a_name_is_text_and_not_a_disguise() {
    let app = open().await;
    for name in [
        "Gov\u{202e}ernment",
        "Go\u{200b}v",
        "line\nbreak",
        "\u{2066}x",
        &"x".repeat(301),
        // One letter is of the other alphabet.
        "Госуcлуги",
        "P\u{430}yPal",
    ] {
        for member in ["client_name", "client_name#ru", "client_name#en-GB"] {
            let answer = register(&app, &usual(json!({ member: name }))).await;
            is_refused(&answer, "invalid_client_metadata", "client_name");
        }
    }
    let name = "<img src=x onerror=alert(1)>\"'&";
    let told = registered(&app, &usual(json!({ "client_name": name }))).await;
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get(&party(&app, &told).authorize_url(&[])).await;
    assert_eq!(page.text(".site-name").as_deref(), Some(name));
    assert!(!page.body.contains("<img src=x"), "{}", page.body);
    app.end().await;
}

#[tokio::test]
async fn attack_43_what_only_the_operator_grants_cannot_be_registered() {
    let app = open().await;
    let forged = json!({
        "client_id": "portal",
        "client_secret": "a secret that I have chosen myself",
        "client_secret_digest": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        "client_secret_file": "/etc/passwd",
        "jwks_file": "/etc/passwd",
        "name": { "ru": "Госуслуги", "en": "Government" },
        "purpose": { "ru": "Так надо", "en": "It must be" },
        "required_scope": "openid profile email phone",
        "may_introspect_any": true,
        "minimum_level": "verified",
        "minimum_strength": "aal3",
        "consent_days": 3_650,
        "sector_identifier": "portal.example",
        "access_token_signed_response_alg": "EdDSA",
        "self_registered": false,
        "beside": { "self_registered": false },
        // Paths into what is kept, as other servers have followed them.
        "client.may_introspect_any": true,
        "$.self_registered": false,
        "name.ru": "Госуслуги",
        "attributes": { "self_registered": "false" },
    });
    let told = registered(&app, &usual(forged.clone())).await;
    assert_ne!(told["client_id"], "portal");
    assert_ne!(told["client_secret"], forged["client_secret"]);
    let wire = {
        let mut wire = usual(forged);
        wire["client_id"] = told["client_id"].clone();
        wire["client_secret"] = told["client_secret"].clone();
        wire
    };
    let changed = replace(&told, &wire).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    for answer in [&told, &changed.json()] {
        for name in [
            "may_introspect_any",
            "required_scope",
            "name",
            "self_registered",
            "beside",
            "attributes",
        ] {
            assert_eq!(answer.get(name), None, "{name}");
        }
    }
    let client = stored(&app, &told).await;
    let clean = stored(&app, &registered(&app, &usual(json!({}))).await).await;
    assert!(client.self_registered && !client.may_introspect_any);
    assert_eq!(client.name.ru, "Shop");
    assert_eq!(client.required_scope, "openid");
    assert_eq!((client.purpose, client.consent_days), (None, None));
    assert_eq!(client.sector_identifier, None);
    assert_eq!(client.minimum_level, clean.minimum_level);
    assert_eq!(
        client.access_token_signed_response_alg,
        clean.access_token_signed_response_alg
    );
    assert_eq!(client.beside, clean.beside);

    // It sees nobody else's tokens.
    let portal = RelyingParty::new(&app, "portal");
    let tokens = portal.tokens(&app.browser(), ANNA, &[]).await;
    let seen = party(&app, &told).introspect(&tokens.access).await;
    assert_eq!(seen, json!({ "active": false }));
    app.end().await;
}

/// What citizens agreed to belongs to these hosts: another client of the same
/// id would inherit it.
#[tokio::test]
async fn attack_43_a_change_makes_no_other_client_of_it() {
    let app = open().await;
    let told = registered(&app, &usual(json!({}))).await;
    let shop = party(&app, &told);
    let subject = shop.tokens(&app.browser(), ANNA, &[]).await.id_claims()["sub"].clone();
    for (more, code) in [
        (
            json!({ "redirect_uris": ["https://portal.example/callback"] }),
            "invalid_redirect_uri",
        ),
        (
            json!({ "redirect_uris": [CALLBACK, "https://portal.example/callback"] }),
            "invalid_redirect_uri",
        ),
        (
            json!({ "redirect_uris": ["https://sub.app.example/callback"] }),
            "invalid_redirect_uri",
        ),
        (
            json!({ "redirect_uris": ["http://127.0.0.1/callback"] }),
            "invalid_redirect_uri",
        ),
        (
            json!({ "application_type": "native", "redirect_uris": ["com.example:/cb"] }),
            "invalid_redirect_uri",
        ),
        (
            json!({ "grant_types": ["client_credentials"], "redirect_uris": [] }),
            "invalid_redirect_uri",
        ),
        (
            json!({ "subject_type": "public" }),
            "invalid_client_metadata",
        ),
    ] {
        let answer = replace(&told, &change(&told, more.clone())).await;
        assert_eq!(answer.json()["error"], code, "{more}: {}", answer.body);
    }
    let answer = replace(
        &told,
        &change(&told, json!({ "id_token_signed_response_alg": "PS256" })),
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let again = shop.tokens(&app.browser(), ANNA, &[]).await.id_claims();
    assert_eq!(again["sub"], subject);
    app.end().await;
}

/// More scopes than a citizen agreed to are asked for anew.
#[tokio::test]
async fn attack_42_a_wider_registration_widens_no_consent() {
    let app = open().await;
    let told = registered(&app, &usual(json!({ "scope": "openid profile" }))).await;
    let shop = party(&app, &told);
    let browser = app.browser();
    shop.tokens(&browser, ANNA, &[]).await;
    let wider = change(&told, json!({ "scope": "openid profile email" }));
    assert_eq!(replace(&told, &wider).await.status, 200);
    let wide = shop.authorize_url(&[("scope", "openid profile email")]);
    assert!(browser.get(&wide).await.has("#consent-allow"));
    let silent = shop.authorize_url(&[("scope", "openid profile email"), ("prompt", "none")]);
    let page = browser.get_once(&silent).await;
    assert_eq!(page.sent("error").unwrap(), "consent_required");
    app.end().await;
}

#[tokio::test]
async fn attack_43_a_client_that_was_switched_off_does_not_come_back_by_its_token() {
    let app = open().await;
    let told = registered(&app, &usual(json!({}))).await;
    let id = ClientId::from(text(&told, "client_id"));
    let switch = async |off| {
        let switched = app
            .app
            .storage
            .disable_client(id.clone(), off, app.now())
            .await;
        assert!(switched.unwrap());
    };
    switch(true).await;
    let before = app.contents().await;
    for answer in [
        read(&told).await,
        replace(&told, &change(&told, json!({ "client_name": "Back" }))).await,
        remove(&told).await,
    ] {
        no_token(&answer);
    }
    assert_eq!(app.contents().await, before);
    let page = app
        .browser()
        .get_once(&party(&app, &told).authorize_url(&[]))
        .await;
    assert_eq!((page.status, page.location()), (400, None));
    // Only who switched it off switches it on again.
    switch(false).await;
    assert_eq!(read(&told).await.status, 200);

    // One that was deleted is not brought back by that either.
    assert_eq!(remove(&told).await.status, 204);
    switch(false).await;
    no_token(&read(&told).await);
    let page = app
        .browser()
        .get_once(&party(&app, &told).authorize_url(&[]))
        .await;
    assert_eq!((page.status, page.location()), (400, None));
    app.end().await;
}

/// An operator who registers a client under the id of one that registered
/// itself takes it over: its token is over.
#[tokio::test]
async fn attack_43_a_client_that_was_taken_over_is_no_longer_its_own() {
    use propusk::protocol::registration::{Source, store};
    let app = open().await;
    let told = registered(&app, &usual(json!({}))).await;
    let client = stored(&app, &told).await;
    store(&app.app.storage, &client, Source::CommandLine, app.now())
        .await
        .unwrap();
    let before = app.contents().await;
    for answer in [
        read(&told).await,
        replace(&told, &change(&told, json!({}))).await,
        remove(&told).await,
    ] {
        no_token(&answer);
    }
    assert_eq!(app.contents().await, before);
    app.end().await;
}
