//! A forgotten password, replaced at a service centre (C11).

use super::{audit, fields, printed, register};
use crate::factors::{add_app, give};
use crate::levels::become_standard;
use crate::levels::centre::{OPERATOR, OWN};
use crate::recovery::{MAIL, ask, link, show, told};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::{NEW_PASSWORD, sign_in, signed_in};
use crate::support::{Browser, Page, TestApp};

/// Subject of what the owner is told.
const TOLD: &str = "восстановлен вход";

/// Anna, whose data the registries know, signed in a while ago.
async fn start() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    let home = signed_in(&app, ANNA).await;
    become_standard(&app, &home, &[]).await;
    app.advance(60).await;
    (app, home)
}

/// Prints a temporary password for whoever has an account: ends at the sheet.
async fn restore(desk: &Browser) -> Page {
    let page = register(desk, &[]).await;
    desk.submit(&page, "papers-restore", &fields(&[])).await
}

/// Replaces the temporary password: ends wherever the citizen is then.
async fn renew(browser: &Browser, page: &Page) -> Page {
    assert_eq!(page.url.path(), "/password/renew", "{}", page.body);
    let new = [
        ("password", NEW_PASSWORD),
        ("password_repeat", NEW_PASSWORD),
    ];
    browser.submit(page, "password-submit", &new).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_brings_the_papers_of_their_account_gets_another_password() {
    let (app, home) = start().await;
    let desk = signed_in(&app, OPERATOR).await;
    // Without the ticks nothing is printed.
    let page = register(&desk, &[]).await;
    let page = desk
        .submit(&page, "papers-restore", &[("agreed", "")])
        .await;
    assert!(!page.has("#login-sheet"), "{}", page.body);
    let sheet = restore(&desk).await;
    let (login, temporary) = printed(&sheet);
    assert_eq!(login, super::SNILS);
    assert!(!sheet.body.contains("Соколова"));
    let account = app.app.accounts.find_by_login(ANNA).await.unwrap();
    let step = ("login_restored".to_owned(), account);
    assert!(audit(&app).await.contains(&step));
    for (to, what) in [(ANNA, "временный пароль вместо вашего"), (MAIL, TOLD)]
    {
        assert_eq!(told(&app, to, what).await.len(), 1, "{to}");
    }
    // The old one is worth nothing, nor is what it opened.
    assert_eq!(home.get("/account").await.url.path(), "/sign-in");
    let page = sign_in(&app.browser(), ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    let browser = app.browser();
    let page = sign_in(&browser, &login, &temporary).await;
    let page = renew(&browser, &page).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let journal = browser.get("/account/journal").await;
    assert!(
        journal.body.contains("временный пароль вместо забытого"),
        "{}",
        journal.body
    );
    let page = sign_in(&app.browser(), ANNA, NEW_PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_a_desk_does_not_take_the_second_factor_away() {
    let (app, home) = start().await;
    let phone = add_app(&app, &home).await;
    app.advance(60).await;
    // A recovery that somebody has open ends with it.
    let thief = app.browser();
    let asked = ask(&thief, MAIL).await;
    let opened = show(&app, &thief, &asked, MAIL).await;
    let opened = thief.submit(&opened, "recover-wait", &[]).await;
    assert!(opened.has("#recover-waiting"), "{}", opened.body);
    let desk = signed_in(&app, OPERATOR).await;
    let (login, temporary) = printed(&restore(&desk).await);
    app.advance(80 * 3_600).await;
    let page = thief.get(opened.url.as_str()).await;
    assert_eq!(page.url.path(), "/recover", "{}", page.body);
    let browser = app.browser();
    let page = sign_in(&browser, &login, &temporary).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    let page = give(&browser, &page, &phone.code(&app)).await;
    let page = renew(&browser, &page).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_a_desk_restores_only_whom_the_papers_are_of_and_no_operator() {
    let (app, _) = start().await;
    let desk = signed_in(&app, OPERATOR).await;
    become_standard(&app, &desk, &OWN).await;
    let offered = register(&desk, &[]).await;
    assert!(offered.has("#papers-restore"), "{}", offered.body);
    // Behind the offered button: one field is otherwise, or it is one's own.
    for changes in [
        vec![("birth_date", "25.03.1990")],
        vec![("given_name", "Мария")],
        vec![("middle_name", "")],
        vec![("passport", "0001 000303")],
        vec![("snils", "000-000-900 00")],
        OWN.to_vec(),
    ] {
        let page = desk
            .submit(&offered, "papers-restore", &fields(&changes))
            .await;
        assert!(!page.has("#login-sheet"), "{changes:?}");
        assert!(page.has("#papers-refused"), "{changes:?} {}", page.body);
    }
    let page = sign_in(&app.browser(), ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    // A blocked account stays closed.
    let id = app.app.accounts.find_by_login(ANNA).await.unwrap().unwrap();
    let now = app.now();
    app.app
        .storage
        .block_account(id, Some(now), now)
        .await
        .unwrap();
    let page = desk.submit(&offered, "papers-restore", &fields(&[])).await;
    assert!(page.has("#papers-refused"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_the_owner_takes_back_what_a_desk_has_printed() {
    for renewed in [false, true] {
        let (app, _) = start().await;
        let desk = signed_in(&app, OPERATOR).await;
        let offered = register(&desk, &[]).await;
        let (login, temporary) = printed(&restore(&desk).await);
        app.advance(60).await;
        let thief = app.browser();
        let page = sign_in(&thief, &login, &temporary).await;
        if renewed {
            renew(&thief, &page).await;
        }
        app.advance(60).await;
        let owner = app.browser();
        let page = owner.get(&link(&app, MAIL, TOLD).await).await;
        let page = owner.submit(&page, "not-me-confirm", &[]).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert_eq!(thief.get("/account").await.url.path(), "/sign-in");
        for password in [NEW_PASSWORD, &temporary] {
            let page = sign_in(&app.browser(), ANNA, password).await;
            assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
        }
        // The owner's is back, beside a code to a contact.
        let page = sign_in(&app.browser(), ANNA, PASSWORD).await;
        assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
        // And no desk has a say for a while.
        let again = desk.submit(&offered, "papers-restore", &fields(&[])).await;
        assert!(again.has("#papers-refused"), "{}", again.body);
        let steps = audit(&app).await;
        assert_eq!(steps[0].0, "papers_refused");
        app.deliver().await;
        app.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_a_restored_login_is_not_printed_again_by_less() {
    let (app, _) = start().await;
    let desk = signed_in(&app, OPERATOR).await;
    let page = register(&desk, &[]).await;
    let (_, first) = printed(&restore(&desk).await);
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let mut sent = fields(&[("given_name", "Мария")]);
    sent.push(("csrf", &csrf));
    let refused = desk.post("/operator/papers/reprint", &sent).await;
    assert!(refused.has("#papers-refused"), "{}", refused.body);
    // The same papers restore it once more; the first sheet is worth nothing.
    app.advance(60).await;
    let (login, second) = printed(&restore(&desk).await);
    let page = sign_in(&app.browser(), &login, &first).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    let page = sign_in(&app.browser(), &login, &second).await;
    assert_eq!(page.url.path(), "/password/renew", "{}", page.body);
    assert_eq!(told(&app, MAIL, TOLD).await.len(), 2);
    app.end().await;
}
