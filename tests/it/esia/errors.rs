//! Each refusal has its code and goes where ESIA sends it.

use serde_json::{Value, json};

use super::{code, sent};
use crate::support::TestApp;
use crate::support::app::ANNA;
use crate::support::authority::{Kind, TERM};
use crate::support::esia::{
    AC_V2, CODE_V3, Params, Party, ac, address, agree, post, refresh, set, te, told,
};
use crate::support::http;

#[tokio::test]
async fn each_wrong_request_has_its_code() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let count = std::sync::atomic::AtomicUsize::new(0);
    let ask = async |change: fn(&mut Params)| {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let mut request = ac(&app, &format!("s{number}"), "openid fullname");
        change(&mut request);
        party.cms(&mut request);
        sent(&app, "/aas/oauth2/ac", &request).await
    };
    let page = |code: &str| (code.to_owned(), false);
    let back = |code: &str| (code.to_owned(), true);
    assert_eq!(ask(|_| ()).await, page("/sign-in"));
    // Whom nobody knows is told on a page.
    assert_eq!(
        ask(|p| set(p, "client_id", "OTHER")).await,
        page("ESIA-007005")
    );
    assert_eq!(ask(|p| set(p, "client_id", "")).await, page("ESIA-007014"));
    assert_eq!(
        ask(|p| set(p, "redirect_uri", "")).await,
        page("ESIA-007014")
    );
    for wrong in [
        |p: &mut Params| set(p, "redirect_uri", "https://rp.example.evil.test/"),
        |p: &mut Params| set(p, "redirect_uri", "https://evilrp.example/"),
        |p: &mut Params| set(p, "redirect_uri", "http://cabinet.rp.example/"),
        |p: &mut Params| set(p, "redirect_uri", "https://rp.example@evil.test/"),
        |p: &mut Params| set(p, "redirect_uri", "https://rp.example/#x"),
        |p: &mut Params| set(p, "redirect_uri", "javascript://rp.example/"),
    ] {
        assert_eq!(ask(wrong).await, page("ESIA-007023"));
    }
    assert_eq!(ask(|p| set(p, "state", "")).await, back("ESIA-007014"));
    assert_eq!(
        ask(|p| set(p, "timestamp", "today")).await,
        back("ESIA-007014")
    );
    assert_eq!(
        ask(|p| set(p, "response_type", "token")).await,
        back("ESIA-007009")
    );
    assert_eq!(
        ask(|p| set(p, "response_type", "")).await,
        back("ESIA-007014")
    );
    assert_eq!(ask(|p| set(p, "scope", "")).await, back("ESIA-007013"));
    assert_eq!(
        ask(|p| set(p, "scope", "openid nonsense")).await,
        back("ESIA-007006")
    );
    assert_eq!(
        ask(|p| set(p, "scope", "openid profile")).await,
        back("ESIA-007006")
    );
    assert_eq!(
        ask(|p| set(p, "scope", "openid medical_doc")).await,
        back("ESIA-007019")
    );
    assert_eq!(
        ask(|p| set(p, "access_type", "ever")).await,
        back("ESIA-007003")
    );
    assert_eq!(
        ask(|p| {
            let long = "s".repeat(513);
            set(p, "state", &long);
        })
        .await,
        back("ESIA-007003")
    );
    // The clock of the relying party.
    for (later, good) in [(-299, true), (299, true), (-301, false), (301, false)] {
        let mut request = ac(&app, &format!("clock {later}"), "openid");
        set(
            &mut request,
            "timestamp",
            &crate::support::esia::timestamp(&app, later),
        );
        party.cms(&mut request);
        let expected = if good {
            page("/sign-in")
        } else {
            back("ESIA-007015")
        };
        assert_eq!(
            sent(&app, "/aas/oauth2/ac", &request).await,
            expected,
            "{later}"
        );
    }
    // A parameter twice: the same is nothing, another is refused.
    let mut request = ac(&app, "twice", "openid");
    party.cms(&mut request);
    request.push(("state", "twice".to_owned()));
    assert_eq!(
        sent(&app, "/aas/oauth2/ac", &request).await,
        page("/sign-in")
    );
    request.push(("state", "other".to_owned()));
    assert_eq!(
        sent(&app, "/aas/oauth2/ac", &request).await,
        page("ESIA-007003")
    );
    app.end().await;
}

#[tokio::test]
async fn attack_34_signatures_that_are_not_the_clients_are_refused() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let mut request = ac(&app, "s", "openid fullname");
    party.cms(&mut request);
    // Each signed parameter changed after the signature.
    for name in ["scope", "timestamp", "state"] {
        let mut other = request.clone();
        let value = match name {
            "scope" => "openid".to_owned(),
            "timestamp" => crate::support::esia::timestamp(&app, 7),
            _ => "other".to_owned(),
        };
        set(&mut other, name, &value);
        let ended = sent(&app, "/aas/oauth2/ac", &other).await;
        assert_eq!(ended, ("ESIA-007005".to_owned(), true), "{name}");
    }
    // No signature, not one, and one of a foreign certificate.
    for (secret, code) in [
        ("", "ESIA-007014"),
        ("!", "ESIA-008010"),
        ("MAAA", "ESIA-008010"),
    ] {
        let mut other = request.clone();
        set(&mut other, "client_secret", secret);
        let ended = sent(&app, "/aas/oauth2/ac", &other).await;
        assert_eq!(ended, (code.to_owned(), true), "{secret}");
    }
    let mut stranger = Party::of(Kind::Rsa, "Другой УЦ");
    // Neither its issuer nor its number is the party's.
    stranger.certificate = stranger
        .authority
        .certify("/C=RU/CN=other.example", TERM, "");
    let mut other = request.clone();
    stranger.cms(&mut other);
    let ended = sent(&app, "/aas/oauth2/ac", &other).await;
    assert_eq!(ended, ("ESIA-007002".to_owned(), true));
    // The endpoint of the other generation takes other signatures.
    set(&mut request, "client_certificate_hash", &party.hash());
    let ended = sent(&app, "/aas/oauth2/v2/ac", &request).await;
    assert_eq!(ended, ("ESIA-007053".to_owned(), true));
    app.end().await;
}

#[tokio::test]
async fn the_second_generation_has_one_code_for_every_wrong_secret() {
    let party = Party::new(Kind::Gost256);
    let app = party.app(json!({})).await;
    let mut request = ac(&app, "s", "openid fullname");
    party.raw(&mut request, AC_V2);
    let wrong = |name: &'static str, value: &str| {
        let mut other = request.clone();
        set(&mut other, name, value);
        other
    };
    let secret = request.iter().find(|(name, _)| *name == "client_secret");
    let secret = &secret.unwrap().1;
    for other in [
        wrong("state", "other"),
        wrong("redirect_uri", "https://rp.example/other"),
        wrong("client_certificate_hash", &"A".repeat(40)),
        wrong("client_secret", &secret[2..]),
        wrong("client_secret", "AAAA"),
    ] {
        let page = app
            .browser()
            .get_once(&app.at(&address("/aas/oauth2/v2/ac", &other)))
            .await;
        let back = page.location().expect("the relying party is told");
        assert_eq!(told(&back, "error").as_deref(), Some("access_denied"));
        assert_eq!(
            told(&back, "error_description").as_deref(),
            Some("ESIA-007053: OAuthErrorEnum.clientSecretWrong")
        );
    }
    let mut bare = request.clone();
    bare.retain(|(name, _)| *name != "client_certificate_hash");
    assert_eq!(
        sent(&app, "/aas/oauth2/v2/ac", &bare).await.0,
        "ESIA-007014"
    );
    for (name, value, code) in [
        ("person_filter", "acc_kid", "ESIA-007019"),
        ("person_filter", "everybody", "ESIA-007003"),
        ("roles", "a", "ESIA-007060"),
        ("obj_type", "X", "ESIA-007061"),
        ("obj_type", "L", "ESIA-007062"),
        ("roles", "12", "ESIA-007062"),
        ("code_challenge_method", "plain", "ESIA-007003"),
    ] {
        let mut other = ac(&app, &format!("{name} {value}"), "openid");
        set(&mut other, "code_challenge", &"c".repeat(43));
        set(&mut other, name, value);
        party.raw(&mut other, AC_V2);
        let ended = sent(&app, "/aas/oauth2/v2/ac", &other).await;
        assert_eq!(ended, (code.to_owned(), true), "{name}={value}");
    }
    let mut other = ac(&app, "org", "openid");
    set(
        &mut other,
        "scope_org",
        "http://esia.gosuslugi.ru/org_inf?org_oid=1",
    );
    party.raw(&mut other, AC_V2);
    assert_eq!(
        sent(&app, "/aas/oauth2/v2/ac", &other).await.0,
        "ESIA-007194"
    );
    app.end().await;
}

#[tokio::test]
async fn each_wrong_token_request_has_its_code() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let count = std::sync::atomic::AtomicUsize::new(0);
    let ask = async |change: fn(&mut Params)| {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let mut request = te(&app, &format!("s{number}"), "no.such.code");
        change(&mut request);
        party.cms(&mut request);
        let (status, answer) = post(&app, "/aas/oauth2/te", &request).await;
        assert_eq!(status, 400);
        (code(&answer), answer["error"].as_str().unwrap().to_owned())
    };
    for (change, expected, error) in [
        ((|_| ()) as fn(&mut Params), "ESIA-007011", "invalid_grant"),
        (
            |p| set(p, "client_id", "OTHER"),
            "ESIA-007005",
            "unauthorized_client",
        ),
        (
            |p| set(p, "client_id", ""),
            "ESIA-007014",
            "invalid_request",
        ),
        (
            |p| set(p, "grant_type", ""),
            "ESIA-007014",
            "invalid_request",
        ),
        (
            |p| set(p, "state", &"s".repeat(513)),
            "ESIA-007003",
            "invalid_request",
        ),
        (
            |p| set(p, "grant_type", "password"),
            "ESIA-007012",
            "unsupported_grant_type",
        ),
        (|p| set(p, "code", ""), "ESIA-007014", "invalid_request"),
        (|p| set(p, "scope", ""), "ESIA-007013", "invalid_scope"),
        (|p| set(p, "state", ""), "ESIA-007014", "invalid_request"),
        (
            |p| set(p, "timestamp", "2026"),
            "ESIA-007014",
            "invalid_request",
        ),
        (
            |p| set(p, "timestamp", "2026.03.24 08:00:00 +0000"),
            "ESIA-007015",
            "invalid_request",
        ),
    ] {
        assert_eq!(ask(change).await, (expected.to_owned(), error.to_owned()));
    }
    let mut request = refresh(&app, "r", "00000000-0000-0000-0000-000000000000");
    party.cms(&mut request);
    let (_, answer) = post(&app, "/aas/oauth2/te", &request).await;
    assert_eq!(code(&answer), "ESIA-007011");
    // What is not there is told in JSON.
    for path in ["/rs/nothing", "/esia-rs/api/none", "/digital/api/none"] {
        for method in [reqwest::Method::GET, reqwest::Method::POST] {
            let asked = http::client().request(method, app.at(path));
            let sent = asked.send().await.unwrap();
            assert_eq!(sent.status(), 404);
            let answer: Value = sent.json().await.unwrap();
            assert_eq!(answer["code"], "ESIA-005002");
        }
    }
    // Only POST is answered.
    for path in ["/aas/oauth2/te", "/aas/oauth2/v3/te"] {
        let sent = http::client().get(app.at(path)).send().await.unwrap();
        assert_eq!(
            (sent.status().as_u16(), &sent.headers()["allow"]),
            (405, &"POST".parse().unwrap())
        );
        let answer: Value = sent.json().await.unwrap();
        assert_eq!(code(&answer), "ESIA-007003");
    }
    // What is no form cannot be read.
    let sent = http::client()
        .post(app.at("/aas/oauth2/te"))
        .json(&json!({ "client_id": "DEMO_RP" }))
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 400);
    let answer: Value = sent.json().await.unwrap();
    assert_eq!(code(&answer), "ESIA-007038");
    // Parameters in the query and no body, and in both.
    let mut request = te(&app, "query", "no.such.code");
    party.cms(&mut request);
    let sent = http::client()
        .post(app.at(&address("/aas/oauth2/te", &request)))
        .send()
        .await
        .unwrap();
    let answer: Value = sent.json().await.unwrap();
    assert_eq!(
        (code(&answer).as_str(), &answer["state"]),
        ("ESIA-007011", &json!("query"))
    );
    app.end().await;
}

#[tokio::test]
async fn pkce_holds_at_the_second_generation() {
    let party = Party::new(Kind::Gost256);
    let app = party.app(json!({})).await;
    let code_with = async |state: &str, challenge: Option<&str>| {
        app.advance(1).await;
        let mut request = ac(&app, state, "openid");
        if let Some(challenge) = challenge {
            set(&mut request, "code_challenge", challenge);
            set(&mut request, "code_challenge_method", "S256");
        }
        party.raw(&mut request, AC_V2);
        let browser = app.browser();
        let back = agree(
            &app,
            &browser,
            &address("/aas/oauth2/v2/ac", &request),
            ANNA,
        )
        .await;
        told(&back, "code").unwrap()
    };
    let exchange = async |state: &str, code: &str, verifier: Option<&str>| {
        let mut request = te(&app, state, code);
        if let Some(verifier) = verifier {
            set(&mut request, "code_verifier", verifier);
        }
        party.raw(&mut request, CODE_V3);
        post(&app, "/aas/oauth2/v3/te", &request).await
    };
    let verifier = crate::support::relying_party::VERIFIER;
    let challenge = crate::support::relying_party::CHALLENGE;
    let bound = code_with("a", Some(challenge)).await;
    assert_eq!(code(&exchange("1", &bound, None).await.1), "ESIA-007040");
    let other = verifier.replace('d', "e");
    assert_eq!(
        code(&exchange("2", &bound, Some(&other)).await.1),
        "ESIA-007040"
    );
    assert_eq!(exchange("3", &bound, Some(verifier)).await.0, 200);
    let free = code_with("b", None).await;
    assert_eq!(
        code(&exchange("4", &free, Some(verifier)).await.1),
        "ESIA-007039"
    );
    app.end().await;
}

/// Each generation is open to who is registered for it, and what is registered
/// for one dialect is nobody in the other.
#[tokio::test]
async fn attack_33_dialects_and_generations_are_kept_apart() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({ "generations": ["v2"] })).await;
    let mut request = ac(&app, "s", "openid");
    party.cms(&mut request);
    assert_eq!(
        sent(&app, "/aas/oauth2/ac", &request).await.0,
        "ESIA-007005"
    );
    let mut exchange = te(&app, "s", "x");
    party.cms(&mut exchange);
    let (_, answer) = post(&app, "/aas/oauth2/te", &exchange).await;
    assert_eq!(code(&answer), "ESIA-007005");
    // OpenID Connect does not know it,
    let standard = "/oauth/authorize?client_id=DEMO_RP&response_type=code&scope=openid&redirect_uri=https%3A%2F%2Frp.example%2Fcb";
    let page = app.browser().get_once(&app.at(standard)).await;
    assert_eq!(page.status, 400);
    assert!(page.location().is_none());
    let sent_to = http::client()
        .post(app.at("/oauth/token"))
        .basic_auth("DEMO_RP", Some("x"))
        .form(&[("grant_type", "client_credentials")])
        .send()
        .await
        .unwrap();
    assert_eq!(sent_to.status(), 401);
    // and a client of OpenID Connect is unknown here.
    let mut request = ac(&app, "s2", "openid");
    set(&mut request, "client_id", "portal");
    party.cms(&mut request);
    assert_eq!(
        sent(&app, "/aas/oauth2/ac", &request).await.0,
        "ESIA-007005"
    );
    app.end().await;
}

#[tokio::test]
async fn a_refusal_is_told_with_its_code() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let browser = crate::support::steps::signed_in(&app, ANNA).await;
    let mut request = ac(&app, "s", "openid fullname");
    party.cms(&mut request);
    let page = browser
        .get(&app.at(&address("/aas/oauth2/ac", &request)))
        .await;
    let page = browser.submit(&page, "consent-deny", &[]).await;
    let back = page.location().unwrap();
    assert_eq!(told(&back, "error").as_deref(), Some("access_denied"));
    assert!(
        told(&back, "error_description")
            .unwrap()
            .starts_with("ESIA-007004: ")
    );
    assert_eq!(told(&back, "state").as_deref(), Some("s"));
    assert_eq!(told(&back, "iss"), None);
    app.end().await;
}

/// A registration that cannot be read is our own fault: it is told as that, and
/// as nothing else.
#[tokio::test]
async fn a_fault_of_ours_has_its_code_and_no_more_words() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let storage = &app.app.storage;
    let id = propusk::model::id::ClientId::from(crate::support::esia::CLIENT);
    let mut record = storage.find_client(&id).await.unwrap().unwrap();
    record.metadata = "{ damaged".to_owned();
    storage.put_client(record).await.unwrap();
    app.expect_errors(1);
    let mut request = te(&app, "s", "no.such.code");
    party.cms(&mut request);
    let (status, answer) = post(&app, "/aas/oauth2/te", &request).await;
    assert_eq!(status, 500);
    assert_eq!(
        answer,
        json!({
            "error": "server_error",
            "error_description": "ESIA-007007: an error of the server",
            "state": "s",
        })
    );
    app.end().await;
}

/// The relying party is told of it, too.
#[tokio::test]
async fn a_fault_of_ours_goes_back_where_the_request_came_from() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let mut request = ac(&app, "s", "openid");
    party.cms(&mut request);
    assert_eq!(sent(&app, "/aas/oauth2/ac", &request).await.0, "/sign-in");
    app.expect_errors(1);
    let rename = |from: &str, to: &str| format!("alter table {from} rename to {to}");
    app.database.execute(&rename("tickets", "mislaid")).await;
    let ended = sent(&app, "/aas/oauth2/ac", &request).await;
    assert_eq!(ended, ("ESIA-007007".to_owned(), true));
    app.database.execute(&rename("mislaid", "tickets")).await;
    app.end().await;
}

/// Who demands a second step is told that there was none, which is another code
/// than that of an account that is not confirmed.
#[tokio::test]
async fn a_second_step_that_is_declined_has_its_code() {
    let party = Party::new(Kind::Rsa);
    let mut client = party.registration(json!({}));
    client["default_acr_values"] = json!(["urn:propusk:aal:2"]);
    let app = TestApp::start_with(|config| {
        config["esia"] = json!({});
        config["clients"].as_array_mut().unwrap().push(client);
    })
    .await;
    let browser = crate::support::steps::signed_in(&app, ANNA).await;
    let mut request = ac(&app, "s", "openid fullname");
    party.cms(&mut request);
    let way = app.at(&address("/aas/oauth2/ac", &request));
    let page = browser.get(&way).await;
    assert_eq!(page.url.path(), "/step-up", "{}", page.body);
    let page = browser.submit(&page, "step-up-return", &[]).await;
    let back = page.location().unwrap();
    assert_eq!(told(&back, "error").as_deref(), Some("access_denied"));
    let description = told(&back, "error_description").unwrap();
    assert!(description.starts_with("ESIA-007046: "), "{description}");
    app.end().await;
}

/// With exact addresses registered, the rest of the domain is closed.
#[tokio::test]
async fn named_addresses_close_the_rest_of_the_domain() {
    let party = Party::new(Kind::Rsa);
    let named = json!({ "redirects": [crate::support::esia::REDIRECT] });
    let app = party.app(named).await;
    let mut request = ac(&app, "s", "openid");
    party.cms(&mut request);
    assert_eq!(sent(&app, "/aas/oauth2/ac", &request).await.0, "/sign-in");
    set(
        &mut request,
        "redirect_uri",
        "https://cabinet.rp.example/open?to=evil",
    );
    let ended = sent(&app, "/aas/oauth2/ac", &request).await;
    assert_eq!(ended, ("ESIA-007023".to_owned(), false));
    // Nor does the endpoint of OpenID Connect send anybody there.
    for object in ["request", "request_uri"] {
        let mut strange = request.clone();
        strange.push((object, "x".to_owned()));
        let way = app.at(&address("/oauth/authorize", &strange));
        let page = app.browser().get_once(&way).await;
        assert_eq!((page.status, page.location()), (400, None), "{object}");
    }
    app.end().await;
}
