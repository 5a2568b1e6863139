//! Who must not read requests, answer them, or lift blocks.

use propusk::storage::OperatorRecord;

use super::{SUPPORT, ask, lock, number, open, take};
use crate::attacks_web::routes;
use crate::levels::centre::OPERATOR;
use crate::support::app::{ANNA, THIRD, TIMUR};
use crate::support::steps::signed_in;
use crate::support::{Browser, TestApp};

/// Gives somebody a task, or takes it away.
async fn employ(app: &TestApp, who: &str, role: &str, at_work: bool) {
    let account = app.app.accounts.find_by_login(who).await.unwrap().unwrap();
    let operator = OperatorRecord {
        account_id: account,
        centre_id: "centre-1".to_owned(),
        role: role.to_owned(),
        added_at: app.now(),
        disabled_at: (!at_work).then(|| app.now()),
    };
    app.app.storage.put_operator(operator).await.unwrap();
}

async fn token(browser: &Browser) -> String {
    let page = browser.get("/sign-out").await;
    page.attribute("input[name=csrf]", "value").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_every_page_of_the_console_is_for_its_role_only() {
    let app = TestApp::start().await;
    employ(&app, THIRD, "support", false).await;
    let stranger = app.browser();
    let mut people = Vec::new();
    for (who, role) in [
        (ANNA, None),
        (OPERATOR, Some("centre")),
        (SUPPORT, Some("support")),
        (THIRD, None),
    ] {
        let browser = signed_in(&app, who).await;
        let token = token(&browser).await;
        people.push((browser, role, token));
    }
    // A role nobody knows is none.
    employ(&app, TIMUR, "owner", true).await;
    let unknown = signed_in(&app, TIMUR).await;
    let unknown_token = token(&unknown).await;
    people.push((unknown, None, unknown_token));
    let mut seen = 0;
    for method in ["get", "post"] {
        for route in routes("src/web/console/mod.rs", method) {
            let path = route
                .replace("{number}", "12345678")
                .replace("{batch}", "none")
                .replace("{id}", "none");
            let mine = match route.starts_with("/operator/support") {
                true => "support",
                false => "centre",
            };
            seen += 1;
            let answer = match method {
                "get" => stranger.get(&path).await,
                _ => stranger.post(&path, &[]).await,
            };
            assert_eq!(answer.url.path(), "/sign-in", "{method} {path}");
            for (browser, role, token) in &people {
                let answer = match method {
                    "get" => browser.get_once(&path).await,
                    _ => browser.post_once(&path, &[("csrf", token)]).await,
                };
                if *role == Some(mine) {
                    // There, whatever it says to a number that nobody has.
                    assert!(answer.status < 500, "{method} {path}: {}", answer.status);
                } else if path == "/operator" && role.is_some() {
                    assert_eq!(answer.status, 303);
                } else {
                    assert_eq!(answer.status, 404, "{role:?} {method} {path}");
                }
            }
        }
    }
    assert!(seen > 30, "{seen}");
    // The menu shows what there is.
    let (desk, ..) = &people[2];
    let page = desk.get("/operator/support").await;
    assert!(page.has("#desk-locks") && !page.has("#desk-letters"));
    let (desk, ..) = &people[1];
    let page = desk.get("/operator").await;
    assert!(page.has("#desk-letters") && !page.has("#desk-locks"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_nobody_lifts_their_own_block_or_tries_numbers_out() {
    let app = TestApp::start_with(|config| {
        config["limits"] = serde_json::json!({ "desk_misses_per_hour": 3 });
    })
    .await;
    let desk = signed_in(&app, SUPPORT).await;
    let mine = lock(&app, SUPPORT).await;
    let page = open(&desk, &mine).await;
    assert!(
        page.text("#number-problem")
            .unwrap()
            .contains("другой сотрудник"),
        "{}",
        page.body
    );
    let token = token(&desk).await;
    let fields = [
        ("csrf", token.as_str()),
        ("number", &mine),
        ("identified", "yes"),
        ("reason", "сам"),
    ];
    let page = desk.post("/operator/support/lock/lift", &fields).await;
    assert!(page.has("#number-problem"), "{}", page.body);
    let locked = "select count(*) from throttles where block_number is not null";
    let before = app.database.count(locked).await;
    // Neither half a number nor a pattern is one.
    for forged in [&mine[..4], "%%%%%%%%", "________"] {
        assert!(open(&desk, forged).await.has("#number-problem"), "{forged}");
    }
    let page = open(&desk, "12345678").await;
    assert_eq!(page.status, 429, "{}", page.body);
    assert!(page.headers.contains_key("retry-after"));
    assert_eq!(app.database.count(locked).await, before);
    let account = app.app.accounts.find_by_login(SUPPORT).await.unwrap();
    let audit = app.app.storage.audit_of(&account.unwrap(), 10).await;
    let misses = audit.unwrap();
    assert_eq!(misses.len(), 3);
    assert!(misses.iter().all(|line| line.action == "lock_not_found"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_12_a_block_is_lifted_once() {
    let app = TestApp::start().await;
    employ(&app, TIMUR, "support", true).await;
    let number = lock(&app, ANNA).await;
    let desks = [signed_in(&app, SUPPORT).await, signed_in(&app, TIMUR).await];
    let fields = [("identified", "yes"), ("reason", "верно")];
    let mut pages = Vec::new();
    for desk in &desks {
        pages.push(open(desk, &number).await);
    }
    let both = desks.iter().zip(&pages).cycle().take(8);
    let tries = both.map(|(desk, page)| desk.submit(page, "lock-lift", &fields));
    let ended = futures_util::future::join_all(tries).await;
    let won = ended.iter().filter(|page| page.has("#lock-done")).count();
    assert_eq!(won, 1);
    let lifted = "select count(*) from audit where action = 'lock_lifted'";
    assert_eq!(app.database.count(lifted).await, 1);
    assert_eq!(
        app.database
            .count("select count(*) from lifted_locks")
            .await,
        1
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_45_a_request_is_read_and_answered_by_who_holds_it_only() {
    let app = TestApp::start().await;
    employ(&app, TIMUR, "support", true).await;
    let citizen = signed_in(&app, ANNA).await;
    let asked = ask(&citizen, "Тайное слово").await;
    let number = number(&asked);
    let stranger = signed_in(&app, THIRD).await;
    let path = format!("/account/support/{number}");
    assert_eq!(stranger.get(&path).await.status, 404);
    let foreign = token(&stranger).await;
    let fields = [("csrf", foreign.as_str()), ("message", "чужое")];
    assert_eq!(stranger.post(&path, &fields).await.status, 404);
    let close = format!("{path}/close");
    assert_eq!(stranger.post(&close, &fields).await.status, 404);

    let (first, second) = (signed_in(&app, SUPPORT).await, signed_in(&app, TIMUR).await);
    let at_desk = format!("/operator/support/requests/{number}");
    // Not before it is taken, and then by one.
    let unread = first.get(&at_desk).await;
    assert!(unread.has("#requests-lost") && !unread.body.contains("Тайное"));
    let queue = [
        first.get("/operator/support/requests").await,
        second.get("/operator/support/requests").await,
    ];
    let button = format!("take-{number}");
    let (one, two) = tokio::join!(
        first.submit(&queue[0], &button, &[]),
        second.submit(&queue[1], &button, &[])
    );
    assert_ne!(
        one.body.contains("Тайное"),
        two.body.contains("Тайное"),
        "{} {}",
        one.body,
        two.body
    );
    let (holder, held, other) = match one.body.contains("Тайное") {
        true => (&first, one, &second),
        false => (&second, two, &first),
    };
    let opened = "select count(*) from audit where action = 'support_opened'";
    assert_eq!(app.database.count(opened).await, 1);
    let page = other.get(&at_desk).await;
    assert!(page.has("#requests-lost") && !page.body.contains("Тайное"));
    let foreign = token(other).await;
    let read = held.attribute("input[name=read]", "value").unwrap();
    let fields = [
        ("csrf", foreign.as_str()),
        ("read", &read),
        ("message", "чужой ответ"),
    ];
    let page = other.post(&format!("{at_desk}/answer"), &fields).await;
    assert!(page.has("#unsent"), "{}", page.body);
    other.post(&format!("{at_desk}/release"), &fields).await;
    // It is still the first one's; put back, it is anybody's.
    assert!(holder.get(&at_desk).await.body.contains("Тайное"));
    holder.submit(&held, "request-release", &[]).await;
    assert!(take(other, &number).await.body.contains("Тайное"));
    let tries = (0..6).map(|_| holder.submit(&held, "request-answer", &[("message", "поздно")]));
    for page in futures_util::future::join_all(tries).await {
        assert!(page.has("#requests-lost"), "{}", page.body);
    }
    // Its time over, the next one has it.
    app.advance(14 * 60).await;
    other.get("/operator/support").await;
    holder.get("/operator/support").await;
    app.advance(14 * 60).await;
    other.get("/operator/support").await;
    holder.get("/operator/support").await;
    app.advance(2 * 60).await;
    assert!(!other.get(&at_desk).await.body.contains("Тайное"));
    assert!(take(holder, &number).await.body.contains("Тайное"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_nobody_answers_their_own_request() {
    let app = TestApp::start().await;
    let desk = signed_in(&app, SUPPORT).await;
    let mine = number(&ask(&desk, "Своё").await);
    let page = desk.get("/operator/support/requests").await;
    assert!(!page.body.contains(&mine), "{}", page.body);
    let token = token(&desk).await;
    let fields = [("csrf", token.as_str()), ("number", &mine)];
    let page = desk.post("/operator/support/requests/take", &fields).await;
    assert!(page.has("#requests-lost"), "{}", page.body);
    let claimed = "select count(*) from support_requests where claimed_by is not null";
    assert_eq!(app.database.count(claimed).await, 0);
    let path = format!("/operator/support/requests/{mine}/answer");
    let fields = [("csrf", token.as_str()), ("message", "сам себе")];
    desk.post(&path, &fields).await;
    let messages = "select count(*) from support_messages";
    assert_eq!(app.database.count(messages).await, 1);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_39_words_of_a_request_and_of_an_answer_stay_words() {
    let app = TestApp::start().await;
    let evil = "</textarea><script>alert(1)</script><img src=x onerror=alert(2)>\u{202e}{{7*7}}";
    let citizen = signed_in(&app, ANNA).await;
    let asked = ask(&citizen, evil).await;
    let number = number(&asked);
    let desk = signed_in(&app, SUPPORT).await;
    let held = take(&desk, &number).await;
    app.advance(1).await;
    desk.submit(&held, "request-answer", &[("message", evil)])
        .await;
    let answered = citizen.get(asked.url.path()).await;
    let page = citizen.get("/account/support").await;
    let long = format!("{evil}{}", "x".repeat(2000));
    let again = citizen
        .submit(&page, "support-send", &[("message", &long)])
        .await;
    assert_eq!(
        again.form("support-send").fields[2].1.trim(),
        long,
        "what was typed is shown again"
    );
    for page in [asked, held, answered, again] {
        assert!(
            !page.body.contains("<script>alert") && !page.body.contains("<img src=x"),
            "{}",
            page.body
        );
        assert!(page.body.contains("onerror"), "{}", page.body);
    }
    app.end().await;
}
