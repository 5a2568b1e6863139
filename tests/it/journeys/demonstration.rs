//! The demonstration as `bin/demo` starts it, on free ports and in a folder of
//! its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::{Child, Command};

use crate::support::http;
use crate::support::process::free_port;

/// The provider, two portals and a bank.
pub struct Demonstration {
    pub issuer: String,
    pub portals: [String; 2],
    pub folder: PathBuf,
    processes: Vec<Child>,
}

impl Demonstration {
    pub async fn start() -> Self {
        // The server's own process chooses for itself; this is for our calls.
        http::choose_tls();
        let port = free_port();
        let ports = [free_port(), free_port()];
        let folder =
            std::env::temp_dir().join(format!("propusk-demo-{}-{port}", std::process::id()));
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let made = Command::new(root.join("bin/demo-authority"))
            .arg(&folder)
            .stdout(Stdio::null())
            .status()
            .await
            .unwrap();
        assert!(made.success(), "bin/demo-authority");
        let propusk = Path::new(env!("CARGO_BIN_EXE_propusk"));
        let mut demo = Command::new(propusk);
        demo.args(["demo", "--folder"])
            .arg(&folder)
            .args(["--port", &port.to_string(), "--portal-ports"])
            .args(ports.map(|port| port.to_string()));
        let bank_port = free_port().to_string();
        demo.args(["--bank-port", &bank_port]);
        let mut processes = vec![spawn(demo)];
        let issuer = format!("http://localhost:{port}");
        http::answers(&format!("{issuer}/health/ready")).await;
        let portal = propusk.parent().unwrap().join("examples/regional_portal");
        assert!(
            portal.exists(),
            "build it: cargo build --example regional_portal"
        );
        for (id, port) in ["portal-a", "portal-b"].iter().zip(ports) {
            let secret = std::fs::read_to_string(folder.join(format!("{id}.secret"))).unwrap();
            let mut command = Command::new(&portal);
            command
                .env("PORTAL_CLIENT_SECRET", secret)
                .args(["--issuer", &issuer, "--client-id", id])
                .args(["--listen", &format!("127.0.0.1:{port}")])
                .args([
                    "--name-ru",
                    &format!("Портал {id}"),
                    "--name-en",
                    &format!("Portal {id}"),
                ]);
            processes.push(spawn(command));
        }
        let secret = std::fs::read_to_string(folder.join("bank.secret")).unwrap();
        let server = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bank/server.mjs");
        let callback = format!("{issuer}/bank/volga/callback");
        let mut bank = Command::new("node");
        bank.arg(server)
            .args([&bank_port, &callback, &secret])
            .stderr(Stdio::null());
        processes.push(spawn(bank));
        let discovery = "/.well-known/openid-configuration";
        http::answers(&format!("http://127.0.0.1:{bank_port}{discovery}")).await;
        let portals = ports.map(|port| format!("http://127.0.0.1:{port}"));
        for portal in &portals {
            http::answers(portal).await;
        }
        Self {
            issuer,
            portals,
            folder,
            processes,
        }
    }

    pub async fn stop(mut self) {
        for process in &mut self.processes {
            let _ = process.kill().await;
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn spawn(mut command: Command) -> Child {
    command.stdout(Stdio::null()).kill_on_drop(true);
    command.spawn().unwrap()
}
