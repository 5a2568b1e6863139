//! Row 56: the log of the real program, at its most talkative, through a
//! registration, a sign-in, tokens and mistakes. None of it may name a person
//! or hold a secret.

use serde_json::{Value, json};

use crate::architecture::secret_prefixes;
use crate::support::RelyingParty;
use crate::support::database::TestDatabase;
use crate::support::gateway::SmsGateway;
use crate::support::process::Program;
use crate::support::relying_party::clients;
use crate::support::steps::{
    NEW_PASSWORD, begin_registration, choose_password, confirm_code, sign_in,
};

const PHONE: &str = "+79005550570";

#[tokio::test]
async fn attack_56_the_log_holds_no_secret_and_no_personal_datum() {
    let database = TestDatabase::create().await;
    let gateway = SmsGateway::start().await;
    let config = json!({
        "clients": clients(),
        "sms": gateway.settings(),
        "log": { "format": "json", "level": "debug" },
    });
    let program = Program::start(&database.folder, &database.url, config).await;
    let browser = program.browser();
    let page = begin_registration(&browser, PHONE).await;
    // A code that arrives late, so that failures are logged too.
    let code = gateway.code_for(PHONE).await;
    browser
        .submit(&page, "code-submit", &[("code", "000001")])
        .await;
    let page = confirm_code(&browser, &page, &code).await;
    let mut steps = vec![page.url.clone()];
    choose_password(&browser, &page, NEW_PASSWORD).await;
    let portal = RelyingParty::at(&program.url, "portal");
    let scope = [
        ("scope", "openid profile phone offline_access"),
        ("login_hint", PHONE),
    ];
    let sent = portal.enter(&browser, PHONE, &scope).await;
    steps.extend(sent.passed.clone());
    let grant = sent.sent("code").unwrap();
    let tokens = portal.redeem(&grant).await.json();
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    portal.userinfo(&text("access_token")).await;
    portal.introspect(&text("access_token")).await;
    let renewed = portal.refreshed(&text("refresh_token")).await;
    // Mistakes: they are where logs begin to talk.
    portal.redeem(&grant).await.refuses("invalid_grant");
    portal.userinfo("eyJub3QiOiJhIHRva2VuIn0").await;
    let stranger = program.browser();
    sign_in(&stranger, PHONE, "Guess-Of-A-Stranger-1!").await;
    stranger
        .get("/sign-in?flow=forged-flow-value&token=query-token-value")
        .await;
    stranger
        .get(&format!(
            "/register/link?token=link-token-value&phone={PHONE}"
        ))
        .await;
    // Links that hold a secret, and steps that keep one in their address.
    for path in [
        "/approve?ask=ppo_",
        "/not-me?ticket=ppn_",
        "/recover/cancel?ticket=ppq_",
    ] {
        stranger.get(&format!("{path}link-of-a-message")).await;
    }
    let page = stranger.get("/sign-in").await;
    steps.push(stranger.submit(&page, "sign-in-qr", &[]).await.url);
    let page = stranger.get("/recover").await;
    let typed = [("username", PHONE)];
    steps.push(stranger.submit(&page, "recover-submit", &typed).await.url);
    let page = stranger.get("/sign-in/code").await;
    let typed = [("snils", "112-233-445 95"), ("phone", PHONE)];
    steps.push(stranger.submit(&page, "code-begin", &typed).await.url);
    let cookies = ["propusk_session", "propusk_browser", "propusk_device"];
    let cookies = cookies.map(|name| browser.cookie(name).unwrap());
    let log = program.log();
    program.stop().await;

    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    // The log is there, and talkative.
    assert!(
        lines
            .iter()
            .any(|line| line["route"] == "/oauth/token" && line["status"] == 200),
        "{log}"
    );
    assert!(lines.iter().any(|line| line["level"] == "DEBUG"), "{log}");
    let mut secrets: Vec<String> = [
        code.as_str(),
        "000001",
        &PHONE[1..],
        &PHONE[2..],
        "Громова",
        "Вера",
        NEW_PASSWORD,
        "Korabl",
        "Guess-Of-A",
        &grant,
        &text("access_token"),
        &text("id_token"),
        &text("refresh_token"),
        &renewed.access,
        portal.secret.as_deref().unwrap(),
        "forged-flow-value",
        "query-token-value",
        "link-token-value",
        "link-of-a-message",
        "11223344595",
        "112-233",
        "Firefox",
        "eyJ",
    ]
    .map(str::to_owned)
    .to_vec();
    secrets.extend(secret_prefixes());
    secrets.extend(cookies);
    for step in &steps {
        secrets.extend(
            step.query_pairs()
                .map(|(_, value)| value.into_owned())
                .filter(|value| value.len() > 8),
        );
    }
    for mut line in lines {
        // Its digits mean nothing.
        line.as_object_mut().unwrap().remove("timestamp");
        let line = line.to_string();
        for secret in &secrets {
            assert!(
                !line.contains(secret.as_str()),
                "{secret} stands in the log: {line}"
            );
        }
    }
    database.delete().await;
}
