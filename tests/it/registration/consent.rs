//! Item 73: what a citizen sees of a client that registered itself.

use serde_json::json;

use super::{open, party, registered, usual};
use crate::support::app::ANNA;
use crate::support::steps::signed_in;
use crate::support::{Page, RelyingParty, TestApp};

async fn consent_page(app: &TestApp, party: &RelyingParty, lang: &str) -> Page {
    let browser = signed_in(app, ANNA).await;
    let scope = [("scope", "openid profile email"), ("ui_locales", lang)];
    let page = browser.get(&party.authorize_url(&scope)).await;
    assert!(page.has("#consent-allow"), "{}", page.body);
    page
}

#[tokio::test]
async fn oidc_073_logo_policy_and_terms_are_on_the_consent_page() {
    let app = open().await;
    let told = registered(
        &app,
        &usual(json!({
            "client_name": "Shop", "client_name#ru": "Лавка",
            "logo_uri": "https://app.example/logo.png",
            "policy_uri": "https://app.example/policy",
            "tos_uri": "https://app.example/terms",
        })),
    )
    .await;
    let shop = party(&app, &told);
    for (lang, name) in [("ru", "Лавка"), ("en", "Shop")] {
        let page = consent_page(&app, &shop, lang).await;
        assert_eq!(page.text(".site-name").as_deref(), Some(name));
        let logo = page.attribute(".site-logo", "src");
        assert_eq!(logo.as_deref(), Some("https://app.example/logo.png"));
        for link in ["https://app.example/policy", "https://app.example/terms"] {
            assert!(
                page.has(&format!("a[href=\"{link}\"]")),
                "{link}: {}",
                page.body
            );
        }
    }
    app.end().await;
}

#[tokio::test]
async fn a_citizen_is_told_that_nobody_has_checked_it_and_may_untick_everything() {
    let app = open().await;
    let shop = party(&app, &registered(&app, &usual(json!({}))).await);
    let page = consent_page(&app, &shop, "ru").await;
    let told = page.text("#consent-unchecked").unwrap();
    assert!(
        told.contains("никто не проверял") && told.contains("app.example"),
        "{told}"
    );
    for scope in ["profile", "email"] {
        assert!(page.has(&format!("#optional-{scope}")), "{scope}");
    }
    let page = consent_page(&app, &shop, "en").await;
    let told = page.text("#consent-unchecked").unwrap();
    assert!(
        told.contains("nobody has checked") && told.contains("app.example"),
        "{told}"
    );

    let native = usual(json!({
        "application_type": "native", "token_endpoint_auth_method": "none",
        "redirect_uris": ["org.example.shop:/callback"],
    }));
    let native = party(&app, &registered(&app, &native).await);
    let page = consent_page(&app, &native, "en").await;
    assert!(
        page.text("#consent-unchecked")
            .unwrap()
            .contains("org.example.shop")
    );

    // Of one that the operator registered nothing is said.
    let portal = RelyingParty::new(&app, "portal");
    assert!(
        !consent_page(&app, &portal, "ru")
            .await
            .has("#consent-unchecked")
    );
    app.end().await;
}
