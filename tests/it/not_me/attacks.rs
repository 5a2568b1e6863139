//! What the link is worth to others than the owner: nothing.

use super::{MAIL, come_back, link, press, renew, start};
use crate::factors::add_app;
use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::steps::{
    NEW_PASSWORD, begin_registration, choose_password, confirm_code, sign_in, signed_in,
};

const DAY: u64 = 86_400;

#[tokio::test]
async fn attack_48_a_link_works_once_and_for_ten_days() {
    let app = start().await;
    let thief = signed_in(&app, ANNA).await;
    let first = link(&app, MAIL, "Вход").await;
    // A scanner opens it as often as it likes.
    for _ in 0..3 {
        assert!(app.browser().get(&first).await.has("#not-me-confirm"));
    }
    // The form of a page that was opened before is worth nothing after.
    let early = app.browser();
    let form = early.get(&first).await;
    press(&app, &first).await;
    assert_eq!(thief.get("/account").await.url.path(), "/sign-in");
    let again = early.submit(&form, "not-me-confirm", &[]).await;
    assert!(again.has("#not-me-before"), "{}", again.body);
    assert!(app.browser().get(&first).await.has("#not-me-before"));

    app.advance(1).await;
    let timur = signed_in(&app, TIMUR).await;
    app.deliver().await;
    let late = app
        .capture
        .messages()
        .into_iter()
        .find_map(|message| message.not_me.filter(|_| message.recipient != MAIL))
        .unwrap();
    app.advance(10 * DAY).await;
    assert!(app.browser().get(&late).await.has("#not-me-dead"));
    let browser = app.browser();
    let csrf = browser
        .get("/sign-in")
        .await
        .attribute("input[name=csrf]", "value");
    let (_, ticket) = late.split_once("ticket=").unwrap();
    let fields = [("csrf", &*csrf.unwrap()), ("ticket", ticket)];
    let page = browser.post("/not-me", &fields).await;
    assert!(page.has("#not-me-dead"), "{}", page.body);
    drop(timur);
    app.end().await;
}

#[tokio::test]
async fn attack_48_no_other_secret_is_a_link_and_a_link_is_nothing_else() {
    let app = start().await;
    let anna = signed_in(&app, ANNA).await;
    let timur = signed_in(&app, TIMUR).await;
    let mail = link(&app, MAIL, "Вход").await;
    let (_, ticket) = mail.split_once("ticket=").unwrap();
    let applicant = app.browser();
    begin_registration(&applicant, "vera.link@example.ru").await;
    let registration = app.last_message("vera.link@example.ru").await.link.unwrap();
    let (_, token) = registration.split_once("token=").unwrap();
    let session = anna.cookie("propusk_session").unwrap();
    let device = anna.cookie("propusk_device").unwrap();
    for other in [token, &session, &device, "", "ppn_", &ticket[..20]] {
        let page = app.browser().get(&format!("/not-me?ticket={other}")).await;
        assert!(page.has("#not-me-dead"), "{other}: {}", page.body);
    }
    let thief = app.browser();
    for address in [
        format!("/register/link?token={ticket}"),
        format!("/register/password?step={ticket}"),
        format!("/sign-in/second?second={ticket}"),
    ] {
        let page = thief.get(&address).await;
        assert!(
            !page.has("#link-confirm")
                && !page.has("#password-submit")
                && !page.has("#second-submit"),
            "{address}: {}",
            page.body
        );
    }
    thief.set_cookie("propusk_session", ticket);
    assert_eq!(thief.get("/account").await.url.path(), "/sign-in");
    // It concerns its own account: in the browser of another person, too.
    let page = timur.get(&mail).await;
    timur.submit(&page, "not-me-confirm", &[]).await;
    assert_eq!(anna.get("/account").await.url.path(), "/sign-in");
    assert_eq!(timur.get("/account").await.url.path(), "/account");
    app.end().await;
}

/// The thief has the password and the mailbox; the owner has added an app.
#[tokio::test(flavor = "multi_thread")]
async fn attack_48_a_thief_in_the_mailbox_takes_nothing_by_the_link() {
    let app = start().await;
    let owner = signed_in(&app, ANNA).await;
    app.advance(60).await;
    add_app(&app, &owner).await;
    let mail = link(&app, MAIL, "Добавлен").await;
    press(&app, &mail).await;
    // The app is gone; the code that is asked for instead does not go to the mailbox.
    let thief = app.browser();
    let page = sign_in(&thief, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    assert!(!page.has("#second-others"), "{}", page.body);
    let address = format!("{}&way=email", page.url);
    let page = thief.get(&address).await;
    assert!(
        page.text("#second-about").unwrap().contains("СМС"),
        "{}",
        page.body
    );
    thief.submit(&page, "second-send", &[]).await;
    app.deliver().await;
    let code = app.capture.last_to(MAIL).unwrap();
    assert!(code.code.is_none(), "{code:?}");
    let home = app.browser();
    let page = come_back(&app, &home, ANNA, ANNA).await;
    renew(&home, &page).await;
    app.end().await;
}

/// Where the mailbox is all there is, the owner has three days.
#[tokio::test(flavor = "multi_thread")]
async fn attack_48_the_only_mailbox_waits_when_a_factor_went() {
    const VERA: &str = "vera.waits@example.ru";
    let app = start().await;
    let owner = app.browser();
    let page = begin_registration(&owner, VERA).await;
    let code = app.last_code(VERA).await;
    let page = confirm_code(&owner, &page, &code).await;
    choose_password(&owner, &page, PASSWORD).await;
    app.advance(60).await;
    let factor = add_app(&app, &owner).await;
    drop(factor);
    press(&app, &link(&app, VERA, "Добавлен").await).await;
    let thief = app.browser();
    let page = sign_in(&thief, VERA, PASSWORD).await;
    assert_eq!(page.url.path(), "/not-me/later", "{}", page.body);
    assert!(thief.cookie("propusk_session").is_none());
    app.advance(3 * DAY).await;
    let page = come_back(&app, &thief, VERA, VERA).await;
    renew(&thief, &page).await;
    let page = sign_in(&app.browser(), VERA, NEW_PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.end().await;
}

/// Eight at once: one undoes, the others find it done.
#[tokio::test(flavor = "multi_thread")]
async fn attack_48_of_many_presses_one_counts() {
    let app = start().await;
    signed_in(&app, ANNA).await;
    let mail = link(&app, MAIL, "Вход").await;
    let mut pages = Vec::new();
    for _ in 0..8 {
        let browser = app.browser();
        let page = browser.get(&mail).await;
        pages.push((browser, page));
    }
    let presses = pages
        .iter()
        .map(|(browser, page)| browser.submit(page, "not-me-confirm", &[]));
    let done = futures_util::future::join_all(presses).await;
    let first = done.iter().filter(|page| page.has("#not-me-did")).count();
    let later = done
        .iter()
        .filter(|page| page.has("#not-me-before"))
        .count();
    assert_eq!((first, later), (1, 7));
    app.end().await;
}
