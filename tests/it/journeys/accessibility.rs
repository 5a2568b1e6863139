//! axe finds no violation on any page, in both languages and at both widths,
//! and no page is wider than its window.

use serde_json::Value;

use super::chromium::Chromium;
use super::demonstration::Demonstration;
use crate::support::qr;

/// Pages anyone sees.
const OPEN: &[&str] = &[
    "/",
    "/sign-in",
    "/sign-in/code",
    "/device",
    "/device?user_code=WDJB-MJHT",
    "/register",
    "/agreements/terms",
    "/agreements/privacy",
    "/no-such-page",
    "/not-me?ticket=dead",
    "/not-me/later",
    "/unfreeze",
    "/recover",
    "/recover?over=yes",
    "/recover/cancel?ticket=dead",
    "/recover/form",
    "/recover/form?taken=yes",
    "/recover/form/sent?number=0123456789",
    "/recover/form/cancel?ticket=dead",
    "/sign-in?recovered=yes",
];

/// Pages of the cabinet.
const CABINET: &[&str] = &[
    "/account",
    "/account/profile",
    "/account/profile/edit",
    "/account/level",
    "/account/level/data",
    "/account/documents",
    "/account/documents/new/foreign_passport",
    "/account/contacts",
    "/account/security",
    "/account/delete",
    "/account/export",
    "/account/freeze",
    "/account/recovery",
    "/account/security/trusted",
    "/account/trusted",
    "/account/history",
    "/account/consents",
    "/account/journal",
    "/account/notices",
    "/account/notices/settings",
    "/account/notices/browsers",
    "/account/support",
    "/sign-out",
];

async fn check(browser: &Chromium, axe: &str, page: &str, found: &mut Vec<String>) {
    browser.driver.execute(axe, vec![]).await.unwrap();
    let result = browser
        .driver
        .execute_async(
            "const done = arguments[arguments.length - 1];
             axe.run(document, { resultTypes: ['violations'] }).then(
               (found) => done({
                 wide: document.documentElement.scrollWidth > window.innerWidth,
                 violations: found.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html).join(' | ')),
               }),
               (error) => done({ wide: false, violations: [String(error)] }));",
            vec![],
        )
        .await
        .unwrap();
    let result: &Value = result.json();
    if result["wide"] == true {
        found.push(format!("{page}: wider than its window"));
    }
    for violation in result["violations"].as_array().unwrap() {
        found.push(format!("{page}: {}", violation.as_str().unwrap()));
    }
}

/// Looks at the page that a browser shows.
pub async fn look_at(browser: &Chromium, page: &str) {
    let mut found = Vec::new();
    check(browser, &axe(), page, &mut found).await;
    assert!(found.is_empty(), "{found:#?}");
}

fn axe() -> String {
    std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/peers/node_modules/axe-core/axe.min.js"),
    )
    .expect("axe-core is installed (bin/test installs it)")
}

async fn look_at_everything(width: u32, lang: &str) {
    let axe = axe();
    let matched = if lang == "ru" {
        "совпало"
    } else {
        "matched"
    };
    let demo = Demonstration::start().await;
    let browser = Chromium::open(width, lang).await;
    let mut found = Vec::new();
    for page in OPEN {
        browser.open_page(&format!("{}{page}", demo.issuer)).await;
        check(&browser, &axe, page, &mut found).await;
    }
    // Wrong forms: every field named.
    browser
        .open_page(&format!("{}/register", demo.issuer))
        .await;
    browser.press("register-submit").await;
    check(&browser, &axe, "/register, wrong", &mut found).await;
    browser.fill("family_name", "Ким").await;
    browser.fill("given_name", "Мария").await;
    browser.fill("contact", "masha@example.ru").await;
    browser.press("terms").await;
    browser.press("privacy").await;
    browser.press("register-submit").await;
    browser.fill("code", "000000").await;
    browser.press("code-submit").await;
    check(&browser, &axe, "/register/code, wrong", &mut found).await;
    let here = browser.driver.current_url().await.unwrap();
    browser
        .open_page(&format!("{}/demo/messages", demo.issuer))
        .await;
    let code = browser.text_of_class("message-code").await;
    check(&browser, &axe, "/demo/messages", &mut found).await;
    browser.open_page(here.as_str()).await;
    browser.fill("code", &code).await;
    browser.press("code-submit").await;
    browser.fill("password", "Abcdefg1").await;
    browser.press("password-submit").await;
    browser.find("password-meter").await;
    check(&browser, &axe, "/register/password, wrong", &mut found).await;
    // Recovering access.
    let page = format!("{}/recover", demo.issuer);
    browser.open_page(&page).await;
    browser.press("recover-submit").await;
    browser.find("username-problem").await;
    check(&browser, &axe, "/recover, wrong", &mut found).await;
    browser.fill("username", "+79005550103").await;
    browser.press("recover-submit").await;
    browser.fill("code", "000000").await;
    browser.press("code-submit").await;
    browser.find("code-problem").await;
    check(&browser, &axe, "/recover/code, wrong", &mut found).await;
    // Through a bank: what it says, its ticks, and what was not accepted.
    let page = format!("{}/register", demo.issuer);
    browser.open_page(&page).await;
    browser.press("bank-volga").await;
    browser.press("client-vera").await;
    browser.press("assertion-register").await;
    browser.find("terms-problem").await;
    check(&browser, &axe, "/assertion, wrong", &mut found).await;
    let page = format!("{}/bank/volga/callback", demo.issuer);
    browser.open_page(&page).await;
    check(&browser, &axe, "/bank/volga/callback", &mut found).await;
    // By a signature: the three steps, and what was not accepted.
    browser.open_page(&format!("{}/sign-in", demo.issuer)).await;
    browser.press("signature-begin").await;
    check(&browser, &axe, "/signature", &mut found).await;
    browser.fill("signature", "none").await;
    browser.press("signature-send").await;
    check(&browser, &axe, "/signature, wrong", &mut found).await;
    // By a QR code, and without a password.
    browser.open_page(&format!("{}/sign-in", demo.issuer)).await;
    browser.press("sign-in-qr").await;
    browser.find("qr-number").await;
    check(&browser, &axe, "/sign-in/qr", &mut found).await;
    let link = qr::read_page(&browser.driver.source().await.unwrap());
    let page = format!("{}/sign-in/code", demo.issuer);
    browser.open_page(&page).await;
    browser.press("code-begin").await;
    check(&browser, &axe, "/sign-in/code, wrong", &mut found).await;
    browser.fill("snils", "087-654-303 00").await;
    browser.fill("phone", "+7 900 999-99-99").await;
    browser.press("code-begin").await;
    browser.find("code-enter").await;
    check(&browser, &axe, "/sign-in/code/enter", &mut found).await;
    // The way through a portal.
    browser.open_page(&demo.portals[0]).await;
    browser.press("login").await;
    browser.fill("username", "+79005550103").await;
    browser.fill("password", "wrong").await;
    browser.press("login-submit").await;
    browser.find("sign-in-bad").await;
    check(&browser, &axe, "/sign-in, wrong", &mut found).await;
    browser.fill("password", "Propusk-2026!").await;
    browser.press("login-submit").await;
    browser.find("consent-allow").await;
    check(&browser, &axe, "/consent", &mut found).await;
    browser.press("consent-allow").await;
    browser.find("person-name").await;
    check(&browser, &axe, "the portal", &mut found).await;
    browser.open_page(&link).await;
    browser.find("approve-refuse").await;
    check(&browser, &axe, "/approve", &mut found).await;
    browser.press("approve-refuse").await;
    check(&browser, &axe, "/approve, refused", &mut found).await;
    for page in CABINET {
        browser.open_page(&format!("{}{page}", demo.issuer)).await;
        check(&browser, &axe, page, &mut found).await;
    }
    // The bank still knows Vera, who is not the one signed in here.
    browser
        .open_page(&format!("{}/account/level", demo.issuer))
        .await;
    browser.press("bank-volga").await;
    browser.find("assertion-mismatch").await;
    check(&browser, &axe, "/assertion, mismatch", &mut found).await;
    browser
        .open_page(&format!("{}/account/consents", demo.issuer))
        .await;
    let card = "a[href*='/account/consents/']";
    let card = browser
        .driver
        .find(thirtyfour::By::Css(card))
        .await
        .unwrap();
    card.click().await.unwrap();
    check(&browser, &axe, "/account/consents/…", &mut found).await;
    // Data that are wrong, then sent; and the desk of a service centre.
    let page = format!("{}/account/level/data", demo.issuer);
    browser.open_page(&page).await;
    browser.press("lives_there").await;
    browser.press("level-data-send").await;
    check(&browser, &axe, "/account/level/data, wrong", &mut found).await;
    browser.press("lives_there").await;
    super::levels::send(&browser, &[]).await;
    browser.find("check-state").await;
    check(&browser, &axe, "/account/level, under way", &mut found).await;
    super::levels::until(&browser, "check-state", matched).await;
    browser.press("centre-request").await;
    let number = browser.text("centre-number").await;
    check(&browser, &axe, "/account/level, centre", &mut found).await;
    browser.press("letter-order").await;
    browser.find("letter-state").await;
    check(&browser, &axe, "/account/level, letter", &mut found).await;
    let desk = Chromium::open(width, lang).await;
    desk.open_page(&format!("{}/operator", demo.issuer)).await;
    super::levels::sign_in(&desk, "+79005550109").await;
    desk.press("desk-open").await;
    check(&desk, &axe, "/operator, wrong", &mut found).await;
    desk.fill("number", &number).await;
    desk.press("desk-open").await;
    check(&desk, &axe, "/operator/case", &mut found).await;
    desk.press("case-confirm").await;
    check(&desk, &axe, "/operator/case, wrong", &mut found).await;
    desk.press("desk-letters").await;
    check(&desk, &axe, "/operator/letters", &mut found).await;
    desk.press("letters-print").await;
    desk.find("letters-pdf").await;
    check(&desk, &axe, "/operator/letters/…", &mut found).await;
    let letter = desk.text_of_class("letter-number").await;
    desk.press(&format!("letter-post-{letter}")).await;
    check(&desk, &axe, "/operator/letters/…, wrong", &mut found).await;
    desk.fill("track", "80108312345676").await;
    desk.press(&format!("letter-post-{letter}")).await;
    desk.find(&format!("letter-return-{letter}")).await;
    browser
        .open_page(&format!("{}/account/level", demo.issuer))
        .await;
    browser.press("letter-code-send").await;
    browser.find("letter-code-problem").await;
    check(&browser, &axe, "/account/level, code wrong", &mut found).await;
    desk.open_page(&format!("{}/operator", demo.issuer)).await;
    desk.fill("number", &number).await;
    desk.press("desk-open").await;
    for field in crate::levels::centre::EVERYTHING {
        desk.press(&format!("compared-{}", field.1)).await;
    }
    desk.press("case-code").await;
    desk.find("code-sheet-code").await;
    check(&desk, &axe, "/operator/case/code", &mut found).await;
    desk.close().await;
    super::files::look(&browser, &demo.issuer, async |what| {
        check(&browser, &axe, what, &mut found).await;
    })
    .await;
    let desk = Chromium::open(width, lang).await;
    desk.open_page(&format!("{}/operator/photographs", demo.issuer))
        .await;
    super::levels::sign_in(&desk, "+79005550109").await;
    desk.press("desk-photographs").await;
    desk.find("photographs-take").await;
    check(&desk, &axe, "/operator/photographs, queue", &mut found).await;
    desk.press("photographs-take").await;
    desk.press("photographs-confirm").await;
    desk.find("compared-problem").await;
    check(&desk, &axe, "/operator/photographs, wrong", &mut found).await;
    desk.press("desk-papers").await;
    check(&desk, &axe, "/operator/papers", &mut found).await;
    desk.press("papers-register").await;
    desk.find("agreed-problem").await;
    check(&desk, &axe, "/operator/papers, wrong", &mut found).await;
    super::desk_papers::type_papers(&desk, "000-000-600 00").await;
    desk.press("agreed").await;
    desk.press("papers-register").await;
    let login = desk.text("login-sheet-login").await;
    let temporary = desk.text("login-sheet-password").await;
    check(&desk, &axe, "/operator/papers, printed", &mut found).await;
    desk.press("login-sheet-next").await;
    super::desk_papers::type_papers(&desk, "000-000-600 00").await;
    desk.press("agreed").await;
    desk.press("papers-register").await;
    desk.find("papers-reprint").await;
    check(&desk, &axe, "/operator/papers, has one", &mut found).await;
    let visitor = Chromium::open(width, lang).await;
    visitor.open_page(&format!("{}/sign-in", demo.issuer)).await;
    visitor.fill("username", &login).await;
    visitor.fill("password", &temporary).await;
    visitor.press("login-submit").await;
    visitor.find("password-submit").await;
    check(&visitor, &axe, "/password/renew, temporary", &mut found).await;
    visitor.close().await;
    desk.close().await;
    // The registry is wrong: the card, the desk, and the second operator.
    browser
        .open_page(&format!("{}/account/level/data", demo.issuer))
        .await;
    super::levels::send(&browser, &[("passport", "0001 000301")]).await;
    browser.find("override-request").await;
    check(&browser, &axe, "/account/level, mismatch", &mut found).await;
    browser.press("override-request").await;
    let number = browser.text("override-number").await;
    super::overrides::look(&demo, (width, lang), &number, async |desk, what| {
        check(desk, &axe, what, &mut found).await;
    })
    .await;
    browser
        .open_page(&format!("{}/account/level", demo.issuer))
        .await;
    browser.find("override-waiting").await;
    check(&browser, &axe, "/account/level, proposed", &mut found).await;
    // Help, and the desk of support.
    let page = format!("{}/account/support", demo.issuer);
    browser.open_page(&page).await;
    browser.press("support-send").await;
    browser.find("message-problem").await;
    check(&browser, &axe, "/account/support, wrong", &mut found).await;
    super::support::ask(&browser, "Слово").await;
    check(&browser, &axe, "/account/support/…", &mut found).await;
    let here = browser.driver.current_url().await.unwrap();
    let request = here.path().rsplit('/').next().unwrap().to_owned();
    let locked = Chromium::open(width, lang).await;
    locked.open_page(&format!("{}/sign-in", demo.issuer)).await;
    for _ in 0..5 {
        locked.fill("username", "+79005550102").await;
        locked.fill("password", "wrong").await;
        locked.press("login-submit").await;
    }
    let block = locked.text("block-number").await;
    check(&locked, &axe, "/sign-in, locked", &mut found).await;
    locked.close().await;
    let desk = Chromium::open(width, lang).await;
    desk.open_page(&format!("{}/operator", demo.issuer)).await;
    super::levels::sign_in(&desk, "+79005550107").await;
    desk.find(&format!("take-{request}")).await;
    check(&desk, &axe, "/operator/support/requests", &mut found).await;
    desk.press(&format!("take-{request}")).await;
    desk.press("request-answer").await;
    desk.find("message-problem").await;
    check(&desk, &axe, "/operator/support/requests/…", &mut found).await;
    desk.press("desk-locks").await;
    desk.press("lock-open").await;
    desk.find("number-problem").await;
    check(&desk, &axe, "/operator/support, wrong", &mut found).await;
    desk.fill("number", &block).await;
    desk.press("lock-open").await;
    desk.press("lock-lift").await;
    desk.find("identified-problem").await;
    check(&desk, &axe, "/operator/support/lock, wrong", &mut found).await;
    desk.close().await;
    // A weak password: the meter and its advice.
    let page = format!("{}/account/security", demo.issuer);
    browser.open_page(&page).await;
    browser.press("password-open").await;
    browser.fill("password", "Abcdefg1").await;
    browser.press("password-submit").await;
    browser.find("password-meter").await;
    check(&browser, &axe, "/account/security, wrong", &mut found).await;
    browser.close().await;
    demo.stop().await;
    assert!(found.is_empty(), "{lang} {width}:\n{}", found.join("\n"));
}

#[tokio::test]
async fn journey_accessible_in_russian_on_a_phone() {
    look_at_everything(390, "ru").await;
}

#[tokio::test]
async fn journey_accessible_in_english_on_a_desk() {
    look_at_everything(1280, "en").await;
}
