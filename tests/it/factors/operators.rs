//! Operators work only with a key (requirement F1).

use serde_json::json;

use crate::levels::centre;
use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::steps::sign_in;

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_a_password_opens_no_desk_where_keys_are_demanded() {
    let app = TestApp::start_with(|config| {
        config["issuer"] = json!(crate::support::app::BY_NAME);
        config["operators"] = json!({ "require_key": true });
    })
    .await;
    let desk = app.browser();
    sign_in(&desk, centre::OPERATOR, PASSWORD).await;
    for path in [
        "/operator",
        "/operator/papers",
        "/operator/letters",
        "/operator/overrides",
    ] {
        let page = desk.get(path).await;
        assert_eq!(page.status, 403, "{path}");
        assert!(page.has("#no-key-add"), "{path}: {}", page.body);
        assert!(!page.has("form[action^='/operator']"), "{path}");
    }
    let account = desk.get("/account/security").await;
    let csrf = account.attribute("input[name=csrf]", "value").unwrap();
    let fields = [("csrf", csrf.as_str()), ("number", "00000001")];
    let posted = desk.post("/operator/case", &fields).await;
    assert_eq!(posted.status, 403, "{}", posted.body);
    // Who is no operator learns nothing of it.
    let citizen = app.browser();
    sign_in(&citizen, crate::support::app::ANNA, PASSWORD).await;
    assert_eq!(citizen.get("/operator").await.status, 404);
    app.end().await;
}

#[tokio::test]
async fn keys_are_demanded_everywhere_but_at_home() {
    let config = |issuer: &str, demo: bool, asked: serde_json::Value| {
        let text = json!({ "issuer": issuer, "demo": demo, "operators": asked });
        serde_json::from_value::<propusk::config::Config>(text)
            .unwrap()
            .requires_operator_key()
    };
    assert!(config("https://id.region.example", false, json!({})));
    assert!(!config("http://localhost:8080", false, json!({})));
    assert!(!config("https://id.region.example", true, json!({})));
    assert!(config(
        "http://localhost:8080",
        false,
        json!({ "require_key": true })
    ));
    assert!(!config(
        "https://id.region.example",
        false,
        json!({ "require_key": false })
    ));
}
