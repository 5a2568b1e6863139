//! A bank on a loopback port: an OpenID Provider that does as it is told, also
//! when it is told to misbehave. Its tokens are signed by a library that is not
//! ours; its own checks (client, PKCE, redirect URI) are strict.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use propusk::model::timestamp::Timestamp;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;
use url::Url;

use super::app::START;
use super::client_key::ClientKey;
use super::relying_party::basic;
use super::{Browser, Page};

const SECRET: &str = "bank-secret";

/// How an ID token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    Rightly,
    /// `alg: none`.
    Not,
    /// By somebody else's key under the bank's key id.
    ByAnother,
    /// By a key the bank has not published.
    ByUnknown,
    /// With the bank's public key as if it were a shared secret.
    WithPublicKey,
}

/// What it does.
#[derive(Clone, Debug)]
pub struct Script {
    pub now: Timestamp,
    /// What userinfo says; `sub` too.
    pub client: Value,
    /// What is otherwise in the ID token; null leaves a claim out.
    pub id_token: Value,
    pub signed: Signed,
    /// `sub` of userinfo, where it is another.
    pub userinfo_sub: Option<&'static str>,
    /// What `iss` of the answer is.
    pub iss: Option<String>,
    pub promises_iss: bool,
    /// The issuer in its discovery document, where it is another.
    pub issuer: Option<&'static str>,
    pub is_away: bool,
}

struct Request {
    nonce: String,
    challenge: String,
    redirect_uri: String,
}

struct Inside {
    url: String,
    key: ClientKey,
    other: ClientKey,
    unknown: ClientKey,
    script: Mutex<Script>,
    codes: Mutex<HashMap<String, Request>>,
}

/// The bank.
pub struct TestBank {
    pub url: String,
    inside: Arc<Inside>,
    server: AbortHandle,
}

/// Vera, whom nobody knows here yet.
pub fn vera() -> Value {
    json!({
        "sub": "client-1", "family_name": "Громова", "given_name": "Вера",
        "middle_name": "Андреевна", "birthdate": "1991-05-06", "gender": "female",
        "snils": "000-000-600 00", "phone_number": "+79005550301",
        "phone_number_verified": true,
        "passport": { "series": "0001", "number": "000303", "issued_on": "2011-06-01",
                      "department_code": "340-001", "issued_by": "ОВД города Волгограда" },
    })
}

impl TestBank {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inside = Arc::new(Inside {
            url: url.clone(),
            key: ClientKey::generate("bank"),
            other: ClientKey::generate("bank"),
            unknown: ClientKey::generate("unknown"),
            script: Mutex::new(Script {
                now: START,
                client: vera(),
                id_token: json!({}),
                signed: Signed::Rightly,
                userinfo_sub: None,
                iss: Some(url.clone()),
                promises_iss: true,
                issuer: None,
                is_away: false,
            }),
            codes: Mutex::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(inside.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            inside,
            server: server.abort_handle(),
        }
    }

    /// A table `[[banks]]`.
    pub fn settings(&self, id: &str, attests: &str) -> Value {
        json!({
            "id": id, "name": { "ru": "Банк «Волга»", "en": "Volga Bank" }, "issuer": self.url,
            "client_id": "propusk", "client_secret": SECRET, "attests": attests,
            "scopes": ["profile", "snils"],
        })
    }

    /// Changes what it does.
    pub fn script(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.inside.script.lock().unwrap());
    }

    /// What it answers to the request at `address`: the way back.
    pub fn answer(&self, address: &str) -> String {
        let address = Url::parse(address).unwrap();
        assert_eq!(address.path(), "/authorize");
        let sent: HashMap<_, _> = address.query_pairs().into_owned().collect();
        assert_eq!(sent["client_id"], "propusk");
        assert_eq!(sent["response_type"], "code");
        assert_eq!(sent["code_challenge_method"], "S256");
        let mut codes = self.inside.codes.lock().unwrap();
        let code = format!("code-{}", codes.len());
        let request = Request {
            nonce: sent["nonce"].clone(),
            challenge: sent["code_challenge"].clone(),
            redirect_uri: sent["redirect_uri"].clone(),
        };
        let mut back = Url::parse(&request.redirect_uri).unwrap();
        back.query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("state", &sent["state"]);
        if let Some(iss) = &self.inside.script.lock().unwrap().iss {
            back.query_pairs_mut().append_pair("iss", iss);
        }
        codes.insert(code, request);
        back.into()
    }

    /// From the page with the bank's button to the bank.
    pub async fn go(&self, browser: &Browser, page: &Page, id: &str) -> String {
        let left = browser.submit(page, &format!("bank-{id}"), &[]).await;
        let href = left.attribute("#bank-go", "href");
        href.unwrap_or_else(|| panic!("{}", left.body))
    }

    /// There and back.
    pub async fn round(&self, browser: &Browser, page: &Page, id: &str) -> Page {
        let address = self.go(browser, page, id).await;
        browser.get(&self.answer(&address)).await
    }
}

impl Drop for TestBank {
    fn drop(&mut self) {
        self.server.abort();
    }
}

type Answer = Result<Json<Value>, StatusCode>;

impl Inside {
    fn script(&self) -> Result<Script, StatusCode> {
        let script = self.script.lock().unwrap().clone();
        match script.is_away {
            true => Err(StatusCode::SERVICE_UNAVAILABLE),
            false => Ok(script),
        }
    }
}

async fn discovery(State(bank): State<Arc<Inside>>) -> Answer {
    let script = bank.script()?;
    let url = &bank.url;
    Ok(Json(json!({
        "issuer": script.issuer.unwrap_or(url),
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "userinfo_endpoint": format!("{url}/userinfo"),
        "jwks_uri": format!("{url}/jwks"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "authorization_response_iss_parameter_supported": script.promises_iss,
    })))
}

async fn jwks(State(bank): State<Arc<Inside>>) -> Answer {
    bank.script()?;
    Ok(Json(bank.key.jwks()))
}

async fn token(
    State(bank): State<Arc<Inside>>,
    headers: HeaderMap,
    Form(sent): Form<HashMap<String, String>>,
) -> Answer {
    let script = bank.script()?;
    let refused = StatusCode::BAD_REQUEST;
    let request = bank
        .codes
        .lock()
        .unwrap()
        .remove(&sent["code"])
        .ok_or(refused)?;
    let challenge = {
        let verifier = sent["code_verifier"].as_bytes();
        BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier))
    };
    let authorization = headers.get("authorization").ok_or(refused)?;
    if challenge != request.challenge
        || sent["redirect_uri"] != request.redirect_uri
        || authorization.as_bytes() != basic("propusk", SECRET).as_bytes()
    {
        return Err(refused);
    }
    let seconds = script.now.millis() / 1000;
    let mut claims: Map<String, Value> = json!({
        "iss": bank.url, "aud": "propusk", "sub": script.client["sub"], "nonce": request.nonce,
        "iat": seconds, "exp": seconds + 300, "auth_time": seconds,
    })
    .as_object()
    .cloned()
    .unwrap();
    for (name, value) in script.id_token.as_object().unwrap() {
        claims.insert(name.clone(), value.clone());
    }
    claims.retain(|_, value| !value.is_null());
    let claims = Value::Object(claims);
    let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let id_token = match script.signed {
        Signed::Rightly => bank.key.sign(&claims),
        Signed::ByAnother => bank.other.sign(&claims),
        Signed::ByUnknown => bank.unknown.sign(&claims),
        Signed::Not => format!("{}.{}.", encode(&json!({ "alg": "none" })), encode(&claims)),
        Signed::WithPublicKey => {
            let key =
                jsonwebtoken::EncodingKey::from_secret(bank.key.jwks().to_string().as_bytes());
            let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
            header.kid = Some("bank".to_owned());
            jsonwebtoken::encode(&header, &claims, &key).unwrap()
        }
    };
    Ok(Json(json!({
        "access_token": "bank-access", "token_type": "Bearer", "id_token": id_token,
    })))
}

async fn userinfo(State(bank): State<Arc<Inside>>) -> Answer {
    let script = bank.script()?;
    let mut said = script.client.clone();
    if let Some(sub) = script.userinfo_sub {
        said["sub"] = json!(sub);
    }
    Ok(Json(said))
}
