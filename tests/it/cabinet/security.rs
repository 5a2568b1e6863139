//! Password and sessions in the cabinet.

use super::{all, attributes};
use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::steps::{NEW_PASSWORD, signed_in};
use crate::support::{RelyingParty, TestApp};

#[tokio::test]
async fn sessions_are_listed_with_their_sites_and_end_one_by_one() {
    let app = TestApp::start().await;
    let here = signed_in(&app, ANNA).await;
    let there = app.browser();
    let third = signed_in(&app, ANNA).await;
    let portal = RelyingParty::new(&app, "portal");
    let tokens = portal
        .tokens(&there, ANNA, &[("scope", "openid offline_access")])
        .await;
    let page = here.get("/account/security").await;
    let sessions = all(&page, ".session");
    assert_eq!(sessions.len(), 3);
    let devices = all(&page, ".device");
    assert!(
        devices[0].starts_with("Компьютер: Firefox 140, Linux это устройство"),
        "{}",
        devices[0]
    );
    let with_site = sessions
        .iter()
        .position(|text| text.contains("Портал portal"))
        .unwrap();
    let others = attributes(&page, ".session button", "value");
    assert_eq!(others.len(), 2, "the one in use ends by signing out");

    let button = format!("end-{}", others[with_site - 1]);
    let page = here.submit(&page, &button, &[]).await;
    assert!(page.has(".notice-success"));
    assert_eq!(all(&page, ".session").len(), 2);
    assert_eq!(there.get("/account").await.url.path(), "/sign-in");
    // A session that its owner ends takes even offline access with it.
    portal
        .refresh(&tokens.refresh.unwrap())
        .await
        .refuses("invalid_grant");

    let page = here.submit(&page, "end-others", &[]).await;
    assert!(page.has(".notice-success") && !page.has("#end-others"));
    assert_eq!(third.get("/account").await.url.path(), "/sign-in");
    assert_eq!(here.get("/account").await.url.path(), "/account");
    app.end().await;
}

#[tokio::test]
async fn attack_45_a_session_of_somebody_else_is_not_there() {
    let app = TestApp::start().await;
    let victim = signed_in(&app, ANNA).await;
    let open = signed_in(&app, ANNA).await.get("/account/security").await;
    let id = attributes(&open, ".session button", "value").remove(0);
    let thief = signed_in(&app, TIMUR).await;
    let csrf = thief
        .get("/account/security")
        .await
        .attribute("input[name=csrf]", "value")
        .unwrap();
    for session in [id.as_str(), "no such session", ""] {
        let page = thief
            .post(
                "/account/security/end",
                &[("csrf", &csrf), ("session", session)],
            )
            .await;
        assert_eq!(page.status, 404, "{session}");
    }
    assert_eq!(victim.get("/account").await.url.path(), "/account");
    app.end().await;
}

#[tokio::test]
async fn a_password_is_changed_with_every_wrong_field_named() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let other = signed_in(&app, ANNA).await;
    let page = browser.get("/account/security").await;
    let wrong = [
        ("current_password", "guess"),
        ("password", "short"),
        ("password_repeat", "else"),
    ];
    let page = browser.submit(&page, "password-submit", &wrong).await;
    let mut named = attributes(&page, "#problems a", "href");
    named.dedup();
    assert_eq!(
        named,
        ["#current_password", "#password", "#password_repeat"]
    );
    assert!(
        page.has("details.fold[open] #current_password"),
        "the form is not folded away"
    );
    assert_eq!(other.get("/account").await.url.path(), "/account");

    let right = [
        ("current_password", PASSWORD),
        ("password", NEW_PASSWORD),
        ("password_repeat", NEW_PASSWORD),
    ];
    let page = browser.submit(&page, "password-submit", &right).await;
    assert_eq!(page.url.query(), Some("done=password"));
    assert!(page.has(".notice-success"));
    assert_eq!(other.get("/account").await.url.path(), "/sign-in");
    app.end().await;
}

#[tokio::test]
async fn the_overview_tells_what_wants_attention() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get("/account").await;
    assert!(page.body.contains("Это ваш первый вход.") && !page.has(".notice-warning"));
    assert_eq!(all(&page, ".tile-number"), ["1", "0", "1"]);
    app.advance(80 * 86_400).await;
    for _ in 0..2 {
        crate::support::steps::sign_in(&app.browser(), ANNA, "not the password").await;
    }
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get("/account").await;
    let warnings = all(&page, ".notice-warning");
    assert!(warnings[0].contains("2 неудачные попытки"), "{warnings:?}");
    assert!(warnings[1].contains("через 10 дней"), "{warnings:?}");
    assert!(
        page.body.contains("24.03.2026 12:00:00 МСК"),
        "the sign-in before this one"
    );
    // A flag in the address chooses a text of ours and brings none.
    let page = browser.get("/account/profile?done=%3Cb%3E").await;
    assert!(!page.has(".notice-success"));
    app.end().await;
}
