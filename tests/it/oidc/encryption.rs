//! Items 53 and 79: what is encrypted to clients, and what they encrypt to us.
//! Clients decrypt by a library of their own making in `peers/encrypted.rs`.

use josekit::jwe::alg::ecdh_es::EcdhEsJweAlgorithm;
use josekit::jwe::{self, JweDecrypter, JweHeader};
use josekit::jwk::Jwk;
use propusk::config::Config;
use propusk::model::key_purpose::KeyPurpose;
use propusk::protocol::key_ring;
use serde_json::{Value, json};

use super::{document, http, metadata, sent_in_query, strings, verified};
use crate::support::app::ANNA;
use crate::support::client_key::KEYED;
use crate::support::published::Published;
use crate::support::relying_party::{Answer, header, registration};
use crate::support::{RelyingParty, TestApp};

/// The client's key pairs: for signatures, and of each kind that can be
/// encrypted to.
struct Keys {
    rsa: Jwk,
    curve: Jwk,
}

impl Keys {
    fn new() -> Self {
        let rsa = Jwk::generate_rsa_key(2048).unwrap();
        let curve = Jwk::generate_ec_key(josekit::jwk::alg::ec::EcCurve::P256).unwrap();
        Self { rsa, curve }
    }

    fn published(&self) -> Value {
        let mut keys = KEYED.jwks()["keys"].as_array().unwrap().clone();
        for (kid, key) in [("rsa", &self.rsa), ("curve", &self.curve)] {
            let mut key = key.to_public_key().unwrap();
            key.set_key_use("enc");
            key.set_key_id(kid);
            keys.push(serde_json::to_value(key.as_ref()).unwrap());
        }
        json!({ "keys": keys })
    }

    /// Opens a token that must be encrypted so; gives what is inside.
    fn open(&self, token: &str, alg: &str, enc: &str) -> String {
        let told = header(token);
        assert_eq!((&told["alg"], &told["enc"]), (&json!(alg), &json!(enc)));
        let is_rsa = alg.starts_with("RSA");
        assert_eq!(told["kid"], if is_rsa { "rsa" } else { "curve" });
        let decrypter: Box<dyn JweDecrypter> = match alg {
            "RSA-OAEP-256" => Box::new(jwe::RSA_OAEP_256.decrypter_from_jwk(&self.rsa).unwrap()),
            "RSA-OAEP" => Box::new(jwe::RSA_OAEP.decrypter_from_jwk(&self.rsa).unwrap()),
            _ => Box::new(way(alg).decrypter_from_jwk(&self.curve).unwrap()),
        };
        let (content, _) = jwe::deserialize_compact(token, decrypter.as_ref()).unwrap();
        String::from_utf8(content).unwrap()
    }
}

fn way(alg: &str) -> EcdhEsJweAlgorithm {
    match alg {
        "ECDH-ES" => jwe::ECDH_ES,
        "ECDH-ES+A128KW" => jwe::ECDH_ES_A128KW,
        "ECDH-ES+A256KW" => jwe::ECDH_ES_A256KW,
        other => panic!("{other}"),
    }
}

/// Every pair of values that discovery promises under these names.
fn promised(metadata: &Value, of: &str) -> Vec<(String, String)> {
    let list = |what: &str| strings(&metadata[format!("{of}_encryption_{what}_values_supported")]);
    let (algs, encs) = (list("alg"), list("enc"));
    let pairs = algs
        .iter()
        .flat_map(|alg| encs.iter().map(|enc| (alg.to_string(), enc.to_string())));
    pairs.collect()
}

/// What decrypts and checks has read it.
#[tokio::test]
async fn oidc_053_id_tokens_and_userinfo_are_encrypted_to_the_client() {
    let keys = Keys::new();
    let plain = TestApp::start().await;
    let metadata = metadata(&plain).await;
    plain.end().await;
    let pairs = promised(&metadata, "id_token");
    assert_eq!(pairs, promised(&metadata, "userinfo"));
    assert_eq!(pairs.len(), 20);
    let app = TestApp::start_with(|config| {
        for (at, (alg, enc)) in pairs.iter().enumerate() {
            // Every other is signed, too.
            let signed = (at % 2 == 0).then_some("PS256");
            let members = json!({
                "jwks": keys.published(),
                "id_token_encrypted_response_alg": alg, "id_token_encrypted_response_enc": enc,
                "userinfo_encrypted_response_alg": alg, "userinfo_encrypted_response_enc": enc,
                "userinfo_signed_response_alg": signed,
            });
            let clients = config["clients"].as_array_mut().unwrap();
            clients.push(registration(&format!("sealed-{at}"), members));
        }
    })
    .await;
    let browser = app.browser();
    for (at, (alg, enc)) in pairs.iter().enumerate() {
        let party = RelyingParty::new(&app, &format!("sealed-{at}"));
        let tokens = party.tokens(&browser, ANNA, &[]).await;
        let id_token = tokens.id.unwrap();
        assert_eq!(header(&id_token)["cty"], "JWT", "{alg} {enc}");
        let claims = verified(&app, &keys.open(&id_token, alg, enc)).await;
        assert_eq!(claims["aud"], party.id);
        assert_eq!(claims["nonce"], "the-nonce");
        let answer = party.userinfo(&tokens.access).await;
        assert_eq!(answer.header("content-type"), Some("application/jwt"));
        let inside = keys.open(&answer.body, alg, enc);
        let about = if at % 2 == 0 {
            assert_eq!(header(&answer.body)["cty"], "JWT");
            let about = verified(&app, &inside).await;
            assert_eq!(about["aud"], party.id);
            about
        } else {
            assert_eq!(header(&answer.body).get("cty"), None);
            serde_json::from_str(&inside).unwrap()
        };
        assert_eq!(about["given_name"], "Анна");
        assert_eq!(about["sub"], claims["sub"]);
    }
    app.end().await;
}

/// Through the browser and with a refresh token as well.
#[tokio::test]
async fn oidc_053_every_id_token_of_the_client_is_encrypted() {
    let keys = Keys::new();
    let app = TestApp::start_with(|config| {
        let members = json!({
            "jwks": keys.published(), "id_token_encrypted_response_alg": "ECDH-ES",
            "grant_types": ["authorization_code", "refresh_token", "implicit"],
            "response_types": ["code", "id_token", "code id_token"],
        });
        let clients = config["clients"].as_array_mut().unwrap();
        clients.push(registration("sealed", members));
    })
    .await;
    let party = RelyingParty::new(&app, "sealed");
    let browser = app.browser();
    // The default (OpenID Connect Registration §2).
    let enc = "A128CBC-HS256";
    let scope = ("scope", "openid profile offline_access");
    for kind in ["id_token", "code id_token"] {
        let changes = [("response_type", kind), scope];
        let page = party.enter(&browser, ANNA, &changes).await;
        let to = page.location().unwrap().fragment().unwrap().to_owned();
        let sent = url::form_urlencoded::parse(to.as_bytes());
        let sent: std::collections::BTreeMap<_, _> = sent.into_owned().collect();
        let claims = verified(&app, &keys.open(&sent["id_token"], "ECDH-ES", enc)).await;
        assert_eq!(claims.get("c_hash").is_some(), kind.contains("code"));
    }
    let tokens = party.tokens(&browser, ANNA, &[scope]).await;
    let fresh = party.refreshed(&tokens.refresh.unwrap()).await;
    verified(&app, &keys.open(&fresh.id.unwrap(), "ECDH-ES", enc)).await;
    app.end().await;
}

/// What only the client was to read is not sent where its keys are away.
#[tokio::test]
async fn oidc_053_without_the_client_s_key_nothing_is_sent() {
    let site = Published::start().await;
    let keys = Keys::new();
    let address = site.publish("/keys", &keys.published());
    let app = TestApp::start_with(|config| {
        site.configure(config);
        let members = json!({
            "jwks_uri": address, "id_token_encrypted_response_alg": "RSA-OAEP-256",
            "userinfo_encrypted_response_alg": "RSA-OAEP-256",
        });
        let clients = config["clients"].as_array_mut().unwrap();
        clients.push(registration("sealed", members));
    })
    .await;
    let party = RelyingParty::new(&app, "sealed");
    let browser = app.browser();
    let tokens = party.tokens(&browser, ANNA, &[]).await;
    keys.open(&tokens.id.unwrap(), "RSA-OAEP-256", "A128CBC-HS256");
    let only_signing = KEYED.jwks();
    let mut unspent = String::new();
    for (status, body) in [(503, String::new()), (200, only_signing.to_string())] {
        site.answer("/keys", status, None, body);
        let code = party.code(&browser, ANNA, &[]).await;
        let answer = party.redeem(&code).await;
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert_eq!(answer.json()["error"], "temporarily_unavailable");
        let answer = party.userinfo(&tokens.access).await;
        assert_eq!(answer.json()["error"], "temporarily_unavailable");
        assert!(!answer.body.contains("Анна"), "{}", answer.body);
        unspent = code;
    }
    // Nothing was spent meanwhile.
    site.publish("/keys", &keys.published());
    assert_eq!(party.redeem(&unspent).await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn oidc_053_a_registration_without_a_way_to_encrypt_is_refused() {
    let keys = Keys::new();
    let weak = {
        let key = Jwk::generate_rsa_key(2048)
            .unwrap()
            .to_public_key()
            .unwrap();
        let mut key = serde_json::to_value(key.as_ref()).unwrap();
        let n = key["n"].as_str().unwrap()[..170].to_owned();
        (key["n"], key["use"]) = (json!(n), json!("enc"));
        json!({ "keys": [KEYED.jwks()["keys"][0], key] })
    };
    for (members, field, told) in [
        (
            json!({ "id_token_encrypted_response_alg": "RSA1_5" }),
            "id_token_encrypted_response_alg",
            "RSA1_5",
        ),
        (
            json!({ "userinfo_encrypted_response_alg": "dir" }),
            "userinfo_encrypted_response_alg",
            "dir",
        ),
        (
            json!({ "id_token_encrypted_response_enc": "A256GCM" }),
            "id_token_encrypted_response_alg",
            "is needed",
        ),
        (
            json!({
                "token_endpoint_auth_method": "private_key_jwt", "client_secret": null,
                "jwks": { "keys": [keys.published()["keys"][1]] },
            }),
            "jwks",
            "no key for signatures",
        ),
        (
            json!({ "id_token_encrypted_response_alg": "ECDH-ES" }),
            "jwks",
            "need a key",
        ),
        (
            json!({ "id_token_encrypted_response_alg": "RSA-OAEP", "jwks": KEYED.jwks() }),
            "jwks",
            "RSA-OAEP",
        ),
        (
            json!({ "userinfo_encrypted_response_alg": "RSA-OAEP-256", "jwks": weak }),
            "jwks",
            "RSA-OAEP-256",
        ),
        (
            json!({ "userinfo_encrypted_response_alg": "RSA-OAEP-256", "jwks": changed(&keys, "e", json!("AQ")) }),
            "jwks",
            "RSA-OAEP-256",
        ),
        (
            json!({ "userinfo_encrypted_response_alg": "RSA-OAEP", "jwks": changed(&keys, "key_ops", json!(["verify"])) }),
            "jwks",
            "RSA-OAEP",
        ),
        (
            json!({
                "request_object_encryption_alg": "ECDH-ES",
                "request_object_encryption_enc": "A128CBC-HS256", "jwks": keys.published(),
            }),
            "request_object_encryption_enc",
            "A128GCM",
        ),
        (
            json!({ "request_object_encryption_alg": "RSA-OAEP", "jwks": keys.published() }),
            "request_object_encryption_alg",
            "ECDH-ES",
        ),
    ] {
        let client = registration("sealed", members.clone());
        let config = json!({ "issuer": "https://id.example.ru", "clients": [client] });
        let error = match serde_json::from_value::<Config>(config) {
            Err(error) => error.to_string(),
            Ok(config) => {
                let client = config.clients[0].clone();
                let faults = propusk::protocol::registration::prepare(client).unwrap_err();
                let faults = faults.iter().filter(|fault| fault.field == field);
                faults.map(|fault| fault.mend.clone()).collect()
            }
        };
        assert!(error.contains(told), "{members}: {error}");
    }
}

/// The client's keys, its RSA key to be encrypted to with another member.
fn changed(keys: &Keys, member: &str, value: Value) -> Value {
    let mut published = keys.published();
    let all = published["keys"].as_array_mut().unwrap();
    let rsa = all.iter_mut().find(|key| key["kid"] == "rsa").unwrap();
    rsa[member] = value;
    published
}

/// Encrypts to the key that the provider publishes for it.
async fn sealed(app: &TestApp, content: &str, alg: &str, enc: &str) -> String {
    let keys = document(app, "/oauth/jwks").await.json();
    let mut keys = keys["keys"].as_array().unwrap().iter().rev();
    let key = keys.find(|key| key["use"] == "enc").unwrap();
    let key = Jwk::from_map(key.as_object().unwrap().clone()).unwrap();
    let mut header = JweHeader::new();
    header.set_content_encryption(enc);
    header.set_content_type("JWT");
    header.set_key_id(key.key_id().unwrap());
    let encrypter = way(alg).encrypter_from_jwk(&key).unwrap();
    jwe::serialize_compact(content.as_bytes(), &header, &encrypter).unwrap()
}

/// Sends a browser with an object; the answer's parameters, error or not.
async fn entered(app: &TestApp, party: &RelyingParty, object: &str) -> Value {
    let changes = [("request", object), ("state", "outside")];
    let page = party.enter(&app.browser(), ANNA, &changes).await;
    json!(sent_in_query(&page))
}

#[tokio::test]
async fn oidc_053_request_objects_may_be_encrypted() {
    let app = TestApp::start().await;
    let keyed = RelyingParty::new(&app, "keyed");
    let claims = keyed.request_object(json!({ "state": "inside" }));
    let signed = KEYED.sign(&claims);
    let pairs = promised(&metadata(&app).await, "request_object");
    assert_eq!(pairs.len(), 6);
    for (alg, enc) in pairs {
        let object = sealed(&app, &signed, &alg, &enc).await;
        let sent = entered(&app, &keyed, &object).await;
        assert_eq!(sent["state"], "inside", "{alg} {enc} {sent}");
        assert!(sent["code"].is_string(), "{alg} {enc} {sent}");
    }
    // Pushed as well.
    let object = sealed(&app, &signed, "ECDH-ES", "A256GCM").await;
    let pushed = keyed.call("/oauth/par", &[("request", &object)]).await;
    assert_eq!(pushed.status, 201, "{}", pushed.body);
    app.end().await;
}

#[tokio::test]
async fn oidc_053_encryption_proves_nobody_and_hides_nothing_wrong() {
    let app = TestApp::start().await;
    let keyed = RelyingParty::new(&app, "keyed");
    let claims = keyed.request_object(json!({ "state": "inside" }));
    let signed = KEYED.sign(&claims);
    let good = sealed(&app, &signed, "ECDH-ES", "A128GCM").await;
    let (gcm, cbc) = ("A128GCM", "A128CBC-HS256");
    let wrapped = sealed(&app, &signed, "ECDH-ES+A128KW", gcm).await;
    let unsigned = {
        let none = KEYED.sign_under(&json!({ "alg": "none" }), &claims);
        format!("{}.", none.rsplit_once('.').unwrap().0)
    };
    let bare = sealed(&app, &claims.to_string(), "ECDH-ES", gcm).await;
    let twice = sealed(&app, &good, "ECDH-ES", gcm).await;
    let unsigned = sealed(&app, &unsigned, "ECDH-ES", gcm).await;
    let by_another = {
        let another = crate::support::client_key::ClientKey::generate("first");
        sealed(&app, &another.sign(&claims), "ECDH-ES", gcm).await
    };
    let with_header = |token: &str, change: &dyn Fn(&mut Value)| {
        use base64::Engine as _;
        let mut told = header(token);
        change(&mut told);
        let told = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(told.to_string());
        format!("{told}.{}", token.split_once('.').unwrap().1)
    };
    let cut = |token: &str| token[..token.len() - 4].to_owned();
    let with_part = |token: &str, at: usize, part: &str| {
        let mut parts: Vec<_> = token.split('.').collect();
        parts[at] = part;
        parts.join(".")
    };
    let long = sealed(&app, &"x".repeat(20_000), "ECDH-ES", gcm).await;
    for (object, error, what) in [
        (unsigned, "request_not_supported", "nobody signed it"),
        (bare, "invalid_request_object", "claims alone"),
        (twice, "invalid_request_object", "encrypted twice"),
        (by_another, "invalid_request_object", "signed by another"),
        (cut(&good), "invalid_request_object", "a shorter tag"),
        (
            sealed(&app, &signed, "ECDH-ES", cbc).await,
            "invalid_request_object",
            "padding that could be asked about",
        ),
        // Lengths that the library counts on.
        (
            with_part(&wrapped, 1, "AAAA"),
            "invalid_request_object",
            "a short wrapped key",
        ),
        (
            with_part(&wrapped, 1, ""),
            "invalid_request_object",
            "no wrapped key",
        ),
        (
            with_part(&good, 1, "AAAAAAAAAAAAAAAAAAAAAA"),
            "invalid_request_object",
            "a wrapped key where none belongs",
        ),
        (
            with_part(&good, 2, ""),
            "invalid_request_object",
            "no nonce",
        ),
        (
            with_part(&good, 2, "AAAA"),
            "invalid_request_object",
            "a short nonce",
        ),
        (
            with_part(&good, 3, ""),
            "invalid_request_object",
            "no content",
        ),
        (
            with_part(&good, 3, "AAAA"),
            "invalid_request_object",
            "another content",
        ),
        (
            with_header(&good, &|header| header["epk"]["x"] = json!("AAAA")),
            "invalid_request_object",
            "no point of the curve",
        ),
        (
            with_header(&good, &|header| header["epk"] = json!("x")),
            "invalid_request_object",
            "no key",
        ),
        (
            with_header(&good, &|header| header["apu"] = json!(7)),
            "invalid_request_object",
            "no text",
        ),
        (
            with_header(&good, &|header| header["zip"] = json!("DEF")),
            "invalid_request_object",
            "compressed",
        ),
        (
            with_header(&good, &|header| header["kid"] = json!("another")),
            "invalid_request_object",
            "another key",
        ),
        (
            with_header(&good, &|header| header["alg"] = json!("dir")),
            "invalid_request_object",
            "another way",
        ),
        (
            with_header(&good, &|header| header["crit"] = json!(["exp"])),
            "invalid_request_object",
            "critical",
        ),
        (long, "invalid_request_object", "too long"),
    ] {
        let sent = entered(&app, &keyed, &object).await;
        assert_eq!(sent["error"], error, "{what}: {sent}");
        assert_eq!(sent["state"], "outside", "{what}");
    }
    // What we encrypt to others, and what is encrypted to us, is no token.
    let answer = Answer::of(
        http::client()
            .get(app.at("/oauth/userinfo"))
            .bearer_auth(&good),
    )
    .await;
    assert_eq!(answer.status, 401);
    app.end().await;
}

/// Who still has the old key is understood until it is withdrawn.
#[tokio::test]
async fn oidc_079_the_key_that_is_encrypted_to_rotates() {
    let app = TestApp::start().await;
    let keyed = RelyingParty::new(&app, "keyed");
    let object = KEYED.sign(&keyed.request_object(json!({ "exp": app.now().seconds() + 3_000 })));
    let old = sealed(&app, &object, "ECDH-ES", "A256GCM").await;
    let old_kid = header(&old)["kid"].as_str().unwrap().to_owned();
    let (storage, vault) = (&app.app.storage, &app.app.vault);
    app.advance(1).await;
    let ahead = std::time::Duration::ZERO;
    let new_kid = key_ring::rotate(storage, vault, KeyPurpose::Decryption, ahead, app.now())
        .await
        .unwrap();
    app.app.provider.keys.reload(storage, vault).await.unwrap();
    let new = sealed(&app, &object, "ECDH-ES", "A256GCM").await;
    assert_eq!(header(&new)["kid"], new_kid);
    // The old one is published a little longer.
    app.advance(600).await;
    let keys = document(&app, "/oauth/jwks").await.body;
    assert!(
        keys.contains(&new_kid) && !keys.contains(&old_kid),
        "{keys}"
    );
    for object in [&old, &new] {
        let sent = entered(&app, &keyed, object).await;
        assert!(sent["code"].is_string(), "{sent}");
    }
    let withdrawn = storage.retire_signing_key(old_kid, app.now()).await;
    assert!(withdrawn.unwrap());
    app.app.provider.keys.reload(storage, vault).await.unwrap();
    let sent = entered(&app, &keyed, &old).await;
    assert_eq!(sent["error"], "invalid_request_object");
    app.end().await;
}
