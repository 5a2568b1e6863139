//! Row 33 where a stranger reaches it: JWTs at userinfo, at the endpoints for
//! clients, and as hints.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use super::refused;
use crate::support::app::ANNA;
use crate::support::http;
use crate::support::relying_party::{ASSERTION_TYPE, Answer, claims, header, registration};
use crate::support::{RelyingParty, TestApp};

/// A key pair with a name, that signs whatever header it is told to.
struct Pair {
    private: EncodingKey,
    jwk: Value,
}

impl Pair {
    fn generate(kid: &str) -> Self {
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let private = EncodingKey::from_ec_der(pair.serialized_der());
        let mut jwk = Jwk::from_encoding_key(&private, Algorithm::ES256).unwrap();
        jwk.common.key_id = Some(kid.to_owned());
        Self {
            jwk: serde_json::to_value(&jwk).unwrap(),
            private,
        }
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        signed(header, claims, &self.private, Algorithm::ES256)
    }
}

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn signed(header: &Value, claims: &Value, key: &EncodingKey, alg: Algorithm) -> String {
    let signed = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
    let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), key, alg).unwrap();
    format!("{signed}.{signature}")
}

/// Everything a stranger can make of a token and of published keys.
fn forgeries(token: &str, jwks: &Value) -> Vec<(String, String)> {
    let (head, said) = (header(token), claims(token));
    let parts: Vec<&str> = token.split('.').collect();
    let typ = &head["typ"];
    let mut all = Vec::new();
    let mut add = |what: &str, token: String| all.push((what.to_owned(), token));

    for alg in ["none", "None", "NONE", "nOnE", ""] {
        let unsigned = format!(
            "{}.{}",
            b64(json!({ "alg": alg, "typ": typ }).to_string()),
            parts[1]
        );
        add("without a signature", format!("{unsigned}."));
        add("without a signature, cut", unsigned.clone());
        add(
            "with another's signature",
            format!("{unsigned}.{}", parts[2]),
        );
    }
    // The public key as an HMAC secret, in every form it is published.
    let key = jwks["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["kid"] == head["kid"])
        .unwrap();
    let mut secrets = vec![
        key.to_string().into_bytes(),
        jwks.to_string().into_bytes(),
        Vec::new(),
    ];
    for member in ["n", "x", "y"] {
        if let Some(text) = key[member].as_str() {
            secrets.push(text.as_bytes().to_vec());
            secrets.push(URL_SAFE_NO_PAD.decode(text).unwrap());
        }
    }
    for secret in secrets {
        for (name, alg) in [("HS256", Algorithm::HS256), ("HS512", Algorithm::HS512)] {
            let head = json!({ "alg": name, "typ": typ, "kid": head["kid"] });
            add(
                "signed by HMAC",
                signed(&head, &said, &EncodingKey::from_secret(&secret), alg),
            );
        }
    }
    // A key of the attacker's, brought along, or under our key's name.
    let attacker = Pair::generate("attacker");
    let kid = head["kid"].clone();
    for header in [
        json!({ "alg": "ES256", "typ": typ, "kid": kid }),
        json!({ "alg": "ES256", "typ": typ, "kid": kid, "jwk": attacker.jwk }),
        json!({ "alg": "ES256", "typ": typ, "jwk": attacker.jwk }),
        json!({ "alg": "ES256", "typ": typ, "kid": "attacker", "jku": "https://attacker.example/jwks" }),
        json!({ "alg": "ES256", "typ": typ, "kid": "attacker", "x5u": "https://attacker.example/x5u" }),
        json!({ "alg": "ES256", "typ": typ, "kid": "attacker", "x5c": ["AAAA"] }),
        json!({ "alg": "ES256", "typ": typ }),
        json!({ "alg": "ES256", "typ": typ, "kid": "../../../../dev/null" }),
        json!({ "alg": "ES256", "typ": typ, "kid": "x' union select 'AA==" }),
        json!({ "alg": "ES256", "typ": typ, "kid": "https://attacker.example/key" }),
        json!({ "alg": "ES256", "typ": typ, "kid": ["a", kid] }),
        json!({ "alg": "ES256", "typ": typ, "kid": null }),
        json!({ "alg": ["ES256"], "typ": typ, "kid": kid }),
        json!({ "alg": "RS256", "typ": typ, "kid": kid }),
    ] {
        add(&header.to_string(), attacker.sign(&header, &said));
    }
    // The right signature over something else.
    let mut more = said.clone();
    more["scope"] = json!("openid profile snils");
    more["sub"] = json!("somebody else");
    add(
        "other claims",
        format!("{}.{}.{}", parts[0], b64(more.to_string()), parts[2]),
    );
    for name in ["crit", "b64", "zip", "cty", "typ"] {
        let mut header = head.clone();
        header[name] = json!("x");
        add(
            name,
            format!("{}.{}.{}", b64(header.to_string()), parts[1], parts[2]),
        );
    }
    // Spelt otherwise.
    add("padded", format!("{token}="));
    add("with a blank", format!("{} {}", &token[..10], &token[10..]));
    add("with a fourth part", format!("{token}.{}", parts[2]));
    add(
        "as five parts",
        format!("{0}..{0}.{1}.{0}", parts[0], parts[1]),
    );
    add("with a newline", format!("{}\n", parts.join(".\n")));
    add(
        "with the other signs",
        token.replace('-', "+").replace('_', "/") + "/",
    );
    all
}

async fn published(app: &TestApp) -> Value {
    let page = app.browser().get("/oauth/jwks").await;
    serde_json::from_str(&page.body).unwrap()
}

#[tokio::test]
async fn attack_33_access_tokens_of_strangers_at_userinfo() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let tokens = portal.tokens(&app.browser(), ANNA, &[]).await;
    let machine = RelyingParty::new(&app, "machine");
    for (what, forged) in forgeries(&tokens.access, &published(&app).await) {
        // What no header can carry is sent in a body.
        let form = [("access_token", forged.as_str())];
        let http = http::client();
        let answer = Answer::of(http.post(app.at("/oauth/userinfo")).form(&form)).await;
        assert_eq!(answer.status, 401, "{what}: {}", answer.body);
        assert!(
            answer
                .header("www-authenticate")
                .unwrap()
                .contains("invalid_token"),
            "{what}"
        );
        assert_eq!(
            machine.introspect(&forged).await,
            json!({ "active": false }),
            "{what}"
        );
    }
    // Tokens of ours that are something else (RFC 9068 §4).
    for other in [tokens.id.as_ref().unwrap()] {
        assert_eq!(portal.userinfo(other).await.status, 401);
        assert_eq!(machine.introspect(other).await, json!({ "active": false }));
    }
    assert_eq!(portal.userinfo(&tokens.access).await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn attack_33_hints_of_strangers() {
    let app = TestApp::start().await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = app.browser();
    let tokens = portal.tokens(&browser, ANNA, &[]).await;
    let hint = tokens.id.unwrap();
    let mut forged = forgeries(&hint, &published(&app).await);
    forged.push(("an access token".to_owned(), tokens.access));
    for (what, forged) in forged {
        let page = browser
            .get_once(&portal.authorize_url(&[("id_token_hint", &forged)]))
            .await;
        assert_eq!(
            page.sent("error").as_deref(),
            Some("invalid_request"),
            "{what}: {:?}",
            page.location()
        );
        assert!(page.sent("code").is_none(), "{what}");
        let query: String = url::form_urlencoded::byte_serialize(forged.as_bytes()).collect();
        refused(
            &browser
                .get_once(&format!("/oauth/end_session?id_token_hint={query}"))
                .await,
            400,
        );
    }
    let page = browser
        .get_once(&portal.authorize_url(&[("id_token_hint", &hint)]))
        .await;
    assert!(page.sent("code").is_some(), "{:?}", page.location());
    app.end().await;
}

async fn assert_client(app: &TestApp, assertion: &str) -> Answer {
    let http = http::client();
    let form = [
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion),
        ("token", "x"),
    ];
    Answer::of(http.post(app.at("/oauth/introspect")).form(&form)).await
}

#[tokio::test]
async fn attack_33_assertions_that_their_client_did_not_sign() {
    let pair = Pair::generate("prover-1");
    let stranger = Pair::generate("prover-1");
    let app = TestApp::start_with(|config| {
        let prover = registration(
            "prover",
            json!({
                "token_endpoint_auth_method": "private_key_jwt",
                "client_secret": null,
                "jwks": { "keys": [pair.jwk] },
            }),
        );
        config["clients"].as_array_mut().unwrap().push(prover);
    })
    .await;
    let portal = RelyingParty::new(&app, "prover");
    let head = json!({ "alg": "ES256", "typ": "JWT", "kid": "prover-1" });
    let fresh = || portal.assertion(&app.url);
    let good = pair.sign(&head, &fresh());
    assert_eq!(
        assert_client(&app, &good).await.json()["active"],
        false,
        "the client is known"
    );

    let unused = pair.sign(&head, &fresh());
    let mut forged = forgeries(&unused, &json!({ "keys": [pair.jwk] }));
    forged.push((
        "another key of the same name".to_owned(),
        stranger.sign(&head, &fresh()),
    ));
    // A key of ours, and a token of ours.
    let of_ours = RelyingParty::new(&app, "portal")
        .tokens(&app.browser(), ANNA, &[])
        .await;
    forged.push(("our ID token".to_owned(), of_ours.id.unwrap()));
    forged.push(("our access token".to_owned(), of_ours.access));
    for typ in ["at+jwt", "logout+jwt", "dpop+jwt"] {
        let head = json!({ "alg": "ES256", "typ": typ, "kid": "prover-1" });
        forged.push((typ.to_owned(), pair.sign(&head, &fresh())));
    }
    let critical = json!({ "alg": "ES256", "typ": "JWT", "kid": "prover-1", "crit": ["exp"] });
    forged.push(("critical".to_owned(), pair.sign(&critical, &fresh())));
    for (what, forged) in forged {
        assert_client(&app, &forged).await.refuses("invalid_client");
        assert!(!what.is_empty());
    }
    // No forgery has used the name of the good one up.
    assert_eq!(assert_client(&app, &unused).await.status, 200);
    app.end().await;
}
