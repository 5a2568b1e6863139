//! Relying parties that register themselves (RFC 7591, RFC 7592, OpenID Connect
//! Dynamic Client Registration 1.0): items 68–76 and what attackers try there.

mod attacks;
mod bounds;
mod consent;
mod managing;
mod metadata;
mod outgoing;
mod registering;
mod statements;
mod tokens;

use serde_json::{Value, json};

use crate::support::http;
use crate::support::relying_party::Answer;
use crate::support::{RelyingParty, TestApp};

const CALLBACK: &str = "https://app.example/callback";
const PATH: &str = "/oauth/register";

/// The application, open to everybody.
async fn open() -> TestApp {
    open_with(json!({})).await
}

/// The same with more settings of registration.
async fn open_with(more: Value) -> TestApp {
    TestApp::start_with(|config| {
        // Tests register more clients than anybody does in an hour.
        config["registration"] = json!({ "mode": "open", "per_address_per_hour": 10_000 });
        for (name, value) in more.as_object().unwrap() {
            config["registration"][name] = value.clone();
        }
    })
    .await
}

/// Usual metadata, with members added, replaced or (null) left out.
fn usual(more: Value) -> Value {
    let mut all = json!({ "client_name": "Shop", "redirect_uris": [CALLBACK] });
    for (name, value) in more.as_object().unwrap() {
        all[name] = value.clone();
    }
    all
}

async fn register(app: &TestApp, metadata: &Value) -> Answer {
    Answer::of(http::client().post(app.at(PATH)).json(metadata)).await
}

async fn register_with(app: &TestApp, token: &str, metadata: &Value) -> Answer {
    let request = http::client().post(app.at(PATH)).bearer_auth(token);
    Answer::of(request.json(metadata)).await
}

/// Registers, and expects to be.
async fn registered(app: &TestApp, metadata: &Value) -> Value {
    let answer = register(app, metadata).await;
    assert_eq!(answer.status, 201, "{metadata}: {}", answer.body);
    answer.json()
}

/// Registers, and expects an error about this member.
#[track_caller]
fn is_refused(answer: &Answer, code: &str, member: &str) {
    answer.refuses(code);
    let told = answer.json()["error_description"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(told.contains(member), "{member} is not in: {told}");
    assert!(
        told.bytes()
            .all(|b| (0x20..=0x7e).contains(&b) && b != b'"' && b != b'\\'),
        "{told}"
    );
}

fn text<'a>(told: &'a Value, name: &str) -> &'a str {
    told[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name}: {told}"))
}

/// A call with what a registration told, to what it told.
fn call(method: reqwest::Method, told: &Value) -> reqwest::RequestBuilder {
    http::client()
        .request(method, text(told, "registration_client_uri"))
        .bearer_auth(text(told, "registration_access_token"))
}

async fn read(told: &Value) -> Answer {
    Answer::of(call(reqwest::Method::GET, told)).await
}

async fn replace(told: &Value, metadata: &Value) -> Answer {
    Answer::of(call(reqwest::Method::PUT, told).json(metadata)).await
}

async fn remove(told: &Value) -> Answer {
    Answer::of(call(reqwest::Method::DELETE, told)).await
}

/// The relying party that registered so.
fn party(app: &TestApp, told: &Value) -> RelyingParty {
    let mut party = RelyingParty::new(app, text(told, "client_id"));
    party.secret = told["client_secret"].as_str().map(str::to_owned);
    if let Some(uri) = told["redirect_uris"][0].as_str() {
        party.redirect_uri = uri.to_owned();
    }
    party
}

/// What an answer about a token says that is not good.
#[track_caller]
fn no_token(answer: &Answer) {
    assert_eq!(answer.status, 401, "{}", answer.body);
    assert_eq!(answer.json()["error"], "invalid_token");
    let header = answer.header("www-authenticate").unwrap();
    assert!(
        header.starts_with("Bearer ") && header.contains("invalid_token"),
        "{header}"
    );
}
