//! Row 36: opaque secrets with a bit changed, cut off or added.

use crate::support::app::ANNA;
use crate::support::http;
use crate::support::relying_party::Answer;
use crate::support::steps::{begin_registration, signed_in};
use crate::support::{RelyingParty, TestApp};

/// Everything that is nearly `secret`: cut, longer, one character changed.
fn nearly(secret: &str) -> Vec<String> {
    let mut all = vec![
        String::new(),
        secret[..secret.len() - 1].to_owned(),
        secret[1..].to_owned(),
        format!("{secret}A"),
        format!("{secret}="),
        format!("{secret} "),
        format!(" {secret}"),
        format!("{secret}\0"),
        secret.to_uppercase(),
        secret.to_lowercase(),
        secret
            .split_once('_')
            .map_or("", |(_, rest)| rest)
            .to_owned(),
    ];
    for at in 0..secret.len() {
        let mut bytes = secret.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        all.push(String::from_utf8(bytes).unwrap());
    }
    all.retain(|near| near != secret);
    all
}

#[tokio::test]
async fn attack_36_nearly_a_code_or_a_refresh_token() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let code = portal
        .code(
            &app.browser(),
            ANNA,
            &[("scope", "openid profile offline_access")],
        )
        .await;
    for near in nearly(&code) {
        let expected = if near.is_empty() {
            "invalid_request"
        } else {
            "invalid_grant"
        };
        portal.redeem(&near).await.refuses(expected);
    }
    let tokens = portal.redeem(&code).await.json();
    let refresh = tokens["refresh_token"]
        .as_str()
        .expect("the code is still good");
    for near in nearly(refresh) {
        let expected = if near.is_empty() {
            "invalid_request"
        } else {
            "invalid_grant"
        };
        portal.refresh(&near).await.refuses(expected);
        if !near.is_empty() {
            assert_eq!(portal.introspect(&near).await["active"], false, "{near}");
        }
    }
    assert_eq!(
        portal.refresh(refresh).await.status,
        200,
        "the family lives"
    );
    app.end().await;
}

#[tokio::test]
async fn attack_36_nearly_an_access_token() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let token = portal.tokens(&app.browser(), ANNA, &[]).await.access;
    let http = http::client();
    for (at, near) in nearly(&token).into_iter().enumerate() {
        if near.is_empty() || (at > 12 && at % 7 != 0) {
            continue;
        }
        let form = [("access_token", near.as_str())];
        let answer = Answer::of(http.post(app.at("/oauth/userinfo")).form(&form)).await;
        assert_eq!(answer.status, 401, "{near:?}: {}", answer.body);
    }
    assert_eq!(portal.userinfo(&token).await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn attack_36_nearly_a_cookie() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let session = browser.cookie("propusk_session").unwrap();
    for near in nearly(&session) {
        // What no cookie can hold is no attack.
        if near.contains(['\0', ' ']) {
            continue;
        }
        let thief = app.browser();
        thief.set_cookie("propusk_session", &near);
        assert!(thief.get("/account").await.has("#login-submit"), "{near:?}");
    }
    // The session belongs to no digest of itself either.
    let digest = propusk::model::secret::Secret::new(session).digest();
    let thief = app.browser();
    thief.set_cookie("propusk_session", digest.as_str());
    assert!(thief.get("/account").await.has("#login-submit"));
    assert_eq!(browser.get("/account").await.url.path(), "/account");
    app.end().await;
}

#[tokio::test]
async fn attack_36_forged_tokens_of_pages() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin_registration(&browser, "+79005550360").await;
    let step = page
        .url
        .query_pairs()
        .find(|(name, _)| name == "step")
        .unwrap()
        .1
        .into_owned();
    for (at, near) in nearly(&step).into_iter().enumerate() {
        if near.trim() == step || (at > 12 && at % 7 != 0) {
            continue;
        }
        let mut url = url::Url::parse(&app.at("/register/code")).unwrap();
        url.query_pairs_mut().append_pair("step", &near);
        let page = browser.get(url.as_str()).await;
        assert!(!page.has("#code-submit"), "{near:?}");
        assert_ne!(page.status, 500, "{near:?}");
    }
    assert!(browser.get(page.url.as_str()).await.has("#code-submit"));
    begin_registration(&browser, "nearly@example.ru").await;
    let link = url::Url::parse(&app.last_message("nearly@example.ru").await.link.unwrap()).unwrap();
    let secret = link.query_pairs().next().unwrap().1.into_owned();
    for near in nearly(&secret) {
        let mut url = url::Url::parse(&app.at("/register/link")).unwrap();
        url.query_pairs_mut().append_pair("token", &near);
        assert!(
            !browser.get(url.as_str()).await.has("#link-confirm"),
            "{near:?}"
        );
    }
    assert!(browser.get(link.as_str()).await.has("#link-confirm"));
    app.end().await;
}
