//! Rows 39 and 40: words of strangers that come back on a page, kept for later
//! or at once.

use serde_json::json;

use crate::support::app::{ANNA, PASSWORD};
use crate::support::relying_party::registration;
use crate::support::steps::{sign_in, signed_in};
use crate::support::{Page, RelyingParty, TestApp};

/// Closes an attribute, a tag and a comment, and then runs a script.
const SCRIPT: &str =
    "\"'>--></title></textarea><script>alert(1)</script><img src=x onerror=alert(2)>";

/// The page holds no element that our templates did not put there.
#[track_caller]
fn harmless(page: &Page) {
    assert_ne!(page.status, 500, "{}: {}", page.url, page.body);
    assert!(
        !page.has("script:not([src^='/static/'])"),
        "{}: {}",
        page.url,
        page.body
    );
    assert!(!page.has("[onerror]"), "{}: {}", page.url, page.body);
    assert!(
        !page.has("[href^='javascript:' i], [action^='javascript:' i]"),
        "{}",
        page.body
    );
    assert!(!page.has("img[src='x']"), "{}: {}", page.url, page.body);
}

#[tokio::test]
async fn attack_39_words_of_a_client_are_words() {
    let app = TestApp::start_with(|config| {
        let words = json!({ "ru": SCRIPT, "en": SCRIPT });
        let hostile = registration(
            "hostile",
            json!({
                "name": words,
                "purpose": words,
                "logo_uri": "https://hostile.example/logo.svg?\"onerror=\"alert(3)",
                "policy_uri": "https://hostile.example/policy?'\"><script>alert(4)</script>",
                "backchannel_logout_uri": "https://hostile.example/logout",
            }),
        );
        config["clients"].as_array_mut().unwrap().push(hostile);
    })
    .await;
    let portal = RelyingParty::new(&app, "hostile");
    let browser = app.browser();
    let page = browser.get(&portal.authorize_url(&[])).await;
    assert!(
        page.text(".site-name")
            .unwrap()
            .contains("<script>alert(1)"),
        "{}",
        page.body
    );
    harmless(&page);
    let typed = [("username", ANNA), ("password", PASSWORD)];
    let consent = browser.submit(&page, "login-submit", &typed).await;
    assert!(consent.has("#consent-allow"), "{}", consent.body);
    harmless(&consent);
    let sent = browser.submit(&consent, "consent-allow", &[]).await;
    portal.redeem(&sent.sent("code").unwrap()).await;
    for path in [
        "/account",
        "/account/history",
        "/account/consents",
        "/account/journal",
        "/sign-out",
    ] {
        harmless(&browser.get(path).await);
    }
    let list = browser.get("/account/consents").await;
    let card = list
        .attribute("a[href^='/account/consents/']", "href")
        .unwrap();
    harmless(&browser.get(&card).await);
    // A picture is shown as one and can run nothing: a script in it would need
    // to be opened as a page, which is the other host's business.
    let logo = page.attribute("img.site-logo", "src").unwrap();
    assert!(logo.starts_with("https://hostile.example/"), "{logo}");
    app.end().await;
}

#[tokio::test]
async fn attack_39_words_of_a_browser_are_words() {
    let app = TestApp::start().await;
    let hostile = app.browser().with_header("user-agent", SCRIPT);
    sign_in(&hostile, ANNA, "Wrong-Password-1!").await;
    sign_in(&hostile, ANNA, PASSWORD).await;
    let formula = app
        .browser()
        .with_header("user-agent", "=HYPERLINK(\"https://evil.example\")");
    sign_in(&formula, ANNA, PASSWORD).await;
    for path in [
        "/account",
        "/account/security",
        "/account/history",
        "/account/journal",
        "/account/notices",
    ] {
        harmless(&hostile.get(path).await);
    }
    for path in ["/account/history.csv", "/account/journal.csv"] {
        let file = hostile.get(path).await;
        assert!(
            file.headers["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/csv")
        );
        assert!(
            file.headers["content-disposition"]
                .to_str()
                .unwrap()
                .starts_with("attachment")
        );
        for cell in file.body.lines().flat_map(|line| line.split(',')) {
            let cell = cell.trim_start_matches('"');
            assert!(!cell.starts_with(['=', '@', '\t']), "{cell:?} is a formula");
        }
    }
    app.end().await;
}

#[tokio::test]
async fn attack_39_a_name_that_is_no_name_is_not_stored() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get("/account/profile/edit").await;
    for name in [SCRIPT, "<b>Анна</b>", "Анна\u{202e}", "{{7*7}}", "=1+1"] {
        let saved = browser
            .submit(&page, "profile-save", &[("given_name", name)])
            .await;
        assert!(saved.has("#given_name-problem"), "{name}: {}", saved.body);
        assert_eq!(
            saved.attribute("#given_name", "value").as_deref(),
            Some(name),
            "nothing typed is lost"
        );
        harmless(&saved);
    }
    // Free text of an address may hold signs; it stays text.
    let saved = browser
        .submit(&page, "profile-save", &[("street_address", SCRIPT)])
        .await;
    harmless(&saved);
    harmless(&browser.get("/account/profile").await);
    app.end().await;
}

#[tokio::test]
async fn attack_40_what_was_sent_comes_back_as_text() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    // Typed.
    let page = sign_in(&browser, SCRIPT, "x").await;
    assert_eq!(
        page.attribute("#username", "value").as_deref(),
        Some(SCRIPT)
    );
    harmless(&page);
    let page = browser.get("/register").await;
    let fields = ["family_name", "given_name", "middle_name", "contact"].map(|name| (name, SCRIPT));
    let page = browser.submit(&page, "register-submit", &fields).await;
    assert_eq!(page.attribute("#contact", "value").as_deref(), Some(SCRIPT));
    harmless(&page);
    // Hinted by a client, or by whoever made the link.
    let page = browser
        .get(&portal.authorize_url(&[("login_hint", SCRIPT)]))
        .await;
    assert_eq!(
        page.attribute("#username", "value").as_deref(),
        Some(SCRIPT)
    );
    harmless(&page);
    // In addresses.
    let encoded: String = url::form_urlencoded::byte_serialize(SCRIPT.as_bytes()).collect();
    for path in [
        format!("/{encoded}"),
        format!("/sign-in?flow={encoded}&to={encoded}&again={encoded}&switch={encoded}"),
        format!("/register?taken={encoded}&over={encoded}&flow={encoded}"),
        format!("/register/link?token={encoded}"),
        format!("/register/code?step={encoded}"),
        format!("/?lang={encoded}"),
        format!("/oauth/end_session?client_id={encoded}&state={encoded}&id_token_hint={encoded}"),
        format!("/oauth/end_session?post_logout_redirect_uri={encoded}&client_id=portal"),
        format!("/static/{encoded}"),
    ] {
        harmless(&browser.get(&path).await);
    }
    for name in [
        "client_id",
        "redirect_uri",
        "response_type",
        "response_mode",
        "scope",
        "prompt",
        "max_age",
        "claims",
        "code_challenge_method",
        "id_token_hint",
        "request_uri",
        SCRIPT,
    ] {
        let page = browser.get(&portal.authorize_url(&[(name, SCRIPT)])).await;
        harmless(&page);
        if let Some(description) = page.sent("error_description") {
            assert!(!description.contains('<'), "{name}: {description}");
        }
    }
    let signed_in = signed_in(&app, ANNA).await;
    for path in [
        format!("/account/history?from={encoded}&to={encoded}&status={encoded}&device={encoded}"),
        format!("/account/journal?kind={encoded}&sort={encoded}&order={encoded}"),
        format!("/account/notices?page={encoded}&done={encoded}"),
        format!("/account/consents/{encoded}"),
        format!("/account/contacts/code?change={encoded}"),
        format!("/account?welcome={encoded}"),
    ] {
        harmless(&signed_in.get(&path).await);
    }
    app.end().await;
}

#[tokio::test]
async fn attack_40_an_answer_by_form_holds_the_state_as_it_was() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let mode = [("response_mode", "form_post"), ("state", SCRIPT)];
    let page = portal.enter(&app.browser(), ANNA, &mode).await;
    harmless(&page);
    let form = page.form("form-post-continue");
    assert_eq!(form.action, portal.redirect_uri);
    assert!(
        form.fields
            .contains(&("state".to_owned(), SCRIPT.to_owned())),
        "{:?}",
        form.fields
    );
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("script-src 'self'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert!(
        policy.contains("form-action 'self' https://portal.example"),
        "{policy}"
    );
    // A refusal travels the same way.
    let mode = [
        ("response_mode", "form_post"),
        ("state", SCRIPT),
        ("prompt", "none"),
    ];
    let page = portal.enter(&app.browser(), ANNA, &mode).await;
    harmless(&page);
    assert!(page.body.contains("login_required"), "{}", page.body);
    // What programs are told is no page.
    let answer = portal.token(&[("grant_type", SCRIPT)]).await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    app.end().await;
}
