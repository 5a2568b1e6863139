//! Clients that show certificates (RFC 8705): our own listener that asks for
//! them, and proxies that hand them on. The certificates are made and shown by
//! libraries that are not ours.

mod authority;
mod bound;
mod certificates;
mod listener;
mod peer;
mod proxies;
mod self_signed;
mod serving;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use propusk::cli::demo_authority;
use propusk::web;
use propusk::web::listen::{self, ListenSettings, TlsSettings};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::TestApp;
use crate::support::http;
use crate::support::process::free_port;
use crate::support::relying_party::{Answer, registration};
use certificates::{Authority, Identity};

/// The application with a listener that asks for certificates, and an authority
/// that it trusts.
struct Mutual {
    app: TestApp,
    /// The listener's address.
    url: String,
    authority: Authority,
    /// The authority of the listener itself.
    server_ca: Vec<u8>,
    folder: PathBuf,
    stop: CancellationToken,
}

/// A folder of a test's own.
fn folder() -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::SeqCst);
    let name = format!("propusk-certificates-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir(&folder).unwrap();
    folder
}

/// The registration of a program that acts for itself.
fn program(id: &str, more: Value) -> Value {
    let mut client = registration(
        id,
        json!({
            "client_secret": null, "grant_types": ["client_credentials"], "redirect_uris": [],
            "post_logout_redirect_uris": [], "scope": "profile", "required_scope": "",
        }),
    );
    for (name, value) in more.as_object().unwrap() {
        client[name] = value.clone();
    }
    client
}

/// One that is known by the name in its certificate.
fn named(id: &str, member: &str, value: &str) -> Value {
    program(
        id,
        json!({ "token_endpoint_auth_method": "tls_client_auth", member: value }),
    )
}

impl Mutual {
    async fn start(clients: Vec<Value>) -> Self {
        Self::start_with(clients, |_| ()).await
    }

    async fn start_with(clients: Vec<Value>, change: impl FnOnce(&mut Value)) -> Self {
        Self::start_as(clients, async |set_up| {
            TestApp::start_with(|config| {
                set_up(config);
                change(config);
            })
            .await
        })
        .await
    }

    /// The same with the machine's clock.
    async fn start_in_real_time(clients: Vec<Value>) -> Self {
        Self::start_as(clients, async |set_up| {
            TestApp::start_in_real_time(set_up).await
        })
        .await
    }

    async fn start_as(
        clients: Vec<Value>,
        start: impl AsyncFnOnce(&mut dyn FnMut(&mut Value)) -> TestApp,
    ) -> Self {
        let folder = folder();
        let authority = Authority::new("Authority of clients");
        let ca_file = folder.join("authority.pem");
        std::fs::write(&ca_file, authority.pem()).unwrap();
        let server = demo_authority::make(&folder.join("server")).unwrap();
        let port = free_port();
        let url = format!("https://localhost:{port}");
        let address = ([127, 0, 0, 1], port).into();
        let app = start(&mut |config: &mut Value| {
            config["tls"] = json!({ "certificate": server.certificate, "key": server.key });
            config["mtls"] = json!({ "listen": address, "url": url, "ca_file": ca_file });
            let listed = config["clients"].as_array_mut().unwrap();
            listed.extend(clients.iter().cloned());
        })
        .await;
        let settings = ListenSettings {
            tls: Some(TlsSettings {
                certificate: server.certificate,
                key: server.key,
                allow_tls12: false,
                ask_for_certificate: true,
            }),
            ..ListenSettings::new(address)
        };
        let bound = listen::bind(settings).await.unwrap();
        let stop = CancellationToken::new();
        let served = bound.serve(
            web::mutual_tls(app.app.clone()),
            stop.clone().cancelled_owned(),
        );
        tokio::spawn(served);
        Self {
            app,
            url,
            authority,
            server_ca: std::fs::read(server.authority).unwrap(),
            folder,
            stop,
        }
    }

    /// A program that trusts the listener and shows this certificate.
    fn showing(&self, identity: Option<&Identity>) -> reqwest::ClientBuilder {
        let trusted = reqwest::Certificate::from_pem(&self.server_ca).unwrap();
        let client = http::builder().tls_certs_only([trusted]);
        match identity {
            Some(identity) => client.identity(identity.of_client()),
            None => client,
        }
    }

    /// A token request of a program for itself.
    async fn token(&self, id: &str, identity: Option<&Identity>) -> Answer {
        let http = self.showing(identity).build().unwrap();
        let fields = [("grant_type", "client_credentials"), ("client_id", id)];
        Answer::of(http.post(format!("{}/oauth/token", self.url)).form(&fields)).await
    }

    #[track_caller]
    fn believed(answer: &Answer) -> String {
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    async fn end(self) {
        self.stop.cancel();
        self.app.end().await;
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
