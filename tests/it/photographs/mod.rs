//! Proving who somebody is by photographs, in two browsers.

mod attacks;

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::json;

use crate::levels::centre::OPERATOR;
use crate::levels::{become_standard, standing};
use crate::support::app::ANNA;
use crate::support::steps::signed_in;
use crate::support::{Browser, Page, RelyingParty, TestApp};

/// What is compared with photographs.
pub const EVERYTHING: [(&str, &str); 6] = [
    ("compared", "family_name"),
    ("compared", "given_name"),
    ("compared", "middle_name"),
    ("compared", "birth_date"),
    ("compared", "sex"),
    ("compared", "passport"),
];

/// A picture that a camera might have made.
pub fn picture(format: ImageFormat) -> Vec<u8> {
    let shade = |x: u32, y: u32| u8::try_from((x * 3 + y * 5) % 251).unwrap();
    let picture: DynamicImage =
        RgbImage::from_fn(320, 200, |x, y| Rgb([shade(x, y), shade(y, x), 90])).into();
    let mut out = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut out), format)
        .unwrap();
    out
}

/// Sends these as the photographs of a page.
pub async fn send_these(browser: &Browser, files: [&[u8]; 3], consents: bool) -> Page {
    let page = browser.get("/account/level/photographs").await;
    let [main, registration, selfie] = files;
    let files = [
        ("passport_main", "../../etc/passwd", main),
        (
            "passport_registration",
            "<img src=x onerror=alert(1)>.jpg",
            registration,
        ),
        ("selfie", "selfie.jpg", selfie),
    ];
    let consent: &[(&str, &str)] = if consents {
        &[("photographs_consent", "yes")]
    } else {
        &[]
    };
    browser
        .upload(&page, "photographs-send", consent, &files)
        .await
}

/// Sends photographs of somebody whose data are checked.
pub async fn send(browser: &Browser) -> Page {
    let jpeg = picture(ImageFormat::Jpeg);
    let page = send_these(browser, [&jpeg, &jpeg, &picture(ImageFormat::Png)], true).await;
    assert_eq!(page.url.path(), "/account/level", "{}", page.body);
    page
}

/// Takes the oldest case at the desk.
pub async fn take(desk: &Browser) -> Page {
    let page = desk.get("/operator/photographs").await;
    assert_eq!(page.status, 200, "{}", page.body);
    desk.submit(&page, "photographs-take", &[]).await
}

/// The addresses of the pictures on the page of a case.
pub fn pictures(page: &Page) -> Vec<String> {
    page.body
        .split("<img src=\"/operator")
        .skip(1)
        .map(|rest| format!("/operator{}", rest.split('"').next().unwrap()))
        .collect()
}

async fn standard(app: &TestApp) -> Browser {
    let citizen = signed_in(app, ANNA).await;
    // Nobody is compared before the data are checked.
    assert!(!citizen.get("/account/level").await.has("#photographs"));
    let page = citizen.get("/account/level/photographs").await;
    assert_eq!(page.url.path(), "/account/level");
    become_standard(app, &citizen, &[]).await;
    citizen
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_compares_photographs_and_the_account_is_verified() {
    let app = TestApp::start().await;
    let citizen = standard(&app).await;
    let page = send(&citizen).await;
    assert!(page.text("#photographs-state").unwrap().contains("ждут"));
    assert!(!page.has("#photographs-open"));
    // Sending again while they wait changes nothing.
    assert_eq!(
        citizen.get("/account/level/photographs").await.url.path(),
        "/account/level"
    );

    let desk = signed_in(&app, OPERATOR).await;
    let page = desk.get("/operator/photographs").await;
    assert!(page.text("#photographs-count").unwrap().contains('1'));
    let page = take(&desk).await;
    for shown in ["Соколова", "24.03.1990", "00 01 000300"] {
        assert!(page.body.contains(shown), "{shown}");
    }
    let shown = pictures(&page);
    assert_eq!(shown.len(), 3);
    let (answer, bytes) = desk.bytes(&shown[0]).await;
    assert_eq!(answer.headers["content-type"], "image/jpeg");
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert!(
        answer.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .starts_with("sandbox")
    );
    assert_eq!(image::load_from_memory(&bytes).unwrap().width(), 320);

    // Half a comparison is none.
    let page = desk
        .submit(&page, "photographs-confirm", &EVERYTHING[..4])
        .await;
    assert!(
        page.text("#compared-problem").unwrap().contains("паспорта"),
        "{}",
        page.body
    );
    let page = desk.submit(&page, "photographs-confirm", &EVERYTHING).await;
    assert!(page.has("#photographs-done"), "{}", page.body);
    assert!(standing(&citizen).await.0.starts_with("Подтверждённый"));
    assert_eq!(app.database.count("select count(*) from files").await, 0);
    let journal = citizen.get("/account/journal").await;
    for line in [
        "Фотографии отправлены",
        "открыл фотографии",
        "подтверждена по фотографиям",
        "Мои документы",
    ] {
        assert!(journal.body.contains(line), "{line}");
    }

    // A relying party reads how it was proven.
    let portal = RelyingParty::new(&app, "portal");
    let claims = json!({ "userinfo": { "verified_claims": {
        "verification": {
            "trust_framework": null, "assurance_level": null,
            "evidence": [{ "type": { "value": "document" }, "check_details": [{ "check_method": null }] }],
        },
        "claims": { "given_name": null, "birthdate": null },
    } } });
    let claims = claims.to_string();
    let asked = [("scope", "openid"), ("claims", claims.as_str())];
    let tokens = portal.tokens(&citizen, ANNA, &asked).await;
    let found = portal.userinfo(&tokens.access).await.json()["verified_claims"].clone();
    assert_eq!(found["verification"]["assurance_level"], "verified");
    assert_eq!(
        found["verification"]["evidence"][0]["check_details"],
        json!([{ "check_method": "vri" }, { "check_method": "pvr" }])
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_photograph_is_named_beside_its_field() {
    let app = TestApp::start().await;
    let citizen = standard(&app).await;
    let jpeg = picture(ImageFormat::Jpeg);
    let mut large = jpeg.clone();
    large.resize(7 * 1024 * 1024, 0);
    let page = send_these(&citizen, [&large, b"<html>", b""], false).await;
    for (field, text) in [
        ("passport_main", "5 МБ"),
        ("passport_registration", "не фотография JPEG"),
        ("selfie", "Выберите файл"),
        ("photographs_consent", "согласия"),
    ] {
        let problem = page.text(&format!("#{field}-problem"));
        assert!(
            problem
                .as_deref()
                .is_some_and(|problem| problem.contains(text)),
            "{field}: {problem:?}"
        );
        let described = page
            .attribute(&format!("#{field}"), "aria-describedby")
            .unwrap();
        assert!(
            described.contains(&format!("{field}-problem")),
            "{described}"
        );
    }
    assert!(!page.body.contains("onerror") && !page.body.contains("passwd"));
    // What was ticked stays ticked.
    let page = send_these(&citizen, [b"", b"", b""], true).await;
    assert!(page.has("#photographs_consent[checked]"));
    assert_eq!(app.database.count("select count(*) from files").await, 0);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_tells_why_and_photographs_are_kept_as_long_as_the_settings_say() {
    let app = TestApp::start_with(|config| {
        config["photographs"] = json!({ "keep_days": 2, "wait_days": 30 });
    })
    .await;
    let citizen = standard(&app).await;
    send(&citizen).await;
    let desk = signed_in(&app, OPERATOR).await;
    let page = take(&desk).await;
    let page = desk
        .submit(&page, "photographs-refuse", &[("reason", " ")])
        .await;
    assert!(page.has("#reason-problem"));
    let page = desk
        .submit(&page, "photographs-refuse", &[("reason", "Лица не видно")])
        .await;
    assert!(page.has("#photographs-done"), "{}", page.body);
    let page = citizen.get("/account/level").await;
    assert!(
        page.text("#photographs .notice-danger")
            .unwrap()
            .contains("Лица не видно")
    );
    assert!(page.has("#photographs-open"));
    let files = "select count(*) from files";
    assert_eq!(app.database.count(files).await, 3);
    app.advance(2 * 24 * 3600 - 1).await;
    assert_eq!(
        app.app
            .storage
            .erase_photographs(app.now(), 10)
            .await
            .unwrap(),
        0
    );
    app.advance(1).await;
    assert_eq!(
        app.app
            .storage
            .erase_photographs(app.now(), 10)
            .await
            .unwrap(),
        1
    );
    assert_eq!(app.database.count(files).await, 0);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn photographs_that_wait_may_be_taken_back() {
    let app = TestApp::start().await;
    let citizen = standard(&app).await;
    let page = send(&citizen).await;
    let desk = signed_in(&app, OPERATOR).await;
    let case = take(&desk).await;
    let page = citizen.submit(&page, "photographs-withdraw", &[]).await;
    assert!(page.has("#photographs-open"), "{}", page.body);
    assert_eq!(app.database.count("select count(*) from files").await, 0);
    // Whoever looked at them decides nothing any more.
    let page = desk.submit(&case, "photographs-confirm", &EVERYTHING).await;
    assert!(page.has("#photographs-lost"), "{}", page.body);
    assert_eq!(desk.get_once(&pictures(&case)[0]).await.status, 404);
    assert!(standing(&citizen).await.0.starts_with("Стандартный"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn photographs_nobody_looked_at_are_destroyed_and_the_citizen_is_told() {
    let app = TestApp::start().await;
    let citizen = standard(&app).await;
    send(&citizen).await;
    app.advance(30 * 24 * 3600 - 1).await;
    app.upkeep().await;
    assert_eq!(app.database.count("select count(*) from files").await, 3);
    app.advance(1).await;
    app.upkeep().await;
    assert_eq!(app.database.count("select count(*) from files").await, 0);
    let citizen = signed_in(&app, ANNA).await;
    let page = citizen.get("/account/level").await;
    assert!(
        page.text("#photographs-state")
            .unwrap()
            .contains("время вышло"),
        "{}",
        page.body
    );
    let notices = citizen.get("/account/notices").await;
    assert!(notices.body.contains("удалены без решения"));
    send(&citizen).await;
    app.end().await;
}
