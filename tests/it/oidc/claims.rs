//! Item 33: the `claims` parameter.

use std::collections::BTreeSet;

use serde_json::json;

use super::sent_in_query;
use crate::support::app::ANNA;
use crate::support::steps::signed_in;
use crate::support::{RelyingParty, TestApp};

#[tokio::test]
async fn oidc_033_single_claims_come_where_they_were_asked_for() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let claims = json!({
        "userinfo": { "name": { "essential": true }, "unheard_of": null },
        "id_token": { "email": null, "auth_time": { "essential": true } },
    });
    let changes = [("scope", "openid"), ("claims", &claims.to_string())];
    let tokens = portal.tokens(&app.browser(), ANNA, &changes).await;
    let about = portal.userinfo(&tokens.access).await.json();
    assert_eq!(about["name"], "Анна Павловна Соколова");
    let names: BTreeSet<_> = about
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(names, BTreeSet::from(["name", "sub"]));
    let id_token = tokens.id_claims();
    assert_eq!(id_token["email"], "anna.sokolova@example.ru");
    assert_eq!(id_token.get("name"), None);
    app.end().await;
}

/// Nothing is named that the site cannot ask for, such as what ESIA calls it.
#[tokio::test]
async fn oidc_033_the_person_reads_single_claims_once() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let claims = json!({ "userinfo": { "email": null, "phone_number": null } }).to_string();
    let browser = signed_in(&app, ANNA).await;
    let changes = [("scope", "openid"), ("claims", claims.as_str())];
    let page = browser.get(&portal.authorize_url(&changes)).await;
    let title = |name: &str| page.text(&format!("#group-{name}"));
    for asked in ["email", "phone"] {
        assert!(title(asked).is_some(), "{asked}: {}", page.body);
    }
    let groups = "section[aria-labelledby^='group-']";
    assert_eq!(page.texts(groups).len(), 3, "{}", page.body);
    browser.submit(&page, "consent-allow", &[]).await;
    let page = browser.get("/account/consents").await;
    let card = page.attribute("#consents-active a", "href").unwrap();
    let page = browser.get(&card).await;
    assert_eq!(page.texts(groups).len(), 3, "{}", page.body);
    app.end().await;
}

#[tokio::test]
async fn oidc_033_a_value_that_cannot_be_met_is_left_out() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let claims = json!({ "userinfo": {
        "given_name": { "value": "Анна", "essential": true },
        "family_name": { "value": "Иванова", "essential": true },
        "gender": { "values": ["male", "female"] },
        "birthdate": { "values": ["2000-01-01"] },
    } });
    let changes = [("scope", "openid"), ("claims", &claims.to_string())];
    let tokens = portal.tokens(&app.browser(), ANNA, &changes).await;
    let about = portal.userinfo(&tokens.access).await.json();
    let names: BTreeSet<_> = about
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(names, BTreeSet::from(["gender", "given_name", "sub"]));
    app.end().await;
}

#[tokio::test]
async fn oidc_033_a_subject_that_is_asked_for_is_the_only_one_that_enters() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let sub = portal.tokens(&browser, ANNA, &[]).await.id_claims()["sub"].clone();
    let asks_for = |sub| json!({ "id_token": { "sub": { "value": sub } } }).to_string();
    // OpenID Connect Core §3.1.2.2: no answer about anybody else.
    for (sub, answer) in [(sub, "code"), (json!("somebody else"), "error")] {
        let claims = asks_for(sub);
        let url = portal.authorize_url(&[("claims", &claims), ("prompt", "none")]);
        let page = browser.get_once(&url).await;
        assert!(
            sent_in_query(&page).contains_key(answer),
            "{:?}",
            page.location()
        );
    }
    app.end().await;
}
