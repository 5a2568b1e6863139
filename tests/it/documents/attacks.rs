//! Documents and scans of others, and files that are not what they say.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{LICENCE, PDF, add, scan, scan_href};
use crate::support::TestApp;
use crate::support::app::{ANNA, TIMUR};
use crate::support::steps::signed_in;

#[tokio::test(flavor = "multi_thread")]
async fn attack_45_documents_and_scans_of_others_are_not_there() {
    let app = TestApp::start().await;
    let anna = signed_in(&app, ANNA).await;
    let card = add(&anna, "driving_licence", &LICENCE).await;
    let card = scan(&anna, &card, "a.pdf", PDF).await;
    let (path, file) = (card.url.path().to_owned(), scan_href(&card));
    let timur = signed_in(&app, TIMUR).await;
    let own = add(&timur, "driving_licence", &LICENCE).await;
    let own = scan(&timur, &own, "t.pdf", PDF).await;
    for address in [&path, &file] {
        assert_eq!(timur.get_once(address).await.status, 404, "{address}");
    }
    for step in ["edit", "replace", "delete"] {
        assert_eq!(
            timur.get_once(&format!("{path}/{step}")).await.status,
            404,
            "{step}"
        );
    }
    // Another's file under one's own document.
    let id = file.rsplit('/').next().unwrap();
    let mixed = format!("{}/scans/{id}", own.url.path());
    assert_eq!(timur.get_once(&mixed).await.status, 404);
    let before = app.contents().await;
    let token = own.attribute("input[name=csrf]", "value").unwrap();
    let mut fields = vec![("csrf", token.as_str())];
    fields.extend(LICENCE);
    for address in [
        format!("{path}/edit"),
        format!("{path}/replace"),
        format!("{path}/delete"),
        format!("{path}/scans"),
        format!("{file}/delete"),
        format!("{mixed}/delete"),
    ] {
        timur.post_once(&address, &fields).await;
    }
    assert_eq!(app.contents().await, before);
    assert_eq!(anna.get_once(&file).await.status, 200);
    assert_eq!(app.browser().get(&file).await.url.path(), "/sign-in");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_54_a_disguised_or_oversized_scan_is_refused_beside_its_field() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let card = add(&browser, "driving_licence", &LICENCE).await;
    let mut large = PDF.to_vec();
    large.resize(5 * 1024 * 1024 + 1, b' ');
    let pdf = String::from_utf8(PDF.to_vec()).unwrap();
    let encrypted = pdf.replace("/Root", "/Encrypt 9 0 R /Root");
    let script = pdf.replace("/Kids", "/AA << /S /JavaScript >> /Kids");
    for (name, content, says) in [
        (
            "../../../etc/cron.d/x.pdf",
            &b"#!/bin/sh\nrm -rf /"[..],
            "не PDF",
        ),
        ("photo.jpg", b"<svg onload=alert(1)>", "не PDF"),
        (
            "<script>alert(1)</script>.pdf",
            b"%PDF-1.4 torn",
            "повреждён",
        ),
        ("big.pdf", &large, "5 МБ"),
        ("secret.pdf", encrypted.as_bytes(), "паролем"),
        ("active.pdf", script.as_bytes(), "программы"),
        ("none.pdf", b"", "Выберите файл"),
    ] {
        let page = scan(&browser, &card, name, content).await;
        let problem = page.text("#scan-problem");
        assert!(
            problem.as_deref().is_some_and(|text| text.contains(says)),
            "{name}: {problem:?}"
        );
        assert!(!page.body.contains("<script") && !page.body.contains("cron.d"));
    }
    assert_eq!(app.database.count("select count(*) from files").await, 0);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_53_an_upload_without_end_is_cut_off_and_days_have_limits() {
    let app = TestApp::start_with(|config| {
        config["limits"] = serde_json::json!({ "uploads_per_day": 2 });
    })
    .await;
    let browser = signed_in(&app, ANNA).await;
    let card = add(&browser, "driving_licence", &LICENCE).await;
    for _ in 0..2 {
        assert!(scan(&browser, &card, "a.pdf", PDF).await.has("#scans"));
    }
    let page = scan(&browser, &card, "a.pdf", PDF).await;
    assert_eq!(page.status, 429, "{}", page.body);
    assert!(page.has("#scan-problem") && page.headers.contains_key("retry-after"));
    assert_eq!(app.database.count("select count(*) from files").await, 2);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn contents_lie_sealed_in_the_database() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let card = add(&browser, "driving_licence", &LICENCE).await;
    scan(&browser, &card, "a.pdf", PDF).await;
    let all = format!("{:?}", app.contents().await);
    let encoded = URL_SAFE_NO_PAD.encode(&PDF[..30]);
    for plain in ["%PDF", "654321", "ГИБДД", &encoded] {
        assert!(!all.contains(plain), "{plain}");
    }
    app.end().await;
}
