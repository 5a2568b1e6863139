//! Row 48: links and codes that prove something are good once, for one thing,
//! while they last.

use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::{
    NEW_PASSWORD, begin_registration, choose_password, confirm_code, sign_in, signed_in,
};
use crate::support::{Browser, Page, RelyingParty, TestApp};

const MAIL: &str = "link.attack@example.ru";

async fn token_of(browser: &Browser) -> String {
    let page = browser.get("/sign-in?switch=yes").await;
    page.attribute("input[name=csrf]", "value").unwrap()
}

/// Presses the button of a link without looking at its page first.
async fn press(browser: &Browser, link: &str) -> Page {
    let url = url::Url::parse(link).unwrap();
    let (_, secret) = url.query_pairs().find(|(name, _)| name == "token").unwrap();
    let csrf = token_of(browser).await;
    browser
        .post("/register/link", &[("csrf", &csrf), ("token", &secret)])
        .await
}

#[tokio::test]
async fn attack_48_a_link_works_in_another_browser_once() {
    let app = TestApp::start().await;
    let first = app.browser();
    begin_registration(&first, MAIL).await;
    let link = app.last_message(MAIL).await.link.unwrap();
    // A scanner opens it as often as it likes.
    for _ in 0..3 {
        assert!(app.browser().get(&link).await.has("#link-confirm"));
    }
    let other = app.browser();
    let page = other.get(&link).await;
    let page = other.submit(&page, "link-confirm", &[]).await;
    assert_eq!(page.url.path(), "/register/password", "{}", page.body);
    for browser in [&first, &other, &app.browser()] {
        let replay = press(browser, &link).await;
        assert!(!replay.has("#password-submit"), "{}", replay.body);
        assert!(!browser.get(&link).await.has("#link-confirm"));
    }
    choose_password(&other, &page, NEW_PASSWORD).await;
    assert!(
        first.get("/account").await.has("#login-submit"),
        "the first browser is not signed in"
    );
    app.end().await;
}

#[tokio::test]
async fn attack_48_link_and_code_are_one() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin_registration(&browser, MAIL).await;
    let mail = app.last_message(MAIL).await;
    confirm_code(&browser, &page, mail.code.as_deref().unwrap()).await;
    let replay = press(&app.browser(), mail.link.as_deref().unwrap()).await;
    assert!(!replay.has("#password-submit"), "{}", replay.body);
    // The other way round.
    app.advance(61).await;
    let browser = app.browser();
    let page = begin_registration(&browser, "second.link@example.ru").await;
    let mail = app.last_message("second.link@example.ru").await;
    assert!(
        press(&app.browser(), mail.link.as_deref().unwrap())
            .await
            .has("#password-submit")
    );
    let replay = browser
        .submit(
            &page,
            "code-submit",
            &[("code", mail.code.as_deref().unwrap())],
        )
        .await;
    assert!(!replay.has("#password-submit"), "{}", replay.body);
    app.end().await;
}

#[tokio::test]
async fn attack_48_another_code_kills_the_one_before_and_time_kills_both() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin_registration(&browser, MAIL).await;
    let first = app.last_message(MAIL).await;
    app.advance(61).await;
    let page = browser.submit(&page, "code-resend", &[]).await;
    let second = app.last_message(MAIL).await;
    assert_ne!(first.code, second.code);
    assert!(
        !press(&app.browser(), first.link.as_deref().unwrap())
            .await
            .has("#password-submit")
    );
    let wrong = browser
        .submit(
            &page,
            "code-submit",
            &[("code", first.code.as_deref().unwrap())],
        )
        .await;
    assert!(wrong.has("#code-problem"), "{}", wrong.body);
    app.advance(600).await;
    assert!(
        !press(&app.browser(), second.link.as_deref().unwrap())
            .await
            .has("#password-submit")
    );
    let late = browser
        .submit(
            &page,
            "code-submit",
            &[("code", second.code.as_deref().unwrap())],
        )
        .await;
    assert!(!late.has("#password-submit"), "{}", late.body);
    app.end().await;
}

#[tokio::test]
async fn attack_48_no_secret_serves_another_purpose() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let code_page = begin_registration(&browser, MAIL).await;
    let mail = app.last_message(MAIL).await;
    let link = url::Url::parse(mail.link.as_deref().unwrap()).unwrap();
    let link_secret = link.query_pairs().next().unwrap().1.into_owned();
    let step_of = |page: &Page| {
        page.url
            .query_pairs()
            .find(|(name, _)| name == "step")
            .unwrap()
            .1
            .into_owned()
    };
    let code_step = step_of(&code_page);
    let portal = RelyingParty::new(&app, "portal");
    let grant = portal.code(&app.browser(), ANNA, &[]).await;
    let flow = app.browser().get(&portal.authorize_url(&[])).await;
    let flow = flow.url.query_pairs().next().unwrap().1.into_owned();
    let csrf = token_of(&browser).await;

    // Nothing but the step of the password opens the page of the password.
    for step in [&code_step, &link_secret, &grant, &flow, &csrf] {
        let page = browser
            .get(&format!("/register/password?step={step}"))
            .await;
        assert!(!page.has("#password-submit"), "{step}: {}", page.body);
        let fields = [
            ("csrf", csrf.as_str()),
            ("password", NEW_PASSWORD),
            ("password_repeat", NEW_PASSWORD),
        ];
        browser
            .post(&format!("/register/password?step={step}"), &fields)
            .await;
        assert!(browser.cookie("propusk_session").is_none(), "{step}");
    }
    // Nothing but the step of the code opens the page of the code.
    for step in [&link_secret, &grant, &flow, &csrf] {
        assert!(
            !browser
                .get(&format!("/register/code?step={step}"))
                .await
                .has("#code-submit"),
            "{step}"
        );
    }
    // Nothing but a link is a link, a flow a flow, a grant a grant.
    for token in [&code_step, &grant, &flow, &csrf] {
        let page = browser
            .post("/register/link", &[("csrf", &csrf), ("token", token)])
            .await;
        assert!(!page.has("#password-submit"), "{token}");
    }
    for other in [&code_step, &link_secret, &grant, &csrf] {
        let page = browser.get(&format!("/consent?flow={other}")).await;
        assert!(
            !page.has("#consent-allow") && page.sent("code").is_none(),
            "{other}"
        );
    }
    for other in [&code_step, &link_secret, &flow, &csrf] {
        portal.redeem(other).await.refuses("invalid_grant");
        portal.refresh(other).await.refuses("invalid_grant");
    }
    // Nobody is signed in by a secret of another kind.
    for other in [&code_step, &link_secret, &grant, &flow, &csrf] {
        let thief = app.browser();
        thief.set_cookie("propusk_session", other);
        assert!(thief.get("/account").await.has("#login-submit"), "{other}");
    }
    // And after all these tries, each still serves its own.
    confirm_code(&browser, &code_page, mail.code.as_deref().unwrap()).await;
    assert_eq!(portal.redeem(&grant).await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn attack_48_a_step_is_good_in_its_own_browser_only() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin_registration(&browser, "+79005550480").await;
    let code = app.last_code("+79005550480").await;
    let thief = app.browser();
    let csrf = token_of(&thief).await;
    let stolen = thief
        .post(page.url.as_str(), &[("csrf", &csrf), ("code", &code)])
        .await;
    assert_eq!(stolen.url.path(), "/register", "{}", stolen.body);
    let page = confirm_code(&browser, &page, &code).await;
    let fields = [
        ("csrf", csrf.as_str()),
        ("password", NEW_PASSWORD),
        ("password_repeat", NEW_PASSWORD),
    ];
    let stolen = thief.post(page.url.as_str(), &fields).await;
    assert_eq!(stolen.url.path(), "/register", "{}", stolen.body);
    // Spent with its use: the way back does not make a second account.
    choose_password(&browser, &page, NEW_PASSWORD).await;
    let later = app.browser();
    later.set_cookie(
        "propusk_browser",
        &browser.cookie("propusk_browser").unwrap(),
    );
    let again = later.get(page.url.as_str()).await;
    assert!(!again.has("#password-submit"), "{}", again.body);
    app.end().await;
}

/// A contact that somebody confirms first is theirs; the other registration
/// ends where it stands.
#[tokio::test]
async fn attack_48_two_registrations_of_one_contact_make_one_account() {
    let app = TestApp::start().await;
    let (first, second) = (app.browser(), app.browser());
    let mut pages = Vec::new();
    for browser in [&first, &second] {
        let page = begin_registration(browser, MAIL).await;
        let code = app.last_code(MAIL).await;
        pages.push(confirm_code(browser, &page, &code).await);
    }
    choose_password(&first, &pages[0], NEW_PASSWORD).await;
    let typed = [
        ("password", "Drugoy-Parol-59!"),
        ("password_repeat", "Drugoy-Parol-59!"),
    ];
    let page = second.submit(&pages[1], "password-submit", &typed).await;
    assert_eq!(page.url.path(), "/register", "{}", page.body);
    assert!(second.cookie("propusk_session").is_none());
    let page = sign_in(&app.browser(), MAIL, "Drugoy-Parol-59!").await;
    assert!(page.has("#login-submit"));
    let page = sign_in(&app.browser(), MAIL, NEW_PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    // Nor does a code for somebody's contact lead anywhere.
    let stranger = app.browser();
    begin_registration(&stranger, ANNA).await;
    assert!(
        app.last_message(ANNA).await.code.is_none(),
        "the owner is warned and gets no code"
    );
    let owner = signed_in(&app, ANNA).await;
    assert_eq!(owner.get("/account").await.status, 200);
    assert_eq!(
        sign_in(&app.browser(), ANNA, PASSWORD).await.url.path(),
        "/account"
    );
    app.end().await;
}
