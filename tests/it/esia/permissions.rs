//! Consents of the digital profile: asked for by `permissions`, read on the
//! consent page, carried by tokens, renewed without the person while they live.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::app::ANNA;
use crate::support::authority::Kind;
use crate::support::esia::{
    AC_V2, CODE_V3, ISSUER, Params, Party, SCOPE, ac, address, part, post, rs, set, te, told,
};
use crate::support::steps::signed_in;

async fn app(party: &Party) -> TestApp {
    let mut client = party.registration(json!({}));
    client["authorization_details_types"] = json!(["CREDIT"]);
    TestApp::start_with(|config| {
        let word = |ru: &str, en: &str| json!({ "ru": ru, "en": en });
        config["esia"] = json!({ "issuer": ISSUER, "permissions": [{
            "sysname": "CREDIT",
            "title": word("Рассмотрение заявки на кредит", "Looking at a request for credit"),
            "purposes": [{ "sysname": "CREDIT", "title": word("Решение о кредите", "A decision about credit") }],
            "required_scopes": ["fullname"],
            "scopes": ["id_doc", "snils", "medical_doc"],
            "longest": 1000,
        }]});
        config["clients"].as_array_mut().unwrap().push(client);
    })
    .await
}

fn permission() -> Value {
    json!({
        "responsibleObject": "ООО «Пример»", "sysname": "CREDIT", "expire": 600,
        "actions": [{ "sysname": "USE_DATA" }, { "sysname": "SHARE_DATA" }],
        "purposes": [{ "sysname": "CREDIT" }],
        "scopes": [{ "sysname": "fullname" }, { "sysname": "snils" }],
    })
}

/// The same as a careless program writes it.
fn written_twice() -> Value {
    let mut written = permission();
    for name in ["actions", "scopes"] {
        let list = written[name].as_array_mut().unwrap();
        list.push(list[0].clone());
    }
    written
}

fn request(app: &TestApp, party: &Party, state: &str, permissions: &Value) -> Params {
    let mut request = ac(app, state, "openid");
    let encoded = URL_SAFE_NO_PAD.encode(permissions.to_string());
    set(&mut request, "permissions", &encoded);
    party.raw(&mut request, AC_V2);
    request
}

#[tokio::test]
async fn a_permission_is_read_carried_renewed_and_ends() {
    let party = Party::new(Kind::Gost256);
    let app = app(&party).await;
    let browser = signed_in(&app, ANNA).await;
    let asked = request(&app, &party, "s", &json!([written_twice()]));
    let page = browser
        .get(&app.at(&address("/aas/oauth2/v2/ac", &asked)))
        .await;
    for text in [
        "Рассмотрение заявки на кредит",
        "ООО «Пример»",
        "Решение о кредите",
        "24.03.2026 22:00:00 МСК",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    let page = browser.submit(&page, "consent-allow", &[]).await;
    let code = told(&page.location().unwrap(), "code").unwrap();
    let mut exchange = te(&app, "t", &code);
    party.raw(&mut exchange, CODE_V3);
    let (status, tokens) = post(&app, "/aas/oauth2/v3/te", &exchange).await;
    assert_eq!(status, 200, "{tokens}");
    let claims = part(tokens["access_token"].as_str().unwrap(), 1);
    let granted = &claims["permissions"][0];
    assert_eq!(granted["sysname"], "CREDIT");
    for name in ["responsibleObject", "actions", "purposes", "scopes"] {
        assert_eq!(granted[name], permission()[name], "{name}");
    }
    let oid = claims["urn:esia:sbj_id"].as_i64().unwrap();
    assert_eq!(
        claims["scope"],
        format!("openid fullname?oid={oid} snils?oid={oid}")
    );
    let url = claims["permissions_url"].as_str().unwrap().to_owned();
    let access = tokens["access_token"].as_str().unwrap();
    let (status, scopes) = rs(&app, access, url.strip_prefix(&app.url).unwrap()).await;
    assert_eq!(
        (status, scopes["elements"].as_array().unwrap().len()),
        (200, 2)
    );

    // In the cabinet, in the words that were read.
    let page = browser.get("/account/consents").await;
    let card = page.attribute("#consents-active a", "href").unwrap();
    let page = browser.get(&card).await;
    assert!(page.body.contains("Решение о кредите"), "{}", page.body);

    // Without the person, while it lives.
    let renew = |state: &str| {
        let mut request = te(&app, state, "");
        request.retain(|(name, _)| *name != "code");
        set(&mut request, "grant_type", "client_credentials");
        set(&mut request, "scope", &format!("prm_chg?oid={oid}"));
        party.raw(&mut request, AC_V2);
        request
    };
    app.advance(3_600).await;
    let (status, renewed) = post(&app, "/aas/oauth2/v3/te", &renew("later")).await;
    assert_eq!(status, 200, "{renewed}");
    let access = renewed["access_token"].as_str().unwrap();
    assert_eq!(rs(&app, access, &format!("/rs/prns/{oid}")).await.0, 200);
    app.advance(9 * 3_600).await;
    let (status, refused) = post(&app, "/aas/oauth2/v3/te", &renew("too late")).await;
    let told = refused["error_description"].as_str().unwrap();
    assert_eq!((status, &told[..11]), (400, "ESIA-007019"));
    app.end().await;
}

/// What was allowed for some minutes is not allowed for good: a later request
/// asks for it anew, and a token that is out tells it no more.
#[tokio::test]
async fn attack_14_a_permission_leaves_nothing_behind() {
    let party = Party::new(Kind::Gost256);
    let app = app(&party).await;
    let browser = signed_in(&app, ANNA).await;
    let mut short = permission();
    short["expire"] = json!(2);
    let asked = request(&app, &party, "s", &json!([short]));
    let page = browser
        .get(&app.at(&address("/aas/oauth2/v2/ac", &asked)))
        .await;
    let page = browser.submit(&page, "consent-allow", &[]).await;
    let mut exchange = te(&app, "t", &told(&page.location().unwrap(), "code").unwrap());
    party.raw(&mut exchange, CODE_V3);
    let (_, tokens) = post(&app, "/aas/oauth2/v3/te", &exchange).await;
    assert_eq!(tokens["expires_in"], 120, "{tokens}");
    app.advance(180).await;
    let mut plain = ac(&app, "plain", "openid fullname snils");
    party.raw(&mut plain, AC_V2);
    let page = browser
        .get(&app.at(&address("/aas/oauth2/v2/ac", &plain)))
        .await;
    assert!(page.has("#consent-allow"), "{}", page.body);
    // The refresh token of then leads to nothing but who it was.
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let mut renew = crate::support::esia::refresh(&app, "r", refresh);
    party.raw(&mut renew, AC_V2);
    let (status, renewed) = post(&app, "/aas/oauth2/v3/te", &renew).await;
    assert_eq!(status, 200, "{renewed}");
    let claims = part(renewed["access_token"].as_str().unwrap(), 1);
    assert_eq!(
        (&claims["scope"], &claims["permissions"]),
        (&json!("openid"), &Value::Null)
    );
    app.end().await;
}

#[tokio::test]
async fn each_wrong_permission_has_its_code() {
    let party = Party::new(Kind::Gost256);
    let app = app(&party).await;
    let changed = |name: &str, value: Value| {
        let mut other = permission();
        other[name] = value;
        json!([other])
    };
    let named = |name: &str| json!([{ "sysname": name }]);
    for (at, (permissions, code)) in [
        (json!({}), "ESIA-007003"),
        (json!([]), "ESIA-007003"),
        (json!(vec![permission(); 6]), "ESIA-007003"),
        (changed("sysname", json!("")), "ESIA-036700"),
        (changed("sysname", json!("OTHER")), "ESIA-036701"),
        (changed("scopes", named("snils")), "ESIA-036702"),
        (
            changed(
                "scopes",
                json!([{ "sysname": "fullname" }, { "sysname": "inn" }]),
            ),
            "ESIA-036703",
        ),
        (
            changed(
                "scopes",
                json!([{ "sysname": "fullname" }, { "sysname": "medical_doc" }]),
            ),
            "ESIA-036704",
        ),
        (changed("actions", json!([])), "ESIA-036705"),
        (changed("actions", named("EAT")), "ESIA-036706"),
        (changed("purposes", json!([])), "ESIA-036707"),
        (changed("expire", json!(1001)), "ESIA-036716"),
        (changed("expire", json!(0)), "ESIA-036716"),
        (changed("purposes", named("OTHER")), "ESIA-036726"),
        (
            changed(
                "purposes",
                json!([{ "sysname": "CREDIT" }, { "sysname": "CREDIT" }]),
            ),
            "ESIA-036727",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let asked = request(&app, &party, &format!("s{at}"), &permissions);
        let page = app
            .browser()
            .get_once(&app.at(&address("/aas/oauth2/v2/ac", &asked)))
            .await;
        let back = page.location().unwrap();
        let description = told(&back, "error_description").unwrap_or_default();
        assert!(description.starts_with(code), "{permissions}: {back}");
    }
    assert!(!SCOPE.contains("medical_doc"));
    app.end().await;
}

/// A program that names nobody asks for itself; what was allowed until a day is
/// renewed although the person has signed out and nothing was asked for their
/// absence.
#[tokio::test]
async fn a_permission_outlives_the_session_it_was_given_in() {
    let party = Party::new(Kind::Gost256);
    let app = app(&party).await;
    let browser = signed_in(&app, ANNA).await;
    let mut asked = permission();
    asked.as_object_mut().unwrap().remove("responsibleObject");
    let mut request = request(&app, &party, "s", &json!([asked]));
    set(&mut request, "access_type", "online");
    set(&mut request, "scope", "openid email");
    party.raw(&mut request, AC_V2);
    let page = browser
        .get(&app.at(&address("/aas/oauth2/v2/ac", &request)))
        .await;
    // Of the relying party the page speaks anyway, in the person's language.
    assert!(!page.body.contains("Кому"), "{}", page.body);
    let page = browser.submit(&page, "consent-allow", &[]).await;
    let mut exchange = te(&app, "t", &told(&page.location().unwrap(), "code").unwrap());
    set(&mut exchange, "scope", "openid ");
    party.raw(&mut exchange, CODE_V3);
    let (status, tokens) = post(&app, "/aas/oauth2/v3/te", &exchange).await;
    assert_eq!(status, 200, "{tokens}");
    assert!(tokens.get("refresh_token").is_none());
    let claims = part(tokens["access_token"].as_str().unwrap(), 1);
    let responsible = &claims["permissions"][0]["responsibleObject"];
    assert_eq!(responsible, "Портал области");
    let oid = claims["urn:esia:sbj_id"].as_i64().unwrap();
    let page = browser.get("/sign-out").await;
    browser.submit(&page, "logout-confirm", &[]).await;
    app.advance(5 * 3_600).await;
    let mut renew = te(&app, "later", "");
    renew.retain(|(name, _)| *name != "code");
    set(&mut renew, "grant_type", "client_credentials");
    set(&mut renew, "scope", &format!("prm_chg?oid={oid}"));
    party.raw(&mut renew, AC_V2);
    let (status, renewed) = post(&app, "/aas/oauth2/v3/te", &renew).await;
    assert_eq!(status, 200, "{renewed}");
    let access = renewed["access_token"].as_str().unwrap();
    assert_eq!(
        part(access, 1)["scope"],
        format!("openid fullname?oid={oid} snils?oid={oid}")
    );
    app.end().await;
}

/// What else was allowed beside a permission was for while the person was there.
#[tokio::test]
async fn attack_14_beside_a_permission_nothing_outlives_the_session() {
    let party = Party::new(Kind::Gost256);
    let app = app(&party).await;
    let browser = signed_in(&app, ANNA).await;
    let mut request = request(&app, &party, "s", &json!([permission()]));
    set(&mut request, "access_type", "online");
    set(&mut request, "scope", "openid email");
    party.raw(&mut request, AC_V2);
    let way = app.at(&address("/aas/oauth2/v2/ac", &request));
    let page = browser.get(&way).await;
    let page = browser.submit(&page, "consent-allow", &[]).await;
    let mut exchange = te(&app, "t", &told(&page.location().unwrap(), "code").unwrap());
    party.raw(&mut exchange, CODE_V3);
    let (_, tokens) = post(&app, "/aas/oauth2/v3/te", &exchange).await;
    let access = tokens["access_token"].as_str().unwrap();
    let oid = part(access, 1)["urn:esia:sbj_id"].as_i64().unwrap();
    let open = async |what: &str| rs(&app, access, &format!("/rs/prns/{oid}{what}")).await;
    let [person, contacts] = ["", "/ctts?embed=(elements)"];
    assert_eq!(open(contacts).await.0, 200);
    assert!(open(person).await.1["firstName"].is_string());
    let page = browser.get("/sign-out").await;
    browser.submit(&page, "logout-confirm", &[]).await;
    assert_eq!(open(contacts).await.0, 403);
    assert!(open(person).await.1["firstName"].is_string());
    app.end().await;
}
