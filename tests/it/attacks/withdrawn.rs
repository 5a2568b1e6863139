//! Row 14: tokens and codes after what they stood on is gone, for both grants
//! that give them and, on a shared database, at a node that did not do it.

use propusk::model::algorithm::Algorithm;
use propusk::model::client::Client;
use propusk::protocol::{key_ring, registration};
use serde_json::json;

use super::{Alive, OFFLINE, neighbour, sign_in, sign_in_with};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::relying_party::header;
use crate::support::{Browser, RelyingParty, TestApp, Tokens};

/// Tokens that end with the session, and tokens that outlive it.
const SCOPES: [&str; 2] = ["openid profile email", OFFLINE];
const NEXT_PASSWORD: &str = "Vernulsya-77!";

/// The application, a neighbour where there can be one, and Anna in two
/// browsers: with tokens and codes in the first, herself at the second.
struct Scene {
    app: TestApp,
    node: Option<TestApp>,
    first: Browser,
    second: Browser,
}

/// What a client holds before anything happens.
struct Held {
    tokens: Tokens,
    /// As many codes as there are nodes to try one at.
    codes: [String; 2],
}

impl Scene {
    async fn begin() -> Self {
        Self::of(TestApp::start().await).await
    }

    async fn of(app: TestApp) -> Self {
        let node = neighbour(&app).await;
        let (first, second) = (app.browser(), app.browser());
        sign_in(&first, ANNA).await;
        sign_in(&second, ANNA).await;
        Self { app, node, first, second }
    }

    /// The client at each node, the neighbour first: what it may have kept
    /// from before must not count.
    fn parties(&self) -> Vec<RelyingParty> {
        let nodes = self.node.iter().chain([&self.app]);
        nodes.map(|node| RelyingParty::new(node, "portal")).collect()
    }

    async fn hold(&self, scope: &str) -> Held {
        let portal = RelyingParty::new(&self.app, "portal");
        let scope = [("scope", scope)];
        let held = Held {
            tokens: portal.tokens(&self.first, ANNA, &scope).await,
            codes: [
                portal.code(&self.first, ANNA, &scope).await,
                portal.code(&self.first, ANNA, &scope).await,
            ],
        };
        for party in self.parties() {
            assert_eq!(party.userinfo(&held.tokens.access).await.status, 200, "it works to begin with");
        }
        held
    }

    /// Everything of it is dead at every node.
    async fn is_dead(&self, held: &Held, what: &str) {
        self.tokens_are_dead(&held.tokens, what).await;
        self.codes_are_dead(held, what).await;
    }

    async fn tokens_are_dead(&self, tokens: &Tokens, what: &str) {
        for party in self.parties() {
            assert_eq!(Alive::of(&party, tokens).await, Alive::NONE, "{what}");
        }
    }

    async fn codes_are_dead(&self, held: &Held, what: &str) {
        for (party, code) in self.parties().iter().zip(&held.codes) {
            let answer = party.redeem(code).await;
            assert_eq!((answer.status, &answer.json()["error"]), (400, &json!("invalid_grant")), "{what}");
        }
    }

    async fn end(self) {
        if let Some(node) = self.node {
            node.stop().await;
        }
        self.app.end().await;
    }
}

/// Opens the card of the only consent.
async fn consent_card(browser: &Browser) -> crate::support::Page {
    let list = browser.get("/account/consents").await;
    let card = list.attribute("#consents-active a[href^='/account/consents/']", "href").unwrap();
    browser.get(&card).await
}

#[tokio::test]
async fn attack_14_after_the_consent_was_withdrawn() {
    let scene = Scene::begin().await;
    for scope in SCOPES {
        let held = scene.hold(scope).await;
        let card = consent_card(&scene.second).await;
        scene.second.submit(&card, "withdraw-confirm", &[]).await;
        scene.is_dead(&held, scope).await;
        // Consenting anew is for new tokens.
        let portal = RelyingParty::new(&scene.app, "portal");
        portal.code(&scene.first, ANNA, &[("scope", scope)]).await;
        scene.tokens_are_dead(&held.tokens, "after another consent").await;
    }
    scene.end().await;
}

/// Less of the data: a token or a code that was good for more gives no more.
#[tokio::test]
async fn attack_14_after_the_consent_was_narrowed() {
    let scene = Scene::begin().await;
    for scope in SCOPES {
        let held = scene.hold(scope).await;
        let card = consent_card(&scene.second).await;
        let kept = [("optional", "offline_access")];
        scene.second.submit(&card, "scopes-save", &kept).await;
        scene.is_dead(&held, scope).await;
        let card = consent_card(&scene.second).await;
        scene.second.submit(&card, "withdraw-confirm", &[]).await;
    }
    scene.end().await;
}

/// The same on the consent page of a later request.
#[tokio::test]
async fn attack_14_after_a_scope_was_refused_at_another_request() {
    let scene = Scene::begin().await;
    let portal = RelyingParty::new(&scene.app, "portal");
    for scope in SCOPES {
        let held = scene.hold(scope).await;
        scene.app.advance(1);
        let page = scene.first.get(&portal.authorize_url(&[("scope", scope), ("prompt", "consent")])).await;
        let kept = [("optional", "offline_access")];
        let back = scene.first.submit(&page, "consent-allow", &kept).await;
        let narrow = Tokens::of(&portal.redeem(&back.sent("code").unwrap()).await.json());
        assert_eq!(portal.userinfo(&narrow.access).await.json().get("email"), None);
        scene.is_dead(&held, scope).await;
        let card = consent_card(&scene.second).await;
        scene.second.submit(&card, "withdraw-confirm", &[]).await;
    }
    scene.end().await;
}

#[tokio::test]
async fn attack_14_after_the_owner_ended_the_session() {
    let mut scene = Scene::begin().await;
    for scope in SCOPES {
        for button in ["end-others", "one"] {
            let held = scene.hold(scope).await;
            let page = scene.second.get("/account/security").await;
            let one = page.attribute("form[action='/account/security/end'] button", "id");
            let id = if button == "one" { one.unwrap() } else { button.to_owned() };
            scene.second.submit(&page, &id, &[]).await;
            scene.is_dead(&held, &format!("{button} {scope}")).await;
            scene.first = scene.app.browser();
            sign_in(&scene.first, ANNA).await;
        }
    }
    scene.end().await;
}

#[tokio::test]
async fn attack_14_after_the_password_was_changed() {
    let mut scene = Scene::begin().await;
    let mut passwords = [PASSWORD, NEXT_PASSWORD, "Skripka-i-barabany-5"].windows(2);
    for scope in SCOPES {
        let [old, new] = passwords.next().unwrap() else { unreachable!() };
        let held = scene.hold(scope).await;
        change_password(&scene.second, old, new).await;
        scene.is_dead(&held, scope).await;
        scene.first = scene.app.browser();
        sign_in_with(&scene.first, ANNA, new).await;
    }
    scene.end().await;
}

async fn change_password(browser: &Browser, old: &str, new: &str) {
    let page = browser.get("/account/security").await;
    let fields = [("current_password", old), ("password", new), ("password_repeat", new)];
    let done = browser.submit(&page, "password-submit", &fields).await;
    assert!(done.url.query().is_some_and(|query| query.contains("done=password")), "{}", done.body);
}

/// Whoever had the old password may have got offline tokens in a session that
/// is long over: they end with the password too.
#[tokio::test]
async fn attack_14_offline_tokens_of_an_old_session_after_the_password_was_changed() {
    for over in ["signed out", "timed out", "replaced"] {
        let scene = Scene::begin().await;
        let held = scene.hold(OFFLINE).await;
        match over {
            "signed out" => {
                let page = scene.first.get("/sign-out").await;
                scene.first.submit(&page, "logout-confirm", &[]).await;
            }
            "replaced" => {
                let page = scene.first.get("/sign-in?again=yes").await;
                let fields = [("username", ANNA), ("password", PASSWORD)];
                scene.first.submit(&page, "login-submit", &fields).await;
            }
            _ => {
                scene.app.advance(3_600);
                scene.app.upkeep().await;
                sign_in(&scene.second, ANNA).await;
            }
        }
        let portal = RelyingParty::new(&scene.app, "portal");
        let kept = portal.refreshed(held.tokens.refresh.as_ref().unwrap()).await;
        change_password(&scene.second, PASSWORD, NEXT_PASSWORD).await;
        scene.tokens_are_dead(&kept, over).await;
        scene.codes_are_dead(&held, over).await;
        scene.end().await;
    }
}

/// An ordinary sign-out leaves offline tokens alone (OpenID Connect Core §11),
/// but a code that was not redeemed by then becomes nothing any more.
#[tokio::test]
async fn attack_14_after_the_sign_out() {
    let mut scene = Scene::begin().await;
    for scope in SCOPES {
        let held = scene.hold(scope).await;
        let page = scene.first.get("/sign-out").await;
        scene.first.submit(&page, "logout-confirm", &[]).await;
        scene.codes_are_dead(&held, scope).await;
        if scope == OFFLINE {
            for party in scene.parties() {
                assert_eq!(party.userinfo(&held.tokens.access).await.status, 200);
            }
        } else {
            scene.tokens_are_dead(&held.tokens, scope).await;
        }
        scene.first = scene.app.browser();
        sign_in(&scene.first, ANNA).await;
    }
    scene.end().await;
}

#[tokio::test]
async fn attack_14_after_the_session_timed_out() {
    let app = TestApp::start_with(|config| config["session"] = json!({ "idle_seconds": 60 })).await;
    let scene = Scene::of(app).await;
    let held = scene.hold(SCOPES[0]).await;
    let offline = scene.hold(OFFLINE).await;
    scene.app.advance(60);
    // Whether or not the server has swept.
    scene.is_dead(&held, "before the sweep").await;
    scene.codes_are_dead(&offline, "offline").await;
    scene.app.upkeep().await;
    scene.tokens_are_dead(&held.tokens, "after the sweep").await;
    scene.end().await;
}

#[tokio::test]
async fn attack_14_after_the_client_was_disabled() {
    let scene = Scene::begin().await;
    let disable = async |disabled: bool| {
        let storage = &scene.app.app.storage;
        storage.disable_client("portal".into(), disabled, scene.app.now()).await.unwrap();
    };
    for scope in SCOPES {
        let held = scene.hold(scope).await;
        disable(true).await;
        for (party, code) in scene.parties().iter().zip(&held.codes) {
            party.redeem(code).await.refuses("invalid_client");
        }
        scene.tokens_are_dead(&held.tokens, scope).await;
        let page = scene.first.get_once(&RelyingParty::new(&scene.app, "portal").authorize_url(&[])).await;
        super::stays(&page, "a disabled client");
        disable(false).await;
        scene.tokens_are_dead(&held.tokens, "after it was enabled again").await;
    }
    scene.end().await;
}

#[tokio::test]
async fn attack_14_after_a_token_was_revoked() {
    let scene = Scene::begin().await;
    let portal = RelyingParty::new(&scene.app, "portal");
    for scope in SCOPES {
        // An access token on its own: its siblings live on.
        let held = scene.hold(scope).await;
        assert_eq!(portal.revoke(&held.tokens.access).await.status, 200);
        for party in scene.parties() {
            let alive = Alive::of(&party, &held.tokens).await;
            assert!(!alive.userinfo && !alive.introspection, "{scope}: {alive:?}");
            assert_eq!(alive.refresh, scope == OFFLINE, "{scope}");
        }
        assert_eq!(portal.redeem(&held.codes[0]).await.status, 200, "another grant");
    }
    // A refresh token, spent or not: everything of its grant.
    for spent in [false, true] {
        let held = scene.hold(OFFLINE).await;
        let first = held.tokens.refresh.clone().unwrap();
        let next = portal.refreshed(&first).await;
        let revoked = if spent { first } else { next.refresh.clone().unwrap() };
        assert_eq!(portal.revoke(&revoked).await.status, 200);
        scene.tokens_are_dead(&next, "of the same grant").await;
        scene.tokens_are_dead(&held.tokens, "of the same grant").await;
    }
    scene.end().await;
}

/// A key that was withdrawn (it leaked, say) vouches for nothing, at any node.
#[tokio::test]
async fn attack_14_after_the_key_was_withdrawn() {
    let scene = Scene::begin().await;
    let held = scene.hold(SCOPES[0]).await;
    let (app, now) = (&scene.app.app, scene.app.now());
    let kid = header(&held.tokens.access)["kid"].as_str().unwrap().to_owned();
    key_ring::rotate(&app.storage, &app.vault, Algorithm::Es256, std::time::Duration::ZERO, now).await.unwrap();
    assert!(app.storage.retire_signing_key(kid.clone(), now).await.unwrap());
    for party in scene.parties() {
        // Nodes look for new keys a few times in a second.
        let mut left = 100;
        while party.userinfo(&held.tokens.access).await.status == 200 && left > 0 {
            left -= 1;
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!(Alive::of(&party, &held.tokens).await, Alive::NONE);
        let keys = scene.first.get(&format!("{}/oauth/jwks", party.app_url)).await;
        assert!(!keys.body.contains(&kid));
    }
    scene.end().await;
}

/// The operator takes a scope from a client: nothing that was issued before
/// gives it any longer.
#[tokio::test]
async fn attack_14_after_the_client_lost_a_scope() {
    let scene = Scene::begin().await;
    for scope in SCOPES {
        let held = scene.hold(scope).await;
        let storage = &scene.app.app.storage;
        let record = storage.find_client(&"portal".into()).await.unwrap().unwrap();
        let mut client: Client = serde_json::from_str(&record.metadata).unwrap();
        let before = std::mem::replace(&mut client.scope, "openid profile offline_access".to_owned());
        registration::store(storage, &client, registration::Source::File, scene.app.now()).await.unwrap();
        for (party, code) in scene.parties().iter().zip(&held.codes) {
            let mut all = vec![held.tokens.clone(), Tokens::of(&party.redeem(code).await.json())];
            if let Some(refresh) = &held.tokens.refresh {
                all.push(party.refreshed(refresh).await);
            }
            for tokens in all {
                let person = party.userinfo(&tokens.access).await.json();
                assert_eq!(person.get("email"), None, "{scope}: {person}");
            }
        }
        client.scope = before;
        registration::store(storage, &client, registration::Source::File, scene.app.now()).await.unwrap();
    }
    scene.end().await;
}

/// A consent that has run out is over. Another one, for less, revives neither
/// its tokens nor what it held.
#[tokio::test]
async fn attack_14_after_the_consent_ran_out() {
    let app = TestApp::start_with(|config| config["clients"][0]["consent_days"] = json!(1)).await;
    let mut scene = Scene::of(app).await;
    let portal = RelyingParty::new(&scene.app, "portal");
    let held = scene.hold(OFFLINE).await;
    scene.app.advance(86_400);
    scene.tokens_are_dead(&held.tokens, "it ran out").await;

    scene.first = scene.app.browser();
    let page = portal.enter(&scene.first, ANNA, &[("scope", "openid profile offline_access")]).await;
    assert!(page.sent("code").is_some());
    scene.tokens_are_dead(&held.tokens, "after another consent").await;
    let page = scene.first.get(&portal.authorize_url(&[("scope", OFFLINE)])).await;
    assert!(page.has("#consent-allow"), "the e-mail is asked for again");
    scene.end().await;
}
