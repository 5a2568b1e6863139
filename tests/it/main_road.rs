//! The main road: a person enters a portal and its token works.

use crate::support::app::ANNA;
use crate::support::{RelyingParty, TestApp};

#[tokio::test]
async fn a_citizen_enters_a_portal() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let tokens = portal
        .tokens(
            &browser,
            ANNA,
            &[("scope", "openid profile offline_access")],
        )
        .await;
    let person = portal.userinfo(&tokens.access).await;
    assert_eq!(person.status, 200);
    assert_eq!(person.json()["given_name"], "Анна");
    assert_eq!(person.json()["sub"], tokens.id_claims()["sub"]);
    // The second portal asks for consent but not for the password.
    let other = RelyingParty::new(&app, "other");
    let page = browser.get(&other.authorize_url(&[])).await;
    assert!(page.has("#consent-allow"), "{}", page.body);
    let refreshed = portal.refreshed(&tokens.refresh.unwrap()).await;
    assert_eq!(portal.introspect(&refreshed.access).await["active"], true);
    app.end().await;
}
