//! Which access tokens open the streams: the client's own, alive, for this, and
//! in the hands they are bound to.

use serde_json::json;

use super::{Site, http, start, start_with};
use crate::support::app::ANNA;
use crate::support::dpop::ProofKey;
use crate::support::relying_party::Answer;

#[tokio::test]
async fn oidc_144_a_bad_token_opens_nothing() {
    let app = start().await;
    let north = Site::new(&app, "north");
    let id = north.polled().await;
    let path = format!("/ssf/stream?stream_id={id}");
    let token = north.token().await;
    for (bad, status) in [("nonsense", 401), ("", 401), (&*format!("{token}x"), 401)] {
        let answer = north.call_with(bad, "GET", &path, None).await;
        assert_eq!(answer.status, status, "{bad}: {}", answer.body);
        assert!(answer.header("www-authenticate").is_some());
    }
    // Never in the address (CAEP Interoperability Profile §2.7.3).
    let in_query = format!("{path}&access_token={token}");
    let answer = Answer::of(http::client().get(app.at(&in_query))).await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    let own = north.call_with(&token, "GET", &path, None).await;
    assert_eq!(own.status, 200, "{}", own.body);
    // Revoked, and expired.
    north.party.revoke(&token).await;
    let answer = north.call_with(&token, "GET", &path, None).await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    let token = north.token().await;
    app.advance(301).await;
    let answer = north.call_with(&token, "GET", &path, None).await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    app.end().await;
}

#[tokio::test]
async fn a_token_opens_what_its_scope_says() {
    let app = start().await;
    let north = Site::new(&app, "north");
    let id = north.polled().await;
    let named = json!({ "stream_id": id });
    let status = json!({ "stream_id": id, "status": "enabled" });
    let subject = json!({ "stream_id": id, "subject": { "format": "opaque", "id": "1" } });
    let read = [
        ("GET", format!("/ssf/stream?stream_id={id}"), None),
        ("GET", format!("/ssf/status?stream_id={id}"), None),
        ("POST", "/ssf/poll".to_owned(), Some(json!({}))),
    ];
    let manage = [
        ("POST", "/ssf/stream".to_owned(), Some(json!({}))),
        ("PATCH", "/ssf/stream".to_owned(), Some(named.clone())),
        ("PUT", "/ssf/stream".to_owned(), Some(named.clone())),
        ("POST", "/ssf/status".to_owned(), Some(status)),
        ("POST", "/ssf/verify".to_owned(), Some(named)),
        (
            "POST",
            "/ssf/subjects/add".to_owned(),
            Some(subject.clone()),
        ),
        ("POST", "/ssf/subjects/remove".to_owned(), Some(subject)),
        ("DELETE", format!("/ssf/stream?stream_id={id}"), None),
    ];
    let none = north.with_scope("profile");
    for (method, path, body) in read.iter().chain(&manage) {
        let answer = none.call(method, path, body.as_ref()).await;
        assert_eq!(answer.status, 403, "{method} {path}: {}", answer.body);
        let challenge = answer.header("www-authenticate").unwrap();
        assert!(challenge.contains("insufficient_scope"), "{challenge}");
    }
    let reader = north.with_scope("ssf.read");
    for (method, path, body) in &read {
        let answer = reader.call(method, path, body.as_ref()).await;
        assert_eq!(answer.status, 200, "{method} {path}: {}", answer.body);
    }
    for (method, path, body) in &manage {
        let answer = reader.call(method, path, body.as_ref()).await;
        assert_eq!(answer.status, 403, "{method} {path}: {}", answer.body);
    }
    let manager = north.with_scope("ssf.manage");
    for (method, path, body) in read.iter().chain(&manage) {
        let answer = manager.call(method, path, body.as_ref()).await;
        assert!(
            matches!(answer.status, 200 | 204 | 409),
            "{method} {path}: {} {}",
            answer.status,
            answer.body
        );
    }
    app.end().await;
}

#[tokio::test]
async fn no_citizen_is_asked_for_the_scopes_of_a_client() {
    let app = start().await;
    let north = Site::new(&app, "north");
    let scope = "openid profile ssf.manage ssf.read";
    let page = north.party.authorize_url(&[("scope", scope)]);
    let page = app.browser().get(&page).await;
    assert!(!page.body.contains("ssf."), "{}", page.body);
    let changes = [("scope", scope)];
    let tokens = north.party.tokens(&app.browser(), ANNA, &changes).await;
    assert_eq!(tokens.all["scope"], "openid profile");
    let answer = north
        .call_with(&tokens.access, "GET", "/ssf/stream", None)
        .await;
    assert_eq!(answer.status, 403, "{}", answer.body);
    // Who is not registered for them gets none.
    let portal = crate::support::RelyingParty::new(&app, "machine");
    let asked = [
        ("grant_type", "client_credentials"),
        ("scope", "ssf.manage"),
    ];
    portal.token(&asked).await.refuses("invalid_scope");
    app.end().await;
}

#[tokio::test]
async fn a_bound_token_is_worth_nothing_without_its_proof() {
    let app = start_with(|config| {
        let mut bound = super::site("bound");
        bound["dpop_bound_access_tokens"] = json!(true);
        config["clients"].as_array_mut().unwrap().push(bound);
    })
    .await;
    let key = ProofKey::generate(&app);
    let mut site = Site::new(&app, "bound");
    let proof = key.proof("POST", "/oauth/token", None);
    site.party.headers = vec![("dpop", proof)];
    let token = site.token().await;
    let bearer = site.call_with(&token, "GET", "/ssf/stream", None).await;
    assert_eq!(bearer.status, 401, "{}", bearer.body);
    let get = |proof: String| {
        http::client()
            .get(app.at("/ssf/stream"))
            .header("authorization", format!("DPoP {token}"))
            .header("dpop", proof)
    };
    // Of another request, of another key, and then as it must be.
    let wrong = key.proof("GET", "/ssf/status", Some(&token));
    assert_eq!(Answer::of(get(wrong)).await.status, 401);
    let other = ProofKey::generate(&app);
    let others = other.proof("GET", "/ssf/stream", Some(&token));
    assert_eq!(Answer::of(get(others)).await.status, 401);
    let right = key.proof("GET", "/ssf/stream", Some(&token));
    let answer = Answer::of(get(right)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    app.end().await;
}
