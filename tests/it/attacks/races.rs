//! Row 14 while it happens: a code that is redeemed in the very moment in which
//! what it stands on ends. Whoever is first, nothing is left in the end.

use super::{Alive, OFFLINE, neighbour, sign_in};
use crate::support::app::ANNA;
use crate::support::{Browser, RelyingParty, TestApp, Tokens};

/// What Anna does at her second browser.
#[derive(Clone, Copy, Debug)]
enum Act {
    EndOtherSessions,
    WithdrawConsent,
    NarrowConsent,
}

async fn act(browser: &Browser, page: &crate::support::Page, what: Act) {
    let (button, fields): (_, &[_]) = match what {
        Act::EndOtherSessions => ("end-others", &[]),
        Act::WithdrawConsent => ("withdraw-confirm", &[]),
        Act::NarrowConsent => ("scopes-save", &[("optional", "offline_access")]),
    };
    browser.submit(page, button, fields).await;
}

async fn race(app: &TestApp, parties: &[RelyingParty], what: Act) {
    let second = app.browser();
    sign_in(&second, ANNA).await;
    for round in 0..8 {
        let first = app.browser();
        // In every second round the other node redeems.
        let party = &parties[round % parties.len()];
        let code = parties[0].code(&first, ANNA, &[("scope", OFFLINE)]).await;
        let page = match what {
            Act::EndOtherSessions => second.get("/account/security").await,
            _ => {
                let list = second.get("/account/consents").await;
                let card = list.attribute("#consents-active a[href^='/account/consents/']", "href");
                second.get(&card.unwrap()).await
            }
        };
        let (answer, ()) = tokio::join!(party.redeem(&code), act(&second, &page, what));
        if answer.status == 200 {
            let tokens = Tokens::of(&answer.json());
            for party in parties {
                assert_eq!(
                    Alive::of(party, &tokens).await,
                    Alive::NONE,
                    "{what:?} {round}"
                );
            }
        } else {
            answer.refuses("invalid_grant");
        }
        if !matches!(what, Act::EndOtherSessions) {
            let page = second.get(page.url.as_str()).await;
            if page.has("#withdraw-confirm") {
                act(&second, &page, Act::WithdrawConsent).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_14_a_code_redeemed_while_all_ends() {
    let app = TestApp::start().await;
    let node = neighbour(&app).await;
    let mut parties = vec![RelyingParty::new(&app, "portal")];
    parties.extend(node.iter().map(|node| RelyingParty::new(node, "portal")));
    for what in [
        Act::EndOtherSessions,
        Act::WithdrawConsent,
        Act::NarrowConsent,
    ] {
        race(&app, &parties, what).await;
    }
    if let Some(node) = node {
        node.stop().await;
    }
    app.end().await;
}
