//! A second factor by the owner's word in another browser.

use super::{App, add_app, first_step, give, other_way};
use crate::banks;
use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::steps::{sign_in, signed_in};
use crate::support::{Browser, Page, RelyingParty, TestApp, qr};

/// Anna's phone, signed in with two kinds of factors, and what it holds.
async fn phone_of_anna(app: &TestApp) -> (Browser, App) {
    let phone = signed_in(app, ANNA).await;
    let codes = add_app(app, &phone).await;
    (phone, codes)
}

/// A browser that has shown the password and asks: its page, and the number.
async fn asking(app: &TestApp) -> (Browser, Page, String) {
    let desk = app.browser();
    let page = first_step(&desk).await;
    let page = asks(&desk, &page).await;
    let number = page.text("#qr-number").unwrap();
    (desk, page, number)
}

async fn asks(desk: &Browser, page: &Page) -> Page {
    let page = other_way(desk, page, "elsewhere").await;
    assert!(!page.has("#second-submit"), "{}", page.body);
    let page = desk.submit(&page, "second-send", &[]).await;
    assert!(page.has("#qr svg"), "{}", page.body);
    page
}

/// The question as the first page of the cabinet leads to it.
async fn question(browser: &Browser) -> Option<Page> {
    let page = browser.get("/account").await;
    let href = page
        .every(".notice a", "href")
        .into_iter()
        .find(|href| href.starts_with("/approve"))?;
    Some(browser.get(&href).await)
}

async fn look(browser: &Browser, page: &Page) -> Page {
    browser.get(page.url.as_str()).await
}

async fn agree(browser: &Browser, number: &str) -> Page {
    let page = question(browser).await.expect("a question");
    browser
        .submit(&page, &format!("number-{number}"), &[])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_word_of_another_browser_is_a_second_factor() {
    let app = TestApp::start().await;
    let (phone, _) = phone_of_anna(&app).await;
    let (desk, waiting, number) = asking(&app).await;
    // Nobody has answered: the page stays as it is, a press too early changes nothing.
    let page = look(&desk, &waiting).await;
    assert!(page.has("#qr") && !page.has("#second-submit"));
    let page = question(&phone).await.unwrap();
    assert!(
        page.body.contains("Кто-то прошёл первый шаг"),
        "{}",
        page.body
    );
    let page = phone.submit(&page, &format!("number-{number}"), &[]).await;
    assert!(page.has("#approve-agreed"), "{}", page.body);
    assert!(question(&phone).await.is_none());
    let page = look(&desk, &waiting).await;
    assert!(
        page.has("#second-submit") && !page.has("#code"),
        "{}",
        page.body
    );
    let page = desk
        .submit(&page, "second-submit", &[("trust", "yes")])
        .await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let history = desk.get("/account/history").await;
    assert!(history.body.contains("подтверждение на другом устройстве"));
    let journal = desk.get("/account/journal").await;
    assert!(journal.body.contains("Разрешён вход на другом устройстве"));
    // The device is trusted, as its owner wished.
    let leave = desk.get("/sign-out").await;
    desk.submit(&leave, "logout-confirm", &[]).await;
    let page = sign_in(&desk, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_becomes_stronger_by_another_one_and_not_by_itself() {
    let app = TestApp::start().await;
    let (phone, codes) = phone_of_anna(&app).await;
    // A trusted browser, signed in by the password alone.
    let desk = app.browser();
    let page = first_step(&desk).await;
    let typed = [("code", &*codes.code(&app)), ("trust", "yes")];
    desk.submit(&page, "second-submit", &typed).await;
    let leave = desk.get("/sign-out").await;
    desk.submit(&leave, "logout-confirm", &[]).await;
    sign_in(&desk, ANNA, PASSWORD).await;
    let portal = RelyingParty::new(&app, "portal");
    let url = portal.authorize_url(&[("acr_values", "urn:propusk:aal:2")]);
    let page = desk.get(&url).await;
    assert_eq!(page.url.path(), "/step-up", "{}", page.body);
    let page = desk.submit(&page, "step-up-begin", &[]).await;
    let waiting = asks(&desk, &page).await;
    let number = waiting.text("#qr-number").unwrap();
    // The session that asks has no say in it.
    assert!(question(&desk).await.is_none());
    let link = qr::read_page(&waiting.body);
    assert!(desk.get(&link).await.has("#approve-over"));
    let page = agree(&phone, &number).await;
    assert!(page.has("#approve-agreed"), "{}", page.body);
    let page = look(&desk, &waiting).await;
    let page = desk.submit(&page, "second-submit", &[]).await;
    let page = portal.go_on(&desk, page, ANNA).await;
    assert!(page.sent("code").is_some(), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_18_a_question_is_answered_by_its_account_and_for_its_step() {
    let app = TestApp::start().await;
    let (phone, _) = phone_of_anna(&app).await;
    let (desk, waiting, number) = asking(&app).await;
    let link = qr::read_page(&waiting.body);
    // Somebody else's session, and nobody's.
    let timur = signed_in(&app, TIMUR).await;
    assert!(question(&timur).await.is_none());
    assert!(timur.get(&link).await.has("#approve-over"));
    let form = question(&phone).await.unwrap();
    let csrf = timur.get("/account/contacts").await;
    let csrf = csrf.attribute("input[name=csrf]", "value").unwrap();
    let fields = [("csrf", &*csrf), ("number", &*number)];
    let page = timur.post(&link, &fields).await;
    assert!(page.has("#approve-over"), "{}", page.body);
    // Whoever has the password asks beside the owner, and waits in vain.
    let thief = app.browser();
    let page = first_step(&thief).await;
    let theirs = asks(&thief, &page).await;
    phone.submit(&form, &format!("number-{number}"), &[]).await;
    let page = look(&thief, &theirs).await;
    assert!(page.has("#qr") && !page.has("#second-submit"));
    // The owner's answer in the thief's address: sealed for another browser.
    let asked = |page: &Page| {
        let mut pairs = page.url.query_pairs();
        pairs
            .find(|(name, _)| name == "asked")
            .unwrap()
            .1
            .into_owned()
    };
    let stolen = theirs
        .url
        .as_str()
        .replace(&asked(&theirs), &asked(&waiting));
    let page = thief.get(&stolen).await;
    assert!(!page.has("#second-submit"), "{}", page.body);
    // And in the thief's own browser, for another step of the same account.
    let second = first_step(&desk).await;
    let other = other_way(&desk, &second, "elsewhere").await;
    let moved = format!("{}&asked={}", other.url, asked(&waiting));
    let page = desk.get(&moved).await;
    let page = desk.submit(&page, "second-submit", &[]).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    assert_eq!(desk.get("/account").await.url.path(), "/sign-in");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_18_an_answer_is_good_once_and_while_its_session_lasts() {
    let app = TestApp::start().await;
    let (phone, codes) = phone_of_anna(&app).await;
    let (desk, waiting, number) = asking(&app).await;
    agree(&phone, &number).await;
    let page = look(&desk, &waiting).await;
    let tabs: Vec<_> = (0..4).map(|_| desk.clone()).collect();
    let all = tabs
        .iter()
        .map(|tab| tab.submit(&page, "second-submit", &[]));
    futures_util::future::join_all(all).await;
    let sessions = "select count(*) from sessions where ended_at is null";
    assert_eq!(app.database.count(sessions).await, 2);
    // The phone signs out before the press.
    let (desk, waiting, number) = asking(&app).await;
    agree(&phone, &number).await;
    let leave = phone.get("/sign-out").await;
    phone.submit(&leave, "logout-confirm", &[]).await;
    let page = look(&desk, &waiting).await;
    let page = desk.submit(&page, "second-submit", &[]).await;
    assert!(page.has("#elsewhere-over"), "{}", page.body);
    assert_eq!(desk.get("/account").await.url.path(), "/sign-in");
    // Another way is open all the while.
    let page = other_way(&desk, &page, "totp").await;
    let page = give(&desk, &page, &codes.code(&app)).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_20_whoever_has_the_password_cannot_ask_without_end() {
    let app = TestApp::start().await;
    let (phone, _) = phone_of_anna(&app).await;
    let (desk, waiting, number) = asking(&app).await;
    // A refusal ends it, and the owner is told.
    let page = question(&phone).await.unwrap();
    let page = phone.submit(&page, "approve-refuse", &[]).await;
    assert!(page.has("#approve-refused"), "{}", page.body);
    let mut page = look(&desk, &waiting).await;
    assert!(page.has("#elsewhere-over"), "{}", page.body);
    let told = app.last_message("anna.sokolova@example.ru").await;
    assert!(told.subject.contains("отклон"), "{}", told.subject);
    for _ in 0..4 {
        let asked = desk.submit(&page, "second-send", &[]).await;
        assert!(asked.has("#qr"), "{}", asked.body);
        let question = question(&phone).await.unwrap();
        let wrong = question
            .every("#approve button[name=number]", "value")
            .into_iter()
            .find(|one| !one.is_empty() && Some(one) != asked.text("#qr-number").as_ref());
        let wrong = format!("number-{}", wrong.unwrap());
        let answered = phone.submit(&question, &wrong, &[]).await;
        assert!(answered.has("#approve-wrong"), "{}", answered.body);
        page = look(&desk, &asked).await;
    }
    let refused = desk.submit(&page, "second-send", &[]).await;
    assert!(refused.has("#code-problem"), "{}", refused.body);
    assert!(question(&phone).await.is_none());
    assert_ne!(number, "");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_offered_only_where_somebody_could_answer() {
    let app = TestApp::start().await;
    let offers = async |browser: &Browser| {
        let page = first_step(browser).await;
        page.every("#second-others a", "href")
            .iter()
            .any(|href| href.contains("way=elsewhere"))
    };
    let (phone, codes) = phone_of_anna(&app).await;
    assert!(offers(&app.browser()).await);
    // An old proof is shown once more before the answer.
    app.advance(600).await;
    let (desk, waiting, number) = asking(&app).await;
    let page = question(&phone).await.unwrap();
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    let typed = [("username", ANNA), ("password", PASSWORD)];
    let page = phone.submit(&page, "login-submit", &typed).await;
    let page = give(&phone, &page, &codes.code(&app)).await;
    let page = phone.submit(&page, &format!("number-{number}"), &[]).await;
    assert!(page.has("#approve-agreed"), "{}", page.body);
    let page = look(&desk, &waiting).await;
    let page = desk.submit(&page, "second-submit", &[]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    for browser in [&phone, &desk] {
        let leave = browser.get("/sign-out").await;
        browser.submit(&leave, "logout-confirm", &[]).await;
    }
    assert!(!offers(&app.browser()).await, "nobody is signed in");
    app.end().await;
}

/// The word of a bank and an app are no two kinds: nothing that the person knows.
#[tokio::test(flavor = "multi_thread")]
async fn attack_18_a_session_of_one_kind_is_no_second_factor_for_another() {
    let (app, bank) = banks::start("verified").await;
    let phone = banks::registered(&app, &bank).await;
    add_app(&app, &phone).await;
    let desk = app.browser();
    let page = banks::through(&desk, &bank, "/sign-in").await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    let waiting = asks(&desk, &page).await;
    let page = agree(&phone, &waiting.text("#qr-number").unwrap()).await;
    assert!(page.has("#approve-weak"), "{}", page.body);
    assert!(!look(&desk, &waiting).await.has("#second-submit"));
    app.end().await;
}

/// One word of the owner is no key to everything after it.
#[tokio::test(flavor = "multi_thread")]
async fn attack_18_who_was_approved_approves_nothing() {
    let app = TestApp::start().await;
    let (phone, _) = phone_of_anna(&app).await;
    let (desk, waiting, number) = asking(&app).await;
    agree(&phone, &number).await;
    let page = look(&desk, &waiting).await;
    desk.submit(&page, "second-submit", &[]).await;
    // Another sign-in beside it, and one in the very browser that is signed in.
    let (_, _, number) = asking(&app).await;
    let page = agree(&desk, &number).await;
    assert!(page.has("#approve-weak"), "{}", page.body);
    let page = phone.get("/sign-in?again=yes").await;
    let typed = [("username", ANNA), ("password", PASSWORD)];
    let page = phone.submit(&page, "login-submit", &typed).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    let waiting = asks(&phone, &page).await;
    let link = qr::read_page(&waiting.body);
    assert!(phone.get(&link).await.has("#approve-over"));
    app.end().await;
}

/// A device that may not do everything lets in none that may (requirement D3).
#[tokio::test(flavor = "multi_thread")]
async fn attack_45_a_limited_device_is_no_second_factor_for_a_new_one() {
    let app = TestApp::start().await;
    let (tablet, _) = phone_of_anna(&app).await;
    app.database
        .execute("update devices set rights = 'confirm'")
        .await;
    app.app.storage.note_change();
    let (_, _, number) = asking(&app).await;
    let page = agree(&tablet, &number).await;
    assert!(page.has("#approve-weak"), "{}", page.body);
    app.end().await;
}

/// After "it was not me" the password is known to others: nobody is asked to
/// agree to it.
#[tokio::test(flavor = "multi_thread")]
async fn attack_19_a_password_that_others_know_asks_nobody() {
    let app = TestApp::start().await;
    let (phone, codes) = phone_of_anna(&app).await;
    app.advance(60).await;
    let thief = app.browser();
    let page = first_step(&thief).await;
    give(&thief, &page, &codes.code(&app)).await;
    let page = phone.get("/account/history").await;
    let button = page.attribute("button[id^=not-me-]", "id").unwrap();
    phone.submit(&page, &button, &[]).await;
    let page = first_step(&thief).await;
    let others = page.every("#second-others a", "href");
    assert!(
        others.iter().all(|href| !href.contains("way=elsewhere")),
        "{}",
        page.body
    );
    // Nor is a password set at an open browser by whoever disowned the old one
    // there: who they are is shown anew.
    let page = phone.get("/password/renew").await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    app.end().await;
}
