//! What thieves try: they have the password, the SIM card or the mailbox, and the
//! account has an app. None gets in, and the owner is told each time.

use super::*;

const THIEFS: &str = "Vorovskoy-Parol-71!";

/// Anna with an app on her phone, and a browser of hers that is signed in.
async fn protected(app: &TestApp) -> crate::factors::App {
    let home = signed_in(app, ANNA).await;
    let phone = add_app(app, &home).await;
    app.advance(HOUR).await;
    phone
}

/// Whether the owner still gets in as before.
async fn is_owners(app: &TestApp, phone: &crate::factors::App) {
    app.advance(30).await;
    let browser = app.browser();
    let page = sign_in(&browser, ANNA, PASSWORD).await;
    let page = give(&browser, &page, &phone.code(app)).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    assert!(!gets_in(app, THIEFS).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_a_thief_with_the_sim_card_or_the_mailbox_does_not_get_in() {
    for (theirs, owners) in [(ANNA, MAIL), (MAIL, ANNA)] {
        let app = start().await;
        let phone = protected(&app).await;
        let thief = app.browser();
        let page = ask(&thief, theirs).await;
        let page = show(&app, &thief, &page, theirs).await;
        assert_eq!(page.url.path(), "/recover/more", "{}", page.body);
        assert_eq!(told(&app, owners, TRIED).await.len(), 1);
        // Past the question: the last page sends back, and a form of it too.
        let step = page.url.query().unwrap().to_owned();
        let csrf = page.attribute("input[name=csrf]", "value").unwrap();
        let typed = [
            ("csrf", &*csrf),
            ("password", THIEFS),
            ("password_repeat", THIEFS),
        ];
        let last = format!("/recover/password?{step}");
        assert_eq!(thief.get(&last).await.url.path(), "/recover/more");
        thief.post(&last, &typed).await;
        is_owners(&app, &phone).await;
        // The second step takes no code of the same contact, nor guesses.
        let second = thief.submit(&page, "recover-factor", &[]).await;
        assert_eq!(second.url.path(), "/sign-in/second", "{}", second.body);
        for way in ["sms", "email"] {
            let url = format!("{}&way={way}", second.url);
            let shown = thief.get(&url).await;
            assert!(!shown.has("#second-send"), "{}", shown.body);
        }
        for _ in 0..7 {
            give(&thief, &second, "123456").await;
        }
        assert_eq!(thief.get("/account").await.url.path(), "/sign-in");
        app.advance(HOUR).await;
        is_owners(&app, &phone).await;
        // So they wait; the owner cancels by the message on the other contact.
        let page = wait(&app, &thief, theirs, theirs).await;
        let link = link(&app, owners, BEGUN).await;
        let anywhere = app.browser();
        let cancel = anywhere.get(&link).await;
        let cancel = anywhere.submit(&cancel, "recover-cancel", &[]).await;
        assert!(cancel.has("#recover-cancelled"), "{}", cancel.body);
        assert_eq!(told(&app, owners, CANCELLED).await.len(), 1);
        // What the thief had open is over, and the time brings nothing.
        let page = thief.get(page.url.as_str()).await;
        assert_eq!(page.url.path(), "/recover", "{}", page.body);
        app.advance(73 * HOUR).await;
        let page = ask(&thief, theirs).await;
        let page = show(&app, &thief, &page, theirs).await;
        assert!(page.has("#recover-wait"), "{}", page.body);
        is_owners(&app, &phone).await;
        // Again and again: told each time, and only three times a day.
        for _ in 0..3 {
            app.advance(61).await;
            let page = wait(&app, &thief, theirs, theirs).await;
            assert!(page.has("#recover-waiting"));
            let link = super::link(&app, owners, BEGUN).await;
            let page = anywhere.get(&link).await;
            anywhere.submit(&page, "recover-cancel", &[]).await;
            app.advance(HOUR).await;
        }
        assert_eq!(told(&app, owners, BEGUN).await.len(), 4);
        let page = ask(&thief, theirs).await;
        let page = show(&app, &thief, &page, theirs).await;
        let page = thief.submit(&page, "recover-wait", &[]).await;
        assert!(!page.has("#recover-waiting"), "{}", page.body);
        is_owners(&app, &phone).await;
        app.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_a_thief_with_the_password_does_not_get_in() {
    let app = start().await;
    let phone = protected(&app).await;
    let thief = app.browser();
    let page = sign_in(&thief, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    assert_eq!(told(&app, MAIL, "ввёл ваш пароль").await.len(), 1);
    // The handle of a sign-in is none of a recovery.
    let second = page.url.query_pairs().find(|(name, _)| name == "second");
    let second = second.unwrap().1.into_owned();
    for path in ["/recover/password", "/recover/more", "/recover/code"] {
        let page = thief.get(&format!("{path}?step={second}")).await;
        assert_eq!(page.url.path(), "/recover", "{}", page.body);
    }
    // A code goes to the owner, not to them.
    let page = ask(&thief, ANNA).await;
    for code in ["000000", "111111", "222222", "333333", "444444"] {
        thief.submit(&page, "code-submit", &[("code", code)]).await;
    }
    let page = show(&app, &thief, &page, ANNA).await;
    assert!(page.has("#code-problem"), "{}", page.body);
    app.advance(HOUR).await;
    is_owners(&app, &phone).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_20_codes_are_not_guessed_over_several_flows() {
    let app = start().await;
    let mut refused = 0;
    for _ in 0..4 {
        let browser = app.browser();
        let mut page = ask(&browser, ANNA).await;
        for n in 0..5 {
            let code = format!("00000{n}");
            page = browser
                .submit(&page, "code-submit", &[("code", &code)])
                .await;
        }
        // The right one comes too late: this code is spent, or the contact has
        // seen too many tries.
        let page = show(&app, &browser, &page, ANNA).await;
        assert!(page.has("#code-problem"), "{}", page.body);
        refused += 1;
    }
    assert_eq!(refused, 4);
    app.advance(HOUR).await;
    let browser = app.browser();
    let page = ask(&browser, ANNA).await;
    let page = show(&app, &browser, &page, ANNA).await;
    assert_eq!(page.url.path(), "/recover/password", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_18_a_step_belongs_to_its_browser_and_is_taken_once() {
    let app = start().await;
    let browser = app.browser();
    let asked = ask(&browser, ANNA).await;
    let opened = show(&app, &browser, &asked, ANNA).await;
    // The code's step is over, and is no step of the password.
    assert_eq!(browser.get(asked.url.as_str()).await.url.path(), "/recover");
    let jump = asked
        .url
        .as_str()
        .replace("/recover/code", "/recover/password");
    assert_eq!(browser.get(&jump).await.url.path(), "/recover");
    // Whoever sees the address in another browser has nothing.
    let other = app.browser();
    assert_eq!(other.get(opened.url.as_str()).await.url.path(), "/recover");
    // Two open flows: the first that ends voids the other.
    let second = app.browser();
    let page = ask(&second, MAIL).await;
    let waiting = show(&app, &second, &page, MAIL).await;
    set(&browser, &opened, NEW_PASSWORD).await;
    let page = set(&second, &waiting, THIEFS).await;
    assert_eq!(page.url.path(), "/recover", "{}", page.body);
    assert!(gets_in(&app, NEW_PASSWORD).await && !gets_in(&app, THIEFS).await);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_48_a_link_that_cancels_does_that_once_and_nothing_else() {
    let app = start().await;
    let phone = protected(&app).await;
    let thief = app.browser();
    wait(&app, &thief, ANNA, ANNA).await;
    let (one, other) = (link(&app, MAIL, BEGUN).await, link(&app, ANNA, BEGUN).await);
    assert_ne!(one, other);
    let secret = one.split("ticket=").nth(1).unwrap().to_owned();
    // Opening it does nothing, however often.
    let reader = app.browser();
    for _ in 0..2 {
        let page = reader.get(&one).await;
        assert!(page.has("#recover-cancel"), "{}", page.body);
    }
    // It is no link of another kind, and others are none of this.
    let page = reader.get(&format!("/not-me?ticket={secret}")).await;
    assert!(page.has("#not-me-dead"), "{}", page.body);
    let page = reader.get("/recover/cancel?ticket=ppn_abc").await;
    assert!(page.has("#recover-cancel-dead"), "{}", page.body);
    let page = reader
        .get(&format!("/recover/password?step={secret}"))
        .await;
    assert_eq!(page.url.path(), "/recover");
    // It signs nobody in.
    let page = reader.get(&one).await;
    let page = reader.submit(&page, "recover-cancel", &[]).await;
    assert!(page.has("#recover-cancelled"), "{}", page.body);
    assert_eq!(reader.get("/account").await.url.path(), "/sign-in");
    // Pressed again, or the link of the other contact: it was done.
    for link in [&one, &other] {
        let page = reader.get(link).await;
        assert!(page.has("#recover-cancelled-before"), "{}", page.body);
    }
    // A later recovery is not cancelled by the links of an earlier one.
    app.advance(HOUR).await;
    wait(&app, &thief, ANNA, ANNA).await;
    let page = reader.get(&one).await;
    assert!(page.has("#recover-cancelled-before"), "{}", page.body);
    let page = ask(&thief, ANNA).await;
    let page = show(&app, &thief, &page, ANNA).await;
    assert!(page.has("#recover-waiting"), "{}", page.body);
    is_owners(&app, &phone).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_the_contact_that_a_thief_may_read_is_not_enough() {
    let app = start().await;
    // Somebody had the password, and the owner said so by the mail.
    let thief = signed_in(&app, ANNA).await;
    let link = link(&app, MAIL, "вход с нового устройства").await;
    let anywhere = app.browser();
    let page = anywhere.get(&link).await;
    let page = anywhere.submit(&page, "not-me-confirm", &[]).await;
    assert!(page.has("#not-me-did"), "{}", page.body);
    assert_eq!(thief.get("/account").await.url.path(), "/sign-in");
    app.advance(HOUR).await;
    // Who reads that mailbox may have been the thief: by it one waits.
    let page = ask(&thief, MAIL).await;
    let page = show(&app, &thief, &page, MAIL).await;
    assert!(
        page.has("#recover-wait") && !page.has("#recover-factor"),
        "{}",
        page.body
    );
    assert_eq!(told(&app, ANNA, TRIED).await.len(), 1);
    // By the phone the owner is back at once.
    let owner = app.browser();
    let page = ask(&owner, ANNA).await;
    let page = show(&app, &owner, &page, ANNA).await;
    let page = set(&owner, &page, NEW_PASSWORD).await;
    assert!(page.has("#sign-in-recovered"), "{}", page.body);
    assert!(gets_in(&app, NEW_PASSWORD).await);
    app.end().await;
}

/// The SIM card and the mailbox together: a code to the other contact is no
/// second factor here, whatever the account has chosen.
#[tokio::test(flavor = "multi_thread")]
async fn attack_19_the_sim_card_and_the_mailbox_together_wait_as_well() {
    for (kind, to) in [("sms", ANNA), ("email", MAIL)] {
        let app = start().await;
        let owner = signed_in(&app, ANNA).await;
        let page = owner.get(&format!("/account/factors/{kind}")).await;
        let page = owner.submit(&page, "factor-send", &[]).await;
        let code = app.last_code(to).await;
        owner
            .submit(&page, "factor-confirm", &[("code", &code)])
            .await;
        app.advance(120).await;
        for at in [ANNA, MAIL] {
            let thief = app.browser();
            let page = ask(&thief, at).await;
            let page = show(&app, &thief, &page, at).await;
            assert_eq!(page.url.path(), "/recover/more", "{}", page.body);
            assert!(!page.has("#recover-factor"), "{}", page.body);
            app.advance(120).await;
        }
        app.end().await;
    }
}

/// Whoever freezes the account ends what a thief waits for.
#[tokio::test(flavor = "multi_thread")]
async fn attack_19_a_frozen_account_has_no_recovery_to_wait_for() {
    let app = start().await;
    let phone = protected(&app).await;
    let owner = app.browser();
    let page = sign_in(&owner, ANNA, PASSWORD).await;
    give(&owner, &page, &phone.code(&app)).await;
    let thief = app.browser();
    wait(&app, &thief, MAIL, MAIL).await;
    let page = owner.get("/account/freeze").await;
    owner.submit(&page, "freeze-confirm", &[]).await;
    let open = "select count(*) from recoveries where cancelled_at is null";
    assert_eq!(app.database.count(open).await, 0);
    app.end().await;
}
