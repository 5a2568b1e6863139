//! The whole way of a person in both generations, RSA and GOST: request, sign-in,
//! consent, code, tokens, data, refresh, sign-out.

use serde_json::json;

use crate::support::app::{ANNA, TIMUR};
use crate::support::authority::Kind;
use crate::support::esia::{
    AC_V2, CODE_V3, ISSUER, Party, REFRESH_V3, SCOPE, ac, address, agree, allow, part, post,
    refresh, rs, set, te, told,
};
use crate::support::steps::signed_in;

const STATE: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

#[tokio::test]
async fn the_first_generation_goes_its_way_with_rsa_and_gost() {
    for kind in [Kind::Rsa, Kind::Gost256] {
        let party = Party::new(kind);
        let app = party.app(json!({})).await;
        let browser = app.browser();
        let mut request = ac(&app, STATE, SCOPE);
        party.cms(&mut request);
        let back = agree(&app, &browser, &address("/aas/oauth2/ac", &request), ANNA).await;
        assert!(
            back.as_str()
                .starts_with("https://cabinet.rp.example/esia/callback?code=")
        );
        assert_eq!(told(&back, "state").as_deref(), Some(STATE));
        assert_eq!(told(&back, "iss"), None);
        let code = told(&back, "code").unwrap();
        assert_eq!(part(&code, 0)["sbt"], "authorization_code");
        assert_eq!(part(&code, 1)["iss"], ISSUER);
        assert_eq!(
            part(&code, 1)["exp"].as_i64().unwrap() - part(&code, 1)["iat"].as_i64().unwrap(),
            240
        );

        let mut request = te(&app, "another state", &code);
        party.cms(&mut request);
        let (status, tokens) = post(&app, "/aas/oauth2/te", &request).await;
        assert_eq!(status, 200, "{kind:?}: {tokens}");
        assert_eq!(tokens["state"], "another state");
        assert_eq!(tokens["expires_in"], 3600);
        assert_eq!(tokens["token_type"], "Bearer");
        let access = tokens["access_token"].as_str().unwrap();
        assert_eq!(
            part(access, 0),
            json!({ "ver": 1, "typ": "JWT", "sbt": "access", "alg": "RS256" })
        );
        let oid = part(access, 1)["urn:esia:sbj_id"].as_i64().unwrap();
        assert!((1_000_000_000..=2_147_483_647).contains(&oid));
        let scope = part(access, 1)["scope"].as_str().unwrap().to_owned();
        assert!(scope.starts_with("openid ") && scope.contains(&format!("fullname?oid={oid}")));
        assert!(!scope.contains("offline_access"));
        let id = part(tokens["id_token"].as_str().unwrap(), 1);
        assert_eq!(part(tokens["id_token"].as_str().unwrap(), 0)["ver"], 0);
        assert_eq!((&id["aud"], &id["amr"]), (&json!("DEMO_RP"), &json!("PWD")));
        assert_eq!(id["sub"], oid);
        assert_eq!(id["urn:esia:sbj"]["urn:esia:sbj:oid"], oid);
        assert_eq!(id["urn:esia:sbj"]["urn:esia:sbj:lvl"], "P");
        assert!(id["urn:esia:sbj"].get("urn:esia:sbj:is_tru").is_none());

        let (status, person) = rs(&app, access, &format!("/rs/prns/{oid}")).await;
        assert_eq!((status, &person["lastName"]), (200, &json!("Соколова")));
        assert_eq!(person["trusted"], false);

        // The old refresh token ends with its use.
        let old = tokens["refresh_token"].as_str().unwrap().to_owned();
        assert!(uuid::Uuid::parse_str(&old).is_ok(), "{old}");
        app.advance(1).await;
        let mut request = refresh(&app, "third", &old);
        party.cms(&mut request);
        let (status, renewed) = post(&app, "/aas/oauth2/te", &request).await;
        assert_eq!(status, 200, "{renewed}");
        assert_ne!(renewed["refresh_token"], old);
        app.advance(1).await;
        let mut request = refresh(&app, "fourth", &old);
        party.cms(&mut request);
        let (status, refused) = post(&app, "/aas/oauth2/te", &request).await;
        assert_eq!(status, 400);
        assert!(
            refused["error_description"]
                .as_str()
                .unwrap()
                .starts_with("ESIA-007011: ")
        );
        // And with it everything that came of the grant.
        let (status, _) = rs(&app, access, &format!("/rs/prns/{oid}")).await;
        assert_eq!(status, 401);
        app.end().await;
    }
}

#[tokio::test]
async fn the_second_generation_goes_its_way_with_gost_and_rsa() {
    for (kind, alg) in [
        (Kind::Gost256, "GOST3410_2012_256"),
        (Kind::Gost512, "GOST3410_2012_256"),
        (Kind::Rsa, "RS256"),
    ] {
        let party = Party::new(kind);
        let app = party.app(json!({ "token_alg": alg })).await;
        let browser = app.browser();
        let mut request = ac(&app, STATE, SCOPE);
        party.raw(&mut request, AC_V2);
        let back = agree(
            &app,
            &browser,
            &address("/aas/oauth2/v2/ac", &request),
            ANNA,
        )
        .await;
        let code = told(&back, "code").unwrap_or_else(|| panic!("{back}"));
        assert_eq!(part(&code, 0)["alg"], alg);
        let mut request = te(&app, "two", &code);
        party.raw(&mut request, CODE_V3);
        let (status, tokens) = post(&app, "/aas/oauth2/v3/te", &request).await;
        assert_eq!(status, 200, "{kind:?}: {tokens}");
        let access = tokens["access_token"].as_str().unwrap();
        assert_eq!(part(access, 0)["alg"], alg);
        let oid = part(access, 1)["urn:esia:sbj_id"].as_i64().unwrap();
        let (status, _) = rs(
            &app,
            access,
            &format!("/rs/prns/{oid}/docs?embed=(elements)"),
        )
        .await;
        assert_eq!(status, 200);

        // Both texts of a refresh, the second without address and hash.
        app.advance(1).await;
        let mut request = refresh(&app, "three", tokens["refresh_token"].as_str().unwrap());
        party.raw(&mut request, AC_V2);
        let (status, tokens) = post(&app, "/aas/oauth2/v3/te", &request).await;
        assert_eq!(status, 200, "{tokens}");
        app.advance(1).await;
        let mut request = refresh(&app, "four", tokens["refresh_token"].as_str().unwrap());
        request.retain(|(name, _)| *name != "redirect_uri");
        party.raw(&mut request, REFRESH_V3);
        request.retain(|(name, _)| *name != "client_certificate_hash");
        let (status, tokens) = post(&app, "/aas/oauth2/v3/te", &request).await;
        assert_eq!(status, 200, "{tokens}");

        // Sign-out from the relying party's own page is done at once.
        let out = "/idp/ext/Logout?client_id=DEMO_RP&redirect_url=https%3A%2F%2Frp.example%2Fbye";
        let page = browser.get_once(&app.at(out)).await;
        assert!(page.has("#logout-confirm"), "{}", page.body);
        let from_it = browser.with_header("referer", "https://www.rp.example/");
        let page = from_it.get_once(&app.at(out)).await;
        assert_eq!(page.location().unwrap().as_str(), "https://rp.example/bye");
        let page = from_it.get(&app.at("/account")).await;
        assert_eq!(page.url.path(), "/sign-in");
        app.end().await;
    }
}

/// Who is signed in and agreed is sent back at once; the consent is one of the
/// list in the cabinet, and withdrawing it ends the tokens.
#[tokio::test]
async fn there_is_one_sign_in_one_consent_and_one_cabinet() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let browser = signed_in(&app, ANNA).await;
    let mut request = ac(&app, "one", "openid fullname");
    party.cms(&mut request);
    let page = browser
        .get(&app.at(&address("/aas/oauth2/ac", &request)))
        .await;
    assert!(page.body.contains("Портал области"), "{}", page.body);
    let page = browser.submit(&page, "consent-allow", &[]).await;
    let code = told(&page.location().unwrap(), "code").unwrap();
    let mut exchange = te(&app, "two", &code);
    party.cms(&mut exchange);
    let (_, tokens) = post(&app, "/aas/oauth2/te", &exchange).await;
    let access = tokens["access_token"].as_str().unwrap().to_owned();
    let oid = part(&access, 1)["urn:esia:sbj_id"].as_i64().unwrap();

    // Again: neither sign-in nor consent; another person has another number.
    app.advance(1).await;
    let mut request = ac(&app, "three", "openid fullname");
    party.cms(&mut request);
    let page = browser
        .get_once(&app.at(&address("/aas/oauth2/ac", &request)))
        .await;
    let again = told(&page.location().unwrap(), "code").unwrap();
    assert_eq!(part(&again, 1)["urn:esia:sbj"]["urn:esia:sbj:oid"], oid);
    let other = app.browser();
    let mut request = ac(&app, "four", "openid fullname");
    party.cms(&mut request);
    let back = agree(&app, &other, &address("/aas/oauth2/ac", &request), TIMUR).await;
    let code = told(&back, "code").unwrap();
    assert_ne!(part(&code, 1)["urn:esia:sbj"]["urn:esia:sbj:oid"], oid);

    let page = browser.get(&app.at("/account/consents")).await;
    assert!(page.body.contains("Портал области"));
    let (status, _) = rs(&app, &access, &format!("/rs/prns/{oid}")).await;
    assert_eq!(status, 200);
    app.end().await;
}

#[tokio::test]
async fn a_code_is_good_once_for_its_client_and_address() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let browser = app.browser();
    let mut request = ac(&app, STATE, "openid fullname");
    party.cms(&mut request);
    let back = agree(&app, &browser, &address("/aas/oauth2/ac", &request), ANNA).await;
    let code = told(&back, "code").unwrap();
    let refused = async |state: &str, code: &str, redirect: Option<&str>| {
        let mut request = te(&app, state, code);
        if let Some(redirect) = redirect {
            set(&mut request, "redirect_uri", redirect);
        }
        party.cms(&mut request);
        let (status, answer) = post(&app, "/aas/oauth2/te", &request).await;
        (
            status,
            answer["error_description"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    let mut other = code.clone();
    other.replace_range(60..61, if &code[60..61] == "A" { "B" } else { "A" });
    assert!(
        refused("a", &other, None)
            .await
            .1
            .starts_with("ESIA-007011")
    );
    let elsewhere = Some("https://rp.example/other");
    assert!(
        refused("b", &code, elsewhere)
            .await
            .1
            .starts_with("ESIA-007011")
    );
    assert_eq!(refused("c", &code, None).await.0, 200);
    assert!(refused("d", &code, None).await.1.starts_with("ESIA-007011"));
    app.end().await;
}

/// A link on a strange page signs nobody out, nor does a form without our
/// token; who presses our button is signed out and sent on.
#[tokio::test]
async fn attack_26_strange_pages_sign_nobody_out() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let browser = signed_in(&app, ANNA).await;
    let out = "/idp/ext/Logout?client_id=DEMO_RP&redirect_url=https%3A%2F%2Frp.example%2Fbye";
    let stranger = browser.with_header("referer", "https://rp.example.evil.test/");
    let page = stranger.get_once(&app.at(out)).await;
    assert!(page.has("#logout-confirm"), "{}", page.body);
    let forged = stranger.post_once(out, &[("decision", "sign-out")]).await;
    assert_eq!(forged.status, 403);
    assert_eq!(stranger.get("/account").await.url.path(), "/account");
    // Nor is anybody sent elsewhere.
    let elsewhere = "/idp/ext/Logout?client_id=DEMO_RP&redirect_url=https%3A%2F%2Fevil.test%2F";
    let page = stranger.get_once(&app.at(elsewhere)).await;
    assert!(page.text("#esia-error").unwrap().starts_with("ESIA-007023"));
    let page = stranger.get_once(&app.at(out)).await;
    let page = stranger.submit_once(&page, "logout-confirm", &[]).await;
    assert_eq!(page.location().unwrap().as_str(), "https://rp.example/bye");
    assert_eq!(stranger.get("/account").await.url.path(), "/sign-in");
    app.end().await;
}

/// The number is part of the copy of everything, and goes with the account.
#[tokio::test(flavor = "multi_thread")]
async fn the_number_is_told_to_its_owner_and_goes_with_the_account() {
    const PHONE: &str = "+79005550177";
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let browser = crate::erasure::newcomer(&app, PHONE).await;
    app.advance(1).await;
    let mut request = ac(&app, STATE, "openid fullname");
    party.cms(&mut request);
    let page = browser
        .get(&app.at(&address("/aas/oauth2/ac", &request)))
        .await;
    let back = allow(&browser, page).await;
    let code = told(&back, "code").unwrap();
    let number = &part(&code, 1)["urn:esia:sbj"]["urn:esia:sbj:oid"];
    let all = crate::erasure::export::json(&browser).await;
    assert_eq!(all["account"]["esia_number"], *number);
    let people = "select count(*) from esia_people";
    assert_eq!(app.database.count(people).await, 1);
    crate::erasure::delete(&app, &browser, PHONE).await;
    assert_eq!(app.database.count(people).await, 0);
    app.end().await;
}
