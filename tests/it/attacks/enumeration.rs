//! Rows 23 and 24: learning who has an account.

use serde_json::json;

use super::{is_signed_in, register, sign_in, sign_in_with};
use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::{Browser, Page, RelyingParty, TestApp};

const WRONG: &str = "Wrong-2026!";
const ANNA_EMAIL: &str = "anna.sokolova@example.ru";
const ANNA_SNILS: &str = "112-233-445 95";
/// Of the same length and with the same ends, so that they are masked alike.
const NOBODY: &str = "+79006660101";
const NOBODY_EMAIL: &str = "anton.sokolov@example.ru";
const NOBODY_SNILS: &str = "112-233-446 96";

/// All a stranger sees of an answer: status, headers, where it leads, the page;
/// without what differs from one request to the next for everybody.
fn face(page: &Page, typed: &[&str]) -> Vec<String> {
    let mut seen = vec![page.status.to_string(), page.url.path().to_owned()];
    let mut text = format!("{}\n", page.body);
    for (name, value) in &page.headers {
        let value = value.to_str().unwrap();
        match name.as_str() {
            "date" => {}
            // Its length must agree, its value is a secret of this browser's.
            "set-cookie" => {
                let (name, value) = value.split_once('=').unwrap();
                seen.push(format!("set-cookie {name} {}", value.len()));
            }
            "location" => seen.push(format!("location {}", value.len())),
            "content-length" => {}
            name => text.push_str(&format!("{name}: {value}\n")),
        }
    }
    seen.push(
        page.passed
            .iter()
            .map(|url| format!("{} {} ", url.path(), url.as_str().len()))
            .collect(),
    );
    if let Some(csrf) = page.attribute("input[name=csrf]", "value") {
        text = text.replace(&csrf, "CSRF");
    }
    if let Some(number) = page.text("#block-number") {
        text = text.replace(&number, "NUMBER");
    }
    for name in ["step=", "flow=", "change="] {
        let sealed: Vec<String> = text
            .split(name)
            .skip(1)
            .map(|rest| {
                rest.chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c))
                    .collect()
            })
            .collect();
        for sealed in sealed.iter().filter(|sealed| !sealed.is_empty()) {
            text = text.replace(sealed, "SEALED");
        }
    }
    for typed in typed {
        text = text.replace(typed, "TYPED");
    }
    seen.push(text);
    seen
}

#[tokio::test]
async fn attack_23_a_sign_in_does_not_tell_who_is_known() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    for (known, unknown) in [
        (ANNA, NOBODY),
        (ANNA_EMAIL, NOBODY_EMAIL),
        (ANNA_SNILS, NOBODY_SNILS),
    ] {
        for begin in [
            "/sign-in".to_owned(),
            portal.authorize_url(&[("login_hint", known)]),
        ] {
            let (one, other) = (app.browser(), app.browser());
            let mut pages = (
                one.get(&begin).await,
                other.get(&begin.replace(known, unknown)).await,
            );
            // Into the lock and beyond it.
            for n in 0..7 {
                let fields = |name| [("username", name), ("password", WRONG)];
                pages = (
                    one.submit(&pages.0, "login-submit", &fields(known)).await,
                    other
                        .submit(&pages.1, "login-submit", &fields(unknown))
                        .await,
                );
                assert_eq!(
                    face(&pages.0, &[known]),
                    face(&pages.1, &[unknown]),
                    "try {n} at {begin}"
                );
                assert_eq!(pages.0.has("#sign-in-locked"), n >= 4, "{n}");
            }
            app.advance(30 * 60).await;
        }
    }
    app.end().await;
}

#[tokio::test]
async fn attack_23_a_recovery_does_not_tell_who_is_known() {
    let app = TestApp::start().await;
    for (known, unknown) in [
        (ANNA, NOBODY),
        (ANNA_EMAIL, NOBODY_EMAIL),
        (ANNA_SNILS, NOBODY_SNILS),
    ] {
        let (one, other) = (app.browser(), app.browser());
        let ask = async |browser: &Browser, who| {
            let page = browser.get("/recover").await;
            browser
                .submit(&page, "recover-submit", &[("username", who)])
                .await
        };
        let mut pages = (ask(&one, known).await, ask(&other, unknown).await);
        assert_eq!(pages.0.url.path(), "/recover/code");
        let typed = (
            pages.0.text(".card bdi").unwrap(),
            pages.1.text(".card bdi").unwrap(),
        );
        let compare = |pages: &(Page, Page), what: &str| {
            assert_eq!(
                face(&pages.0, &[known, &typed.0]),
                face(&pages.1, &[unknown, &typed.1]),
                "{what} of {known}"
            );
        };
        compare(&pages, "begun");
        for n in 0..7 {
            let code = [("code", "000000")];
            pages = (
                one.submit(&pages.0, "code-submit", &code).await,
                other.submit(&pages.1, "code-submit", &code).await,
            );
            compare(&pages, &format!("guess {n}"));
        }
        for n in 0..5 {
            app.advance(61).await;
            let urls = (pages.0.url.clone(), pages.1.url.clone());
            let shown = (
                one.get(urls.0.as_str()).await,
                other.get(urls.1.as_str()).await,
            );
            compare(&shown, &format!("shown again {n}"));
            pages = (
                one.submit(&shown.0, "code-resend", &[]).await,
                other.submit(&shown.1, "code-resend", &[]).await,
            );
            compare(&pages, &format!("another code {n}"));
        }
        // Too many codes, asked for anew.
        for n in 0..3 {
            pages = (ask(&one, known).await, ask(&other, unknown).await);
            compare(&pages, &format!("begun again {n}"));
        }
        // No message went to whom nobody knows.
        app.deliver().await;
        assert!(app.capture.last_to(unknown).is_none());
    }
    app.end().await;
}

#[tokio::test]
async fn attack_23_a_registration_does_not_tell_who_is_known() {
    let app = TestApp::start().await;
    for (known, unknown) in [(ANNA, NOBODY), (ANNA_EMAIL, NOBODY_EMAIL)] {
        let (one, other) = (app.browser(), app.browser());
        let mut pages = (register(&one, known).await, register(&other, unknown).await);
        assert_eq!(pages.0.url.path(), "/register/code");
        let typed = |page: &Page| page.text(".card bdi").unwrap();
        let compare = |pages: &(Page, Page), what: &str| {
            let faces = (
                face(&pages.0, &[known, &typed(&pages.0)]),
                face(&pages.1, &[unknown, &typed(&pages.1)]),
            );
            assert_eq!(faces.0, faces.1, "{what}");
        };
        compare(&pages, "begun");
        for n in 0..7 {
            let code = [("code", "000000")];
            pages = (
                one.submit(&pages.0, "code-submit", &code).await,
                other.submit(&pages.1, "code-submit", &code).await,
            );
            compare(&pages, &format!("guess {n}"));
        }
        for wait in [30, 60, 600, 60, 60] {
            app.advance(wait).await;
            pages = (
                one.submit(&pages.0, "code-resend", &[]).await,
                other.submit(&pages.1, "code-resend", &[]).await,
            );
            compare(&pages, &format!("another code after {wait}"));
        }
        // The owner is told, and gets nothing that a stranger could ask for.
        let (told, sent) = (
            app.last_message(known).await,
            app.last_message(unknown).await,
        );
        assert!(told.code.is_none() && sent.code.is_some());
        app.deliver().await;
        let count = |to: &str| {
            app.capture
                .messages()
                .iter()
                .filter(|message| message.recipient == to)
                .count()
        };
        assert_eq!(count(known), count(unknown));
    }
    app.end().await;
}

#[tokio::test]
async fn attack_23_a_change_of_contact_does_not_tell_who_is_known() {
    let app = TestApp::start().await;
    for (known, unknown) in [(ANNA, NOBODY), (ANNA_EMAIL, NOBODY_EMAIL)] {
        let browser = app.browser();
        sign_in(&browser, TIMUR).await;
        let mut faces = Vec::new();
        for contact in [known, unknown] {
            let page = browser.get("/account/contacts").await;
            let mut page = browser
                .submit(&page, "contact-submit", &[("contact", contact)])
                .await;
            assert_eq!(page.url.path(), "/account/contacts/code");
            for _ in 0..3 {
                page = browser
                    .submit(&page, "code-submit", &[("code", "000000")])
                    .await;
            }
            let masked = page.text("main .card bdi, main bdi").unwrap();
            faces.push(face(&page, &[contact, &masked]));
        }
        assert_eq!(faces[0], faces[1]);
    }
    app.end().await;
}

/// A declared SNILS says nothing about who else declared it.
#[tokio::test]
async fn attack_23_a_profile_does_not_tell_whose_number_it_is() {
    let app = TestApp::start().await;
    let browser = app.browser();
    sign_in(&browser, TIMUR).await;
    for snils in [ANNA_SNILS, NOBODY_SNILS] {
        let page = browser.get("/account/profile/edit").await;
        let form = page
            .body
            .find("id=\"profile-")
            .map(|at| page.body[at + 4..].split('"').next().unwrap().to_owned());
        let saved = browser
            .submit(&page, &form.unwrap(), &[("snils", snils)])
            .await;
        assert!(
            saved.url.as_str().ends_with("/account/profile?done=saved"),
            "{}",
            saved.url
        );
    }
    app.end().await;
}

async fn number_after(browser: &Browser, name: &str, tries: usize) -> Option<String> {
    let mut number = None;
    for _ in 0..tries {
        number = sign_in_with(browser, name, WRONG)
            .await
            .text("#block-number");
    }
    number
}

/// The number of a lock is the same for all who ask under one identifier; were
/// it the same under another one, it would tell that both are one person.
#[tokio::test]
async fn attack_23_a_lock_does_not_tell_what_belongs_together() {
    for tries in [[5, 5, 5], [1, 4, 5], [4, 5, 5], [2, 2, 6]] {
        let app = TestApp::start().await;
        let mut numbers = Vec::new();
        for (name, tries) in [ANNA, ANNA_EMAIL, ANNA_SNILS].into_iter().zip(tries) {
            numbers.extend(number_after(&app.browser(), name, tries).await);
        }
        // Whatever was left short of a lock gets it now.
        for name in [ANNA, ANNA_EMAIL, ANNA_SNILS] {
            numbers.extend(number_after(&app.browser(), name, 5).await);
        }
        let mut by_name = numbers.split_off(numbers.len() - 3);
        by_name.sort();
        by_name.dedup();
        assert_eq!(by_name.len(), 3, "{tries:?}: one number for two names");
        app.end().await;
    }
}

/// How many passwords are checked for one wrong try under a name. The time of
/// a try is these; all else is the same lookups.
async fn checks_for(app: &TestApp, name: &str, password: &str) -> u64 {
    let before = app.app.accounts.hashes_done();
    let browser = app.browser();
    sign_in_with(&browser, name, password).await;
    assert!(!is_signed_in(&browser).await, "{name}");
    app.app.accounts.hashes_done() - before
}

#[tokio::test]
async fn attack_24_an_unknown_name_takes_a_password_check_too() {
    let app = TestApp::start().await;
    let known = checks_for(&app, ANNA, WRONG).await;
    assert_eq!(known, 1);
    for unknown in [NOBODY, NOBODY_EMAIL, NOBODY_SNILS] {
        assert_eq!(checks_for(&app, unknown, WRONG).await, known, "{unknown}");
    }
    // Nobody has such a name: there is nothing to hide.
    assert_eq!(checks_for(&app, "not an identifier", WRONG).await, 0);
    app.end().await;
}

/// A lock that is not told of, and a password no one can have, take as many.
#[tokio::test]
async fn attack_24_a_closed_door_takes_a_password_check_too() {
    let app = TestApp::start_with(|config| {
        config["limits"] = json!({ "wrong_passwords": 4 });
    })
    .await;
    let open = checks_for(&app, ANNA, WRONG).await;
    for _ in 0..3 {
        sign_in_with(&app.browser(), ANNA_SNILS, WRONG).await;
    }
    // The right password is not let in any more, and takes no longer to refuse.
    for password in [WRONG, PASSWORD] {
        let closed = checks_for(&app, ANNA_EMAIL, password).await;
        assert_eq!(closed, open, "{password}");
    }
    app.end().await;
}
