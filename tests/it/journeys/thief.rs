//! A thief has the password, then the SIM card, then the mailbox of somebody
//! whose account has a passkey. The owner is in Chromium, the thief a script.

use super::chromium::Chromium;
use super::demonstration::Demonstration;
use super::factors::{add_key, sign_out};
use super::levels::{send, sign_in, until};
use crate::recovery;
use crate::sign_in_ways::code::{SNILS, numbers};
use crate::support::app::{ANNA as PHONE, PASSWORD};
use crate::support::{Browser, Page, steps};

const ANNA: &str = "+79005550101";
const MAIL: &str = "anna.sokolova@example.ru";

/// What came to a contact, the newest first.
async fn messages(browser: &Browser, to: &str) -> Vec<String> {
    let page = browser.get("/demo/messages").await;
    let mut all = page.texts("article.message");
    all.retain(|message| message.contains(to));
    all
}

/// The codes that came to a contact, the newest first.
async fn codes(browser: &Browser, to: &str) -> Vec<String> {
    let all = messages(browser, to).await;
    let tail = |message: &String| {
        message
            .get(message.len().saturating_sub(6)..)
            .map(str::to_owned)
    };
    let is_code = |tail: &String| tail.len() == 6 && tail.parse::<u32>().is_ok();
    all.iter().filter_map(tail).filter(is_code).collect()
}

/// The code that came to a contact after so many others.
async fn code_after(browser: &Browser, to: &str, others: usize) -> String {
    for _ in 0..40 {
        let mut all = codes(browser, to).await;
        if all.len() > others {
            return all.swap_remove(0);
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    panic!("no code to {to}: {:?}", messages(browser, to).await);
}

/// The owner reads of this at a contact within a few seconds.
async fn is_told(browser: &Browser, to: &str, what: &str) {
    for _ in 0..40 {
        let all = messages(browser, to).await;
        if all.iter().any(|message| message.contains(what)) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    panic!(
        "{to} is not told: {what}: {:?}",
        messages(browser, to).await
    );
}

/// The second step asks for the key and takes nothing else.
async fn is_stopped(thief: &Browser, page: &Page) {
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    assert!(page.has("script[src='/static/keys.js']"), "{}", page.body);
    for way in ["sms", "email", "totp", "backup"] {
        let shown = thief.get(&format!("{}&way={way}", page.url)).await;
        let typed = shown.has("#second-submit") || shown.has("#second-send");
        assert!(!typed, "{way}: {}", shown.body);
    }
    assert_eq!(thief.get("/account").await.url.path(), "/sign-in");
}

/// Recovery by a contact ends at the waiting time, which the owner is told of.
async fn only_waits(demo: &Demonstration, theirs: &str, owners: &str) {
    let thief = Browser::new(&demo.issuer);
    let others = codes(&thief, theirs).await.len();
    let page = recovery::ask(&thief, theirs).await;
    let typed = code_after(&thief, theirs, others).await;
    let page = thief
        .submit(&page, "code-submit", &[("code", &typed)])
        .await;
    assert_eq!(page.url.path(), "/recover/more", "{}", page.body);
    let second = thief.submit(&page, "recover-factor", &[]).await;
    is_stopped(&thief, &second).await;
    let page = thief.submit(&page, "recover-wait", &[]).await;
    assert!(page.has("#recover-waiting"), "{}", page.body);
    is_told(&thief, owners, "ачато восстановление доступа").await;
    let step = page.url.query().unwrap();
    let jump = thief.get(&format!("/recover/password?{step}")).await;
    assert_eq!(jump.url.path(), "/recover/more", "{}", jump.body);
}

#[tokio::test]
async fn journey_a_thief_does_not_take_an_account_with_a_passkey() {
    let demo = Demonstration::start().await;
    let owner = Chromium::open(390, "ru").await;
    owner.add_authenticator("internal").await;
    owner
        .open_page(&format!("{}/account/level", demo.issuer))
        .await;
    sign_in(&owner, ANNA).await;
    owner.press("level-data").await;
    send(&owner, &[]).await;
    until(&owner, "check-state", "совпало").await;
    add_key(&owner, &demo.issuer).await;

    // The password.
    let thief = Browser::new(&demo.issuer);
    let page = steps::sign_in(&thief, PHONE, PASSWORD).await;
    is_stopped(&thief, &page).await;
    is_told(&thief, MAIL, "Кто-то ввёл ваш пароль").await;

    // The SIM card: a code to the phone is no second factor.
    let thief = Browser::new(&demo.issuer);
    let others = codes(&thief, PHONE).await.len();
    let page = numbers(&thief, SNILS, PHONE).await;
    let typed = code_after(&thief, PHONE, others).await;
    let page = thief.submit(&page, "code-enter", &[("code", &typed)]).await;
    is_stopped(&thief, &page).await;
    only_waits(&demo, PHONE, MAIL).await;
    owner
        .open_page(&format!("{}/account/recovery", demo.issuer))
        .await;
    owner.press("recovery-cancel").await;
    is_told(&thief, MAIL, "осстановление доступа отменено").await;

    // The mailbox.
    only_waits(&demo, MAIL, PHONE).await;
    owner
        .open_page(&format!("{}/account/recovery", demo.issuer))
        .await;
    owner.press("recovery-cancel").await;

    // The owner gets in by the key, without a name.
    sign_out(&owner, &demo.issuer).await;
    owner.open_page(&format!("{}/account", demo.issuer)).await;
    owner.find("citizen-name").await;
    owner.close().await;
    demo.stop().await;
}
