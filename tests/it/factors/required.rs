//! A second factor that everybody of a level must have.

use serde_json::json;

use super::{add_app, first_step, give};
use crate::levels::{become_standard, send};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::{sign_in, signed_in};
use crate::support::{RelyingParty, TestApp};

async fn start(lowest: &str) -> TestApp {
    TestApp::start_with(|config| config["second_factor"] = json!({ "required_from": lowest })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reaches_the_level_adds_a_factor_before_anything_else() {
    let app = start("standard").await;
    let browser = signed_in(&app, ANNA).await;
    let portal = RelyingParty::new(&app, "portal");
    portal.tokens(&browser, ANNA, &[]).await;
    send(&browser, &[]).await;
    app.deliver().await;

    for path in ["/account", "/account/profile", "/account/export"] {
        let page = browser.get(path).await;
        assert_eq!(page.url.path(), "/account/factors", "{path}");
        assert!(page.has("#factors-required"), "{}", page.body);
    }
    // What helps to get one and what defends the account stays open.
    for path in ["/account/contacts", "/account/support", "/account/freeze"] {
        assert_eq!(browser.get(path).await.url.path(), path);
    }
    let page = portal.enter(&browser, ANNA, &[("prompt", "none")]).await;
    let error = page.sent("error");
    assert_eq!(error.as_deref(), Some("interaction_required"));
    let page = portal.enter(&browser, ANNA, &[]).await;
    assert_eq!(page.url.path(), "/account/factors", "{}", page.body);
    assert!(!page.has("#factors-onward"), "{}", page.body);

    // On the way to the site.
    let href = page.attribute("#add-totp", "href").unwrap();
    let page = browser.get(&href).await;
    let key: String = page.text("#app-secret").unwrap().split(' ').collect();
    let phone = super::App::with(&key);
    let typed = [("code", &*phone.code(&app))];
    let page = browser.submit(&page, "app-confirm", &typed).await;
    assert!(!page.has("#factors-required"), "{}", page.body);
    let onward = page.attribute("#factors-onward", "href").unwrap();
    let page = browser.get(&onward).await;
    assert!(page.sent("code").is_some(), "{}", page.body);

    // From then on it is asked for, and the cabinet is open.
    app.advance(30).await;
    let other = app.browser();
    let page = first_step(&other).await;
    let page = give(&other, &page, &phone.code(&app)).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_below_the_level_is_asked_and_everybody_where_it_is_the_lowest() {
    let app = start("verified").await;
    let browser = signed_in(&app, ANNA).await;
    become_standard(&app, &browser, &[]).await;
    assert_eq!(browser.get("/account").await.url.path(), "/account");
    app.end().await;

    let app = start("simplified").await;
    let browser = app.browser();
    let page = sign_in(&browser, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/account/factors", "{}", page.body);
    add_app(&app, &browser).await;
    assert_eq!(browser.get("/account").await.url.path(), "/account");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_18_the_factor_that_is_required_is_not_stepped_over() {
    let app = start("simplified").await;
    let browser = app.browser();
    sign_in(&browser, ANNA, PASSWORD).await;
    let page = browser.get("/account/factors/totp").await;
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let portal = RelyingParty::new(&app, "portal");
    let page = portal.enter(&browser, ANNA, &[]).await;
    let flow = page.url.query().unwrap().to_owned();
    // Later steps, by their addresses and by their forms.
    for path in ["/consent", "/level", "/step-up", "/oauth/authorize"] {
        let page = browser.get(&format!("{path}?{flow}")).await;
        assert_eq!(page.url.path(), "/account/factors", "{path} {}", page.body);
    }
    let typed = [("csrf", &*csrf), ("decision", "allow"), ("scope", "openid")];
    let page = browser.post(&format!("/consent?{flow}"), &typed).await;
    let page = browser.follow(page).await;
    assert!(page.sent("code").is_none(), "{}", page.body);
    // What stands beside the list in the address is still the list's.
    for path in ["/account/factorsx", "/account/profile?x=/account/factors"] {
        let page = browser.get(path).await;
        assert!(page.status == 404 || page.url.path() == "/account/factors");
    }
    app.end().await;
}
