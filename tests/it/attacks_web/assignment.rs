//! Row 46: a form takes the fields it shows and no others. Nobody confirms
//! their own contact, raises their own level or moves another's data.

use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::relying_party::ALL_SCOPES;
use crate::support::steps::{
    NEW_PASSWORD, begin_registration, choose_password, confirm_code, sign_in, signed_in,
};
use crate::support::{Browser, RelyingParty, TestApp};

/// Names by which an interface might let something in.
const MORE: [(&str, &str); 24] = [
    ("email", "mine@example.ru"),
    ("email_verified", "true"),
    ("phone", "+79990000001"),
    ("phone_number", "+79990000001"),
    ("phone_number_verified", "true"),
    ("contact", "mine@example.ru"),
    ("contacts[0][value]", "mine@example.ru"),
    ("contacts.email.confirmed_at", "1"),
    ("confirmed_at", "1"),
    ("confirmed", "true"),
    ("level", "verified"),
    ("assurance_level", "verified"),
    ("minimum_level", "simplified"),
    ("identity", "verified"),
    ("acr", "verified"),
    ("account", "1"),
    ("account_id", "1"),
    ("id", "1"),
    ("blocked_at", ""),
    ("session", "1"),
    ("role", "operator"),
    ("is_admin", "true"),
    ("updated_at", "1"),
    ("zoneinfo", "Asia/Vladivostok"),
];

async fn with_more(browser: &Browser, path: &str, button: &str, typed: &[(&str, &str)]) -> u16 {
    let page = browser.get(path).await;
    let form = page.form(button);
    let mut fields: Vec<(&str, &str)> = form
        .fields
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    fields.retain(|(name, _)| typed.iter().all(|(known, _)| known != name));
    fields.extend(typed);
    let own: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let more: Vec<_> = MORE
        .into_iter()
        .filter(|(name, _)| !own.contains(name))
        .collect();
    fields.extend(more);
    browser
        .post(page.url.join(&form.action).unwrap().as_str(), &fields)
        .await
        .status
}

#[tokio::test]
async fn attack_46_a_profile_form_changes_what_it_shows() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "open");
    let browser = signed_in(&app, ANNA).await;
    let scope = [("scope", ALL_SCOPES)];
    let tokens = portal.tokens(&browser, ANNA, &scope).await;
    let before = portal.userinfo(&tokens.access).await.json();
    assert_eq!(before["assurance_level"], "simplified");

    app.advance(1).await;
    let status = with_more(
        &browser,
        "/account/profile/edit",
        "profile-save",
        &[("given_name", "Инна")],
    )
    .await;
    assert_eq!(status, 200);
    let mut after = portal.userinfo(&tokens.access).await.json();
    assert_eq!(after["given_name"], "Инна", "the form was taken");
    for name in ["given_name", "name", "updated_at"] {
        after[name] = before[name].clone();
    }
    assert_eq!(after, before, "and nothing beside it");
    app.end().await;
}

#[tokio::test]
async fn attack_46_a_new_contact_waits_for_its_code_whatever_is_sent() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "open");
    let browser = signed_in(&app, ANNA).await;
    let tokens = portal
        .tokens(&browser, ANNA, &[("scope", ALL_SCOPES)])
        .await;
    let before = portal.userinfo(&tokens.access).await.json();
    let typed = [("contact", "other.anna@example.ru")];
    assert_eq!(
        with_more(&browser, "/account/contacts", "contact-submit", &typed).await,
        200
    );
    assert_eq!(portal.userinfo(&tokens.access).await.json(), before);
    // The step found by its secret belongs to the one who began it.
    let page = browser.get("/account/contacts").await;
    let page = browser
        .submit(
            &page,
            "contact-submit",
            &[("contact", "third.anna@example.ru")],
        )
        .await;
    let code = app.last_code("third.anna@example.ru").await;
    let thief = signed_in(&app, TIMUR).await;
    let csrf = thief
        .get("/account/security")
        .await
        .attribute("input[name=csrf]", "value")
        .unwrap();
    let stolen = thief
        .post(page.url.as_str(), &[("csrf", &csrf), ("code", &code)])
        .await;
    assert_eq!(stolen.url.path(), "/account/contacts", "{}", stolen.body);
    assert!(
        !thief
            .get("/account/profile")
            .await
            .body
            .contains("third.anna@example.ru")
    );
    assert_eq!(portal.userinfo(&tokens.access).await.json(), before);
    // And the owner's code still works.
    let done = browser
        .submit(&page, "code-submit", &[("code", &code)])
        .await;
    assert_eq!(done.url.path(), "/account/profile", "{}", done.body);
    assert_eq!(
        portal.userinfo(&tokens.access).await.json()["email"],
        "third.anna@example.ru"
    );
    app.end().await;
}

#[tokio::test]
async fn attack_46_a_registration_confirms_the_contact_that_got_the_code() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin_registration(&browser, "+79005550460").await;
    let code = app.last_code("+79005550460").await;
    let more = |typed: &[(&'static str, &str)]| {
        let mut all: Vec<(String, String)> =
            MORE.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec();
        all.extend(
            typed
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned())),
        );
        all
    };
    let all = more(&[("code", &code), ("contact", ANNA)]);
    let pairs: Vec<(&str, &str)> = all.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let page = browser.submit(&page, "code-submit", &pairs).await;
    assert_eq!(page.url.path(), "/register/password", "{}", page.body);
    let all = more(&[
        ("password", NEW_PASSWORD),
        ("password_repeat", NEW_PASSWORD),
        ("username", ANNA),
    ]);
    let pairs: Vec<(&str, &str)> = all.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let page = browser.submit(&page, "password-submit", &pairs).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let portal = RelyingParty::new(&app, "open");
    let tokens = portal
        .tokens(&browser, "+79005550460", &[("scope", ALL_SCOPES)])
        .await;
    let person = portal.userinfo(&tokens.access).await.json();
    assert_eq!(person["phone_number"], "+79005550460");
    assert_eq!(person["assurance_level"], "simplified");
    assert!(
        person.get("email").is_none() && person.get("snils").is_none(),
        "{person}"
    );
    app.end().await;
}

/// A number said of oneself proves nothing, and takes nothing from its owner.
#[tokio::test]
async fn attack_46_a_declared_number_is_no_proof() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin_registration(&browser, "+79005550461").await;
    let code = app.last_code("+79005550461").await;
    let page = confirm_code(&browser, &page, &code).await;
    choose_password(&browser, &page, NEW_PASSWORD).await;
    let page = browser.get("/account/profile/edit").await;
    browser
        .submit(&page, "profile-save", &[("snils", "112-233-445 95")])
        .await;
    // The number's first owner still signs in by it, with their own password.
    let owner = app.browser();
    let page = sign_in(&owner, "112-233-445 95", PASSWORD).await;
    assert_eq!(
        page.text(".who-name").as_deref(),
        Some("Анна Павловна Соколова"),
        "{}",
        page.body
    );
    let thief = app.browser();
    let page = sign_in(&thief, "112-233-445 95", NEW_PASSWORD).await;
    assert!(page.has("#login-submit"), "{}", page.body);
    app.end().await;
}
