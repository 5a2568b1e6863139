//! Python's `authlib` and `idpyoidc` sign somebody in. They speak a line at a
//! time: their address out, the citizen's way back in, what came of it out.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::Command;

use super::{CALLBACK, NAME, SECRET, peers, registration, with_client};
use crate::support::TestApp;
use crate::support::app::{ANNA, PASSWORD};

/// What the program makes of a sign-in by Anna.
async fn signs_in(script: &str, app: &TestApp, input: Value) -> Value {
    let python = peers().join("python");
    let mut program = Command::new(python.join("venv/bin/python"))
        .arg(script)
        .current_dir(&python)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the environment is made (bin/test makes it)");
    let mut said = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut hears = program.stdin.take().unwrap();
    let line = format!("{input}\n");
    hears.write_all(line.as_bytes()).await.unwrap();
    let address = said.next_line().await.unwrap();
    let address = address.expect("it asks for a sign-in");
    let person = app.browser();
    let page = person.get(&address).await;
    let fields = [("username", ANNA), ("password", PASSWORD)];
    let page = person.submit(&page, "login-submit", &fields).await;
    let back = person.submit(&page, "consent-allow", &[]).await;
    let line = format!("{}\n", back.location().unwrap());
    hears.write_all(line.as_bytes()).await.unwrap();
    drop(hears);
    let report = said.next_line().await.unwrap();
    let ended = program.wait().await.unwrap();
    assert!(ended.success(), "{script}: {ended}");
    serde_json::from_str(&report.expect("it reports")).unwrap()
}

#[tokio::test]
async fn peer_authlib_signs_in() {
    for method in ["client_secret_basic", "client_secret_post"] {
        let mut client = registration(method);
        client["client_secret"] = json!(SECRET);
        client["id_token_signed_response_alg"] = json!("ES256");
        let app = with_client(client).await;
        let input = json!({
            "issuer": app.url, "client_id": "peer", "client_secret": SECRET,
            "token_endpoint_auth_method": method, "redirect_uri": CALLBACK,
        });
        let done = signs_in("authlib_portal.py", &app, input).await;
        app.end().await;
        assert_eq!(done["same_person"], true);
        assert_eq!(done["name"], NAME);
        assert_eq!(done["name_after_refresh"], NAME);
    }
}

#[tokio::test]
async fn peer_idpyoidc_signs_in() {
    let mut client = registration("client_secret_basic");
    client["client_secret"] = json!(SECRET);
    let app = with_client(client).await;
    let input = json!({
        "issuer": app.url, "client_id": "peer", "client_secret": SECRET,
        "redirect_uri": CALLBACK,
    });
    let done = signs_in("idpyoidc_portal.py", &app, input).await;
    app.end().await;
    assert_eq!(done["name"], NAME);
    assert_eq!(done["name_after_refresh"], NAME);
}
