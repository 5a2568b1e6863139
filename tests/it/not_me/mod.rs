//! "It was not me": what a thief did is taken back by a link from a message or
//! a line of the history, and the link gives nothing to whoever reads the mail.

mod attacks;
mod freeze;
mod history;
mod notices;

use crate::factors::add_app;
use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::{NEW_PASSWORD, sign_in, signed_in};
use crate::support::{Browser, Page, RelyingParty, TestApp};

/// Anna's mailbox.
const MAIL: &str = "anna.sokolova@example.ru";
const THIEFS: &str = "vor@example.ru";
const THIEFS_PASSWORD: &str = "Vorovskoy-Parol-71!";

/// An app whose people registered a while ago, so that times tell what came after.
async fn start() -> TestApp {
    let app = TestApp::start().await;
    app.advance(60).await;
    app
}

/// The link of the newest message to somebody with these words.
async fn link(app: &TestApp, recipient: &str, words: &str) -> String {
    app.deliver().await;
    let found = app.capture.messages().into_iter().find(|message| {
        message.recipient == recipient
            && message.subject.contains(words)
            && message.not_me.is_some()
    });
    let found = found.unwrap_or_else(|| panic!("no mail to {recipient} about {words}"));
    found.not_me.unwrap()
}

/// Opens the link in a browser that was never here, and presses the button.
async fn press(app: &TestApp, link: &str) -> Page {
    let browser = app.browser();
    let page = browser.get(link).await;
    assert!(page.has("#not-me-confirm"), "{}", page.body);
    browser.submit(&page, "not-me-confirm", &[]).await
}

/// The citizen puts another contact in the place of theirs.
async fn change_contact(app: &TestApp, browser: &Browser, contact: &str) {
    let page = browser.get("/account/contacts").await;
    let page = browser
        .submit(&page, "contact-submit", &[("contact", contact)])
        .await;
    let code = app.last_code(contact).await;
    let page = browser
        .submit(&page, "code-submit", &[("code", &code)])
        .await;
    assert_eq!(page.status, 200, "{}", page.body);
}

async fn change_password(browser: &Browser, from: &str, to: &str) {
    let page = browser.get("/account/security").await;
    let typed = [
        ("current_password", from),
        ("password", to),
        ("password_repeat", to),
    ];
    let page = browser.submit(&page, "password-submit", &typed).await;
    assert!(page.url.as_str().contains("done=password"), "{}", page.body);
}

/// Signs in with a password that others know and a code to a contact: ends at
/// the page of the new password.
async fn come_back(app: &TestApp, browser: &Browser, login: &str, to: &str) -> Page {
    let page = sign_in(browser, login, PASSWORD).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    let page = browser.submit(&page, "second-send", &[]).await;
    let code = app.last_code(to).await;
    let page = browser
        .submit(&page, "second-submit", &[("code", &code)])
        .await;
    assert_eq!(page.url.path(), "/password/renew", "{}", page.body);
    assert!(page.has("#renew-exposed"), "{}", page.body);
    page
}

async fn renew(browser: &Browser, page: &Page) {
    let typed = [
        ("password", NEW_PASSWORD),
        ("password_repeat", NEW_PASSWORD),
    ];
    let page = browser.submit(page, "password-submit", &typed).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_a_thief_did_is_undone_and_the_owner_comes_back() {
    let app = start().await;
    let portal = RelyingParty::new(&app, "portal");
    let thief = app.browser();
    let page = sign_in(&thief, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.advance(1).await;
    let tokens = portal.tokens(&thief, ANNA, &[]).await;
    add_app(&app, &thief).await;
    change_contact(&app, &thief, THIEFS).await;
    app.advance(1).await;
    change_password(&thief, PASSWORD, THIEFS_PASSWORD).await;

    let first = link(&app, MAIL, "Вход с нового устройства").await;
    let owner = app.browser();
    let page = owner.get(&first).await;
    let will = page.text("#not-me-will").unwrap();
    for words in [
        "1 сеанс",
        "1 добавленный",
        "1 контакт",
        "1 согласие",
        "прежний пароль",
    ] {
        assert!(will.contains(words), "{words}: {will}");
    }
    // Looking changes nothing.
    assert_eq!(thief.get("/account").await.url.path(), "/account");
    let done = owner.submit(&page, "not-me-confirm", &[]).await;
    assert!(
        done.text("#not-me-did").unwrap().contains("прежний пароль"),
        "{}",
        done.body
    );

    // The thief is out, and so is the site they entered.
    assert_eq!(thief.get("/account").await.url.path(), "/sign-in");
    assert_eq!(portal.introspect(&tokens.access).await["active"], false);
    let page = sign_in(&thief, ANNA, THIEFS_PASSWORD).await;
    assert!(page.has("#sign-in-bad"), "{}", page.body);
    // The owner is told at the contact from before; the thief is not.
    let told = app.last_message(MAIL).await;
    assert!(told.subject.contains("отменили"), "{told:?}");
    assert!(told.text.contains("контакты: 1"), "{}", told.text);
    assert!(!app.last_message(THIEFS).await.subject.contains("отменили"));

    // The link came by mail, so the code goes to the phone.
    let page = come_back(&app, &owner, ANNA, ANNA).await;
    assert_eq!(owner.get("/account").await.url.path(), "/password/renew");
    renew(&owner, &page).await;
    let factors = owner.get("/account/factors").await;
    assert!(!factors.has("#factors"), "{}", factors.body);
    let profile = owner.get("/account/profile").await;
    assert!(profile.body.contains(MAIL), "{}", profile.body);
    assert!(!profile.body.contains(THIEFS), "{}", profile.body);
    let page = sign_in(&app.browser(), ANNA, PASSWORD).await;
    assert!(page.has("#sign-in-bad"), "{}", page.body);
    let page = sign_in(&app.browser(), MAIL, NEW_PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let journal = owner.get("/account/journal").await;
    assert!(journal.body.contains("Это не я"), "{}", journal.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_factor_that_a_thief_took_away_comes_back_and_is_asked_for() {
    let app = start().await;
    let owner = signed_in(&app, ANNA).await;
    let phone = add_app(&app, &owner).await;
    app.advance(60).await;
    // Somebody at the owner's open session.
    let page = owner.get("/account/factors").await;
    let remove = page.every("button[id^=remove-]", "id").remove(0);
    let page = owner.submit(&page, &remove, &[]).await;
    assert!(!page.has("#factors"), "{}", page.body);
    let done = press(&app, &link(&app, MAIL, "Убран").await).await;
    assert!(
        done.text("#not-me-did").unwrap().contains("возвращён 1"),
        "{}",
        done.body
    );
    assert_eq!(owner.get("/account").await.url.path(), "/sign-in");
    let page = crate::factors::first_step(&owner).await;
    assert!(
        !page.has("#second-others"),
        "a code alone opens nothing: {}",
        page.body
    );
    let page = crate::factors::give(&owner, &page, &phone.code(&app)).await;
    assert_eq!(page.url.path(), "/password/renew", "{}", page.body);
    renew(&owner, &page).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_owner_has_set_right_is_not_undone_by_the_other_mails() {
    let app = start().await;
    let thief = signed_in(&app, ANNA).await;
    app.advance(1).await;
    add_app(&app, &thief).await;
    let (first, second) = (
        link(&app, MAIL, "Вход с нового устройства").await,
        link(&app, MAIL, "Добавлен").await,
    );
    app.advance(1).await;
    // The later one first.
    press(&app, &second).await;
    let owner = app.browser();
    let page = come_back(&app, &owner, ANNA, ANNA).await;
    renew(&owner, &page).await;
    app.advance(1).await;
    add_app(&app, &owner).await;
    let done = press(&app, &first).await;
    assert!(done.has("#not-me-did"), "{}", done.body);
    let page = sign_in(&app.browser(), ANNA, NEW_PASSWORD).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    app.end().await;
}
