//! Items 36 and 125: `tls_client_auth`, a certificate of a trusted authority
//! that names its client.

use rcgen::{ExtendedKeyUsagePurpose, SanType, date_time_ymd};
use serde_json::json;

use super::certificates::{Authority, Identity, Kind, usual};
use super::{Mutual, named, program};
use crate::support::relying_party::{Answer, basic, secret_of};

const SUBJECT: &str = "CN=subject,O=Region 34,C=RU";

/// Every way to name a client: its member, the value, and what its certificate
/// holds.
fn names() -> Vec<(&'static str, &'static str, SanType)> {
    let text = |text: &str| text.to_owned().try_into().unwrap();
    vec![
        (
            "tls_client_auth_san_dns",
            "Portal.example.ru",
            SanType::DnsName(text("portal.example.ru")),
        ),
        (
            "tls_client_auth_san_uri",
            "urn:portal:34",
            SanType::URI(text("urn:portal:34")),
        ),
        (
            "tls_client_auth_san_ip",
            "2001:DB8:0::7",
            SanType::IpAddress("2001:db8::7".parse().unwrap()),
        ),
        (
            "tls_client_auth_san_email",
            "portal@EXAMPLE.ru",
            SanType::Rfc822Name(text("portal@example.ru")),
        ),
    ]
}

fn called(mutual: &Mutual, names: Vec<SanType>) -> Identity {
    let mut params = usual("somebody");
    params.subject_alt_names = names;
    mutual.authority.sign(params, Kind::P256.key())
}

#[tokio::test]
async fn oidc_036_each_name_in_a_certificate_authenticates() {
    let mut clients = vec![named("subject", "tls_client_auth_subject_dn", SUBJECT)];
    clients.extend(
        names()
            .iter()
            .map(|(member, value, _)| named(member, member, value)),
    );
    let mutual = Mutual::start(clients).await;
    // RSA and EC (item 125).
    for kind in [Kind::Rsa, Kind::P256, Kind::P384] {
        let identity = mutual.authority.sign(usual("subject"), kind.key());
        let answer = mutual.token("subject", Some(&identity)).await;
        Mutual::believed(&answer);
    }
    let all: Vec<_> = names().into_iter().map(|(_, _, name)| name).collect();
    for (member, _, name) in names() {
        let alone = called(&mutual, vec![name.clone()]);
        Mutual::believed(&mutual.token(member, Some(&alone)).await);
        // Beside others of the same certificate as well.
        let among = called(&mutual, all.clone());
        Mutual::believed(&mutual.token(member, Some(&among)).await);
        // Any other name is somebody else's.
        let others = all
            .iter()
            .filter(|other| **other != name)
            .cloned()
            .collect();
        let others = called(&mutual, others);
        let answer = mutual.token(member, Some(&others)).await;
        answer.refuses("invalid_client");
        let nameless = called(&mutual, Vec::new());
        let answer = mutual.token(member, Some(&nameless)).await;
        answer.refuses("invalid_client");
    }
    mutual.end().await;
}

#[tokio::test]
async fn oidc_036_names_that_only_look_alike_are_others() {
    let text = |text: &str| text.to_owned().try_into().unwrap();
    let mutual = Mutual::start(vec![
        named("subject", "tls_client_auth_subject_dn", SUBJECT),
        named("dns", "tls_client_auth_san_dns", "portal.example.ru"),
        named("mail", "tls_client_auth_san_email", "portal@example.ru"),
        named("uri", "tls_client_auth_san_uri", "urn:portal:34"),
    ])
    .await;
    for (id, name) in [
        ("dns", SanType::DnsName(text("*.example.ru"))),
        (
            "dns",
            SanType::DnsName(text("portal.example.ru.evil.example")),
        ),
        ("dns", SanType::DnsName(text("a.portal.example.ru"))),
        // Of another kind.
        ("dns", SanType::URI(text("portal.example.ru"))),
        ("mail", SanType::Rfc822Name(text("Portal@example.ru"))),
        (
            "mail",
            SanType::Rfc822Name(text("portal@example.ru.evil.example")),
        ),
        ("uri", SanType::URI(text("urn:portal:345"))),
    ] {
        let identity = called(&mutual, vec![name.clone()]);
        let answer = mutual.token(id, Some(&identity)).await;
        assert_eq!(answer.status, 401, "{id} {name:?}");
    }
    for other in ["subject2", "subjec", "subject,O=Region 34", "CN=subject"] {
        let identity = mutual.authority.sign(usual(other), Kind::P256.key());
        let answer = mutual.token("subject", Some(&identity)).await;
        assert_eq!(answer.status, 401, "{other}");
    }
    // A name in the wrong place: the client's host as a common name.
    let identity = mutual
        .authority
        .sign(usual("portal.example.ru"), Kind::P256.key());
    mutual
        .token("dns", Some(&identity))
        .await
        .refuses("invalid_client");
    mutual.end().await;
}

#[tokio::test]
async fn oidc_036_only_a_chain_to_the_authority_in_its_term_is_believed() {
    let mutual = Mutual::start(vec![named(
        "subject",
        "tls_client_auth_subject_dn",
        SUBJECT,
    )])
    .await;
    let key = || Kind::P256.key();
    mutual
        .token("subject", None)
        .await
        .refuses("invalid_client");

    let stranger = Authority::new("Authority of clients");
    let mut over = usual("subject");
    over.not_after = date_time_ymd(2026, 3, 24);
    let mut early = usual("subject");
    early.not_before = date_time_ymd(2026, 3, 25);
    let mut for_servers = usual("subject");
    for_servers.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    for (what, identity) in [
        (
            "another authority of the same name",
            stranger.sign(usual("subject"), key()),
        ),
        (
            "signed by itself",
            Identity::self_signed(usual("subject"), key()),
        ),
        ("expired", mutual.authority.sign(over, key())),
        ("not yet valid", mutual.authority.sign(early, key())),
        ("of a server", mutual.authority.sign(for_servers, key())),
    ] {
        let answer = mutual.token("subject", Some(&identity)).await;
        assert_eq!(answer.status, 401, "{what}: {}", answer.body);
        answer.refuses("invalid_client");
    }
    // By our clock, not by the machine's: the same certificate a year later.
    let identity = mutual.authority.sign(usual("subject"), key());
    Mutual::believed(&mutual.token("subject", Some(&identity)).await);
    // An authority between, if its certificate comes along.
    let between = mutual.authority.below("Below");
    let lone = between.sign(usual("subject"), key());
    mutual
        .token("subject", Some(&lone))
        .await
        .refuses("invalid_client");
    let whole = between
        .sign(usual("subject"), key())
        .through(&between.pem());
    Mutual::believed(&mutual.token("subject", Some(&whole)).await);
    // Who is no authority vouches for nobody.
    let forged = Authority::new("subject");
    let forged = forged.sign(usual("subject"), key()).through(&identity.pem);
    mutual
        .token("subject", Some(&forged))
        .await
        .refuses("invalid_client");
    mutual.app.advance(366 * 86_400).await;
    mutual
        .token("subject", Some(&identity))
        .await
        .refuses("invalid_client");
    mutual.end().await;
}

#[tokio::test]
async fn oidc_036_a_certificate_is_one_way_among_others() {
    let mutual = Mutual::start(vec![
        named("subject", "tls_client_auth_subject_dn", SUBJECT),
        program("secret", json!({ "client_secret": secret_of("secret") })),
    ])
    .await;
    let identity = mutual.authority.sign(usual("subject"), Kind::P256.key());
    let http = mutual.showing(Some(&identity)).build().unwrap();
    let request = || http.post(format!("{}/oauth/token", mutual.url));
    let grant = ("grant_type", "client_credentials");
    // A client with a secret may show a certificate, to bind its tokens …
    let by_secret = request()
        .header("authorization", basic("secret", &secret_of("secret")))
        .form(&[grant]);
    Mutual::believed(&Answer::of(by_secret).await);
    // … but a certificate does not stand for the secret,
    mutual
        .token("secret", Some(&identity))
        .await
        .refuses("invalid_client");
    // nor a secret for the certificate, even beside it.
    let by_secret = request()
        .header("authorization", basic("subject", "x"))
        .form(&[grant]);
    Answer::of(by_secret).await.refuses("invalid_client");
    let by_secret = request().form(&[grant, ("client_id", "subject"), ("client_secret", "x")]);
    Answer::of(by_secret).await.refuses("invalid_client");
    // Every endpoint for clients knows who it is.
    let token = Mutual::believed(&mutual.token("subject", Some(&identity)).await);
    for path in ["/oauth/introspect", "/oauth/revoke", "/oauth/introspect"] {
        let fields = [("client_id", "subject"), ("token", &token)];
        let answer = Answer::of(http.post(format!("{}{path}", mutual.url)).form(&fields)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
    mutual.end().await;
}
