//! Rows 12 and 13 once more as they are run in earnest: two server processes
//! with one configuration file on one PostgreSQL.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::OFFLINE;
use super::codes::crowd_redeems;
use super::refresh::crowd_refreshes;
use crate::support::app::PASSWORD;
use crate::support::database::{TestDatabase, server};
use crate::support::http;
use crate::support::relying_party::clients;
use crate::support::{Browser, RelyingParty};

/// The first of the synthetic accounts.
const PERSON: &str = "+79000000001";

/// A server process; it goes with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn propusk(config: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_propusk"));
    command
        .arg("--config")
        .arg(config)
        .current_dir(config.parent().unwrap());
    command
}

fn done(mut command: Command) {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

impl Server {
    /// Starts one; it is ready when this returns.
    async fn start(config: &Path, port: u16) -> Self {
        let listen = format!("127.0.0.1:{port}");
        let child = propusk(config)
            .arg("serve")
            .env("PROPUSK__LISTEN", &listen)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self(child);
        let http = http::client();
        for _ in 0..200 {
            let answer = http
                .get(format!("http://{listen}/health/ready"))
                .send()
                .await;
            if answer.is_ok_and(|answer| answer.status() == 200) {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server at {listen} does not get ready");
    }
}

/// Ports that were free a moment ago.
fn free_ports() -> [u16; 2] {
    let bound = [0, 0].map(|port| TcpListener::bind(("127.0.0.1", port)).unwrap());
    bound.map(|listener| listener.local_addr().unwrap().port())
}

fn write_config(database: &TestDatabase, issuer: &str) -> std::path::PathBuf {
    let mut clients = clients();
    for client in &mut clients {
        client
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
    }
    let config: Value = json!({
        "issuer": issuer,
        "database": { "url": database.url, "connections": 8 },
        "keys": { "directory": database.folder.join("keys") },
        "password": { "hashing": { "memory_kib": 8, "passes": 1, "threads": 1 } },
        "clients": clients,
    });
    let file = database.folder.join("propusk.toml");
    std::fs::write(&file, toml::to_string(&config).unwrap()).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_12_and_13_crowds_at_two_processes() {
    // SQLite serves one process.
    if server().is_none() {
        return;
    }
    let database = TestDatabase::create().await;
    let [first, second] = free_ports();
    let issuer = format!("http://127.0.0.1:{first}");
    let config = write_config(&database, &issuer);
    done({
        let mut migrate = propusk(&config);
        migrate.arg("migrate");
        migrate
    });
    // Both begin at once, on a database that has neither keys nor clients yet.
    let (one, two) = tokio::join!(
        Server::start(&config, first),
        Server::start(&config, second)
    );
    done({
        let mut load = propusk(&config);
        load.args(["load", "--accounts", "1", "--password", PASSWORD]);
        load
    });
    let urls = [issuer.clone(), format!("http://127.0.0.1:{second}")];
    for id in ["portal", "public"] {
        let parties = urls.each_ref().map(|url| RelyingParty::at(url, id));
        let browser = Browser::new(&issuer);
        crowd_redeems(&browser, PERSON, &parties, OFFLINE).await;
        crowd_refreshes(&browser, PERSON, &parties).await;
    }
    drop((one, two));
    database.delete().await;
}
