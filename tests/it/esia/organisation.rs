//! Tokens of organisations for their own systems, without any person.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use propusk::clock::Clock;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::app::ANNA;
use crate::support::authority::Kind;
use crate::support::esia::{
    CLIENT, Params, Party, ac, address, agree, part, post, rs, te, timestamp, told,
};
use crate::support::http;

const OID: i64 = 1_000_000_777;
const KEY: &str = "6d0f0a6e-6f0b-2b7e-9a55-0c6a3c2d8f11";
const WHOLE: &str = "http://esia.gosuslugi.ru/org_inf?org_oid=1000000777";

fn organisation() -> Value {
    json!({ "organisation": {
        "oid": OID, "full_name": "ООО «Пример»", "short_name": "Пример",
        "ogrn": "1000000000007", "inn": "5001007322", "api_keys": [KEY],
    } })
}

fn request(app: &TestApp, state: &str, scope: &str) -> Params {
    vec![
        ("client_id", CLIENT.to_owned()),
        ("response_type", "token".to_owned()),
        ("grant_type", "client_credentials".to_owned()),
        ("scope", scope.to_owned()),
        ("state", state.to_owned()),
        ("timestamp", timestamp(app, 0)),
        ("token_type", "Bearer".to_owned()),
    ]
}

async fn asked(app: &TestApp, party: &Party, scope: &str) -> (u16, Value) {
    let mut request = request(app, scope, scope);
    party.cms(&mut request);
    post(app, "/aas/oauth2/te", &request).await
}

#[tokio::test]
async fn a_system_reads_its_own_organisation_and_no_other() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(organisation()).await;
    let (status, answer) = asked(&app, &party, WHOLE).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        (&answer["state"], &answer["expires_in"]),
        (&json!(WHOLE), &json!(3_600))
    );
    assert!(answer.get("refresh_token").is_none() && answer.get("id_token").is_none());
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(part(token, 1)["scope"], json!(WHOLE));
    let way = format!("/rs/orgs/{OID}");
    let (status, found) = rs(&app, token, &way).await;
    assert_eq!(status, 200, "{found}");
    assert_eq!(found["stateFacts"], json!(["EntityRoot"]));
    assert_eq!(found["fullName"], json!("ООО «Пример»"));
    assert_eq!(
        (&found["ogrn"], &found["type"], found.get("kpp")),
        (&json!("1000000000007"), &json!("LEGAL"), None)
    );
    for collection in ["ctts", "addrs", "emps", "grps"] {
        let (status, found) = rs(&app, token, &format!("{way}/{collection}")).await;
        assert_eq!((status, &found["size"]), (200, &json!(0)), "{collection}");
    }
    assert_eq!(rs(&app, token, &format!("{way}/secrets")).await.0, 404);
    assert_eq!(rs(&app, token, "/rs/orgs/1000000778").await.0, 403);
    // It is nobody's token.
    assert_eq!(rs(&app, token, &format!("/rs/prns/{OID}")).await.0, 401);

    let (_, answer) = asked(
        &app,
        &party,
        "http://esia.gosuslugi.ru/org_ogrn?org_oid=1000000777",
    )
    .await;
    let token = answer["access_token"].as_str().unwrap();
    let (_, found) = rs(&app, token, &way).await;
    assert_eq!(found["ogrn"], json!("1000000000007"));
    assert!(found.get("fullName").is_none() && found.get("inn").is_none());
    assert_eq!(rs(&app, token, &format!("{way}/emps")).await.0, 403);

    // What stands beside the number means nothing and is not handed on.
    for more in [
        "&mode=w",
        "&org_oid=1000000778",
        "&a=\tfullname?oid=1000000001",
    ] {
        let (_, answer) = asked(&app, &party, &format!("{WHOLE}{more}")).await;
        let token = answer["access_token"].as_str().unwrap();
        assert_eq!(part(token, 1)["scope"], json!(WHOLE), "{more}");
        assert_eq!(part(token, 1).get("urn:esia:sbj_id"), None);
    }
    for (scope, code) in [
        (
            "http://esia.gosuslugi.ru/org_inf?org_oid=1000000778",
            "ESIA-007194",
        ),
        (
            "http://esia.gosuslugi.ru/usr_inf?org_oid=1000000777",
            "ESIA-007006",
        ),
        ("org_inf?org_oid=1000000777", "ESIA-007006"),
    ] {
        let (status, answer) = asked(&app, &party, scope).await;
        let description = answer["error_description"].as_str().unwrap();
        assert!(status == 400 && description.starts_with(code), "{answer}");
    }

    // A person's token tells nothing of it.
    let mut request = ac(&app, "s", "openid fullname");
    party.cms(&mut request);
    let browser = app.browser();
    let back = agree(&app, &browser, &address("/aas/oauth2/ac", &request), ANNA).await;
    let mut exchange = te(&app, "t", &told(&back, "code").unwrap());
    party.cms(&mut exchange);
    let (_, answer) = post(&app, "/aas/oauth2/te", &exchange).await;
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(rs(&app, token, &way).await.0, 403);
    app.end().await;
}

#[tokio::test]
async fn a_system_without_an_organisation_has_no_token_of_one() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let (status, answer) = asked(&app, &party, WHOLE).await;
    let description = answer["error_description"].as_str().unwrap();
    assert!(status == 400 && description.starts_with("ESIA-007194"));
    app.end().await;
}

/// What the program that signs takes for the time is the machine's.
async fn at_the_machines_time(app: &TestApp, later: i64) {
    let ahead = Clock::System.now().seconds() + later - app.now().seconds();
    app.advance(u64::try_from(ahead).unwrap()).await;
}

async fn by_key(app: &TestApp, key: &str, signature: &[u8]) -> (u16, Value) {
    let signature = URL_SAFE_NO_PAD.encode(signature);
    let way = format!("/esia-rs/api/public/v1/orgs/ext-app/{key}/tkn?signature={signature}");
    let sent = http::client().get(app.at(&way)).send().await.unwrap();
    (sent.status().as_u16(), sent.json().await.unwrap())
}

#[tokio::test]
async fn attack_34_a_signed_api_key_gives_a_token_once() {
    for kind in [Kind::Rsa, Kind::Gost256] {
        let mut party = Party::new(kind);
        let term = ["20260101000000Z", "20991231000000Z"];
        party.certificate = party
            .authority
            .certify("/C=RU/O=RP/CN=rp.example", term, "");
        let app = party.app(organisation()).await;
        at_the_machines_time(&app, 0).await;
        let sign = |text: &str, more: &[&str]| {
            let options = [&["-binary", "-outform", "DER"], more].concat();
            party.certificate.sign_with(text.as_bytes(), &options)
        };
        let refused = (
            401,
            json!({ "code": "ESIA-007053", "message": "OAuthErrorEnum.clientSecretWrong" }),
        );
        // Another text, another key, no time, nothing.
        let other = "00000000-0000-0000-0000-000000000001";
        assert_eq!(by_key(&app, KEY, &sign(other, &[])).await, refused);
        assert_eq!(by_key(&app, other, &sign(other, &[])).await, refused);
        assert_eq!(by_key(&app, KEY, &sign(KEY, &["-noattr"])).await, refused);
        assert_eq!(by_key(&app, KEY, b"").await, refused);
        let stranger = party.authority.certify("/CN=other.example", term, "");
        let foreign = stranger.sign_with(KEY.as_bytes(), &["-binary", "-outform", "DER"]);
        assert_eq!(by_key(&app, KEY, &foreign).await, refused);

        let signature = sign(KEY, &[]);
        let (status, answer) = by_key(&app, KEY, &signature).await;
        assert_eq!(status, 200, "{answer}");
        let token = answer["accessTkn"].as_str().unwrap();
        let claims = part(token, 1);
        assert_eq!(claims["scope"], json!(WHOLE));
        let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert_eq!(life, 86_400);
        assert_eq!(rs(&app, token, &format!("/rs/orgs/{OID}")).await.0, 200);
        assert_eq!(by_key(&app, KEY, &signature).await, refused);

        // Its key is taken away, and the token is over.
        let storage = &app.app.storage;
        let id = propusk::model::id::ClientId::from(CLIENT);
        let mut record = storage.find_client(&id).await.unwrap().unwrap();
        let before = record.metadata.clone();
        record.metadata = before.replace(&format!("[\"{KEY}\"]"), "[]");
        assert_ne!(record.metadata, before);
        storage.put_client(record.clone()).await.unwrap();
        assert_eq!(rs(&app, token, &format!("/rs/orgs/{OID}")).await.0, 401);
        record.metadata = before;
        storage.put_client(record).await.unwrap();

        // A signature of yesterday is of no use today.
        let signature = sign(KEY, &[]);
        at_the_machines_time(&app, 86_400).await;
        assert_eq!(by_key(&app, KEY, &signature).await, refused);
        app.end().await;
    }
}

#[tokio::test]
async fn api_keys_are_not_tried_without_end() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(organisation()).await;
    for _ in 0..120 {
        assert_eq!(by_key(&app, KEY, b"no").await.0, 401);
    }
    let (status, answer) = by_key(&app, KEY, b"no").await;
    assert_eq!((status, &answer["code"]), (429, &json!("ESIA-007008")));
    app.end().await;
}
