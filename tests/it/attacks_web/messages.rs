//! Row 41: words of strangers in mails and SMS, as the gateways get them.

use super::refused;
use crate::support::app::{ANNA, PASSWORD};
use crate::support::gateway::SmsGateway;
use crate::support::mail_server::MailServer;
use crate::support::steps::{begin_registration, sign_in};
use crate::support::{Page, TestApp};

async fn register(app: &TestApp, fields: &[(&str, &str)]) -> Page {
    let browser = app.browser();
    let page = browser.get("/register").await;
    let mut all = vec![
        ("family_name", "Громова"),
        ("given_name", "Вера"),
        ("contact", "message.attack@example.ru"),
        ("terms", "yes"),
        ("privacy", "yes"),
    ];
    for (name, value) in fields {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    browser.submit(&page, "register-submit", &all).await
}

#[tokio::test]
async fn attack_41_no_address_begins_a_header_or_a_second_mail() {
    let app = TestApp::start().await;
    for contact in [
        "a@example.ru\r\nBcc: evil@example.ru",
        "a@example.ru\nSubject: x",
        "a@example.ru, evil@example.ru",
        "a@example.ru;evil@example.ru",
        "<a@example.ru>",
        "\"a\r\n\"@example.ru",
        "a@example.ru%0d%0aBcc:evil@example.ru",
        "a@example.ru\0",
        "a b@example.ru",
        "a@[127.0.0.1]",
        "a@localhost",
        "+79005550541,+79005550542",
        "+79005550541\n+79005550542",
    ] {
        let page = register(&app, &[("contact", contact)]).await;
        assert!(
            page.has("#contact-problem"),
            "{contact:?}: {} {}",
            page.url,
            page.body
        );
    }
    for name in ["family_name", "given_name", "middle_name"] {
        let page = register(&app, &[(name, "Вера\r\nBcc: evil@example.ru")]).await;
        assert!(
            page.has(&format!("#{name}-problem")),
            "{name}: {}",
            page.body
        );
    }
    app.deliver().await;
    assert!(
        app.capture.messages().is_empty(),
        "{:?}",
        app.capture.messages()
    );
    app.end().await;
}

#[tokio::test]
async fn attack_41_a_mail_has_our_headers_and_our_links_only() {
    let mail_server = MailServer::start().await;
    let app = TestApp::start_with(|config| config["smtp"] = mail_server.settings()).await;
    let hostile = app
        .browser()
        .with_header(
            "user-agent",
            "<a href=https://evil.example>Firefox</a> https://evil.example Firefox/1",
        )
        .with_header("host", "evil.example");
    begin_registration(&hostile, "message.attack@example.ru").await;
    let mail = mail_server.arrived("message.attack@example.ru").await;
    assert_eq!(mail.to, ["message.attack@example.ru"]);
    let names: Vec<&str> = mail
        .headers()
        .lines()
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split(':').next().unwrap())
        .collect();
    let mut expected = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "Content-Language",
        "MIME-Version",
        "Content-Type",
    ]
    .to_vec();
    for name in &names {
        let at = expected.iter().position(|known| known == name);
        expected.remove(at.unwrap_or_else(|| panic!("{name} in {}", mail.headers())));
    }
    for part in mail.parts() {
        for address in part.split("http").skip(1) {
            assert!(format!("http{address}").starts_with(&app.url), "{part}");
        }
    }
    app.end().await;
}

#[tokio::test]
async fn attack_41_a_device_is_told_in_plain_words() {
    let gateway = SmsGateway::start().await;
    let mail_server = MailServer::start().await;
    let app = TestApp::start_with(|config| {
        config["sms"] = gateway.settings();
        config["smtp"] = mail_server.settings();
    })
    .await;
    let hostile = app.browser().with_header(
        "user-agent",
        "</p><a href='https://evil.example'>нажмите</a>{{text}}\",\"to\":\"+79990000000 https://evil.example/",
    );
    sign_in(&hostile, ANNA, PASSWORD).await;
    // The warning of a new device goes out by whatever way is configured.
    app.contents().await;
    let mails = mail_server.mails();
    let texts: Vec<String> = gateway
        .taken()
        .into_iter()
        .map(|sms| {
            assert_eq!(sms.to, ANNA);
            sms.text
        })
        .chain(mails.iter().flat_map(|mail| mail.parts()))
        .collect();
    assert!(!texts.is_empty(), "somebody is warned");
    for text in texts {
        assert!(!text.contains("https://evil.example"), "{text}");
        assert!(!text.contains("<a href='https://evil"), "{text}");
        assert!(!text.contains("{{"), "{text}");
    }
    app.end().await;
}

/// Mail scanners open links; a link that is opened does nothing yet.
#[tokio::test]
async fn attack_41_a_forged_link_of_a_mail_is_told_as_dead() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/register/link?token=ppl_forged").await;
    assert!(!page.has("#link-confirm"), "{}", page.body);
    let csrf = browser
        .get("/sign-in")
        .await
        .attribute("input[name=csrf]", "value")
        .unwrap();
    let page = browser
        .post(
            "/register/link",
            &[("csrf", &csrf), ("token", "ppl_forged")],
        )
        .await;
    assert!(
        !page.has("#link-confirm") && page.status == 200,
        "{}",
        page.body
    );
    refused(
        &browser
            .post("/register/link", &[("token", "ppl_forged")])
            .await,
        403,
    );
    app.end().await;
}
