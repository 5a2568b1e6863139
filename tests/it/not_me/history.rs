//! A line of the sign-in history that was somebody else (requirement D2).

use super::{MAIL, come_back, renew, start};
use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::steps::{NEW_PASSWORD, sign_in, signed_in};

#[tokio::test(flavor = "multi_thread")]
async fn a_disowned_sign_in_ends_and_the_password_must_be_replaced() {
    let app = start().await;
    let thief = signed_in(&app, ANNA).await;
    app.advance(1).await;
    let owner = signed_in(&app, ANNA).await;
    let page = owner.get("/account/history").await;
    let buttons = page.every("button[id^=not-me-]", "id");
    assert_eq!(buttons.len(), 1, "not the session itself: {}", page.body);
    let page = owner.submit(&page, &buttons[0], &[]).await;
    // A password that others know is no proof for setting another.
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    assert_eq!(thief.get("/account").await.url.path(), "/sign-in");
    assert!(app.last_message(MAIL).await.subject.contains("отменили"));

    // The thief still has the password, and nothing else.
    let page = sign_in(&thief, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    for path in ["/account", "/password/renew", "/oauth/authorize"] {
        let page = thief.get(path).await;
        assert!(!page.body.contains("Соколова"), "{path}: {}", page.body);
    }
    let owner = app.browser();
    let page = come_back(&app, &owner, ANNA, ANNA).await;
    renew(&owner, &page).await;
    let page = sign_in(&app.browser(), ANNA, NEW_PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.end().await;
}

#[tokio::test]
async fn a_session_of_somebody_else_is_not_disowned() {
    let app = start().await;
    let timur = signed_in(&app, TIMUR).await;
    let anna = signed_in(&app, ANNA).await;
    let other = signed_in(&app, TIMUR).await;
    let page = other.get("/account/history").await;
    let button = page.every("button[id^=not-me-]", "id").remove(0);
    let session = button.strip_prefix("not-me-").unwrap();
    let csrf = anna
        .get("/account/security")
        .await
        .attribute("input[name=csrf]", "value")
        .unwrap();
    let fields = [("csrf", csrf.as_str()), ("session", session)];
    let page = anna.post("/account/history/not-me", &fields).await;
    assert_eq!(page.status, 404, "{}", page.body);
    assert_eq!(timur.get("/account").await.url.path(), "/account");
    assert_eq!(anna.get("/account").await.url.path(), "/account");
    app.end().await;
}
