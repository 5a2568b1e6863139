//! Row 53: what is too large, too deep or too long costs its sender an answer.

use super::{pages, refused, routes};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::http;
use crate::support::relying_party::{ASSERTION_TYPE, Answer};
use crate::support::steps::{begin_registration, confirm_code, sign_in, signed_in};
use crate::support::{Browser, Page, RelyingParty, TestApp};

const FORM: &str = "application/x-www-form-urlencoded";

async fn post_raw(browser: &Browser, address: String, kind: &str, body: Vec<u8>) -> Page {
    let http = http::staying();
    browser
        .send(http.post(address).header("content-type", kind).body(body))
        .await
}

#[tokio::test]
async fn attack_53_a_body_over_the_limit_is_not_read() {
    let (app, _authority) = crate::signature::trusting(crate::support::authority::Kind::Ec).await;
    let browser = signed_in(&app, ANNA).await;
    let mut paths = pages("post");
    paths.extend(routes("src/web/mod.rs", "post"));
    // It is closed here; where it is open it has a test of its own.
    paths.retain(|path| path != "/oauth/register");
    for path in paths {
        let body = format!("csrf=x&username={}", "x".repeat(70 * 1024)).into_bytes();
        let page = post_raw(&browser, app.at(&path.replace("{id}", "1")), FORM, body).await;
        assert!(
            matches!(page.status, 400 | 413),
            "{path}: {} {}",
            page.status,
            page.body
        );
        assert!(page.headers.get("location").is_none(), "{path}");
    }
    refused(
        &post_raw(&browser, app.at("/sign-in"), FORM, vec![b'a'; 70 * 1024]).await,
        413,
    );
    assert_eq!(browser.get("/account").await.url.path(), "/account");
    app.end().await;
}

#[tokio::test]
async fn attack_53_a_long_list_of_scopes() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = signed_in(&app, ANNA).await;
    let many: Vec<String> = (0..1_500).map(|n| format!("s{n}")).collect();
    let scope = format!("openid {} profile", many.join(" "));
    let url = portal.authorize_url(&[("scope", &scope)]);
    let page = browser.get(&url).await;
    assert!(page.has("#consent-allow"), "{} {}", page.status, page.url);
    assert!(!page.body.contains("s1499"), "unknown scopes are left out");
    assert!(
        page.body.len() < 10 * url.len(),
        "{} of {}",
        page.body.len(),
        url.len()
    );
    // By POST there is more room, and as little use.
    let url = url::Url::parse(&portal.authorize_url(&[])).unwrap();
    let many = "x ".repeat(30_000);
    let mut form: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    form.push(("scope".to_owned(), many.clone()));
    let form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let page = browser.post("/oauth/authorize", &form).await;
    assert!(
        page.sent("code").is_none() && page.status < 500,
        "{} {}",
        page.status,
        page.body
    );
    let machine = RelyingParty::new(&app, "machine");
    let answer = machine
        .token(&[("grant_type", "client_credentials"), ("scope", &many)])
        .await;
    answer.refuses("invalid_scope");
    app.end().await;
}

#[tokio::test]
async fn attack_53_deep_and_large_claims() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = signed_in(&app, ANNA).await;
    let deep = |depth: usize| format!("{}{}", r#"{"userinfo":"#.repeat(depth), "}".repeat(depth));
    let arrays = format!(
        r#"{{"userinfo":{{"name":{}{}}}}}"#,
        "[".repeat(2_000),
        "]".repeat(2_000)
    );
    let wide: Vec<String> = (0..800).map(|n| format!("\"c{n}\":null")).collect();
    let wide = format!(r#"{{"userinfo":{{{}}}}}"#, wide.join(","));
    for claims in [
        deep(500),
        arrays,
        wide,
        "[".repeat(8_000),
        "{\"a\":1e999999}".to_owned(),
    ] {
        let page = browser
            .get(&portal.authorize_url(&[("claims", &claims)]))
            .await;
        assert_eq!(
            page.sent("error").as_deref(),
            Some("invalid_request"),
            "{}",
            &claims[..40]
        );
    }
    // The same depth in a JWT.
    let payload = deep(2_000);
    let jwt = [r#"{"alg":"ES256"}"#, &payload, "x"].map(|part| {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(part)
    });
    let jwt = jwt.join(".");
    assert_eq!(portal.introspect(&jwt).await["active"], false);
    let form = [
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", jwt.as_str()),
        ("grant_type", "refresh_token"),
    ];
    let http = http::client();
    Answer::of(http.post(app.at("/oauth/token")).form(&form))
        .await
        .refuses("invalid_client");
    app.end().await;
}

#[tokio::test]
async fn attack_53_long_values_cost_little_and_lock_nobody_out() {
    let app = TestApp::start().await;
    let long = "ж".repeat(5_000);
    for (username, password) in [
        (ANNA, long.as_str()),
        (long.as_str(), "x"),
        (long.as_str(), long.as_str()),
    ] {
        let page = sign_in(&app.browser(), username, password).await;
        assert_eq!(
            (page.status, page.url.path()),
            (200, "/sign-in"),
            "{}",
            page.body
        );
        assert!(page.has("#login-submit"));
    }
    // A registration keeps what was typed and names what is too long.
    let less = "ж".repeat(1_000);
    let browser = app.browser();
    let page = browser.get("/register").await;
    let page = browser
        .submit(
            &page,
            "register-submit",
            &[
                ("family_name", &less),
                ("given_name", &less),
                ("contact", &less),
            ],
        )
        .await;
    for field in ["family_name", "given_name", "contact"] {
        assert!(
            page.has(&format!("#{field}-problem")),
            "{field}: {}",
            page.status
        );
    }
    let page = begin_registration(&browser, "+79005550530").await;
    let code = app.last_code("+79005550530").await;
    let page = confirm_code(&browser, &page, &code).await;
    let password = format!("Aa1!{}", "xY9-".repeat(2_500));
    let typed = [
        ("password", password.as_str()),
        ("password_repeat", password.as_str()),
    ];
    let page = browser.submit(&page, "password-submit", &typed).await;
    assert!(
        page.has("#password-problem"),
        "{} {}",
        page.status,
        page.url
    );
    // Long headers and cookies.
    let mut loud = app.browser();
    loud = loud.with_header("user-agent", &"U".repeat(8_000));
    loud.set_cookie("propusk_session", &"s".repeat(4_000));
    loud.set_cookie("propusk_device", &"d".repeat(4_000));
    sign_in(&loud, ANNA, PASSWORD).await;
    let history = loud.get("/account/history").await;
    assert_eq!(history.status, 200);
    assert!(
        !history.body.contains(&"U".repeat(2_000)),
        "what is kept of a browser's name is short"
    );
    app.end().await;
}

#[tokio::test]
async fn attack_53_locales_are_few_whatever_is_asked_for() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    for tag in [
        "ru",
        "en",
        "xx",
        "ru-RU-u-ca-islamic",
        "../../etc/passwd",
        &"a-".repeat(2_000),
        "*",
        "en;q=x",
    ] {
        let browser = app.browser().with_header("accept-language", tag);
        for path in [
            "/".to_owned(),
            format!("/?lang={tag}"),
            portal.authorize_url(&[("ui_locales", tag)]),
        ] {
            let page = browser.get(&path).await;
            assert_eq!(page.status, 200, "{tag}: {}", page.body);
            let lang = page.attribute("html", "lang").unwrap();
            assert!(lang == "ru" || lang == "en", "{lang}");
        }
    }
    app.end().await;
}
