//! The citizen's documents: added, corrected, replaced, scanned, deleted.

mod attacks;

use serde_json::json;

use crate::levels::become_standard;
use crate::photographs::picture;
use crate::support::app::ANNA;
use crate::support::registry::RegistryServer;
use crate::support::steps::signed_in;
use crate::support::{Browser, Page, TestApp};

/// A licence that the simulated registry knows: its digits add up to 48.
pub const LICENCE: [(&str, &str); 4] = [
    ("number", "9936 654321"),
    ("issued_on", "05.06.2020"),
    ("issued_by", "ГИБДД 3401"),
    ("expires_on", "05.06.2030"),
];

/// A PDF of one empty page.
pub const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n";

/// Adds a document of a kind; ends on its card.
pub async fn add(browser: &Browser, kind: &str, fields: &[(&str, &str)]) -> Page {
    let page = browser.get(&format!("/account/documents/new/{kind}")).await;
    let page = browser.submit(&page, "document-save", fields).await;
    assert!(page.has("#document-number"), "{}", page.body);
    page
}

/// Adds a scan on a card.
pub async fn scan(browser: &Browser, card: &Page, name: &str, content: &[u8]) -> Page {
    browser
        .upload(card, "scan-add", &[], &[("scan", name, content)])
        .await
}

/// The address of the first scan on a card.
pub fn scan_href(card: &Page) -> String {
    card.attribute("#scans a", "href").expect("a scan")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_added_checked_corrected_replaced_and_deleted() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let list = browser.get("/account/documents").await;
    assert!(list.body.contains("Здесь появятся документы"));
    let card = add(&browser, "driving_licence", &LICENCE).await;
    assert_eq!(card.text("#document-number").unwrap(), "99 36 654321");
    app.deliver().await;
    let card = browser.get(card.url.path()).await;
    assert_eq!(card.text("#document-state").unwrap(), "совпало");

    // Corrected to what the registry does not know: it says which field.
    let page = browser.get(&format!("{}/edit", card.url.path())).await;
    assert_eq!(page.attribute("#issued_on", "value").unwrap(), "05.06.2020");
    let card = browser
        .submit(&page, "document-save", &[("number", "9936 654322")])
        .await;
    app.deliver().await;
    let card = browser.get(card.url.path()).await;
    assert_eq!(card.text("#document-state").unwrap(), "не совпало");
    assert!(
        card.text("#document .notice-danger")
            .unwrap()
            .contains("Серия и номер")
    );

    // A new licence: the old one is in the history, with its scan.
    let card = scan(&browser, &card, "old.pdf", PDF).await;
    let kept = scan_href(&card);
    let page = browser.get(&format!("{}/replace", card.url.path())).await;
    assert_eq!(page.attribute("#number", "value").unwrap(), "");
    let next = [
        ("number", "9940 111111"),
        ("issued_on", "01.02.2026"),
        ("issued_by", "ГИБДД"),
        ("expires_on", "01.02.2036"),
    ];
    let card = browser.submit(&page, "document-save", &next).await;
    assert_eq!(card.text("#document-number").unwrap(), "99 40 111111");
    assert!(card.text("#earlier").unwrap().contains("99 36 654322"));
    assert_eq!(browser.get_once(&kept).await.status, 200);
    let list = browser.get("/account/documents").await;
    assert!(
        list.body.contains("111") && !list.body.contains("99 40 111111"),
        "masked"
    );

    let page = browser.get(&format!("{}/delete", card.url.path())).await;
    let list = browser.submit(&page, "document-delete-confirm", &[]).await;
    assert!(!list.has("#documents"), "{}", list.body);
    assert_eq!(browser.get(card.url.path()).await.status, 404);
    for table in ["files", "documents", "document_versions"] {
        let left = app
            .database
            .count(&format!("select count(*) from {table}"))
            .await;
        assert_eq!(left, 0, "{table}");
    }
    let journal = browser.get("/account/journal").await;
    for line in [
        "Документ добавлен",
        "сверен с реестром",
        "исправлены",
        "не совпал с реестром",
        "заменён новым",
        "Скан документа добавлен",
        "Документ удалён",
        "Водительское удостоверение",
    ] {
        assert!(journal.body.contains(line), "{line}");
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_is_named_and_nothing_typed_is_lost() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get("/account/documents/new/foreign_passport").await;
    let typed = [
        ("number", "71 12"),
        ("issued_on", "01.01.2031"),
        ("issued_by", "МВД <b>"),
        ("expires_on", "32.01.2030"),
    ];
    let page = browser.submit(&page, "document-save", &typed).await;
    for (field, value) in typed {
        assert!(
            page.has(&format!("#{field}-problem")),
            "{field}: {}",
            page.body
        );
        assert_eq!(
            page.attribute(&format!("#{field}"), "value").unwrap(),
            value
        );
    }
    let typed = [
        ("number", "711234567"),
        ("issued_on", "01.01.2020"),
        ("issued_by", "МВД 34001"),
        ("expires_on", "01.01.2019"),
    ];
    let page = browser.submit(&page, "document-save", &typed).await;
    assert!(
        page.text("#expires_on-problem")
            .unwrap()
            .contains("раньше даты выдачи")
    );
    let page = browser
        .submit(&page, "document-save", &[("expires_on", "01.01.2025")])
        .await;
    assert!(
        page.text("#document-state").unwrap().contains("срок истёк"),
        "{}",
        page.body
    );
    let empty = browser.get("/account/documents/new/medical_policy").await;
    let page = browser.submit(&empty, "document-save", &[]).await;
    assert!(page.has("#number-problem") && !page.has("#expires_on"));
    assert_eq!(
        browser.get("/account/documents/new/passport").await.status,
        404
    );
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_of_a_document_that_a_restart_interrupts_is_finished_after_it() {
    let server = RegistryServer::start().await;
    let settings = server.settings();
    let app = TestApp::start_with(|config| config["registry"] = settings).await;
    let browser = signed_in(&app, ANNA).await;
    server.keep_waiting(true);
    let card = add(&browser, "driving_licence", &LICENCE).await;
    let again = app.another_node().await;
    server.interrupt(app).await;
    again.advance(600).await;
    again.deliver().await;
    let browser = signed_in(&again, ANNA).await;
    let card = browser.get(card.url.path()).await;
    assert_eq!(card.text("#document-state").unwrap(), "совпало");
    again.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_is_away_is_asked_again_and_an_old_answer_counts_for_nothing() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    app.registry.fail_next(1);
    let card = add(
        &browser,
        "medical_policy",
        &[
            ("number", "1234567890123453"),
            ("issued_on", "01.02.2019"),
            ("issued_by", "Страховая компания"),
        ],
    )
    .await;
    app.deliver().await;
    let card = browser.get(card.url.path()).await;
    assert!(
        card.text("#document-state")
            .unwrap()
            .contains("не отвечает"),
        "{}",
        card.body
    );
    app.advance(3600).await;
    app.deliver().await;
    let browser = signed_in(&app, ANNA).await;
    let card = browser.get(card.url.path()).await;
    assert_eq!(card.text("#document-state").unwrap(), "совпало");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_behind_http_is_asked_by_its_contract() {
    let registry = RegistryServer::start().await;
    let app = TestApp::start_with(|config| config["registry"] = registry.settings()).await;
    registry.answer_with(200, json!({ "mismatch": ["issued_by", "rank"] }));
    let browser = signed_in(&app, ANNA).await;
    let card = add(&browser, "driving_licence", &LICENCE).await;
    app.deliver().await;
    // An answer that names what was not asked is none.
    let card = browser.get(card.url.path()).await;
    let state = card.text("#document-state").unwrap();
    assert!(state.contains("не отвечает"), "{state}");
    registry.answer_with(200, json!({ "mismatch": ["issued_by"] }));
    app.advance(10).await;
    app.deliver().await;
    let card = browser.get(card.url.path()).await;
    let problem = card.text("#document .notice-danger").unwrap();
    assert!(problem.contains("Кем выдан"), "{problem}");
    let asked = registry.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].registry, "documents");
    assert_eq!(asked[0].token, "Bearer registry-token");
    assert_eq!(
        (&asked[0].key, &asked[0].body),
        (&asked[1].key, &asked[1].body)
    );
    let mut body = asked[0].body.clone();
    assert_eq!(body["id"], json!(asked[0].key));
    body.as_object_mut().unwrap().remove("id");
    let sent = json!({
        "kind": "driving_licence", "number": "99 36 654321", "issued_on": "2020-06-05",
        "issued_by": "ГИБДД 3401", "expires_on": "2030-06-05", "family_name": "Соколова",
        "given_name": "Анна", "middle_name": "Павловна", "birth_date": "1990-03-24",
    });
    assert_eq!(body, sent);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_of_the_personal_data_are_shown_with_their_state() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get("/account/documents").await;
    assert!(page.body.contains("не указан") && page.body.contains("указан вами"));
    become_standard(&app, &browser, &[]).await;
    let page = browser.get("/account/documents").await;
    assert_eq!(
        page.body.matches("сверен с реестром").count(),
        3,
        "{}",
        page.body
    );
    assert!(!page.body.contains("000300"), "masked");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scans_are_kept_given_back_and_destroyed() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let card = add(&browser, "driving_licence", &LICENCE).await;
    let card = scan(&browser, &card, "скан.pdf", PDF).await;
    let (answer, bytes) = browser.bytes(&scan_href(&card)).await;
    assert_eq!(bytes, PDF);
    assert_eq!(answer.headers["content-type"], "application/pdf");
    assert_eq!(
        answer.headers["content-disposition"],
        "attachment; filename=\"driving_licence.pdf\""
    );
    assert_eq!(
        answer.headers["content-security-policy"],
        "sandbox; default-src 'none'"
    );
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    let button = card.attribute("#scans button", "id").unwrap();
    let card = browser.submit(&card, &button, &[]).await;
    assert!(!card.has("#scans"), "{}", card.body);
    assert_eq!(app.database.count("select count(*) from files").await, 0);
    // And a picture.
    let png = picture(image::ImageFormat::Png);
    let card = scan(&browser, &card, "x.exe", &png).await;
    let (answer, bytes) = browser.bytes(&scan_href(&card)).await;
    assert_eq!(answer.headers["content-type"], "image/png");
    assert!(image::load_from_memory(&bytes).is_ok());
    app.end().await;
}
