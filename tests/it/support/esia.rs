//! A relying party of ESIA's dialect whose signatures the `openssl` program
//! makes: each request is spelt out, so that any part of it can be wrong.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use url::Url;

use super::app::PASSWORD;
use super::authority::{Authority, Certificate, Kind, TERM};
use super::{Browser, Page, TestApp};
use crate::support::http;

/// What programs written for ESIA want.
pub const ISSUER: &str = "http://esia.gosuslugi.ru/";
/// Where it lives.
pub const REDIRECT: &str = "https://cabinet.rp.example/esia/callback";
pub const CLIENT: &str = "DEMO_RP";
/// Every scope that it may ask for.
pub const SCOPE: &str = "openid fullname birthdate birthplace gender snils inn id_doc email mobile \
                         contacts addresses vehicles kids usr_org drivers_licence_doc \
                         kid_fullname military_doc http://esia.gosuslugi.ru/usr_inf";

/// The scope of the oldest programs.
pub const USR_INF: &str = "http://esia.gosuslugi.ru/usr_inf";

/// The parameters of a request, in order.
pub type Params = Vec<(&'static str, String)>;

/// An authority with the certificate of one relying party.
pub struct Party {
    pub authority: Authority,
    pub certificate: Certificate,
}

impl Party {
    pub fn new(kind: Kind) -> Self {
        Self::of(kind, "Тестовый УЦ")
    }

    /// The same of an authority of this name.
    pub fn of(kind: Kind, authority: &str) -> Self {
        let authority = Authority::new(kind, authority);
        let certificate = authority.certify("/C=RU/O=RP/CN=rp.example", TERM, "");
        Self {
            authority,
            certificate,
        }
    }

    /// Its registration, with members of `esia` added or replaced.
    pub fn registration(&self, more: Value) -> Value {
        let mut client = json!({
            "client_id": CLIENT,
            "name": { "ru": "Портал области", "en": "Portal of the region" },
            "scope": format!("{SCOPE} offline_access"),
            "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
            "token_endpoint_auth_method": "esia_signature",
            "esia": {
                "certificate_files": [self.certificate.file],
                "domains": ["rp.example"],
            },
        });
        for (name, value) in more.as_object().unwrap() {
            client["esia"][name] = value.clone();
        }
        client
    }

    /// The application with it registered.
    pub async fn app(&self, more: Value) -> TestApp {
        let client = self.registration(more);
        TestApp::start_with(|config| {
            config["esia"] = json!({ "issuer": ISSUER });
            config["clients"].as_array_mut().unwrap().push(client);
        })
        .await
    }
}

/// The time of a request as ESIA writes it.
pub fn timestamp(app: &TestApp, later: i64) -> String {
    let at = jiff::Timestamp::from_second(app.now().seconds() + later).unwrap();
    at.strftime("%Y.%m.%d %H:%M:%S +0000").to_string()
}

/// The usual request at an authorization endpoint, not signed yet.
pub fn ac(app: &TestApp, state: &str, scope: &str) -> Params {
    vec![
        ("client_id", CLIENT.to_owned()),
        ("redirect_uri", REDIRECT.to_owned()),
        ("scope", scope.to_owned()),
        ("response_type", "code".to_owned()),
        ("state", state.to_owned()),
        ("timestamp", timestamp(app, 0)),
        ("access_type", "offline".to_owned()),
    ]
}

/// The usual request at a token endpoint for a code, not signed yet.
pub fn te(app: &TestApp, state: &str, code: &str) -> Params {
    vec![
        ("client_id", CLIENT.to_owned()),
        ("code", code.to_owned()),
        ("grant_type", "authorization_code".to_owned()),
        ("state", state.to_owned()),
        ("redirect_uri", REDIRECT.to_owned()),
        ("scope", "openid".to_owned()),
        ("timestamp", timestamp(app, 0)),
        ("token_type", "Bearer".to_owned()),
    ]
}

/// The same for a refresh token.
pub fn refresh(app: &TestApp, state: &str, token: &str) -> Params {
    let mut params = te(app, state, "");
    set(&mut params, "grant_type", "refresh_token");
    params.retain(|(name, _)| *name != "code");
    params.push(("refresh_token", token.to_owned()));
    params
}

pub fn set(params: &mut Params, name: &'static str, value: &str) {
    params.retain(|(known, _)| *known != name);
    params.push((name, value.to_owned()));
}

/// Parameters one after the other.
pub fn text(params: &Params, order: &[&str]) -> String {
    let value = |name: &&str| {
        let found = params.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    order.iter().map(value).collect()
}

pub const V1: &[&str] = &["scope", "timestamp", "client_id", "state"];
pub const AC_V2: &[&str] = &[
    "client_id",
    "scope",
    "scope_org",
    "timestamp",
    "state",
    "redirect_uri",
];
pub const CODE_V3: &[&str] = &[
    "client_id",
    "scope",
    "scope_org",
    "timestamp",
    "state",
    "redirect_uri",
    "code",
];
pub const REFRESH_V3: &[&str] = &["client_id", "scope", "timestamp", "state", "refresh_token"];

impl Party {
    /// Signs as the first generation does.
    pub fn cms(&self, params: &mut Params) {
        let text = text(params, V1);
        let signature = self
            .certificate
            .sign_with(text.as_bytes(), &["-binary", "-outform", "DER"]);
        set(params, "client_secret", &URL_SAFE_NO_PAD.encode(signature));
    }

    /// Signs as the second does, over parameters in this order.
    pub fn raw(&self, params: &mut Params, order: &[&str]) {
        let signature = self.certificate.sign_raw(text(params, order).as_bytes());
        set(params, "client_secret", &URL_SAFE_NO_PAD.encode(signature));
        set(params, "client_certificate_hash", &self.hash());
    }

    /// The hash of the certificate, Streebog-256 of DER.
    pub fn hash(&self) -> String {
        let pem = std::fs::read(&self.certificate.file).unwrap();
        let read = propusk::signature::SignerCertificate::read(&pem).unwrap();
        read.hashes()[0].clone()
    }
}

/// An address with these parameters.
pub fn address(path: &str, params: &Params) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(params)
        .finish();
    format!("{path}?{query}")
}

/// Somebody signs in and agrees to a request. Returns where they are sent.
pub async fn agree(app: &TestApp, browser: &Browser, address: &str, person: &str) -> Url {
    let page = browser.get(&app.at(address)).await;
    let fields = [("username", person), ("password", PASSWORD)];
    let page = browser.submit(&page, "login-submit", &fields).await;
    allow(browser, page).await
}

/// Agrees, where there is a question.
pub async fn allow(browser: &Browser, page: Page) -> Url {
    let page = match page.location() {
        None => browser.submit(&page, "consent-allow", &[]).await,
        Some(_) => page,
    };
    let back = page.location();
    back.unwrap_or_else(|| panic!("not sent back: {}", page.body))
}

/// The value of a parameter of an address.
pub fn told(address: &Url, name: &str) -> Option<String> {
    let mut pairs = address.query_pairs();
    pairs
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// Posts a form. Returns status and JSON.
pub async fn post(app: &TestApp, path: &str, params: &Params) -> (u16, Value) {
    let sent = http::client()
        .post(app.at(path))
        .form(params)
        .send()
        .await
        .unwrap();
    let status = sent.status().as_u16();
    let media_type = sent.headers()["content-type"].to_str().unwrap().to_owned();
    assert_eq!(media_type, "application/json;charset=UTF-8");
    (status, sent.json().await.unwrap())
}

/// Asks for data. Returns status and JSON.
pub async fn rs(app: &TestApp, token: &str, path: &str) -> (u16, Value) {
    let sent = http::client()
        .get(app.at(path))
        .bearer_auth(token)
        .send()
        .await
        .unwrap();
    let status = sent.status().as_u16();
    (status, sent.json().await.unwrap())
}

/// A part of a token of the dialect: 0 for its header, 1 for its claims.
pub fn part(token: &str, at: usize) -> Value {
    let part = token.split('.').nth(at).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}
