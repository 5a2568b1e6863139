//! Recovering access by a form: who has lost every contact, two operators of
//! support, a waiting time, and the owner who may cancel it.

mod attacks;
pub mod cases;
mod endings;

use image::ImageFormat;
use propusk::storage::OperatorRecord;

use crate::factors::{add_app, give};
use crate::levels::become_standard;
use crate::photographs::{picture, pictures};
use crate::recovery::{MAIL, link, told};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::{NEW_PASSWORD, sign_in, signed_in};
use crate::support::{Browser, Page, TestApp};
use crate::support_desk::SUPPORT;

/// A phone that no account has.
pub const NEW: &str = "+79005550777";
pub const HOUR: u64 = 3_600;

/// What Anna's account says, as it is typed.
pub const DATA: [(&str, &str); 9] = [
    ("family_name", "Соколова"),
    ("given_name", "анна"),
    ("middle_name", "Павловна"),
    ("birth_date", "24.03.1990"),
    ("snils", "00000030000"),
    ("passport", "00 01 № 000300"),
    ("inn", "500100732259"),
    ("appeal_text", "Телефон утонул."),
    ("photographs_consent", "yes"),
];

pub const RECEIVED: &str = "получено заявление";
pub const CONFIRMED: &str = "одобрен";
pub const DONE: &str = "доступ восстановлен";

/// Anna at the standard level, and her browser.
pub async fn start() -> (TestApp, Browser) {
    start_with(|_| ()).await
}

pub async fn start_with(change: impl FnOnce(&mut serde_json::Value)) -> (TestApp, Browser) {
    let app = TestApp::start_with(change).await;
    app.advance(60).await;
    let home = signed_in(&app, ANNA).await;
    become_standard(&app, &home, &[]).await;
    (app, home)
}

/// Shows a new contact: ends at the form.
pub async fn begin(app: &TestApp, browser: &Browser, contact: &str) -> Page {
    let page = browser.get("/recover").await;
    let href = page.attribute("#recover-form", "href").unwrap();
    let page = browser.get(&href).await;
    let page = browser
        .submit(&page, "appeal-begin", &[("contact", contact)])
        .await;
    assert_eq!(page.url.path(), "/recover/form/code", "{}", page.body);
    let code = app.last_code(contact).await;
    browser
        .submit(&page, "code-submit", &[("code", &code)])
        .await
}

/// Sends the form with [`DATA`] but for these fields.
pub async fn fill(browser: &Browser, page: &Page, changes: &[(&str, &str)]) -> Page {
    let jpeg = picture(ImageFormat::Jpeg);
    let files = [
        ("passport_main", "../passport.jpg", jpeg.as_slice()),
        ("selfie", "selfie.jpg", jpeg.as_slice()),
    ];
    let mut fields = DATA.to_vec();
    fields.retain(|(name, _)| changes.iter().all(|(other, _)| other != name));
    fields.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    browser.upload(page, "appeal-send", &fields, &files).await
}

/// A whole application: its number.
pub async fn apply(app: &TestApp, changes: &[(&str, &str)]) -> String {
    apply_from(app, &app.browser(), NEW, changes).await
}

pub async fn apply_from(
    app: &TestApp,
    browser: &Browser,
    contact: &str,
    changes: &[(&str, &str)],
) -> String {
    let page = begin(app, browser, contact).await;
    assert_eq!(page.url.path(), "/recover/form/data", "{}", page.body);
    let page = fill(browser, &page, changes).await;
    assert_eq!(page.url.path(), "/recover/form/sent", "{}", page.body);
    page.text("#appeal-number").unwrap()
}

/// Gives an account a task in support.
pub async fn employ(app: &TestApp, login: &str, role: &str, ended: bool) {
    let account = app.app.accounts.find_by_login(login).await.unwrap();
    let support = app.app.accounts.find_by_login(SUPPORT).await.unwrap();
    let storage = &app.app.storage;
    let known = storage.find_operator(&support.unwrap()).await.unwrap();
    let record = OperatorRecord {
        account_id: account.unwrap(),
        role: role.to_owned(),
        added_at: app.now(),
        disabled_at: ended.then(|| app.now()),
        centre_id: known.unwrap().centre_id,
    };
    storage.put_operator(record).await.unwrap();
}

/// The second one of support in tests.
pub const COLLEAGUE: &str = "+79005550106";

/// Two people of support.
pub async fn desks(app: &TestApp) -> (Browser, Browser) {
    (
        signed_in(app, SUPPORT).await,
        signed_in(app, COLLEAGUE).await,
    )
}

pub async fn take(desk: &Browser, number: &str) -> Page {
    let page = desk.get("/operator/support/appeals").await;
    assert_eq!(page.status, 200, "{}", page.body);
    desk.submit(&page, &format!("take-{number}"), &[]).await
}

/// Everything was looked at.
pub const LOOKED: [(&str, &str); 2] = [("looked", "scan"), ("looked", "face")];

pub async fn agree(desk: &Browser, page: &Page, lost: bool) -> Page {
    let mut fields = LOOKED.to_vec();
    fields.extend(lost.then_some(("factors_lost", "yes")));
    desk.submit(page, "appeal-agree", &fields).await
}

/// Both operators agree; each says whether second factors are lost.
pub async fn decide(app: &TestApp, number: &str, lost: [bool; 2]) {
    let (one, other) = desks(app).await;
    for (desk, lost, done) in [(one, lost[0], "proposed"), (other, lost[1], "confirmed")] {
        let page = take(&desk, number).await;
        let page = agree(&desk, &page, lost).await;
        let expected = format!("done={done}");
        assert_eq!(page.url.query(), Some(&*expected), "{}", page.body);
    }
}

/// The link that came to the new contact, once the time is over.
pub async fn opened(app: &TestApp, contact: &str) -> Option<String> {
    app.upkeep().await;
    app.deliver().await;
    let messages = app.capture.messages();
    messages
        .into_iter()
        .filter(|message| message.recipient == contact)
        .find_map(|message| message.link.filter(|link| link.contains("/recover/form/")))
}

/// Sets the password by the link.
pub async fn set(browser: &Browser, link: &str, password: &str) -> Page {
    let page = browser.get(link).await;
    assert_eq!(page.url.path(), "/recover/form/password", "{}", page.body);
    let typed = [("password", password), ("password_repeat", password)];
    browser.submit(&page, "password-submit", &typed).await
}

/// Whether somebody gets in with a password alone.
pub async fn gets_in(app: &TestApp, login: &str, password: &str) -> bool {
    let browser = app.browser();
    sign_in(&browser, login, password).await;
    browser.get("/account").await.url.path() == "/account"
}

#[tokio::test(flavor = "multi_thread")]
async fn two_operators_and_a_waiting_time_bring_back_who_has_lost_every_contact() {
    let (app, home) = start().await;
    let number = apply(&app, &[]).await;
    // Everybody is told at once.
    for to in [ANNA, MAIL] {
        assert_eq!(told(&app, to, RECEIVED).await.len(), 1, "{to}");
    }
    let received = app.last_message(NEW).await.text;
    assert!(received.contains(&number), "{received}");
    let page = home.get("/account").await;
    assert!(page.body.contains("/account/recovery"), "{}", page.body);
    assert!(home.get("/account/recovery").await.has("#appeal-cancel"));
    let (one, other) = desks(&app).await;
    let page = take(&one, &number).await;
    for shown in ["Соколова", "24.03.1990", "00 01 000300", "Телефон утонул."]
    {
        assert!(page.body.contains(shown), "{shown} {}", page.body);
    }
    assert_eq!(page.texts("#appeal-fields .badge-success").len(), 7);
    assert!(!page.body.contains(NEW), "masked: {}", page.body);
    let (answer, bytes) = one.bytes(&pictures(&page)[0]).await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("sandbox"), "{policy}");
    assert_eq!(image::load_from_memory(&bytes).unwrap().width(), 320);
    // Half a look is none.
    let page = one
        .submit(&page, "appeal-agree", &[("looked", "scan")])
        .await;
    assert!(page.has("#looked-problem"), "{}", page.body);
    let page = agree(&one, &page, false).await;
    assert_eq!(page.url.query(), Some("done=proposed"), "{}", page.body);
    assert!(!page.has(&format!("#take-{number}")), "{}", page.body);
    assert!(told(&app, ANNA, CONFIRMED).await.is_empty());
    let page = take(&other, &number).await;
    assert!(page.has("#appeal-second"), "{}", page.body);
    let page = agree(&other, &page, false).await;
    assert_eq!(page.url.query(), Some("done=confirmed"), "{}", page.body);
    for to in [ANNA, MAIL, NEW] {
        assert_eq!(told(&app, to, CONFIRMED).await.len(), 1, "{to}");
    }
    // The photographs are gone with the decision.
    let now = app.now();
    app.app.storage.erase_appeals(now, 10).await.unwrap();
    let files = "select count(*) from appeal_files";
    assert_eq!(app.database.count(files).await, 0);
    // Every day once more.
    app.advance(24 * HOUR).await;
    assert_eq!(opened(&app, NEW).await, None);
    for to in [ANNA, MAIL] {
        assert_eq!(told(&app, to, CONFIRMED).await.len(), 2, "{to}");
    }
    app.advance(47 * HOUR).await;
    assert_eq!(opened(&app, NEW).await, None);
    app.advance(HOUR).await;
    let home = signed_in(&app, ANNA).await;
    let link = opened(&app, NEW).await.unwrap();
    let browser = app.browser();
    let page = set(&browser, &link, "12345678").await;
    assert!(page.has("#password-problem"), "{}", page.body);
    let page = set(&browser, &link, NEW_PASSWORD).await;
    assert!(page.has("#sign-in-recovered"), "{}", page.body);
    // Nobody is signed in by it, and nobody is any more.
    assert_eq!(browser.get("/account").await.url.path(), "/sign-in");
    assert_eq!(home.get("/account").await.url.path(), "/sign-in");
    assert!(!gets_in(&app, ANNA, PASSWORD).await && !gets_in(&app, ANNA, NEW_PASSWORD).await);
    let browser = app.browser();
    let page = sign_in(&browser, NEW, NEW_PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    assert!(page.body.contains("/account/restricted"), "{}", page.body);
    let journal = browser.get("/account/journal").await;
    for line in [
        "Получено заявление на восстановление",
        "Сотрудник поддержки прочитал заявление",
        "Сотрудник поддержки согласился",
        "одобрено вторым сотрудником",
        "Доступ восстановлен",
    ] {
        assert!(journal.body.contains(line), "{line} {}", journal.body);
    }
    let now = app.now();
    app.app.storage.erase_appeals(now, 10).await.unwrap();
    let kept = "select count(*) from appeals where data_sealed <> '' or wrapped_key <> ''";
    assert_eq!(app.database.count(kept).await, 0);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_is_named_and_nothing_that_was_typed_is_lost() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/recover/form").await;
    for wrong in ["", "нет", "84951234567"] {
        let page = browser
            .submit(&page, "appeal-begin", &[("contact", wrong)])
            .await;
        assert!(page.has("#contact-problem"), "{wrong} {}", page.body);
    }
    let page = begin(&app, &browser, NEW).await;
    let mut large = picture(ImageFormat::Jpeg);
    large.resize(7 * 1024 * 1024, 0);
    let typed = [
        ("given_name", "Анна"),
        ("birth_date", "31.02.1990"),
        ("snils", "112-233-445 96"),
        ("passport", "123"),
        ("inn", "1"),
        ("appeal_text", "Слово <b>"),
    ];
    let files = [
        ("passport_main", "a.jpg", large.as_slice()),
        ("selfie", "b.jpg", b"<html>".as_slice()),
    ];
    let page = browser.upload(&page, "appeal-send", &typed, &files).await;
    for field in [
        "family_name",
        "birth_date",
        "snils",
        "passport",
        "inn",
        "passport_main",
        "selfie",
        "photographs_consent",
    ] {
        assert!(
            page.has(&format!("#{field}-problem")),
            "{field} {}",
            page.body
        );
    }
    assert!(!page.has("#given_name-problem"));
    for (field, value) in &typed[..5] {
        let kept = page.attribute(&format!("#{field}"), "value");
        assert_eq!(kept.as_deref(), Some(*value), "{field}");
    }
    assert!(page.text("#appeal_text").unwrap().contains("Слово <b>"));
    assert_eq!(app.database.count("select count(*) from appeals").await, 0);
    // No file at all; then everything right, once.
    let again = browser.submit(&page, "appeal-send", &[("csrf", "x")]).await;
    assert_eq!(again.status, 403);
    let sent = fill(&browser, &page, &[]).await;
    assert!(sent.has("#appeal-sent"), "{}", sent.body);
    let twice = fill(&browser, &page, &[]).await;
    assert!(twice.has("#appeal-notice"), "{}", twice.body);
    assert_eq!(app.database.count("select count(*) from appeals").await, 1);
    app.end().await;
}
