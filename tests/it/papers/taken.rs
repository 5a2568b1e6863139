//! One SNILS, one account: what a desk may take, and what it has to give back.

use super::{SNILS, audit, newcomer, printed, register, take_over};
use crate::levels::centre::OPERATOR;
use crate::levels::{become_standard, send, standing};
use crate::support::TestApp;
use crate::support::app::ANNA;
use crate::support::steps::{NEW_PASSWORD, sign_in, signed_in};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_snils_confirmed_has_an_account_already() {
    let app = TestApp::start().await;
    let anna = signed_in(&app, ANNA).await;
    become_standard(&app, &anna, &[]).await;
    let desk = signed_in(&app, OPERATOR).await;
    // The papers are another's: nothing can be done here.
    let page = register(&desk, &[("passport", "0001 000303")]).await;
    assert_eq!(page.status, 200);
    assert!(page.text("#papers-refused").unwrap().contains("уже есть"));
    assert!(!page.has("#papers-reprint") && !page.has("#papers-restore"));
    let account = app.app.accounts.find_by_login(ANNA).await.unwrap();
    assert_eq!(audit(&app).await, [("papers_refused".to_owned(), account)]);
    let journal = anna.get("/account/journal").await;
    assert!(journal.body.contains("документы с вашим СНИЛС"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declared_snils_holds_nobody_off_and_signs_in_nobody_before_one_that_was_seen() {
    let app = TestApp::start().await;
    // Somebody has written the number into their profile long before.
    let other = newcomer(&app, "+79005550401").await;
    let page = other.get("/account/profile/edit").await;
    other
        .submit(&page, "profile-save", &[("snils", SNILS)])
        .await;
    let page = sign_in(&app.browser(), SNILS, NEW_PASSWORD).await;
    assert_eq!(page.url.path(), "/account");
    app.advance(10).await;
    let desk = signed_in(&app, OPERATOR).await;
    let (login, temporary) = printed(&register(&desk, &[]).await);
    take_over(&app, &login, &temporary).await;
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_a_snils_taken_by_a_desk_goes_to_whom_the_registries_confirm_it() {
    let app = TestApp::start().await;
    app.registry.fail_next(3);
    // An operator takes a stranger's number and makes the account his own.
    let desk = signed_in(&app, OPERATOR).await;
    let wrong = [("family_name", "Чужой"), ("sex", "male")];
    let (login, temporary) = printed(&register(&desk, &wrong).await);
    let thief = take_over(&app, &login, &temporary).await;
    // Its owner registers by phone and sends the true data.
    let owner = newcomer(&app, "+79005550402").await;
    send(&owner, &[]).await;
    app.deliver().await;
    let (level, check) = standing(&owner).await;
    assert!(level.starts_with("Стандартный"), "{level}, {check}");
    // The number leads to them, and nowhere else.
    let page = sign_in(&app.browser(), SNILS, NEW_PASSWORD).await;
    assert_eq!(page.url.path(), "/account");
    assert!(page.body.contains("Соколова"), "{}", page.body);
    app.advance(600).await;
    app.deliver().await;
    let (level, _) = standing(&thief).await;
    assert!(level.starts_with("Упрощённый"), "{level}");
    let profile = thief.get("/account/profile").await;
    assert!(!profile.body.contains(SNILS), "{}", profile.body);
    let journal = thief.get("/account/journal").await;
    assert!(journal.body.contains("СНИЛС"), "{}", journal.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_what_the_registries_refuse_holds_off_no_other_desk() {
    let app = TestApp::start().await;
    let desk = signed_in(&app, OPERATOR).await;
    // The stranger's number with another's passport; the account is used.
    let (login, temporary) = printed(&register(&desk, &[("passport", "0001 000301")]).await);
    app.deliver().await;
    take_over(&app, &login, &temporary).await;
    // The owner of the number comes to a centre with the papers.
    let (login, temporary) = printed(&register(&desk, &[]).await);
    app.deliver().await;
    let owner = take_over(&app, &login, &temporary).await;
    assert!(standing(&owner).await.0.starts_with("Подтверждённый"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_12_papers_sent_twice_make_one_account() {
    let app = TestApp::start().await;
    let desk = signed_in(&app, OPERATOR).await;
    let page = desk.get("/operator/papers").await;
    let all = super::fields(&[]);
    let tries = (0..6).map(|_| desk.submit(&page, "papers-register", &all));
    let ended = futures_util::future::join_all(tries).await;
    let sheets = ended.iter().filter(|page| page.has("#login-sheet")).count();
    let refused = ended
        .iter()
        .filter(|page| page.has("#papers-refused"))
        .count();
    assert_eq!((sheets, refused), (1, 5));
    let made = audit(&app).await;
    let made = made.iter().filter(|step| step.0 == "papers_registered");
    assert_eq!(made.count(), 1);
    app.deliver().await;
    app.end().await;
}
