//! A PostgreSQL server of the test's own, to be stopped and started at will.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::database;
use crate::support::process::free_port;

const PROGRAMS: &str = "/usr/lib/postgresql/15/bin";

/// The server; it goes with its data when it goes out of scope.
pub struct Server {
    folder: PathBuf,
    port: u16,
}

impl Server {
    /// A running server; none unless the suite runs on PostgreSQL and its
    /// programs are installed.
    pub fn start() -> Option<Self> {
        database::server()?;
        if !Path::new(PROGRAMS).join("initdb").exists() {
            return None;
        }
        let port = free_port();
        let folder =
            std::env::temp_dir().join(format!("propusk_server_{}_{port}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        if is_root() {
            // The server refuses to run as root.
            let owned = Command::new("chown")
                .arg("postgres")
                .arg(&folder)
                .status()
                .unwrap();
            assert!(owned.success());
        }
        let server = Self { folder, port };
        let data = server.folder.join("data");
        let data = data.to_str().unwrap();
        server.run(
            "initdb",
            &["-D", data, "-A", "trust", "-U", "postgres", "--no-sync"],
        );
        server.go_on();
        Some(server)
    }

    /// Its database, as the program is told of it.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends it at once, like a lost machine.
    pub fn stop(&self) {
        self.control("stop", &["-m", "immediate"]);
    }

    /// Starts it on what it had.
    pub fn go_on(&self) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off",
            self.port
        );
        let log = self.folder.join("log");
        self.control("start", &["-o", &options, "-l", log.to_str().unwrap()]);
    }

    fn control(&self, what: &str, more: &[&str]) {
        let data = self.folder.join("data");
        let mut args = vec![what, "-w", "-D", data.to_str().unwrap()];
        args.extend(more);
        self.run("pg_ctl", &args);
    }

    fn run(&self, program: &str, args: &[&str]) {
        let program = Path::new(PROGRAMS).join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        let status = command
            .args(args)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "{args:?}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.folder.join("data/postmaster.pid").exists() {
            self.stop();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout == b"0\n"
}
