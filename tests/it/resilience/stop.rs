//! Ending and beginning: a server that is asked to stop finishes what runs; one
//! that cannot serve does not start, and says why.

use std::time::Duration;

use serde_json::json;

use crate::support::database::{self, TestDatabase};
use crate::support::gateway::SmsGateway;
use crate::support::process::{Program, free_port, said};
use crate::support::steps::{begin_registration, sign_in};

const PASSWORD: &str = "Nagruzka-2026!";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_runs_is_finished_before_the_end() {
    let database = TestDatabase::create().await;
    // Passwords take their time, so that a sign-in is under way for a while.
    let hashing = json!({ "memory_kib": 65_536, "passes": 24, "threads": 1 });
    let config = json!({ "password": { "hashing": hashing } });
    let mut program = Program::start(&database.folder, &database.url, config).await;
    let loaded = program.command(&["load", "--accounts", "1", "--password", PASSWORD]);
    assert!(loaded.status.success(), "{}", said(&loaded));

    let browser = program.browser();
    let page = browser.get("/sign-in").await;
    // A connection that is open and idle holds nobody up.
    let idle = program.browser();
    idle.get("/").await;
    let running = tokio::spawn({
        let browser = browser.clone();
        async move {
            let typed = [("username", "+79000000001"), ("password", PASSWORD)];
            browser.submit_once(&page, "login-submit", &typed).await
        }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!running.is_finished(), "the sign-in is under way");
    program.ask_to_stop();
    let entered = running.await.unwrap();
    assert_eq!(entered.status, 303, "{}", entered.body);
    let status = program.ended().await;
    assert!(status.success(), "{status}: {}", program.log());
    // The session it was answered with is there after the next start.
    program.start_again().await;
    assert_eq!(browser.get("/account").await.url.path(), "/account");
    program.stop().await;
    database.delete().await;
}

/// What waits to be sent when the server ends is sent after the next start.
#[tokio::test]
async fn messages_outlive_the_server() {
    let database = TestDatabase::create().await;
    let mut gateway = SmsGateway::closed();
    let config = json!({ "sms": gateway.settings() });
    let mut program = Program::start(&database.folder, &database.url, config).await;
    begin_registration(&program.browser(), "+79005550730").await;
    program.ask_to_stop();
    assert!(program.ended().await.success());
    gateway.open().await;
    program.start_again().await;
    let sms = gateway.arrived("+79005550730", |_| true).await;
    assert_eq!(sms.key, sms.id);
    program.stop().await;
    assert_eq!(gateway.taken().len(), 1);
    database.delete().await;
}

#[tokio::test]
async fn a_schema_newer_than_the_program_is_left_alone() {
    let database = TestDatabase::create().await;
    let program = Program::configured(&database.folder, &database.url, json!({}));
    assert!(program.command(&["migrate"]).status.success());
    database
        .execute(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
             values (9001, 'of a later version', true, 'x', 0)",
        )
        .await;
    let before = database.contents().await;
    for command in [
        &["serve"][..],
        &["migrate"],
        &["keys", "list"],
        &["client", "list"],
    ] {
        let refused = program.command(command);
        assert!(!refused.status.success(), "{command:?} went on");
        let words = said(&refused);
        assert!(
            words.contains("newer than this program"),
            "{command:?}: {words}"
        );
        assert!(
            words.contains("install the newer version"),
            "{command:?} says the mend: {words}"
        );
        assert!(!words.contains("panicked"), "{words}");
    }
    assert_eq!(database.contents().await, before);
    database.delete().await;
}

/// A shared database is prepared on purpose, once, and not by whichever node
/// comes first.
#[tokio::test]
async fn a_shared_database_that_was_not_prepared_is_refused() {
    if database::server().is_none() {
        return;
    }
    let database = TestDatabase::create().await;
    let program = Program::configured(&database.folder, &database.url, json!({}));
    let refused = program.command(&["serve"]);
    assert!(!refused.status.success());
    assert!(
        said(&refused).contains("propusk migrate"),
        "{}",
        said(&refused)
    );
    assert!(
        database.contents().await.is_empty(),
        "nothing was made by the way"
    );
    database.delete().await;
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let database = TestDatabase::create().await;
    let url = format!("postgres://nobody@127.0.0.1:{}/nothing", free_port());
    let program = Program::configured(&database.folder, &url, json!({}));
    let refused = program.command(&["serve"]);
    assert!(!refused.status.success());
    assert!(
        said(&refused).contains("database.url"),
        "{}",
        said(&refused)
    );
    database.delete().await;
}

/// The master key opens everything: without it nothing is made anew.
#[tokio::test]
async fn a_lost_master_key_is_not_replaced() {
    let database = TestDatabase::create().await;
    let mut program = Program::start(&database.folder, &database.url, json!({})).await;
    program.ask_to_stop();
    assert!(program.ended().await.success());
    let key = database.folder.join("keys/master.key");
    let away = key.with_extension("away");
    std::fs::rename(&key, &away).unwrap();
    let refused = program.command(&["serve"]);
    assert!(!refused.status.success());
    assert!(said(&refused).contains("master.key"), "{}", said(&refused));
    assert!(!key.exists());
    std::fs::rename(&away, &key).unwrap();
    program.start_again().await;
    let page = sign_in(&program.browser(), "+79005550731", "x").await;
    assert_eq!(page.status, 200);
    program.stop().await;
    database.delete().await;
}
