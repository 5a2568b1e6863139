//! Row 18: steps of registration, sign-in and consent taken out of turn.

use super::{is_signed_in, register, sign_in};
use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::{RelyingParty, TestApp};

const STRONG: &str = "Zolotoy-klyuchik-77!";

#[tokio::test]
async fn attack_18_an_empty_form_is_no_step() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let page = browser.get(&portal.authorize_url(&[])).await;
    let flow = page.url.query().unwrap().to_owned();
    for path in [
        "/sign-in",
        "/consent",
        "/register",
        "/register/code",
        "/register/password",
        "/register/link",
        "/register/resend",
        "/agreements",
        "/password/renew",
        "/level",
        "/sign-out",
    ] {
        for address in [path.to_owned(), format!("{path}?{flow}")] {
            let page = browser.post(&address, &[]).await;
            assert_eq!(page.sent("code"), None, "{address}");
            assert!(!is_signed_in(&browser).await, "{address}");
        }
    }
    app.end().await;
}

#[tokio::test]
async fn attack_18_later_steps_of_a_flow_come_after_earlier_ones() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let asked = browser.get(&portal.authorize_url(&[])).await;
    let flow = asked.url.query().unwrap().to_owned();
    let csrf = asked.attribute("input[name=csrf]", "value").unwrap();
    let allow = [
        ("csrf", csrf.as_str()),
        ("decision", "allow"),
        ("optional", "profile"),
        ("terms", "yes"),
        ("privacy", "yes"),
    ];

    // Nobody is signed in: consenting leads back to the sign-in.
    for path in [
        "/consent",
        "/agreements",
        "/level",
        "/password/renew",
        "/oauth/authorize",
    ] {
        let page = browser.get(&format!("{path}?{flow}")).await;
        assert!(page.has("#login-submit"), "{path} is at {}", page.url);
        if path != "/oauth/authorize" {
            let page = browser.post(&format!("{path}?{flow}"), &allow).await;
            assert!(page.has("#login-submit"), "{path} is at {}", page.url);
        }
    }
    // Signed in, the code still waits for the consent.
    let fields = [("username", ANNA), ("password", PASSWORD)];
    let consent = browser.submit(&asked, "login-submit", &fields).await;
    assert!(consent.has("#consent-allow"));
    for path in [
        "/oauth/authorize",
        "/sign-in",
        "/agreements",
        "/level",
        "/password/renew",
    ] {
        let page = browser.get(&format!("{path}?{flow}")).await;
        assert!(page.has("#consent-allow"), "{path} is at {}", page.url);
    }
    let silent = browser
        .get_once(&portal.authorize_url(&[("prompt", "none")]))
        .await;
    assert_eq!(silent.sent("error").as_deref(), Some("consent_required"));
    // Anything but "allow" is a refusal.
    for decision in ["", "ALLOW", "yes", "deny"] {
        let page = browser
            .submit(&consent, "consent-allow", &[("decision", decision)])
            .await;
        assert_eq!(
            page.sent("error").as_deref(),
            Some("access_denied"),
            "{decision}"
        );
    }
    app.end().await;
}

#[tokio::test]
async fn attack_18_a_registration_has_no_short_cut() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = register(&browser, "+79005559001").await;
    let step = page.url.query().unwrap().to_owned();
    let password = [("password", STRONG), ("password_repeat", STRONG)];

    // The handle that waits for a code does not set a password.
    let early = browser.get(&format!("/register/password?{step}")).await;
    assert!(!early.has("#password-submit"), "at {}", early.url);
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let mut fields = password.to_vec();
    fields.push(("csrf", &csrf));
    let early = browser
        .post(&format!("/register/password?{step}"), &fields)
        .await;
    assert!(early.has("#register-submit"), "at {}", early.url);
    assert!(!is_signed_in(&browser).await);

    let code = app.last_code("+79005559001").await;
    let next = browser
        .submit(&page, "code-submit", &[("code", &code)])
        .await;
    // Back, and forward once more: the code was good once.
    let again = browser
        .submit(&page, "code-submit", &[("code", &code)])
        .await;
    assert!(again.has("#register-submit"), "at {}", again.url);
    let done = browser.submit(&next, "password-submit", &password).await;
    assert_eq!(done.url.path(), "/account");
    let (first, session) = (app.browser(), browser.cookie("propusk_session"));
    // The last step once more, by another who saw the address and the form.
    let replay = first.post(next.url.as_str(), &fields).await;
    assert!(!is_signed_in(&first).await, "at {}", replay.url);
    browser.submit(&next, "password-submit", &password).await;
    assert_eq!(
        browser.cookie("propusk_session"),
        session,
        "no second account, no second session"
    );
    app.end().await;
}

/// Each tab goes its own way: what is decided in one is not decided for the
/// client of the other.
#[tokio::test]
async fn attack_18_two_flows_in_two_tabs() {
    let app = TestApp::start().await;
    let (portal, other) = (
        RelyingParty::new(&app, "portal"),
        RelyingParty::new(&app, "other"),
    );
    let browser = app.browser();
    let first = browser
        .get(&portal.authorize_url(&[("state", "first")]))
        .await;
    let second = browser
        .get(&other.authorize_url(&[("state", "second"), ("scope", "openid profile snils")]))
        .await;
    let fields = [("username", ANNA), ("password", PASSWORD)];
    let first = browser.submit(&first, "login-submit", &fields).await;
    // The form of the second tab is old, but its place is known.
    let second = browser.submit(&second, "login-submit", &fields).await;
    assert!(first.has("#consent-allow") && second.has("#consent-allow"));
    let back = browser.submit(&first, "consent-allow", &[]).await;
    assert_eq!(back.location().unwrap().host_str(), Some("portal.example"));
    assert_eq!(back.sent("state").as_deref(), Some("first"));
    // The consent for the one is none for the other.
    let silent = browser
        .get_once(&other.authorize_url(&[("prompt", "none")]))
        .await;
    assert_eq!(silent.sent("error").as_deref(), Some("consent_required"));
    let back = browser.submit(&second, "consent-deny", &[]).await;
    assert_eq!(back.location().unwrap().host_str(), Some("other.example"));
    assert_eq!(back.sent("error").as_deref(), Some("access_denied"));
    app.end().await;
}

/// A consent page that was shown to one person is not answered by another who
/// signed in meanwhile.
#[tokio::test]
async fn attack_18_a_consent_page_of_another_person() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    sign_in(&browser, ANNA).await;
    let page = browser.get(&portal.authorize_url(&[])).await;
    assert!(page.has("#consent-allow"));
    let switch = browser.get("/sign-in?switch=yes").await;
    browser
        .submit(
            &switch,
            "login-submit",
            &[("username", TIMUR), ("password", PASSWORD)],
        )
        .await;
    let answer = browser.submit(&page, "consent-allow", &[]).await;
    assert_eq!((answer.status, answer.sent("code")), (403, None));
    app.end().await;
}

/// `prompt` and `max_age` ask for a sign-in that is later than the request,
/// and going back does not make the old one later.
#[tokio::test]
async fn attack_18_a_demanded_sign_in_is_not_skipped() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    portal.code(&browser, ANNA, &[]).await;
    app.advance(120).await;
    for demand in [
        ("prompt", "login"),
        ("prompt", "login consent"),
        ("max_age", "60"),
        ("max_age", "0"),
    ] {
        let page = browser.get(&portal.authorize_url(&[demand])).await;
        assert!(page.has("#login-submit"), "{demand:?}");
        let flow = page.url.query().unwrap().to_owned();
        for path in [
            "/oauth/authorize",
            "/consent",
            "/agreements",
            "/level",
            "/sign-in",
        ] {
            let page = browser.get(&format!("{path}?{flow}")).await;
            assert!(
                page.has("#login-submit"),
                "{demand:?} {path} is at {}",
                page.url
            );
        }
        // Neither added nor repeated parameters change what is sealed.
        let page = browser
            .get(&format!(
                "/oauth/authorize?{flow}&prompt=none&max_age=86400"
            ))
            .await;
        assert!(page.has("#login-submit"), "{demand:?}");
        let wrong = [("username", ANNA), ("password", "Wrong-2026!")];
        let page = browser.submit(&page, "login-submit", &wrong).await;
        assert!(page.has("#login-submit"), "{demand:?}");
    }
    app.end().await;
}
