//! Row 20: guessing the six digits, in parallel, over many flows and from many
//! addresses.

use propusk::texts::{Lang, Texts};
use serde_json::json;
use tokio::task::JoinSet;

use super::{CROWD, register, sign_in};
use crate::support::app::{ANNA, TIMUR};
use crate::support::{Browser, Page, TestApp};

const PHONE: &str = "+79005559001";

async fn sent_code(app: &TestApp, contact: &str) -> String {
    app.last_code(contact).await
}

/// A code that was not sent.
fn other_than(code: &str, n: usize) -> String {
    let code: usize = code.parse().unwrap();
    format!("{:06}", (code + n + 1) % 1_000_000)
}

fn says(page: &Page, key: &str) -> bool {
    page.text("#code-problem")
        .is_some_and(|text| text.contains(&Texts(Lang::Ru).t(key)))
}

/// Whether the code got through.
fn passed(page: &Page) -> bool {
    page.url.path() == "/register/password"
}

async fn guess(browser: &Browser, page: &Page, code: &str) -> Page {
    browser.submit(page, "code-submit", &[("code", code)]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_20_many_guesses_at_once() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = register(&browser, PHONE).await;
    let code = sent_code(&app, PHONE).await;
    let mut guesses = JoinSet::new();
    for n in 0..CROWD {
        let (browser, page, wrong) = (browser.clone(), page.clone(), other_than(&code, n));
        guesses.spawn(async move { guess(&browser, &page, &wrong).await });
    }
    let answers = guesses.join_all().await;
    // Five were looked at; the fifth was told that it was the last.
    let looked_at = answers
        .iter()
        .filter(|page| says(page, "problem-code-wrong"))
        .count();
    assert_eq!(looked_at, 4);
    assert!(!answers.iter().any(passed));
    assert!(
        !passed(&guess(&browser, &page, &code).await),
        "the right one comes too late"
    );
    app.end().await;
}

#[tokio::test]
async fn attack_20_a_guess_that_is_no_code_costs_no_try_and_wins_nothing() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = register(&browser, PHONE).await;
    let code = sent_code(&app, PHONE).await;
    for text in [
        "",
        "12345",
        "1234567",
        "abcdef",
        "' or '1'='1",
        "٣٣٣٣٣٣",
        "-12345",
        "1e5000",
        "00000000000000000000",
    ] {
        assert!(!passed(&guess(&browser, &page, text).await), "{text}");
    }
    assert!(passed(&guess(&browser, &page, &code).await));
    app.end().await;
}

#[tokio::test]
async fn attack_20_guesses_over_several_flows_and_addresses() {
    let app = TestApp::start_with(|config| {
        config["trusted_proxies"] = json!(["127.0.0.0/8"]);
        config["limits"] = json!({ "codes_per_hour": 9 });
    })
    .await;
    let mut looked_at = 0;
    let mut last = None;
    for flow in 0..4 {
        let from = format!("198.51.100.{flow}");
        let browser = app.browser().with_header("x-forwarded-for", &from);
        let page = register(&browser, PHONE).await;
        let code = sent_code(&app, PHONE).await;
        for n in 0..5 {
            let from = format!("203.0.113.{}", 10 * flow + n);
            let guesser = browser.clone().with_header("x-forwarded-for", &from);
            let answer = guess(&guesser, &page, &other_than(&code, n)).await;
            looked_at += usize::from(
                says(&answer, "problem-code-wrong") || says(&answer, "problem-code-spent"),
            );
        }
        last = Some((browser, page));
    }
    assert_eq!(
        looked_at, 10,
        "tries for a contact are counted over all its codes"
    );
    // In a new flow too the right one has to wait.
    let (browser, _) = last.unwrap();
    let page = register(&browser, PHONE).await;
    let code = sent_code(&app, PHONE).await;
    let answer = guess(&browser, &page, &code).await;
    assert_eq!((answer.status, passed(&answer)), (429, false));
    assert!(answer.headers.contains_key("retry-after"));
    app.advance(10 * 60).await;
    let page = register(&browser, PHONE).await;
    let code = sent_code(&app, PHONE).await;
    assert!(passed(&guess(&browser, &page, &code).await));
    app.end().await;
}

#[tokio::test]
async fn attack_20_another_code_brings_no_endless_tries() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = register(&browser, PHONE).await;
    for round in 0..3 {
        let code = sent_code(&app, PHONE).await;
        for n in 0..5 {
            guess(&browser, &page, &other_than(&code, n)).await;
        }
        if round == 2 {
            assert!(!passed(&guess(&browser, &page, &code).await));
        }
        app.advance(60).await;
        browser.submit(&page, "code-resend", &[]).await;
    }
    app.end().await;
}

/// Asking for codes without end: a contact gets five in an hour, whoever asks,
/// from wherever, in whatever notation.
#[tokio::test]
async fn attack_20_a_flood_of_codes() {
    let app =
        TestApp::start_with(|config| config["trusted_proxies"] = json!(["127.0.0.0/8"])).await;
    let notations = [
        "+79005559001",
        "8 (900) 555-90-01",
        "9005559001",
        "7-900-555-90-01",
        "+7 900 555 90 01",
        "８９００５５５９００１",
    ];
    let mut accepted = 0;
    for n in 0..12 {
        let from = format!("198.51.100.{n}");
        let browser = app.browser().with_header("x-forwarded-for", &from);
        let page = register(&browser, notations[n % notations.len()]).await;
        accepted += usize::from(page.url.path() == "/register/code");
        assert_eq!(page.status == 429, n >= 5, "{n}: {}", page.status);
    }
    app.deliver().await;
    let sent = app
        .capture
        .messages()
        .iter()
        .filter(|message| message.recipient == PHONE)
        .count();
    assert_eq!((accepted, sent), (5, 5));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_20_a_flood_of_repeats() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = register(&browser, PHONE).await;
    app.advance(60).await;
    let mut presses = JoinSet::new();
    for _ in 0..CROWD {
        let (browser, page) = (browser.clone(), page.clone());
        presses.spawn(async move { browser.submit_once(&page, "code-resend", &[]).await });
    }
    let sent = presses
        .join_all()
        .await
        .iter()
        .filter(|page| page.status == 303)
        .count();
    app.deliver().await;
    let messages = app
        .capture
        .messages()
        .iter()
        .filter(|message| message.recipient == PHONE)
        .count();
    assert_eq!((sent, messages), (1, 2));
    app.end().await;
}

/// The counters belong to the contact, not to what it is to be used for.
#[tokio::test]
async fn attack_20_guesses_over_registration_and_change_of_contact() {
    let app = TestApp::start().await;
    let mut looked_at = 0;
    for person in [ANNA, TIMUR] {
        let browser = app.browser();
        sign_in(&browser, person).await;
        let page = browser.get("/account/contacts").await;
        let page = browser
            .submit(&page, "contact-submit", &[("contact", PHONE)])
            .await;
        let code = sent_code(&app, PHONE).await;
        for n in 0..5 {
            let answer = guess(&browser, &page, &other_than(&code, n)).await;
            looked_at += usize::from(
                says(&answer, "problem-code-wrong") || says(&answer, "problem-code-spent"),
            );
        }
    }
    assert_eq!(looked_at, 10);
    let browser = app.browser();
    let page = register(&browser, PHONE).await;
    let code = sent_code(&app, PHONE).await;
    assert!(!passed(&guess(&browser, &page, &code).await));
    app.end().await;
}
