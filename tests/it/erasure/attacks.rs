//! What is left to a thief, a site and the next owner of a phone number.

use super::{begin, delete, newcomer};
use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::database::server;
use crate::support::relying_party::ALL_SCOPES;
use crate::support::steps::{sign_in, signed_in};
use crate::support::{RelyingParty, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn attack_14_after_the_account_was_deleted_everything_is_dead_on_every_node() {
    let app = TestApp::start().await;
    let node = match server() {
        Some(_) => Some(app.another_node().await),
        None => None,
    };
    let (here, there) = (
        signed_in(&app, ANNA).await,
        signed_in(node.as_ref().unwrap_or(&app), ANNA).await,
    );
    let portal = RelyingParty::new(&app, "portal");
    let scope = [("scope", ALL_SCOPES)];
    let tokens = portal.tokens(&here, ANNA, &scope).await;
    let code = portal.code(&here, ANNA, &scope).await;
    let contact = there.get("/account/contacts").await;
    let typed = [("contact", "anna.next@example.ru")];
    let under_way = there.submit(&contact, "contact-submit", &typed).await;
    app.deliver().await;
    let nodes: Vec<&TestApp> = node.iter().chain([&app]).collect();
    for node in &nodes {
        let party = RelyingParty::new(node, "portal");
        assert_eq!(party.userinfo(&tokens.access).await.status, 200);
    }
    let page = begin(&here).await;
    app.deliver().await;
    // Whichever node was quicker has sent it.
    let sent = nodes.iter().flat_map(|node| node.capture.messages());
    let code_of_deletion = sent
        .filter(|message| message.recipient == ANNA)
        .filter_map(|message| message.code)
        .next_back()
        .unwrap();
    let typed = [("code", code_of_deletion.as_str()), ("sure", "yes")];
    let page = here.submit(&page, "deletion-final", &typed).await;
    assert!(page.has("#account-deleted"), "{}", page.body);
    for node in &nodes {
        let party = RelyingParty::new(node, "portal");
        assert_eq!(party.userinfo(&tokens.access).await.status, 401);
        let machine = RelyingParty::at(&node.url, "machine");
        assert_eq!(machine.introspect(&tokens.access).await["active"], false);
        let refresh = tokens.refresh.clone().unwrap();
        assert_eq!(machine.introspect(&refresh).await["active"], false);
        party.refresh(&refresh).await.refuses("invalid_grant");
        party.redeem(&code).await.refuses("invalid_grant");
    }
    for page in [
        here.get("/account").await,
        there.get("/account").await,
        there.get(under_way.url.as_str()).await,
    ] {
        assert_eq!(page.url.path(), "/sign-in");
    }
    // Single sign-on does not remember her either.
    let page = there
        .get(&portal.authorize_url(&[("prompt", "none")]))
        .await;
    assert_eq!(page.sent("error").as_deref(), Some("login_required"));
    for node in &nodes {
        let page = sign_in(&node.browser(), ANNA, PASSWORD).await;
        assert!(page.has("#sign-in-bad"), "{}", page.body);
    }
    if let Some(node) = node {
        node.stop().await;
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_45_the_next_owner_of_a_number_is_another_person_to_every_site() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let open = RelyingParty::new(&app, "open");
    let before = signed_in(&app, ANNA).await;
    let first = [
        portal.tokens(&before, ANNA, &[]).await.id_claims()["sub"].clone(),
        open.tokens(&before, ANNA, &[]).await.id_claims()["sub"].clone(),
    ];
    delete(&app, &before, ANNA).await;
    app.advance(3700).await;
    let after = newcomer(&app, ANNA).await;
    for (party, first) in [&portal, &open].into_iter().zip(&first) {
        // Nothing of the old consent counts.
        let page = after.get(&party.authorize_url(&[])).await;
        assert!(page.has("#consent-allow"), "{}", page.body);
        let second = party.tokens(&after, ANNA, &[]).await.id_claims()["sub"].clone();
        assert_ne!(&second, first);
    }
    let history = after.get("/account/history").await;
    assert!(!history.body.contains("Соколова"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_45_a_deletion_is_good_in_its_own_session_only() {
    let app = TestApp::start().await;
    let anna = signed_in(&app, ANNA).await;
    let page = begin(&anna).await;
    let code = app.last_code(ANNA).await;
    let elsewhere = signed_in(&app, ANNA).await;
    let timur = signed_in(&app, TIMUR).await;
    for other in [&elsewhere, &timur] {
        let seen = other.get(page.url.as_str()).await;
        assert_eq!(seen.url.path(), "/account/delete", "{}", seen.body);
        let csrf = seen.attribute("input[name=csrf]", "value").unwrap();
        let fields = [("csrf", csrf.as_str()), ("code", &code), ("sure", "yes")];
        let answer = other.post(page.url.as_str(), &fields).await;
        assert_eq!(answer.url.path(), "/account/delete");
    }
    assert_eq!(anna.get("/account").await.url.path(), "/account");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_proof_is_asked_for_again() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    app.advance(400).await;
    for (path, button) in [
        ("/account/delete", "deletion-begin"),
        ("/account/export", "export-json"),
        ("/account/export", "export-pdf"),
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.url.path(), path);
        let page = browser.submit(&page, button, &[]).await;
        assert_eq!(page.url.path(), "/sign-in", "{button}");
        assert!(page.url.query().unwrap().contains("again=yes"));
    }
    // Signed in once more, she is back where she came from.
    let page = browser.get("/account/delete").await;
    let page = browser.submit(&page, "deletion-begin", &[]).await;
    let typed = [("username", ANNA), ("password", PASSWORD)];
    let page = browser.submit(&page, "login-submit", &typed).await;
    assert_eq!(page.url.path(), "/account/delete", "{}", page.body);
    begin(&browser).await;
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_deletions_at_once_one_is_done_and_none_fails() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let page = begin(&browser).await;
    let code = app.last_code(ANNA).await;
    let typed = [("code", code.as_str()), ("sure", "yes")];
    let tabs: Vec<_> = (0..8).map(|_| browser.clone()).collect();
    let all = tabs
        .iter()
        .map(|tab| tab.submit(&page, "deletion-final", &typed));
    let answers = futures_util::future::join_all(all).await;
    let done = answers.iter().filter(|page| page.has("#account-deleted"));
    assert_eq!(done.count(), 1);
    for page in &answers {
        assert!(page.status < 500, "{}", page.body);
    }
    let erased = "select count(*) from accounts where erased_at is not null";
    assert_eq!(app.database.count(erased).await, 1);
    app.deliver().await;
    let farewells = app.capture.messages();
    let farewells = farewells
        .iter()
        .filter(|one| one.recipient == ANNA && one.text.contains("удалена"));
    assert_eq!(farewells.count(), 1);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_20_codes_of_a_deletion_cannot_be_guessed() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let mut page = begin(&browser).await;
    let code = app.last_code(ANNA).await;
    let mut number = 100_000;
    for _ in 0..5 {
        number += 1;
        if number.to_string() == code {
            number += 1;
        }
        let guess = number.to_string();
        let typed = [("code", guess.as_str()), ("sure", "yes")];
        page = browser.submit(&page, "deletion-final", &typed).await;
        assert!(page.has("#code-problem"), "{}", page.body);
    }
    let typed = [("code", code.as_str()), ("sure", "yes")];
    let page = browser.submit(&page, "deletion-final", &typed).await;
    assert!(page.has("#code-problem"), "{}", page.body);
    assert_eq!(browser.get("/account").await.url.path(), "/account");
    app.end().await;
}
