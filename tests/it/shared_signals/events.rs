//! Item 150 and every event there is: caused by what a person does in the pages,
//! or an operator at the command line, and told to the site.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::streams::change_password;
use super::{CAEP, RISC, Site, event, everything, start};
use crate::factors::{add_app, give};
use crate::levels::become_standard;
use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::steps::{NEW_PASSWORD, sign_in, signed_in};
use crate::support::{Browser, TestApp};

/// A site with a stream, and Anna signed in there and at another place.
async fn visited() -> (TestApp, Site, [Browser; 2], Value) {
    let app = start().await;
    app.advance(60).await;
    let north = Site::new(&app, "north");
    north.polled().await;
    let browsers = [app.browser(), app.browser()];
    let mut subject = Value::Null;
    for browser in &browsers {
        let tokens = north.party.tokens(browser, ANNA, &[]).await;
        let sub = tokens.id_claims()["sub"].clone();
        subject = json!({ "format": "iss_sub", "iss": app.url, "sub": sub });
    }
    assert_eq!(north.take(&app).await, Vec::<Value>::new());
    (app, north, browsers, subject)
}

/// The names of the events that wait.
async fn names(app: &TestApp, site: &Site) -> BTreeSet<String> {
    let all = site.take(app).await;
    let uris = all.iter().map(|claims| event(claims).0);
    uris.map(|uri| uri.rsplit('/').next().unwrap().to_owned())
        .collect()
}

fn set<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(str::to_owned).into()
}

#[tokio::test(flavor = "multi_thread")]
async fn oidc_150_the_end_of_a_session_is_told_and_whose_and_why() {
    let (app, north, [first, second], subject) = visited().await;
    // One of two: the session is named as the site knows it.
    let page = first.get("/sign-out").await;
    first.submit(&page, "logout-confirm", &[]).await;
    let uri = format!("{CAEP}session-revoked");
    let told = north.taken(&app, &uri).await;
    assert_eq!(told.len(), 1, "{told:?}");
    let (body, about) = &told[0];
    assert_eq!(about["format"], "complex");
    assert_eq!(about["user"], subject);
    assert_eq!(about["session"]["format"], "opaque");
    assert_eq!(about["session"]["id"].as_str().unwrap().len(), 43);
    assert_eq!(body["initiating_entity"], "user");
    assert_eq!(body["event_timestamp"], app.now().seconds());
    for language in ["ru", "en"] {
        let reason = body["reason_admin"][language].as_str().unwrap();
        assert!(reason.len() > 5, "{body}");
    }
    // The last one: all of the person's are over.
    let page = second.get("/sign-out").await;
    second.submit(&page, "logout-confirm", &[]).await;
    let told = north.taken(&app, &uri).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].1, subject);
    // What runs out by itself was not revoked.
    north.party.tokens(&first, ANNA, &[]).await;
    app.advance(24 * 3_600).await;
    app.upkeep().await;
    assert_eq!(north.take(&app).await, Vec::<Value>::new());
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oidc_150_changes_of_credentials_are_told_with_their_kind() {
    let (app, north, _, subject) = visited().await;
    let uri = format!("{CAEP}credential-change");
    change_password(&app, ANNA).await;
    let told = north.taken(&app, &uri).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].1, subject);
    let body = &told[0].0;
    assert_eq!(body["credential_type"], "password");
    assert_eq!(body["change_type"], "update");
    assert_eq!(body["initiating_entity"], "user");
    assert!(body["reason_admin"]["en"].is_string(), "{body}");

    let browser = app.browser();
    sign_in(&browser, ANNA, NEW_PASSWORD).await;
    let phone = add_app(&app, &browser).await;
    let page = browser.get("/account/factors").await;
    let button = page.attribute("button[id^=remove-]", "id").unwrap();
    let page = browser.submit(&page, &button, &[]).await;
    if page.has("#second-submit") {
        give(&browser, &page, &phone.code(&app)).await;
        let page = browser.get("/account/factors").await;
        let button = page.attribute("button[id^=remove-]", "id").unwrap();
        browser.submit(&page, &button, &[]).await;
    }
    let told: BTreeSet<String> = north
        .taken(&app, &uri)
        .await
        .iter()
        .map(|(body, _)| format!("{} {}", body["credential_type"], body["change_type"]))
        .collect();
    let expected = ["\"app\" \"create\"", "\"app\" \"delete\""];
    assert_eq!(told, set(expected));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oidc_150_a_level_is_told_when_it_changes() {
    let (app, north, [first, _], subject) = visited().await;
    become_standard(&app, &first, &[]).await;
    let uri = format!("{CAEP}assurance-level-change");
    let told = north.taken(&app, &uri).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].1, subject);
    assert_eq!(told[0].0["namespace"], "urn:propusk:ial");
    assert_eq!(told[0].0["current_level"], "urn:propusk:ial:standard");
    let account = app.app.storage.find_by_contact("phone", &index(&app)).await;
    let account = account.unwrap().unwrap();
    let accounts = &app.app.accounts;
    accounts
        .withdraw_evidence(&account, app.now())
        .await
        .unwrap();
    let told = north.taken(&app, &uri).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0["current_level"], "urn:propusk:ial:simplified");
    assert_eq!(told[0].0["previous_level"], "urn:propusk:ial:standard");
    assert_eq!(told[0].0["change_direction"], "decrease");
    // The same level once more is no news.
    app.advance(1).await;
    accounts
        .withdraw_evidence(&account, app.now())
        .await
        .unwrap();
    assert_eq!(north.taken(&app, &uri).await, Vec::new());
    app.end().await;
}

fn index(app: &TestApp) -> String {
    app.app.vault.blind_index("phone", ANNA)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_frozen_and_thawed_is_told_of() {
    let (app, north, [first, _], subject) = visited().await;
    let page = first.get("/account/freeze").await;
    let page = first.submit(&page, "freeze-confirm", &[]).await;
    assert_eq!(page.url.path(), "/unfreeze", "{}", page.body);
    let all = north.take(&app).await;
    let disabled = format!("{RISC}account-disabled");
    let revoked = format!("{CAEP}session-revoked");
    let told: BTreeSet<_> = all.iter().map(|claims| event(claims).0).collect();
    assert_eq!(told, BTreeSet::from([disabled.clone(), revoked.clone()]));
    for claims in &all {
        assert_eq!(claims["sub_id"], subject);
        // They have one cause.
        assert_eq!(claims["txn"], all[0]["txn"]);
        let (uri, body) = event(claims);
        if uri == revoked {
            assert_eq!(body["initiating_entity"], "user");
        } else {
            assert_eq!(body, json!({}));
        }
    }
    let page = sign_in(&first, ANNA, PASSWORD).await;
    let page = first.submit(&page, "second-send", &[]).await;
    let code = app.last_code(ANNA).await;
    let page = give(&first, &page, &code).await;
    assert!(page.has("#sign-in-unfrozen"), "{}", page.body);
    assert_eq!(names(&app, &north).await, set(["account-enabled"]));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_an_administrator_closes_is_told_of() {
    let (app, north, _, _) = visited().await;
    let storage = &app.app.storage;
    let account = storage.find_by_contact("phone", &index(&app)).await;
    let account = account.unwrap().unwrap();
    let now = app.now();
    storage
        .block_account(account.clone(), Some(now), now)
        .await
        .unwrap();
    let told = north.take(&app).await;
    let revoked = told
        .iter()
        .map(event)
        .find(|(uri, _)| uri.starts_with(CAEP));
    assert_eq!(revoked.unwrap().1["initiating_entity"], "admin");
    assert_eq!(told.len(), 2, "{told:?}");
    app.advance(1).await;
    let now = app.now();
    storage.block_account(account, None, now).await.unwrap();
    assert_eq!(names(&app, &north).await, set(["account-enabled"]));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn recovery_is_told_from_its_beginning_to_its_end() {
    let (app, north, _, _) = visited().await;
    let browser = app.browser();
    let page = crate::recovery::ask(&browser, ANNA).await;
    let page = crate::recovery::show(&app, &browser, &page, ANNA).await;
    crate::recovery::set(&browser, &page, NEW_PASSWORD).await;
    let expected = set(["credential-change", "recovery-activated", "session-revoked"]);
    assert_eq!(names(&app, &north).await, expected);
    // With a second factor it waits, and is told before.
    app.advance(3_600).await;
    let owner = app.browser();
    sign_in(&owner, ANNA, NEW_PASSWORD).await;
    add_app(&app, &owner).await;
    north.take(&app).await;
    crate::recovery::wait(&app, &app.browser(), ANNA, ANNA).await;
    assert_eq!(names(&app, &north).await, set(["recovery-activated"]));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_contact_is_told_of_and_never_which() {
    let (app, north, [first, _], subject) = visited().await;
    let mail = "anna.novaya@example.ru";
    let page = first.get("/account/contacts").await;
    let typed = [("contact", mail)];
    let page = first.submit(&page, "contact-submit", &typed).await;
    let code = app.last_code(mail).await;
    first.submit(&page, "code-submit", &[("code", &code)]).await;
    let uri = format!("{RISC}recovery-information-changed");
    let told = north.taken(&app, &uri).await;
    assert_eq!(told, [(json!({}), subject)]);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_contact_is_told_of_to_the_sites_of_whom_they_help() {
    let (app, north, _, subject) = visited().await;
    let his = north.party.tokens(&app.browser(), TIMUR, &[]).await;
    let (anna, _, _) = crate::recovery::trusted::pair(&app).await;
    let page = anna.get("/account/security/trusted").await;
    anna.submit(&page, "trusted-end", &[]).await;
    let uri = format!("{RISC}recovery-information-changed");
    let told = north.taken(&app, &uri).await;
    assert_eq!(told.len(), 2, "{told:?}");
    for (body, about) in &told {
        assert_eq!((body, about), (&json!({}), &subject));
        assert_ne!(about["sub"], his.id_claims()["sub"]);
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_deleted_is_told_of_last() {
    let (app, north, [first, _], subject) = visited().await;
    let storage = app.app.storage.clone();
    // What waits about it goes with it.
    change_password(&app, ANNA).await;
    let owner = app.browser();
    sign_in(&owner, ANNA, NEW_PASSWORD).await;
    crate::erasure::delete(&app, &owner, ANNA).await;
    let all = north.take(&app).await;
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(event(&all[0]), (format!("{RISC}account-purged"), json!({})));
    assert_eq!(all[0]["sub_id"], subject);
    let (waiting, _) = storage.signals_waiting().await.unwrap();
    assert_eq!(waiting, 0);
    drop(first);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oidc_150_what_a_thief_did_is_told_when_it_is_taken_back() {
    let (app, north, _, _) = visited().await;
    app.advance(60).await;
    let thief = signed_in(&app, ANNA).await;
    add_app(&app, &thief).await;
    north.take(&app).await;
    app.deliver().await;
    let found = app.capture.messages().into_iter().find_map(|message| {
        message
            .not_me
            .filter(|_| message.recipient == "anna.sokolova@example.ru")
    });
    let owner = app.browser();
    let page = owner.get(&found.unwrap()).await;
    owner.submit(&page, "not-me-confirm", &[]).await;
    let uri = format!("{CAEP}credential-change");
    let told = north.taken(&app, &uri).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0["credential_type"], "app");
    assert_eq!(told[0].0["change_type"], "revoke");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_of_people_who_allow_nothing() {
    let (app, north, [first, _], _) = visited().await;
    let south = Site::new(&app, "south");
    south.polled().await;
    // Timur has never been at either; Anna not at the second.
    change_password(&app, TIMUR).await;
    change_password(&app, ANNA).await;
    assert_eq!(south.take(&app).await, Vec::<Value>::new());
    // And then she withdraws what she allowed: nor what waits is told.
    let browser = app.browser();
    sign_in(&browser, ANNA, NEW_PASSWORD).await;
    let page = browser.get("/account/consents").await;
    let card = page.attribute(".consent a", "href").unwrap();
    let page = browser.get(&card).await;
    let page = browser.submit(&page, "withdraw-confirm", &[]).await;
    assert!(page.has(".notice-success"), "{}", page.body);
    assert_eq!(north.take(&app).await, Vec::<Value>::new());
    let (waiting, _) = app.app.storage.signals_waiting().await.unwrap();
    assert_eq!(waiting, 0);
    drop(first);
    app.end().await;
}

#[tokio::test]
async fn the_list_of_events_is_whole() {
    let all = propusk::protocol::shared_signals::events::supported();
    let all: Vec<_> = all.map(|event| event.uri()).collect();
    assert_eq!(all, everything());
}
