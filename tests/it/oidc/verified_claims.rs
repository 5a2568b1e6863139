//! Items 137–142: `verified_claims`, built from the evidence.

use serde_json::{Value, json};

use super::{metadata, strings};
use crate::levels::{become_standard, centre};
use crate::support::app::ANNA;
use crate::support::steps::signed_in;
use crate::support::{Browser, RelyingParty, TestApp};

const SCOPE: (&str, &str) = ("scope", "openid");

/// What userinfo and the ID token say of somebody for these requests.
async fn asked(app: &TestApp, browser: &Browser, claims: &Value) -> (Value, Value) {
    let portal = RelyingParty::new(app, "portal");
    let claims = claims.to_string();
    let tokens = portal
        .tokens(browser, ANNA, &[SCOPE, ("claims", &claims)])
        .await;
    (
        portal.userinfo(&tokens.access).await.json(),
        tokens.id_claims(),
    )
}

async fn of_userinfo(app: &TestApp, browser: &Browser, request: &Value) -> Value {
    let claims = json!({ "userinfo": { "verified_claims": request } });
    asked(app, browser, &claims).await.0["verified_claims"].clone()
}

fn request(verification: &Value, claims: &Value) -> Value {
    json!({ "verification": verification, "claims": claims })
}

/// Somebody whose data registries know.
async fn checked(app: &TestApp) -> Browser {
    let browser = signed_in(app, ANNA).await;
    become_standard(app, &browser, &[]).await;
    browser
}

/// Asks for everything there can be.
fn everything() -> Value {
    request(
        &json!({
            "trust_framework": null, "assurance_level": null, "time": null,
            "evidence": [
                {
                    "type": { "value": "electronic_record" },
                    "check_details": [{ "check_method": null, "time": null }],
                    "record": { "type": null },
                },
                {
                    "type": { "value": "document" },
                    "check_details": [{ "check_method": null, "time": null }],
                    "document_details": { "type": null, "issuer": { "country_code": null } },
                },
            ],
        }),
        &json!({
            "given_name": null, "family_name": null, "middle_name": null, "birthdate": null,
            "gender": null, "snils": null,
        }),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn oidc_137_what_is_supported_is_published_and_true() {
    let app = TestApp::start().await;
    let metadata = metadata(&app).await;
    assert_eq!(metadata["verified_claims_supported"], true);
    assert_eq!(metadata["claims_parameter_supported"], true);
    let browser = checked(&app).await;
    let number = centre::number(&browser).await;
    let desk = signed_in(&app, centre::OPERATOR).await;
    let page = centre::open(&desk, &number).await;
    desk.submit(&page, "case-confirm", &centre::EVERYTHING)
        .await;
    let found = of_userinfo(&app, &browser, &everything()).await;
    let verification = &found["verification"];
    assert_eq!(
        strings(&metadata["trust_frameworks_supported"]),
        [verification["trust_framework"].as_str().unwrap()]
    );
    let claims = found["claims"].as_object().unwrap();
    for name in strings(&metadata["claims_in_verified_claims_supported"]) {
        assert!(claims.contains_key(name), "{name} is promised: {found}");
    }
    let all = |pick: fn(&Value) -> Vec<Value>| {
        let evidence = verification["evidence"].as_array().unwrap();
        let mut all: Vec<String> = evidence
            .iter()
            .flat_map(pick)
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect();
        all.sort();
        all.dedup();
        all
    };
    // What comes of banks is shown in banks/proving.rs, and of signatures in
    // signature/proving.rs.
    let promised = |name: &str| {
        let mut all = strings(&metadata[name]);
        all.retain(|one| !["vouch", "bank_account", "electronic_signature"].contains(one));
        all.sort();
        all
    };
    assert_eq!(
        all(|one| vec![one["type"].clone()]),
        promised("evidence_supported")
    );
    assert_eq!(
        all(|one| vec![one["document_details"]["type"].clone()]),
        promised("documents_supported")
    );
    assert_eq!(
        all(|one| vec![one["record"]["type"].clone()]),
        promised("electronic_records_supported")
    );
    assert_eq!(verification["assurance_level"], "verified");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oidc_138_the_answer_has_the_shape_of_the_specification() {
    let app = TestApp::start().await;
    let browser = checked(&app).await;
    let found = of_userinfo(&app, &browser, &everything()).await;
    let members = |value: &Value| {
        let mut names: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    };
    assert_eq!(members(&found), ["claims", "verification"]);
    let verification = &found["verification"];
    assert_eq!(
        members(verification),
        ["assurance_level", "evidence", "time", "trust_framework"]
    );
    assert_eq!(verification["time"], "2026-03-24T09:00:00Z");
    let evidence = verification["evidence"].as_array().unwrap();
    assert_eq!(evidence.len(), 3, "{found}");
    for one in evidence {
        assert_eq!(one["type"], "electronic_record");
        let details = one["check_details"].as_array().unwrap();
        assert_eq!(details[0]["check_method"], "data");
        assert!(one["record"]["type"].is_string());
    }
    assert_eq!(
        found["claims"],
        json!({
            "given_name": "Анна", "family_name": "Соколова", "middle_name": "Павловна",
            "birthdate": "1990-03-24", "gender": "female", "snils": "000-000-300 00",
        })
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oidc_139_unknown_claims_are_left_out_and_nothing_is_never_an_empty_answer() {
    let app = TestApp::start().await;
    let browser = checked(&app).await;
    let framework = json!({ "trust_framework": null });
    let odd = json!({ "given_name": null, "rank": { "essential": true }, " ": null, "Имя": {} });
    let found = of_userinfo(&app, &browser, &request(&framework, &odd)).await;
    assert_eq!(found["claims"], json!({ "given_name": "Анна" }));
    let none = json!({ "rank": { "essential": true } });
    let found = of_userinfo(&app, &browser, &request(&framework, &none)).await;
    assert_eq!(found, Value::Null);
    // A person nobody has checked has nothing that is verified.
    let other = RelyingParty::new(&app, "portal");
    let claims = json!({ "userinfo": { "verified_claims": everything() } }).to_string();
    let tokens = other
        .tokens(
            &app.browser(),
            crate::support::app::TIMUR,
            &[SCOPE, ("claims", &claims)],
        )
        .await;
    let about = other.userinfo(&tokens.access).await.json();
    assert_eq!(about.get("verified_claims"), None, "{about}");
    // A request that is none is an error of the client.
    let wrong = json!({ "userinfo": { "verified_claims": request(&json!({}), &odd) } });
    let page = browser
        .get_once(&other.authorize_url(&[SCOPE, ("claims", &wrong.to_string())]))
        .await;
    assert_eq!(page.sent("error").as_deref(), Some("invalid_request"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oidc_140_what_meets_no_condition_is_left_out() {
    let app = TestApp::start().await;
    let browser = checked(&app).await;
    let framework = json!({ "trust_framework": null });
    let narrow = json!({
        "given_name": { "value": "Мария" }, "family_name": { "values": ["Ким", "Соколова"] },
    });
    let found = of_userinfo(&app, &browser, &request(&framework, &narrow)).await;
    assert_eq!(found["claims"], json!({ "family_name": "Соколова" }));
    let foreign = json!({ "trust_framework": { "value": "eidas" } });
    let names = json!({ "given_name": null });
    let found = of_userinfo(&app, &browser, &request(&foreign, &names)).await;
    assert_eq!(found, Value::Null);
    let two = json!([request(&foreign, &names), request(&framework, &names)]);
    let found = of_userinfo(&app, &browser, &two).await;
    assert_eq!(found["claims"], json!({ "given_name": "Анна" }));
    app.advance(600).await;
    let young = json!({ "trust_framework": null, "time": { "max_age": 300 } });
    let found = of_userinfo(&app, &browser, &request(&young, &names)).await;
    assert_eq!(found["verification"].get("time"), None, "{found}");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oidc_141_three_ways_to_want_a_claim_mean_the_same() {
    let app = TestApp::start().await;
    let browser = checked(&app).await;
    for any in [json!(null), json!({}), json!({ "essential": false })] {
        let wanted = request(
            &json!({ "trust_framework": any }),
            &json!({ "given_name": any }),
        );
        let found = of_userinfo(&app, &browser, &wanted).await;
        assert_eq!(
            found,
            request(
                &json!({ "trust_framework": "urn:propusk:ial" }),
                &json!({ "given_name": "Анна" })
            ),
            "{any}"
        );
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oidc_142_it_comes_where_it_was_asked_for_and_nothing_more_comes() {
    let app = TestApp::start().await;
    let browser = checked(&app).await;
    let framework = json!({ "trust_framework": null });
    let name = request(&framework, &json!({ "given_name": null }));
    let birth = request(&framework, &json!({ "birthdate": null }));
    let claims = json!({ "userinfo": { "verified_claims": name },
                         "id_token": { "verified_claims": birth } });
    let (about, token) = asked(&app, &browser, &claims).await;
    assert_eq!(
        about["verified_claims"]["claims"],
        json!({ "given_name": "Анна" })
    );
    assert_eq!(
        token["verified_claims"]["claims"],
        json!({ "birthdate": "1990-03-24" })
    );
    assert_eq!(
        about["verified_claims"]["verification"],
        token["verified_claims"]["verification"]
    );
    for plain in ["given_name", "birthdate"] {
        assert_eq!(about.get(plain), None, "{about}");
        assert_eq!(token.get(plain), None, "{token}");
    }
    app.end().await;
}
