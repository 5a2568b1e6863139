//! Proving who one is through a bank (B5).

use serde_json::json;

use super::{is_signed_in, link, registered, start, through, unlink};
use crate::levels::{become_standard, standing};
use crate::support::RelyingParty;
use crate::support::app::{ANNA, TIMUR};
use crate::support::steps::signed_in;

/// Anna as her bank knows her.
pub fn anna() -> serde_json::Value {
    json!({
        "sub": "anna-1", "family_name": "Соколова", "given_name": "Анна",
        "middle_name": "Павловна", "birthdate": "1990-03-24", "gender": "female",
        "snils": "000-000-300 00",
    })
}

#[tokio::test]
async fn a_standard_account_is_verified_by_the_word_of_a_bank() {
    let (app, bank) = start("verified").await;
    let browser = signed_in(&app, ANNA).await;
    become_standard(&app, &browser, &[]).await;
    bank.script(|script| script.client = anna());
    let page = link(&browser, &bank).await;
    assert_eq!(page.url.path(), "/account/level", "{}", page.body);
    let (level, _) = standing(&browser).await;
    assert!(level.starts_with("Подтверждённый"), "{level}");
    let journal = browser.get("/account/journal").await.body;
    assert!(journal.contains("Привязан способ входа") && journal.contains("Банк «Волга»"));
    let history = browser.get("/account/security").await;
    assert!(history.text("#links").unwrap().contains("Банк «Волга»"));
    // What was proven stays proven when the way in is taken away.
    let other = app.browser();
    through(&other, &bank, "/sign-in").await;
    assert!(is_signed_in(&other).await);
    unlink(&browser).await;
    assert!(!is_signed_in(&other).await);
    let (level, _) = standing(&browser).await;
    assert!(level.starts_with("Подтверждённый"), "{level}");
    app.end().await;
}

#[tokio::test]
async fn sites_learn_that_it_was_a_bank() {
    let (app, bank) = start("verified").await;
    let browser = registered(&app, &bank).await;
    let portal = RelyingParty::new(&app, "portal");
    let asked = json!({ "userinfo": { "verified_claims": {
        "verification": { "trust_framework": null, "assurance_level": null, "evidence": [
            { "type": { "value": "electronic_record" },
              "check_details": [{ "check_method": null }],
              "record": { "type": null, "source": { "name": null } } },
            { "type": { "value": "vouch" }, "check_details": [{ "check_method": null }],
              "attestation": { "type": null, "voucher": { "organization": null } } },
        ] },
        "claims": { "family_name": null, "snils": null },
    } } })
    .to_string();
    let changes = [("scope", "openid"), ("claims", asked.as_str())];
    let tokens = portal.tokens(&browser, ANNA, &changes).await;
    let said = portal.userinfo(&tokens.access).await.json();
    assert_eq!(
        said["verified_claims"]["verification"],
        json!({
            "trust_framework": "urn:propusk:ial", "assurance_level": "verified",
            "evidence": [
                { "type": "electronic_record", "check_details": [{ "check_method": "data" }],
                  "record": { "type": "bank_account", "source": { "name": "volga" } } },
                { "type": "vouch", "check_details": [{ "check_method": "auth" }],
                  "attestation": { "type": "digital_attestation",
                                   "voucher": { "organization": "volga" } } },
            ],
        })
    );
    assert_eq!(said["verified_claims"]["claims"]["family_name"], "Громова");
    app.end().await;
}

#[tokio::test]
async fn what_does_not_match_is_named_and_nothing_is_changed() {
    let (app, bank) = start("verified").await;
    let browser = signed_in(&app, ANNA).await;
    become_standard(&app, &browser, &[]).await;
    bank.script(|script| {
        script.client = anna();
        script.client["family_name"] = json!("Петрова");
        script.client["birthdate"] = json!("1990-03-25");
    });
    let page = through(&browser, &bank, "/account/level").await;
    let said = page.text("#assertion-mismatch").unwrap();
    assert!(said.ends_with("Фамилия Дата рождения"), "{said}");
    assert!(!page.has("#assertion-prove"));
    let (level, _) = standing(&browser).await;
    assert!(level.starts_with("Стандартный"), "{level}");
    let page = browser.get("/account/security").await;
    assert!(!page.has("#links"));
    app.end().await;
}

#[tokio::test]
async fn a_simplified_account_is_filled_by_what_a_bank_knows() {
    let (app, bank) = start("verified").await;
    let browser = signed_in(&app, ANNA).await;
    bank.script(|script| {
        script.client = anna();
        // The one she has declared.
        script.client["snils"] = json!("112-233-445 95");
        script.client["passport"] = json!({
            "series": "0001", "number": "000300", "issued_on": "2010-04-20",
            "department_code": "340-001", "issued_by": "ОВД города Волгограда",
        });
    });
    let page = through(&browser, &bank, "/account/level").await;
    let adds = page.text("#assertion-adds").unwrap();
    assert!(adds.contains("Серия и номер паспорта"), "{adds}");
    browser.submit(&page, "assertion-prove", &[]).await;
    let (level, _) = standing(&browser).await;
    assert!(level.starts_with("Подтверждённый"), "{level}");
    app.end().await;
}

#[tokio::test]
async fn one_snils_is_not_confirmed_for_two() {
    let (app, bank) = start("verified").await;
    let anna_here = signed_in(&app, ANNA).await;
    become_standard(&app, &anna_here, &[]).await;
    // A namesake's account, with no SNILS of its own, is brought Anna's.
    let browser = signed_in(&app, TIMUR).await;
    bank.script(|script| {
        script.client = json!({ "sub": "t-1", "snils": "000-000-300 00" });
    });
    let page = through(&browser, &bank, "/account/level").await;
    let said = page.text("#assertion-mismatch").unwrap();
    assert!(said.ends_with("СНИЛС"), "{said}");
    app.end().await;
}
