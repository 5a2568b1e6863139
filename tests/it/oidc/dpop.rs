//! Items 114–120: proofs of possession (RFC 9449).

use serde_json::{Value, json};

use super::{http, metadata, strings};
use crate::support::app::ANNA;
use crate::support::client_key::ClientKey;
use crate::support::dpop::ProofKey;
use crate::support::relying_party::{Answer, claims};
use crate::support::{RelyingParty, TestApp, Tokens};

const TOKEN: &str = "/oauth/token";
const USERINFO: &str = "/oauth/userinfo";
const OFFLINE: &str = "openid profile offline_access";

/// Redeems a code with these headers.
async fn redeem(party: &RelyingParty, code: &str, headers: &[(&'static str, &str)]) -> Answer {
    with_headers(party, headers).redeem(code).await
}

fn with_headers(party: &RelyingParty, headers: &[(&'static str, &str)]) -> RelyingParty {
    let mut party = party.clone();
    party.headers = headers
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    party
}

/// Userinfo with these headers.
async fn userinfo(app: &TestApp, headers: &[(&'static str, &str)]) -> Answer {
    let mut request = http::client().get(app.at(USERINFO));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::of(request).await
}

/// A person's tokens, bound to the key.
async fn bound(app: &TestApp, party: &RelyingParty, key: &ProofKey) -> Tokens {
    let changes = [("scope", OFFLINE)];
    let code = party.code(&app.browser(), ANNA, &changes).await;
    let answer = redeem(party, &code, &[("dpop", &key.proof("POST", TOKEN, None))]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    Tokens::of(&answer.json())
}

#[tokio::test]
async fn oidc_120_tokens_are_bound_to_the_key_of_the_proof() {
    let app = TestApp::start().await;
    let listed = metadata(&app).await;
    let algorithms = strings(&listed["dpop_signing_alg_values_supported"]);
    assert_eq!(algorithms, ["ES256", "PS256", "EdDSA"]);
    let key = ProofKey::generate(&app);
    for id in ["portal", "public", "keyed"] {
        let party = RelyingParty::new(&app, id);
        let tokens = bound(&app, &party, &key).await;
        assert_eq!(tokens.all["token_type"], "DPoP");
        assert_eq!(claims(&tokens.access)["cnf"]["jkt"], key.key.thumbprint());
        let info = userinfo(
            &app,
            &[
                ("authorization", &format!("dpop {}", tokens.access)),
                ("DPOP", &key.proof("GET", USERINFO, Some(&tokens.access))),
            ],
        )
        .await;
        assert_eq!(info.status, 200, "{}", info.body);
        if id != "public" {
            let found = party.introspect(&tokens.access).await;
            assert_eq!(found["token_type"], "DPoP");
            assert_eq!(found["cnf"]["jkt"], key.key.thumbprint());
        }
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_114_every_part_of_a_proof_is_looked_at() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let key = ProofKey::generate(&app);
    let code = portal.code(&app.browser(), ANNA, &[]).await;
    for (what, proof) in wrong_proofs(&app, &key, "POST", TOKEN, None) {
        redeem(&portal, &code, &[("dpop", &proof)])
            .await
            .refuses_as(what, "invalid_dpop_proof");
    }
    let (one, two) = (
        key.proof("POST", TOKEN, None),
        key.proof("POST", TOKEN, None),
    );
    let both = [("dpop", one.as_str()), ("dpop", two.as_str())];
    redeem(&portal, &code, &both)
        .await
        .refuses_as("two headers", "invalid_dpop_proof");
    // Item 118: none of this harmed the code.
    let right = key.proof("POST", TOKEN, None);
    assert_eq!(
        redeem(&portal, &code, &[("dpop", &right)]).await.status,
        200
    );
    app.end().await;
}

/// Proofs with one thing wrong in each.
fn wrong_proofs(
    app: &TestApp,
    key: &ProofKey,
    method: &str,
    path: &str,
    token: Option<&str>,
) -> Vec<(&'static str, String)> {
    let claims = || key.claims(method, path, token);
    let without = |name: &str| {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        key.signed(&claims)
    };
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        key.signed(&claims)
    };
    let under = |change: &dyn Fn(&mut Value)| {
        let mut header = key.header();
        change(&mut header);
        key.key.sign_under(&header, &claims())
    };
    let stranger = ClientKey::generate("stranger");
    let now = app.now().seconds();
    let mut wrong = vec![
        ("no JWT", "x".to_owned()),
        (
            "no typ",
            under(&|header| drop(header.as_object_mut().unwrap().remove("typ"))),
        ),
        ("wrong typ", under(&|header| header["typ"] = json!("JWT"))),
        (
            "no alg",
            under(&|header| drop(header.as_object_mut().unwrap().remove("alg"))),
        ),
        ("alg none", under(&|header| header["alg"] = json!("none"))),
        ("alg RS256", under(&|header| header["alg"] = json!("RS256"))),
        ("alg HS256", under(&|header| header["alg"] = json!("HS256"))),
        (
            "no jwk",
            under(&|header| drop(header.as_object_mut().unwrap().remove("jwk"))),
        ),
        (
            "private jwk",
            under(&|header| header["jwk"]["d"] = json!("AAAA")),
        ),
        (
            "another jwk",
            under(&|header| header["jwk"] = stranger.jwk()),
        ),
        ("no jti", without("jti")),
        ("no htm", without("htm")),
        ("no htu", without("htu")),
        ("no iat", without("iat")),
        ("wrong htm", with("htm", json!("PUT"))),
        (
            "wrong htu",
            with("htu", json!(format!("{}/oauth/other", app.url))),
        ),
        (
            "another host",
            with("htu", json!(format!("https://evil.example{path}"))),
        ),
        ("an hour ago", with("iat", json!(now - 3_600))),
        ("in an hour", with("iat", json!(now + 3_600))),
        ("expired", with("exp", json!(now - 3_600))),
    ];
    if token.is_some() {
        wrong.push(("no ath", without("ath")));
        wrong.push(("wrong ath", with("ath", json!("AAAA"))));
        let another = ClientKey::generate("another");
        let mut header = key.header();
        header["jwk"] = another.jwk();
        wrong.push(("another key", another.sign_under(&header, &claims())));
    }
    wrong
}

#[tokio::test]
async fn oidc_115_clocks_may_differ_by_seconds() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let key = ProofKey::generate(&app);
    let now = app.now().seconds();
    for changes in [
        json!({ "iat": now - 10 }),
        json!({ "iat": now + 10 }),
        json!({ "nbf": now, "exp": now + 300 }),
        json!({ "something": { "else": true } }),
    ] {
        let code = portal.code(&app.browser(), ANNA, &[]).await;
        let mut claims = key.claims("POST", TOKEN, None);
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let answer = redeem(&portal, &code, &[("dpop", &key.signed(&claims))]).await;
        assert_eq!(answer.status, 200, "{changes}: {}", answer.body);
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_116_a_bound_token_needs_its_proof_at_every_use() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let key = ProofKey::generate(&app);
    let access = bound(&app, &portal, &key).await.access;
    let scheme = format!("DPoP {access}");
    for (what, proof) in wrong_proofs(&app, &key, "GET", USERINFO, Some(&access)) {
        let answer = userinfo(&app, &[("authorization", &scheme), ("dpop", &proof)]).await;
        assert!(
            [400, 401].contains(&answer.status),
            "{what}: {}",
            answer.status
        );
        assert!(!answer.body.contains("name"), "{what}");
    }
    let right = || key.proof("GET", USERINFO, Some(&access));
    let (one, two, bearer) = (right(), right(), format!("Bearer {access}"));
    for (what, headers) in [
        ("no proof", vec![("authorization", scheme.as_str())]),
        (
            "two proofs",
            vec![
                ("authorization", scheme.as_str()),
                ("dpop", &one),
                ("dpop", &two),
            ],
        ),
        ("as a bearer", vec![("authorization", bearer.as_str())]),
        (
            "as a bearer with a proof",
            vec![("authorization", bearer.as_str()), ("dpop", &one)],
        ),
    ] {
        let answer = userinfo(&app, &headers).await;
        assert_eq!(answer.status, 401, "{what}: {}", answer.body);
        assert!(answer.header("www-authenticate").is_some(), "{what}");
    }
    // In a body it is a bearer token as well.
    let form = http::client()
        .post(app.at(USERINFO))
        .form(&[("access_token", &access)]);
    assert_eq!(Answer::of(form).await.status, 401);
    // Item 118.
    let answer = userinfo(&app, &[("authorization", &scheme), ("dpop", &right())]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    // And a token that is bound to nothing does not become better by a proof.
    let plain = portal.tokens(&app.browser(), ANNA, &[]).await.access;
    let proof = key.proof("GET", USERINFO, Some(&plain));
    let scheme = format!("DPoP {plain}");
    let answer = userinfo(&app, &[("authorization", &scheme), ("dpop", &proof)]).await;
    assert_eq!(answer.status, 401);
    app.end().await;
}

#[tokio::test]
async fn oidc_117_the_address_is_compared_in_its_normal_form() {
    let app = TestApp::start_with(|config| config["issuer"] = "https://id.example.ru".into()).await;
    let portal = RelyingParty::new(&app, "portal");
    let key = ProofKey::generate(&app);
    for htu in [
        "https://id.example.ru/oauth/token",
        "HTTPS://ID.EXAMPLE.RU/oauth/token",
        "https://id.example.ru:443/oauth/token?x=1#y",
    ] {
        let code = portal.code(&app.browser(), ANNA, &[]).await;
        let mut claims = key.claims("POST", TOKEN, None);
        claims["htu"] = json!(htu);
        let answer = redeem(&portal, &code, &[("dpop", &key.signed(&claims))]).await;
        assert_eq!(answer.status, 200, "{htu}: {}", answer.body);
    }
    app.end().await;
}

#[tokio::test]
async fn oidc_117_a_client_that_must_use_a_nonce_is_given_one() {
    let app = TestApp::start_with(|config| {
        for client in config["clients"].as_array_mut().unwrap() {
            if client["client_id"] == "portal" {
                client["dpop_nonce_required"] = true.into();
            }
        }
    })
    .await;
    let portal = RelyingParty::new(&app, "portal");
    let key = ProofKey::generate(&app);
    let code = portal.code(&app.browser(), ANNA, &[]).await;
    let plain = key.proof("POST", TOKEN, None);
    let answer = redeem(&portal, &code, &[("dpop", &plain)]).await;
    answer.refuses("use_dpop_nonce");
    let nonce = answer.header("dpop-nonce").unwrap().to_owned();
    let with = |method, path, token: Option<&str>, nonce: &str, iat: i64| {
        let mut claims = key.claims(method, path, token);
        claims["nonce"] = json!(nonce);
        claims["iat"] = json!(iat);
        key.signed(&claims)
    };
    let now = app.now().seconds();
    let forged = with("POST", TOKEN, None, "forged", now);
    let answer = redeem(&portal, &code, &[("dpop", &forged)]).await;
    answer.refuses("use_dpop_nonce");
    // With a nonce the client's clock does not matter (item 115).
    let right = with("POST", TOKEN, None, &nonce, now - 3_600);
    let answer = redeem(&portal, &code, &[("dpop", &right)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let access = Tokens::of(&answer.json()).access;
    let scheme = format!("DPoP {access}");
    let proof = key.proof("GET", USERINFO, Some(&access));
    let answer = userinfo(&app, &[("authorization", &scheme), ("dpop", &proof)]).await;
    assert_eq!(answer.status, 401);
    let challenge = answer.header("www-authenticate").unwrap();
    assert!(challenge.starts_with("DPoP ") && challenge.contains("use_dpop_nonce"));
    let nonce = answer.header("dpop-nonce").unwrap().to_owned();
    let proof = with("GET", USERINFO, Some(&access), &nonce, now);
    let answer = userinfo(&app, &[("authorization", &scheme), ("dpop", &proof)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    // An old one is not good for ever.
    app.advance(601).await;
    let code = portal.code(&app.browser(), ANNA, &[]).await;
    let late = with("POST", TOKEN, None, &nonce, app.now().seconds());
    let answer = redeem(&portal, &code, &[("dpop", &late)]).await;
    answer.refuses("use_dpop_nonce");
    app.end().await;
}

#[tokio::test]
async fn oidc_119_a_code_is_bound_to_the_key_named_with_the_request() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let (key, stranger) = (ProofKey::generate(&app), ProofKey::generate(&app));
    let jkt = key.key.thumbprint();
    let browser = app.browser();
    let changes = [("dpop_jkt", jkt.as_str())];
    let mut codes = vec![portal.code(&browser, ANNA, &changes).await];
    let url = portal.pushed_url(&changes).await;
    codes.push(browser.get(&url).await.sent("code").unwrap());
    let pushed = with_headers(&portal, &[("dpop", &key.proof("POST", "/oauth/par", None))]);
    let url = pushed.pushed_url(&[]).await;
    codes.push(browser.get(&url).await.sent("code").unwrap());
    for code in codes {
        redeem(&portal, &code, &[]).await.refuses("invalid_grant");
        let wrong = stranger.proof("POST", TOKEN, None);
        redeem(&portal, &code, &[("dpop", &wrong)])
            .await
            .refuses("invalid_grant");
        let right = key.proof("POST", TOKEN, None);
        assert_eq!(
            redeem(&portal, &code, &[("dpop", &right)]).await.status,
            200
        );
    }
    let other = with_headers(
        &portal,
        &[("dpop", &stranger.proof("POST", "/oauth/par", None))],
    );
    other.push(&changes).await.refuses("invalid_dpop_proof");
    app.end().await;
}

#[tokio::test]
async fn attack_37_a_proof_is_good_once() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let key = ProofKey::generate(&app);
    let proof = key.proof("POST", TOKEN, None);
    let code = portal.code(&app.browser(), ANNA, &[]).await;
    assert_eq!(
        redeem(&portal, &code, &[("dpop", &proof)]).await.status,
        200
    );
    let code = portal.code(&app.browser(), ANNA, &[]).await;
    let again = redeem(&portal, &code, &[("dpop", &proof)]).await;
    again.refuses("invalid_dpop_proof");
    if crate::support::database::server().is_some() {
        let node = app.another_node().await;
        let there = RelyingParty::new(&node, "portal");
        let again = redeem(&there, &code, &[("dpop", &proof)]).await;
        again.refuses("invalid_dpop_proof");
        node.stop().await;
    }
    app.end().await;
}

#[tokio::test]
async fn attack_13_and_37_a_refresh_token_belongs_to_its_key() {
    let app = TestApp::start().await;
    let (key, stranger) = (ProofKey::generate(&app), ProofKey::generate(&app));
    let party = RelyingParty::new(&app, "public");
    let first = bound(&app, &party, &key).await;
    let refresh = first.refresh.unwrap();
    party.refresh(&refresh).await.refuses("invalid_grant");
    let wrong = stranger.proof("POST", TOKEN, None);
    let thief = with_headers(&party, &[("dpop", &wrong)]);
    thief.refresh(&refresh).await.refuses("invalid_grant");
    let right = key.proof("POST", TOKEN, None);
    let owner = with_headers(&party, &[("dpop", &right)]);
    let next = owner.refreshed(&refresh).await;
    assert_eq!(next.all["token_type"], "DPoP");
    assert_eq!(claims(&next.access)["cnf"]["jkt"], key.key.thumbprint());
    app.end().await;
}

/// RFC 9449 §5: who authenticates may change its key, and binds by the new one;
/// without any, nothing is had that was bound before.
#[tokio::test]
async fn attack_13_and_37_who_authenticates_changes_its_key_and_never_drops_it() {
    let app = TestApp::start().await;
    let (key, fresh) = (ProofKey::generate(&app), ProofKey::generate(&app));
    let party = RelyingParty::new(&app, "portal");
    let refresh = bound(&app, &party, &key).await.refresh.unwrap();
    party.refresh(&refresh).await.refuses("invalid_grant");
    let proof = fresh.proof("POST", TOKEN, None);
    let changed = with_headers(&party, &[("dpop", &proof)]);
    let next = changed.refreshed(&refresh).await;
    assert_eq!(next.all["token_type"], "DPoP");
    assert_eq!(claims(&next.access)["cnf"]["jkt"], fresh.key.thumbprint());
    app.end().await;
}

#[tokio::test]
async fn attack_37_a_client_whose_tokens_must_be_bound_gets_no_bearer_token() {
    let app = TestApp::start_with(|config| {
        for client in config["clients"].as_array_mut().unwrap() {
            if ["portal", "machine"].contains(&client["client_id"].as_str().unwrap()) {
                client["dpop_bound_access_tokens"] = true.into();
            }
        }
    })
    .await;
    let key = ProofKey::generate(&app);
    let portal = RelyingParty::new(&app, "portal");
    let code = portal.code(&app.browser(), ANNA, &[]).await;
    redeem(&portal, &code, &[])
        .await
        .refuses("invalid_dpop_proof");
    let proof = key.proof("POST", TOKEN, None);
    let bound = redeem(&portal, &code, &[("dpop", &proof)]).await.json();
    assert_eq!(bound["token_type"], "DPoP");
    let machine = RelyingParty::new(&app, "machine");
    let grant = [("grant_type", "client_credentials")];
    machine.token(&grant).await.refuses("invalid_dpop_proof");
    let proof = key.proof("POST", TOKEN, None);
    let answer = with_headers(&machine, &[("dpop", &proof)])
        .token(&grant)
        .await;
    assert_eq!(answer.json()["token_type"], "DPoP");
    app.end().await;
}

/// What must be bound does not come through the browser, where nothing binds.
#[tokio::test]
async fn attack_37_bound_tokens_are_not_had_unbound_elsewhere() {
    let app = TestApp::start().await;
    let hybrid = RelyingParty::new(&app, "hybrid");
    let key = ProofKey::generate(&app);
    let jkt = key.key.thumbprint();
    let url = hybrid.authorize_url(&[("response_type", "code token"), ("dpop_jkt", &jkt)]);
    let page = app.browser().get_once(&url).await;
    let sent = super::sent_in_fragment(&page);
    assert_eq!(sent["error"], "unauthorized_client");
    app.end().await;
    let members = json!({
        "dpop_bound_access_tokens": true, "grant_types": ["authorization_code", "implicit"],
        "response_types": ["code", "code token"], "scope": "openid profile",
    });
    let mut members = crate::support::relying_party::registration("both", members);
    members["client_secret_digest"] = json!("x");
    let client: propusk::model::client::Client = serde_json::from_value(members).unwrap();
    let faults: Vec<_> = client
        .faults()
        .into_iter()
        .map(|fault| fault.field)
        .collect();
    assert_eq!(faults, ["response_types"]);
}

/// A token from before its client had to bind them is worth nothing after.
#[tokio::test]
async fn attack_37_a_bearer_token_ends_when_its_client_must_bind() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let access = portal.tokens(&app.browser(), ANNA, &[]).await.access;
    assert_eq!(portal.userinfo(&access).await.status, 200);
    app.database
        .execute(
            "update clients set version = version + 1, metadata = replace(metadata,
             '\"dpop_bound_access_tokens\":false', '\"dpop_bound_access_tokens\":true')
             where id = 'portal'",
        )
        .await;
    app.app.storage.note_change();
    assert_eq!(portal.userinfo(&access).await.status, 401);
    app.end().await;
}
