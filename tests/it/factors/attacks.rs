//! What a thief tries with a password in hand.

use super::{add_app, backup_codes, first_step, give, other_way};
use crate::support::TestApp;
use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::{sign_in, signed_in};

#[tokio::test(flavor = "multi_thread")]
async fn attack_18_the_second_step_is_not_skipped() {
    let app = TestApp::start().await;
    let owner = signed_in(&app, ANNA).await;
    let phone = add_app(&app, &owner).await;
    let thief = app.browser();
    let page = first_step(&thief).await;
    for path in [
        "/account",
        "/account/factors",
        "/account/security",
        "/oauth/authorize",
    ] {
        let tried = thief.get(path).await;
        assert!(!tried.body.contains("Соколова"), "{path}: {}", tried.body);
    }
    // An empty form, another's browser, a way that is not there.
    let empty = give(&thief, &page, "").await;
    assert!(empty.has("#code-problem"), "{}", empty.body);
    let elsewhere = app.browser().get(page.url.as_str()).await;
    assert_eq!(elsewhere.url.path(), "/sign-in", "{}", elsewhere.body);
    let address = format!("{}&way=email", page.url);
    let other = thief.get(&address).await;
    assert!(
        other.has("#second-submit"),
        "the way there is: {}",
        other.body
    );
    // A right code signs in once: the step is spent.
    let inside = give(&thief, &page, &phone.code(&app)).await;
    assert_eq!(inside.url.path(), "/account");
    app.advance(30).await;
    let form = page.form("second-submit");
    let fields: Vec<_> = form
        .fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let replayed = app.browser().post(page.url.as_str(), &fields).await;
    assert_ne!(replayed.url.path(), "/account", "{}", replayed.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_a_factor_is_not_added_or_removed_without_one() {
    let app = TestApp::start().await;
    let owner = signed_in(&app, ANNA).await;
    let phone = add_app(&app, &owner).await;
    let home = app.browser();
    let page = first_step(&home).await;
    let typed = [("code", &*phone.code(&app)), ("trust", "yes")];
    home.submit(&page, "second-submit", &typed).await;
    let leave = home.get("/sign-out").await;
    home.submit(&leave, "logout-confirm", &[]).await;
    // Somebody with the password at the trusted device.
    sign_in(&home, ANNA, PASSWORD).await;
    for path in ["/account/factors/totp", "/account/contacts"] {
        let page = home.get(path).await;
        let asks = page.url.path() == "/sign-in";
        let barred = asks || !page.has("#app-secret");
        assert!(barred, "{path}: {}", page.body);
    }
    let page = home.get("/account/factors/sms").await;
    let page = home.submit(&page, "factor-send", &[]).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    let page = home.get("/account/factors").await;
    let page = home.submit(&page, "backups-make", &[]).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    let page = home.get("/account/contacts").await;
    let typed = [("contact", "+79005559999"), ("current_password", PASSWORD)];
    let page = home.submit(&page, "contact-submit", &typed).await;
    assert_ne!(page.url.path(), "/account/contacts/code", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_20_codes_are_not_guessed_over_several_steps_and_browsers() {
    let app = TestApp::start().await;
    let owner = signed_in(&app, ANNA).await;
    let phone = add_app(&app, &owner).await;
    let codes = backup_codes(&owner).await;
    for n in 0..5 {
        let thief = app.browser();
        let page = first_step(&thief).await;
        let page = give(&thief, &page, &format!("00000{n}")).await;
        assert!(page.has("#code-problem"), "{}", page.body);
    }
    let thief = app.browser();
    let page = first_step(&thief).await;
    let page = give(&thief, &page, &phone.code(&app)).await;
    let problem = page.text("#code-problem").unwrap();
    assert!(problem.contains("Слишком много"), "{problem}");
    let page = other_way(&thief, &page, "backup").await;
    let page = give(&thief, &page, &codes[0]).await;
    assert!(
        page.text("#code-problem")
            .unwrap()
            .contains("Слишком много")
    );
    // What is no code at all costs no try.
    let other = app.browser();
    let page = first_step(&other).await;
    let empty = give(&other, &page, "").await;
    assert!(
        empty.text("#code-problem").unwrap().contains("Введите код"),
        "{}",
        empty.body
    );
    // The owner's own browser is not closed by that (attack row 22).
    let leave = owner.get("/sign-out").await;
    owner.submit(&leave, "logout-confirm", &[]).await;
    let page = sign_in(&owner, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
    let page = give(&owner, &page, &phone.code(&app)).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    // The owner was told that the password is known.
    let notices = owner.get("/account/notices").await;
    assert!(
        notices.body.contains("Кто-то ввёл ваш пароль"),
        "{}",
        notices.body
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_49_a_mailbox_is_enough_only_where_nothing_stronger_is() {
    let app = TestApp::start().await;
    let owner = signed_in(&app, ANNA).await;
    let page = owner.get("/account/factors/email").await;
    let page = owner.submit(&page, "factor-send", &[]).await;
    let code = app.last_code("anna.sokolova@example.ru").await;
    owner
        .submit(&page, "factor-confirm", &[("code", &code)])
        .await;
    app.advance(60).await;
    let by_mail = async || {
        let browser = app.browser();
        let page = first_step(&browser).await;
        let page = match page.text("#second-about").unwrap().contains("почту") {
            true => page,
            false => other_way(&browser, &page, "email").await,
        };
        let page = browser.submit(&page, "second-send", &[]).await;
        let code = app.last_code("anna.sokolova@example.ru").await;
        let page = give(&browser, &page, &code).await;
        assert_eq!(page.url.path(), "/account", "{}", page.body);
        browser
    };
    // It is what there is: whoever shows it may add another.
    let browser = by_mail().await;
    add_app(&app, &browser).await;
    app.advance(60).await;
    // From then on it is not enough for what is critical.
    let browser = by_mail().await;
    let page = browser.get("/account/factors/totp").await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_20_a_code_of_the_app_is_accepted_once() {
    let app = TestApp::start().await;
    let owner = signed_in(&app, ANNA).await;
    let phone = add_app(&app, &owner).await;
    let code = phone.code(&app);
    let (one, two) = (app.browser(), app.browser());
    let (first, second) = (first_step(&one).await, first_step(&two).await);
    let inside = give(&one, &first, &code).await;
    assert_eq!(inside.url.path(), "/account", "{}", inside.body);
    let page = give(&two, &second, &code).await;
    assert!(page.has("#code-problem"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_15_a_password_changed_meanwhile_ends_the_step() {
    let app = TestApp::start().await;
    let owner = signed_in(&app, ANNA).await;
    let phone = add_app(&app, &owner).await;
    let thief = app.browser();
    let page = first_step(&thief).await;
    let own = owner.get("/account/security").await;
    let new = "Korabl-Plyvet-48!";
    let typed = [
        ("current_password", PASSWORD),
        ("password", new),
        ("password_repeat", new),
    ];
    let changed = owner.submit(&own, "password-submit", &typed).await;
    assert!(
        changed.url.as_str().contains("done=password"),
        "{}",
        changed.body
    );
    let page = give(&thief, &page, &phone.code(&app)).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_14_a_step_under_way_goes_with_the_account() {
    let app = TestApp::start().await;
    let owner = signed_in(&app, ANNA).await;
    let phone = add_app(&app, &owner).await;
    let page = owner.get("/account/factors/sms").await;
    owner.submit(&page, "factor-send", &[]).await;
    let thief = app.browser();
    let page = first_step(&thief).await;
    app.deliver().await;
    let accounts = &app.app.accounts;
    let account = accounts.find_by_login(ANNA).await.unwrap().unwrap();
    accounts
        .erase_by_administrator(&account, app.now())
        .await
        .unwrap();
    // Neither the step nor the code with its contact is left.
    for kind in ["second_step", "new_factor"] {
        let left = format!("select count(*) from tickets where kind = '{kind}'");
        assert_eq!(app.database.count(&left).await, 0, "{kind}");
    }
    let page = give(&thief, &page, &phone.code(&app)).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    app.end().await;
}
