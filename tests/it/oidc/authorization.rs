//! Items 11–19, 25, 27, 29 and 31: the authorization endpoint.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use url::Url;

use super::{asked_silently, entropy, is_error_page, metadata, sent_in_query};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::relying_party::registration;
use crate::support::steps::signed_in;
use crate::support::{RelyingParty, TestApp};

/// Of a state's allowed characters, all that a careless encoder changes.
const STATE: &str = "-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\
                     -._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV";

fn query_of(url: &str) -> Vec<(String, String)> {
    Url::parse(url)
        .unwrap()
        .query_pairs()
        .into_owned()
        .collect()
}

#[tokio::test]
async fn oidc_011_get_and_post_are_equivalent() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let request = query_of(&portal.authorize_url(&[]));
    let request: Vec<_> = request
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    // The form stands on a page of the portal: no cookie of ours comes with it.
    let posted = app.browser().post_once("/oauth/authorize", &request).await;
    let page = browser.follow(posted).await;
    let page = portal.go_on(&browser, page, ANNA).await;
    let answer = sent_in_query(&page);
    assert_eq!(answer["state"], "the-state");
    assert_eq!(portal.redeem(&answer["code"]).await.status, 200);
    // Both find whoever is signed in.
    let posted = app.browser().post_once("/oauth/authorize", &request).await;
    let by_post = browser.follow(posted).await;
    let by_get = browser.get(&portal.authorize_url(&[])).await;
    let names = |page| sent_in_query(page).into_keys().collect::<Vec<_>>();
    assert_eq!(names(&by_post), ["code", "iss", "session_state", "state"]);
    assert_eq!(names(&by_post), names(&by_get));
    app.end().await;
}

#[tokio::test]
async fn oidc_012_state_comes_back_unchanged() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    assert_eq!(STATE.len(), 128);
    for state in [STATE, &STATE.repeat(8), "a+code &=#%00 \"<>"] {
        let page = portal.enter(&browser, ANNA, &[("state", state)]).await;
        assert_eq!(page.sent("state").as_deref(), Some(state));
        let wrong = portal.authorize_url(&[("state", state), ("response_type", "token")]);
        assert_eq!(
            browser.get(&wrong).await.sent("state").as_deref(),
            Some(state)
        );
    }
    let page = portal.enter(&browser, ANNA, &[("state", "")]).await;
    assert!(!sent_in_query(&page).contains_key("state"));
    app.end().await;
}

#[tokio::test]
async fn oidc_013_iss_is_in_every_answer() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    assert_eq!(
        metadata(&app).await["authorization_response_iss_parameter_supported"],
        true
    );
    let browser = app.browser();
    assert_eq!(asked_silently(&portal, &browser).await["iss"], app.url);
    let page = portal.enter(&browser, ANNA, &[]).await;
    assert_eq!(sent_in_query(&page)["iss"], app.url);
    app.end().await;
}

#[tokio::test]
async fn oidc_014_a_missing_response_type_is_told_to_the_client() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let page = app
        .browser()
        .get_once(&portal.authorize_url(&[("response_type", "")]))
        .await;
    assert_eq!(sent_in_query(&page)["error"], "invalid_request");
    app.end().await;
}

#[tokio::test]
async fn oidc_015_a_redirect_uri_that_is_not_registered_is_never_used() {
    let app = TestApp::start_with(|config| {
        let uris = json!({ "redirect_uris": ["https://query.example/callback?tenant=7"] });
        config["clients"]
            .as_array_mut()
            .unwrap()
            .push(registration("query", uris));
    })
    .await;
    let portal = RelyingParty::new(&app, "portal");
    let query = RelyingParty::new(&app, "query");
    let browser = app.browser();
    for wrong in [
        "",
        "https://elsewhere.example/callback",
        "https://portal.example/callback?added=1",
        "https://portal.example/callback/",
        "https://portal.example/Callback",
        "https://portal.example:443/callback",
        "http://portal.example/callback",
    ] {
        let page = browser
            .get(&portal.authorize_url(&[("redirect_uri", wrong)]))
            .await;
        is_error_page(&page, wrong);
    }
    for wrong in [
        "https://query.example/callback",
        "https://query.example/callback?tenant=8",
    ] {
        let page = browser
            .get(&query.authorize_url(&[("redirect_uri", wrong)]))
            .await;
        is_error_page(&page, wrong);
    }
    for client in ["", "nobody"] {
        let page = browser
            .get(&portal.authorize_url(&[("client_id", client)]))
            .await;
        is_error_page(&page, client);
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_016_the_query_of_a_registered_redirect_uri_stays() {
    let uri = "https://query.example/callback?tenant=7";
    let app = TestApp::start_with(|config| {
        let uris = json!({ "redirect_uris": [uri] });
        config["clients"]
            .as_array_mut()
            .unwrap()
            .push(registration("query", uris));
    })
    .await;
    let mut portal = RelyingParty::new(&app, "query");
    portal.redirect_uri = uri.to_owned();
    let page = portal.enter(&app.browser(), ANNA, &[]).await;
    assert!(
        page.location()
            .unwrap()
            .as_str()
            .starts_with("https://query.example/callback?tenant=7&")
    );
    let answer = sent_in_query(&page);
    assert_eq!(answer["state"], "the-state");
    assert_eq!(portal.redeem(&answer["code"]).await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn oidc_017_order_and_unknown_parameters_do_not_matter() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let scope = [
        ("scope", "unheard-of profile openid"),
        ("extra", "parameter"),
        ("resource.x", "1"),
    ];
    let mut request = query_of(&portal.authorize_url(&scope));
    request.reverse();
    let mut url = Url::parse(&app.at("/oauth/authorize")).unwrap();
    url.query_pairs_mut().extend_pairs(request);
    let browser = app.browser();
    let page = browser.get(url.as_str()).await;
    let page = portal.go_on(&browser, page, ANNA).await;
    let tokens = portal.redeem(&page.sent("code").unwrap()).await.json();
    assert_eq!(tokens["scope"], "openid profile");
    app.end().await;
}

#[tokio::test]
async fn oidc_018_an_error_carries_what_is_registered_and_nothing_else() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let allowed = BTreeSet::from(["error", "error_description", "error_uri", "state", "iss"]);
    for (name, value, error) in [
        ("prompt", "none", "login_required"),
        ("prompt", "none login", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("response_mode", "pigeon", "invalid_request"),
        ("scope", "profile", "invalid_scope"),
        ("max_age", "soon", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("claims", "[]", "invalid_request"),
        ("id_token_hint", "a.b.c", "invalid_request"),
    ] {
        let page = browser
            .get_once(&portal.authorize_url(&[(name, value)]))
            .await;
        let answer = sent_in_query(&page);
        assert_eq!(answer["error"], error, "{name}={value}");
        let names: BTreeSet<_> = answer.keys().map(String::as_str).collect();
        assert!(names.is_subset(&allowed), "{names:?}");
        assert!(
            page.location()
                .unwrap()
                .as_str()
                .starts_with(&portal.redirect_uri)
        );
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_019_the_answer_goes_where_the_mode_says() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    for mode in ["", "query"] {
        let page = portal
            .enter(&browser, ANNA, &[("response_mode", mode)])
            .await;
        assert!(sent_in_query(&page).contains_key("code"));
        assert_eq!(page.location().unwrap().fragment(), None);
    }
    let page = portal
        .enter(&browser, ANNA, &[("response_mode", "fragment")])
        .await;
    let to = page.location().unwrap();
    assert_eq!(to.query(), None);
    let fragment: BTreeMap<_, _> = url::form_urlencoded::parse(to.fragment().unwrap().as_bytes())
        .into_owned()
        .collect();
    assert_eq!(portal.redeem(&fragment["code"]).await.status, 200);
    app.end().await;
}

/// Whoever plays a person in a flow would wait as long as a header says: a
/// script leaves, and without scripts the browser.
#[tokio::test]
async fn a_page_of_a_flow_is_left_by_itself_without_a_header() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get(&portal.authorize_url(&[])).await;
    assert!(page.has("#consent-allow"), "{}", page.body);
    assert_eq!(page.headers.get("refresh"), None);
    let seconds = page.attribute("script[src='/static/leave.js']", "data-leave-after");
    assert_eq!(seconds.unwrap(), "905");
    let to = page.attribute("script[src='/static/leave.js']", "data-leave-for");
    let to = to.unwrap();
    assert!(to.starts_with("/sign-in?flow="), "{to}");
    let without = format!(r#"<noscript><meta http-equiv="refresh" content="905; url={to}">"#);
    assert!(page.body.contains(&without), "{}", page.body);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self'"), "{policy}");
    let page = browser.get(&app.at("/oauth/end_session")).await;
    assert!(page.has("#logout-confirm") && page.body.contains("leave.js"));
    assert_eq!(page.headers.get("refresh"), None);
    // Elsewhere the header does it, and no script may run.
    let page = browser.get(&app.at("/account")).await;
    let header = page.headers["refresh"].to_str().unwrap();
    assert!(header.starts_with("905; url=/sign-in"), "{header}");
    assert!(!page.body.contains("leave.js"));
    app.end().await;
}

/// The person who stands before an error reads what concerns them: an unknown
/// site, a wrong request of a known one, or a sign-in that is over.
#[tokio::test]
async fn oidc_015_the_page_of_an_error_says_whose_it_is() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let used = portal.pushed_url(&[]).await;
    let browser = app.browser();
    let page = browser.get(&used).await;
    portal.go_on(&browser, page, ANNA).await;
    for (address, title) in [
        (
            portal.authorize_url(&[("client_id", "nobody")]),
            "The site is not registered",
        ),
        (
            portal.authorize_url(&[("redirect_uri", "https://evil.example/")]),
            "The site sent a wrong request",
        ),
        (used, "This sign-in is out of date"),
    ] {
        let english = app.browser().with_header("accept-language", "en");
        let page = english.get(&address).await;
        is_error_page(&page, title);
        assert_eq!(page.text("#error-title").unwrap(), title, "{address}");
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_019_form_post_is_a_form_that_sends_itself() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let page = portal
        .enter(&browser, ANNA, &[("response_mode", "form_post")])
        .await;
    assert_eq!((page.status, page.location()), (200, None));
    let form = page.form("form-post-continue");
    assert_eq!(form.action, portal.redirect_uri);
    let fields: BTreeMap<_, _> = form.fields.into_iter().collect();
    assert_eq!(
        fields.keys().collect::<Vec<_>>(),
        ["code", "iss", "session_state", "state"]
    );
    assert_eq!(fields["state"], "the-state");
    assert_eq!(portal.redeem(&fields["code"]).await.status, 200);
    // The browser may run the script and may send the form there.
    assert_eq!(
        page.attribute("form", "action").as_ref(),
        Some(&portal.redirect_uri)
    );
    let script = page.attribute("script[src*='form_post']", "src").unwrap();
    assert!(
        browser
            .get(&script)
            .await
            .body
            .contains("document.forms[0].submit()")
    );
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self'"), "{policy}");
    assert!(
        policy.contains("form-action 'self' https://portal.example"),
        "{policy}"
    );
    // Errors go the same way.
    let silent = [("response_mode", "form_post"), ("prompt", "none")];
    let page = app.browser().get(&portal.authorize_url(&silent)).await;
    let fields: BTreeMap<_, _> = page.form("form-post-continue").fields.into_iter().collect();
    assert_eq!(fields["error"], "login_required");
    app.end().await;
}

#[tokio::test]
async fn oidc_025_wishes_never_make_a_request_fail() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    for (name, value) in [
        ("login_hint", ANNA),
        ("login_hint", "nobody@example.ru"),
        ("ui_locales", "en"),
        ("ui_locales", "xx-unheard tlh"),
        ("claims_locales", "ru en-GB"),
        ("acr_values", "urn:example:bronze 0"),
        ("acr_values", "urn:propusk:ial:simplified"),
        ("display", "page"),
        ("display", "popup"),
        ("display", "wap"),
    ] {
        let page = portal.enter(&app.browser(), ANNA, &[(name, value)]).await;
        assert!(sent_in_query(&page).contains_key("code"), "{name}={value}");
    }
    let page = app
        .browser()
        .get(&portal.authorize_url(&[("ui_locales", "tlh en ru")]))
        .await;
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("en"));
    let page = app
        .browser()
        .get(&portal.authorize_url(&[("login_hint", ANNA)]))
        .await;
    assert_eq!(page.attribute("#username", "value").as_deref(), Some(ANNA));
    app.end().await;
}

#[tokio::test]
async fn oidc_027_nonce_is_optional_and_comes_back_unchanged() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    for nonce in [STATE, "ünï+code &=#\"<>"] {
        let tokens = portal.tokens(&browser, ANNA, &[("nonce", nonce)]).await;
        assert_eq!(tokens.id_claims()["nonce"], nonce);
    }
    let tokens = portal.tokens(&browser, ANNA, &[("nonce", "")]).await;
    assert_eq!(tokens.id_claims().get("nonce"), None);
    app.end().await;
}

#[tokio::test]
async fn oidc_029_codes_cannot_be_guessed() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let mut seen = BTreeSet::new();
    for _ in 0..12 {
        let code = portal.code(&browser, ANNA, &[]).await;
        let secret = code.strip_prefix("ppc_").unwrap();
        // 128 bits are 22 characters of base64url.
        assert!(secret.len() >= 22, "{code}");
        assert!(entropy(secret) >= 96.0, "{code}: {}", entropy(secret));
        seen.insert(code);
    }
    assert_eq!(seen.len(), 12);
    app.end().await;
}

#[tokio::test]
async fn oidc_031_a_refusal_is_access_denied_with_state() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let page = browser.get(&portal.authorize_url(&[])).await;
    let page = browser
        .submit(
            &page,
            "login-submit",
            &[("username", ANNA), ("password", PASSWORD)],
        )
        .await;
    let page = browser.submit(&page, "consent-deny", &[]).await;
    let answer = sent_in_query(&page);
    assert_eq!(answer["error"], "access_denied");
    assert_eq!(answer["state"], "the-state");
    assert_eq!(answer["iss"], app.url);
    // It may ask again, and is asked again.
    assert!(
        browser
            .get(&portal.authorize_url(&[]))
            .await
            .has("#consent-allow")
    );
    app.end().await;
}
