//! The copy of everything: complete, for its owner alone, a few times a day.

use std::process::Command;

use serde_json::Value;
use tokio::time::Instant;

use crate::support::app::ANNA;
use crate::support::steps::signed_in;
use crate::support::{Browser, RelyingParty, TestApp};

pub async fn json(browser: &Browser) -> Value {
    let page = browser.get("/account/export").await;
    let (headers, bytes) = browser.submit_for_bytes(&page, "export-json").await;
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["cache-control"], "no-store");
    let name = headers["content-disposition"].to_str().unwrap();
    assert_eq!(name, "attachment; filename=\"propusk-2026-03-24.json\"");
    serde_json::from_slice(&bytes).unwrap()
}

/// The words of the PDF, as they stand on its pages.
async fn pdf(app: &TestApp, browser: &Browser) -> String {
    let page = browser.get("/account/export").await;
    let (headers, bytes) = browser.submit_for_bytes(&page, "export-pdf").await;
    assert_eq!(headers["content-type"], "application/pdf");
    assert_eq!(headers["cache-control"], "no-store");
    let name = headers["content-disposition"].to_str().unwrap();
    assert!(
        name.starts_with("attachment; filename=\"propusk-"),
        "{name}"
    );
    let file = app.database.folder.join("export.pdf");
    std::fs::write(&file, bytes).unwrap();
    let words = Command::new("pdftotext")
        .args(["-layout", file.to_str().unwrap(), "-"])
        .output()
        .expect("pdftotext is installed");
    assert!(words.status.success());
    String::from_utf8(words.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_holds_everything_and_leaves_its_mark() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    crate::levels::become_standard(&app, &browser, &[]).await;
    let card = crate::documents::add(&browser, "driving_licence", &crate::documents::LICENCE).await;
    crate::documents::scan(&browser, &card, "a.pdf", crate::documents::PDF).await;
    crate::factors::add_app(&app, &browser).await;
    crate::support_desk::ask(&browser, "Не могу войти с телефона").await;
    RelyingParty::new(&app, "portal")
        .tokens(&browser, ANNA, &[])
        .await;
    // Somebody with the phone waits for the account.
    let other = app.browser();
    crate::recovery::wait(&app, &other, ANNA, ANNA).await;
    app.deliver().await;
    app.advance(1).await;
    let all = json(&browser).await;
    let keys: Vec<&str> = all
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let documented = std::fs::read_to_string("docs/export.md").unwrap();
    for key in keys {
        assert!(documented.contains(&format!("`{key}`")), "{key}");
        let empty = all[key].as_array().is_some_and(Vec::is_empty);
        assert!(
            !empty
                || [
                    "links",
                    "trusted_contacts",
                    "notice_browsers",
                    "recovery_forms"
                ]
                .contains(&key),
            "{key} is empty"
        );
    }
    assert_eq!(all["format"], "propusk-export-1");
    assert_eq!(all["profile"]["family_name"], "Соколова");
    assert_eq!(all["account"]["level"], "standard");
    assert_eq!(all["contacts"][0]["value"], ANNA);
    assert_eq!(
        all["documents"][0]["current"]["data"]["number"],
        "99 36 654321"
    );
    assert_eq!(
        all["documents"][0]["current"]["scans"][0]["size"],
        all["files"][0]["size"]
    );
    assert_eq!(all["consents"][0]["site"]["name"], "Портал portal");
    assert_eq!(all["evidence"][0]["source"], "registry");
    assert_eq!(all["sent"][0]["channel"], "data");
    assert_eq!(all["sign_ins"][0]["status"], "success");
    assert_eq!(all["journal"][0]["action"], "data_exported");
    assert!(!all.to_string().contains("hash") && !all.to_string().contains("sealed"));

    let words = pdf(&app, &browser).await;
    for said in [
        "Копия ваших данных",
        "Соколова",
        "99 36 654321",
        "Портал portal",
        "Государственные реестры",
        "История входов",
        "Получена копия данных",
        " 1 / ",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    app.deliver().await;
    let journal = browser.get("/account/journal").await;
    assert!(journal.body.contains("Получена копия данных"));
    let notices = browser.get("/account/notices").await;
    assert!(notices.body.contains("Получена копия ваших данных"));
    let english = pdf(&app, &browser.clone().with_header("accept-language", "en")).await;
    assert!(english.contains("Copy of your data") && english.contains("State registries"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_53_five_copies_a_day() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    for _ in 0..5 {
        json(&browser).await;
    }
    let page = browser.get("/account/export").await;
    let page = browser.submit(&page, "export-pdf", &[]).await;
    assert_eq!(page.status, 429);
    assert!(page.has("#export-refused") && page.headers.contains_key("retry-after"));
    app.advance(24 * 3600).await;
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get("/account/export").await;
    let page = browser.submit(&page, "export-json", &[]).await;
    assert_eq!(page.status, 200);
    app.deliver().await;
    app.end().await;
}

#[expect(
    clippy::disallowed_methods,
    reason = "it is measured, by the real clock"
)]
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_lines_are_no_hindrance() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    // Ciphertexts open for their own line only; so they are made, not copied.
    let phone = app.app.vault.blind_index("phone", ANNA);
    let id = app.app.storage.find_by_contact("phone", &phone).await;
    let id = id.unwrap().unwrap();
    let accounts = &app.app.accounts;
    let key = accounts.account_key(&id).await.unwrap();
    for _ in 0..20 {
        let mut effects = propusk::storage::Effects::default();
        for _ in 0..500 {
            let actor = propusk::account::journal::Actor::Citizen;
            let line = accounts
                .journal_record(&key, &id, &actor, "signed_in", None, None, app.now())
                .unwrap();
            effects.journal.push(line);
        }
        app.app.storage.record(effects).await.unwrap();
    }
    let begun = Instant::now();
    let all = json(&browser).await;
    println!("JSON of 10 000 lines: {:?}", begun.elapsed());
    assert!(all["journal"].as_array().unwrap().len() > 10_000);
    let begun = Instant::now();
    let words = pdf(&app, &browser).await;
    println!("PDF of 10 000 lines: {:?}", begun.elapsed());
    assert!(words.matches("МСК").count() > 10_000);
    app.deliver().await;
    app.end().await;
}
