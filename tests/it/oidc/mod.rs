//! Behaviour of an OpenID provider, item by item as the official conformance
//! suite looks at it (`oidc_NNN_what`). Signatures are checked by a library
//! that is not ours, against the published key set.

mod authorization;
mod authorization_details;
mod axes;
mod backchannel;
mod ciba;
mod claims;
mod client_authentication;
mod client_secret_jwt;
mod device;
mod discovery;
mod dpop;
mod encryption;
mod fapi;
mod frontchannel;
mod id_token;
mod keys;
mod logout;
mod prompt;
mod pushed;
mod request_objects;
mod resources;
mod response_types;
mod session_management;
mod signed_answers;
mod signed_introspection;
mod token;
mod token_exchange;
mod userinfo;
mod verified_claims;

use std::collections::BTreeMap;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation};
use serde_json::Value;

use crate::support::http;
use crate::support::relying_party::Answer;
use crate::support::{Browser, Page, RelyingParty, TestApp};

/// Scopes with which a client gets a refresh token.
const OFFLINE: &str = "openid profile offline_access";

/// A public document of the provider.
async fn document(app: &TestApp, path: &str) -> Answer {
    Answer::of(http::client().get(app.at(path))).await
}

/// The metadata.
async fn metadata(app: &TestApp) -> Value {
    document(app, "/.well-known/openid-configuration")
        .await
        .json()
}

/// Strings of a list.
fn strings(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    list.iter().map(|one| one.as_str().unwrap()).collect()
}

/// The claims of a token of ours: its header must name exactly one published
/// key, made for its algorithm, and the signature must be that key's.
pub async fn verified(app: &TestApp, token: &str) -> Value {
    let keys: JwkSet = serde_json::from_str(&document(app, "/oauth/jwks").await.body).unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    let kid = header.kid.expect("a kid");
    let named: Vec<_> = keys
        .keys
        .iter()
        .filter(|key| key.common.key_id.as_ref() == Some(&kid))
        .collect();
    assert_eq!(named.len(), 1, "keys with the kid {kid}");
    let algorithm = named[0].common.key_algorithm.unwrap();
    assert_eq!(algorithm.to_string(), format!("{:?}", header.alg));
    // Times are compared with the test's clock, where they matter.
    let mut rules = Validation::new(header.alg);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    rules.validate_aud = false;
    let key = DecodingKey::from_jwk(named[0]).unwrap();
    jsonwebtoken::decode::<Value>(token, &key, &rules)
        .unwrap()
        .claims
}

/// Every parameter of the query that a browser is sent away with.
fn sent_in_query(page: &Page) -> BTreeMap<String, String> {
    let to = page
        .location()
        .unwrap_or_else(|| panic!("no redirect: {} {}", page.status, page.body));
    let all: Vec<_> = to.query_pairs().into_owned().collect();
    let params: BTreeMap<_, _> = all.iter().cloned().collect();
    assert_eq!(params.len(), all.len(), "a parameter came twice: {to}");
    params
}

/// Every parameter of the fragment that a browser is sent away with.
fn sent_in_fragment(page: &Page) -> BTreeMap<String, String> {
    let to = page
        .location()
        .unwrap_or_else(|| panic!("no redirect: {} {}", page.status, page.body));
    assert_eq!(to.query(), None, "{to}");
    let all = url::form_urlencoded::parse(to.fragment().unwrap_or_default().as_bytes());
    let all: Vec<_> = all.into_owned().collect();
    let params: BTreeMap<_, _> = all.iter().cloned().collect();
    assert_eq!(params.len(), all.len(), "a parameter came twice: {to}");
    params
}

/// Asserts a page that tells of an error and sends nobody anywhere.
#[track_caller]
fn is_error_page(page: &Page, what: &str) {
    assert_eq!(
        page.status,
        400,
        "{what}: {:?} {}",
        page.location(),
        page.body
    );
    assert_eq!(page.location(), None, "{what}");
    let content_type = page.headers["content-type"].to_str().unwrap();
    assert!(
        content_type.starts_with("text/html"),
        "{what}: {content_type}"
    );
    assert!(
        page.text("#error-title")
            .is_some_and(|title| !title.is_empty()),
        "{what}"
    );
}

/// What a client is told that asks without letting anything be shown.
async fn asked_silently(portal: &RelyingParty, browser: &Browser) -> BTreeMap<String, String> {
    let page = browser
        .get_once(&portal.authorize_url(&[("prompt", "none")]))
        .await;
    sent_in_query(&page)
}

/// Bits of a text, as estimated from how often each of its characters occurs.
fn entropy(text: &str) -> f64 {
    let mut counts = BTreeMap::<char, f64>::new();
    for c in text.chars() {
        *counts.entry(c).or_default() += 1.0;
    }
    let length = text.chars().count() as f64;
    counts
        .values()
        .map(|count| -count * (count / length).log2())
        .sum()
}
