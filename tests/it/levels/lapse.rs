//! Levels that fall: a passport that should have been replaced.

use serde_json::json;

use super::{become_standard, standing, strict_portal};
use crate::support::app::ANNA;
use crate::support::steps::signed_in;
use crate::support::{RelyingParty, TestApp};

/// Somebody who turns 45 a week after tests begin; the passport is good for 90
/// days more.
const SOON_45: [(&str, &str); 3] = [
    ("birth_date", "31.03.1981"),
    ("issued_on", "20.04.2005"),
    ("passport", "0001 000300"),
];
const DAY: u64 = 24 * 3600;

#[tokio::test(flavor = "multi_thread")]
async fn attack_14_a_level_that_falls_takes_its_tokens_along_and_is_told_once() {
    let app = TestApp::start_with(|config| {
        strict_portal(config, "standard");
        config["password"]["expires_after_days"] = json!(0);
        config["lifetimes"] = json!({ "refresh_token": 200 * DAY });
    })
    .await;
    let browser = signed_in(&app, ANNA).await;
    become_standard(&app, &browser, &SOON_45).await;
    let page = browser.get("/account/level").await;
    assert!(page.body.contains("Уровень действует до"), "{}", page.body);
    let portal = RelyingParty::new(&app, "strict");
    let scope = ("scope", "openid profile assurance offline_access");
    let tokens = portal.tokens(&browser, ANNA, &[scope]).await;
    assert_eq!(tokens.id_claims()["acr"], "urn:propusk:ial:standard");

    // The last day: 29 June 2026.
    app.advance(97 * DAY).await;
    app.upkeep().await;
    let tokens = portal.refreshed(&tokens.refresh.unwrap()).await;
    assert_eq!(tokens.id_claims()["acr"], "urn:propusk:ial:standard");
    let refresh = tokens.refresh.unwrap();
    // The moment comes while an access token lives.
    app.advance(15 * 3600 - 60).await;
    let tokens = portal.refreshed(&refresh).await;
    assert_eq!(portal.userinfo(&tokens.access).await.status, 200);
    app.advance(60).await;
    let refused = portal.userinfo(&tokens.access).await;
    assert_eq!(refused.status, 401, "{}", refused.body);
    let challenge = refused.header("www-authenticate").unwrap();
    for part in [
        "error=\"insufficient_user_authentication\"",
        "acr_values=\"urn:propusk:ial:standard urn:propusk:aal:1\"",
    ] {
        assert!(challenge.contains(part), "{challenge}");
    }
    assert_eq!(portal.introspect(&tokens.access).await["active"], false);
    for _ in 0..2 {
        app.upkeep().await;
    }
    portal
        .refresh(&tokens.refresh.unwrap())
        .await
        .refuses("invalid_grant");
    let browser = signed_in(&app, ANNA).await;
    let (level, _) = standing(&browser).await;
    assert!(level.starts_with("Упрощённый"), "{level}");
    let page = browser.get("/account/journal?kind=level_lowered").await;
    assert_eq!(
        page.body.matches("Уровень снижен").count() - 1,
        1,
        "{}",
        page.body
    );
    // A new passport brings the level back.
    let renewed = [
        ("birth_date", "31.03.1981"),
        ("issued_on", "20.06.2026"),
        ("passport", "0002 000303"),
    ];
    become_standard(&app, &browser, &renewed).await;
    app.end().await;
}
