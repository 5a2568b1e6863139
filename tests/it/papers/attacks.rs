//! What an operator must not get out of making accounts.

use super::{SNILS, fields, printed, register, take_over};
use crate::levels::centre::{OPERATOR, OWN};
use crate::levels::{become_standard, standing};
use crate::support::TestApp;
use crate::support::app::{ANNA, TIMUR};
use crate::support::steps::{NEW_PASSWORD, sign_in, signed_in};

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_only_operators_make_accounts_and_never_for_themselves() {
    let app = TestApp::start().await;
    let timur = signed_in(&app, TIMUR).await;
    assert_eq!(timur.get("/operator/papers").await.status, 404);
    let token = timur
        .get("/account/profile/edit")
        .await
        .attribute("input[name=csrf]", "value")
        .unwrap();
    for path in [
        "/operator/papers",
        "/operator/papers/reprint",
        "/operator/papers/restore",
    ] {
        let mut sent = fields(&[]);
        sent.push(("csrf", &token));
        assert_eq!(timur.post(path, &sent).await.status, 404, "{path}");
    }

    let desk = signed_in(&app, OPERATOR).await;
    become_standard(&app, &desk, &OWN).await;
    // Neither with the SNILS of one's own account nor with another one.
    let own: Vec<_> = OWN.into_iter().collect();
    let other = own.iter().copied().filter(|(name, _)| *name != "snils");
    let other: Vec<_> = other.chain([("snils", "000-000-600 00")]).collect();
    for changes in [own, other, vec![("snils", "000-000-303 00")]] {
        let page = register(&desk, &changes).await;
        let refused = page.text("#papers-refused").unwrap_or_default();
        assert!(refused.contains("для себя"), "{changes:?}: {}", page.body);
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_14_the_temporary_password_dies_with_the_renewal_and_so_do_its_sessions() {
    let app = TestApp::start().await;
    let desk = signed_in(&app, OPERATOR).await;
    let (login, temporary) = printed(&register(&desk, &[]).await);
    // The operator tries it too, and waits.
    let thief = app.browser();
    let page = sign_in(&thief, &login, &temporary).await;
    assert_eq!(page.url.path(), "/password/renew");
    // Nor can the agreements be accepted for the citizen meanwhile.
    let token = page.attribute("input[name=csrf]", "value").unwrap();
    let ticks = [
        ("csrf", token.as_str()),
        ("terms", "yes"),
        ("privacy", "yes"),
    ];
    let turned = thief.post("/agreements", &ticks).await;
    assert_eq!(turned.url.path(), "/password/renew", "{}", turned.body);
    let citizen = take_over(&app, &login, &temporary).await;
    // Neither the session nor the open form nor the password is worth anything.
    let new = [
        ("password", "Podmena-Chuzhaya-7!"),
        ("password_repeat", "Podmena-Chuzhaya-7!"),
    ];
    let after = thief.submit(&page, "password-submit", &new).await;
    assert_ne!(after.url.path(), "/account");
    assert_eq!(thief.get("/account").await.url.path(), "/sign-in");
    assert!(
        sign_in(&app.browser(), &login, &temporary)
            .await
            .has("#sign-in-bad")
    );
    let page = sign_in(&app.browser(), &login, NEW_PASSWORD).await;
    assert_eq!(page.url.path(), "/account");
    // The citizen sees that somebody else had come in.
    let history = citizen.get("/account/history").await;
    assert_eq!(history.status, 200);
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_14_another_temporary_password_ends_what_was_begun_with_the_first() {
    let app = TestApp::start().await;
    let desk = signed_in(&app, OPERATOR).await;
    let (login, first) = printed(&register(&desk, &[]).await);
    let thief = app.browser();
    let open = sign_in(&thief, &login, &first).await;
    assert_eq!(open.url.path(), "/password/renew");
    let page = register(&desk, &[]).await;
    let (_, second) = printed(&desk.submit(&page, "papers-reprint", &fields(&[])).await);
    let new = [
        ("password", NEW_PASSWORD),
        ("password_repeat", NEW_PASSWORD),
    ];
    let page = thief.submit(&open, "password-submit", &new).await;
    assert_ne!(page.url.path(), "/agreements", "{}", page.body);
    assert_eq!(thief.get("/account").await.url.path(), "/sign-in");
    take_over(&app, &login, &second).await;
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_a_reprint_needs_the_same_person_and_an_unused_account() {
    let app = TestApp::start().await;
    let anna = signed_in(&app, ANNA).await;
    become_standard(&app, &anna, &[("snils", "000-000-600 00")]).await;
    let desk = signed_in(&app, OPERATOR).await;
    let (login, temporary) = printed(&register(&desk, &[]).await);
    let page = register(&desk, &[]).await;
    assert!(page.has("#papers-reprint"));
    // A stranger's account behind the offered button; another birth date; nobody's number.
    for changes in [
        [("snils", "000-000-600 00")],
        [("birth_date", "25.03.1990")],
        [("snils", "000-000-900 00")],
    ] {
        let refused = desk
            .submit(&page, "papers-reprint", &fields(&changes))
            .await;
        assert!(!refused.has("#login-sheet"), "{changes:?}");
        assert!(
            refused.has("#papers-refused"),
            "{changes:?} {}",
            refused.body
        );
    }
    let page = sign_in(&app.browser(), ANNA, crate::support::app::PASSWORD).await;
    assert_eq!(page.url.path(), "/account");
    take_over(&app, &login, &temporary).await;
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_an_operator_makes_so_many_accounts_a_day() {
    let app = TestApp::start_with(|config| {
        config["limits"] = serde_json::json!({ "papers_per_day": 2 });
    })
    .await;
    let desk = signed_in(&app, OPERATOR).await;
    printed(&register(&desk, &[]).await);
    assert!(register(&desk, &[]).await.has("#papers-reprint"));
    let page = register(&desk, &[("snils", "000-000-600 00")]).await;
    assert_eq!(page.status, 429, "{}", page.body);
    assert!(page.headers.contains_key("retry-after"));
    assert!(page.body.contains("Соколова"));
    app.advance(24 * 3600 + 1).await;
    let desk = signed_in(&app, OPERATOR).await;
    printed(&register(&desk, &[("snils", "000-000-600 00")]).await);
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_24_an_unknown_snils_and_one_from_papers_read_the_same() {
    let app = TestApp::start().await;
    let desk = signed_in(&app, OPERATOR).await;
    let (_, temporary) = printed(&register(&desk, &[]).await);
    app.deliver().await;
    let wrong = sign_in(&app.browser(), SNILS, "Wrong-Password-1").await;
    let nobody = sign_in(&app.browser(), "000-000-900 00", "Wrong-Password-1").await;
    assert_eq!(wrong.status, nobody.status);
    assert!(wrong.has("#sign-in-bad") && nobody.has("#sign-in-bad"));
    // Nothing of the sheet lies in the database.
    let contents = app.database.contents().await;
    for rows in contents.values() {
        assert!(rows.iter().all(|row| !row.contains(&temporary)));
        assert!(rows.iter().all(|row| !row.contains("Крестьянская")));
    }
    app.advance(7 * 24 * 3600).await;
    let before = app.app.accounts.hashes_done();
    let late = sign_in(&app.browser(), SNILS, &temporary).await;
    assert!(late.has("#sign-in-bad"));
    assert_eq!(app.app.accounts.hashes_done(), before + 1);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_46_a_mended_snils_takes_no_proof_along() {
    let app = TestApp::start().await;
    let desk = signed_in(&app, OPERATOR).await;
    let (login, temporary) = printed(&register(&desk, &[("passport", "0001 000301")]).await);
    app.deliver().await;
    let citizen = take_over(&app, &login, &temporary).await;
    // The operator saw the card with the other number.
    become_standard(&app, &citizen, &[("snils", "000-000-600 00")]).await;
    assert!(standing(&citizen).await.0.starts_with("Стандартный"));
    app.end().await;
}
