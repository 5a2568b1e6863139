//! What must hold of our keys and tokens, and of what strangers send.

mod foreign;
mod forgeries;
mod own;
mod rotation;
mod vectors;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{KeyRecord, KeySet, KeyTimes, NewKey, generate};
use crate::model::algorithm::Algorithm;
use crate::model::timestamp::Timestamp;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn record(key: NewKey, active_from: Timestamp) -> KeyRecord {
    KeyRecord {
        kid: key.kid,
        purpose: key.purpose,
        pkcs8: key.pkcs8,
        public_jwk: key.public_jwk,
        times: KeyTimes {
            created_at: NOW,
            active_from,
            retired_at: None,
        },
    }
}

fn key_set(algorithms: &[Algorithm]) -> KeySet {
    let keys = algorithms
        .iter()
        .map(|alg| record(generate(*alg).unwrap(), NOW))
        .collect();
    KeySet::new(keys).unwrap()
}

fn sign(set: &KeySet, alg: Algorithm, claims: &Value) -> String {
    set.signer(alg, NOW).unwrap().sign("JWT", claims).unwrap()
}

fn claims() -> Value {
    json!({ "iss": "portal", "sub": "portal", "jti": "1" })
}

/// The token with its header replaced and the rest kept.
fn with_header(token: &str, header: &Value) -> String {
    let rest = token.split_once('.').unwrap().1;
    format!("{}.{rest}", b64(header.to_string()))
}
