//! Item 71 and attack row 31: what is fetched for a registration, and what is
//! not.

use serde_json::{Value, json};

use super::{
    CALLBACK, http, is_refused, open, open_with, party, register, registered, replace, text, usual,
};
use crate::support::app::ANNA;
use crate::support::client_key::ClientKey;
use crate::support::published::Published;
use crate::support::relying_party::{ASSERTION_TYPE, Answer};
use crate::support::{Receiver, TestApp};

const ELSEWHERE: &str = "https://elsewhere.example/callback";

/// The application, and a site whose certificate it trusts.
async fn with_site() -> (TestApp, Published) {
    let site = Published::start().await;
    let app = TestApp::start_with(|config| {
        config["registration"] = json!({ "mode": "open", "per_address_per_hour": 10_000 });
        site.configure(config);
    })
    .await;
    (app, site)
}

fn of_sector(uri: &str, redirect_uris: Value) -> Value {
    usual(json!({ "sector_identifier_uri": uri, "redirect_uris": redirect_uris }))
}

/// Who says nothing of subjects and has several hosts is of no sector: known by
/// one name everywhere, where the operator lets strangers be, or not registered.
#[tokio::test]
async fn oidc_071_several_hosts_without_a_sector() {
    let several = usual(json!({ "redirect_uris": [CALLBACK, ELSEWHERE] }));
    let app = open().await;
    let answer = register(&app, &several).await;
    is_refused(&answer, "invalid_client_metadata", "sector_identifier");
    app.end().await;
    let app = open_with(json!({ "subject_types": ["pairwise", "public"] })).await;
    assert_eq!(registered(&app, &several).await["subject_type"], "public");
    let one = registered(&app, &usual(json!({}))).await;
    assert_eq!(one["subject_type"], "pairwise");
    let mut pairwise = several.clone();
    pairwise["subject_type"] = json!("pairwise");
    let answer = register(&app, &pairwise).await;
    is_refused(&answer, "invalid_client_metadata", "sector_identifier");
    app.end().await;
}

#[tokio::test]
async fn oidc_071_every_redirect_uri_is_in_the_list_of_its_sector() {
    let (app, site) = with_site().await;
    let uri = site.publish(
        "/sector.json",
        &json!([CALLBACK, ELSEWHERE, "https://third.example/"]),
    );
    let told = registered(&app, &of_sector(&uri, json!([CALLBACK, ELSEWHERE]))).await;
    assert_eq!(told["sector_identifier_uri"], *uri);
    for uris in [
        json!(["https://stranger.example/cb"]),
        json!([CALLBACK, "https://app.example/callback/"]),
    ] {
        let answer = register(&app, &of_sector(&uri, uris)).await;
        is_refused(&answer, "invalid_client_metadata", "sector_identifier_uri");
    }
    // Clients of a sector know a person by the same number, others do not.
    let same = registered(&app, &of_sector(&uri, json!(["https://third.example/"]))).await;
    let other = registered(&app, &usual(json!({}))).await;
    let browser = app.browser();
    let mut subjects = Vec::new();
    for told in [&told, &same, &other] {
        let tokens = party(&app, told).tokens(&browser, ANNA, &[]).await;
        subjects.push(tokens.id_claims()["sub"].as_str().unwrap().to_owned());
    }
    assert_eq!(subjects[0], subjects[1]);
    assert_ne!(subjects[0], subjects[2]);
    // A change is asked for the list again.
    site.publish("/sector.json", &json!([CALLBACK]));
    let mut wire = of_sector(&uri, json!([CALLBACK, ELSEWHERE]));
    wire["client_id"] = told["client_id"].clone();
    is_refused(
        &replace(&told, &wire).await,
        "invalid_client_metadata",
        "sector_identifier_uri",
    );
    app.end().await;
}

#[tokio::test]
async fn oidc_071_two_hosts_without_a_sector_are_no_one() {
    let app = open().await;
    let two = json!({ "redirect_uris": [CALLBACK, ELSEWHERE] });
    let answer = register(&app, &usual(two.clone())).await;
    is_refused(&answer, "invalid_client_metadata", "sector_identifier_uri");
    let mut public = usual(two);
    public["subject_type"] = json!("public");
    // One name for all is for those whom the operator lets have it.
    let answer = register(&app, &public).await;
    is_refused(&answer, "invalid_client_metadata", "subject_type");
    app.end().await;
    let both = json!(["pairwise", "public"]);
    let app = open_with(json!({ "subject_types": both })).await;
    registered(&app, &public).await;
    app.end().await;
}

/// Programs on people's devices all live at 127.0.0.1: that makes them no sector.
#[tokio::test]
async fn programs_on_a_device_share_no_number_of_a_person() {
    let app = open().await;
    let native = usual(json!({
        "application_type": "native", "token_endpoint_auth_method": "none",
        "redirect_uris": ["http://127.0.0.1/callback"],
    }));
    let browser = app.browser();
    let mut subjects = Vec::new();
    for _ in 0..2 {
        let told = registered(&app, &native).await;
        let mut program = party(&app, &told);
        program.redirect_uri = "http://127.0.0.1:49152/callback".to_owned();
        let tokens = program.tokens(&browser, ANNA, &[]).await;
        subjects.push(tokens.id_claims()["sub"].clone());
    }
    assert_ne!(subjects[0], subjects[1]);
    app.end().await;
}

#[tokio::test]
async fn attack_31_a_sector_is_fetched_by_tls_from_where_it_says_and_nowhere_else() {
    let (app, site) = with_site().await;
    let inner = Receiver::start().await;
    let good = site.publish("/good", &json!([CALLBACK]));
    let port = good.split(':').nth(2).unwrap().split('/').next().unwrap();
    let told = {
        let mut told = std::collections::BTreeSet::new();
        for uri in [
            site.redirect("/away", &good),
            site.redirect("/inside", &format!("{}/sector", inner.url)),
            site.redirect("/metadata", "http://169.254.169.254/latest/meta-data"),
            site.answer("/missing", 404, None, json!([CALLBACK]).to_string()),
            site.publish("/object", &json!({ "redirect_uris": [CALLBACK] })),
            site.publish("/mixed", &json!([CALLBACK, 5])),
            site.answer("/broken", 200, None, format!("[\"{CALLBACK}\"")),
            site.answer(
                "/endless",
                200,
                None,
                json!([CALLBACK, "x".repeat(100_000)]).to_string(),
            ),
            // The name is not on the certificate, and one is nobody's.
            format!("https://127.0.0.1:{port}/good"),
            "https://nowhere.invalid/sector".to_owned(),
            "https://10.0.0.1/sector".to_owned(),
            "https://169.254.169.254/latest".to_owned(),
            "https://[::ffff:10.0.0.1]/sector".to_owned(),
            "https://[::ffff:169.254.169.254]/latest".to_owned(),
            "https://[fd00::1]/sector".to_owned(),
            "https://0x0a000001/sector".to_owned(),
        ] {
            let answer = register(&app, &of_sector(&uri, json!([CALLBACK]))).await;
            is_refused(&answer, "invalid_client_metadata", "sector_identifier_uri");
            told.insert(answer.body);
        }
        told
    };
    // Nobody learns by the answer what our network reaches.
    assert_eq!(told.len(), 1, "{told:?}");
    for uri in [
        good.replace("https:", "http:"),
        format!("{}/sector", inner.url),
        "file:///etc/passwd".to_owned(),
        good.replace("localhost", "user@localhost"),
        format!("{good}#x"),
    ] {
        let answer = register(&app, &of_sector(&uri, json!([CALLBACK]))).await;
        is_refused(&answer, "invalid_client_metadata", "sector_identifier_uri");
    }
    assert!(inner.is_quiet());
    assert!(
        !site.asked().contains(&"/good".to_owned()),
        "{:?}",
        site.asked()
    );
    registered(&app, &of_sector(&good, json!([CALLBACK]))).await;
    app.end().await;
}

/// What is wrong otherwise is refused before anything is fetched.
#[tokio::test]
async fn attack_31_nothing_is_fetched_for_metadata_that_are_refused() {
    let (app, site) = with_site().await;
    let uri = site.publish("/sector", &json!([CALLBACK]));
    for more in [
        json!({ "scope": "openid everything" }),
        json!({ "redirect_uris": ["https://app.example/callback#x"] }),
        json!({ "jwks": { "keys": [] } }),
        json!({ "logo_uri": "ftp://app.example/logo" }),
    ] {
        let mut wire = of_sector(&uri, json!([CALLBACK]));
        wire.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        assert_eq!(register(&app, &wire).await.status, 400);
    }
    assert!(site.asked().is_empty(), "{:?}", site.asked());
    app.end().await;
}

#[tokio::test]
async fn attack_31_keys_are_fetched_by_the_one_door_too() {
    let (app, site) = with_site().await;
    let key = ClientKey::generate("theirs");
    let good = site.publish("/jwks", &key.jwks());
    for (uri, works) in [
        (site.redirect("/away", &good), false),
        ("https://10.0.0.1/jwks".to_owned(), false),
        ("https://[::ffff:10.0.0.1]/jwks".to_owned(), false),
        ("https://169.254.169.254/latest/meta-data".to_owned(), false),
        (good.clone(), true),
    ] {
        let told = registered(
            &app,
            &usual(json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": uri })),
        )
        .await;
        // Nothing is fetched before it is needed.
        assert!(!site.asked().contains(&"/jwks".to_owned()));
        let assertion = key.sign(&party(&app, &told).assertion(&app.url));
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", assertion.as_str()),
        ];
        let answer = Answer::of(http::client().post(app.at("/oauth/token")).form(&fields)).await;
        answer.refuses(if works {
            "unauthorized_client"
        } else {
            "invalid_client"
        });
        assert_eq!(text(&told, "jwks_uri"), uri);
    }
    app.end().await;
}
