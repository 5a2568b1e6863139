//! What is signed is good once, or in one browser.

use serde_json::json;

use super::{code, sent};
use crate::support::app::{ANNA, TIMUR};
use crate::support::authority::Kind;
use crate::support::esia::{Party, ac, address, agree, post, set, te, timestamp, told};

/// A signed request found by somebody else is of no use; who goes back in the
/// same browser may; the same signature at the other endpoint is no replay.
#[tokio::test]
async fn attack_34_a_signed_request_is_one_browsers() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let browser = app.browser();
    let mut request = ac(&app, "s", "openid fullname");
    party.cms(&mut request);
    let back = agree(&app, &browser, &address("/aas/oauth2/ac", &request), ANNA).await;
    let again = browser
        .get_once(&app.at(&address("/aas/oauth2/ac", &request)))
        .await;
    assert!(told(&again.location().unwrap(), "code").is_some());
    let ended = sent(&app, "/aas/oauth2/ac", &request).await;
    assert_eq!(ended, ("ESIA-007005".to_owned(), true));

    // The very same signature at the token endpoint, once.
    let mut exchange = te(&app, "s", &told(&back, "code").unwrap());
    set(&mut exchange, "scope", "openid fullname");
    let secret = request.iter().find(|(name, _)| *name == "client_secret");
    set(&mut exchange, "client_secret", &secret.unwrap().1.clone());
    let (status, answer) = post(&app, "/aas/oauth2/te", &exchange).await;
    assert_eq!(status, 200, "{answer}");
    let (status, answer) = post(&app, "/aas/oauth2/te", &exchange).await;
    assert_eq!((status, code(&answer).as_str()), (400, "ESIA-007005"));
    app.end().await;
}

/// A request is remembered for as long as its time is good.
#[tokio::test]
async fn attack_34_a_replay_is_known_until_its_time_is_over() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let mut request = ac(&app, "s", "openid");
    set(&mut request, "timestamp", &timestamp(&app, 299));
    party.cms(&mut request);
    let mut exchange = te(&app, "t", "no.such.code");
    set(&mut exchange, "timestamp", &timestamp(&app, 299));
    party.cms(&mut exchange);
    assert_eq!(sent(&app, "/aas/oauth2/ac", &request).await.0, "/sign-in");
    let answered = async || code(&post(&app, "/aas/oauth2/te", &exchange).await.1);
    assert_eq!(answered().await, "ESIA-007011");
    for (later, told) in [(598, "ESIA-007005"), (2, "ESIA-007015")] {
        app.advance(later).await;
        app.upkeep().await;
        let ended = sent(&app, "/aas/oauth2/ac", &request).await;
        assert_eq!(ended, (told.to_owned(), true));
        assert_eq!(answered().await, told);
    }
    app.end().await;
}

/// Some programs have one state for everybody: what they sign for two people in
/// one second is the same.
#[tokio::test]
async fn one_state_for_everybody_needs_the_setting() {
    for shared in [true, false] {
        let party = Party::new(Kind::Rsa);
        let app = party.app(json!({ "shared_state": shared })).await;
        let mut request = ac(&app, "x", "openid");
        party.cms(&mut request);
        let way = address("/aas/oauth2/ac", &request);
        let back = agree(&app, &app.browser(), &way, ANNA).await;
        let mut codes = vec![told(&back, "code").unwrap()];
        if shared {
            let back = agree(&app, &app.browser(), &way, TIMUR).await;
            codes.push(told(&back, "code").unwrap());
        } else {
            let ended = sent(&app, "/aas/oauth2/ac", &request).await;
            assert_eq!(ended, ("ESIA-007005".to_owned(), true));
        }
        let mut exchange = te(&app, "x", "");
        party.cms(&mut exchange);
        for shown in codes {
            set(&mut exchange, "code", &shown);
            let (status, answer) = post(&app, "/aas/oauth2/te", &exchange).await;
            assert_eq!(status, 200, "{answer}");
            // The same once more is a replay, whatever the registration.
            let (status, answer) = post(&app, "/aas/oauth2/te", &exchange).await;
            assert_eq!((status, code(&answer).as_str()), (400, "ESIA-007005"));
        }
        app.end().await;
    }
}
