//! Rows 20 to 22 and 25: guessing passwords, under many names and at many
//! accounts, and locking others out by guessing.

use propusk::model::secret::{Digest, Secret};
use serde_json::json;
use tokio::task::JoinSet;

use super::{CROWD, OFFLINE, is_signed_in, sign_in, sign_in_with};
use crate::support::app::{ANNA, PASSWORD, THIRD, TIMUR};
use crate::support::{RelyingParty, TestApp};

const WRONG: &str = "Wrong-2026!";
const ANNA_EMAIL: &str = "anna.sokolova@example.ru";
const ANNA_SNILS: &str = "112-233-445 95";

/// Many guesses at once, the right one last: when it is looked at the lock has
/// fallen.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_20_many_passwords_at_once() {
    // Hashing takes its time as it does in earnest.
    let app = TestApp::start_with(|config| {
        config["password"] =
            json!({ "hashing": { "memory_kib": 19_456, "passes": 2, "threads": 2 } });
    })
    .await;
    let mut prepared = Vec::new();
    for _ in 0..=CROWD {
        let browser = app.browser();
        let page = browser.get("/sign-in").await;
        prepared.push((browser, page));
    }
    let (last, page) = prepared.pop().unwrap();
    let mut guesses = JoinSet::new();
    for (n, (browser, page)) in prepared.into_iter().enumerate() {
        guesses.spawn(async move {
            let password = format!("Wrong-{n}!");
            browser
                .submit(
                    &page,
                    "login-submit",
                    &[("username", ANNA), ("password", &password)],
                )
                .await
        });
    }
    // The first has its answer; by now all of them stand in the queue.
    guesses.join_next().await;
    last.submit(
        &page,
        "login-submit",
        &[("username", ANNA), ("password", PASSWORD)],
    )
    .await;
    assert!(!is_signed_in(&last).await, "the right one comes too late");
    let answers = guesses.join_all().await;
    // Who finds no place is not looked at either.
    let wrong = answers.iter().filter(|page| {
        page.status != 503 && page.has("#login-submit") && !page.has("#sign-in-locked")
    });
    assert!(
        wrong.count() < 5,
        "no more are looked at than tries are left"
    );
    app.end().await;
}

/// One password at many accounts.
#[tokio::test]
async fn attack_20_one_address_tries_many_accounts() {
    let app = TestApp::start_with(|config| {
        config["trusted_proxies"] = json!(["127.0.0.0/8"]);
        config["limits"] = json!({ "wrong_passwords_per_address": 10 });
    })
    .await;
    let from = |address: &str| app.browser().with_header("x-forwarded-for", address);
    for n in 0..10 {
        // One network of IPv6 is one address.
        let page = sign_in_with(
            &from(&format!("2001:db8::{n}")),
            &format!("+7900666000{n}"),
            WRONG,
        )
        .await;
        assert_eq!(page.status, 200, "{n}");
    }
    let browser = from("2001:db8::ffff");
    let page = sign_in(&browser, ANNA).await;
    assert!(page.has("#sign-in-too-many") && !is_signed_in(&browser).await);
    assert!(page.status == 429 && page.headers.contains_key("retry-after"));
    let elsewhere = from("2001:db8:1::1");
    sign_in(&elsewhere, ANNA).await;
    assert!(is_signed_in(&elsewhere).await, "others are not concerned");
    app.end().await;
}

/// Whatever a person is called, it is the same person's tries.
#[tokio::test]
async fn attack_21_one_account_under_many_names() {
    let names = [
        "anna.sokolova@example.ru",
        "ANNA.Sokolova@EXAMPLE.ru",
        " ａｎｎａ.sokolova@example.ru ",
        "+7 900 555-01-01",
        "8 (900) 5550101",
        "9005550101",
        "８９００５５５０１０１",
        "11223344595",
        "112-233-445 95",
        "１１２-233-445\u{a0}95",
    ];
    for start in 0..names.len() {
        let app = TestApp::start().await;
        for n in 0..5 {
            let page = sign_in_with(&app.browser(), names[(start + n) % names.len()], WRONG).await;
            assert!(page.has("#login-submit"));
        }
        for name in [ANNA, ANNA_EMAIL, ANNA_SNILS] {
            let browser = app.browser();
            sign_in(&browser, name).await;
            assert!(
                !is_signed_in(&browser).await,
                "{name} after five from {}",
                names[start]
            );
        }
        // The others are not concerned, and in half an hour it is over.
        let other = app.browser();
        sign_in(&other, TIMUR).await;
        assert!(is_signed_in(&other).await);
        app.advance(30 * 60).await;
        let browser = app.browser();
        sign_in(&browser, ANNA).await;
        assert!(is_signed_in(&browser).await);
        app.end().await;
    }
}

#[tokio::test]
async fn attack_21_an_unknown_identifier_under_many_names() {
    let app = TestApp::start().await;
    for names in [
        [
            "nobody@example.ru",
            "Nobody@Example.RU",
            "ｎobody@example.ru",
            " nobody@example.ru",
            "NOBODY@example.ru",
        ],
        [
            "+79006660001",
            "89006660001",
            "9006660001",
            "8 900 666 00 01",
            "+7(900)666-00-01",
        ],
    ] {
        for name in names {
            sign_in_with(&app.browser(), name, WRONG).await;
        }
        for name in names {
            let page = sign_in(&app.browser(), name).await;
            assert!(page.has("#sign-in-locked"), "{name}");
        }
    }
    app.end().await;
}

/// A browser that has been signed in before has tries of its own; sessions and
/// tokens do not know of the lock.
#[tokio::test]
async fn attack_22_a_stranger_does_not_lock_the_owner_out() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let known = app.browser();
    let tokens = portal.tokens(&known, ANNA, &[("scope", OFFLINE)]).await;
    let signed_out = app.browser();
    sign_in(&signed_out, ANNA).await;
    let page = signed_out.get("/sign-out").await;
    signed_out.submit(&page, "logout-confirm", &[]).await;

    for name in [ANNA, ANNA_EMAIL, ANNA_SNILS] {
        for _ in 0..7 {
            sign_in_with(&app.browser(), name, WRONG).await;
        }
    }
    assert!(is_signed_in(&known).await, "the session goes on");
    portal.refreshed(tokens.refresh.as_ref().unwrap()).await;
    sign_in(&signed_out, ANNA).await;
    assert!(is_signed_in(&signed_out).await, "a known browser is let in");
    let stranger = app.browser();
    sign_in(&stranger, ANNA).await;
    assert!(!is_signed_in(&stranger).await, "while strangers are not");
    app.end().await;
}

#[tokio::test]
async fn attack_22_knocking_does_not_lengthen_a_lock() {
    let app = TestApp::start().await;
    for _ in 0..5 {
        sign_in_with(&app.browser(), ANNA, WRONG).await;
    }
    for _ in 0..6 {
        app.advance(5 * 60 - 1).await;
        for _ in 0..3 {
            let page = sign_in_with(&app.browser(), ANNA, WRONG).await;
            assert!(page.has("#sign-in-locked"));
        }
    }
    app.advance(6).await;
    let browser = app.browser();
    sign_in(&browser, ANNA).await;
    assert!(is_signed_in(&browser).await);
    // One lock, one warning, and a handful of lines at most.
    app.deliver().await;
    let warnings = app
        .capture
        .messages()
        .iter()
        .filter(|message| message.recipient == ANNA_EMAIL)
        .count();
    assert_eq!(warnings, 2, "of the lock, and of the new browser");
    app.end().await;
}

/// Many share an address (mobile operators, offices). Somebody who uses its
/// tries up does not lock the others out of browsers that are known.
#[tokio::test]
async fn attack_22_a_neighbour_does_not_lock_a_known_browser_out() {
    let app = TestApp::start_with(|config| {
        config["limits"] = json!({ "wrong_passwords_per_address": 5 })
    })
    .await;
    let known = app.browser();
    sign_in(&known, ANNA).await;
    let page = known.get("/sign-out").await;
    known.submit(&page, "logout-confirm", &[]).await;
    for n in 0..9 {
        sign_in_with(&app.browser(), &format!("+7900666000{n}"), WRONG).await;
    }
    assert!(
        sign_in(&app.browser(), THIRD)
            .await
            .has("#sign-in-too-many")
    );
    // It is known to this account only.
    assert!(sign_in(&known, THIRD).await.has("#sign-in-too-many"));
    sign_in(&known, ANNA).await;
    assert!(is_signed_in(&known).await);
    app.end().await;
}

/// A known browser is no door for guessing either.
#[tokio::test]
async fn attack_22_a_known_browser_has_its_own_lock() {
    let app = TestApp::start().await;
    let known = app.browser();
    sign_in(&known, ANNA).await;
    let page = known.get("/sign-out").await;
    known.submit(&page, "logout-confirm", &[]).await;
    for _ in 0..5 {
        sign_in_with(&known, ANNA, WRONG).await;
    }
    assert!(sign_in(&known, ANNA).await.has("#sign-in-locked"));
    assert!(!is_signed_in(&known).await);
    let stranger = app.browser();
    sign_in(&stranger, ANNA).await;
    assert!(is_signed_in(&stranger).await, "elsewhere nothing was tried");
    app.end().await;
}

/// The current password is asked for in the cabinet with the same patience.
#[tokio::test]
async fn attack_22_guessing_in_a_stolen_session() {
    let app = TestApp::start().await;
    let stolen = app.browser();
    sign_in(&stolen, ANNA).await;
    let page = stolen.get("/account/security").await;
    let new = [
        ("password", "Vernulsya-77!"),
        ("password_repeat", "Vernulsya-77!"),
    ];
    for current in [WRONG, WRONG, WRONG, WRONG, WRONG, PASSWORD] {
        let fields = [new[0], new[1], ("current_password", current)];
        let page = stolen.submit(&page, "password-submit", &fields).await;
        assert!(page.has("#current_password-problem"), "{current}");
    }
    let owner = app.browser();
    sign_in(&owner, ANNA).await;
    assert!(
        is_signed_in(&owner).await,
        "the owner's door stays open, with the old password"
    );
    app.end().await;
}

/// Whatever is compared with a secret is a digest or a secret, and both compare
/// in constant time: a difference in the first place takes as long as one in
/// the last.
#[test]
fn attack_25_secrets_compare_in_constant_time() {
    assert_eq!(Digest::of(b"secret"), Secret::new("secret").digest());
    assert_ne!(Digest::of(b"secret"), Secret::new("Secret").digest());
    assert_eq!(Secret::new("secret"), Secret::new("secret"));
    assert_ne!(Secret::new("secret"), Secret::new("secret "));
    assert_ne!(Secret::new(""), Secret::new("secret"));
    let source = include_str!("../../../src/model/secret.rs");
    for kind in ["Secret", "Digest"] {
        let (_, equality) = source
            .split_once(&format!("impl PartialEq for {kind} "))
            .expect(kind);
        let (body, _) = equality.split_once("\n}\n").unwrap();
        assert!(body.contains("ct_eq"), "{kind}");
    }
}
