//! A site demands two kinds of factors (RFC 9470, OpenID Connect Core
//! §5.5.1.1), and the citizen is led to show them and comes back.

use serde_json::json;

use super::{add_app, give};
use crate::levels::strict_portal;
use crate::support::app::ANNA;
use crate::support::steps::signed_in;
use crate::support::{RelyingParty, TestApp, Tokens};

const TWO_KINDS: &str = "urn:propusk:aal:2";

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_made_stronger_for_a_site_and_stays_so() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let phone = add_app(&app, &browser).await;
    // Another browser that is trusted with the password alone has one kind.
    let portal = RelyingParty::new(&app, "portal");
    let asked = [("acr_values", TWO_KINDS)];
    let tokens = portal.tokens(&browser, ANNA, &asked).await;
    let claims = tokens.id_claims();
    assert_eq!(claims["acr"], TWO_KINDS);
    assert_eq!(claims["aal"], TWO_KINDS);
    assert_eq!(claims["amr"], json!(["pwd", "otp", "mfa"]));

    let home = app.browser();
    let page = portal.enter(&home, ANNA, &asked).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    let page = give(&home, &page, &phone.code(&app)).await;
    assert!(page.sent("code").is_some(), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_second_factor_adds_one_on_the_way_or_returns_with_the_error() {
    let app = TestApp::start_with(|config| {
        strict_portal(config, "simplified");
        let clients = config["clients"].as_array_mut().unwrap();
        clients.last_mut().unwrap()["minimum_strength"] = json!("aal2");
    })
    .await;
    let portal = RelyingParty::new(&app, "strict");
    let browser = app.browser();
    let page = portal.enter(&browser, ANNA, &[]).await;
    assert_eq!(page.url.path(), "/step-up", "{}", page.body);
    let refused = browser.submit(&page, "step-up-return", &[]).await;
    assert_eq!(
        refused.sent("error").as_deref(),
        Some("unmet_authentication_requirements")
    );
    let list = browser
        .get(&page.attribute("#step-up-add", "href").unwrap())
        .await;
    let href = list.attribute("#add-totp", "href").unwrap();
    let page = browser.get(&href).await;
    let key: String = page.text("#app-secret").unwrap().split(' ').collect();
    let phone = super::App::with(&key);
    let page = browser
        .submit(&page, "app-confirm", &[("code", &phone.code(&app))])
        .await;
    let onward = page.attribute("#factors-onward", "href").unwrap();
    let page = browser.get(&onward).await;
    let page = portal.go_on(&browser, page, ANNA).await;
    let code = page.sent("code").unwrap_or_else(|| panic!("{}", page.body));
    let tokens = Tokens::of(&portal.redeem(&code).await.json());
    assert_eq!(tokens.id_claims()["aal"], TWO_KINDS);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strength_that_nobody_reaches_is_refused_at_once() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let page = portal
        .enter(&app.browser(), ANNA, &[("acr_values", "urn:propusk:aal:3")])
        .await;
    assert_eq!(
        page.sent("error").as_deref(),
        Some("unmet_authentication_requirements"),
        "{}",
        page.body
    );
    let none = [("acr_values", TWO_KINDS), ("prompt", "none")];
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get_once(&portal.authorize_url(&none)).await;
    assert_eq!(page.sent("error").as_deref(), Some("interaction_required"));
    app.end().await;
}
