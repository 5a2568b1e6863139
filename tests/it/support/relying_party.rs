//! Relying parties of the tests: the registrations, raw requests for what no
//! decent client would send, and conversations of a person with the pages.
//! Programs that others wrote are in `peers.rs`.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use propusk::clock::Clock;
use serde_json::{Map, Value, json};
use url::Url;

use super::app::PASSWORD;
use super::client_key::KEYED;
use super::{Browser, Page, TestApp};
use crate::support::http;

/// The code verifier of every PKCE request, and its S256 challenge (RFC 7636
/// Appendix B).
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The type of a client assertion (RFC 7523 §2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Every scope a client may ask for.
pub const ALL_SCOPES: &str = "openid profile email phone address snils assurance offline_access";

pub fn secret_of(id: &str) -> String {
    format!("a long enough secret of {id}")
}

/// A usual registration, with members added or replaced.
pub fn registration(id: &str, more: Value) -> Value {
    let mut client = json!({
        "client_id": id,
        "client_secret": secret_of(id),
        "name": { "ru": format!("Портал {id}"), "en": format!("Portal {id}") },
        "redirect_uris": [format!("https://{id}.example/callback")],
        "post_logout_redirect_uris": [format!("https://{id}.example/signed-out")],
        "scope": ALL_SCOPES,
        "grant_types": ["authorization_code", "refresh_token"],
    });
    for (name, value) in more.as_object().unwrap() {
        client[name] = value.clone();
    }
    client
}

/// Registrations of the usual clients. `{id}` lives at https://{id}.example.
pub fn clients() -> Vec<Value> {
    let with = registration;
    vec![
        // client_secret_basic, pairwise, RS256: the defaults.
        with("portal", json!({})),
        with("other", json!({})),
        with(
            "post",
            json!({ "token_endpoint_auth_method": "client_secret_post" }),
        ),
        with(
            "public",
            json!({ "token_endpoint_auth_method": "none", "client_secret": null }),
        ),
        with(
            "keyed",
            json!({
                "token_endpoint_auth_method": "private_key_jwt", "client_secret": null,
                "jwks": KEYED.jwks(),
            }),
        ),
        with(
            "open",
            json!({ "subject_type": "public", "id_token_signed_response_alg": "ES256" }),
        ),
        with(
            "signed",
            json!({ "userinfo_signed_response_alg": "ES256", "id_token_signed_response_alg": "PS256" }),
        ),
        // Every response type there is.
        with(
            "hybrid",
            json!({
                "grant_types": ["authorization_code", "refresh_token", "implicit"],
                "response_types": [
                    "code", "id_token", "id_token token", "code id_token", "code token",
                    "code id_token token",
                ],
            }),
        ),
        // Pushed and signed requests only.
        with(
            "signing",
            json!({
                "token_endpoint_auth_method": "private_key_jwt", "client_secret": null,
                "jwks": KEYED.jwks(), "require_pushed_authorization_requests": true,
                "require_signed_request_object": true,
            }),
        ),
        // A device without a keyboard.
        with(
            "television",
            json!({
                "token_endpoint_auth_method": "none", "client_secret": null,
                "redirect_uris": [], "post_logout_redirect_uris": [],
                "grant_types": [
                    "urn:ietf:params:oauth:grant-type:device_code", "refresh_token",
                ],
            }),
        ),
        with(
            "machine",
            json!({
                "grant_types": ["client_credentials"], "redirect_uris": [],
                "scope": "profile", "required_scope": "", "may_introspect_any": true,
            }),
        ),
    ]
}

/// A relying party with one registration.
#[derive(Clone)]
pub struct RelyingParty {
    pub app_url: String,
    pub id: String,
    pub secret: Option<String>,
    pub redirect_uri: String,
    /// Headers beside the client's own.
    pub headers: Vec<(&'static str, String)>,
    clock: Clock,
    http: reqwest::Client,
}

/// Tokens of a successful response.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: String,
    pub refresh: Option<String>,
    pub id: Option<String>,
    pub all: Value,
}

impl Tokens {
    pub fn of(answer: &Value) -> Self {
        let text = |name: &str| answer[name].as_str().map(str::to_owned);
        Self {
            access: text("access_token").unwrap_or_else(|| panic!("no access token: {answer}")),
            refresh: text("refresh_token"),
            id: text("id_token"),
            all: answer.clone(),
        }
    }

    /// The claims of the ID token, unverified.
    pub fn id_claims(&self) -> Value {
        claims(self.id.as_ref().expect("an ID token"))
    }
}

/// The claims of a JWT, unverified.
pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// The header of a JWT.
pub fn header(token: &str) -> Value {
    let header = token.split('.').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
}

/// An answer of an endpoint for programs.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Answer {
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        let answer = request.send().await.unwrap();
        Self {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body: answer.text().await.unwrap(),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Asserts an OAuth error of this code.
    #[track_caller]
    pub fn refuses(&self, code: &str) {
        self.refuses_as("", code);
    }

    /// The same, saying for what.
    #[track_caller]
    pub fn refuses_as(&self, what: &str, code: &str) {
        assert_eq!(
            self.json()["error"],
            code,
            "{what} {} {}",
            self.status,
            self.body
        );
        let status = if code == "invalid_client" { 401 } else { 400 };
        assert_eq!(self.status, status, "{}", self.body);
    }
}

impl RelyingParty {
    /// The client of this id among [`clients`].
    pub fn new(app: &TestApp, id: &str) -> Self {
        Self {
            clock: app.clock.clone(),
            ..Self::at(&app.url, id)
        }
    }

    /// The same at a server that is not part of this process.
    pub fn at(url: &str, id: &str) -> Self {
        Self {
            app_url: url.to_owned(),
            id: id.to_owned(),
            secret: (!["public", "keyed", "signing", "television"].contains(&id))
                .then(|| secret_of(id)),
            redirect_uri: format!("https://{id}.example/callback"),
            headers: Vec::new(),
            clock: Clock::System,
            http: http::client(),
        }
    }

    /// Makes its requests with another HTTP client.
    pub fn use_http(&mut self, http: reqwest::Client) {
        self.http = http;
    }

    /// The usual authorization request (code, PKCE, state, nonce), with
    /// parameters added, replaced or (empty) left out.
    pub fn authorize_url(&self, changes: &[(&str, &str)]) -> String {
        let mut params = vec![
            ("response_type", "code"),
            ("client_id", self.id.as_str()),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("scope", "openid profile"),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in changes {
            params.retain(|(known, _)| known != name);
            if !value.is_empty() {
                params.push((name, value));
            }
        }
        let mut url = Url::parse(&format!("{}/oauth/authorize", self.app_url)).unwrap();
        url.query_pairs_mut().extend_pairs(params);
        url.to_string()
    }

    /// Sends a browser with a request; signs in as `person` and consents where
    /// it is asked. Gives what the browser was sent back with.
    pub async fn enter(&self, browser: &Browser, person: &str, changes: &[(&str, &str)]) -> Page {
        let page = browser.get(&self.authorize_url(changes)).await;
        self.go_on(browser, page, person).await
    }

    /// From a page of a flow to its end.
    pub async fn go_on(&self, browser: &Browser, mut page: Page, person: &str) -> Page {
        if page.has("#login-submit") {
            page = browser
                .submit(
                    &page,
                    "login-submit",
                    &[("username", person), ("password", PASSWORD)],
                )
                .await;
        }
        if page.has("#consent-allow") {
            page = browser.submit(&page, "consent-allow", &[]).await;
        }
        page
    }

    /// The same down to the code.
    pub async fn code(&self, browser: &Browser, person: &str, changes: &[(&str, &str)]) -> String {
        let page = self.enter(browser, person, changes).await;
        page.sent("code").unwrap_or_else(|| {
            panic!(
                "no code: {} {:?}\n{}",
                page.status,
                page.location(),
                page.body
            )
        })
    }

    /// The same down to tokens.
    pub async fn tokens(
        &self,
        browser: &Browser,
        person: &str,
        changes: &[(&str, &str)],
    ) -> Tokens {
        let code = self.code(browser, person, changes).await;
        let answer = self.redeem(&code).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        Tokens::of(&answer.json())
    }

    /// Redeems a code as it should be.
    pub async fn redeem(&self, code: &str) -> Answer {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", VERIFIER),
        ])
        .await
    }

    /// Refreshes.
    pub async fn refresh(&self, token: &str) -> Answer {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)])
            .await
    }

    /// Refreshes and expects new tokens.
    pub async fn refreshed(&self, token: &str) -> Tokens {
        let answer = self.refresh(token).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        Tokens::of(&answer.json())
    }

    /// Pushes the usual request, changed so.
    pub async fn push(&self, changes: &[(&str, &str)]) -> Answer {
        let url = Url::parse(&self.authorize_url(changes)).unwrap();
        let fields: Vec<_> = url.query_pairs().into_owned().collect();
        let fields: Vec<_> = fields
            .iter()
            // Whoever authenticates says by that who it is.
            .filter(|(name, _)| name != "client_id")
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.call("/oauth/par", &fields).await
    }

    /// The same down to the address for the browser.
    pub async fn pushed_url(&self, changes: &[(&str, &str)]) -> String {
        let answer = self.push(changes).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        self.url_of(answer.json()["request_uri"].as_str().unwrap())
    }

    /// The address for a browser that brings a reference only.
    pub fn url_of(&self, request_uri: &str) -> String {
        let mut url = Url::parse(&format!("{}/oauth/authorize", self.app_url)).unwrap();
        url.query_pairs_mut()
            .append_pair("client_id", &self.id)
            .append_pair("request_uri", request_uri);
        url.to_string()
    }

    /// The claims of a request object with the usual request, some changed or
    /// (null) left out.
    pub fn request_object(&self, changes: Value) -> Value {
        let url = Url::parse(&self.authorize_url(&[])).unwrap();
        let mut claims: Map<String, Value> = url
            .query_pairs()
            .map(|(name, value)| (name.into_owned(), json!(value)))
            .collect();
        let now = self.clock.now().seconds();
        for (name, value) in [
            ("iss", json!(self.id)),
            ("aud", json!(self.app_url)),
            ("iat", json!(now)),
            ("nbf", json!(now)),
            ("exp", json!(now + 300)),
        ] {
            claims.insert(name.to_owned(), value);
        }
        for (name, value) in changes.as_object().unwrap() {
            claims.insert(name.clone(), value.clone());
        }
        claims.retain(|_, value| !value.is_null());
        Value::Object(claims)
    }

    /// A token request, authenticated as registered.
    pub async fn token(&self, fields: &[(&str, &str)]) -> Answer {
        self.call("/oauth/token", fields).await
    }

    /// Introspects a token.
    pub async fn introspect(&self, token: &str) -> Value {
        let answer = self.call("/oauth/introspect", &[("token", token)]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// Revokes a token.
    pub async fn revoke(&self, token: &str) -> Answer {
        self.call("/oauth/revoke", &[("token", token)]).await
    }

    /// A call to an endpoint, authenticated as registered.
    pub async fn call(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut request = self.http.post(format!("{}{path}", self.app_url));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let mut fields = fields.to_vec();
        match &self.secret {
            Some(secret) if self.id == "post" => {
                fields.push(("client_id", &self.id));
                fields.push(("client_secret", secret));
                Answer::of(request.form(&fields)).await
            }
            Some(secret) => {
                let request = request.header("authorization", basic(&self.id, secret));
                Answer::of(request.form(&fields)).await
            }
            None if ["keyed", "signing"].contains(&self.id.as_str()) => {
                let assertion = KEYED.sign(&self.assertion(&self.app_url));
                fields.push(("client_assertion_type", ASSERTION_TYPE));
                fields.push(("client_assertion", &assertion));
                Answer::of(request.form(&fields)).await
            }
            None => {
                fields.push(("client_id", &self.id));
                Answer::of(request.form(&fields)).await
            }
        }
    }

    /// The claims of an assertion to authenticate with (RFC 7523 §3), each
    /// time with a new `jti`.
    pub fn assertion(&self, audience: &str) -> Value {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let now = self.clock.now().seconds();
        json!({
            "iss": self.id,
            "sub": self.id,
            "aud": audience,
            "jti": format!("assertion {}", NEXT.fetch_add(1, Ordering::SeqCst)),
            "iat": now,
            "exp": now + 60,
        })
    }

    /// Userinfo with a bearer token.
    pub async fn userinfo(&self, token: &str) -> Answer {
        let request = self
            .http
            .get(format!("{}/oauth/userinfo", self.app_url))
            .bearer_auth(token);
        Answer::of(request).await
    }
}

/// The value of an Authorization header for `client_secret_basic`, form-encoded
/// before base64 as RFC 6749 §2.3.1 says.
pub fn basic(id: &str, secret: &str) -> String {
    let encode =
        |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!(
        "Basic {}",
        STANDARD.encode(format!("{}:{}", encode(id), encode(secret)))
    )
}
