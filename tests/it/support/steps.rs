//! Steps of people that many tests begin with.

use super::{Browser, Page, TestApp};
use crate::support::app::PASSWORD;

/// A password that every rule lets pass.
pub const NEW_PASSWORD: &str = "Korabl-Plyvet-48!";

/// Opens the sign-in page and signs in.
pub async fn sign_in(browser: &Browser, person: &str, password: &str) -> Page {
    let page = browser.get("/sign-in").await;
    browser
        .submit(
            &page,
            "login-submit",
            &[("username", person), ("password", password)],
        )
        .await
}

/// A browser in which one of the people in tests is signed in.
pub async fn signed_in(app: &TestApp, person: &str) -> Browser {
    let browser = app.browser();
    let page = sign_in(&browser, person, PASSWORD).await;
    assert_eq!(
        (page.status, page.url.path()),
        (200, "/account"),
        "{}",
        page.body
    );
    browser
}

/// Fills in the first page of a registration: ends on the page of the code.
pub async fn begin_registration(browser: &Browser, contact: &str) -> Page {
    let page = browser.get("/register").await;
    let page = browser
        .submit(
            &page,
            "register-submit",
            &[
                ("family_name", "Громова"),
                ("given_name", "Вера"),
                ("contact", contact),
                ("terms", "yes"),
                ("privacy", "yes"),
            ],
        )
        .await;
    assert_eq!(
        (page.status, page.url.path()),
        (200, "/register/code"),
        "{}",
        page.body
    );
    page
}

/// Goes on with the code: ends on the page of the password.
pub async fn confirm_code(browser: &Browser, page: &Page, code: &str) -> Page {
    let page = browser.submit(page, "code-submit", &[("code", code)]).await;
    assert_eq!(
        (page.status, page.url.path()),
        (200, "/register/password"),
        "{}",
        page.body
    );
    page
}

/// Sets the password: ends signed in.
pub async fn choose_password(browser: &Browser, page: &Page, password: &str) -> Page {
    let page = browser
        .submit(
            page,
            "password-submit",
            &[("password", password), ("password_repeat", password)],
        )
        .await;
    assert_eq!(
        (page.status, page.url.path()),
        (200, "/account"),
        "{}",
        page.body
    );
    page
}
