//! Row 53: what is too much or too often is turned away, and costs everybody
//! else nothing.

use std::time::Duration;

use serde_json::json;

use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::steps::{begin_registration, sign_in, signed_in};
use crate::support::{RelyingParty, TestApp};

/// One network has a few places, whatever names it invents and whether it waits
/// for the answers or not; a known device has a place of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_53_one_network_does_not_take_every_place() {
    let app = TestApp::start_with(|config| {
        config["password"]["hashing"] =
            json!({ "memory_kib": 8_192, "passes": 12, "threads": 1, "queue": 16 });
        config["limits"]["wrong_passwords_per_address"] = 100_000.into();
        config["trusted_proxies"] = json!(["127.0.0.0/8"]);
    })
    .await;
    // The device of somebody who has signed out.
    let device = signed_in(&app, ANNA).await.cookie("propusk_device");
    let known = app.browser().with_header("x-forwarded-for", "203.0.113.1");
    known.set_cookie("propusk_device", &device.unwrap());
    let elsewhere = app.browser().with_header("x-forwarded-for", "203.0.113.2");
    let mut flood = tokio::task::JoinSet::new();
    for n in 0..40 {
        let browser = app.browser().with_header("x-forwarded-for", "203.0.113.1");
        flood.spawn(async move {
            let name = format!("flood-{n}@example.ru");
            // Half of them do not wait.
            let patience = Duration::from_secs(if n % 2 == 0 { 30 } else { 1 });
            let tried = tokio::time::timeout(patience, sign_in(&browser, &name, "Wrong-2026!"));
            tried.await.map_or(0, |page| page.status)
        });
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    for (browser, person) in [(&known, ANNA), (&elsewhere, TIMUR)] {
        let page = sign_in(browser, person, PASSWORD).await;
        assert_eq!(
            page.url.path(),
            "/account",
            "{person}: {} {}",
            page.status,
            page.body
        );
    }
    let mut turned_away = 0;
    while let Some(status) = flood.join_next().await {
        turned_away += usize::from(status.unwrap() == 503);
    }
    assert!(turned_away > 10, "{turned_away}");
    app.end().await;
}

/// Beyond the queue of passwords people are asked to come again; who asks for
/// something else is answered as ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_53_a_flood_of_passwords_keeps_nobody_else_waiting() {
    let app = TestApp::start_with(|config| {
        // The demo citizens are made before the flood; then each is slow.
        config["password"]["hashing"] =
            json!({ "memory_kib": 8_192, "passes": 12, "threads": 1, "queue": 4 });
        config["limits"]["wrong_passwords_per_address"] = 100_000.into();
    })
    .await;
    let portal = RelyingParty::new(&app, "portal");
    let tokens = portal.tokens(&app.browser(), ANNA, &[]).await;
    let page = app.browser().get("/sign-in").await;
    assert_eq!(page.status, 200);

    let mut flood = tokio::task::JoinSet::new();
    for n in 0..24 {
        let browser = app.browser();
        flood.spawn(async move {
            sign_in(&browser, &format!("flood-{n}@example.ru"), "Wrong-2026!").await
        });
    }
    let mut answered = 0;
    // Status, and whether the answer says when to come again.
    let mut seen = Vec::new();
    while !flood.is_empty() {
        let answer =
            tokio::time::timeout(Duration::from_secs(5), portal.userinfo(&tokens.access)).await;
        assert_eq!(
            answer.expect("userinfo answers beside the flood").status,
            200
        );
        answered += 1;
        while let Some(page) = flood.try_join_next() {
            let page = page.unwrap();
            seen.push((page.status, page.headers.contains_key("retry-after")));
            if page.status == 503 {
                assert!(
                    page.has("#login-submit"),
                    "the form is there to be sent again: {}",
                    page.body
                );
                assert!(
                    page.attribute("#username", "value")
                        .unwrap()
                        .starts_with("flood-"),
                    "nothing is lost"
                );
            }
        }
    }
    assert_eq!(seen.len(), 24);
    assert!(answered > 3, "userinfo answered {answered} times");
    let busy = seen.iter().filter(|(status, _)| *status == 503).count();
    assert!(busy >= 10, "{seen:?}");
    assert!(seen.iter().any(|(status, _)| *status == 200), "{seen:?}");
    assert!(
        seen.iter()
            .all(|(status, retry)| (*status == 503) == *retry),
        "{seen:?}"
    );
    // And afterwards everything is as before.
    assert_eq!(
        sign_in(&app.browser(), ANNA, PASSWORD).await.url.path(),
        "/account"
    );
    app.end().await;
}

#[tokio::test]
async fn attack_53_many_codes_are_asked_for_and_few_are_sent() {
    let app = TestApp::start().await;
    const VICTIM: &str = "+79005550531";
    // By many browsers, in every spelling of the number.
    for spelling in [
        VICTIM,
        "8 900 555-05-31",
        "+7 (900) 555 05 31",
        "89005550531",
        "7-900-555-05-31",
    ] {
        begin_registration(&app.browser(), spelling).await;
    }
    for spelling in [VICTIM, "8(900)5550531"] {
        let browser = app.browser();
        let page = browser.get("/register").await;
        let typed = [
            ("family_name", "Я"),
            ("given_name", "Я"),
            ("contact", spelling),
            ("terms", "y"),
            ("privacy", "y"),
        ];
        let page = browser.submit(&page, "register-submit", &typed).await;
        assert_eq!(page.status, 429, "{spelling}: {}", page.body);
        assert!(page.headers.contains_key("retry-after"));
        assert_eq!(
            page.attribute("#contact", "value").as_deref(),
            Some(spelling)
        );
    }
    app.deliver().await;
    let sent = app
        .capture
        .messages()
        .into_iter()
        .filter(|message| message.recipient == VICTIM)
        .count();
    assert_eq!(sent, 5);
    // Nobody else is kept from registering.
    begin_registration(&app.browser(), "+79005550532").await;
    app.end().await;
}

/// Whatever is left lying about is swept up when its time is over.
#[tokio::test]
async fn attack_53_hoarded_codes_and_sessions_go_away() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = signed_in(&app, ANNA).await;
    for _ in 0..20 {
        portal.code(&browser, ANNA, &[]).await;
    }
    for n in 0..3 {
        begin_registration(&app.browser(), &format!("+7900555053{}", n + 3)).await;
    }
    let full = app.contents().await;
    assert!(full["tickets"].len() >= 23, "{}", full["tickets"].len());
    assert!(!full["throttles"].is_empty());
    // A visit alone stores nothing: there is nothing to hoard.
    for _ in 0..20 {
        app.browser().get(&portal.authorize_url(&[])).await;
    }
    assert_eq!(app.contents().await, full);
    app.advance(2 * 86_400).await;
    app.app.storage.purge(10_000, app.now()).await.unwrap();
    let swept = app.contents().await;
    // Links of messages live longer.
    let is_link = |row: &String| row.contains("not_me");
    assert!(
        swept["tickets"].iter().all(is_link),
        "{:?}",
        swept["tickets"]
    );
    assert_eq!(swept["throttles"].len(), 0);
    app.advance(10 * 86_400).await;
    app.app.storage.purge(10_000, app.now()).await.unwrap();
    assert_eq!(app.contents().await["tickets"].len(), 0);
    app.end().await;
}
