//! The real program in a process of its own, for what only a process has: a
//! log, signals, a sudden end. Its clock and its entropy are the machine's.

use std::fs::{self, OpenOptions};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::Browser;
use crate::support::http;

const PROGRAM: &str = env!("CARGO_BIN_EXE_propusk");
/// How long the program may take to answer its first request.
const START: Duration = Duration::from_secs(60);

/// A server that runs, or has been stopped and may be started again.
pub struct Program {
    pub url: String,
    pub folder: PathBuf,
    child: Option<Child>,
    trusted: Option<reqwest::Certificate>,
    gost: bool,
}

impl Program {
    /// Brings the database to its schema and starts a server in `folder` with
    /// this configuration, whose address, keys and database are filled in.
    pub async fn start(folder: &Path, database: &str, config: Value) -> Self {
        let mut program = Self::configured(folder, database, config);
        let migrated = program.command(&["migrate"]);
        assert!(migrated.status.success(), "{}", said(&migrated));
        program.start_again().await;
        program
    }

    /// The same, but nothing runs yet.
    pub fn configured(folder: &Path, database: &str, mut config: Value) -> Self {
        let port = free_port();
        let url = format!("http://127.0.0.1:{port}");
        config["issuer"] = json!(url);
        config["listen"] = json!(format!("127.0.0.1:{port}"));
        config["database"]["url"] = json!(database);
        config["keys"]["directory"] = json!(folder.join("keys"));
        if config["password"]["hashing"].is_null() {
            config["password"]["hashing"] = json!({ "memory_kib": 8, "passes": 1, "threads": 2 });
        }
        without_nulls(&mut config);
        fs::create_dir_all(folder).unwrap();
        fs::write(
            folder.join("propusk.toml"),
            toml::to_string(&config).unwrap(),
        )
        .unwrap();
        Self {
            url,
            folder: folder.to_owned(),
            child: None,
            trusted: None,
            gost: true,
        }
    }

    /// Says whose certificates the server may show when it is waited for.
    pub fn trust(&mut self, authority: reqwest::Certificate) {
        self.trusted = Some(authority);
    }

    /// As on a machine where OpenSSL has no GOST engine.
    pub fn take_gost_away(&mut self) {
        self.gost = false;
    }

    /// Starts the server on what the last one left behind.
    pub async fn start_again(&mut self) {
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join("stderr.log"))
            .unwrap();
        self.child = Some(
            self.prepared(&["serve"])
                .stdout(Stdio::null())
                .stderr(log)
                .spawn()
                .unwrap(),
        );
        let started = tokio::time::timeout(START, self.answers()).await;
        started.unwrap_or_else(|_| panic!("the server does not answer:\n{}", self.log()));
    }

    async fn answers(&mut self) {
        let http = http::builder();
        let http = match &self.trusted {
            Some(authority) => http.tls_certs_only([authority.clone()]),
            None => http,
        };
        let http = http.build().unwrap();
        let ready = format!("{}/health/ready", self.url);
        loop {
            if let Ok(Some(status)) = self.child.as_mut().unwrap().try_wait() {
                panic!("the server ended with {status}:\n{}", self.log());
            }
            if let Ok(answer) = http.get(&ready).send().await
                && answer.status() == 200
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Runs another command of the program on the same configuration.
    pub fn command(&self, args: &[&str]) -> Output {
        self.prepared(args).output().unwrap()
    }

    fn prepared(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(args)
            .arg("--config")
            .arg(self.folder.join("propusk.toml"))
            .current_dir(&self.folder)
            .env_remove("RUST_LOG")
            .stdin(Stdio::null());
        if !self.gost {
            // A configuration of OpenSSL that says nothing.
            let nothing = self.folder.join("openssl.cnf");
            fs::write(&nothing, "").unwrap();
            command.env("OPENSSL_CONF", nothing);
        }
        command
    }

    /// What was logged since the first start.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("stderr.log")).unwrap_or_default()
    }

    /// A browser that has never been here.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// The end without warning: SIGKILL.
    pub fn kill(&mut self) {
        let mut child = self.child.take().expect("a running server");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Asks the server to end: SIGTERM.
    pub fn ask_to_stop(&self) {
        let id = self
            .child
            .as_ref()
            .expect("a running server")
            .id()
            .to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until the server has ended by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        let mut child = self.child.take().expect("a running server");
        let waited = tokio::task::spawn_blocking(move || child.wait().unwrap());
        tokio::time::timeout(Duration::from_secs(60), waited)
            .await
            .expect("the server stops")
            .unwrap()
    }

    /// Stops the server as an operator does.
    pub async fn stop(mut self) {
        self.ask_to_stop();
        let status = self.ended().await;
        assert!(status.success(), "{status}:\n{}", self.log());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Everything a command printed.
pub fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// A port that nobody listened on a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// TOML knows no null: a field that is null is a field that is not there.
fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(without_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}
