//! npm `openid-client` goes through everything with a certificate.

use rcgen::date_time_ymd;
use serde_json::{Value, json};

use super::Mutual;
use super::certificates::{Identity, Kind, jwk, usual};
use crate::peers;

fn certificate() -> rcgen::CertificateParams {
    let mut params = usual("peer");
    // By the machine's clock.
    params.not_after = date_time_ymd(2035, 1, 1);
    params
}

async fn everything(method: &str, more: Value, identity: impl FnOnce(&Mutual) -> Identity) {
    let mut client = peers::registration(method);
    for (name, value) in more.as_object().unwrap() {
        client[name] = value.clone();
    }
    let mutual = Mutual::start_in_real_time(vec![client]).await;
    let identity = identity(&mutual);
    let tls = json!({
        "cert": identity.pem, "key": identity.key.serialize_pem(),
        "ca": String::from_utf8(mutual.server_ca.clone()).unwrap(),
    });
    peers::goes_through(&mutual.app, json!({ "auth_method": method, "tls": tls })).await;
    mutual.end().await;
}

#[tokio::test]
async fn peer_openid_client_with_tls_client_auth() {
    let subject = json!({ "tls_client_auth_subject_dn": "CN=peer, O=Region 34, C=RU" });
    everything("tls_client_auth", subject, |mutual| {
        mutual.authority.sign(certificate(), Kind::P256.key())
    })
    .await;
}

#[tokio::test]
async fn peer_openid_client_with_self_signed_tls_client_auth() {
    let identity = Identity::self_signed(certificate(), Kind::Rsa.key());
    let keys = json!({ "jwks": { "keys": [jwk(&identity.key)] } });
    everything("self_signed_tls_client_auth", keys, |_| identity).await;
}
