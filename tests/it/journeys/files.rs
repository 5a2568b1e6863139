//! Files in a real browser: photographs that an operator compares in a second
//! one, and documents with scans.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use image::ImageFormat;

use super::chromium::Chromium;
use super::demonstration::Demonstration;
use super::levels::{sign_in, until};
use super::papers;
use crate::documents::{LICENCE, PDF};
use crate::photographs::picture;

/// Made-up files in a folder of their own.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static FOLDERS: AtomicUsize = AtomicUsize::new(0);
        let number = FOLDERS.fetch_add(1, Ordering::SeqCst);
        let name = format!("propusk-files-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("photo.jpg"), picture(ImageFormat::Jpeg)).unwrap();
        std::fs::write(folder.join("photo.png"), picture(ImageFormat::Png)).unwrap();
        std::fs::write(folder.join("scan.pdf"), PDF).unwrap();
        std::fs::write(folder.join("text.jpg"), "no picture").unwrap();
        Self(folder)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn choose(browser: &Chromium, field: &str, file: &str) {
    browser.find(field).await.send_keys(file).await.unwrap();
}

async fn choose_photographs(browser: &Chromium, folder: &Folder, selfie: &str) {
    choose(browser, "passport_main", &folder.file("photo.jpg")).await;
    choose(browser, "passport_registration", &folder.file("photo.png")).await;
    choose(browser, "selfie", &folder.file(selfie)).await;
}

async fn add_licence(browser: &Chromium, issuer: &str) {
    let page = format!("{issuer}/account/documents/new/driving_licence");
    browser.open_page(&page).await;
    for (field, value) in LICENCE {
        browser.fill(field, value).await;
    }
    browser.press("document-save").await;
    browser.find("document-number").await;
}

/// Shows every page about files to somebody whose data are checked, and leaves
/// photographs for an operator.
pub async fn look(browser: &Chromium, issuer: &str, mut at: impl AsyncFnMut(&str)) {
    let folder = Folder::new();
    browser
        .open_page(&format!("{issuer}/account/documents/new/driving_licence"))
        .await;
    browser.press("document-save").await;
    browser.find("number-problem").await;
    at("/account/documents/new/…, wrong").await;
    add_licence(browser, issuer).await;
    at("/account/documents/…").await;
    browser.press("scan-add").await;
    browser.find("scan-problem").await;
    at("/account/documents/…, wrong").await;
    choose(browser, "scan", &folder.file("scan.pdf")).await;
    browser.press("scan-add").await;
    browser.find("scans").await;
    at("/account/documents/…, scan").await;
    browser.press("document-replace").await;
    at("/account/documents/…/replace").await;
    for (field, value) in LICENCE {
        browser.fill(field, value).await;
    }
    browser.press("document-save").await;
    browser.find("earlier").await;
    at("/account/documents/…, history").await;
    browser.press("document-edit").await;
    browser.find("document-save").await;
    at("/account/documents/…/edit").await;
    browser.driver.back().await.unwrap();
    browser.press("document-delete").await;
    browser.find("document-delete-confirm").await;
    at("/account/documents/…/delete").await;
    browser
        .open_page(&format!("{issuer}/account/documents"))
        .await;
    browser.find("documents").await;
    at("/account/documents, one").await;
    browser
        .open_page(&format!("{issuer}/account/level/photographs"))
        .await;
    browser.press("photographs-send").await;
    browser.find("selfie-problem").await;
    at("/account/level/photographs, wrong").await;
    choose_photographs(browser, &folder, "photo.jpg").await;
    browser.press("photographs_consent").await;
    browser.press("photographs-send").await;
    browser.find("photographs-state").await;
    at("/account/level, photographs").await;
}

#[tokio::test]
async fn journey_photographs_make_a_verified_person() {
    let folder = Folder::new();
    let demo = Demonstration::start().await;
    let citizen = papers::standard(&demo, 390).await;
    citizen.press("photographs-open").await;
    // A text that is called a picture.
    choose_photographs(&citizen, &folder, "text.jpg").await;
    citizen.press("photographs_consent").await;
    citizen.press("photographs-send").await;
    let problem = citizen.text("selfie-problem").await;
    assert!(problem.contains("не фотография"), "{problem}");
    assert!(
        citizen
            .find("photographs_consent")
            .await
            .is_selected()
            .await
            .unwrap()
    );
    choose_photographs(&citizen, &folder, "photo.jpg").await;
    citizen.press("photographs-send").await;
    until(&citizen, "photographs-state", "ждут").await;

    let desk = Chromium::open(1280, "ru").await;
    desk.open_page(&format!("{}/operator", demo.issuer)).await;
    sign_in(&desk, "+79005550109").await;
    desk.press("desk-photographs").await;
    desk.press("photographs-take").await;
    desk.find("photographs-confirm").await;
    // The browser shows every picture, whatever the policy forbids else.
    let shown = desk
        .driver
        .execute(
            "return [...document.querySelectorAll('.pictures img')].map((i) => i.complete && i.naturalWidth)",
            vec![],
        )
        .await
        .unwrap();
    assert_eq!(shown.json(), &serde_json::json!([320, 320, 320]));
    for field in [
        "family_name",
        "given_name",
        "middle_name",
        "birth_date",
        "sex",
        "passport",
    ] {
        desk.press(&format!("compared-{field}")).await;
    }
    desk.press("photographs-confirm").await;
    until(&desk, "photographs-done", "подтверждена").await;
    desk.close().await;

    citizen.driver.refresh().await.unwrap();
    let level = citizen.text_of_class("rung-current").await;
    assert!(level.contains("Подтверждённый"), "{level}");
    papers::in_service(&citizen, "document: vri").await;
    citizen.close().await;
    demo.stop().await;
}

#[tokio::test]
async fn journey_a_document_is_added_replaced_and_deleted() {
    let folder = Folder::new();
    let demo = Demonstration::start().await;
    let citizen = Chromium::open(390, "ru").await;
    citizen
        .open_page(&format!("{}/account/documents", demo.issuer))
        .await;
    sign_in(&citizen, "+79005550102").await;
    until(&citizen, "main", "Добавить документ").await;
    add_licence(&citizen, &demo.issuer).await;
    until(&citizen, "document-state", "совпало").await;
    choose(&citizen, "scan", &folder.file("text.jpg")).await;
    citizen.press("scan-add").await;
    let problem = citizen.text("scan-problem").await;
    assert!(problem.contains("не PDF, JPEG или PNG"), "{problem}");
    choose(&citizen, "scan", &folder.file("scan.pdf")).await;
    citizen.press("scan-add").await;
    citizen.find("scans").await;

    citizen.press("document-replace").await;
    let next = [
        ("number", "9940 111111"),
        ("issued_on", "01.02.2021"),
        ("issued_by", "ГИБДД 3402"),
        ("expires_on", "01.02.2031"),
    ];
    for (field, value) in next {
        citizen.fill(field, value).await;
    }
    citizen.press("document-save").await;
    let earlier = citizen.text("earlier").await;
    assert!(earlier.contains("99 36 654321"), "{earlier}");
    until(&citizen, "document-state", "не совпало").await;
    citizen.press("document-delete").await;
    citizen.press("document-delete-confirm").await;
    citizen
        .open_page(&format!("{}/account/documents", demo.issuer))
        .await;
    assert!(citizen.words().await.contains("Здесь появятся документы"));
    citizen.close().await;
    demo.stop().await;
}
