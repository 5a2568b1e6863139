//! The strength of a password, shown wherever one is chosen (requirement C5)
//! once it came back with problems; what was typed is never sent back.

use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::{NEW_PASSWORD, begin_registration, confirm_code, sign_in, signed_in};
use crate::support::{Browser, Page, TestApp};

/// Refused: a run, and no special character.
const WEAK: &str = "Abcdefg1";
const ADVICE: &str = "Прописные буквы, похожие знаки вместо букв и слова наоборот почти не \
                      мешают подбору: лучше добавьте ещё одно слово.";

fn meter(page: &Page) -> Option<String> {
    page.attribute("meter", "value")
}

/// Neither filled in nor anywhere else.
fn is_silent(page: &Page, typed: &str) -> bool {
    page.attribute("#password", "value").is_none() && !page.body.contains(typed)
}

async fn choose(browser: &Browser, page: &Page, password: &str, repeat: &str) -> Page {
    let typed = [
        ("current_password", PASSWORD),
        ("password", password),
        ("password_repeat", repeat),
    ];
    browser.submit(page, "password-submit", &typed).await
}

#[tokio::test]
async fn a_newcomer_sees_how_strong_the_password_is() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin_registration(&browser, "vera@example.ru").await;
    let code = app.last_code("vera@example.ru").await;
    let page = confirm_code(&browser, &page, &code).await;
    let tip = |page: &Page| {
        page.text("#password-hint")
            .unwrap()
            .contains("три случайных слова")
    };
    assert!(tip(&page) && !page.has("meter"), "{}", page.body);

    let page = choose(&browser, &page, WEAK, WEAK).await;
    assert!(is_silent(&page, WEAK), "{}", page.body);
    assert_eq!(meter(&page).as_deref(), Some("1"), "{}", page.body);
    let of_meter = |name| page.attribute("meter", name).unwrap();
    assert_eq!((of_meter("min"), of_meter("max")), ("0".into(), "4".into()));
    let name = format!("#{}", of_meter("aria-labelledby"));
    assert_eq!(
        page.text(&name).unwrap(),
        "Надёжность введённого пароля: низкая"
    );
    assert_eq!(page.text("#password-advice").unwrap(), ADVICE);
    assert!(!tip(&page), "one advice at a time");
    assert_eq!(
        page.attribute("#password", "aria-describedby").unwrap(),
        "password-problem password-strength password-hint"
    );

    // A good one mistyped: nothing to advise.
    let page = choose(&browser, &page, NEW_PASSWORD, "else").await;
    assert_eq!(meter(&page).as_deref(), Some("4"));
    assert!(page.text(".strength").unwrap().ends_with("высокая"));
    assert!(!page.has("#password-advice") && is_silent(&page, NEW_PASSWORD));

    let page = choose(&browser, &page, "", "").await;
    assert!(page.has("#password-problem") && !page.has("meter"));
    app.end().await;
}

#[tokio::test]
async fn so_does_who_changes_or_renews_it() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA)
        .await
        .with_header("accept-language", "en");
    let page = browser.get("/account/security").await;
    // Her name: known to whoever guesses.
    let page = choose(&browser, &page, "Sokolova-1", "Sokolova-1").await;
    assert_eq!(meter(&page).as_deref(), Some("1"), "{}", page.body);
    let words = page.text(".strength-words").unwrap();
    assert_eq!(words, "Strength of the password you entered: weak");
    assert!(page.has("#password-advice") && is_silent(&page, "Sokolova-1"));

    app.advance(91 * 86_400).await;
    let browser = app.browser();
    sign_in(&browser, ANNA, PASSWORD).await;
    let page = browser.get("/password/renew").await;
    assert_eq!(page.url.path(), "/password/renew", "{}", page.body);
    let page = choose(&browser, &page, WEAK, WEAK).await;
    assert_eq!(meter(&page).as_deref(), Some("1"), "{}", page.body);
    assert!(page.has("#password-advice") && is_silent(&page, WEAK));
    app.end().await;
}
