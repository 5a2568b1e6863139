//! A socket opened by systemd (sd_listen_fds(3)).

use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

use super::{bind, settings};

/// Set for the child process below: the address of the socket it is given.
const GIVEN: &str = "PROPUSK_TEST_INHERITED";

#[tokio::test]
async fn a_socket_of_systemd_is_taken() {
    if let Ok(address) = std::env::var(GIVEN) {
        let mut settings = settings();
        settings.inherit = true;
        let bound = bind(settings).await.unwrap();
        assert_eq!(bound.local_addr().to_string(), address);
        return;
    }
    // Descriptors belong to the whole process, so this test runs once more in
    // a process of its own, with the socket as descriptor 3.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (_, module) = module_path!().split_once("::").unwrap();
    let run = Command::new("sh")
        .args(["-c", r#"LISTEN_FDS=1 exec "$0" --exact "$1" 3<&0"#])
        .arg(std::env::current_exe().unwrap())
        .arg(format!("{module}::a_socket_of_systemd_is_taken"))
        .env(GIVEN, address)
        .stdin(Stdio::from(OwnedFd::from(listener)))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
}
