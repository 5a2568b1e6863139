//! Second factors: added, asked for, trusted, lost, taken away. Codes of the app
//! are made by a library as an app would make them.

mod attacks;
pub mod cases;
mod elsewhere;
mod operators;
mod required;
mod step_up;

use totp_rs::{Algorithm, Builder, Secret};

use crate::support::app::{ANNA, PASSWORD, START};
use crate::support::steps::{sign_in, signed_in};
use crate::support::{Browser, Page, TestApp};

/// An authenticator app.
#[derive(Clone)]
pub struct App(Secret);

impl App {
    /// One with this key.
    pub fn with(key: &str) -> Self {
        Self(Secret::try_from_base32(key).unwrap())
    }

    /// What it shows when the test's clock is right.
    pub fn code(&self, app: &TestApp) -> String {
        self.code_at(app.now().seconds())
    }

    /// What it shows by the machine's clock.
    pub fn code_now(&self) -> String {
        self.code_at(propusk::clock::Clock::System.now().seconds())
    }

    fn code_at(&self, seconds: i64) -> String {
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(0)
            .with_step_duration(30)
            .with_secret(self.0.clone())
            .with_account_name("anna")
            .build()
            .unwrap();
        totp.generate(u64::try_from(seconds).unwrap()).to_string()
    }
}

/// Adds an app in the cabinet.
pub async fn add_app(app: &TestApp, browser: &Browser) -> App {
    let page = browser.get("/account/factors/totp").await;
    assert!(page.has("#app-secret"), "{}", page.body);
    let key: String = page.text("#app-secret").unwrap().split(' ').collect();
    let phone = App::with(&key);
    let typed = [("code", &*phone.code(app)), ("name", "Телефон")];
    let page = browser.submit(&page, "app-confirm", &typed).await;
    assert_eq!(page.url.path(), "/account/factors", "{}", page.body);
    app.advance(30).await;
    phone
}

/// Signs in with the password: ends at the second step.
pub async fn first_step(browser: &Browser) -> Page {
    let page = sign_in(browser, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    page
}

/// Gives a code at the second step.
pub async fn give(browser: &Browser, page: &Page, code: &str) -> Page {
    browser
        .submit(page, "second-submit", &[("code", code)])
        .await
}

/// The page of another way.
pub async fn other_way(browser: &Browser, page: &Page, way: &str) -> Page {
    let href = page
        .every("#second-others a", "href")
        .into_iter()
        .find(|href| href.contains(&format!("way={way}")))
        .unwrap_or_else(|| panic!("no way {way}: {}", page.body));
    browser.get(&href).await
}

/// The ten codes of a new list.
pub async fn backup_codes(browser: &Browser) -> Vec<String> {
    let page = browser.get("/account/factors").await;
    let page = browser.submit(&page, "backups-make", &[]).await;
    let codes = page.texts("#backup-codes li");
    assert_eq!(codes.len(), 10, "{}", page.body);
    codes
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_added_by_being_used_and_asked_for_from_then_on() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get("/account/security").await;
    assert!(
        page.text("#second-factors")
            .unwrap()
            .contains("хватает пароля")
    );
    let page = browser.get("/account/factors/totp").await;
    let page = browser
        .submit(
            &page,
            "app-confirm",
            &[("code", "000000"), ("name", "Мой <телефон>")],
        )
        .await;
    assert!(page.has("#code-problem"), "{}", page.body);
    assert_eq!(page.attribute("#name", "value").unwrap(), "Мой <телефон>");
    let phone = add_app(&app, &browser).await;
    let page = browser.get("/account/factors").await;
    assert!(
        page.text("#factors").unwrap().contains("Телефон"),
        "{}",
        page.body
    );

    let elsewhere = app.browser();
    let page = first_step(&elsewhere).await;
    // Nobody is signed in yet.
    assert_eq!(elsewhere.get("/account").await.url.path(), "/sign-in");
    let wrong = give(&elsewhere, &page, "000000").await;
    assert!(
        wrong.text("#code-problem").unwrap().contains("не подошёл"),
        "{}",
        wrong.body
    );
    let page = give(&elsewhere, &wrong, &phone.code(&app)).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let history = elsewhere.get("/account/history").await;
    assert!(
        history.body.contains("пароль, приложение с кодами"),
        "{}",
        history.body
    );
    let message = app.last_message("anna.sokolova@example.ru").await;
    assert!(!message.text.is_empty());
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_and_a_mailbox_become_factors_and_another_way_is_a_link_away() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    for (kind, to) in [("sms", ANNA), ("email", "anna.sokolova@example.ru")] {
        let page = browser.get(&format!("/account/factors/{kind}")).await;
        let page = browser.submit(&page, "factor-send", &[]).await;
        let code = app.last_code(to).await;
        let wrong = browser
            .submit(&page, "factor-confirm", &[("code", "1")])
            .await;
        assert!(wrong.has("#code-problem"), "{}", wrong.body);
        let page = browser
            .submit(&wrong, "factor-confirm", &[("code", &code)])
            .await;
        assert_eq!(page.url.path(), "/account/factors", "{}", page.body);
    }
    let elsewhere = app.browser();
    let page = first_step(&elsewhere).await;
    assert!(
        page.text("#second-about").unwrap().contains("СМС"),
        "{}",
        page.body
    );
    let page = other_way(&elsewhere, &page, "email").await;
    let page = elsewhere.submit(&page, "second-send", &[]).await;
    let code = app.last_code("anna.sokolova@example.ru").await;
    let page = give(&elsewhere, &page, &code).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);

    let third = app.browser();
    let page = first_step(&third).await;
    let page = third.submit(&page, "second-send", &[]).await;
    assert!(page.has("#resend-at"), "{}", page.body);
    let code = app.last_code(ANNA).await;
    let page = give(&third, &page, &code).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_code_opens_once_when_the_phone_is_lost() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    add_app(&app, &browser).await;
    let codes = backup_codes(&browser).await;
    let lost = app.browser();
    let page = first_step(&lost).await;
    let page = other_way(&lost, &page, "backup").await;
    let wrong = give(&lost, &page, "12").await;
    assert!(
        wrong.text("#code-problem").unwrap().contains("10 цифр"),
        "{}",
        wrong.body
    );
    let page = give(&lost, &wrong, &codes[3]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let page = lost.get("/account/factors").await;
    assert!(
        page.text("#backups-left").unwrap().contains('9'),
        "{}",
        page.body
    );
    // The lost app is replaced: the code just given is proof enough.
    let remove = page.every("button[id^=remove-]", "id").remove(0);
    let page = lost.submit(&page, &remove, &[]).await;
    assert!(!page.has("#factors"), "{}", page.body);
    add_app(&app, &lost).await;
    let again = app.browser();
    let page = first_step(&again).await;
    let others = page.every("#second-others a", "href");
    assert!(
        others.iter().all(|href| !href.contains("way=backup")),
        "codes went with the factor: {}",
        page.body
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_device_is_not_asked_until_the_time_is_over_or_factors_change() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let phone = add_app(&app, &browser).await;
    let home = app.browser();
    let page = first_step(&home).await;
    let page = home
        .submit(
            &page,
            "second-submit",
            &[("code", &phone.code(&app)), ("trust", "yes")],
        )
        .await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let leave = home.get("/sign-out").await;
    home.submit(&leave, "logout-confirm", &[]).await;
    let page = sign_in(&home, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    // What is critical asks for it there as well (attack row 49).
    let page = home.get("/account/factors").await;
    let remove = page.every("button[id^=remove-]", "id").remove(0);
    let page = home.submit(&page, &remove, &[]).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    let page = home
        .submit(&page, "login-submit", &[("password", PASSWORD)])
        .await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    app.advance(30).await;
    let page = give(&home, &page, &phone.code(&app)).await;
    assert_eq!(page.url.path(), "/account/factors", "{}", page.body);
    app.advance(31 * 24 * 3600).await;
    first_step(&home).await;
    assert!(app.now() > START);
    app.end().await;
}
