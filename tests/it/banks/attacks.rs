//! Attack rows 35 (tokens of a bank that are not what they should be) and 47
//! (links that nobody has agreed to, or that are over).

use serde_json::{Value, json};

use super::{is_signed_in, link, registered, start, start_with, through, unlink};
use crate::support::app::{ANNA, PASSWORD, THIRD, TIMUR};
use crate::support::bank::{Script, Signed, TestBank};
use crate::support::steps::signed_in;
use crate::support::{Browser, TestApp};

type Lie = fn(&mut Script);

/// Each lie about an otherwise good client is refused for its own reason, by
/// one and the same page, and nobody is signed in.
async fn refused(app: &TestApp, bank: &TestBank, lies: &[(&str, Lie)]) {
    let honest = {
        let mut honest = None;
        bank.script(|script| honest = Some(script.clone()));
        honest.unwrap()
    };
    let before = app.reasons().len();
    let mut pages: Vec<Option<String>> = Vec::new();
    for (reason, lie) in lies {
        bank.script(|script| {
            *script = honest.clone();
            lie(script);
        });
        let browser = app.browser();
        let page = through(&browser, bank, "/sign-in").await;
        assert_eq!(
            page.url.path(),
            "/bank/volga/callback",
            "{reason}: {}",
            page.body
        );
        pages.push(page.text("main"));
        assert!(!is_signed_in(&browser).await, "{reason}");
    }
    pages.dedup();
    assert_eq!(pages.len(), 1, "one page for all");
    let reasons: Vec<_> = lies.iter().map(|(reason, _)| *reason).collect();
    assert_eq!(app.reasons()[before..], reasons);
    bank.script(|script| *script = honest);
}

fn id(script: &mut Script, claim: &str, value: impl Into<Value>) {
    script.id_token[claim] = value.into();
}

#[tokio::test]
async fn attack_35_an_id_token_for_another_time_place_or_person() {
    let (app, bank) = start("verified").await;
    registered(&app, &bank).await;
    refused(
        &app,
        &bank,
        &[
            ("iss", |script| id(script, "iss", "https://evil.example")),
            ("aud", |script| id(script, "aud", "another-client")),
            ("aud", |script| id(script, "aud", json!(["another-client"]))),
            ("aud", |script| {
                id(script, "aud", json!(["propusk", "another-client"]));
                id(script, "azp", "propusk");
            }),
            ("azp", |script| id(script, "azp", "another-client")),
            ("exp", |script| id(script, "exp", 1_774_342_799)),
            ("iat", |script| id(script, "iat", 1_774_342_800 - 3_600)),
            ("iat", |script| id(script, "iat", 1_774_342_800 + 3_600)),
            ("nonce", |script| {
                id(script, "nonce", "a nonce of another round")
            }),
            ("nonce", |script| id(script, "nonce", Value::Null)),
            ("token_answer", |script| id(script, "exp", Value::Null)),
            ("sub", |script| {
                id(script, "sub", "");
            }),
            ("userinfo_sub", |script| {
                script.userinfo_sub = Some("client-2")
            }),
            ("claims", |script| {
                script.client["snils"] = json!("112-233-445 96")
            }),
        ],
    )
    .await;
    // The honest bank is still let in.
    let browser = app.browser();
    through(&browser, &bank, "/sign-in").await;
    assert!(is_signed_in(&browser).await);
    app.end().await;
}

#[tokio::test]
async fn attack_35_a_signature_of_nobody_or_of_somebody_else() {
    let (app, bank) = start("verified").await;
    registered(&app, &bank).await;
    refused(
        &app,
        &bank,
        &[
            ("alg", |script| script.signed = Signed::Not),
            ("signature", |script| script.signed = Signed::ByAnother),
            ("no_such_key", |script| script.signed = Signed::ByUnknown),
            ("alg", |script| script.signed = Signed::WithPublicKey),
        ],
    )
    .await;
    app.end().await;
}

#[tokio::test]
async fn attack_35_the_answer_of_one_bank_passed_off_as_anothers() {
    let (app, bank) = start_with("verified", |config| {
        config["banks"].as_array_mut().unwrap().push(json!({
            "id": "evil", "name": { "ru": "Другой", "en": "Other" },
            "issuer": "http://127.0.0.1:9", "client_id": "x", "client_secret": "y",
            "attests": "standard",
        }));
    })
    .await;
    registered(&app, &bank).await;
    refused(
        &app,
        &bank,
        &[
            ("response_iss", |script| {
                script.iss = Some("https://evil.example".to_owned())
            }),
            ("response_iss", |script| script.iss = None),
        ],
    )
    .await;
    // The state of one bank at the address of another.
    let browser = app.browser();
    let page = browser.get("/sign-in").await;
    let address = bank.go(&browser, &page, "volga").await;
    let back = bank.answer(&address);
    browser
        .get(&back.replace("/bank/volga/", "/bank/evil/"))
        .await;
    assert_eq!(app.reasons().last().unwrap(), "round");
    assert!(!is_signed_in(&browser).await);
    browser.get(&back).await;
    assert!(
        is_signed_in(&browser).await,
        "the round was not spent by it"
    );
    // And its answer a second time.
    let page = browser.get(&back).await;
    assert!(page.has("#refused-title"));
    app.end().await;
}

#[tokio::test]
async fn attack_35_a_discovery_document_of_another_issuer() {
    let (app, bank) = start("verified").await;
    bank.script(|script| script.issuer = Some("https://evil.example"));
    let browser = app.browser();
    let page = browser.get("/sign-in").await;
    let page = browser.submit(&page, "bank-volga", &[]).await;
    assert!(page.has("#refused-title") && !page.has("#bank-go"));
    assert_eq!(app.reasons(), ["discovery_issuer"]);
    app.end().await;
}

/// What comes back to a browser that never went there.
async fn is_refused_elsewhere(app: &TestApp, browser: &Browser, back: &str) {
    let page = browser.get(back).await;
    assert!(page.has("#refused-title"), "{}", page.body);
    assert_eq!(app.reasons().last().unwrap(), "round");
}

#[tokio::test]
async fn attack_47_a_round_begun_by_a_stranger_links_nothing() {
    let (app, bank) = start("verified").await;
    // The stranger's way back from the bank, opened by Anna.
    let stranger = signed_in(&app, THIRD).await;
    let page = stranger.get("/account/level").await;
    let back = bank.answer(&bank.go(&stranger, &page, "volga").await);
    let anna = signed_in(&app, ANNA).await;
    is_refused_elsewhere(&app, &anna, &back).await;
    is_refused_elsewhere(&app, &anna, &back.replace("state=pbs_", "state=pbs_x")).await;
    let without = back.split("&state=").next().unwrap();
    is_refused_elsewhere(&app, &anna, without).await;
    // Its waiting proof, opened by Anna; and a link asked for by another site.
    let page = stranger.get(&back).await;
    assert_eq!(page.url.path(), "/assertion");
    let here = page.url.as_str();
    let opened = anna.get(here).await;
    assert!(opened.has("#refused-title") && !opened.has("#assertion-prove"));
    let forged = anna
        .post(
            here.replace("/assertion?", "/assertion/prove?").as_str(),
            &[],
        )
        .await;
    assert_eq!(forged.status, 403);
    let forged = anna.post("/bank/volga", &[("prove", "yes")]).await;
    assert_eq!(forged.status, 403);
    assert!(!anna.get("/account/security").await.has("#links"));
    app.end().await;
}

#[tokio::test]
async fn attack_47_a_proof_asked_for_by_one_account_is_no_use_to_another() {
    let (app, bank) = start("verified").await;
    bank.script(|script| script.client = json!({ "sub": "x-1" }));
    let browser = signed_in(&app, ANNA).await;
    let page = through(&browser, &bank, "/account/level").await;
    let waiting = page.url.to_string();
    // The same browser, another person.
    let page = browser.get("/sign-in?switch=yes").await;
    let fields = [("username", TIMUR), ("password", PASSWORD)];
    browser.submit(&page, "login-submit", &fields).await;
    let page = browser.get(&waiting).await;
    assert!(
        page.has("#refused-title") && !page.has("#assertion-prove"),
        "{}",
        page.body
    );
    app.end().await;
}

#[tokio::test]
async fn attack_47_a_proof_does_not_survive_the_end_of_its_link() {
    let (app, bank) = start("verified").await;
    bank.script(|script| script.client = json!({ "sub": "anna-1" }));
    let browser = signed_in(&app, ANNA).await;
    link(&browser, &bank).await;
    // A page in a second tab, and a way back that was not taken yet.
    let waiting = through(&browser, &bank, "/account/level").await;
    let page = browser.get("/account/level").await;
    let back = bank.answer(&bank.go(&browser, &page, "volga").await);
    unlink(&browser).await;
    let page = browser.submit(&waiting, "assertion-prove", &[]).await;
    assert!(page.has("#refused-title"), "{}", page.body);
    let page = browser.get(&back).await;
    let page = browser.submit(&page, "assertion-prove", &[]).await;
    assert!(page.has("#refused-title"), "{}", page.body);
    assert!(!browser.get("/account/security").await.has("#links"));
    // The bank opens the account no more; a new decision does.
    let other = app.browser();
    let page = through(&other, &bank, "/sign-in").await;
    assert!(page.has("#assertion-register"), "{}", page.body);
    app.advance(1).await;
    bank.script(|script| script.now = app.now());
    let page = link(&browser, &bank).await;
    assert_eq!(page.url.path(), "/account/level", "{}", page.body);
    app.end().await;
}

#[tokio::test]
async fn attack_47_no_account_is_linked_because_a_contact_is_the_same() {
    let (app, bank) = start("verified").await;
    bank.script(|script| {
        script.client = json!({
            "sub": "m-1", "family_name": "Соколова", "given_name": "Анна",
            "middle_name": "Павловна", "birthdate": "1990-03-24",
            "phone_number": ANNA, "phone_number_verified": true,
            "email": "anna.sokolova@example.ru", "email_verified": false,
        });
    });
    let browser = app.browser();
    let page = through(&browser, &bank, "/sign-in").await;
    assert!(page.has("#assertion-register"), "{}", page.body);
    assert!(!is_signed_in(&browser).await);
    app.end().await;
}

#[tokio::test]
async fn attack_47_one_client_of_a_bank_opens_one_account() {
    let (app, bank) = start("verified").await;
    bank.script(|script| script.client = json!({ "sub": "x-1" }));
    let anna = signed_in(&app, ANNA).await;
    link(&anna, &bank).await;
    let timur = signed_in(&app, TIMUR).await;
    let page = through(&timur, &bank, "/account/level").await;
    assert!(
        page.has("#refused-title") && !page.has("#assertion-prove"),
        "{}",
        page.body
    );
    // Nor is one account opened by two of them.
    bank.script(|script| script.client = json!({ "sub": "x-2" }));
    let page = through(&anna, &bank, "/account/level").await;
    assert!(
        page.has("#refused-title") && !page.has("#assertion-prove"),
        "{}",
        page.body
    );
    app.end().await;
}

#[tokio::test]
async fn attack_47_a_stolen_session_adds_no_way_in() {
    let (app, bank) = start("verified").await;
    let browser = signed_in(&app, ANNA).await;
    let page = through(&browser, &bank, "/account/level").await;
    let waiting = page.url.to_string();
    app.advance(6 * 60).await;
    // The proof waits until the password was typed once more.
    let page = browser.get(&waiting).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    let page = browser.get("/account/level").await;
    let page = browser.submit(&page, "bank-volga", &[]).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    app.end().await;
}
