//! Rights are not taken: neither by the device itself, nor by an old session.

use super::{LOOKS, give, is_done, is_refused, phone, place, rename, rights, start};
use crate::support::app::{ANNA, TIMUR};
use crate::support::steps::signed_in;
use crate::support::{Browser, RelyingParty};

/// The forms of another browser's list, sent from this one.
async fn post(by: &Browser, path: &str, device: &str, rights: &str) -> crate::support::Page {
    let page = by.get("/account/security").await;
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let fields = [
        ("csrf", csrf.as_str()),
        ("device", device),
        ("rights", rights),
        ("sure", "yes"),
    ];
    by.post(path, &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_45_a_limited_device_gives_rights_to_nobody() {
    let (app, home, phone) = start().await;
    let page = home.get("/account/security").await;
    let ids = page.every("input[name=device]", "value");
    let (here, there) = (&ids[0], &ids[1]);
    for (has, title) in [("confirm", "нельзя ничего менять"), ("view", LOOKS)] {
        is_done(&give(&home, "iPhone", has).await);
        let before = rights(&app).await;
        for (device, rights) in [(there, "full"), (here, "view"), (here, "confirm")] {
            let page = post(&phone, "/account/security/device/rights", device, rights).await;
            is_refused(&page, title);
        }
        for path in ["end", "forget"] {
            let path = format!("/account/security/device/{path}");
            is_refused(&post(&phone, &path, here, "").await, title);
        }
        assert_eq!(rights(&app).await, before);
    }
    // It gives up its own, and cannot take them back.
    is_done(&give(&home, "iPhone", "confirm").await);
    is_done(&give(&phone, "iPhone", "view").await);
    is_refused(&give(&phone, "iPhone", "confirm").await, LOOKS);
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_45_a_device_of_somebody_else_is_not_there() {
    let (app, home, _) = start().await;
    let ids = home.get("/account/security").await;
    let ids = ids.every("input[name=device]", "value");
    let thief = signed_in(&app, TIMUR).await;
    let before = rights(&app).await;
    for device in [ids[0].as_str(), "no such device", ""] {
        for path in ["rights", "end", "forget"] {
            let path = format!("/account/security/device/{path}");
            let page = post(&thief, &path, device, "view").await;
            assert_eq!(page.status, 404, "{path} {device}");
        }
    }
    // Nor are there other rights than these.
    let page = post(&home, "/account/security/device/rights", &ids[0], "root").await;
    assert_eq!(page.status, 404);
    assert_eq!(rights(&app).await, before);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_49_an_old_session_changes_no_rights() {
    let (app, home, phone) = start().await;
    is_done(&give(&home, "iPhone", "view").await);
    app.advance(360).await;
    let before = rights(&app).await;
    for rights in ["full", "confirm"] {
        let page = give(&home, "iPhone", rights).await;
        assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    }
    let page = home.get("/account/security").await;
    let button = format!("device-forget-{}", place(&page, "iPhone"));
    let page = home.submit(&page, &button, &[]).await;
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    assert_eq!(rights(&app).await, before);
    is_refused(&rename(&phone).await, LOOKS);
    // To give up its own takes no proof.
    let page = give(&home, "Firefox", "view").await;
    is_done(&home.submit(&page, "last-full-confirm", &[]).await);
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_24_two_devices_that_limit_each_other_at_once_leave_one() {
    let (app, home, phone) = start().await;
    let (one, other) = tokio::join!(
        give(&home, "iPhone", "view"),
        give(&phone, "Firefox", "view")
    );
    let refused = [one, other]
        .iter()
        .filter(|page| page.status == 403)
        .count();
    assert_eq!(refused, 1);
    assert_eq!(rights(&app).await, ["full", "view"]);
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_gets_what_a_device_may_agree_to() {
    let (app, home, first) = start().await;
    let portal = RelyingParty::new(&app, "portal");
    is_done(&give(&home, "iPhone", "view").await);
    let page = first.get(&portal.authorize_url(&[])).await;
    is_refused(&first.submit(&page, "consent-allow", &[]).await, LOOKS);
    // To refuse is open to everybody.
    let page = first.get(&portal.authorize_url(&[])).await;
    let page = first.submit_once(&page, "consent-deny", &[]).await;
    assert_eq!(page.sent("error").as_deref(), Some("access_denied"));
    let second = phone(&app, ANNA).await;
    let page = home.get("/account/security").await;
    let count = page.texts(".device").len();
    assert_eq!(count, 3);
    for number in 2..=3 {
        let page = home.get("/account/security").await;
        let button = format!("rights-save-{number}");
        is_done(&home.submit(&page, &button, &[("rights", "confirm")]).await);
    }
    let page = second.get(&portal.authorize_url(&[])).await;
    let page = second.submit_once(&page, "consent-allow", &[]).await;
    assert_eq!(page.status, 303, "{}", page.body);
    app.deliver().await;
    app.end().await;
}
