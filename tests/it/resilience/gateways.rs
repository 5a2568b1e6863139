//! A mail server or an SMS gateway that is away: no code is lost, the page says
//! what happens, and everything arrives once the gateway is back.

use std::time::Duration;

use crate::support::app::{ANNA, PASSWORD};
use crate::support::gateway::SmsGateway;
use crate::support::mail_server::MailServer;
use crate::support::steps::{
    NEW_PASSWORD, begin_registration, choose_password, confirm_code, sign_in,
};
use crate::support::{Browser, Page, TestApp};

const PHONE: &str = "+79005550700";
const MAIL: &str = "gateway@example.ru";

/// The page once it says (or no longer says) that messages are late.
async fn says_late(browser: &Browser, page: &Page, late: bool) -> Page {
    for _ in 0..500 {
        let page = browser.get(page.url.as_str()).await;
        if page.has(".notice-warning") == late {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the page never said whether messages are late ({late})");
}

#[tokio::test]
async fn a_code_waits_for_an_sms_gateway_that_is_away() {
    let mut gateway = SmsGateway::closed();
    let app = TestApp::start_with(|config| config["sms"] = gateway.settings()).await;
    let browser = app.browser();
    let page = begin_registration(&browser, PHONE).await;
    let page = says_late(&browser, &page, true).await;
    assert!(
        page.has("#code-submit"),
        "the code can be typed as soon as it comes"
    );
    // The gateway is back, and the next try is due.
    gateway.open().await;
    app.advance(7).await;
    let code = gateway.code_for(PHONE).await;
    let page = says_late(&browser, &page, false).await;
    let page = confirm_code(&browser, &page, &code).await;
    choose_password(&browser, &page, NEW_PASSWORD).await;
    app.deliver().await;
    assert_eq!(
        gateway
            .taken_for(PHONE)
            .iter()
            .filter(|sms| sms.text.contains(&code))
            .count(),
        1
    );
    app.end().await;
}

#[tokio::test]
async fn a_code_survives_a_gateway_that_is_out_of_order() {
    let gateway = SmsGateway::start().await;
    let app = TestApp::start_with(|config| config["sms"] = gateway.settings()).await;
    for (n, status) in [500, 503, 429, 401, 404].into_iter().enumerate() {
        gateway.answer_with(status);
        let phone = format!("+7900555071{n}");
        let browser = app.browser();
        let page = begin_registration(&browser, &phone).await;
        says_late(&browser, &page, true).await;
        gateway.answer_with(202);
        app.advance(7).await;
        let code = gateway.code_for(&phone).await;
        confirm_code(&browser, &page, &code).await;
        let taken = gateway.taken_for(&phone);
        assert_eq!(taken.len(), 1, "{status}: {taken:?}");
        assert_eq!(taken[0].key, taken[0].id, "the gateway can tell a repeat");
    }
    app.end().await;
}

/// A message that the gateway refuses for good is given up; the person asks
/// for another.
#[tokio::test]
async fn a_refused_message_does_not_end_the_registration() {
    let gateway = SmsGateway::start().await;
    let app = TestApp::start_with(|config| config["sms"] = gateway.settings()).await;
    gateway.answer_with(422);
    let browser = app.browser();
    let page = begin_registration(&browser, PHONE).await;
    while app.app.storage.outbox_waiting().await.unwrap().0 > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    gateway.answer_with(202);
    app.advance(61).await;
    let page = browser.submit(&page, "code-resend", &[]).await;
    let code = gateway.code_for(PHONE).await;
    confirm_code(&browser, &page, &code).await;
    app.expect_errors(1);
    app.end().await;
}

#[tokio::test]
async fn a_code_waits_for_a_mail_server_that_is_away() {
    let mut mail_server = MailServer::closed();
    let app = TestApp::start_with(|config| config["smtp"] = mail_server.settings()).await;
    let browser = app.browser();
    let page = begin_registration(&browser, MAIL).await;
    says_late(&browser, &page, true).await;
    mail_server.open().await;
    app.advance(7).await;
    let mail = mail_server.arrived(MAIL).await;
    says_late(&browser, &page, false).await;
    // Its link is as good as it was.
    let other = app.browser();
    let page = other.get(&mail.link()).await;
    let page = other.submit(&page, "link-confirm", &[]).await;
    choose_password(&other, &page, NEW_PASSWORD).await;
    app.deliver().await;
    let same = mail_server
        .mails()
        .into_iter()
        .filter(|other| other.raw == mail.raw)
        .count();
    assert_eq!(same, 1);
    app.end().await;
}

/// Nobody is kept from signing in because a warning cannot be sent.
#[tokio::test]
async fn a_sign_in_does_not_wait_for_its_warning() {
    let mut gateway = SmsGateway::closed();
    let mut mail_server = MailServer::closed();
    let app = TestApp::start_with(|config| {
        config["sms"] = gateway.settings();
        config["smtp"] = mail_server.settings();
    })
    .await;
    let browser = app.browser();
    let page =
        tokio::time::timeout(Duration::from_secs(5), sign_in(&browser, ANNA, PASSWORD)).await;
    assert_eq!(
        page.expect("the sign-in is answered").url.path(),
        "/account"
    );
    let waiting = || async { app.app.storage.outbox_waiting().await.unwrap().0 };
    assert!(waiting().await >= 1);
    gateway.open().await;
    mail_server.open().await;
    app.advance(7).await;
    while waiting().await > 0 {
        app.deliver().await;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(gateway.taken().len() + mail_server.mails().len(), 1);
    app.end().await;
}

/// One gateway that hangs or is away delays no message of the other.
#[tokio::test]
async fn mail_does_not_wait_for_sms() {
    let gateway = SmsGateway::closed();
    let mail_server = MailServer::start().await;
    let app = TestApp::start_with(|config| {
        config["sms"] = gateway.settings();
        config["smtp"] = mail_server.settings();
    })
    .await;
    for n in 0..5 {
        begin_registration(&app.browser(), &format!("+7900555072{n}")).await;
    }
    let browser = app.browser();
    let page = begin_registration(&browser, MAIL).await;
    mail_server.arrived(MAIL).await;
    assert!(!browser.get(page.url.as_str()).await.has(".notice-warning"));
    // What never leaves is given up when its code has died, and says so in the
    // log.
    app.advance(700).await;
    while app.app.storage.outbox_waiting().await.unwrap().0 > 0 {
        app.deliver().await;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    app.expect_errors(5);
    app.end().await;
}
