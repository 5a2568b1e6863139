//! Rows of the catalogue over every grant there is: a grant that is added has to
//! say here how it is come by, or these tests fail.

use futures_util::future::join_all;
use propusk::protocol::grant::GRANTS;
use serde_json::json;

use crate::support::app::{ANNA, PASSWORD};
use crate::support::dpop::ProofKey;
use crate::support::relying_party::{Answer, VERIFIER, registration};
use crate::support::{Browser, RelyingParty, TestApp};

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const SCOPE: &str = "openid profile email offline_access";

/// A token request that would succeed.
struct Ready {
    grant: &'static str,
    fields: Vec<(&'static str, String)>,
    /// The parameter that proves what the request is entitled to, if any does.
    proof: Option<&'static str>,
    /// Whether that is spent by its use.
    once: bool,
}

impl Ready {
    async fn by(&self, party: &RelyingParty) -> Answer {
        self.changed(party, &[]).await
    }

    /// The same with parameters replaced, or added where they were not.
    async fn changed(&self, party: &RelyingParty, changes: &[(&str, &str)]) -> Answer {
        let mut fields: Vec<(&str, &str)> = self
            .fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        party.token(&fields).await
    }

    fn value(&self) -> Option<&str> {
        let proof = self.proof?;
        let found = self.fields.iter().find(|(name, _)| *name == proof);
        found.map(|(_, value)| value.as_str())
    }
}

/// Two clients registered for everything.
async fn start() -> TestApp {
    TestApp::start_with(|config| {
        let grants: Vec<_> = GRANTS.iter().map(|grant| grant.name).collect();
        for id in ["every", "likewise"] {
            let members = json!({
                "grant_types": grants, "token_exchange": { "of_clients": ["every"] },
            });
            let clients = config["clients"].as_array_mut().unwrap();
            clients.push(registration(id, members));
        }
    })
    .await
}

/// Brings a grant to the point where tokens are to be had.
async fn ready(app: &TestApp, browser: &Browser, grant: &'static str) -> Ready {
    // Of two decisions in one moment neither would be the later one.
    app.advance(1).await;
    let party = RelyingParty::new(app, "every");
    let scope = [("scope", SCOPE)];
    let made = |proof, once, mut fields: Vec<(&'static str, String)>| {
        fields.push(("grant_type", grant.to_owned()));
        Ready {
            grant,
            fields,
            proof,
            once,
        }
    };
    match grant {
        "authorization_code" => {
            let code = party.code(browser, ANNA, &scope).await;
            let fields = vec![
                ("code", code),
                ("redirect_uri", party.redirect_uri.clone()),
                ("code_verifier", VERIFIER.to_owned()),
            ];
            made(Some("code"), true, fields)
        }
        "refresh_token" => {
            let tokens = party.tokens(browser, ANNA, &scope).await;
            let fields = vec![("refresh_token", tokens.refresh.unwrap())];
            made(Some("refresh_token"), false, fields)
        }
        "client_credentials" => made(None, false, vec![("scope", "profile".to_owned())]),
        "urn:ietf:params:oauth:grant-type:device_code" => {
            let begun = party
                .call("/oauth/device_authorization", &scope)
                .await
                .json();
            let page = browser
                .get(begun["verification_uri_complete"].as_str().unwrap())
                .await;
            let page = browser.submit(&page, "device-continue", &[]).await;
            agree(browser, page).await;
            let code = begun["device_code"].as_str().unwrap().to_owned();
            made(Some("device_code"), true, vec![("device_code", code)])
        }
        "urn:openid:params:grant-type:ciba" => {
            let fields = [scope[0], ("login_hint", ANNA)];
            let asked = party
                .call("/oauth/backchannel_authentication", &fields)
                .await
                .json();
            let cabinet = browser.get("/account").await;
            let cabinet = sign_in(browser, cabinet).await;
            let link = cabinet
                .attribute("a[href^='/account/asked/']", "href")
                .unwrap();
            let page = browser.get(&link).await;
            agree(browser, page).await;
            let id = asked["auth_req_id"].as_str().unwrap().to_owned();
            made(Some("auth_req_id"), true, vec![("auth_req_id", id)])
        }
        "urn:ietf:params:oauth:grant-type:token-exchange" => {
            let access = party.tokens(browser, ANNA, &[]).await.access;
            let own = party.token(&[("grant_type", "client_credentials")]).await;
            let fields = vec![
                ("subject_token", access),
                ("subject_token_type", ACCESS_TOKEN.to_owned()),
                (
                    "actor_token",
                    own.json()["access_token"].as_str().unwrap().to_owned(),
                ),
                ("actor_token_type", ACCESS_TOKEN.to_owned()),
            ];
            made(Some("subject_token"), false, fields)
        }
        other => panic!("how is {other} come by?"),
    }
}

async fn sign_in(browser: &Browser, page: crate::support::Page) -> crate::support::Page {
    if !page.has("#login-submit") {
        return page;
    }
    let fields = [("username", ANNA), ("password", PASSWORD)];
    browser.submit(&page, "login-submit", &fields).await
}

async fn agree(browser: &Browser, page: crate::support::Page) {
    let page = sign_in(browser, page).await;
    let page = browser.submit(&page, "consent-allow", &[]).await;
    assert!(page.has("#device-given"), "{}", page.body);
}

/// Every grant at once. Each consent takes the place of the one before, so that
/// only the last of them would still be given.
async fn every(app: &TestApp) -> Vec<Ready> {
    let browser = app.browser();
    let mut all = Vec::new();
    for grant in GRANTS {
        all.push(ready(app, &browser, grant.name).await);
    }
    all
}

/// What the other tests refuse would have been given.
#[tokio::test]
async fn every_grant_gives_tokens_to_whom_it_is_for() {
    let app = start().await;
    let party = RelyingParty::new(&app, "every");
    let browser = app.browser();
    for grant in GRANTS {
        let ready = ready(&app, &browser, grant.name).await;
        let answer = ready.by(&party).await;
        assert_eq!(answer.status, 200, "{}: {}", ready.grant, answer.body);
    }
    app.end().await;
}

#[tokio::test]
async fn attack_05_a_parameter_comes_twice_at_every_grant() {
    let app = start().await;
    let party = RelyingParty::new(&app, "every");
    let browser = app.browser();
    for grant in GRANTS {
        let ready = ready(&app, &browser, grant.name).await;
        for (name, value) in &ready.fields {
            let mut fields: Vec<_> = ready
                .fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            fields.push((name, value));
            let what = format!("{} {name}", ready.grant);
            party
                .token(&fields)
                .await
                .refuses_as(&what, "invalid_request");
        }
        assert_eq!(
            ready.by(&party).await.status,
            200,
            "{}: nothing was spent",
            ready.grant
        );
    }
    app.end().await;
}

#[tokio::test]
async fn attack_10_what_is_for_one_client_is_worth_nothing_to_another() {
    let app = start().await;
    let (party, another) = (
        RelyingParty::new(&app, "every"),
        RelyingParty::new(&app, "likewise"),
    );
    let mut nobody = party.clone();
    nobody.secret = Some("a wrong secret that is long enough".to_owned());
    let other_grants = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    for grant in GRANTS {
        let ready = ready(&app, &browser, grant.name).await;
        nobody_gets(&ready, &nobody, "invalid_client").await;
        // Registered for codes and refresh tokens only.
        let only = ["authorization_code", "refresh_token"].contains(&ready.grant);
        let code = if only {
            "invalid_grant"
        } else {
            "unauthorized_client"
        };
        nobody_gets(&ready, &other_grants, code).await;
        // Exchange is for others' tokens by policy, but the actor is who asks.
        if ready.proof.is_some() {
            let answer = ready.by(&another).await;
            assert!(answer.status == 400, "{}: {}", ready.grant, answer.body);
        }
        assert_eq!(
            ready.by(&party).await.status,
            200,
            "{}: nothing was spent",
            ready.grant
        );
    }
    app.end().await;
}

async fn nobody_gets(ready: &Ready, party: &RelyingParty, error: &str) {
    ready.by(party).await.refuses_as(ready.grant, error);
}

#[tokio::test]
async fn attack_11_what_proves_one_thing_is_nothing_else() {
    let app = start().await;
    let party = RelyingParty::new(&app, "every");
    let all = every(&app).await;
    for ready in &all {
        let Some(proof) = ready.proof else { continue };
        for other in &all {
            let Some(value) = other.value().filter(|_| other.grant != ready.grant) else {
                continue;
            };
            let answer = ready.changed(&party, &[(proof, value)]).await;
            let what = format!("{} by what is for {}", ready.grant, other.grant);
            assert_eq!(answer.status, 400, "{what}: {}", answer.body);
        }
    }
    app.end().await;
}

#[tokio::test]
async fn attack_12_a_crowd_redeems_what_is_good_once() {
    let app = start().await;
    let party = RelyingParty::new(&app, "every");
    let browser = app.browser();
    for grant in GRANTS {
        let ready = ready(&app, &browser, grant.name).await;
        if !ready.once {
            continue;
        }
        let answers = join_all((0..super::CROWD).map(|_| ready.by(&party))).await;
        let won: Vec<_> = answers
            .iter()
            .filter(|answer| answer.status == 200)
            .collect();
        assert_eq!(won.len(), 1, "{}", ready.grant);
        let token = won[0].json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(
            party.introspect(&token).await["active"],
            false,
            "{}",
            ready.grant
        );
    }
    app.end().await;
}

/// What was taken back before the tokens were fetched is not given.
#[tokio::test]
async fn attack_14_and_15_no_grant_survives_what_it_rests_on() {
    let app = start().await;
    let party = RelyingParty::new(&app, "every");
    for (taken, given_back) in [
        ("update consents set withdrawn_at = 1", "select 1"),
        (
            "update accounts set blocked_at = 1",
            "update accounts set blocked_at = null",
        ),
        (
            "update clients set disabled_at = 1 where id = 'every'",
            "update clients set disabled_at = null",
        ),
    ] {
        for grant in GRANTS {
            // A client's own tokens rest on nobody but the client.
            let of_client = taken.contains("clients");
            if grant.name == "client_credentials" && !of_client {
                continue;
            }
            let ready = ready(&app, &app.browser(), grant.name).await;
            app.database.execute(taken).await;
            app.app.storage.note_change();
            let answer = ready.by(&party).await;
            let what = format!("{} after {taken}: {}", grant.name, answer.body);
            assert!([400, 401].contains(&answer.status), "{what}");
            app.database.execute(given_back).await;
            app.app.storage.note_change();
        }
    }
    app.end().await;
}

#[tokio::test]
async fn attack_36_a_changed_or_shortened_secret_is_nobody_s() {
    let app = start().await;
    let party = RelyingParty::new(&app, "every");
    let browser = app.browser();
    for grant in GRANTS {
        let ready = ready(&app, &browser, grant.name).await;
        let (Some(proof), Some(value)) = (ready.proof, ready.value()) else {
            continue;
        };
        let middle = value.len() / 2;
        let flipped = if &value[middle..=middle] == "A" {
            "B"
        } else {
            "A"
        };
        let changed = format!("{}{flipped}{}", &value[..middle], &value[middle + 1..]);
        for wrong in [
            changed.as_str(),
            &value[..value.len() - 1],
            &value[1..],
            "x",
        ] {
            let answer = ready.changed(&party, &[(proof, wrong)]).await;
            assert_eq!(answer.status, 400, "{}: {}", ready.grant, answer.body);
        }
        assert_eq!(ready.by(&party).await.status, 200, "{}", ready.grant);
    }
    app.end().await;
}

/// Wherever tokens are had they are bound to a proof made for this request, and
/// to nothing else.
#[tokio::test]
async fn attack_37_every_grant_holds_its_proof_to_this_request() {
    let app = start().await;
    let key = ProofKey::generate(&app);
    let shown = |proof: &str| {
        let mut party = RelyingParty::new(&app, "every");
        party.headers = vec![("dpop", proof.to_owned())];
        party
    };
    let browser = app.browser();
    for grant in GRANTS {
        let ready = ready(&app, &browser, grant.name).await;
        let used = key.proof("POST", "/oauth/token", None);
        for (wrong, what) in [
            (key.proof("GET", "/oauth/token", None), "another method"),
            (key.proof("POST", "/oauth/par", None), "another address"),
            ("x.y.z".to_owned(), "no proof"),
        ] {
            let answer = ready.by(&shown(&wrong)).await;
            answer.refuses_as(&format!("{} {what}", ready.grant), "invalid_dpop_proof");
        }
        let answer = ready.by(&shown(&used)).await.json();
        // What was not bound before is bound from here on.
        assert_eq!(answer["token_type"], "DPoP", "{}: {answer}", ready.grant);
        if !ready.once {
            ready
                .by(&shown(&used))
                .await
                .refuses_as(ready.grant, "invalid_dpop_proof");
        }
    }
    app.end().await;
}

#[tokio::test]
async fn attack_50_no_grant_gives_more_than_there_is() {
    let app = start().await;
    let party = RelyingParty::new(&app, "every");
    let browser = app.browser();
    for grant in GRANTS {
        let ready = ready(&app, &browser, grant.name).await;
        let answer = ready
            .changed(&party, &[("scope", "profile email snils address")])
            .await;
        // Refused, or given without what was not agreed to.
        if answer.status == 200 {
            let scope = answer.json()["scope"].as_str().unwrap().to_owned();
            // The client's own tokens are about nobody: it may have its scopes.
            if ready.proof.is_some() {
                assert!(!scope.contains("snils"), "{}: {scope}", ready.grant);
                assert!(!scope.contains("address"), "{}: {scope}", ready.grant);
            }
        } else {
            answer.refuses_as(ready.grant, "invalid_scope");
        }
    }
    app.end().await;
}
