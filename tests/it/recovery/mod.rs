//! Recovering access: by a code, by a second factor beside it, after a waiting
//! time that anybody who is told may cancel.

mod attacks;
pub mod cases;
pub mod trusted;

use crate::factors::{add_app, backup_codes, give, other_way};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::{NEW_PASSWORD, sign_in, signed_in};
use crate::support::{Browser, Page, TestApp};

/// Anna's mailbox and insurance number.
pub const MAIL: &str = "anna.sokolova@example.ru";
const SNILS: &str = "112-233-445 95";
const HOUR: u64 = 3_600;

/// An app whose people registered a while ago.
pub async fn start() -> TestApp {
    let app = TestApp::start().await;
    app.advance(60).await;
    app
}

/// Types who somebody is: ends at the code.
pub async fn ask(browser: &Browser, who: &str) -> Page {
    let page = browser.get("/sign-in").await;
    let href = page.attribute("#recover-link", "href").unwrap();
    let page = browser.get(&href).await;
    let page = browser
        .submit(&page, "recover-submit", &[("username", who)])
        .await;
    assert_eq!(page.url.path(), "/recover/code", "{}", page.body);
    page
}

/// Types the code that came to this contact.
pub async fn show(app: &TestApp, browser: &Browser, page: &Page, at: &str) -> Page {
    let code = app.last_code(at).await;
    browser
        .submit(page, "code-submit", &[("code", &code)])
        .await
}

/// Sets a password on the last page.
pub async fn set(browser: &Browser, page: &Page, password: &str) -> Page {
    assert_eq!(page.url.path(), "/recover/password", "{}", page.body);
    let typed = [("password", password), ("password_repeat", password)];
    browser.submit(page, "password-submit", &typed).await
}

/// As far as the waiting time of an account with a second factor.
pub async fn wait(app: &TestApp, browser: &Browser, who: &str, at: &str) -> Page {
    let page = ask(browser, who).await;
    let page = show(app, browser, &page, at).await;
    assert_eq!(page.url.path(), "/recover/more", "{}", page.body);
    let page = browser.submit(&page, "recover-wait", &[]).await;
    assert!(page.has("#recover-waiting"), "{}", page.body);
    page
}

/// The link of the newest message of this subject to somebody.
pub async fn link(app: &TestApp, recipient: &str, subject: &str) -> String {
    told(app, recipient, subject)
        .await
        .into_iter()
        .find_map(|message| message.not_me)
        .unwrap_or_else(|| panic!("no message to {recipient} about {subject}"))
}

/// Messages to somebody about this, the newest first.
pub async fn told(app: &TestApp, recipient: &str, subject: &str) -> Vec<propusk::notify::Captured> {
    app.deliver().await;
    let mut found = app.capture.messages();
    found.retain(|message| {
        // An SMS has no subject.
        let words = match message.subject.is_empty() {
            true => &message.text,
            false => &message.subject,
        };
        message.recipient == recipient && words.to_lowercase().contains(subject)
    });
    found
}

const TRIED: &str = "восстановить";
const BEGUN: &str = "начато восстановление";
const CANCELLED: &str = "восстановление доступа отменено";
const DONE: &str = "доступ восстановлен";

/// Whether somebody gets in with a password alone.
async fn gets_in(app: &TestApp, password: &str) -> bool {
    let browser = app.browser();
    sign_in(&browser, ANNA, password).await;
    browser.get("/account").await.url.path() == "/account"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_password_is_replaced_by_a_code_to_any_contact() {
    let app = start().await;
    let mut last = PASSWORD.to_owned();
    for (n, (who, at)) in [(ANNA, ANNA), (MAIL, MAIL), (SNILS, ANNA)]
        .iter()
        .enumerate()
    {
        let elsewhere = app.browser();
        sign_in(&elsewhere, ANNA, &last).await;
        assert_eq!(elsewhere.get("/account").await.url.path(), "/account");
        let browser = app.browser();
        let page = ask(&browser, who).await;
        if *who == SNILS {
            let contact = page.text(".card bdi").unwrap();
            assert!(!contact.contains('+'), "{contact}");
        }
        let page = show(&app, &browser, &page, at).await;
        let password = format!("Korabl-Plyvet-4{n}!");
        let page = set(&browser, &page, &password).await;
        assert!(page.has("#sign-in-recovered"), "{}", page.body);
        // Nobody is signed in by it, and nobody is any more.
        assert_eq!(browser.get("/account").await.url.path(), "/sign-in");
        assert_eq!(elsewhere.get("/account").await.url.path(), "/sign-in");
        assert!(!gets_in(&app, &last).await);
        assert!(gets_in(&app, &password).await);
        for to in [ANNA, MAIL] {
            assert_eq!(told(&app, to, DONE).await.len(), n + 1, "{to}");
        }
        last = password;
        app.advance(HOUR).await;
    }
    let browser = app.browser();
    sign_in(&browser, ANNA, &last).await;
    let journal = browser.get("/account/journal").await;
    assert!(
        journal.body.contains("Доступ восстановлен"),
        "{}",
        journal.body
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_wrong_is_named_in_place() {
    let app = start().await;
    let browser = app.browser();
    let page = browser.get("/recover").await;
    let empty = browser.submit(&page, "recover-submit", &[]).await;
    assert!(empty.has("#username-problem"), "{}", empty.body);
    let typed = [("username", "Анна <b>")];
    let wrong = browser.submit(&page, "recover-submit", &typed).await;
    assert!(wrong.has("#username-problem"), "{}", wrong.body);
    assert_eq!(wrong.attribute("#username", "value").unwrap(), "Анна <b>");
    let page = ask(&browser, ANNA).await;
    for code in ["", "12", "000000"] {
        let page = browser
            .submit(&page, "code-submit", &[("code", code)])
            .await;
        assert!(page.has("#code-problem"), "{code} {}", page.body);
    }
    let page = show(&app, &browser, &page, ANNA).await;
    let weak = set(&browser, &page, "12345678").await;
    assert!(
        weak.has("#password-problem") && weak.has("#password-strength"),
        "{}",
        weak.body
    );
    let same = set(&browser, &weak, PASSWORD).await;
    assert!(same.has("#password-problem"), "{}", same.body);
    let page = set(&browser, &same, NEW_PASSWORD).await;
    assert!(page.has("#sign-in-recovered"), "{}", page.body);
    // The step is over.
    let page = browser.get("/recover/password?step=abc").await;
    assert_eq!(page.url.path(), "/recover", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_replaces_the_password_at_once_and_stays() {
    let app = start().await;
    let home = signed_in(&app, ANNA).await;
    let phone = add_app(&app, &home).await;
    let codes = backup_codes(&home).await;
    for n in 0..2 {
        app.advance(HOUR).await;
        let browser = app.browser();
        let page = ask(&browser, ANNA).await;
        let page = show(&app, &browser, &page, ANNA).await;
        assert_eq!(page.url.path(), "/recover/more", "{}", page.body);
        let mut page = browser.submit(&page, "recover-factor", &[]).await;
        assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
        let wrong = give(&browser, &page, "000000").await;
        assert!(wrong.has("#code-problem"), "{}", wrong.body);
        let code = if n == 0 {
            phone.code(&app)
        } else {
            page = other_way(&browser, &page, "backup").await;
            codes[0].clone()
        };
        let page = give(&browser, &page, &code).await;
        let password = format!("Korabl-Plyvet-4{n}!");
        let page = set(&browser, &page, &password).await;
        assert!(page.has("#sign-in-recovered"), "{}", page.body);
        // The factor is still asked for.
        let page = sign_in(&app.browser(), ANNA, &password).await;
        assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_factor_a_waiting_time_passes_that_everybody_is_told_of() {
    let app = start().await;
    let home = signed_in(&app, ANNA).await;
    let phone = add_app(&app, &home).await;
    app.advance(HOUR).await;
    let browser = app.browser();
    wait(&app, &browser, ANNA, ANNA).await;
    for to in [ANNA, MAIL] {
        assert_eq!(told(&app, to, BEGUN).await.len(), 1, "{to}");
    }
    // Every day once more, by one node only.
    let other = app.another_node().await;
    app.advance(24 * HOUR).await;
    tokio::join!(app.upkeep(), other.upkeep());
    app.upkeep().await;
    for to in [ANNA, MAIL] {
        let here = told(&app, to, BEGUN).await.len();
        let there = told(&other, to, BEGUN).await.len();
        assert_eq!(here + there, 2, "{to}");
    }
    other.stop().await;
    // The owner sees it in the cabinet, by whatever way they come in.
    let owner = app.browser();
    let page = sign_in(&owner, ANNA, PASSWORD).await;
    let page = give(&owner, &page, &phone.code(&app)).await;
    assert!(page.body.contains("/account/recovery"), "{}", page.body);
    // Not yet.
    let early = app.browser();
    let page = ask(&early, ANNA).await;
    let page = show(&app, &early, &page, ANNA).await;
    assert!(
        page.has("#recover-waiting") && !page.has("#recover-wait"),
        "{}",
        page.body
    );
    app.advance(48 * HOUR).await;
    // With another contact than it was begun with, not at all.
    let other = app.browser();
    let page = ask(&other, MAIL).await;
    let page = show(&app, &other, &page, MAIL).await;
    assert!(page.has("#recover-waiting"), "{}", page.body);
    let browser = app.browser();
    let page = ask(&browser, ANNA).await;
    let page = show(&app, &browser, &page, ANNA).await;
    let page = set(&browser, &page, NEW_PASSWORD).await;
    assert!(page.has("#sign-in-recovered"), "{}", page.body);
    // The factor is lost, and sensitive actions are closed for a while.
    let browser = app.browser();
    let page = sign_in(&browser, ANNA, NEW_PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    assert!(page.body.contains("/account/restricted"), "{}", page.body);
    let page = browser.get("/account/factors").await;
    assert!(!page.has("#factors"), "{}", page.body);
    // If it was not the owner after all, everything comes back.
    let link = link(&app, MAIL, DONE).await;
    let anywhere = app.browser();
    let page = anywhere.get(&link).await;
    let page = anywhere.submit(&page, "not-me-confirm", &[]).await;
    assert!(page.has("#not-me-did"), "{}", page.body);
    assert_eq!(browser.get("/account").await.url.path(), "/sign-in");
    let page = sign_in(&app.browser(), ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_not_finished_in_time_begins_anew() {
    let app = start().await;
    let home = signed_in(&app, ANNA).await;
    add_app(&app, &home).await;
    app.advance(HOUR).await;
    wait(&app, &app.browser(), ANNA, ANNA).await;
    app.advance((72 + 72) * HOUR).await;
    let browser = app.browser();
    let page = ask(&browser, ANNA).await;
    let page = show(&app, &browser, &page, ANNA).await;
    assert!(page.has("#recover-wait"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_cancels_in_the_cabinet() {
    let app = start().await;
    let home = signed_in(&app, ANNA).await;
    let phone = add_app(&app, &home).await;
    app.advance(HOUR).await;
    let thief = app.browser();
    wait(&app, &thief, ANNA, ANNA).await;
    let owner = app.browser();
    let page = sign_in(&owner, ANNA, PASSWORD).await;
    let page = give(&owner, &page, &phone.code(&app)).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let page = owner.get("/account/recovery").await;
    let page = owner.submit(&page, "recovery-cancel", &[]).await;
    assert!(page.has("#recovery-none"), "{}", page.body);
    for to in [ANNA, MAIL] {
        assert_eq!(told(&app, to, CANCELLED).await.len(), 1, "{to}");
    }
    let page = owner.get("/account").await;
    assert!(!page.body.contains("/account/recovery"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_or_restricted_account_is_not_recovered() {
    let app = start().await;
    let home = signed_in(&app, ANNA).await;
    let page = home.get("/account/freeze").await;
    home.submit(&page, "freeze-confirm", &[]).await;
    let browser = app.browser();
    let page = ask(&browser, ANNA).await;
    let page = show(&app, &browser, &page, ANNA).await;
    assert!(page.has("#recover-closed"), "{}", page.body);
    app.database
        .execute("update accounts set blocked_at = null, restricted_until = 9000000000000")
        .await;
    app.app.storage.note_change();
    let page = browser.get(page.url.as_str()).await;
    assert!(page.has("#recover-closed time"), "{}", page.body);
    app.end().await;
}
