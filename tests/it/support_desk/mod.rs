//! Support: requests of citizens, and blocks that are lifted by their number.

mod attacks;
mod locks;
mod requests;

use crate::support::{Browser, Page, TestApp};

/// Who answers in tests.
pub const SUPPORT: &str = "+79005550107";

/// Writes a request; ends on its page.
pub async fn ask(browser: &Browser, text: &str) -> Page {
    let page = browser.get("/account/support").await;
    let fields = [("topic", "level"), ("message", text)];
    let page = browser.submit(&page, "support-send", &fields).await;
    assert!(page.has("#support-done"), "{}", page.body);
    page
}

/// The number in the address of a request.
pub fn number(page: &Page) -> String {
    page.url.path().rsplit('/').next().unwrap().to_owned()
}

/// Takes a request from the queue.
pub async fn take(desk: &Browser, number: &str) -> Page {
    let page = desk.get("/operator/support/requests").await;
    assert_eq!(page.status, 200, "{}", page.body);
    desk.submit(&page, &format!("take-{number}"), &[]).await
}

/// Locks a login out by wrong passwords in a browser nobody knows; gives the
/// block number that the screen shows.
pub async fn lock(app: &TestApp, login: &str) -> String {
    lock_in(&app.browser(), login).await
}

/// The same in this browser.
pub async fn lock_in(browser: &Browser, login: &str) -> String {
    let mut page = browser.get("/sign-in").await;
    for _ in 0..5 {
        let fields = [("username", login), ("password", "wrong")];
        page = browser.submit(&page, "login-submit", &fields).await;
    }
    page.text("#block-number")
        .unwrap_or_else(|| panic!("no block: {}", page.body))
}

/// Asks for the lock of this number at the desk.
pub async fn open(desk: &Browser, number: &str) -> Page {
    let page = desk.get("/operator/support").await;
    assert_eq!(page.status, 200, "{}", page.body);
    desk.submit(&page, "lock-open", &[("number", number)]).await
}
