//! Relying parties that we did not write, against the real server in real
//! time: npm `openid-client` and `oauth4webapi`, Debian's
//! `libapache2-mod-auth-openidc` and `oidc-agent`, Python's `authlib` and
//! `idpyoidc`; and programs written for ESIA.

mod apache;
mod encrypted;
mod esia;
mod hybrid;
mod message_signing;
mod oauth4webapi;
mod oidc_agent;
mod python;
mod without_browser;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use propusk::jose;
use propusk::model::algorithm::Algorithm;
use propusk::protocol::registration::initial;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::support::TestApp;
use crate::support::app::{ANNA, PASSWORD};

const SECRET: &str = "a-long-enough-secret-of-peers";
const CALLBACK: &str = "http://127.0.0.1:9/callback";
/// Anna, as sites that may know it are told.
const NAME: &str = "Анна Павловна Соколова";
const SIGNED_OUT: &str = "http://127.0.0.1:9/signed-out";

fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers")
}

pub fn registration(method: &str) -> Value {
    json!({
        "client_id": "peer",
        "name": { "ru": "Чужая программа", "en": "A foreign program" },
        "redirect_uris": [CALLBACK],
        "post_logout_redirect_uris": [SIGNED_OUT],
        "scope": "openid profile offline_access",
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": method,
    })
}

/// Lets `openid-client` do everything it can as a client registered so.
async fn everything(registration: Value, input: Value) {
    let app = with_client(registration).await;
    goes_through(&app, input).await;
    app.end().await;
}

/// The same at an application that runs already.
pub async fn goes_through(app: &TestApp, mut input: Value) -> Value {
    if input["register"].is_null() {
        input["client_id"] = json!("peer");
    }
    input["redirect_uri"] = json!(CALLBACK);
    input["post_logout_redirect_uri"] = json!(SIGNED_OUT);
    let done = node("openid_client.mjs", app, input).await;
    assert_eq!(
        done["introspection_after"],
        json!({ "access": false, "refresh": false })
    );
    done
}

/// Runs a program for Node with Anna as the citizen, and tells what it reports.
pub async fn node(script: &str, app: &TestApp, mut input: Value) -> Value {
    input["issuer"] = json!(app.url);
    input["username"] = json!(ANNA);
    input["password"] = json!(PASSWORD);
    let mut node = Command::new("node")
        .arg(script)
        .current_dir(peers())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node is installed (bin/test installs it)");
    let mut stdin = node.stdin.take().unwrap();
    stdin.write_all(input.to_string().as_bytes()).await.unwrap();
    drop(stdin);
    let ended = node.wait_with_output().await.unwrap();
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.success(), "{told}");
    serde_json::from_slice(&ended.stdout).unwrap()
}

/// The application with one more client, registered so.
async fn with_client(registration: Value) -> TestApp {
    TestApp::start_in_real_time(|config| {
        config["clients"].as_array_mut().unwrap().push(registration);
    })
    .await
}

#[tokio::test]
async fn peer_openid_client_registers_itself() {
    for (mode, method) in [
        ("open", "client_secret_basic"),
        ("initial_token", "client_secret_post"),
    ] {
        let app = TestApp::start_in_real_time(|config| {
            config["registration"] = json!({ "mode": mode });
        })
        .await;
        let (storage, entropy) = (&app.app.storage, &app.app.entropy);
        let token = initial::issue(storage, entropy, 1, 1, app.now()).await;
        let input = json!({
            "auth_method": method,
            "initial_access_token": token.unwrap().expose(),
            "register": {
                "client_name": "A foreign program",
                "redirect_uris": [CALLBACK],
                "post_logout_redirect_uris": [SIGNED_OUT],
                "grant_types": ["authorization_code", "refresh_token"],
                "token_endpoint_auth_method": method,
                "id_token_signed_response_alg": "ES256",
            },
        });
        let done = goes_through(&app, input).await;
        app.end().await;
        let registered = &done["discovery"]["registered"];
        assert_eq!(registered["token_endpoint_auth_method"], method);
        assert_eq!(registered["client_name"], "A foreign program");
    }
}

#[tokio::test]
async fn peer_openid_client_with_client_secret_basic() {
    let mut client = registration("client_secret_basic");
    client["client_secret"] = json!(SECRET);
    everything(
        client,
        json!({ "auth_method": "client_secret_basic", "client_secret": SECRET }),
    )
    .await;
}

#[tokio::test]
async fn peer_openid_client_with_client_secret_post() {
    let mut client = registration("client_secret_post");
    client["client_secret"] = json!(SECRET);
    client["id_token_signed_response_alg"] = json!("ES256");
    let input = json!({
        "auth_method": "client_secret_post", "client_secret": SECRET,
        "id_token_signed_response_alg": "ES256",
    });
    everything(client, input).await;
}

#[tokio::test]
async fn peer_openid_client_with_private_key_jwt() {
    let key = jose::generate(Algorithm::EdDsa).unwrap();
    let public: Value = serde_json::from_str(&key.public_jwk).unwrap();
    let mut private = public.clone();
    // The seed is the last 32 bytes before the optional public key (RFC 8410 §7).
    private["d"] = json!(seed_of(&key.pkcs8));
    let mut client = registration("private_key_jwt");
    client["jwks"] = json!({ "keys": [public] });
    everything(
        client,
        json!({ "auth_method": "private_key_jwt", "private_jwk": private }),
    )
    .await;
}

#[tokio::test]
async fn peer_openid_client_with_client_secret_jwt() {
    let mut client = registration("client_secret_jwt");
    let secret = format!("{SECRET}-of-32-characters");
    client["client_secret"] = json!(secret);
    client["token_endpoint_auth_signing_alg"] = json!("HS256");
    everything(
        client,
        json!({ "auth_method": "client_secret_jwt", "client_secret": secret }),
    )
    .await;
}

fn seed_of(pkcs8: &[u8]) -> String {
    use base64::Engine as _;
    let prefix = [0x04, 0x22, 0x04, 0x20];
    let at = pkcs8
        .windows(4)
        .position(|window| window == prefix)
        .unwrap()
        + prefix.len();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&pkcs8[at..at + 32])
}
