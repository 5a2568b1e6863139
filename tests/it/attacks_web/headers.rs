//! Rows 27 to 30: what stands in headers, ours and those of a request. Frames,
//! foreign host names, forwarded addresses, line breaks.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{pages, refused};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::relying_party::claims;
use crate::support::steps::{begin_registration, sign_in, signed_in};
use crate::support::{Page, RelyingParty, TestApp};

#[track_caller]
fn cannot_be_framed(page: &Page) {
    let header = |name: &str| {
        let value = page
            .headers
            .get(name)
            .unwrap_or_else(|| panic!("{} has no {name}", page.url));
        value.to_str().unwrap()
    };
    assert_eq!(header("x-frame-options"), "DENY", "{}", page.url);
    let policy = header("content-security-policy");
    assert!(
        policy.contains("frame-ancestors 'none'"),
        "{}: {policy}",
        page.url
    );
    assert!(
        policy.contains("default-src 'none'"),
        "{}: {policy}",
        page.url
    );
    assert!(policy.contains("base-uri 'none'"), "{}: {policy}", page.url);
    assert!(!policy.contains("unsafe"), "{}: {policy}", page.url);
    assert_eq!(header("x-content-type-options"), "nosniff", "{}", page.url);
    assert_eq!(
        header("cross-origin-opener-policy"),
        "same-origin",
        "{}",
        page.url
    );
}

#[tokio::test]
async fn attack_27_no_page_lets_itself_be_framed() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let stranger = app.browser();
    for path in pages("get").iter().chain(&["/no/such/page".to_owned()]) {
        let path = path.replace("{id}", "1");
        cannot_be_framed(&browser.get_once(&path).await);
        cannot_be_framed(&stranger.get_once(&path).await);
        cannot_be_framed(&stranger.post_once(&path, &[]).await);
    }
    let portal = RelyingParty::new(&app, "portal");
    let sign_in = stranger.get(&portal.authorize_url(&[])).await;
    assert!(sign_in.has("#login-submit"));
    cannot_be_framed(&sign_in);
    let consent = browser.get(&portal.authorize_url(&[])).await;
    assert!(consent.has("#consent-allow"));
    cannot_be_framed(&consent);
    let form_post = browser.submit(&consent, "consent-allow", &[]).await;
    cannot_be_framed(&form_post);
    let posted = portal
        .enter(&browser, ANNA, &[("response_mode", "form_post")])
        .await;
    assert!(posted.has("#form-post-continue"));
    cannot_be_framed(&posted);
    cannot_be_framed(
        &browser
            .get(&portal.authorize_url(&[("client_id", "nobody")]))
            .await,
    );
    app.end().await;
}

/// Headers by which proxies, or attackers, name a host.
const HOSTS: [(&str, &str); 6] = [
    ("host", "evil.example"),
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-port", "666"),
    ("x-original-url", "https://evil.example/"),
    ("forwarded", "host=evil.example;proto=https"),
];

#[tokio::test]
async fn attack_28_a_host_of_the_request_is_believed_nowhere() {
    // Even of a proxy that is trusted for addresses.
    let app = TestApp::start_with(|config| {
        config["trusted_proxies"] = serde_json::json!(["127.0.0.0/8"]);
    })
    .await;
    let portal = RelyingParty::new(&app, "portal");
    for (header, value) in HOSTS {
        let browser = app.browser().with_header(header, value);
        let document = browser.get_once("/.well-known/openid-configuration").await;
        let document: serde_json::Value = serde_json::from_str(&document.body).unwrap();
        assert_eq!(document["issuer"], app.url, "{header}");
        assert!(!document.to_string().contains("evil"), "{header}");

        let to = browser.get_once(&portal.authorize_url(&[])).await;
        let to = to.headers["location"].to_str().unwrap();
        assert!(to.starts_with("/sign-in?flow="), "{header}: {to}");
        let page = browser.get("/sign-in").await;
        assert!(
            !page.body.contains("evil") && !page.body.contains("666"),
            "{header}"
        );
    }
    // A link in a mail, the one an attacker would like most.
    let poisoned = HOSTS.iter().fold(app.browser(), |browser, (name, value)| {
        browser.with_header(name, value)
    });
    begin_registration(&poisoned, "host.attack@example.ru").await;
    let mail = app.last_message("host.attack@example.ru").await;
    assert!(
        mail.link
            .unwrap()
            .starts_with(&format!("{}/register/link?token=", app.url))
    );
    assert!(!mail.text.contains("evil"), "{}", mail.text);
    // And what tokens say.
    let tokens = portal.tokens(&poisoned, ANNA, &[]).await;
    assert_eq!(claims(&tokens.access)["iss"], app.url);
    assert_eq!(tokens.id_claims()["iss"], app.url);
    app.end().await;
}

async fn wrong_password(app: &TestApp, forwarded: &str) -> Page {
    let browser = app
        .browser()
        .with_header("x-forwarded-for", forwarded)
        .with_header("x-real-ip", forwarded)
        .with_header("forwarded", &format!("for={forwarded}"))
        .with_header("cf-connecting-ip", forwarded);
    sign_in(
        &browser,
        &format!("nobody-{forwarded}@example.ru"),
        "Wrong-2026!",
    )
    .await
}

#[tokio::test]
async fn attack_29_a_made_up_address_does_not_pass_a_limit() {
    let app = TestApp::start_with(|config| {
        config["limits"]["wrong_passwords_per_address"] = 3.into();
    })
    .await;
    for n in 1..=3 {
        assert_eq!(
            wrong_password(&app, &format!("203.0.113.{n}")).await.status,
            200
        );
    }
    let page = wrong_password(&app, "203.0.113.99").await;
    assert_eq!(page.status, 429, "{}", page.body);
    assert!(page.headers.contains_key("retry-after"));
    app.end().await;
}

#[tokio::test]
async fn attack_29_behind_a_proxy_only_what_the_proxy_saw_counts() {
    let app = TestApp::start_with(|config| {
        config["trusted_proxies"] = serde_json::json!(["127.0.0.0/8"]);
        config["limits"]["wrong_passwords_per_address"] = 3.into();
    })
    .await;
    // What stands to the left of the last address is the client's own word.
    for n in 1..=3 {
        let page = wrong_password(&app, &format!("198.51.100.{n}, 203.0.113.7")).await;
        assert_eq!(page.status, 200);
    }
    assert_eq!(
        wrong_password(&app, "198.51.100.9, 203.0.113.7")
            .await
            .status,
        429
    );
    assert_eq!(wrong_password(&app, "203.0.113.8").await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn attack_29_the_history_shows_who_really_connected() {
    let app = TestApp::start().await;
    let browser = app.browser().with_header("x-forwarded-for", "203.0.113.77");
    sign_in(&browser, ANNA, PASSWORD).await;
    for path in ["/account/history", "/account/journal", "/account/security"] {
        let page = browser.get(path).await;
        assert!(page.body.contains("127.0.0.1"), "{path}: {}", page.body);
        assert!(!page.body.contains("203.0.113.77"), "{path}");
    }
    app.end().await;
}

const BREAK: &str = "x\r\nX-Injected: 1\r\n\r\n<b>";

#[track_caller]
fn not_injected(page: &Page) {
    assert!(
        !page.headers.contains_key("x-injected"),
        "{}: {:?}",
        page.url,
        page.headers
    );
    assert_ne!(page.status, 500, "{}: {}", page.url, page.body);
}

#[tokio::test]
async fn attack_30_a_line_break_starts_no_header() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = signed_in(&app, ANNA).await;
    portal.code(&browser, ANNA, &[]).await;
    for name in [
        "state",
        "nonce",
        "login_hint",
        "ui_locales",
        "redirect_uri",
        "scope",
        "prompt",
        "claims",
    ] {
        for mode in ["query", "fragment", "form_post"] {
            let url = portal.authorize_url(&[(name, BREAK), ("response_mode", mode)]);
            not_injected(&browser.get_once(&url).await);
            not_injected(&app.browser().get(&url).await);
        }
    }
    // The state comes back as it was, and harmless.
    let page = browser
        .get_once(&portal.authorize_url(&[("state", BREAK)]))
        .await;
    assert_eq!(page.sent("state").unwrap(), BREAK);
    assert!(
        page.headers["location"]
            .to_str()
            .unwrap()
            .contains("%0D%0A")
    );
    for path in [
        "/sign-in?flow=x%0d%0aX-Injected:1",
        "/sign-in?to=x%0d%0aX-Injected:1",
        "/?lang=x%0d%0aX-Injected:1",
        "/account/history.csv?from=x%0d%0aX-Injected:1",
        "/account/journal.csv?sort=x%0d%0aX-Injected:1",
        "/account/notices?page=x%0d%0aX-Injected:1",
        "/static/x%0d%0aX-Injected:1",
        "/oauth/end_session?state=x%0d%0aX-Injected:1",
        "/oauth/end_session?post_logout_redirect_uri=x%0d%0aX-Injected:1&client_id=portal",
    ] {
        not_injected(&browser.get_once(path).await);
    }
    app.end().await;
}

/// What a client library would never send is sent by hand: a body that is to
/// become a redirect, with bare line breaks in it.
#[tokio::test]
async fn attack_30_a_posted_request_does_not_break_the_redirect() {
    let app = TestApp::start().await;
    let body = "client_id=portal\r\nX-Injected: 1\r\n\r\n<b>";
    let request = format!(
        "POST /oauth/authorize HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(app.url.trim_start_matches("http://"))
        .await
        .unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (headers, _) = answer.split_once("\r\n\r\n").unwrap();
    assert!(headers.starts_with("HTTP/1.1 400"), "{headers}");
    assert!(!headers.to_lowercase().contains("x-injected"), "{headers}");
    app.end().await;
}

#[tokio::test]
async fn attack_30_a_header_with_control_characters_is_no_request() {
    let app = TestApp::start().await;
    // A lone line feed within a value: some servers split there.
    let request = "GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: a\nX-Injected: 1\rb\r\n\r\n";
    let mut stream = tokio::net::TcpStream::connect(app.url.trim_start_matches("http://"))
        .await
        .unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = vec![0; 64];
    let read = stream.read(&mut answer).await.unwrap();
    assert!(
        answer[..read].starts_with(b"HTTP/1.1 400"),
        "{}",
        String::from_utf8_lossy(&answer)
    );
    refused(&app.browser().get("/no/such/page").await, 404);
    app.end().await;
}
