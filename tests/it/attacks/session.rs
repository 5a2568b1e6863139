//! Rows 15 and 16: people who are blocked, and browsers that were prepared by
//! somebody else.

use super::{Alive, OFFLINE, account_of, is_signed_in, neighbour, sign_in, sign_in_with};
use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::{Browser, RelyingParty, TestApp};

const SESSION: &str = "propusk_session";
const DEVICE: &str = "propusk_device";
const BROWSER: &str = "propusk_browser";

async fn block(app: &TestApp, person: &str, blocked: bool) {
    let account = account_of(app, person).await;
    let at = blocked.then(|| app.now());
    app.app
        .storage
        .block_account(account, at, app.now())
        .await
        .unwrap();
}

/// A block ends everything the person has, at every node.
#[tokio::test]
async fn attack_15_a_blocked_person_has_no_tokens() {
    let app = TestApp::start().await;
    let node = neighbour(&app).await;
    let there = node.as_ref().unwrap_or(&app);
    for scope in ["openid profile", OFFLINE] {
        let party = RelyingParty::new(&app, "portal");
        let at_node = RelyingParty::new(there, "portal");
        let browser = app.browser();
        let tokens = party.tokens(&browser, ANNA, &[("scope", scope)]).await;
        let code = party.code(&browser, ANNA, &[("scope", scope)]).await;
        let code_at_node = party.code(&browser, ANNA, &[("scope", scope)]).await;
        block(&app, ANNA, true).await;
        at_node.redeem(&code_at_node).await.refuses("invalid_grant");
        party.redeem(&code).await.refuses("invalid_grant");
        assert_eq!(Alive::of(&at_node, &tokens).await, Alive::NONE, "{scope}");
        assert_eq!(Alive::of(&party, &tokens).await, Alive::NONE, "{scope}");
        // Lifting the block brings back the person, not what was about then.
        block(&app, ANNA, false).await;
        assert_eq!(Alive::of(&party, &tokens).await, Alive::NONE, "{scope}");
        assert!(!is_signed_in(&browser).await);
    }
    if let Some(node) = node {
        node.stop().await;
    }
    app.end().await;
}

#[tokio::test]
async fn attack_15_a_blocked_person_is_nowhere_signed_in() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    portal.code(&browser, ANNA, &[]).await;
    assert!(is_signed_in(&browser).await);
    let security = browser.get("/account/security").await;
    block(&app, ANNA, true).await;

    assert!(!is_signed_in(&browser).await, "the session has ended");
    let silent = browser
        .get_once(&portal.authorize_url(&[("prompt", "none")]))
        .await;
    assert_eq!(
        (silent.sent("error").as_deref(), silent.sent("code")),
        (Some("login_required"), None)
    );
    let changed = [
        ("current_password", PASSWORD),
        ("password", "Vernulsya-77!"),
        ("password_repeat", "Vernulsya-77!"),
    ];
    browser.submit(&security, "password-submit", &changed).await;
    let back = sign_in_with(&app.browser(), ANNA, "Vernulsya-77!").await;
    assert!(
        !back.has("#sign-in-blocked"),
        "the password was not changed"
    );

    // Whoever knows the password is told of the block, nobody else.
    for browser in [&browser, &app.browser()] {
        let page = sign_in(browser, ANNA).await;
        assert!(page.has("#sign-in-blocked") && !is_signed_in(browser).await);
        let page = sign_in_with(browser, ANNA, "Wrong-2026!").await;
        assert!(!page.has("#sign-in-blocked"));
    }
    app.end().await;
}

/// A link with a flow that began elsewhere carries nothing over.
#[tokio::test]
async fn attack_16_a_flow_of_another_browser() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let attacker = app.browser();
    let prepared = attacker
        .get(&portal.authorize_url(&[("state", "of-the-attacker")]))
        .await;
    let flow = prepared.url.query().unwrap().to_owned();

    let victim = app.browser();
    let page = victim.get(&format!("/sign-in?{flow}")).await;
    assert!(!page.has(".asks"), "the site that asked is not shown");
    let fields = [("username", ANNA), ("password", PASSWORD)];
    let page = victim.submit(&page, "login-submit", &fields).await;
    assert_eq!(
        page.url.path(),
        "/account",
        "nothing leads on to the portal"
    );
    for path in [
        "/oauth/authorize",
        "/consent",
        "/sign-in",
        "/agreements",
        "/level",
        "/register",
    ] {
        let page = victim.get(&format!("{path}?{flow}")).await;
        assert_eq!(page.sent("code"), None, "{path}");
        assert!(!page.has("#consent-allow"), "{path}");
        assert!(page.url.as_str().starts_with(&app.url), "{path}");
    }
    app.end().await;
}

#[tokio::test]
async fn attack_16_a_planted_session_is_not_taken_up() {
    let app = TestApp::start().await;
    let attacker = app.browser();
    sign_in(&attacker, TIMUR).await;
    let own = attacker.cookie(SESSION).unwrap();
    let invented = format!("pps_{}", "A".repeat(43));
    for planted in [own.as_str(), &invented, "pps_", "x", "0"] {
        let victim = app.browser();
        victim.set_cookie(SESSION, planted);
        // Whatever she takes herself to be, she signs in as herself.
        let page = victim.get("/sign-in?switch=yes").await;
        let fields = [("username", ANNA), ("password", PASSWORD)];
        victim.submit(&page, "login-submit", &fields).await;
        assert!(
            victim.get("/account").await.body.contains("Анна"),
            "{planted}"
        );
        assert_ne!(victim.cookie(SESSION).unwrap(), planted);
        let held = app.browser();
        held.set_cookie(SESSION, planted);
        assert!(!is_signed_in(&held).await, "{planted}");
    }
    app.end().await;
}

#[tokio::test]
async fn attack_16_the_session_changes_with_every_sign_in() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let mut seen = Vec::new();
    let mut note = |browser: &Browser| {
        let session = browser.cookie(SESSION).unwrap();
        assert!(!seen.contains(&session), "a session came again");
        seen.push(session);
    };
    sign_in(&browser, ANNA).await;
    note(&browser);
    let page = browser.get("/sign-in?again=yes").await;
    browser
        .submit(
            &page,
            "login-submit",
            &[("username", ANNA), ("password", PASSWORD)],
        )
        .await;
    note(&browser);
    app.advance(1).await;
    portal.code(&browser, ANNA, &[("prompt", "login")]).await;
    note(&browser);
    let page = browser.get("/sign-in?switch=yes").await;
    browser
        .submit(
            &page,
            "login-submit",
            &[("username", TIMUR), ("password", PASSWORD)],
        )
        .await;
    note(&browser);
    for old in &seen[..seen.len() - 1] {
        let thief = app.browser();
        thief.set_cookie(SESSION, old);
        assert!(!is_signed_in(&thief).await, "an earlier session has ended");
    }
    app.end().await;
}

/// What an attacker knows of a browser before the sign-in (its name, its form
/// token) is worth nothing afterwards.
#[tokio::test]
async fn attack_16_a_form_token_from_before_the_sign_in() {
    let app = TestApp::start().await;
    let attacker = app.browser();
    let token = attacker
        .get("/sign-in")
        .await
        .attribute("input[name=csrf]", "value")
        .unwrap();
    let victim = app.browser();
    victim.set_cookie(BROWSER, &attacker.cookie(BROWSER).unwrap());
    sign_in(&victim, ANNA).await;
    for path in [
        "/sign-out",
        "/account/security/end-others",
        "/account/profile/edit",
        "/account/contacts",
    ] {
        let fields = [
            ("csrf", token.as_str()),
            ("decision", "sign-out"),
            ("contact", "evil@example.ru"),
        ];
        let page = victim.post_once(path, &fields).await;
        assert_eq!(page.status, 403, "{path}");
    }
    let page = victim
        .post_once(
            "/sign-in",
            &[
                ("csrf", &token),
                ("username", TIMUR),
                ("password", PASSWORD),
            ],
        )
        .await;
    assert_ne!(page.status, 200);
    let account = victim.get("/account").await;
    assert!(account.body.contains("Анна"), "still signed in as herself");
    app.end().await;
}

/// A device cookie that was planted does not become one the victim's account
/// knows: it would pass the lock on strangers' tries.
#[tokio::test]
async fn attack_16_a_planted_device_does_not_become_known() {
    let app = TestApp::start().await;
    let attacker = app.browser();
    sign_in(&attacker, TIMUR).await;
    let own = attacker.cookie(DEVICE).unwrap();
    let invented = format!("ppd_{}", "A".repeat(43));
    for planted in [&own, &invented] {
        let victim = app.browser();
        victim.set_cookie(DEVICE, planted);
        sign_in(&victim, ANNA).await;
        assert_ne!(victim.cookie(DEVICE).as_ref(), Some(planted));
    }
    // Both hold what the victim's browser was given; the attacker the planted.
    for _ in 0..5 {
        sign_in_with(&app.browser(), ANNA, "Wrong-2026!").await;
    }
    for planted in [&own, &invented] {
        let attacker = app.browser();
        attacker.set_cookie(DEVICE, planted);
        sign_in(&attacker, ANNA).await;
        assert!(
            !is_signed_in(&attacker).await,
            "the lock holds for {planted}"
        );
    }
    app.end().await;
}
