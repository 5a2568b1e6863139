use serde_json::json;

use crate::factors::{add_app, give};
use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::relying_party::Tokens;
use crate::support::steps::signed_in;
use crate::support::{Browser, Page, RelyingParty, TestApp, qr};

/// Anna's mailbox.
const MAIL: &str = "anna.sokolova@example.ru";

/// A browser that shows a code: the page, where the code leads, and the number.
async fn asking(app: &TestApp) -> (Browser, Page, String, String) {
    let browser = app.browser();
    let page = browser.get("/sign-in").await;
    let page = browser.submit(&page, "sign-in-qr", &[]).await;
    let (link, number) = shown(&page);
    (browser, page, link, number)
}

/// Where the code of a page leads, and its number.
pub fn shown(page: &Page) -> (String, String) {
    assert!(page.has("#qr svg"), "{}", page.body);
    (qr::read_page(&page.body), page.text("#qr-number").unwrap())
}

/// What the page that shows the code becomes at its next look.
async fn look(browser: &Browser, page: &Page) -> Page {
    browser.get(page.url.as_str()).await
}

/// A number that is offered, but is another one.
fn another(page: &Page, number: &str) -> String {
    let all = page.every("#approve button[name=number]", "value");
    all.into_iter()
        .find(|one| !one.is_empty() && one != number)
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_named_elsewhere_lets_the_browser_in() {
    let app = TestApp::start().await;
    let phone = signed_in(&app, ANNA).await;
    let (desk, waiting, link, number) = asking(&app).await;
    assert!(look(&desk, &waiting).await.has("#qr-number"));
    let page = phone.get(&link).await;
    assert_eq!(page.texts("#approve button[name=number]").len(), 4);
    let page = phone.submit(&page, &format!("number-{number}"), &[]).await;
    assert!(page.has("#approve-agreed"), "{}", page.body);
    let page = look(&desk, &waiting).await;
    assert_eq!(page.text("#qr-name").as_deref(), Some("Анна С."));
    let page = desk.submit(&page, "qr-enter", &[]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let history = desk.get("/account/history").await;
    assert!(history.body.contains("подтверждение на другом устройстве"));
    let journal = desk.get("/account/journal").await;
    assert!(journal.body.contains("Разрешён вход на другом устройстве"));
    // The phone stays signed in, and the owner is told of the new device.
    assert_eq!(phone.get("/account").await.url.path(), "/account");
    let told = app.last_message(MAIL).await;
    assert!(
        told.text.contains("в вашу учётную запись вошли"),
        "{}",
        told.text
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_learns_how_somebody_came_in() {
    let app = TestApp::start().await;
    let phone = signed_in(&app, ANNA).await;
    let codes = add_app(&app, &phone).await;
    app.advance(600).await;
    let portal = RelyingParty::new(&app, "portal");
    let desk = app.browser();
    let page = desk.get(&portal.authorize_url(&[])).await;
    let waiting = desk.submit(&page, "sign-in-qr", &[]).await;
    let (link, number) = shown(&waiting);
    // A proof of ten minutes ago is asked for once more, and leads back to the question.
    let page = phone.get(&link).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    let typed = [("username", ANNA), ("password", PASSWORD)];
    let page = phone.submit(&page, "login-submit", &typed).await;
    let page = give(&phone, &page, &codes.code(&app)).await;
    assert_eq!(page.url.path(), "/approve", "{}", page.body);
    assert!(page.has(".facts"), "{}", page.body);
    let page = phone.submit(&page, &format!("number-{number}"), &[]).await;
    assert!(page.has("#approve-agreed"), "{}", page.body);
    // Two kinds of factors stand behind the answer: no second step here.
    let page = look(&desk, &waiting).await;
    let page = desk.submit(&page, "qr-enter", &[]).await;
    let page = portal.go_on(&desk, page, ANNA).await;
    let code = page.sent("code").unwrap();
    let tokens = Tokens::of(&portal.redeem(&code).await.json());
    let claims = tokens.id_claims();
    assert_eq!(claims["amr"], json!(["urn:propusk:amr:approval", "mfa"]));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_16_a_code_that_was_seen_opens_nothing_elsewhere() {
    let app = TestApp::start().await;
    let phone = signed_in(&app, ANNA).await;
    let (desk, waiting, link, number) = asking(&app).await;
    let page = phone.get(&link).await;
    phone.submit(&page, &format!("number-{number}"), &[]).await;
    // The address of the page that waits, and that of the code, in another browser.
    let thief = app.browser();
    for address in [waiting.url.as_str(), &link] {
        let page = thief.get(address).await;
        assert!(!page.body.contains("Соколова"), "{}", page.body);
        let page = thief.get("/account").await;
        assert_eq!(page.url.path(), "/sign-in");
    }
    // And it opens once.
    let agreed = look(&desk, &waiting).await;
    let page = desk.submit(&agreed, "qr-enter", &[]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let leave = desk.get("/sign-out").await;
    desk.submit(&leave, "logout-confirm", &[]).await;
    let page = look(&desk, &waiting).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_20_one_wrong_number_ends_it_and_the_owner_is_told() {
    let app = TestApp::start().await;
    let phone = signed_in(&app, ANNA).await;
    let (desk, waiting, link, number) = asking(&app).await;
    let page = phone.get(&link).await;
    let wrong = another(&page, &number);
    let answered = phone.submit(&page, &format!("number-{wrong}"), &[]).await;
    assert!(answered.has("#approve-wrong"), "{}", answered.body);
    let answered = phone.submit(&page, &format!("number-{number}"), &[]).await;
    assert!(answered.has("#approve-over"), "{}", answered.body);
    let page = look(&desk, &waiting).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    let told = app.last_message(MAIL).await;
    assert!(told.subject.contains("QR-коду"), "{}", told.subject);
    // "It is not me" ends it as well.
    let (desk, waiting, link, number) = asking(&app).await;
    let page = phone.get(&link).await;
    let answered = phone.submit(&page, "approve-refuse", &[]).await;
    assert!(answered.has("#approve-refused"), "{}", answered.body);
    let answered = phone.submit(&page, &format!("number-{number}"), &[]).await;
    assert!(answered.has("#approve-over"), "{}", answered.body);
    assert_eq!(look(&desk, &waiting).await.url.path(), "/sign-in");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_18_an_answer_dies_with_the_session_that_gave_it() {
    let app = TestApp::start().await;
    let phone = signed_in(&app, ANNA).await;
    let (desk, waiting, link, number) = asking(&app).await;
    let page = phone.get(&link).await;
    phone.submit(&page, &format!("number-{number}"), &[]).await;
    let leave = phone.get("/sign-out").await;
    phone.submit(&leave, "logout-confirm", &[]).await;
    let page = look(&desk, &waiting).await;
    let page = desk.submit(&page, "qr-enter", &[]).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_14_of_two_people_who_answer_one_is_heard() {
    let app = TestApp::start().await;
    let anna = signed_in(&app, ANNA).await;
    let timur = signed_in(&app, TIMUR).await;
    let (desk, waiting, link, number) = asking(&app).await;
    let pages = (anna.get(&link).await, timur.get(&link).await);
    let button = format!("number-{number}");
    let answers = tokio::join!(
        anna.submit(&pages.0, &button, &[]),
        timur.submit(&pages.1, &button, &[])
    );
    let agreed = [&answers.0, &answers.1].map(|page| page.has("#approve-agreed"));
    assert_ne!(agreed[0], agreed[1]);
    let page = look(&desk, &waiting).await;
    let tabs: Vec<_> = (0..4).map(|_| desk.clone()).collect();
    let all = tabs.iter().map(|tab| tab.submit(&page, "qr-enter", &[]));
    futures_util::future::join_all(all).await;
    let sessions = "select count(*) from sessions where ended_at is null";
    assert_eq!(app.database.count(sessions).await, 3);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restricted_account_answers_nothing() {
    let app = TestApp::start().await;
    let phone = signed_in(&app, ANNA).await;
    let far = app.now().millis() + 3_600_000;
    app.database
        .execute(&format!("update accounts set restricted_until = {far}"))
        .await;
    app.app.storage.note_change();
    let (_, _, link, _) = asking(&app).await;
    let page = phone.get(&link).await;
    assert_eq!(page.url.path(), "/account/restricted", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_over_after_five_minutes() {
    let app = TestApp::start().await;
    let phone = signed_in(&app, ANNA).await;
    let (desk, waiting, link, _) = asking(&app).await;
    app.advance(300).await;
    assert!(phone.get(&link).await.has("#approve-over"));
    assert_eq!(look(&desk, &waiting).await.url.path(), "/sign-in");
    // Whoever is not signed in signs in first and is back at the question.
    let (_, _, link, _) = asking(&app).await;
    let other = app.browser();
    let page = other.get(&link).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    let typed = [("username", ANNA), ("password", PASSWORD)];
    let page = other.submit(&page, "login-submit", &typed).await;
    assert_eq!(page.url.path(), "/approve", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_an_answer_makes_no_proof_fresh_again() {
    let app = TestApp::start().await;
    let phone = signed_in(&app, ANNA).await;
    app.advance(240).await;
    let (desk, waiting, link, number) = asking(&app).await;
    let page = phone.get(&link).await;
    phone.submit(&page, &format!("number-{number}"), &[]).await;
    let page = look(&desk, &waiting).await;
    desk.submit(&page, "qr-enter", &[]).await;
    app.advance(120).await;
    // Six minutes after the password nothing critical is open, here or there.
    for browser in [&desk, &phone] {
        let page = browser.get("/account/factors/totp").await;
        assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    }
    let (_, _, link, _) = asking(&app).await;
    assert_eq!(desk.get(&link).await.url.path(), "/sign-in");
    app.end().await;
}
