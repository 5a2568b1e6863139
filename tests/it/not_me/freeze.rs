//! The owner freezes the account, and it thaws by everything together.

use super::{MAIL, link, start};
use crate::factors::{add_app, give};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::{sign_in, signed_in};
use crate::support::{Browser, Page, RelyingParty, TestApp};

async fn freeze(browser: &Browser) -> Page {
    let page = browser.get("/account/security").await;
    assert!(page.has("#freeze-open"), "{}", page.body);
    let page = browser.get("/account/freeze").await;
    let page = browser.submit(&page, "freeze-confirm", &[]).await;
    assert_eq!(page.url.path(), "/unfreeze", "{}", page.body);
    page
}

/// Gives the code that was sent to a contact.
async fn give_sent(app: &TestApp, browser: &Browser, page: &Page, to: &str) -> Page {
    let page = browser.submit(page, "second-send", &[]).await;
    let code = app.last_code(to).await;
    give(browser, &page, &code).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_account_is_closed_until_its_owner_proves_everything() {
    let app = start().await;
    let portal = RelyingParty::new(&app, "portal");
    let owner = signed_in(&app, ANNA).await;
    let phone = add_app(&app, &owner).await;
    let other = app.browser();
    let page = crate::factors::first_step(&other).await;
    give(&other, &page, &phone.code(&app)).await;
    let tokens = portal.tokens(&other, ANNA, &[]).await;
    app.advance(30).await;
    freeze(&owner).await;
    for browser in [&owner, &other] {
        assert_eq!(browser.get("/account").await.url.path(), "/sign-in");
    }
    assert_eq!(portal.introspect(&tokens.access).await["active"], false);
    for to in [ANNA, MAIL] {
        assert!(app.last_message(to).await.text.contains("заморо"));
    }

    // Password, then the app, then a code to a contact.
    let page = sign_in(&owner, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    assert!(
        page.text("#second-about").unwrap().contains("приложени"),
        "{}",
        page.body
    );
    let page = give(&owner, &page, &phone.code(&app)).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    assert_eq!(owner.get("/account").await.url.path(), "/sign-in");
    let again = sign_in(&app.browser(), ANNA, PASSWORD).await;
    assert_eq!(again.url.path(), "/sign-in/second", "still frozen");
    let page = give_sent(&app, &owner, &page, ANNA).await;
    assert!(page.has("#sign-in-unfrozen"), "{}", page.body);
    app.advance(30).await;
    let page = sign_in(&owner, ANNA, PASSWORD).await;
    let page = give(&owner, &page, &phone.code(&app)).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_18_password_and_mailbox_do_not_thaw_an_account_with_a_factor() {
    let app = start().await;
    let owner = signed_in(&app, ANNA).await;
    add_app(&app, &owner).await;
    freeze(&owner).await;
    let thief = app.browser();
    let page = sign_in(&thief, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    assert!(
        !page.has("#second-others") && !page.has("#second-send"),
        "{}",
        page.body
    );
    // The way of the next step, before this one is done.
    for way in ["email", "sms"] {
        let address = format!("{}&way={way}", page.url);
        let tried = thief.get(&address).await;
        assert!(!tried.has("#second-send"), "{}", tried.body);
    }
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let address = page
        .url
        .as_str()
        .replace("/sign-in/second", "/sign-in/second/code");
    thief
        .post(&format!("{address}&way=email"), &[("csrf", &csrf)])
        .await;
    app.deliver().await;
    assert!(app.capture.last_to(MAIL).unwrap().code.is_none());
    let page = give(&thief, &page, "000000").await;
    assert!(page.has("#code-problem"), "{}", page.body);
    // Nor does the link of a message thaw anything.
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_factor_thaws_by_password_and_code() {
    let app = start().await;
    let owner = signed_in(&app, ANNA).await;
    freeze(&owner).await;
    let page = sign_in(&owner, ANNA, "Ne-Tot-Parol-90!").await;
    assert!(page.has("#sign-in-bad"), "{}", page.body);
    let page = sign_in(&owner, ANNA, PASSWORD).await;
    let page = give_sent(&app, &owner, &page, ANNA).await;
    assert!(page.has("#sign-in-unfrozen"), "{}", page.body);
    let page = sign_in(&owner, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_a_message_freezes_as_well() {
    let app = start().await;
    let thief = signed_in(&app, ANNA).await;
    let mail = link(&app, MAIL, "Вход").await;
    let owner = app.browser();
    let page = owner.get(&mail).await;
    let fields: Vec<(String, String)> = page.form("not-me-freeze").fields;
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (&**a, &**b)).collect();
    if !fields.iter().any(|(name, _)| *name == "freeze") {
        fields.push(("freeze", "yes"));
    }
    let page = owner.post("/not-me", &fields).await;
    assert!(page.has("#not-me-frozen"), "{}", page.body);
    assert_eq!(thief.get("/account").await.url.path(), "/sign-in");
    // Thawing asks for a code, and afterwards for another password.
    let page = sign_in(&thief, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    let page = sign_in(&owner, ANNA, PASSWORD).await;
    let page = give_sent(&app, &owner, &page, ANNA).await;
    assert!(page.has("#sign-in-unfrozen"), "{}", page.body);
    let page = sign_in(&owner, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    app.end().await;
}
