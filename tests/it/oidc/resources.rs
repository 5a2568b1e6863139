//! Resource indicators (RFC 8707): for which servers a token is.

use serde_json::{Value, json};

use super::{sent_in_fragment, sent_in_query};
use crate::support::app::ANNA;
use crate::support::client_key::KEYED;
use crate::support::relying_party::{VERIFIER, claims, registration};
use crate::support::{RelyingParty, TestApp};

const TAXES: &str = "https://taxes.example/api";
const SCHOOLS: &str = "https://schools.example/";

async fn start() -> (TestApp, RelyingParty) {
    let app = TestApp::start_with(|config| {
        let clients = config["clients"].as_array_mut().unwrap();
        clients.retain(|client| client["client_id"] != "portal");
        clients.push(registration(
            "portal",
            json!({
                "resources": [TAXES, SCHOOLS],
                "grant_types": ["authorization_code", "refresh_token", "implicit", "client_credentials"],
                "response_types": ["code", "code token"],
            }),
        ));
    })
    .await;
    let portal = RelyingParty::new(&app, "portal");
    (app, portal)
}

async fn code(app: &TestApp, portal: &RelyingParty, named: &[&str]) -> String {
    let scope = ("scope", "openid profile offline_access");
    let mut url = portal.authorize_url(&[scope]);
    for one in named {
        url.push_str(&format!("&resource={one}"));
    }
    let browser = app.browser();
    let page = browser.get(&url).await;
    let page = portal.go_on(&browser, page, ANNA).await;
    sent_in_query(&page)["code"].clone()
}

async fn redeem(portal: &RelyingParty, code: &str, named: &[&str]) -> Value {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", portal.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
    ];
    fields.extend(named.iter().map(|one| ("resource", *one)));
    portal.token(&fields).await.json()
}

fn audience(tokens: &Value) -> Value {
    claims(
        tokens["access_token"]
            .as_str()
            .unwrap_or_else(|| panic!("{tokens}")),
    )["aud"]
        .clone()
}

#[tokio::test]
async fn resource_is_the_audience_of_the_token() {
    let (app, portal) = start().await;
    let first = code(&app, &portal, &[TAXES, SCHOOLS]).await;
    let tokens = redeem(&portal, &first, &[TAXES]).await;
    assert_eq!(audience(&tokens), TAXES);
    // It is not one for userinfo.
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(portal.userinfo(access).await.status, 401);
    assert_eq!(portal.introspect(access).await["aud"], TAXES);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let with = |one: &'static str| {
        let mut fields = fields.to_vec();
        fields.push(("resource", one));
        let portal = &portal;
        async move { portal.token(&fields).await }
    };
    assert_eq!(audience(&with(SCHOOLS).await.json()), SCHOOLS);
    // Without a name it is for all that the grant is for.
    assert_eq!(
        audience(&portal.token(&fields).await.json()),
        json!([SCHOOLS, TAXES])
    );
    // The grant is not for the provider, as it was not named.
    with("https://unknown.example/")
        .await
        .refuses("invalid_target");
    with(Box::leak(app.url.clone().into_boxed_str()))
        .await
        .refuses("invalid_target");
    app.end().await;
}

#[tokio::test]
async fn resource_may_be_named_when_the_code_is_redeemed() {
    let (app, portal) = start().await;
    let plain = code(&app, &portal, &[]).await;
    assert_eq!(audience(&redeem(&portal, &plain, &[]).await), app.url);
    let plain = code(&app, &portal, &[]).await;
    assert_eq!(
        audience(&redeem(&portal, &plain, &[SCHOOLS]).await),
        SCHOOLS
    );
    let fields = [("grant_type", "client_credentials"), ("resource", TAXES)];
    assert_eq!(audience(&portal.token(&fields).await.json()), TAXES);
    app.end().await;
}

#[tokio::test]
async fn resource_that_is_not_registered_is_refused_everywhere() {
    let (app, portal) = start().await;
    for wrong in [
        "https://unknown.example/",
        "taxes",
        "https://taxes.example/api/",
    ] {
        let url = format!("{}&resource={wrong}", portal.authorize_url(&[]));
        let page = app.browser().get_once(&url).await;
        assert_eq!(sent_in_query(&page)["error"], "invalid_target", "{wrong}");
        portal
            .push(&[("resource", wrong)])
            .await
            .refuses_as(wrong, "invalid_target");
        let fields = [("grant_type", "client_credentials"), ("resource", wrong)];
        portal.token(&fields).await.refuses("invalid_target");
    }
    let many: Vec<_> = (0..11).map(|_| ("resource", TAXES)).collect();
    let mut fields = vec![("grant_type", "client_credentials")];
    fields.extend(many);
    portal.token(&fields).await.refuses("invalid_target");
    // A client without any has the provider alone.
    let other = RelyingParty::new(&app, "other");
    let answer = other.push(&[("resource", TAXES)]).await;
    answer.refuses("invalid_target");
    assert_eq!(
        other.push(&[("resource", app.url.as_str())]).await.status,
        201
    );
    app.end().await;
}

#[tokio::test]
async fn resource_travels_in_every_kind_of_request() {
    let (app, portal) = start().await;
    let browser = app.browser();
    let changes = [("resource", TAXES), ("response_type", "code token")];
    let page = portal.enter(&browser, ANNA, &changes).await;
    let sent = sent_in_fragment(&page);
    assert_eq!(claims(&sent["access_token"])["aud"], TAXES);
    let url = portal.pushed_url(&[("resource", SCHOOLS)]).await;
    let code = browser.get(&url).await.sent("code").unwrap();
    assert_eq!(audience(&redeem(&portal, &code, &[]).await), SCHOOLS);
    app.end().await;

    let members = json!({
        "token_endpoint_auth_method": "private_key_jwt", "client_secret": null,
        "jwks": KEYED.jwks(), "resources": [TAXES, SCHOOLS],
    });
    let app = TestApp::start_with(|config| {
        let clients = config["clients"].as_array_mut().unwrap();
        clients.retain(|client| client["client_id"] != "keyed");
        clients.push(registration("keyed", members));
    })
    .await;
    let keyed = RelyingParty::new(&app, "keyed");
    let browser = app.browser();
    for named in [json!(TAXES), json!([SCHOOLS, TAXES])] {
        let object = KEYED.sign(&keyed.request_object(json!({ "resource": named })));
        let answer = keyed.call("/oauth/par", &[("request", &object)]).await;
        let url = keyed.url_of(answer.json()["request_uri"].as_str().unwrap());
        let page = browser.get(&url).await;
        let page = keyed.go_on(&browser, page, ANNA).await;
        let tokens = keyed.redeem(&page.sent("code").unwrap()).await.json();
        assert_eq!(audience(&tokens), named);
    }
    app.end().await;
}
