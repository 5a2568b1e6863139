//! Our certificates: published in advance, exchanged with an overlap.

use propusk::esia::keys::rotate;
use propusk::model::certified_algorithm::CertifiedAlgorithm;
use propusk::signature::SignerCertificate;
use serde_json::json;

use crate::support::TestApp;
use crate::support::app::ANNA;
use crate::support::authority::Kind;
use crate::support::esia::{Party, ac, address, agree, part, post, rs, te, told};
use crate::support::http;

/// A file of the server, if it is there.
async fn file(app: &TestApp, name: &str) -> Option<Vec<u8>> {
    let address = app.at(&format!("/esia/certificates/{name}"));
    let sent = http::client().get(address).send().await.unwrap();
    match sent.status().as_u16() {
        200 => Some(sent.bytes().await.unwrap().to_vec()),
        _ => None,
    }
}

/// Whether a token is signed by the certificate of this file.
fn is_by(token: &str, certificate: &[u8]) -> bool {
    use base64::Engine as _;
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(signature)
        .unwrap();
    let certificate = SignerCertificate::read(certificate).unwrap();
    certificate
        .verify_raw(&signature, signed.as_bytes())
        .is_ok()
}

/// An access token of Anna.
async fn token(app: &TestApp, party: &Party, state: &str) -> String {
    let browser = app.browser();
    let mut request = ac(app, state, "openid fullname");
    party.cms(&mut request);
    let back = agree(app, &browser, &address("/aas/oauth2/ac", &request), ANNA).await;
    let mut exchange = te(app, &format!("{state} te"), &told(&back, "code").unwrap());
    party.cms(&mut exchange);
    let (status, tokens) = post(app, "/aas/oauth2/te", &exchange).await;
    assert_eq!(status, 200, "{tokens}");
    tokens["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_next_certificate_is_there_long_before_it_signs() {
    for (alg, name) in [("RS256", "rsa"), ("GOST3410_2012_256", "gost")] {
        let party = Party::new(Kind::Rsa);
        let app = party.app(json!({ "token_alg": alg })).await;
        let pem = |which: &str| format!("{name}{which}.pem");
        let first = file(&app, &pem("")).await.unwrap();
        assert_eq!(file(&app, &pem("-next")).await, None);
        let der = file(&app, &format!("{name}.der")).await.unwrap();
        assert_eq!(SignerCertificate::read(&first).unwrap().der, der);
        assert!(is_by(&token(&app, &party, "one").await, &first));

        let esia = app.app.esia.as_ref().unwrap();
        let (storage, vault) = (&app.app.storage, &app.app.vault);
        let algorithm = CertifiedAlgorithm::ALL
            .into_iter()
            .find(|one| one.as_str() == alg)
            .unwrap();
        rotate(
            storage,
            vault,
            &esia.settings,
            &app.url,
            algorithm,
            std::time::Duration::from_secs(30 * 86_400),
            app.now(),
        )
        .await
        .unwrap();
        esia.keys.reload(storage, vault).await.unwrap();
        let next = file(&app, &pem("-next")).await.unwrap();
        assert_ne!(first, next);
        assert!(is_by(&token(&app, &party, "two").await, &first));
        app.advance(30 * 86_400 - 60).await;
        let last = token(&app, &party, "three").await;
        assert!(is_by(&last, &first));
        app.advance(60).await;
        assert_eq!(file(&app, &pem("")).await.unwrap(), next);
        assert!(is_by(&token(&app, &party, "four").await, &next));
        // What the old one signed lives on.
        let oid = part(&last, 1)["urn:esia:sbj_id"].as_i64().unwrap();
        assert_eq!(rs(&app, &last, &format!("/rs/prns/{oid}")).await.0, 200);
        app.end().await;
    }
}

#[tokio::test]
async fn tokens_live_within_the_limits_of_the_category() {
    for (asked, lives) in [(30 * 60, 1_800), (60, 600), (100_000, 7_200)] {
        let party = Party::new(Kind::Rsa);
        let client =
            party.registration(json!({ "category": "portals", "access_token_life": asked }));
        let app = TestApp::start_with(|config| {
            config["esia"] = json!({ "categories": [{
                "name": "portals", "access_token": [600, 7200], "refresh_token": [600, 7200],
            }]});
            config["clients"].as_array_mut().unwrap().push(client);
        })
        .await;
        let claims = part(&token(&app, &party, "s").await, 1);
        let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert_eq!(life, lives);
        // Without an issuer of its own it is the server's, with a slash.
        assert_eq!(claims["iss"], format!("{}/", app.url));
        app.end().await;
    }
}
