//! What is told of a person: by scope, by level, in ESIA's shapes.

use serde_json::{Value, json};

use crate::documents::{LICENCE, add};
use crate::levels::become_standard;
use crate::recovery::trusted::verified;
use crate::support::app::{ANNA, TIMUR};
use crate::support::authority::Kind;
use crate::support::esia::{
    Party, SCOPE, USR_INF, ac, address, agree, allow, part, post, rs, te, told,
};
use crate::support::http;
use crate::support::steps::signed_in;
use crate::support::{Browser, TestApp};

/// An access token of the person who is signed in, and their number.
async fn token(app: &TestApp, party: &Party, browser: &Browser, scope: &str) -> (String, i64) {
    app.advance(1).await;
    let state = format!("{} {scope}", app.now().seconds());
    let mut request = ac(app, &state, scope);
    party.cms(&mut request);
    let page = browser
        .get(&app.at(&address("/aas/oauth2/ac", &request)))
        .await;
    let back = allow(browser, page).await;
    let mut exchange = te(app, &format!("te {state}"), &told(&back, "code").unwrap());
    party.cms(&mut exchange);
    let (status, tokens) = post(app, "/aas/oauth2/te", &exchange).await;
    assert_eq!(status, 200, "{tokens}");
    let access = tokens["access_token"].as_str().unwrap().to_owned();
    let oid = part(&access, 1)["urn:esia:sbj_id"].as_i64().unwrap();
    (access, oid)
}

fn names(value: &Value) -> Vec<&str> {
    let mut names: Vec<_> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn each_scope_lets_out_its_fields_and_no_other() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let browser = signed_in(&app, ANNA).await;
    become_standard(&app, &browser, &[]).await;
    let always = ["eTag", "stateFacts"];
    for (scope, fields) in [
        (
            "fullname",
            &[
                "containsUpCfmCode",
                "firstName",
                "kidAccCreatedByParent",
                "lastName",
                "middleName",
                "rfgUOperatorCheck",
                "status",
                "trusted",
                "updatedOn",
                "verifying",
            ][..],
        ),
        ("birthdate", &["birthDate"]),
        ("birthplace", &["birthPlace"]),
        ("gender", &["gender"]),
        ("snils", &["snils"]),
        ("inn", &["inn"]),
        ("id_doc", &["citizenship", "rIdDoc"]),
    ] {
        let (access, oid) = token(&app, &party, &browser, scope).await;
        let (status, person) = rs(&app, &access, &format!("/rs/prns/{oid}")).await;
        assert_eq!(status, 200, "{scope}: {person}");
        let mut expected: Vec<_> = fields.iter().chain(&always).copied().collect();
        expected.sort_unstable();
        assert_eq!(names(&person), expected, "{scope}");
    }
    let (access, oid) = token(&app, &party, &browser, "openid").await;
    // Programs read the person first, whatever they may.
    let (status, person) = rs(&app, &access, &format!("/rs/prns/{oid}")).await;
    assert_eq!((status, names(&person)), (200, always.to_vec()));
    let (status, refused) = rs(&app, &access, &format!("/rs/prns/{oid}/ctts")).await;
    assert_eq!((status, &refused["code"]), (403, &json!("ESIA-005029")));
    for (collection, scope, other) in [
        ("ctts", "email", "fullname"),
        ("addrs", "addresses", "email"),
        ("docs", "id_doc", "email"),
        ("vhls", "vehicles", "email"),
        ("kids", "kids", "email"),
        ("kids", "kid_fullname", "fullname"),
        ("docs", "military_doc", "email"),
        ("addrs", USR_INF, "contacts"),
        ("orgs", "usr_org", "email"),
        ("roles", "usr_org", "email"),
    ] {
        let path = |oid| format!("/rs/prns/{oid}/{collection}");
        let (access, oid) = token(&app, &party, &browser, scope).await;
        assert_eq!(rs(&app, &access, &path(oid)).await.0, 200, "{collection}");
        let (access, oid) = token(&app, &party, &browser, other).await;
        assert_eq!(rs(&app, &access, &path(oid)).await.0, 403, "{collection}");
    }
    app.end().await;
}

#[tokio::test]
async fn shapes_links_and_tags_are_those_of_esia() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let browser = signed_in(&app, ANNA).await;
    become_standard(&app, &browser, &[]).await;
    add(&browser, "driving_licence", &LICENCE).await;
    app.deliver().await;
    let (access, oid) = token(&app, &party, &browser, SCOPE).await;
    let person = format!("/rs/prns/{oid}");
    let (_, whole) = rs(&app, &access, &format!("{person}/")).await;
    assert_eq!(whole["birthDate"], "24.03.1990");
    assert_eq!(whole["gender"], "F");
    assert_eq!(whole["snils"], "000-000-300 00");
    assert_eq!(whole["stateFacts"], json!(["EntityRoot"]));
    let (_, contacts) = rs(&app, &access, &format!("{person}/ctts")).await;
    assert_eq!(contacts["stateFacts"], json!(["hasSize"]));
    let first = contacts["elements"][0].as_str().unwrap();
    assert!(
        first.starts_with(&app.at(&format!("{person}/ctts/"))),
        "{first}"
    );
    let one = rs(&app, &access, first.strip_prefix(&app.url).unwrap()).await;
    assert_eq!((one.0, &one.1["type"]), (200, &json!("MBT")));
    assert_eq!(one.1["value"], "+7(900)5550101");
    assert_eq!(one.1["vrfStu"], "VERIFIED");
    let (_, docs) = rs(
        &app,
        &access,
        &format!("{person}/docs?embed=%28elements%29"),
    )
    .await;
    let kinds: Vec<_> = docs["elements"].as_array().unwrap().iter().collect();
    assert_eq!(kinds[0]["type"], "RF_PASSPORT");
    assert_eq!(
        (
            &kinds[0]["series"],
            &kinds[0]["number"],
            &kinds[0]["issueDate"],
            &kinds[0]["issueId"]
        ),
        (
            &json!("0001"),
            &json!("000300"),
            &json!("20.04.2010"),
            &json!("340001")
        )
    );
    assert_eq!(kinds[0]["id"], whole["rIdDoc"]);
    assert_eq!(kinds[1]["type"], "RF_DRIVING_LICENSE");
    assert_eq!(
        (
            &kinds[1]["series"],
            &kinds[1]["number"],
            &kinds[1]["vrfStu"]
        ),
        (&json!("9936"), &json!("654321"), &json!("VERIFIED"))
    );
    let embed = "embed=(contacts.elements-1,addresses.elements,kids.elements)";
    let (_, all) = rs(&app, &access, &format!("{person}?{embed}")).await;
    assert_eq!(all["addresses"]["elements"][0]["type"], "PRG");
    assert_eq!(all["addresses"]["elements"][0]["countryId"], "RUS");
    assert_eq!(all["kids"]["size"], 0);
    assert!(all.get("documents").is_none());
    assert_eq!(
        rs(&app, &access, &format!("/rs/prns/{oid}//vhls")).await.0,
        200
    );
    assert_eq!(rs(&app, &access, &format!("{person}/docs/1")).await.0, 404);
    assert_eq!(rs(&app, &access, &format!("{person}/nothing")).await.0, 404);

    let ask = |tag: Option<&str>| {
        let mut asked = http::client()
            .get(app.at(&person))
            .bearer_auth(&access)
            .header(
                "accept",
                "application/json; schema=\"https://host/rs/model/prn/Person-3\"",
            );
        if let Some(tag) = tag {
            asked = asked.header("if-none-match", tag);
        }
        asked.send()
    };
    let answer = ask(None).await.unwrap();
    let headers = answer.headers().clone();
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert_eq!(text("cache-control"), "no-store");
    assert!(text("content-type").contains("/rs/model/prn/Person-3"));
    assert!(text("link").contains(";rel=contacts;schema="));
    assert_eq!(text("location"), app.at(&person));
    assert_eq!(ask(Some(&text("etag"))).await.unwrap().status(), 304);
    app.end().await;
}

#[tokio::test]
async fn the_level_is_told_in_their_words() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    // Simplified: numbers that nobody checked are not told.
    let timur = signed_in(&app, TIMUR).await;
    let (access, oid) = token(&app, &party, &timur, SCOPE).await;
    let (_, person) = rs(&app, &access, &format!("/rs/prns/{oid}")).await;
    assert_eq!(person["trusted"], false);
    assert!(
        person.get("snils").is_none() && person.get("rIdDoc").is_none(),
        "{person}"
    );
    // Verified: trusted.
    let anna = verified(&app, ANNA).await;
    let mut request = ac(&app, "verified", SCOPE);
    party.cms(&mut request);
    let page = anna
        .get(&app.at(&address("/aas/oauth2/ac", &request)))
        .await;
    let back = allow(&anna, page).await;
    let mut exchange = te(&app, "verified te", &told(&back, "code").unwrap());
    party.cms(&mut exchange);
    let (_, tokens) = post(&app, "/aas/oauth2/te", &exchange).await;
    let id = part(tokens["id_token"].as_str().unwrap(), 1);
    assert_eq!(id["urn:esia:sbj"]["urn:esia:sbj:is_tru"], true);
    assert_eq!(id["urn:esia:sbj"]["urn:esia:sbj:lvl"], "PR");
    let access = tokens["access_token"].as_str().unwrap();
    let oid = id["sub"].as_i64().unwrap();
    let (_, person) = rs(&app, access, &format!("/rs/prns/{oid}")).await;
    assert_eq!(person["trusted"], true);
    app.end().await;
}

/// Below the level that is asked for, a person is led up and comes back; who
/// gives up is told as an account that is not confirmed.
#[tokio::test]
async fn a_filter_leads_up_and_back() {
    let party = Party::new(Kind::Gost256);
    let app = party.app(json!({})).await;
    let browser = signed_in(&app, ANNA).await;
    let mut request = ac(&app, "up", "openid fullname");
    request.push(("person_filter", "conf_acc".to_owned()));
    party.raw(&mut request, crate::support::esia::AC_V2);
    let way = app.at(&address("/aas/oauth2/v2/ac", &request));
    let page = browser.get(&way).await;
    assert_eq!(page.url.path(), "/level", "{}", page.body);
    let page = browser.submit(&page, "level-return", &[]).await;
    let back = page.location().unwrap();
    assert!(
        told(&back, "error_description")
            .unwrap()
            .starts_with("ESIA-007055: "),
        "{back}"
    );
    // The same request goes on once the level is reached.
    let anna = verified(&app, ANNA).await;
    app.advance(1).await;
    let mut request = ac(&app, "again", "openid fullname");
    request.push(("person_filter", "conf_acc".to_owned()));
    party.raw(&mut request, crate::support::esia::AC_V2);
    let page = anna
        .get(&app.at(&address("/aas/oauth2/v2/ac", &request)))
        .await;
    let back = allow(&anna, page).await;
    assert!(told(&back, "code").is_some(), "{back}");
    app.end().await;
}

#[tokio::test]
async fn attack_11_tokens_of_others_of_other_kinds_and_of_yesterday_show_nothing() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let browser = signed_in(&app, ANNA).await;
    let (access, oid) = token(&app, &party, &browser, SCOPE).await;
    let (_, stranger) = token(&app, &party, &signed_in(&app, TIMUR).await, SCOPE).await;
    let told = async |token: &str, oid: i64| {
        let (status, answer) = rs(&app, token, &format!("/rs/prns/{oid}")).await;
        (
            status,
            answer["code"].as_str().unwrap_or_default().to_owned(),
        )
    };
    assert_eq!(
        told(&access, stranger).await,
        (403, "ESIA-005029".to_owned())
    );
    assert_eq!(told("nonsense", oid).await, (401, "ESIA-005011".to_owned()));
    let mut changed = access.clone();
    let at = changed.find('.').unwrap() + 20;
    let other = if &changed[at..=at] == "A" { "B" } else { "A" };
    changed.replace_range(at..=at, other);
    assert_eq!(told(&changed, oid).await.0, 401);
    // A code and an ID token are no access tokens.
    app.advance(1).await;
    let mut request = ac(&app, "kinds", SCOPE);
    party.cms(&mut request);
    let back = agree_again(&app, &browser, &address("/aas/oauth2/ac", &request)).await;
    assert_eq!(told(&back, oid).await.0, 401);
    // Nor does userinfo take an access token of the dialect.
    let userinfo = rs(&app, &access, "/oauth/userinfo").await;
    assert_eq!(userinfo.0, 401);
    app.advance(3_600).await;
    assert_eq!(told(&access, oid).await, (401, "ESIA-005013".to_owned()));
    app.end().await;
}

async fn agree_again(app: &TestApp, browser: &Browser, way: &str) -> String {
    let page = browser.get_once(&app.at(way)).await;
    told(&page.location().unwrap(), "code").unwrap()
}

#[tokio::test]
async fn withdrawing_the_consent_ends_tokens_and_data() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let browser = app.browser();
    let mut request = ac(&app, "s", "openid fullname");
    party.cms(&mut request);
    let back = agree(&app, &browser, &address("/aas/oauth2/ac", &request), ANNA).await;
    let mut exchange = te(&app, "t", &told(&back, "code").unwrap());
    party.cms(&mut exchange);
    let (_, tokens) = post(&app, "/aas/oauth2/te", &exchange).await;
    let access = tokens["access_token"].as_str().unwrap().to_owned();
    let oid = part(&access, 1)["urn:esia:sbj_id"].as_i64().unwrap();
    let page = browser.get("/account/consents").await;
    let card = page
        .attribute("#consents-active a", "href")
        .expect("a card");
    let page = browser.get(&card).await;
    browser.submit(&page, "withdraw-confirm", &[]).await;
    let (status, _) = rs(&app, &access, &format!("/rs/prns/{oid}")).await;
    assert_eq!(status, 401);
    app.end().await;
}

/// Programs show people what they wait for.
#[tokio::test]
async fn a_letter_under_way_is_told() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let browser = signed_in(&app, ANNA).await;
    become_standard(&app, &browser, &[]).await;
    for expected in [false, true] {
        let (access, oid) = token(&app, &party, &browser, "fullname").await;
        let (_, person) = rs(&app, &access, &format!("/rs/prns/{oid}")).await;
        assert_eq!(person["verifying"], false);
        assert_eq!(person["containsUpCfmCode"], expected);
        let page = browser.get("/account/level").await;
        if !expected {
            browser.submit(&page, "letter-order", &[]).await;
        }
    }
    app.end().await;
}

/// The scope of programs that are older than all others: everything of the
/// profile, and nothing beside it.
#[tokio::test]
async fn the_old_scope_stands_for_the_profile() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let browser = signed_in(&app, ANNA).await;
    become_standard(&app, &browser, &[]).await;
    let (access, oid) = token(&app, &party, &browser, USR_INF).await;
    assert_eq!(part(&access, 1)["scope"], format!("{USR_INF}?oid={oid}"));
    let embed = "embed=(contacts.elements,addresses.elements,vehicles.elements,kids.elements,\
                 organizations.elements)";
    let (status, person) = rs(&app, &access, &format!("/rs/prns/{oid}?{embed}")).await;
    assert_eq!(status, 200, "{person}");
    for field in [
        "lastName",
        "birthDate",
        "snils",
        "rIdDoc",
        "contacts",
        "addresses",
        "kids",
        "organizations",
    ] {
        assert!(person.get(field).is_some(), "{field}: {person}");
    }
    assert!(person.get("vehicles").is_none());
    app.end().await;
}
