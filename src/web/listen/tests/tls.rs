//! TLS as a browser and a portal meet it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, ProtocolVersion, RootCertStore, StreamOwned};

use super::super::{ListenSettings, TlsSettings, bind};
use super::{HELLO, client, connect, settings, start};
use crate::cli::demo_authority::{self, DemoAuthority};
use crate::egress::{Egress, EgressSettings};

/// A folder of this test's own, taken away at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("propusk-listen-{name}-{}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn secured(paths: &DemoAuthority, allow_tls12: bool) -> ListenSettings {
    ListenSettings {
        tls: Some(TlsSettings {
            certificate: paths.certificate.clone(),
            key: paths.key.clone(),
            allow_tls12,
            ask_for_certificate: false,
        }),
        ..settings()
    }
}

fn greet(
    address: SocketAddr,
    authority: &Path,
    versions: &[&'static rustls::SupportedProtocolVersion],
    protocols: &[&[u8]],
) -> std::io::Result<StreamOwned<ClientConnection, TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(authority).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    let name = ServerName::try_from("localhost").unwrap();
    let session = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(session, connect(address));
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock)?;
    }
    Ok(stream)
}

#[tokio::test]
async fn tls_12_is_spoken_only_if_configured() {
    let folder = Folder::new("versions");
    let paths = demo_authority::make(&folder.0).unwrap();
    for allowed in [false, true] {
        let server = start(secured(&paths, allowed)).await;
        let (address, authority) = (server.address, paths.authority.clone());
        client(move || {
            let mut new = greet(address, &authority, rustls::ALL_VERSIONS, &[]).unwrap();
            let version = new.conn.protocol_version();
            assert_eq!(version, Some(ProtocolVersion::TLSv1_3));
            new.write_all(HELLO.as_bytes()).unwrap();
            let mut answer = [0; 1024];
            let read = new.read(&mut answer).unwrap();
            assert!(answer[..read].starts_with(b"HTTP/1.1 200 OK"));
            let old = greet(address, &authority, &[&rustls::version::TLS12], &[]);
            assert_eq!(old.is_ok(), allowed);
        })
        .await;
    }
}

#[tokio::test]
async fn http_2_is_agreed_on_and_spoken() {
    let folder = Folder::new("http2");
    let paths = demo_authority::make(&folder.0).unwrap();
    let server = start(secured(&paths, false)).await;
    let address = server.address;
    client(move || {
        let both: &[&[u8]] = &[b"h2", b"http/1.1"];
        let mut stream = greet(address, &paths.authority, rustls::ALL_VERSIONS, both).unwrap();
        assert_eq!(stream.conn.alpn_protocol(), Some(&b"h2"[..]));
        // Preface and empty SETTINGS (RFC 9113 §3.4), then HEADERS of stream 1
        // with END_STREAM and END_HEADERS: GET, https, / from the static table
        // and ":authority: x" in full (RFC 7541 §6.1, §6.2.2).
        stream
            .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            .unwrap();
        stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).unwrap();
        stream.write_all(&[0, 0, 6, 1, 5, 0, 0, 0, 1]).unwrap();
        stream
            .write_all(&[0x82, 0x87, 0x84, 0x01, 0x01, b'x'])
            .unwrap();
        loop {
            let mut head = [0; 9];
            stream.read_exact(&mut head).unwrap();
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
            let mut payload = vec![0; length];
            stream.read_exact(&mut payload).unwrap();
            if head[3] == 1 {
                // ":status: 200" is entry 8 of the static table.
                assert!(payload.contains(&0x88), "{payload:x?}");
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_door_outwards_trusts_the_demo_authority_only_when_told() {
    let folder = Folder::new("egress");
    let paths = demo_authority::make(&folder.0).unwrap();
    let server = start(secured(&paths, false)).await;
    let mut settings = EgressSettings {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        ..EgressSettings::default()
    };
    let url = format!("https://127.0.0.1:{}/", server.address.port());
    let stranger = Egress::new(settings.clone()).unwrap().get(&url).await;
    assert!(stranger.unwrap_err().to_string().contains("certificate"));
    settings.extra_ca_pem = vec![std::fs::read(&paths.authority).unwrap()];
    let answer = Egress::new(settings).unwrap().get(&url).await.unwrap();
    assert!(answer.is_success());
}

#[tokio::test]
async fn the_certificate_is_read_again_on_hangup() {
    let folder = Folder::new("reload");
    let first = demo_authority::make(&folder.0).unwrap();
    let old_authority = folder.0.join("old.pem");
    std::fs::copy(&first.authority, &old_authority).unwrap();
    let server = start(secured(&first, false)).await;
    let address = server.address;
    let trusts = move |authority: PathBuf| {
        client(move || greet(address, &authority, rustls::ALL_VERSIONS, &[]).is_ok())
    };
    let hangup = || async {
        let own = std::process::id().to_string();
        let sent = std::process::Command::new("kill")
            .args(["-HUP", &own])
            .status();
        assert!(sent.unwrap().success());
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert!(trusts(old_authority.clone()).await);

    // A broken file is no reason to stop serving.
    std::fs::write(&first.certificate, "nonsense").unwrap();
    hangup().await;
    assert!(trusts(old_authority.clone()).await);

    let second = demo_authority::make(&folder.0).unwrap();
    hangup().await;
    assert!(trusts(second.authority).await);
    assert!(!trusts(old_authority).await);
}

#[tokio::test]
async fn attack_53_a_handshake_that_does_not_begin_is_cut() {
    let folder = Folder::new("silent");
    let paths = demo_authority::make(&folder.0).unwrap();
    let server = start(secured(&paths, false)).await;
    let address = server.address;
    client(move || assert_eq!(super::rest(&mut connect(address)), "")).await;
}

#[tokio::test]
async fn unfit_files_stop_the_start_and_are_named() {
    let folder = Folder::new("unfit");
    let paths = demo_authority::make(&folder.0).unwrap();
    let other = demo_authority::make(&folder.0.join("other")).unwrap();
    let said = |tls: TlsSettings| async {
        let mut settings = settings();
        settings.tls = Some(tls);
        bind(settings).await.unwrap_err().to_string()
    };
    let tls = |certificate: &Path, key: &Path| TlsSettings {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
        allow_tls12: false,
        ask_for_certificate: false,
    };
    let absent = folder.0.join("absent.pem");
    assert!(said(tls(&absent, &paths.key)).await.contains("absent.pem"));
    let swapped = said(tls(&paths.key, &paths.certificate)).await;
    assert!(swapped.contains("holds no certificate"), "{swapped}");
    let foreign = said(tls(&paths.certificate, &other.key)).await;
    assert!(foreign.contains("demo-server.pem"), "{foreign}");
}
