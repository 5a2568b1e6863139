//! A restricted account: what is closed, at every node, and how it opens.

use serde_json::json;

use super::{AWAY, HOME, anna_at, at, messages, start, travelled};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::database::server;
use crate::support::steps::{NEW_PASSWORD, sign_in};
use crate::support::{Browser, RelyingParty, TestApp};

const OFFLINE: &str = "openid profile offline_access";
const CLOSED: &str = "/account/restricted";

#[tokio::test]
async fn an_impossible_journey_closes_what_is_sensitive() {
    let app = start(|_, _| ()).await;
    let (home, away) = travelled(&app).await;
    assert_eq!(messages(&app, "Часть действий временно закрыта").await, 1);
    for browser in [&home, &away] {
        // The cabinet is open and says what is closed.
        let overview = browser.get("/account").await;
        assert!(overview.body.contains(CLOSED), "{}", overview.body);
        let page = browser.get(CLOSED).await;
        assert_eq!(page.status, 200);
        // 24 March 12:10 and three days.
        let until = page.text("#restricted-until").unwrap();
        assert!(until.contains("27"), "{until}");
        assert_eq!(browser.get("/account/contacts").await.url.path(), CLOSED);
        let security = browser.get("/account/security").await;
        let typed = [
            ("current_password", PASSWORD),
            ("password", NEW_PASSWORD),
            ("password_repeat", NEW_PASSWORD),
        ];
        let changed = browser.submit(&security, "password-submit", &typed).await;
        assert_eq!(changed.url.path(), CLOSED, "{}", changed.body);
        // Sessions may be ended whenever.
        assert_eq!(browser.get("/account/profile").await.status, 200);
    }
    let history = home.get("/account/history").await;
    assert!(
        history.body.contains("Слишком быстрый переезд"),
        "{}",
        history.body
    );
    let journal = home.get("/account/journal").await;
    assert!(
        journal.body.contains("Часть действий закрыта"),
        "{}",
        journal.body
    );
    app.end().await;
}

/// A form that was open before is refused like a new one.
#[tokio::test]
async fn a_contact_that_was_under_way_does_not_get_in() {
    let app = start(|_, _| ()).await;
    let (home, _) = anna_at(&app, HOME).await;
    let form = home.get("/account/contacts").await;
    let code = home
        .submit(&form, "contact-submit", &[("contact", "thief@example.ru")])
        .await;
    assert_eq!(code.url.path(), "/account/contacts/code", "{}", code.body);
    let sent = app.last_code("thief@example.ru").await;
    app.advance(60).await;
    anna_at(&app, AWAY).await;
    let page = home.submit(&code, "code-submit", &[("code", &sent)]).await;
    assert_eq!(page.url.path(), CLOSED, "{}", page.body);
    let page = home
        .submit(&form, "contact-submit", &[("contact", "thief2@example.ru")])
        .await;
    assert_eq!(page.url.path(), CLOSED, "{}", page.body);
    app.end().await;
}

#[tokio::test]
async fn other_sites_are_told_that_access_is_denied() {
    let app = start(|_, _| ()).await;
    let portal = RelyingParty::new(&app, "portal");
    let (_, away) = travelled(&app).await;
    let page = away.get(&portal.authorize_url(&[])).await;
    assert_eq!(
        (page.status, page.url.path()),
        (200, "/restricted"),
        "{}",
        page.body
    );
    let back = away.submit(&page, "restricted-return", &[]).await;
    assert_eq!(back.sent("error").as_deref(), Some("access_denied"));
    let silent = away.get(&portal.authorize_url(&[("prompt", "none")])).await;
    assert_eq!(silent.sent("error").as_deref(), Some("access_denied"));
    // Without a restriction the page leads on.
    let (fresh, _) = (app.browser(), ());
    assert_eq!(fresh.get("/restricted").await.url.path(), "/sign-in");
    app.end().await;
}

/// The tokens of a client, at every node.
async fn alive(nodes: &[RelyingParty], access: &str) -> Vec<bool> {
    let mut all = Vec::new();
    for node in nodes {
        all.push(node.userinfo(access).await.status == 200);
    }
    all
}

/// A client at every node, the neighbour first.
fn parties(app: &TestApp, node: Option<&TestApp>) -> Vec<RelyingParty> {
    let nodes = node.into_iter().chain([app]);
    nodes
        .map(|node| RelyingParty::new(node, "portal"))
        .collect()
}

#[tokio::test]
async fn attack_15_a_restriction_stops_tokens_at_the_next_request_of_every_node() {
    let app = start(|_, _| ()).await;
    let node = match server() {
        Some(_) => Some(app.another_node().await),
        None => None,
    };
    let parties = parties(&app, node.as_ref());
    let portal = RelyingParty::new(&app, "portal");
    let home = at(&app.browser(), HOME);
    let scope = [("scope", OFFLINE)];
    let tokens = portal.tokens(&home, ANNA, &scope).await;
    let refresh = tokens.refresh.clone().unwrap();
    let code = portal.code(&home, ANNA, &scope).await;
    assert!(
        alive(&parties, &tokens.access)
            .await
            .iter()
            .all(|alive| *alive)
    );

    app.advance(30).await;
    anna_at(&app, AWAY).await;
    assert!(
        !alive(&parties, &tokens.access)
            .await
            .iter()
            .any(|alive| *alive)
    );
    for party in &parties {
        party.refresh(&refresh).await.refuses("invalid_grant");
        let machine = RelyingParty::at(&party.app_url, "machine");
        assert_eq!(machine.introspect(&refresh).await["active"], false);
    }
    // A code that was under way gives nothing either.
    parties[0].redeem(&code).await.refuses("invalid_grant");

    // An operator has seen the owner.
    let account = app.app.accounts.find_by_login(ANNA).await.unwrap().unwrap();
    assert!(
        app.app
            .accounts
            .lift_restriction(&account, app.now())
            .await
            .unwrap()
    );
    assert!(
        !app.app
            .accounts
            .lift_restriction(&account, app.now())
            .await
            .unwrap()
    );
    assert_eq!(messages(&app, "Ограничение снято").await, 1);
    assert!(
        alive(&parties, &tokens.access)
            .await
            .iter()
            .all(|alive| *alive)
    );
    for party in &parties {
        assert_eq!(party.refresh(&refresh).await.status, 200);
    }
    let journal = home.get("/account/journal").await;
    assert!(
        journal.body.contains("Ограничение снято досрочно"),
        "{}",
        journal.body
    );
    if let Some(node) = node {
        node.stop().await;
    }
    app.end().await;
}

#[tokio::test]
async fn attack_15_a_restriction_ends_by_itself_after_three_days() {
    let app = start(|_, _| ()).await;
    let portal = RelyingParty::new(&app, "portal");
    let home = at(&app.browser(), HOME);
    let tokens = portal.tokens(&home, ANNA, &[("scope", OFFLINE)]).await;
    let refresh = tokens.refresh.unwrap();
    anna_at(&app, AWAY).await;
    app.advance(72 * 3600 - 1).await;
    portal.refresh(&refresh).await.refuses("invalid_grant");
    app.advance(1).await;
    assert_eq!(portal.refresh(&refresh).await.status, 200);
    let page = enter(&portal, &home).await;
    assert!(page.sent("code").is_some(), "{}", page.body);
    assert_eq!(home.get(CLOSED).await.url.path(), "/account/security");
    assert_eq!(
        home.get("/account/contacts").await.url.path(),
        "/account/contacts"
    );
    app.end().await;
}

async fn enter(portal: &RelyingParty, browser: &Browser) -> crate::support::Page {
    portal.enter(browser, ANNA, &[("scope", OFFLINE)]).await
}

/// An old password is kept until the restriction is over, and does not close
/// the cabinet meanwhile.
#[tokio::test]
async fn a_password_that_has_served_its_time_waits() {
    let app = start(|_, _| ()).await;
    let (home, _) = travelled(&app).await;
    app.database
        .execute("update passwords set set_at = set_at - 8000000000")
        .await;
    app.app.storage.note_change();
    assert_eq!(home.get("/account").await.url.path(), "/account");
    let page = home.get("/password/renew").await;
    assert_ne!(page.url.path(), "/password/renew", "{}", page.body);
    app.advance(72 * 3600).await;
    let page = sign_in(&home, ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/password/renew", "{}", page.body);
    assert_eq!(json!(page.status), json!(200));
    app.end().await;
}
