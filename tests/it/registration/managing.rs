//! Item 69 and RFC 7592: a client reads, replaces and deletes its registration.

use serde_json::{Value, json};

use super::{
    CALLBACK, PATH, http, is_refused, no_token, open, party, read, registered, remove, replace,
    text, usual,
};
use crate::support::RelyingParty;
use crate::support::app::ANNA;
use crate::support::relying_party::{Answer, basic};

/// Metadata for a change: the usual ones with the client's id.
fn change(told: &Value, more: Value) -> Value {
    let mut all = usual(more);
    all["client_id"] = told["client_id"].clone();
    all
}

#[tokio::test]
async fn oidc_069_a_client_reads_what_it_registered() {
    let app = open().await;
    let told = registered(&app, &usual(json!({ "contacts": ["duty@app.example"] }))).await;
    app.advance(60).await;
    let answer = read(&told).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let mut expected = told.clone();
    // Only its digest is kept.
    for name in ["client_secret", "client_secret_expires_at"] {
        expected.as_object_mut().unwrap().remove(name);
    }
    assert_eq!(answer.json(), expected);
    app.end().await;
}

#[tokio::test]
async fn oidc_069_with_a_deleted_client_everything_ends() {
    let app = open().await;
    let more = json!({
        "client_name": "Short-lived", "scope": "openid profile offline_access",
        "policy_uri": "https://app.example/short-lived",
    });
    let told = registered(&app, &usual(more)).await;
    let shop = party(&app, &told);
    let browser = app.browser();
    let scope = [("scope", "openid profile offline_access")];
    let tokens = shop.tokens(&browser, ANNA, &scope).await;
    let code = shop.code(&browser, ANNA, &scope).await;

    let answer = remove(&told).await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(shop.userinfo(&tokens.access).await.status, 401);
    let machine = RelyingParty::new(&app, "machine");
    assert_eq!(machine.introspect(&tokens.access).await["active"], false);
    let refresh = tokens.refresh.unwrap();
    assert_eq!(machine.introspect(&refresh).await["active"], false);
    shop.refresh(&refresh).await.refuses("invalid_client");
    shop.redeem(&code).await.refuses("invalid_client");
    let page = browser.get_once(&shop.authorize_url(&[])).await;
    assert_eq!((page.status, page.location()), (400, None));

    // Its token does nothing any more, and its words are gone.
    for answer in [
        read(&told).await,
        replace(&told, &change(&told, json!({}))).await,
        remove(&told).await,
    ] {
        no_token(&answer);
    }
    let contents = app.database.contents().await;
    let clients = format!("{:?}", contents["clients"]);
    assert!(
        !clients.contains("hort-lived") && !clients.contains("app.example"),
        "{clients}"
    );
    assert!(contents["registrations"].is_empty());
    // The citizen still sees that there was something.
    let page = browser.get("/account/consents").await;
    assert!(page.body.contains("Удалённое приложение"), "{}", page.body);
    app.end().await;
}

#[tokio::test]
async fn a_change_replaces_everything() {
    let app = open().await;
    let more = json!({ "logo_uri": "https://app.example/logo.png", "contacts": ["a@app.example"] });
    let told = registered(&app, &usual(more)).await;
    let shop = party(&app, &told);
    shop.tokens(&app.browser(), ANNA, &[]).await;

    let other = "https://app.example/other";
    let more = json!({ "client_name": "Renamed", "redirect_uris": [other], "tos_uri": "https://app.example/terms" });
    let answer = replace(&told, &change(&told, more)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let changed = answer.json();
    assert_eq!(changed["client_name"], "Renamed");
    assert_eq!(changed["tos_uri"], "https://app.example/terms");
    for gone in ["logo_uri", "contacts", "client_secret"] {
        assert_eq!(changed.get(gone), None, "{gone}");
    }
    for kept in [
        "client_id",
        "client_id_issued_at",
        "registration_access_token",
        "registration_client_uri",
    ] {
        assert_eq!(changed[kept], told[kept], "{kept}");
    }
    assert_eq!(read(&told).await.json(), changed);
    // The old address is gone, the secret is the same.
    let page = app.browser().get_once(&shop.authorize_url(&[])).await;
    assert_eq!((page.status, page.location()), (400, None));
    let mut moved = shop;
    moved.redirect_uri = other.to_owned();
    moved.tokens(&app.browser(), ANNA, &[]).await;
    app.end().await;
}

#[tokio::test]
async fn a_change_names_its_client_and_nothing_of_ours() {
    let app = open().await;
    let told = registered(&app, &usual(json!({}))).await;
    let other = registered(&app, &usual(json!({}))).await;
    let before = read(&told).await.json();
    for (member, value) in [
        ("client_id", json!(null)),
        ("client_id", other["client_id"].clone()),
        ("client_id", json!("portal")),
        (
            "registration_access_token",
            told["registration_access_token"].clone(),
        ),
        (
            "registration_client_uri",
            told["registration_client_uri"].clone(),
        ),
        ("client_secret_expires_at", json!(0)),
        ("client_id_issued_at", told["client_id_issued_at"].clone()),
        (
            "client_secret",
            json!("a secret of my own choice, and long enough"),
        ),
        ("client_secret", other["client_secret"].clone()),
    ] {
        let mut wire = change(&told, json!({ "client_name": "Changed" }));
        wire[member] = value;
        let answer = replace(&told, &wire).await;
        is_refused(&answer, "invalid_client_metadata", member);
    }
    assert_eq!(read(&told).await.json(), before);
    let right = change(&told, json!({ "client_secret": told["client_secret"] }));
    let answer = replace(&told, &right).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["client_secret"], told["client_secret"]);
    assert_eq!(answer.json()["client_secret_expires_at"], 0);
    app.end().await;
}

#[tokio::test]
async fn a_secret_goes_and_comes_with_the_way_to_authenticate() {
    let app = open().await;
    let told = registered(&app, &usual(json!({}))).await;
    let open_now = replace(
        &told,
        &change(&told, json!({ "token_endpoint_auth_method": "none" })),
    )
    .await;
    assert_eq!(
        open_now.json().get("client_secret"),
        None,
        "{}",
        open_now.body
    );
    let id = text(&told, "client_id");
    let by_secret = async |secret: &str| {
        let fields = [("grant_type", "client_credentials")];
        let request = http::client().post(app.at("/oauth/token")).form(&fields);
        Answer::of(request.header("authorization", basic(id, secret))).await
    };
    by_secret(text(&told, "client_secret"))
        .await
        .refuses("invalid_client");
    let again = replace(&told, &change(&told, json!({}))).await.json();
    let fresh = text(&again, "client_secret");
    assert_ne!(fresh, text(&told, "client_secret"));
    by_secret(text(&told, "client_secret"))
        .await
        .refuses("invalid_client");
    by_secret(fresh).await.refuses("unauthorized_client");
    app.end().await;
}

#[tokio::test]
async fn a_wrong_token_and_an_unknown_client_are_not_told_apart() {
    let app = open().await;
    let told = registered(&app, &usual(json!({}))).await;
    let other = registered(&app, &usual(json!({}))).await;
    let uri = text(&told, "registration_client_uri");
    let unknown = format!("{}/nobody", app.at(PATH));
    let of_file = format!("{}/portal", app.at(PATH));
    let wrong = text(&other, "registration_access_token");
    let mut answers = Vec::new();
    for uri in [uri, &unknown, &of_file] {
        for method in ["GET", "PUT", "DELETE"] {
            let method: reqwest::Method = method.parse().unwrap();
            let body = change(&told, json!({}));
            let request = http::client().request(method.clone(), uri).json(&body);
            let answer = Answer::of(request.bearer_auth(wrong)).await;
            no_token(&answer);
            answers.push(answer.body);
            let bare = Answer::of(http::client().request(method, uri).json(&body)).await;
            assert_eq!((bare.status, bare.body.as_str()), (401, ""));
            assert_eq!(
                bare.header("www-authenticate"),
                Some("Bearer realm=\"propusk\"")
            );
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    // The secret is no token either.
    let secret = text(&told, "client_secret");
    no_token(&Answer::of(http::client().get(uri).bearer_auth(secret)).await);
    assert_eq!(read(&told).await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn of_changes_at_the_same_moment_none_is_half_done() {
    let app = open().await;
    let told = registered(
        &app,
        &usual(json!({ "token_endpoint_auth_method": "none" })),
    )
    .await;
    let changes = (0..16).map(|n| {
        let told = told.clone();
        tokio::spawn(async move {
            let wire = change(&told, json!({ "client_name": format!("Name {n}") }));
            replace(&told, &wire).await
        })
    });
    let answers = futures_util::future::join_all(changes).await;
    let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    let done: Vec<Value> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .map(Answer::json)
        .collect();
    assert!(!done.is_empty());
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer.status, 200 | 503))
    );
    let name = read(&told).await.json()["client_name"].clone();
    let last = done.iter().find(|one| one["client_name"] == name).unwrap();
    // Whoever was told last has the secret that works; the first made it.
    let secrets: Vec<_> = done
        .iter()
        .filter_map(|one| one["client_secret"].as_str())
        .collect();
    assert_eq!(secrets.len(), 1, "{done:?}");
    let mut shop = party(&app, last);
    shop.redirect_uri = CALLBACK.to_owned();
    shop.secret = Some(secrets[0].to_owned());
    shop.tokens(&app.browser(), ANNA, &[]).await;
    app.end().await;
}

#[tokio::test]
async fn clients_of_other_sources_are_left_alone_by_the_configuration() {
    let app = open().await;
    let told = registered(&app, &usual(json!({}))).await;
    propusk::protocol::registration::apply_file(
        &app.app.storage,
        &app.app.vault,
        Vec::new(),
        app.now(),
    )
    .await
    .unwrap();
    assert_eq!(read(&told).await.status, 200);
    party(&app, &told).tokens(&app.browser(), ANNA, &[]).await;
    app.end().await;
}
