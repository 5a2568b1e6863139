//! Items 36 and 125: `self_signed_tls_client_auth`, a certificate that is
//! registered by itself or by its key.

use std::sync::{Arc, Mutex};

use axum::routing::get;
use axum::{Json, Router};
use rcgen::date_time_ymd;
use serde_json::{Value, json};

use super::certificates::{Identity, Kind, jwk, usual};
use super::{Mutual, program};

fn registered(id: &str, keys: Value) -> Value {
    let method = "self_signed_tls_client_auth";
    program(
        id,
        json!({ "token_endpoint_auth_method": method, "jwks": keys }),
    )
}

#[tokio::test]
async fn oidc_125_a_certificate_that_is_registered_needs_no_authority() {
    for kind in [Kind::Rsa, Kind::P256, Kind::P384] {
        let identity = Identity::self_signed(usual("anything"), kind.key());
        let mut clients = vec![registered("certificate", identity.with_x5c())];
        // Keys of a kind that signs no JWT are known by their certificate only.
        let by_key = !matches!(kind, Kind::P384);
        if by_key {
            clients.push(registered("key", json!({ "keys": [jwk(&identity.key)] })));
        }
        let mutual = Mutual::start(clients).await;
        let ids = if by_key {
            &["certificate", "key"][..]
        } else {
            &["certificate"]
        };
        for id in ids {
            Mutual::believed(&mutual.token(id, Some(&identity)).await);
            mutual.token(id, None).await.refuses("invalid_client");
            // Another key with the same name, and one that an authority vouches for.
            let other = Identity::self_signed(usual("anything"), kind.key());
            mutual
                .token(id, Some(&other))
                .await
                .refuses("invalid_client");
            let vouched = mutual.authority.sign(usual(id), kind.key());
            mutual
                .token(id, Some(&vouched))
                .await
                .refuses("invalid_client");
        }
        // The term counts all the same, by our clock.
        mutual.app.advance(366 * 86_400).await;
        for id in ids {
            mutual
                .token(id, Some(&identity))
                .await
                .refuses("invalid_client");
        }
        mutual.end().await;
    }
}

#[tokio::test]
async fn oidc_125_a_key_may_come_in_another_certificate_and_a_certificate_only_as_it_is() {
    let key = Kind::P256.key();
    let first = Identity::self_signed(usual("first"), key);
    let again = Identity::self_signed(
        usual("again"),
        rcgen::KeyPair::from_pem(&first.key.serialize_pem()).unwrap(),
    );
    let mut late = usual("late");
    late.not_before = date_time_ymd(2026, 6, 1);
    let late = Identity::self_signed(
        late,
        rcgen::KeyPair::from_pem(&first.key.serialize_pem()).unwrap(),
    );
    let mut only_certificate = first.with_x5c();
    // The key beside it is for something else.
    only_certificate["keys"][0]["use"] = json!("enc");
    let mutual = Mutual::start(vec![
        registered("key", json!({ "keys": [jwk(&first.key)] })),
        registered("certificate", only_certificate),
    ])
    .await;
    for (id, identity, good) in [
        ("key", &first, true),
        ("key", &again, true),
        ("key", &late, false),
        ("certificate", &first, true),
        ("certificate", &again, false),
    ] {
        let answer = mutual.token(id, Some(identity)).await;
        match good {
            true => drop(Mutual::believed(&answer)),
            false => answer.refuses("invalid_client"),
        }
    }
    mutual.end().await;
}

#[tokio::test]
async fn oidc_125_keys_that_a_client_publishes_are_read_anew() {
    let identities = [(); 2].map(|()| Identity::self_signed(usual("x"), Kind::P256.key()));
    let served = Arc::new(Mutex::new(json!({ "keys": [jwk(&identities[0].key)] })));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/jwks", listener.local_addr().unwrap());
    let keys = served.clone();
    let route = get(async move || Json(keys.lock().unwrap().clone()));
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/jwks", route)).await });
    let method = "self_signed_tls_client_auth";
    let client = json!({ "token_endpoint_auth_method": method, "jwks_uri": address });
    let mutual = Mutual::start(vec![program("published", client)]).await;
    let [first, second] = &identities;
    Mutual::believed(&mutual.token("published", Some(first)).await);
    mutual
        .token("published", Some(second))
        .await
        .refuses("invalid_client");
    *served.lock().unwrap() = second.with_x5c();
    Mutual::believed(&mutual.token("published", Some(second)).await);
    mutual
        .token("published", Some(first))
        .await
        .refuses("invalid_client");
    mutual.end().await;
}
