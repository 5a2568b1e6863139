//! Registering, linking and signing in through a bank (A4, C3).

use serde_json::json;

use super::{TICKS, in_by_password, is_signed_in, registered, start, through, unlink};
use crate::levels::{DATA, become_standard, standing};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::bank::vera;
use crate::support::relying_party::RelyingParty;
use crate::support::steps::{NEW_PASSWORD, sign_in, signed_in};

#[tokio::test]
async fn a_client_of_a_bank_starts_verified_and_is_back_at_the_portal() {
    let (app, bank) = start("verified").await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let page = browser.get(&portal.authorize_url(&[])).await;
    let register = page.attribute("#register-link", "href").unwrap();
    let page = browser.get(&register).await;
    let page = bank.round(&browser, &page, "volga").await;
    assert_eq!(page.url.path(), "/assertion");
    let facts = page.text("#assertion-facts").unwrap();
    for fact in [
        "Громова",
        "Вера",
        "Андреевна",
        "06.05.1991",
        "000-000-600 00",
    ] {
        assert!(facts.contains(fact), "{facts}");
    }
    // Without the ticks there is no account.
    let page = browser.submit(&page, "assertion-register", &[]).await;
    assert!(
        page.has("#terms-problem") && page.has("#privacy-problem"),
        "{}",
        page.body
    );
    let page = browser.submit(&page, "assertion-register", &TICKS).await;
    assert!(page.has("#consent-allow"), "{}", page.body);
    let page = browser.submit_once(&page, "consent-allow", &[]).await;
    assert!(page.sent("code").is_some() || page.location().is_some());
    let (level, _) = standing(&browser).await;
    assert!(level.starts_with("Подтверждённый"), "{level}");
    let tokens = portal.tokens(&browser, ANNA, &[]).await;
    let claims = tokens.id_claims();
    assert_eq!(claims["acr"], "urn:propusk:ial:verified");
    assert_eq!(claims["amr"], json!(["urn:propusk:amr:bank"]));
    app.end().await;
}

#[tokio::test]
async fn who_is_known_signs_in_and_every_other_way_stays() {
    let (app, bank) = start("verified").await;
    registered(&app, &bank).await;
    let browser = app.browser();
    let page = through(&browser, &bank, "/sign-in").await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    // Somebody who is signed in and asks again must have signed in anew there.
    bank.script(|script| script.id_token = json!({ "auth_time": 1 }));
    let page = browser.get("/sign-in?again=yes").await;
    let page = bank.round(&browser, &page, "volga").await;
    assert_eq!(
        page.text("#refused-title").as_deref(),
        Some("Ответ банка не принят")
    );
    assert_eq!(app.reasons(), ["auth_time"]);
    app.end().await;
}

#[tokio::test]
async fn a_site_that_wants_a_fresh_sign_in_gets_one_from_the_bank() {
    let (app, bank) = start("verified").await;
    registered(&app, &bank).await;
    let portal = RelyingParty::new(&app, "portal");
    for wish in [("prompt", "login"), ("max_age", "600")] {
        app.advance(1).await;
        bank.script(|script| script.now = app.now());
        let browser = app.browser();
        let page = browser.get(&portal.authorize_url(&[wish])).await;
        let address = bank.go(&browser, &page, "volga").await;
        assert!(address.contains("prompt=login") && address.contains("max_age=0"));
        let page = browser.get(&bank.answer(&address)).await;
        // Not asked a second time.
        assert_ne!(page.url.path(), "/sign-in", "{}", page.body);
    }
    app.end().await;
}

#[tokio::test]
async fn the_word_of_a_bank_goes_no_further_than_its_agreement() {
    let (app, bank) = start("standard").await;
    let browser = registered(&app, &bank).await;
    let (level, _) = standing(&browser).await;
    assert!(level.starts_with("Стандартный"), "{level}");
    let page = browser.get("/account/level").await;
    assert!(!page.has("#bank-volga"), "it cannot prove anybody");
    app.end().await;
}

#[tokio::test]
async fn a_bank_that_says_too_little_leaves_the_rest_to_the_registries() {
    let (app, bank) = start("verified").await;
    bank.script(|script| {
        script.client["passport"] = json!(null);
        script.client["snils"] = json!("000-000-300 00");
    });
    let browser = registered(&app, &bank).await;
    let (level, _) = standing(&browser).await;
    assert!(level.starts_with("Упрощённый"), "{level}");
    // Once the data are checked, the bank's word counts.
    let vera = [
        ("family_name", "Громова"),
        ("given_name", "Вера"),
        ("middle_name", "Андреевна"),
        ("birth_date", "06.05.1991"),
        ("issued_on", "01.06.2011"),
    ];
    assert!(DATA.contains(&("snils", "000-000-300 00")));
    crate::levels::send(&browser, &vera).await;
    app.deliver().await;
    let (level, _) = standing(&browser).await;
    assert!(level.starts_with("Подтверждённый"), "{level}");
    app.end().await;
}

#[tokio::test]
async fn one_snils_is_one_account_and_the_second_is_offered_to_be_linked() {
    let (app, bank) = start("verified").await;
    let anna = signed_in(&app, ANNA).await;
    become_standard(&app, &anna, &[]).await;
    bank.script(|script| {
        script.client = json!({
            "sub": "anna-1", "family_name": "СОКОЛОВА", "given_name": "АННА",
            "middle_name": "ПАВЛОВНА", "birthdate": "1990-03-24", "gender": "female",
            "snils": "000-000-300 00",
        });
    });
    let browser = app.browser();
    let page = through(&browser, &bank, "/register").await;
    assert!(
        page.has("#assertion-offer") && !page.has("#assertion-register"),
        "{}",
        page.body
    );
    let page = browser
        .get(&page.attribute("#assertion-sign-in", "href").unwrap())
        .await;
    let fields = [("username", ANNA), ("password", PASSWORD)];
    let page = browser.submit(&page, "login-submit", &fields).await;
    assert_eq!(page.url.path(), "/assertion", "{}", page.body);
    let page = browser.submit(&page, "assertion-prove", &[]).await;
    assert_eq!(page.url.path(), "/account/level", "{}", page.body);
    let (level, _) = standing(&browser).await;
    assert!(level.starts_with("Подтверждённый"), "{level}");
    // The next time the bank is enough.
    let browser = app.browser();
    let page = through(&browser, &bank, "/sign-in").await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.end().await;
}

#[tokio::test]
async fn an_account_without_a_password_may_set_one_and_keeps_its_last_way_in() {
    let (app, bank) = start("verified").await;
    let browser = registered(&app, &bank).await;
    let page = unlink(&browser).await;
    assert!(page.has("#security-refused"), "{}", page.body);
    // Nobody gets in with a password that is not there.
    for password in ["", PASSWORD] {
        let page = sign_in(&app.browser(), "+79005550301", password).await;
        assert_eq!(page.url.path(), "/sign-in");
    }
    let page = browser.get("/account/security").await;
    assert!(!page.has("#current_password"));
    let typed = [
        ("password", NEW_PASSWORD),
        ("password_repeat", NEW_PASSWORD),
    ];
    let page = browser.submit(&page, "password-submit", &typed).await;
    assert!(page.has("#password-vouched"), "{}", page.body);
    in_by_password(&app.browser(), "+79005550301", NEW_PASSWORD).await;
    let page = unlink(&browser).await;
    assert!(!page.has("#links"), "{}", page.body);
    app.end().await;
}

#[tokio::test]
async fn a_blocked_account_stays_closed_whoever_vouches() {
    let (app, bank) = start("verified").await;
    registered(&app, &bank).await;
    let account = app
        .app
        .accounts
        .find_by_login("+79005550301")
        .await
        .unwrap()
        .unwrap();
    let now = app.now();
    app.app
        .storage
        .block_account(account, Some(now), now)
        .await
        .unwrap();
    let browser = app.browser();
    let page = through(&browser, &bank, "/sign-in").await;
    assert!(page.has("#refused-title"), "{}", page.body);
    assert!(!is_signed_in(&browser).await);
    app.end().await;
}

#[tokio::test]
async fn a_bank_that_is_away_is_said_to_be() {
    let (app, bank) = start("verified").await;
    bank.script(|script| script.is_away = true);
    let browser = app.browser();
    let page = browser.get("/sign-in").await;
    let page = browser.submit(&page, "bank-volga", &[]).await;
    assert_eq!(
        page.text("#refused-title").as_deref(),
        Some("Банк не отвечает")
    );
    bank.script(|script| script.is_away = false);
    let page = browser.get("/sign-in").await;
    let address = bank.go(&browser, &page, "volga").await;
    bank.script(|script| script.is_away = true);
    let page = browser.get(&bank.answer(&address)).await;
    assert_eq!(
        page.text("#refused-title").as_deref(),
        Some("Банк не отвечает")
    );
    // And the citizen who changed their mind reads so.
    bank.script(|script| script.is_away = false);
    let page = browser.get("/sign-in").await;
    let address = bank.go(&browser, &page, "volga").await;
    let back = bank
        .answer(&address)
        .replace("code=", "error=access_denied&code=");
    let page = browser.get(&back).await;
    assert_eq!(
        page.text("#refused-title").as_deref(),
        Some("Вы отказались в банке")
    );
    assert_eq!(app.reasons(), ["away", "away", "denied"]);
    app.end().await;
}

#[tokio::test]
async fn a_contact_that_somebody_has_is_left_to_them() {
    let (app, bank) = start("verified").await;
    bank.script(|script| {
        script.client = vera();
        script.client["phone_number"] = json!(ANNA);
    });
    let browser = registered(&app, &bank).await;
    let page = browser.get("/account/contacts").await;
    assert!(!page.body.contains("555-01-01"), "{}", page.body);
    in_by_password(&app.browser(), ANNA, PASSWORD).await;
    app.end().await;
}
