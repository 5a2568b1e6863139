//! Item 126 and attack row 38: certificates that proxies hand on in a header.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::certificates::{Identity, Kind, usual};
use super::{Mutual, named};
use crate::support::http;
use crate::support::relying_party::Answer;

const SUBJECT: &str = "CN=subject,O=Region 34,C=RU";

async fn started(proxies: Value, header: &str) -> Mutual {
    let clients = vec![named("subject", "tls_client_auth_subject_dn", SUBJECT)];
    Mutual::start_with(clients, |config| {
        config["trusted_proxies"] = proxies;
        config["mtls"]["certificate_header"] = json!(header);
    })
    .await
}

fn subject(mutual: &Mutual) -> Identity {
    mutual.authority.sign(usual("subject"), Kind::P256.key())
}

/// RFC 9440 §2.1.
fn structured(identity: &Identity) -> String {
    format!(":{}:", STANDARD.encode(&identity.der))
}

/// As nginx writes `$ssl_client_escaped_cert`.
fn escaped(identity: &Identity) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const LEFT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');
    utf8_percent_encode(&identity.pem, LEFT).to_string()
}

/// A token request by way of a proxy to the listener for everybody.
async fn forwarded(mutual: &Mutual, headers: &[(&str, &str)]) -> Answer {
    let http = http::client();
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", "subject"),
    ];
    let mut request = http.post(mutual.app.at("/oauth/token")).form(&fields);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::of(request).await
}

#[tokio::test]
async fn oidc_126_a_proxy_hands_certificates_on_in_either_form() {
    for header in ["Client-Cert", "X-SSL-Client-Cert"] {
        let mutual = started(json!(["127.0.0.1/32"]), header).await;
        let identity = subject(&mutual);
        for value in [structured(&identity), escaped(&identity)] {
            Mutual::believed(&forwarded(&mutual, &[(header, &value)]).await);
        }
        // The name is the configured one and no other.
        let other = forwarded(&mutual, &[("x-client-certificate", &escaped(&identity))]).await;
        other.refuses("invalid_client");
        // Somebody else's, and nobody's.
        let stranger = Identity::self_signed(usual("subject"), Kind::P256.key());
        for value in [structured(&stranger), String::new(), "::".to_owned()] {
            forwarded(&mutual, &[(header, &value)])
                .await
                .refuses("invalid_client");
        }
        forwarded(&mutual, &[]).await.refuses("invalid_client");
        mutual.end().await;
    }
}

#[tokio::test]
async fn attack_38_a_header_of_a_stranger_is_not_read() {
    let mutual = started(json!(["192.0.2.0/24"]), "Client-Cert").await;
    let identity = subject(&mutual);
    let value = structured(&identity);
    for headers in [
        vec![("client-cert", value.as_str())],
        vec![
            ("Client-Cert", value.as_str()),
            ("x-forwarded-for", "192.0.2.1"),
        ],
        vec![("client-cert", "nonsense"), ("client-cert", "nonsense")],
    ] {
        forwarded(&mutual, &headers).await.refuses("invalid_client");
    }
    // At the listener that asks for certificates, too, only the handshake counts.
    let other = Identity::self_signed(usual("other"), Kind::P256.key());
    for (shown, good) in [
        (None, false),
        (Some(&other), false),
        (Some(&identity), true),
    ] {
        let http = mutual.showing(shown).build().unwrap();
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", "subject"),
        ];
        let header = if good {
            structured(&other)
        } else {
            value.clone()
        };
        let request = http
            .post(format!("{}/oauth/token", mutual.url))
            .header("client-cert", header)
            .form(&fields);
        let answer = Answer::of(request).await;
        assert_eq!(answer.status == 200, good, "{}", answer.body);
    }
    mutual.end().await;
}

#[tokio::test]
async fn attack_38_without_the_setting_no_header_is_read() {
    let clients = vec![named("subject", "tls_client_auth_subject_dn", SUBJECT)];
    let mutual = Mutual::start_with(clients, |config| {
        config["trusted_proxies"] = json!(["127.0.0.1/32"]);
    })
    .await;
    let value = structured(&subject(&mutual));
    for header in [
        "client-cert",
        "x-ssl-client-cert",
        "ssl-client-cert",
        "x-client-cert",
    ] {
        forwarded(&mutual, &[(header, &value)])
            .await
            .refuses("invalid_client");
    }
    mutual.end().await;
}

#[tokio::test]
async fn attack_38_a_header_that_could_be_read_in_two_ways_is_refused() {
    let mutual = started(json!(["127.0.0.1/32"]), "Client-Cert").await;
    let identity = subject(&mutual);
    let (structured, escaped) = (structured(&identity), escaped(&identity));
    let other = self::escaped(&Identity::self_signed(usual("other"), Kind::P256.key()));
    let twice = [("client-cert", &*structured), ("Client-Cert", &*structured)];
    forwarded(&mutual, &twice).await.refuses("invalid_request");
    for value in [
        format!("{structured}, {structured}"),
        format!("{escaped},{other}"),
        format!("{other}{escaped}"),
        format!("{structured};a=1"),
        format!("{structured}x"),
        format!(":{structured}"),
        structured.trim_matches(':').to_owned(),
        structured[..structured.len() / 2].to_owned(),
        ":bm90IGEgY2VydGlmaWNhdGU=:".to_owned(),
        "(null)".to_owned(),
        "-----BEGIN CERTIFICATE-----".to_owned(),
        "%ff%fe".to_owned(),
    ] {
        let answer = forwarded(&mutual, &[("client-cert", &value)]).await;
        assert_eq!(answer.status, 400, "{value}: {}", answer.body);
        answer.refuses("invalid_request");
    }
    mutual.end().await;
}

/// A proxy has a certificate of its own for us: it is not its clients'.
#[tokio::test]
async fn attack_38_what_a_proxy_shows_itself_is_not_its_clients() {
    let mutual = started(json!(["127.0.0.1/32"]), "Client-Cert").await;
    let proxy = subject(&mutual);
    mutual
        .token("subject", Some(&proxy))
        .await
        .refuses("invalid_client");
    mutual.end().await;
}
