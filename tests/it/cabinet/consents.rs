//! Consents in the cabinet: narrowing, terms, withdrawal; and that they are
//! their owner's only.

use serde_json::json;

use super::{all, attributes};
use crate::support::app::{ANNA, TIMUR};
use crate::support::relying_party::{ALL_SCOPES, registration};
use crate::support::steps::signed_in;
use crate::support::{Browser, Page, RelyingParty, TestApp};

const DAY: u64 = 86_400;

/// The address of the newest consent.
async fn card(browser: &Browser) -> String {
    let page = browser.get("/account/consents").await;
    page.attribute(".consent a", "href")
        .unwrap_or_else(|| panic!("{}", page.body))
}

#[tokio::test]
async fn a_narrowed_consent_ends_its_tokens_and_gives_less() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let portal = RelyingParty::new(&app, "portal");
    let before = portal
        .tokens(&browser, ANNA, &[("scope", ALL_SCOPES)])
        .await;
    let page = browser.get(&card(&browser).await).await;
    assert!(
        !page.has("#optional-openid") && !page.has("#optional-profile"),
        "not to be left out"
    );
    assert!(page.has("#optional-email[checked]") && page.has("#optional-snils[checked]"));
    let page = browser
        .submit(&page, "scopes-save", &[("optional", "email")])
        .await;
    assert!(page.has(".notice-success"), "{}", page.body);
    assert_eq!(
        attributes(&page, "input[name=optional][checked]", "value"),
        ["email"]
    );
    // In the same second (requirement E2).
    assert_eq!(portal.userinfo(&before.access).await.status, 401);
    portal
        .refresh(&before.refresh.unwrap())
        .await
        .refuses("invalid_grant");
    let after = portal
        .tokens(&browser, ANNA, &[("scope", "openid profile email")])
        .await;
    let person = portal.userinfo(&after.access).await.json();
    assert!(person["email"].is_string() && person["snils"].is_null());
    app.end().await;
}

#[tokio::test]
async fn a_consent_lasts_as_long_as_its_owner_says() {
    let app = TestApp::start_with(|config| {
        let clients = config["clients"].as_array_mut().unwrap();
        clients.push(registration("short", json!({ "consent_days": 90 })));
    })
    .await;
    let browser = app.browser();
    let portal = RelyingParty::new(&app, "short");
    let tokens = portal
        .tokens(&browser, ANNA, &[("scope", ALL_SCOPES)])
        .await;
    let address = card(&browser).await;
    let page = browser.get(&address).await;
    assert_eq!(attributes(&page, "#term option", "value"), ["30", "90"]);
    for longer in ["365", "endless", "0", "-1", ""] {
        let csrf = page.attribute("input[name=csrf]", "value").unwrap();
        let sent = [("csrf", csrf.as_str()), ("term", longer)];
        let refused = browser.post(&format!("{address}/term"), &sent).await;
        assert_eq!(refused.status, 400, "{longer:?}");
    }
    let page = browser.submit(&page, "term-save", &[("term", "30")]).await;
    assert_eq!(all(&page, ".facts time")[1], "23.04.2026 12:00:00 МСК");
    assert_eq!(
        portal.userinfo(&tokens.access).await.status,
        200,
        "a term changes no tokens"
    );

    // Before the end it is announced, here too (requirement E3).
    app.advance(24 * DAY).await;
    let browser = signed_in(&app, ANNA).await;
    let overview = browser.get("/account").await;
    assert!(
        all(&overview, ".notice-warning")
            .iter()
            .any(|text| text.contains("Скоро закончится 1 согласие"))
    );
    assert_eq!(
        all(&browser.get("/account/consents").await, ".badge"),
        ["скоро закончится"]
    );
    app.advance(6 * DAY).await;
    portal
        .refresh(&tokens.refresh.unwrap())
        .await
        .refuses("invalid_grant");
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get(&address).await;
    assert_eq!(all(&page, ".badge"), ["срок истёк"]);
    assert!(!page.has("#term-save") && !page.has("#scopes-save") && !page.has("#withdraw-confirm"));
    // What has ended is not revived by changing it.
    let csrf = browser
        .get("/account/security")
        .await
        .attribute("input[name=csrf]", "value")
        .unwrap();
    let revived = browser
        .post(
            &format!("{address}/term"),
            &[("csrf", &csrf), ("term", "30")],
        )
        .await;
    assert_eq!(revived.status, 404);
    app.end().await;
}

/// What the journal says of consents that ran out: what, who, when.
async fn lapses(browser: &Browser) -> Vec<String> {
    let page = browser.get("/account/journal?kind=consent_lapsed").await;
    all(&page, "#journal tbody tr")
}

/// However late somebody looks, and whoever comes first: the upkeep, or the
/// citizen who gives the consent anew.
#[tokio::test]
async fn a_consent_that_ran_out_is_told_of_once() {
    let app = TestApp::start_with(|config| {
        let clients = config["clients"].as_array_mut().unwrap();
        clients.push(registration("short", json!({ "consent_days": 30 })));
        clients.push(registration("brief", json!({ "consent_days": 30 })));
    })
    .await;
    let browser = app.browser();
    let (short, brief) = (
        RelyingParty::new(&app, "short"),
        RelyingParty::new(&app, "brief"),
    );
    short.tokens(&browser, ANNA, &[]).await;
    brief.tokens(&browser, ANNA, &[]).await;
    let page = browser.get(&card(&browser).await).await;
    let page = browser.submit(&page, "withdraw-confirm", &[]).await;
    assert_eq!(all(&page, "#consents-past .badge"), ["отозвано"]);

    app.advance(30 * DAY - 1).await;
    app.upkeep().await;
    let browser = signed_in(&app, ANNA).await;
    assert!(lapses(&browser).await.is_empty(), "not before its end");
    app.advance(60).await;
    for _ in 0..2 {
        app.upkeep().await;
    }
    let told = lapses(&browser).await;
    assert_eq!(told.len(), 1, "{told:?}");
    for part in [
        "Срок согласия истёк",
        "Портал ",
        "система",
        "23.04.2026 12:00:00 МСК",
    ] {
        assert!(told[0].contains(part), "{part}: {told:?}");
    }
    let notices = all(&browser.get("/account/notices").await, ".letter-line");
    let of_lapse = |text: &&String| text.contains("Срок согласия истёк");
    assert_eq!(notices.iter().filter(of_lapse).count(), 1, "{notices:?}");

    short.tokens(&browser, ANNA, &[]).await;
    app.advance(31 * DAY).await;
    let browser = app.browser();
    short.tokens(&browser, ANNA, &[]).await;
    app.upkeep().await;
    assert_eq!(lapses(&browser).await.len(), 2);
    app.end().await;
}

#[tokio::test]
async fn a_withdrawn_consent_is_kept_and_gives_nothing() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let portal = RelyingParty::new(&app, "portal");
    let tokens = portal
        .tokens(&browser, ANNA, &[("scope", ALL_SCOPES)])
        .await;
    let address = card(&browser).await;
    let page = browser
        .submit(&browser.get(&address).await, "withdraw-confirm", &[])
        .await;
    assert!(page.has(".notice-success"), "{}", page.body);
    assert!(page.has("#consents-active .empty"));
    assert_eq!(all(&page, "#consents-past .badge"), ["отозвано"]);
    assert_eq!(portal.userinfo(&tokens.access).await.status, 401);
    portal
        .refresh(&tokens.refresh.unwrap())
        .await
        .refuses("invalid_grant");
    let past = browser.get(&address).await;
    assert!(past.status == 200 && !past.has("#withdraw-confirm") && !past.has("#scopes-save"));
    // The site asks anew.
    let asked: Page = browser.get(&portal.authorize_url(&[])).await;
    assert!(asked.has("#consent-allow"));
    app.end().await;
}

#[tokio::test]
async fn attack_45_a_consent_of_somebody_else_is_not_there() {
    let app = TestApp::start().await;
    let owner = app.browser();
    let portal = RelyingParty::new(&app, "portal");
    let tokens = portal.tokens(&owner, ANNA, &[("scope", ALL_SCOPES)]).await;
    let address = card(&owner).await;
    let thief = signed_in(&app, TIMUR).await;
    let csrf = thief
        .get("/account/security")
        .await
        .attribute("input[name=csrf]", "value")
        .unwrap();
    let unknown = thief.get("/account/consents/0").await;
    let page = thief.get(&address).await;
    assert_eq!((page.status, unknown.status), (404, 404));
    assert!(!page.body.contains("Портал"));
    for step in ["scopes", "term", "withdraw"] {
        let fields = [
            ("csrf", csrf.as_str()),
            ("term", "30"),
            ("optional", "email"),
        ];
        assert_eq!(
            thief
                .post(&format!("{address}/{step}"), &fields)
                .await
                .status,
            404,
            "{step}"
        );
    }
    assert_eq!(portal.userinfo(&tokens.access).await.status, 200);
    assert_eq!(all(&owner.get(&address).await, ".badge"), ["действует"]);
    app.end().await;
}
