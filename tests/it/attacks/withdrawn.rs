//! Row 14: tokens and codes after the citizen took away what they stood on, for
//! both grants that give them and, on a shared database, at a node that did not
//! do it.

use serde_json::json;

use super::{Alive, OFFLINE, neighbour, sign_in, sign_in_with};
use crate::support::app::{ANNA, PASSWORD};
use crate::support::{Browser, RelyingParty, TestApp, Tokens};

/// Tokens that end with the session, and tokens that outlive it.
pub(super) const SCOPES: [&str; 2] = ["openid profile email", OFFLINE];
const NEXT_PASSWORD: &str = "Vernulsya-77!";

/// The application, a neighbour where there can be one, and Anna in two
/// browsers: with tokens and codes in the first, herself at the second.
pub(super) struct Scene {
    pub(super) app: TestApp,
    node: Option<TestApp>,
    pub(super) first: Browser,
    second: Browser,
}

/// What a client holds before anything happens.
pub(super) struct Held {
    pub(super) tokens: Tokens,
    /// As many codes as there are nodes to try one at.
    pub(super) codes: [String; 2],
}

impl Scene {
    pub(super) async fn begin() -> Self {
        Self::of(TestApp::start().await).await
    }

    pub(super) async fn of(app: TestApp) -> Self {
        let node = neighbour(&app).await;
        let (first, second) = (app.browser(), app.browser());
        sign_in(&first, ANNA).await;
        sign_in(&second, ANNA).await;
        Self {
            app,
            node,
            first,
            second,
        }
    }

    /// The client at each node, the neighbour first: what it may have kept
    /// from before must not count.
    pub(super) fn parties(&self) -> Vec<RelyingParty> {
        let nodes = self.node.iter().chain([&self.app]);
        nodes
            .map(|node| RelyingParty::new(node, "portal"))
            .collect()
    }

    pub(super) async fn hold(&self, scope: &str) -> Held {
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
            assert_eq!(
                party.userinfo(&held.tokens.access).await.status,
                200,
                "it works to begin with"
            );
        }
        held
    }

    /// Everything of it is dead at every node.
    pub(super) async fn is_dead(&self, held: &Held, what: &str) {
        self.tokens_are_dead(&held.tokens, what).await;
        self.codes_are_dead(held, what).await;
    }

    pub(super) async fn tokens_are_dead(&self, tokens: &Tokens, what: &str) {
        for party in self.parties() {
            assert_eq!(Alive::of(&party, tokens).await, Alive::NONE, "{what}");
        }
    }

    pub(super) async fn codes_are_dead(&self, held: &Held, what: &str) {
        for (party, code) in self.parties().iter().zip(&held.codes) {
            let answer = party.redeem(code).await;
            assert_eq!(
                (answer.status, &answer.json()["error"]),
                (400, &json!("invalid_grant")),
                "{what}"
            );
        }
    }

    pub(super) async fn end(self) {
        if let Some(node) = self.node {
            node.stop().await;
        }
        self.app.end().await;
    }
}

/// Opens the card of the only consent.
async fn consent_card(browser: &Browser) -> crate::support::Page {
    let list = browser.get("/account/consents").await;
    let card = list
        .attribute("#consents-active a[href^='/account/consents/']", "href")
        .unwrap();
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
        scene
            .tokens_are_dead(&held.tokens, "after another consent")
            .await;
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

/// A scope and one of its claims asked for by name: taking back the scope
/// takes both, and no later request brings them without a question.
#[tokio::test]
async fn attack_14_after_a_scope_with_single_claims_was_taken_back() {
    let scene = Scene::begin().await;
    let portal = RelyingParty::new(&scene.app, "portal");
    let claims = json!({ "userinfo": { "phone_number": null } }).to_string();
    let asked = [
        ("scope", "openid profile phone"),
        ("claims", claims.as_str()),
    ];
    let tokens = portal.tokens(&scene.first, ANNA, &asked).await;
    let about = portal.userinfo(&tokens.access).await.json();
    assert!(about["phone_number"].is_string(), "{about}");
    // A code that is under way while the scope is taken back.
    let code = portal.code(&scene.first, ANNA, &asked).await;
    scene.app.advance(1).await;
    let card = consent_card(&scene.second).await;
    let kept = [("optional", "profile")];
    scene.second.submit(&card, "scopes-save", &kept).await;
    portal.redeem(&code).await.refuses("invalid_grant");
    for prompt in ["none", ""] {
        let again = [asked[0], asked[1], ("prompt", prompt)];
        let back = portal.enter(&scene.first, ANNA, &again).await;
        let code = back.sent("code").unwrap_or_else(|| panic!("{}", back.body));
        let tokens = Tokens::of(&portal.redeem(&code).await.json());
        let about = portal.userinfo(&tokens.access).await.json();
        assert_eq!(about.get("phone_number"), None, "{prompt}: {about}");
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
        scene.app.advance(1).await;
        let page = scene
            .first
            .get(&portal.authorize_url(&[("scope", scope), ("prompt", "consent")]))
            .await;
        let kept = [("optional", "offline_access")];
        let back = scene.first.submit(&page, "consent-allow", &kept).await;
        let narrow = Tokens::of(&portal.redeem(&back.sent("code").unwrap()).await.json());
        assert_eq!(
            portal.userinfo(&narrow.access).await.json().get("email"),
            None
        );
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
            let id = if button == "one" {
                one.unwrap()
            } else {
                button.to_owned()
            };
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
        let [old, new] = passwords.next().unwrap() else {
            unreachable!()
        };
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
    let fields = [
        ("current_password", old),
        ("password", new),
        ("password_repeat", new),
    ];
    let done = browser.submit(&page, "password-submit", &fields).await;
    assert!(
        done.url
            .query()
            .is_some_and(|query| query.contains("done=password")),
        "{}",
        done.body
    );
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
                scene.app.advance(3_600).await;
                scene.app.upkeep().await;
                sign_in(&scene.second, ANNA).await;
            }
        }
        let portal = RelyingParty::new(&scene.app, "portal");
        let kept = portal
            .refreshed(held.tokens.refresh.as_ref().unwrap())
            .await;
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
    scene.app.advance(60).await;
    // Whether or not the server has swept.
    scene.is_dead(&held, "before the sweep").await;
    scene.codes_are_dead(&offline, "offline").await;
    scene.app.upkeep().await;
    scene.tokens_are_dead(&held.tokens, "after the sweep").await;
    scene.end().await;
}
