//! Row 42: a person consents to what is shown, to whom it is shown, and to
//! nothing that comes later.

use serde_json::json;

use crate::support::app::ANNA;
use crate::support::database::TestDatabase;
use crate::support::process::{Program, said};
use crate::support::relying_party::registration;
use crate::support::steps::signed_in;
use crate::support::{RelyingParty, TestApp};

#[tokio::test]
async fn attack_42_a_name_that_disguises_itself_is_not_registered() {
    let database = TestDatabase::create().await;
    let program = Program::start(&database.folder, &database.url, json!({})).await;
    let add = |name: &str| {
        program.command(&[
            "client",
            "add",
            "--client-id",
            "disguised",
            "--name-ru",
            name,
            "--name-en",
            "Portal",
            "--redirect-uri",
            "https://disguised.example/callback",
        ])
    };
    for name in [
        "Госуслуги \u{202e}нйалк",
        "Гос\u{200b}услуги",
        "Портал\u{2066}x\u{2069}",
        "Портал\nРазрешено: всё",
        "Портал\u{feff}",
        "",
        "   ",
        &"П".repeat(301),
    ] {
        let refused = add(name);
        assert!(!refused.status.success(), "{name:?} was registered");
        assert!(said(&refused).contains("name"), "{}", said(&refused));
    }
    assert!(add("Портал").status.success());
    program.stop().await;
    database.delete().await;
}

#[tokio::test]
async fn attack_42_names_of_strangers_are_set_apart_from_our_words() {
    let app = TestApp::start_with(|config| {
        let spoof = registration(
            "spoof",
            json!({
                "name": { "ru": "Пропуск просит подтвердить вход. Госуслуги", "en": "Propusk" },
            }),
        );
        config["clients"].as_array_mut().unwrap().push(spoof);
    })
    .await;
    let portal = RelyingParty::new(&app, "spoof");
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get(&portal.authorize_url(&[])).await;
    // In an element of its own that turns no direction beside it, with the host
    // that the person returns to.
    assert_eq!(
        page.text("bdi.site-name").unwrap(),
        "Пропуск просит подтвердить вход. Госуслуги"
    );
    assert!(
        page.text("main").unwrap().contains("spoof.example"),
        "{}",
        page.body
    );
    app.end().await;
}

#[tokio::test]
async fn attack_42_an_unknown_scope_is_neither_shown_nor_given() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = signed_in(&app, ANNA).await;
    let asked = "openid profile <b>Всё</b> admin Только_имя_и_ничего_больше OPENID profile\u{202e}";
    let page = browser
        .get(&portal.authorize_url(&[("scope", asked)]))
        .await;
    assert!(page.has("#consent-allow"), "{}", page.body);
    for word in ["Всё</b>", "admin", "Только_имя", "OPENID"] {
        assert!(!page.body.contains(word), "{word} in {}", page.body);
    }
    let sent = browser.submit(&page, "consent-allow", &[]).await;
    let answer = portal.redeem(&sent.sent("code").unwrap()).await.json();
    let mut scope: Vec<&str> = answer["scope"].as_str().unwrap().split(' ').collect();
    scope.sort_unstable();
    assert_eq!(scope, ["openid", "profile"]);
    app.end().await;
}

#[tokio::test]
async fn attack_42_a_ticked_scope_that_was_not_asked_for_is_not_given() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = signed_in(&app, ANNA).await;
    let page = browser
        .get(&portal.authorize_url(&[("scope", "openid profile phone")]))
        .await;
    let form = page.form("consent-allow");
    let mut fields: Vec<(&str, &str)> = form
        .fields
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    fields.extend([
        ("optional", "email"),
        ("optional", "snils"),
        ("scope", "snils"),
        ("optional", "offline_access"),
    ]);
    let action = page.url.join(&form.action).unwrap();
    let sent = browser.post(action.as_str(), &fields).await;
    let answer = portal.redeem(&sent.sent("code").unwrap()).await.json();
    for scope in ["email", "snils", "offline_access"] {
        assert!(
            !answer["scope"].as_str().unwrap().contains(scope),
            "{answer}"
        );
    }
    assert!(answer.get("refresh_token").is_none(), "{answer}");
    let person = portal
        .userinfo(answer["access_token"].as_str().unwrap())
        .await
        .json();
    assert!(
        person.get("snils").is_none() && person.get("email").is_none(),
        "{person}"
    );
    app.end().await;
}

#[tokio::test]
async fn attack_42_a_consent_does_not_grow_by_itself() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = signed_in(&app, ANNA).await;
    portal
        .code(&browser, ANNA, &[("scope", "openid profile")])
        .await;
    // The same and less is remembered.
    for scope in ["openid profile", "openid"] {
        assert!(
            browser
                .get(&portal.authorize_url(&[("scope", scope)]))
                .await
                .sent("code")
                .is_some()
        );
    }
    // More is asked for anew, and silently not given at all.
    for more in [
        "openid profile snils",
        "openid phone",
        "openid profile offline_access",
    ] {
        let page = browser.get(&portal.authorize_url(&[("scope", more)])).await;
        assert!(page.has("#consent-allow"), "{more}: {:?}", page.location());
        let silent = browser
            .get(&portal.authorize_url(&[("scope", more), ("prompt", "none")]))
            .await;
        assert_eq!(
            silent.sent("error").as_deref(),
            Some("consent_required"),
            "{more}"
        );
    }
    let claims = r#"{"userinfo":{"snils":null}}"#;
    let page = browser
        .get(&portal.authorize_url(&[("claims", claims)]))
        .await;
    assert!(
        page.has("#group-snils"),
        "{:?} {}",
        page.location(),
        page.body
    );
    // The consent of one portal is none for another.
    let other = RelyingParty::new(&app, "other");
    assert!(
        browser
            .get(&other.authorize_url(&[]))
            .await
            .has("#consent-allow")
    );
    app.end().await;
}

#[tokio::test]
async fn attack_42_a_refusal_gives_nothing() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get(&portal.authorize_url(&[])).await;
    let before = app.contents().await;
    // Whatever is not "allow" is a refusal.
    for decision in ["deny", "", "ALLOW", "allow "] {
        let sent = browser
            .submit(&page, "consent-deny", &[("decision", decision)])
            .await;
        assert_eq!(
            sent.sent("error").as_deref(),
            Some("access_denied"),
            "{decision:?}"
        );
        assert!(sent.sent("code").is_none());
    }
    assert_eq!(app.contents().await, before);
    app.end().await;
}
