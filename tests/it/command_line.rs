//! The command line, beside a running server on the same database.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Output;

use serde_json::Value;
use tokio::process::Command;

use crate::levels::become_standard;
use crate::support::app::{ANNA, TIMUR};
use crate::support::http;
use crate::support::relying_party::ASSERTION_TYPE;
use crate::support::steps::signed_in;
use crate::support::{RelyingParty, TestApp};

/// Runs a command with the configuration of a running test application.
pub async fn propusk(app: &TestApp, arguments: &[&str]) -> Output {
    command(app, "").args(arguments).output().await.unwrap()
}

/// A command that reads the same configuration with more lines in it.
pub fn command(app: &TestApp, more: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_propusk"));
    command.arg("--config").arg(config_file(app, more));
    command
}

fn config_file(app: &TestApp, more: &str) -> PathBuf {
    let file = app.database.folder.join("propusk.toml");
    let text = format!(
        "issuer = \"{}\"\n{more}\n[database]\nurl = \"{}\"\n[keys]\ndirectory = \"{}\"\n",
        app.url,
        app.database.url,
        app.database.folder.join("keys").display()
    );
    std::fs::write(&file, text).unwrap();
    file
}

fn told(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

pub fn json_of(output: &Output) -> Value {
    assert!(output.status.success(), "{}", told(output));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", told(output)))
}

/// A running server looks a few times a second whether another process
/// changed something.
pub async fn until_noticed() {
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
}

#[tokio::test]
async fn a_client_added_beside_the_server_works_and_ends_when_disabled() {
    let app = TestApp::start().await;
    let added = propusk(
        &app,
        &[
            "--json",
            "client",
            "add",
            "--client-id",
            "late",
            "--name-ru",
            "Поздний",
            "--name-en",
            "Late",
            "--redirect-uri",
            "https://late.example/callback",
            "--scope",
            "openid profile offline_access",
            "--grant-types",
            "authorization_code,refresh_token",
        ],
    )
    .await;
    let secret = json_of(&added)["client_secret"]
        .as_str()
        .unwrap()
        .to_owned();
    until_noticed().await;
    let mut late = RelyingParty::new(&app, "late");
    late.secret = Some(secret);
    let scope = [("scope", "openid profile offline_access")];
    let tokens = late.tokens(&app.browser(), ANNA, &scope).await;
    assert_eq!(late.userinfo(&tokens.access).await.status, 200);

    assert!(
        propusk(&app, &["client", "disable", "late"])
            .await
            .status
            .success()
    );
    until_noticed().await;
    assert_eq!(late.userinfo(&tokens.access).await.status, 401);
    late.refresh(&tokens.refresh.unwrap())
        .await
        .refuses("invalid_client");
    let shown = json_of(&propusk(&app, &["--json", "client", "show", "late"]).await);
    assert!(shown.get("client_secret_digest").is_none(), "{shown}");
    app.end().await;
}

/// The one method whose secret is kept: added, sealed, and not shown again.
#[tokio::test]
async fn a_client_that_signs_with_its_secret_works_beside_the_server() {
    use jsonwebtoken::{Algorithm, EncodingKey, Header};
    let app = TestApp::start().await;
    let names = [
        "--client-id",
        "late",
        "--name-ru",
        "Поздний",
        "--name-en",
        "Late",
    ];
    let more = ["--redirect-uri", "https://late.example/callback"];
    let method = ["--token-endpoint-auth-method", "client_secret_jwt"];
    let add = [&["--json", "client", "add"], &names[..], &more, &method].concat();
    let added = json_of(&propusk(&app, &add).await);
    let secret = added["client_secret"].as_str().unwrap();
    until_noticed().await;
    let assertion = RelyingParty::new(&app, "late").assertion(&app.url);
    let key = EncodingKey::from_secret(secret.as_bytes());
    let assertion = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &assertion, &key).unwrap();
    let fields = [
        ("token", "unknown"),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", &assertion),
    ];
    let http = http::client();
    let revoked = http.post(app.at("/oauth/revoke")).form(&fields).send();
    assert_eq!(revoked.await.unwrap().status(), 200);
    let shown = json_of(&propusk(&app, &["--json", "client", "show", "late"]).await);
    assert_eq!(shown["token_endpoint_auth_method"], "client_secret_jwt");
    for secret in [
        "client_secret",
        "client_secret_digest",
        "client_secret_sealed",
    ] {
        assert!(shown.get(secret).is_none(), "{shown}");
    }
    // A method that nothing here is set up for is not registered.
    let tls = [
        "--token-endpoint-auth-method",
        "self_signed_tls_client_auth",
    ];
    let add = [&["client", "add"], &names[..], &more, &tls].concat();
    let refused = propusk(&app, &add).await;
    assert!(
        told(&refused).contains("needs [mtls]"),
        "{}",
        told(&refused)
    );
    app.end().await;
}

#[tokio::test]
async fn a_wrong_registration_names_every_field_and_its_mend() {
    let app = TestApp::start().await;
    let refused = propusk(
        &app,
        &[
            "client",
            "add",
            "--client-id",
            "bad",
            "--name-ru",
            "Плохой",
            "--name-en",
            "Bad",
            "--redirect-uri",
            "javascript:alert(1)",
            "--scope",
            "openid everything",
        ],
    )
    .await;
    assert!(!refused.status.success());
    let told = told(&refused);
    assert!(
        told.contains("redirect_uris: javascript:alert(1): must be https"),
        "{told}"
    );
    assert!(told.contains("scope: everything is unknown"), "{told}");
    let kept = propusk(
        &app,
        &[
            "client",
            "add",
            "--client-id",
            "portal",
            "--name-ru",
            "Я",
            "--name-en",
            "I",
            "--redirect-uri",
            "https://evil.example/",
        ],
    )
    .await;
    assert!(String::from_utf8_lossy(&kept.stderr).contains("configuration file"));
    app.end().await;
}

#[tokio::test]
async fn keys_rotated_and_retired_beside_the_server_are_noticed() {
    let app = TestApp::start_in_real_time(|_| ()).await;
    let portal = RelyingParty::new(&app, "open");
    let tokens = portal.tokens(&app.browser(), ANNA, &[]).await;
    let kid = crate::support::relying_party::header(&tokens.access)["kid"].clone();
    let made = json_of(
        &propusk(
            &app,
            &["--json", "keys", "rotate", "--alg", "ES256", "--now"],
        )
        .await,
    );
    until_noticed().await;
    let next = portal.tokens(&app.browser(), ANNA, &[]).await;
    assert_eq!(
        crate::support::relying_party::header(&next.access)["kid"],
        made[0]["kid"]
    );
    // Nobody is signed out by a rotation …
    assert_eq!(portal.userinfo(&tokens.access).await.status, 200);
    // … but a withdrawn key is believed no more.
    let retired = propusk(&app, &["keys", "retire", kid.as_str().unwrap()]).await;
    assert!(retired.status.success(), "{}", told(&retired));
    until_noticed().await;
    assert_eq!(portal.userinfo(&tokens.access).await.status, 401);
    assert_eq!(portal.userinfo(&next.access).await.status, 200);
    // The name of one in sixty-four begins with a dash.
    for name in ["-0nobodys", "-hnobodys"] {
        let unknown = propusk(&app, &["keys", "retire", name]).await;
        assert!(told(&unknown).contains("no such key"), "{}", told(&unknown));
    }
    app.end().await;
}

#[tokio::test]
async fn a_bad_configuration_stops_with_file_key_and_mend() {
    let app = TestApp::start().await;
    let file = config_file(&app, "issuar = \"x\"");
    let run = |file: PathBuf| async move {
        Command::new(env!("CARGO_BIN_EXE_propusk"))
            .args(["serve", "--config", file.to_str().unwrap()])
            .output()
            .await
            .unwrap()
    };
    let refused = run(file.clone()).await;
    assert!(!refused.status.success());
    let told = told(&refused);
    assert!(
        told.contains("propusk.toml") && told.contains("issuar"),
        "{told}"
    );
    std::fs::write(&file, "issuer = \"http://id.example.ru\"").unwrap();
    let told = self::told(&run(file).await);
    assert!(
        told.contains("issuer") && told.contains("must be https"),
        "{told}"
    );
    app.end().await;
}

#[tokio::test]
async fn the_master_key_is_its_owners_only_and_belongs_to_its_database() {
    let app = TestApp::start().await;
    let key = app.database.folder.join("keys/master.key");
    assert_eq!(
        std::fs::metadata(&key).unwrap().permissions().mode() & 0o777,
        0o600
    );
    std::fs::rename(&key, key.with_extension("away")).unwrap();
    let refused = told(&propusk(&app, &["keys", "list"]).await);
    assert!(
        refused.contains("master key of this database is missing"),
        "{refused}"
    );
    assert!(!key.exists(), "a second key must not be made");
    std::fs::rename(key.with_extension("away"), &key).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let refused = told(&propusk(&app, &["keys", "list"]).await);
    assert!(refused.contains("chmod 600"), "{refused}");
    app.end().await;
}

#[tokio::test]
async fn doctor_says_what_to_mend() {
    let app = TestApp::start().await;
    let report = propusk(&app, &["--json", "doctor"]).await;
    assert!(!report.status.success(), "mail and SMS are not configured");
    let checks: Value = serde_json::from_slice(&report.stdout).unwrap();
    let of = |name: &str| {
        checks
            .as_array()
            .unwrap()
            .iter()
            .find(|check| check["check"] == name)
            .unwrap()
            .clone()
    };
    assert_eq!(of("database")["ok"], true);
    assert_eq!(of("signing keys")["ok"], true);
    assert!(of("mail")["mend"].as_str().unwrap().contains("[smtp]"));
    app.end().await;
}

#[tokio::test]
async fn centres_operators_blocks_and_evidence_by_command() {
    // What a command writes has the machine's time.
    let app = TestApp::start_in_real_time(|_| ()).await;
    let browser = signed_in(&app, ANNA).await;
    become_standard(&app, &browser, &[]).await;

    let centre = [
        "centre",
        "add",
        "centre-9",
        "--name",
        "МФЦ № 9",
        "--address",
        "ул. Мира, 9",
        "--hours",
        "9–18",
    ];
    assert!(propusk(&app, &centre).await.status.success());
    let page = browser.get("/account/level").await;
    assert!(page.body.contains("МФЦ № 9") && page.body.contains("ул. Мира, 9"));
    let wrong = propusk(&app, &["operator", "add", TIMUR, "--centre", "nowhere"]).await;
    assert!(!wrong.status.success() && told(&wrong).contains("no such centre"));
    let nobody = propusk(
        &app,
        &["operator", "add", "+79990000000", "--centre", "centre-9"],
    )
    .await;
    assert!(!nobody.status.success() && told(&nobody).contains("nobody"));
    let added = propusk(&app, &["operator", "add", TIMUR, "--centre", "centre-9"]).await;
    assert!(added.status.success(), "{}", told(&added));
    let timur = signed_in(&app, TIMUR).await;
    assert_eq!(timur.get("/operator").await.status, 200);
    let listed = json_of(&propusk(&app, &["--json", "operator", "list"]).await);
    assert!(
        listed
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["centre"] == "centre-9")
    );
    assert!(
        propusk(&app, &["centre", "close", "centre-9"])
            .await
            .status
            .success()
    );
    assert_eq!(timur.get("/operator").await.status, 404);
    let again = propusk(&app, &["operator", "add", TIMUR, "--centre", "centre-1"]).await;
    assert!(again.status.success(), "{}", told(&again));
    assert_eq!(timur.get("/operator").await.status, 200);
    assert!(
        propusk(&app, &["operator", "disable", TIMUR])
            .await
            .status
            .success()
    );
    assert_eq!(timur.get("/operator").await.status, 404);
    let listed = json_of(&propusk(&app, &["--json", "centre", "list"]).await);
    assert!(
        listed
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["closed"] == true)
    );

    // Somebody rose with another person's documents.
    let withdrawn = propusk(&app, &["account", "withdraw", ANNA]).await;
    assert!(withdrawn.status.success(), "{}", told(&withdrawn));
    until_noticed().await;
    let page = browser.get("/account/level").await;
    let level = page.text(".rung-current .rung-title").unwrap();
    assert!(level.starts_with("Упрощённый"), "{level}");
    let page = browser.get("/account/profile").await;
    assert!(!page.body.contains("000-000-300 00"));
    assert!(
        propusk(&app, &["account", "block", ANNA])
            .await
            .status
            .success()
    );
    until_noticed().await;
    assert_eq!(browser.get("/account").await.url.path(), "/sign-in");
    let lifted = propusk(&app, &["account", "block", "--lift", ANNA]).await;
    assert!(lifted.status.success(), "{}", told(&lifted));
    signed_in(&app, ANNA).await;
    app.end().await;
}

/// What a service centre asks for when it has seen the owner.
#[tokio::test]
async fn a_restriction_is_lifted_beside_the_server() {
    let app = TestApp::start_in_real_time(|_| ()).await;
    let browser = signed_in(&app, ANNA).await;
    let account = app.app.accounts.find_by_login(ANNA).await.unwrap().unwrap();
    let now = app.now();
    let decision = propusk::storage::RiskDecisionRecord {
        id: "restricted".to_owned(),
        account_id: account,
        at: now,
        outcome: "restrict".to_owned(),
        rules: "new_country=30 impossible_travel=50".to_owned(),
    };
    let until = now.plus(std::time::Duration::from_hours(24));
    let effects = propusk::storage::Effects::default();
    let storage = &app.app.storage;
    storage
        .restrict_account(decision, until, effects)
        .await
        .unwrap();
    assert_eq!(
        browser.get("/account/contacts").await.url.path(),
        "/account/restricted"
    );

    let decisions = json_of(&propusk(&app, &["--json", "risk", "decisions"]).await);
    assert_eq!(decisions[0]["rules"], "new_country=30 impossible_travel=50");
    let lifted = propusk(&app, &["account", "lift", ANNA]).await;
    assert!(lifted.status.success(), "{}", told(&lifted));
    until_noticed().await;
    assert_eq!(
        browser.get("/account/contacts").await.url.path(),
        "/account/contacts"
    );
    let again = propusk(&app, &["account", "lift", ANNA]).await;
    assert!(!again.status.success());
    assert!(told(&again).contains("not restricted"), "{}", told(&again));
    app.end().await;
}

#[tokio::test]
async fn a_token_by_command_lets_a_program_register_itself() {
    let app = TestApp::start_with(|config| {
        config["registration"] = serde_json::json!({ "mode": "initial_token" });
    })
    .await;
    let shut = propusk(&app, &["client", "registration-token"]).await;
    assert!(
        told(&shut).contains("registration.mode is off"),
        "{}",
        told(&shut)
    );
    let config = config_file(&app, "[registration]\nmode = \"initial_token\"");
    let made = Command::new(env!("CARGO_BIN_EXE_propusk"))
        .args(["--config", config.to_str().unwrap(), "--json"])
        .args(["client", "registration-token", "--uses", "2", "--days", "1"])
        .output()
        .await
        .unwrap();
    let token = json_of(&made)["initial_access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(token.starts_with("ppia_"), "{token}");
    let http = http::client();
    let metadata = serde_json::json!({ "redirect_uris": ["https://app.example/callback"] });
    for status in [201, 201, 401] {
        let request = http.post(app.at("/oauth/register")).bearer_auth(&token);
        let answer = request.json(&metadata).send().await.unwrap();
        assert_eq!(answer.status(), status);
    }
    let listed = propusk(&app, &["client", "list"]).await;
    assert_eq!(
        told(&listed).matches("dynamic").count(),
        2,
        "{}",
        told(&listed)
    );
    app.end().await;
}
