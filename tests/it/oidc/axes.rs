//! How sure who somebody is, and how strongly they signed in: two axes.

use serde_json::json;

use super::{metadata, strings};
use crate::support::app::ANNA;
use crate::support::{RelyingParty, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn oidc_026_the_answer_is_on_the_axis_that_was_asked() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let essential = json!({ "id_token": { "acr": {
        "essential": true, "values": ["urn:propusk:aal:1", "urn:propusk:ial:simplified"],
    } } });
    for (asked, acr) in [
        (vec![], "urn:propusk:ial:simplified"),
        (
            vec![("acr_values", "urn:propusk:aal:1")],
            "urn:propusk:aal:1",
        ),
        (
            vec![("acr_values", "other urn:propusk:ial:simplified")],
            "urn:propusk:ial:simplified",
        ),
        (
            vec![("claims", &*essential.to_string())],
            "urn:propusk:aal:1",
        ),
    ] {
        let tokens = portal.tokens(&app.browser(), ANNA, &asked).await;
        let introspected = portal.introspect(&tokens.access).await;
        for claims in [&tokens.id_claims(), &introspected] {
            assert_eq!(claims["acr"], acr, "{asked:?}");
            assert_eq!(claims["ial"], "urn:propusk:ial:simplified");
            assert_eq!(claims["aal"], "urn:propusk:aal:1");
        }
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_nobody_can_reach_is_not_advertised() {
    const VERIFIED: &str = "urn:propusk:ial:verified";
    let app = TestApp::start().await;
    let values = metadata(&app).await["acr_values_supported"].clone();
    assert!(strings(&values).contains(&VERIFIED), "a centre is open");
    for mut centre in app.app.storage.centres().await.unwrap() {
        centre.closed_at = Some(app.now());
        app.app.storage.put_centre(centre).await.unwrap();
    }
    let values = metadata(&app).await["acr_values_supported"].clone();
    let known = strings(&values);
    assert!(known.contains(&"urn:propusk:ial:standard"), "{values}");
    assert!(!known.contains(&VERIFIED), "{values}");
    app.end().await;
}
