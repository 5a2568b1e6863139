//! The real program with two listeners: configuration, beginning and end.

use std::time::Duration;

use propusk::cli::demo_authority;
use serde_json::json;

use super::certificates::{Authority, Kind, usual};
use super::{folder, named};
use crate::support::database::TestDatabase;
use crate::support::http;
use crate::support::process::{Program, free_port, said};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_listeners_begin_and_end_together() {
    let (database, folder) = (TestDatabase::create().await, folder());
    let authority = Authority::new("Authority");
    let ca_file = folder.join("authority.pem");
    std::fs::write(&ca_file, authority.pem()).unwrap();
    let server = demo_authority::make(&folder).unwrap();
    let port = free_port();
    let url = format!("https://localhost:{port}");
    let client = named(
        "subject",
        "tls_client_auth_subject_dn",
        "CN=subject,O=Region 34,C=RU",
    );
    let config = json!({
        "mtls": { "listen": format!("127.0.0.1:{port}"), "url": url, "ca_file": ca_file },
        "tls": { "certificate": server.certificate, "key": server.key, "allow_tls12": true },
        "clients": [client],
    });
    // Its main listener speaks TLS as well.
    let mut program = Program::configured(&database.folder, &database.url, config);
    let migrated = program.command(&["migrate"]);
    assert!(migrated.status.success(), "{}", said(&migrated));
    program.url = program
        .url
        .replace("http:", "https:")
        .replace("127.0.0.1", "localhost");
    let trusted = std::fs::read(&server.authority).unwrap();
    let trusted = reqwest::Certificate::from_pem(&trusted).unwrap();
    program.trust(trusted.clone());
    program.start_again().await;

    let identity = authority.sign(usual("subject"), Kind::P256.key());
    let builder = || http::builder().tls_certs_only([trusted.clone()]);
    let http = builder().identity(identity.of_client()).build().unwrap();
    let ask = |address: String| {
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", "subject"),
        ];
        http.post(format!("{address}/oauth/token"))
            .form(&fields)
            .send()
    };
    assert_eq!(ask(url.clone()).await.unwrap().status(), 200);
    // The main listener asks nobody for a certificate.
    assert_eq!(ask(program.url.clone()).await.unwrap().status(), 401);
    // What browsers are allowed says nothing about the other.
    let old = builder()
        .tls_version_max(reqwest::tls::Version::TLS_1_2)
        .build()
        .unwrap();
    assert!(
        old.get(format!("{}/health/live", program.url))
            .send()
            .await
            .is_ok()
    );
    assert!(old.get(format!("{url}/oauth/token")).send().await.is_err());

    program.ask_to_stop();
    let status = tokio::time::timeout(Duration::from_secs(20), program.ended())
        .await
        .unwrap();
    assert!(status.success(), "{status}: {}", program.log());
    for address in [url, program.url.clone()] {
        assert!(ask(address).await.is_err());
    }
    database.delete().await;
    let _ = std::fs::remove_dir_all(&folder);
}

#[tokio::test]
async fn what_is_missing_for_certificates_is_named() {
    let (database, folder) = (TestDatabase::create().await, folder());
    let server = demo_authority::make(&folder).unwrap();
    let empty = folder.join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    let listen = format!("127.0.0.1:{}", free_port());
    let mtls =
        |ca_file| json!({ "listen": listen, "url": "https://localhost:1", "ca_file": ca_file });
    let tls = json!({ "certificate": server.certificate, "key": server.key });
    for (config, names) in [
        (
            json!({ "mtls": mtls(json!(empty)), "tls": tls }),
            "mtls.ca_file",
        ),
        (
            json!({ "mtls": mtls(json!("absent.pem")), "tls": tls }),
            "absent.pem",
        ),
        (
            json!({ "mtls": mtls(json!(null)) }),
            "mtls.listen: needs [tls]",
        ),
        (
            json!({ "clients": [named("c", "tls_client_auth_san_dns", "c.example")] }),
            "client c: token_endpoint_auth_method: tls_client_auth needs [mtls] with ca_file",
        ),
    ] {
        let program = Program::configured(&database.folder, &database.url, config);
        program.command(&["migrate"]);
        let refused = program.command(&["serve"]);
        assert!(!refused.status.success());
        assert!(
            said(&refused).contains(names),
            "{names}: {}",
            said(&refused)
        );
    }
    database.delete().await;
    let _ = std::fs::remove_dir_all(&folder);
}
