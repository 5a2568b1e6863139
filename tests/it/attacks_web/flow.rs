//! Row 52: the state of a sign-in travels through the browser, but nothing in
//! it can be changed, and it revives nothing that was switched off.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use propusk::model::secret::Secret;

use super::refused;
use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::relying_party::CHALLENGE;
use crate::support::steps::signed_in;
use crate::support::{Page, RelyingParty, TestApp};

fn flow_of(page: &Page) -> String {
    let found = page.url.query_pairs().find(|(name, _)| name == "flow");
    found
        .unwrap_or_else(|| panic!("no flow in {}", page.url))
        .1
        .into_owned()
}

#[tokio::test]
async fn attack_52_a_client_switched_off_meanwhile_gets_nothing() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let fresh = app.browser();
    let at_sign_in = fresh.get(&portal.authorize_url(&[])).await;
    let browser = signed_in(&app, ANNA).await;
    let at_consent = browser.get(&portal.authorize_url(&[])).await;
    let redeemable = portal.code(&app.browser(), TIMUR, &[]).await;

    app.app
        .storage
        .disable_client("portal".into(), true, app.now())
        .await
        .unwrap();
    for page in [
        browser.submit(&at_consent, "consent-allow", &[]).await,
        browser
            .get(&format!("/oauth/authorize?flow={}", flow_of(&at_consent)))
            .await,
        fresh
            .submit(
                &at_sign_in,
                "login-submit",
                &[("username", ANNA), ("password", PASSWORD)],
            )
            .await,
    ] {
        assert!(page.sent("code").is_none(), "{:?}", page.location());
        assert!(!page.has("#consent-allow"), "{}", page.body);
    }
    refused(&browser.get(&portal.authorize_url(&[])).await, 400);
    portal.redeem(&redeemable).await.refuses("invalid_client");
    // Switched on again it is as before, but what was pending stays dead.
    app.app
        .storage
        .disable_client("portal".into(), false, app.now())
        .await
        .unwrap();
    assert!(
        browser
            .get(&portal.authorize_url(&[]))
            .await
            .has("#consent-allow")
    );
    app.end().await;
}

#[tokio::test]
async fn attack_52_a_person_blocked_meanwhile_gets_nothing() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = signed_in(&app, ANNA).await;
    let at_consent = browser.get(&portal.authorize_url(&[])).await;
    let digest = Secret::new(browser.cookie("propusk_session").unwrap()).digest();
    let account = app
        .app
        .storage
        .find_session(&digest)
        .await
        .unwrap()
        .unwrap()
        .account_id;
    app.app
        .storage
        .block_account(account, Some(app.now()), app.now())
        .await
        .unwrap();
    let page = browser.submit(&at_consent, "consent-allow", &[]).await;
    assert!(page.sent("code").is_none(), "{:?}", page.location());
    let page = browser
        .get(&format!("/oauth/authorize?flow={}", flow_of(&at_consent)))
        .await;
    assert!(page.sent("code").is_none(), "{:?}", page.location());
    app.end().await;
}

#[tokio::test]
async fn attack_52_a_changed_flow_is_no_flow() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get(&portal.authorize_url(&[])).await;
    let flow = flow_of(&page);
    let mut changed = vec![
        flow[1..].to_owned(),
        flow[..flow.len() - 1].to_owned(),
        format!("{flow}A"),
    ];
    for at in (0..flow.len()).step_by(17) {
        let mut bytes = flow.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        changed.push(String::from_utf8(bytes).unwrap());
    }
    // Our own format, filled in by somebody else.
    let query = url::Url::parse(&portal.authorize_url(&[])).unwrap();
    let forged = format!(
        r#"{{"query":"{}","started_at":0,"browser":"x"}}"#,
        query.query().unwrap()
    );
    changed.push(URL_SAFE_NO_PAD.encode(forged));
    for flow in &changed {
        for path in [
            "/consent",
            "/oauth/authorize",
            "/sign-in",
            "/level",
            "/register",
        ] {
            let page = browser.get(&format!("{path}?flow={flow}")).await;
            assert_ne!(page.status, 500, "{path}: {}", page.body);
            assert!(
                !page.has("#consent-allow") && page.sent("code").is_none(),
                "{path}: {}",
                page.url
            );
        }
    }
    assert!(
        browser
            .get(&format!("/consent?flow={flow}"))
            .await
            .has("#consent-allow")
    );
    app.end().await;
}

#[tokio::test]
async fn attack_52_a_flow_is_good_in_its_own_browser_and_for_its_hour() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let attacker = signed_in(&app, TIMUR).await;
    let flow = flow_of(&attacker.get(&portal.authorize_url(&[])).await);
    let victim = signed_in(&app, ANNA).await;
    for path in ["/consent", "/oauth/authorize"] {
        let page = victim.get(&format!("{path}?flow={flow}")).await;
        assert!(
            !page.has("#consent-allow") && page.sent("code").is_none(),
            "{path}"
        );
    }
    // Parameters beside a flow change nothing of it.
    let page = attacker
        .get(&format!("/oauth/authorize?flow={flow}&client_id=other&redirect_uri=https://evil.example&scope=openid%20snils"))
        .await;
    assert!(
        page.has("#consent-allow") && page.body.contains("Портал portal"),
        "{}",
        page.body
    );
    assert!(!page.has("#group-snils"));
    app.advance(3_600).await;
    let page = attacker.get(&format!("/consent?flow={flow}")).await;
    assert!(!page.has("#consent-allow"), "{}", page.url);
    app.end().await;
}

#[tokio::test]
async fn attack_52_cookies_hold_names_and_no_state() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let state = [
        ("state", "state-that-stays-away"),
        ("nonce", "nonce-that-stays-away"),
    ];
    portal.code(&browser, ANNA, &state).await;
    for name in ["propusk_session", "propusk_browser", "propusk_device"] {
        let value = browser.cookie(name).unwrap();
        let (_, random) = value.split_once('_').unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(random).unwrap();
        assert_eq!(
            bytes.len(),
            32,
            "{name} is 256 random bits and nothing else"
        );
    }
    // Nor can the sealed flow be read.
    let page = app.browser().get(&portal.authorize_url(&state)).await;
    let flow = flow_of(&page);
    let plain = URL_SAFE_NO_PAD
        .decode(&flow)
        .unwrap_or_else(|_| flow.clone().into_bytes());
    let plain = String::from_utf8_lossy(&plain);
    for secret in ["stays-away", CHALLENGE, "portal"] {
        assert!(
            !plain.contains(secret) && !flow.contains(secret),
            "{secret} can be read"
        );
    }
    app.end().await;
}
