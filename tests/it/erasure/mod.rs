//! The end of an account, and the copy of everything before it.

mod attacks;
pub mod export;

use crate::support::app::{ANNA, PASSWORD, START};
use crate::support::relying_party::{claims, registration};
use crate::support::steps::{
    NEW_PASSWORD, begin_registration, choose_password, confirm_code, sign_in, signed_in,
};
use crate::support::{Browser, Page, Receiver, RelyingParty, TestApp};

/// Registers somebody new; they are signed in.
pub async fn newcomer(app: &TestApp, phone: &str) -> Browser {
    let browser = app.browser();
    let page = begin_registration(&browser, phone).await;
    let code = app.last_code(phone).await;
    let page = confirm_code(&browser, &page, &code).await;
    choose_password(&browser, &page, NEW_PASSWORD).await;
    browser
}

/// Takes every contact from whoever signed in last.
pub async fn without_contacts(app: &TestApp) {
    app.database
        .execute(
            "delete from contacts where account_id =
             (select account_id from sessions order by created_at desc, id desc limit 1)",
        )
        .await;
    app.app.storage.note_change();
}

/// Goes as far as the page of the code.
pub async fn begin(browser: &Browser) -> Page {
    let page = browser.get("/account/delete").await;
    let page = browser.submit(&page, "deletion-begin", &[]).await;
    assert_eq!(page.url.path(), "/account/delete/code", "{}", page.body);
    page
}

/// The whole way; ends on the last page.
pub async fn delete(app: &TestApp, browser: &Browser, phone: &str) -> Page {
    let page = begin(browser).await;
    let code = app.last_code(phone).await;
    let typed = [("code", code.as_str()), ("sure", "yes")];
    let page = browser.submit(&page, "deletion-final", &typed).await;
    assert!(page.has("#account-deleted"), "{}", page.body);
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_deleted_and_everybody_is_told() {
    let mut receiver = Receiver::start().await;
    let app = TestApp::start_with(|config| {
        let told = serde_json::json!({
            "backchannel_logout_uri": format!("{}/north", receiver.url),
        });
        let clients = config["clients"].as_array_mut().unwrap();
        clients.push(registration("north", told));
    })
    .await;
    let browser = signed_in(&app, ANNA).await;
    let north = RelyingParty::new(&app, "north");
    let tokens = north.tokens(&browser, ANNA, &[]).await;
    let security = browser.get("/account/security").await;
    let href = security.attribute("#deletion-open", "href").unwrap();
    let page = browser.get(&href).await;
    for said in [
        "Портал north",
        "три года",
        "Вернуть её потом не сможет никто",
    ] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }

    // Neither a wrong code nor a forgotten tick deletes anything.
    let page = browser.submit(&page, "deletion-begin", &[]).await;
    let code = app.last_code(ANNA).await;
    let page = browser.submit(&page, "deletion-final", &[]).await;
    assert!(page.has("#code-problem") && page.has("#sure-problem"));
    let typed = [("code", code.as_str())];
    let page = browser.submit(&page, "deletion-final", &typed).await;
    assert!(page.has("#sure-problem") && !page.has("#code-problem"));
    assert_eq!(page.attribute("#code", "value"), Some(code.clone()));
    let wrong = if code == "111111" { "222222" } else { "111111" };
    let typed = [("code", wrong), ("sure", "yes")];
    let page = browser.submit(&page, "deletion-final", &typed).await;
    assert!(page.has("#code-problem") && page.has("#tries-left"));
    assert_eq!(browser.get("/account").await.url.path(), "/account");

    let typed = [("code", code.as_str()), ("sure", "yes")];
    let page = browser.submit(&page, "deletion-final", &typed).await;
    assert!(page.has("#account-deleted"), "{}", page.body);
    assert_eq!(browser.cookie("propusk_session"), None);
    let last = app.last_message(ANNA).await;
    assert!(last.text.contains("удалена"), "{}", last.text);
    let post = receiver.next().await;
    assert_eq!(claims(&post.fields[0].1)["sub"], tokens.id_claims()["sub"]);
    assert_eq!(browser.get("/account").await.url.path(), "/sign-in");

    // As if she had never been here.
    let page = sign_in(&app.browser(), ANNA, PASSWORD).await;
    let stranger = sign_in(&app.browser(), "+79005559999", PASSWORD).await;
    assert_eq!(page.text("#sign-in-bad"), stranger.text("#sign-in-bad"));
    assert!(page.has("#sign-in-bad"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_sealed_and_nothing_that_finds_anybody_is_left() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    crate::levels::become_standard(&app, &browser, &[]).await;
    let card = crate::documents::add(&browser, "driving_licence", &crate::documents::LICENCE).await;
    crate::documents::scan(&browser, &card, "a.pdf", crate::documents::PDF).await;
    let level = browser.get("/account/level").await;
    browser.submit(&level, "letter-order", &[]).await;
    let level = browser.get("/account/level").await;
    browser.submit(&level, "centre-request", &[]).await;
    RelyingParty::new(&app, "portal")
        .tokens(&browser, ANNA, &[])
        .await;
    // A step under way: the address of the new contact lies in a ticket.
    let page = browser.get("/account/contacts").await;
    browser
        .submit(
            &page,
            "contact-submit",
            &[("contact", "anna.new@example.ru")],
        )
        .await;
    app.deliver().await;
    let phone = app.app.vault.blind_index("phone", ANNA);
    let id = app.app.storage.find_by_contact("phone", &phone).await;
    let id = id.unwrap().unwrap().to_string();

    delete(&app, &browser, ANNA).await;
    let all = app.contents().await;
    let mut kept = Vec::new();
    for (table, rows) in &all {
        if rows.iter().any(|row| row.contains(&id)) {
            kept.push(table.as_str());
        }
    }
    assert_eq!(kept, ["accounts", "agreements", "consents"]);
    let emptied = format!(
        "select count(*) from accounts where id = '{id}' and wrapped_key = '' and profile_sealed = ''
         and locale = '' and erased_at is not null and erased_by = 'citizen'"
    );
    assert_eq!(app.database.count(&emptied).await, 1);
    let waiting = "select count(*) from outbox where sent_at is null or message_sealed <> ''";
    assert_eq!(app.database.count(waiting).await, 0);
    let tickets = "select count(*) from tickets where kind in ('contact_change', 'erasure')";
    assert_eq!(app.database.count(tickets).await, 0);
    assert_eq!(app.database.count("select count(*) from files").await, 0);
    // The index of her phone is nowhere but at counters of codes, which end with
    // the day: without them, leaving would be a way round them.
    let finds = |rows: &Vec<String>| rows.iter().any(|row| row.contains(&phone));
    let found: Vec<_> = all.iter().filter(|(_, rows)| finds(rows)).collect();
    assert!(
        found.iter().all(|(table, _)| *table == "throttles"),
        "{found:?}"
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_contact_types_a_word() {
    let app = TestApp::start().await;
    app.advance(1).await;
    let browser = newcomer(&app, "+79005550210").await;
    without_contacts(&app).await;
    let page = browser.get("/account/delete").await;
    assert!(!page.has("#deletion-begin"));
    let typed = [("word", "<b>нет</b>")];
    let page = browser.submit(&page, "deletion-final", &typed).await;
    assert!(page.has("#word-problem"));
    assert_eq!(page.attribute("#word", "value").unwrap(), "<b>нет</b>");
    let typed = [("word", " Удалить ")];
    let page = browser.submit(&page, "deletion-final", &typed).await;
    assert!(page.has("#account-deleted"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_is_told_why_not() {
    let app = TestApp::start().await;
    let desk = signed_in(&app, crate::levels::centre::OPERATOR).await;
    let page = desk.get("/account/delete").await;
    assert!(page.has("#deletion-operator") && !page.has("#deletion-begin"));
    let csrf = page.attribute("input[name=csrf]", "value");
    let csrf = match csrf {
        Some(csrf) => csrf,
        None => {
            let page = desk.get("/account/export").await;
            page.attribute("input[name=csrf]", "value").unwrap()
        }
    };
    let page = desk.post("/account/delete", &[("csrf", &csrf)]).await;
    assert_eq!(page.url.path(), "/account/delete");
    assert!(page.has("#deletion-operator"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_may_be_sent_again_and_grows_old() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let page = begin(&browser).await;
    let first = app.last_code(ANNA).await;
    app.advance(61).await;
    let page = browser.get(page.url.as_str()).await;
    let page = browser.submit(&page, "code-resend", &[]).await;
    let second = app.last_code(ANNA).await;
    assert_ne!(first, second);
    let typed = [("code", first.as_str()), ("sure", "yes")];
    let page = browser.submit(&page, "deletion-final", &typed).await;
    assert!(page.has("#code-problem"), "{}", page.body);
    app.advance(601).await;
    let typed = [("code", second.as_str()), ("sure", "yes")];
    let page = browser.submit(&page, "deletion-final", &typed).await;
    assert!(page.has("#code-problem"), "{}", page.body);
    assert!(app.now() > START);
    app.end().await;
}
