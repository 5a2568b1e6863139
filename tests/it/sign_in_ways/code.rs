use crate::factors::add_app;
use crate::levels::become_standard;
use crate::support::app::{ANNA, TIMUR};
use crate::support::steps::signed_in;
use crate::support::{Browser, Page, TestApp};

/// Anna's mailbox.
const MAIL: &str = "anna.sokolova@example.ru";
/// Anna's SNILS, once the registries have confirmed it.
pub const SNILS: &str = "000-000-300 00";

/// Whose SNILS and phone are confirmed.
async fn known(app: &TestApp) -> Browser {
    let browser = signed_in(app, ANNA).await;
    become_standard(app, &browser, &[]).await;
    browser
}

/// Asks for a code: ends at the page of the code, if the fields are right.
pub async fn numbers(browser: &Browser, snils: &str, phone: &str) -> Page {
    let page = browser.get("/sign-in/code").await;
    let typed = [("snils", snils), ("phone", phone)];
    browser.submit(&page, "code-begin", &typed).await
}

async fn enter(browser: &Browser, page: &Page, code: &str) -> Page {
    browser.submit(page, "code-enter", &[("code", code)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn snils_phone_and_a_code_open_the_cabinet() {
    let app = TestApp::start().await;
    known(&app).await;
    let browser = app.browser();
    let page = numbers(&browser, "00000030000", "8 (900) 555-01-01").await;
    assert_eq!(page.url.path(), "/sign-in/code/enter", "{}", page.body);
    let code = app.last_code(ANNA).await;
    let wrong = if code == "123456" { "654321" } else { "123456" };
    let page = enter(&browser, &page, wrong).await;
    assert!(page.has("#code-problem"), "{}", page.body);
    let page = enter(&browser, &page, &code).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let history = browser.get("/account/history").await;
    assert!(history.body.contains("SMS"), "{}", history.body);
    // The wrong code stands there as well.
    assert!(
        history
            .texts(".badge")
            .iter()
            .any(|badge| badge == "неудача"),
        "{}",
        history.body
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_fields_are_all_named_and_nothing_typed_is_lost() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = numbers(&browser, "112-233-445 96", "+7 495 123-45-67").await;
    assert!(
        page.has("#snils-problem") && page.has("#phone-problem"),
        "{}",
        page.body
    );
    assert_eq!(
        page.attribute("#snils", "value").as_deref(),
        Some("112-233-445 96")
    );
    assert_eq!(
        page.attribute("#phone", "value").as_deref(),
        Some("+7 495 123-45-67")
    );
    let page = numbers(&browser, "", "").await;
    assert!(
        page.has("#snils-problem") && page.has("#phone-problem"),
        "{}",
        page.body
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_23_nobody_learns_whose_numbers_they_are() {
    let app = TestApp::start().await;
    known(&app).await;
    let mut seen = Vec::new();
    for (snils, phone) in [
        (SNILS, ANNA),
        // Of two people.
        (SNILS, TIMUR),
        // Of nobody.
        ("087-654-303 00", "+79009999999"),
        ("087-654-303 00", ANNA),
    ] {
        app.deliver().await;
        let before = app.capture.messages().len();
        let browser = app.browser();
        let page = numbers(&browser, snils, phone).await;
        assert_eq!(page.url.path(), "/sign-in/code/enter", "{}", page.body);
        app.deliver().await;
        let sent = app.capture.messages().len() - before;
        assert_eq!(sent, usize::from((snils, phone) == (SNILS, ANNA)));
        let wrong = enter(&browser, &page, "000000").await;
        let text = |page: &Page| {
            page.text("main")
                .unwrap()
                .replace(|c: char| c.is_ascii_digit(), "")
        };
        seen.push((page.status, text(&page), wrong.status, text(&wrong)));
    }
    assert!(seen.windows(2).all(|two| two[0] == two[1]), "{seen:?}");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_20_the_code_is_not_guessed_and_not_asked_for_without_end() {
    let app = TestApp::start().await;
    known(&app).await;
    let browser = app.browser();
    let mut page = numbers(&browser, SNILS, ANNA).await;
    let code = app.last_code(ANNA).await;
    for n in 0..5 {
        let guess = format!("00000{n}");
        assert_ne!(guess, code);
        page = enter(&browser, &page, &guess).await;
        assert!(page.has("#code-problem"), "{}", page.body);
    }
    let page = enter(&browser, &page, &code).await;
    assert!(page.has("#code-problem"), "{}", page.body);
    for _ in 0..4 {
        numbers(&app.browser(), SNILS, ANNA).await;
    }
    let refused = numbers(&app.browser(), SNILS, ANNA).await;
    assert_eq!(refused.status, 429);
    assert!(refused.has("#phone-problem"), "{}", refused.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_49_a_sim_card_alone_does_not_open_a_protected_account() {
    let app = TestApp::start().await;
    let owner = known(&app).await;
    let phone = add_app(&app, &owner).await;
    // The SIM card in a thief's phone: its codes, its number, and a SNILS from somewhere.
    let thief = app.browser();
    let page = numbers(&thief, SNILS, ANNA).await;
    let code = app.last_code(ANNA).await;
    let page = enter(&thief, &page, &code).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    assert!(!page.body.contains("SMS"), "{}", page.body);
    assert_eq!(thief.get("/account").await.url.path(), "/sign-in");
    app.deliver().await;
    let told = app.last_message(MAIL).await;
    assert!(told.not_me.is_some(), "{}", told.text);
    // The owner has the app as well.
    let page = thief
        .submit(&page, "second-submit", &[("code", &phone.code(&app))])
        .await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_sms_is_the_second_factor_the_password_is_asked_for() {
    let app = TestApp::start().await;
    let owner = known(&app).await;
    let page = owner.get("/account/factors/sms").await;
    let page = owner.submit(&page, "factor-send", &[]).await;
    let code = app.last_code(ANNA).await;
    let page = owner
        .submit(&page, "factor-confirm", &[("code", &code)])
        .await;
    assert_eq!(page.url.path(), "/account/factors", "{}", page.body);
    app.advance(120).await;
    let browser = app.browser();
    let page = numbers(&browser, SNILS, ANNA).await;
    let code = app.last_code(ANNA).await;
    let page = enter(&browser, &page, &code).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    assert!(page.body.contains("одного кода мало"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_48_a_phone_that_brought_a_thief_in_opens_nothing_after_the_link() {
    let app = TestApp::start().await;
    known(&app).await;
    app.advance(60).await;
    let thief = app.browser();
    let enters = async |browser: &Browser| {
        let page = numbers(browser, SNILS, ANNA).await;
        let code = app.last_code(ANNA).await;
        enter(browser, &page, &code).await
    };
    assert_eq!(enters(&thief).await.url.path(), "/account");
    app.deliver().await;
    let link = app.last_message(MAIL).await.not_me.unwrap();
    let owner = app.browser();
    let page = owner.get(&link).await;
    owner.submit(&page, "not-me-confirm", &[]).await;
    let page = enters(&app.browser()).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    assert!(page.body.contains("одного кода мало"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_49_a_sim_card_and_a_mailbox_are_no_second_kind() {
    let app = TestApp::start().await;
    let owner = known(&app).await;
    let page = owner.get("/account/factors/email").await;
    let page = owner.submit(&page, "factor-send", &[]).await;
    let code = app.last_code(MAIL).await;
    owner
        .submit(&page, "factor-confirm", &[("code", &code)])
        .await;
    app.advance(120).await;
    let thief = app.browser();
    let page = numbers(&thief, SNILS, ANNA).await;
    let code = app.last_code(ANNA).await;
    let page = enter(&thief, &page, &code).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    let told = app.last_message(MAIL).await;
    assert!(told.not_me.is_some(), "{}", told.text);
    app.end().await;
}
