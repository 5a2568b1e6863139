//! A trusted contact: chosen and agreed to beforehand, asked when everything is
//! lost, in two browsers.

use super::*;
use crate::levels::become_standard;
use crate::levels::centre::{EVERYTHING, OPERATOR, number, open};
use crate::support::app::{THIRD, TIMUR};

/// Timur's data, as the registries know him.
pub const HIS: [(&str, &str); 8] = [
    ("family_name", "Ахметов"),
    ("given_name", "Тимур"),
    ("middle_name", "Русланович"),
    ("sex", "male"),
    ("birth_date", "02.11.1978"),
    ("snils", "000-000-306 00"),
    ("passport", "0001 000306"),
    ("issued_on", "10.12.2023"),
];
const VOUCHED: &str = "доверенное лицо подтвердило";

/// Makes somebody verified at the desk: signed in.
pub async fn verified(app: &TestApp, person: &str) -> Browser {
    let browser = signed_in(app, person).await;
    let data: &[_] = if person == TIMUR { &HIS } else { &[] };
    become_standard(app, &browser, data).await;
    let number = number(&browser).await;
    let desk = signed_in(app, OPERATOR).await;
    let page = open(&desk, &number).await;
    let page = desk.submit(&page, "case-confirm", &EVERYTHING).await;
    assert_eq!(page.url.path(), "/operator", "{}", page.body);
    app.advance(1).await;
    browser
}

/// Anna asks somebody.
pub async fn invite(owner: &Browser, contact: &str) -> Page {
    let page = owner.get("/account/security/trusted").await;
    owner
        .submit(&page, "trusted-invite", &[("contact", contact)])
        .await
}

/// Timur agrees.
pub async fn agree(other: &Browser) -> Page {
    let page = other.get("/account/trusted").await;
    assert!(page.body.contains("Анна С."), "{}", page.body);
    other.submit(&page, "trusting-agree", &[]).await
}

/// Anna and Timur, verified; he is trusted, and she has an app.
pub async fn pair(app: &TestApp) -> (Browser, Browser, crate::factors::App) {
    let anna = verified(app, ANNA).await;
    let timur = verified(app, TIMUR).await;
    let page = invite(&anna, TIMUR).await;
    assert!(page.url.as_str().contains("done=invited"), "{}", page.body);
    let page = agree(&timur).await;
    assert!(page.url.as_str().contains("done=agreed"), "{}", page.body);
    let phone = add_app(app, &anna).await;
    (anna, timur, phone)
}

/// Anna, who has lost everything, asks for him.
pub async fn ask_him(app: &TestApp, browser: &Browser) -> Page {
    let page = ask(browser, ANNA).await;
    let page = show(app, browser, &page, ANNA).await;
    assert_eq!(page.url.path(), "/recover/more", "{}", page.body);
    let page = browser.submit(&page, "recover-trusted", &[]).await;
    assert!(page.has("#recover-number"), "{}", page.body);
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_contact_lets_somebody_set_a_new_password_at_once() {
    let app = start().await;
    let (anna, timur, _) = pair(&app).await;
    let all = crate::erasure::export::json(&anna).await;
    let chosen = &all["trusted_contacts"][0];
    assert_eq!(chosen["contact"], "+7 900 ***-**-02");
    assert!(chosen["confirmed_at"].is_string() && chosen["ended_at"].is_null());
    let browser = app.browser();
    let waiting = ask_him(&app, &browser).await;
    let looks_at = waiting.attribute("script[data-url]", "data-url").unwrap();
    assert!(looks_at.starts_with("/recover/more"), "{looks_at}");
    for to in [ANNA, MAIL] {
        assert_eq!(told(&app, to, BEGUN).await.len(), 1, "{to}");
    }
    // He sees who and which number, and types the code that came to him.
    let page = timur.get("/account/trusted").await;
    let number = waiting.text("#recover-number").unwrap();
    assert!(
        page.body.contains("Анна С.") && page.body.contains(&format!(">{number}<")),
        "{}",
        page.body
    );
    let wrong = timur
        .submit(&page, "vouch-confirm", &[("code", "000000")])
        .await;
    assert!(wrong.has("#code-problem"), "{}", wrong.body);
    // Not yet.
    let page = browser.get(waiting.url.as_str()).await;
    assert_eq!(page.url.path(), "/recover/more");
    let code = app.last_code(TIMUR).await;
    let page = timur
        .submit(&wrong, "vouch-confirm", &[("code", &code)])
        .await;
    assert!(page.url.as_str().contains("done=vouched"), "{}", page.body);
    for to in [ANNA, MAIL] {
        assert_eq!(told(&app, to, VOUCHED).await.len(), 1, "{to}");
    }
    let page = browser.get(waiting.url.as_str()).await;
    let page = set(&browser, &page, NEW_PASSWORD).await;
    assert!(page.has("#sign-in-recovered"), "{}", page.body);
    // The lost app is asked for no more.
    assert!(gets_in(&app, NEW_PASSWORD).await);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn either_ends_the_trust_and_both_are_told() {
    let app = start().await;
    let (anna, timur, _) = pair(&app).await;
    let page = timur.get("/account/trusted").await;
    let page = timur.submit(&page, "trusting-end", &[]).await;
    assert!(page.has("#trusting-none"), "{}", page.body);
    assert!(!told(&app, MAIL, "доверие прекращено").await.is_empty());
    let page = invite(&anna, TIMUR).await;
    assert!(page.has("#trusted-end"), "{}", page.body);
    let page = anna.submit(&page, "trusted-end", &[]).await;
    assert!(page.has("#trusted-invite"), "{}", page.body);
    let page = timur.get("/account/trusted").await;
    assert!(page.has("#trusting-none"), "{}", page.body);
    // Nobody is asked any more.
    app.advance(HOUR).await;
    let browser = app.browser();
    let page = ask(&browser, ANNA).await;
    let page = show(&app, &browser, &page, ANNA).await;
    assert!(
        page.has("#recover-wait") && !page.has("#recover-trusted"),
        "{}",
        page.body
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_23_an_invitation_does_not_tell_who_is_a_citizen() {
    let app = start().await;
    let anna = verified(&app, ANNA).await;
    let page = anna.get("/account/security/trusted").await;
    let wrong = anna
        .submit(&page, "trusted-invite", &[("contact", "Тимур <b>")])
        .await;
    assert!(wrong.has("#contact-problem"), "{}", wrong.body);
    assert_eq!(wrong.attribute("#contact", "value").unwrap(), "Тимур <b>");
    let mut faces = Vec::new();
    // Not verified, nobody, herself.
    for contact in [THIRD, "+79006660103", ANNA] {
        let page = invite(&anna, contact).await;
        assert!(page.url.as_str().contains("done=invited"), "{}", page.body);
        let shown = page.text("#trusted bdi").unwrap();
        let csrf = page.attribute("input[name=csrf]", "value").unwrap();
        let id = page.attribute("#trusted-end", "value").unwrap();
        faces.push(
            page.body
                .replace(&shown, "SHOWN")
                .replace(&csrf, "CSRF")
                .replace(&id, "ID"),
        );
        anna.submit(&page, "trusted-end", &[]).await;
    }
    assert!(faces.iter().all(|face| *face == faces[0]));
    assert!(app.capture.last_to(THIRD).is_none());
    // Who is not verified chooses nobody.
    let third = signed_in(&app, THIRD).await;
    let page = third.get("/account/security/trusted").await;
    assert!(page.has("#trusted-closed"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_a_thief_does_not_vouch_and_the_owner_cancels_in_time() {
    let app = start().await;
    let (_, timur, phone) = pair(&app).await;
    let thief = app.browser();
    let waiting = ask_him(&app, &thief).await;
    let code = app.last_code(TIMUR).await;
    // The code of who is trusted is good in their own cabinet only.
    let third = signed_in(&app, THIRD).await;
    let page = timur.get("/account/trusted").await;
    let request = page.attribute("input[name=request]", "value").unwrap();
    let own = third.get("/account/trusted").await;
    assert!(own.has("#trusting-none"), "{}", own.body);
    let csrf = third.get("/account/freeze").await;
    let csrf = csrf.attribute("input[name=csrf]", "value").unwrap();
    let fields = [("csrf", &*csrf), ("request", &request), ("code", &code)];
    let refused = third.post("/account/trusted/vouch", &fields).await;
    assert!(refused.has("#trusting-refused"), "{}", refused.body);
    let typed = thief
        .post(
            &waiting.url.as_str().replace("/more", "/code"),
            &[("code", &code)],
        )
        .await;
    assert_ne!(typed.url.path(), "/recover/password");
    // The owner cancels before he vouches: then it is of no use.
    let link = link(&app, MAIL, BEGUN).await;
    let anywhere = app.browser();
    let cancel = anywhere.get(&link).await;
    anywhere.submit(&cancel, "recover-cancel", &[]).await;
    let late = timur
        .submit(&page, "vouch-confirm", &[("code", &code)])
        .await;
    assert!(late.has("#trusting-refused"), "{}", late.body);
    assert_eq!(thief.get(waiting.url.as_str()).await.url.path(), "/recover");
    // Or after: what he opened is closed again.
    app.advance(HOUR).await;
    let waiting = ask_him(&app, &thief).await;
    let code = app.last_code(TIMUR).await;
    let timur = signed_in(&app, TIMUR).await;
    let page = timur.get("/account/trusted").await;
    let page = timur
        .submit(&page, "vouch-confirm", &[("code", &code)])
        .await;
    assert!(page.url.as_str().contains("done=vouched"), "{}", page.body);
    let link = super::link(&app, MAIL, VOUCHED).await;
    let cancel = anywhere.get(&link).await;
    let cancel = anywhere.submit(&cancel, "recover-cancel", &[]).await;
    assert!(cancel.has("#recover-cancelled"), "{}", cancel.body);
    assert_eq!(thief.get(waiting.url.as_str()).await.url.path(), "/recover");
    let owner = app.browser();
    let page = sign_in(&owner, ANNA, PASSWORD).await;
    let page = give(&owner, &page, &phone.code(&app)).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.end().await;
}

/// Somebody reads the same mailbox while its owner asks: the word given is the
/// owner's alone.
#[tokio::test(flavor = "multi_thread")]
async fn attack_16_a_vouch_opens_the_recovery_for_who_asked_only() {
    let app = start().await;
    let (_, timur, _) = pair(&app).await;
    let browser = app.browser();
    let waiting = ask_him(&app, &browser).await;
    let asked = app.last_code(TIMUR).await;
    app.advance(61).await;
    let thief = app.browser();
    let page = ask(&thief, ANNA).await;
    let theirs = show(&app, &thief, &page, ANNA).await;
    assert!(!theirs.has("#recover-number"), "{}", theirs.body);
    let page = timur.get("/account/trusted").await;
    let page = timur
        .submit(&page, "vouch-confirm", &[("code", &asked)])
        .await;
    assert!(page.url.as_str().contains("done=vouched"), "{}", page.body);
    let page = thief.get(theirs.url.as_str()).await;
    assert_eq!(page.url.path(), "/recover/more", "{}", page.body);
    let page = browser.get(waiting.url.as_str()).await;
    let page = set(&browser, &page, NEW_PASSWORD).await;
    assert!(page.has("#sign-in-recovered"), "{}", page.body);
    app.end().await;
}
