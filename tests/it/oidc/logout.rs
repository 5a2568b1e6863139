//! Items 80–87: RP-initiated logout.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

use super::{asked_silently, is_error_page, sent_in_query};
use crate::support::app::ANNA;
use crate::support::relying_party::claims;
use crate::support::{Browser, Page, RelyingParty, TestApp};

const BACK: &str = "https://portal.example/signed-out";

/// Asks to sign out, with these parameters.
pub async fn ask(browser: &Browser, params: &[(&str, &str)]) -> Page {
    let mut path = Url::parse("http://localhost/oauth/end_session").unwrap();
    path.query_pairs_mut().extend_pairs(params);
    browser
        .get(&format!("/oauth/end_session?{}", path.query().unwrap()))
        .await
}

/// Signs in at the portal; gives the ID token to hint with.
pub async fn signed_in(portal: &RelyingParty, browser: &Browser) -> String {
    portal.tokens(browser, ANNA, &[]).await.id.unwrap()
}

pub async fn is_signed_in(portal: &RelyingParty, browser: &Browser) -> bool {
    asked_silently(portal, browser).await.contains_key("code")
}

#[tokio::test]
async fn oidc_080_logout_returns_with_state_and_nothing_else() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    // The relying party shows that it means this session: no question.
    let hint = signed_in(&portal, &browser).await;
    let params = [
        ("id_token_hint", &*hint),
        ("post_logout_redirect_uri", BACK),
        ("state", "a b&c=~"),
    ];
    let page = ask(&browser, &params).await;
    assert!(page.location().unwrap().as_str().starts_with(BACK));
    let answer = sent_in_query(&page);
    assert_eq!(
        answer.into_iter().collect::<Vec<_>>(),
        [("state".to_owned(), "a b&c=~".to_owned())]
    );
    assert!(!is_signed_in(&portal, &browser).await);
    // It only says who it is: the person is asked first.
    signed_in(&portal, &browser).await;
    let params = [
        ("client_id", "portal"),
        ("post_logout_redirect_uri", BACK),
        ("state", "s"),
    ];
    let page = ask(&browser, &params).await;
    assert!(page.has("#logout-cancel") && is_signed_in(&portal, &browser).await);
    let page = browser.submit(&page, "logout-confirm", &[]).await;
    assert_eq!(page.location().unwrap().as_str(), format!("{BACK}?state=s"));
    assert!(!is_signed_in(&portal, &browser).await);
    app.end().await;
}

#[tokio::test]
async fn oidc_080_who_stays_stays_signed_in() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    signed_in(&portal, &browser).await;
    let page = ask(
        &browser,
        &[("client_id", "portal"), ("post_logout_redirect_uri", BACK)],
    )
    .await;
    let page = browser.submit(&page, "logout-cancel", &[]).await;
    assert_eq!(page.location(), None);
    assert!(is_signed_in(&portal, &browser).await);
    app.end().await;
}

#[tokio::test]
async fn oidc_081_after_logout_somebody_must_sign_in() {
    let app = TestApp::start().await;
    let (portal, other) = (
        RelyingParty::new(&app, "portal"),
        RelyingParty::new(&app, "other"),
    );
    let browser = app.browser();
    signed_in(&other, &browser).await;
    let hint = signed_in(&portal, &browser).await;
    let session = browser.cookie("propusk_session").unwrap();
    ask(&browser, &[("id_token_hint", &hint)]).await;
    assert_eq!(browser.cookie("propusk_session"), None);
    // Nor does it help to have kept the cookie.
    for _ in 0..2 {
        for party in [&portal, &other] {
            assert_eq!(
                asked_silently(party, &browser).await["error"],
                "login_required"
            );
        }
        browser.set_cookie("propusk_session", &session);
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_082_an_address_that_is_not_registered_is_never_used() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let hint = signed_in(&portal, &browser).await;
    for wrong in [
        "https://elsewhere.example/signed-out",
        "https://portal.example/signed-out?added=1",
        "https://portal.example/signed-out/",
        "https://portal.example/callback",
        "https://other.example/signed-out",
    ] {
        let params = [
            ("id_token_hint", &*hint),
            ("post_logout_redirect_uri", wrong),
            ("state", "s"),
        ];
        is_error_page(&ask(&browser, &params).await, wrong);
    }
    assert!(is_signed_in(&portal, &browser).await);
    app.end().await;
}

#[tokio::test]
async fn oidc_083_an_address_of_nobody_is_never_used() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let hint = signed_in(&portal, &browser).await;
    let page = ask(
        &browser,
        &[("post_logout_redirect_uri", BACK), ("state", "s")],
    )
    .await;
    is_error_page(&page, "without a client");
    // Nor one of a client that the hint was not made for.
    let params = [
        ("id_token_hint", &*hint),
        ("client_id", "other"),
        ("post_logout_redirect_uri", BACK),
    ];
    is_error_page(&ask(&browser, &params).await, "with another client");
    app.end().await;
}

#[tokio::test]
async fn oidc_084_a_hint_that_is_not_ours_is_refused() {
    let app = TestApp::start().await;
    let elsewhere = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let tokens = portal.tokens(&browser, ANNA, &[]).await;
    let hint = tokens.id.unwrap();
    let [head, body, signature] = hint.split('.').collect::<Vec<_>>().try_into().unwrap();
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let mut others = claims(&hint);
    others["aud"] = "other".into();
    let others = URL_SAFE_NO_PAD.encode(others.to_string());
    let foreign = RelyingParty::new(&elsewhere, "portal");
    let foreign = signed_in(&foreign, &elsewhere.browser()).await;
    for (what, wrong) in [
        ("alg none", format!("{none}.{body}.")),
        (
            "alg none with a signature",
            format!("{none}.{body}.{signature}"),
        ),
        (
            "another signature",
            format!("{head}.{body}.{}", "A".repeat(signature.len())),
        ),
        ("other claims", format!("{head}.{others}.{signature}")),
        ("another issuer", foreign),
        ("another kind of token", tokens.access),
        ("nonsense", "nonsense".to_owned()),
    ] {
        let params = [
            ("id_token_hint", &*wrong),
            ("post_logout_redirect_uri", BACK),
        ];
        is_error_page(&ask(&browser, &params).await, what);
    }
    assert!(is_signed_in(&portal, &browser).await);
    elsewhere.end().await;
    app.end().await;
}

#[tokio::test]
async fn oidc_085_without_an_address_a_page_says_that_it_is_done() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    for params in [&[][..], &[("state", "s")], &[("client_id", "portal")]] {
        let browser = app.browser();
        signed_in(&portal, &browser).await;
        let page = ask(&browser, params).await;
        assert!(
            is_signed_in(&portal, &browser).await,
            "a link signs nobody out: {params:?}"
        );
        let page = browser.submit(&page, "logout-confirm", &[]).await;
        assert!(page.has("#signed-out"), "{params:?} {}", page.body);
        assert!(!is_signed_in(&portal, &browser).await, "{params:?}");
    }
    let browser = app.browser();
    let hint = signed_in(&portal, &browser).await;
    let page = ask(&browser, &[("id_token_hint", &hint), ("state", "s")]).await;
    assert!(page.has("#signed-out"));
    assert!(!is_signed_in(&portal, &browser).await);
    app.end().await;
}

#[tokio::test]
async fn oidc_086_without_state_none_comes_back() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let hint = signed_in(&portal, &browser).await;
    let params = [
        ("id_token_hint", &*hint),
        ("post_logout_redirect_uri", BACK),
    ];
    let page = ask(&browser, &params).await;
    assert_eq!(page.location().unwrap().as_str(), BACK);
    app.end().await;
}

#[tokio::test]
async fn oidc_087_an_expired_hint_is_a_hint() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let hint = signed_in(&portal, &browser).await;
    app.advance(800).await;
    assert!(claims(&hint)["exp"].as_i64().unwrap() < app.now().seconds());
    let params = [
        ("id_token_hint", &*hint),
        ("post_logout_redirect_uri", BACK),
        ("state", "s"),
    ];
    let page = ask(&browser, &params).await;
    assert_eq!(page.location().unwrap().as_str(), format!("{BACK}?state=s"));
    assert!(!is_signed_in(&portal, &browser).await);
    app.end().await;
}

#[tokio::test]
async fn oidc_087_by_post_as_by_get() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let hint = signed_in(&portal, &browser).await;
    let params = [
        ("id_token_hint", &*hint),
        ("post_logout_redirect_uri", BACK),
        ("state", "s"),
    ];
    // The form stands on a page of the portal: our Lax cookies do not come with
    // it, but with the redirect that follows.
    let posted = app.browser().post_once("/oauth/end_session", &params).await;
    assert_eq!(
        posted.headers.get("set-cookie"),
        None,
        "nothing of the browser's is touched"
    );
    let page = browser.follow(posted).await;
    assert_eq!(page.location().unwrap().as_str(), format!("{BACK}?state=s"));
    assert!(!is_signed_in(&portal, &browser).await);
    // A strange page's form signs nobody out.
    signed_in(&portal, &browser).await;
    let posted = app
        .browser()
        .post_once("/oauth/end_session", &[("state", "s")])
        .await;
    let page = browser.follow(posted).await;
    assert!(page.has("#logout-confirm") && is_signed_in(&portal, &browser).await);
    app.end().await;
}
