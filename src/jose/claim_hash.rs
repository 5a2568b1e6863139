//! `at_hash` and `c_hash`: what ties an id_token to the access token or code
//! that came with it (OpenID Connect Core §3.1.3.6, §3.3.2.11).

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::model::algorithm::Algorithm;

/// The left half of the hash of `value`, with the hash the id_token's `alg`
/// implies. For EdDSA that is SHA-512, the hash inside Ed25519.
pub fn half_hash(alg: Algorithm, value: &str) -> String {
    let hash = match alg {
        Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Es256 => &SHA256,
        Algorithm::EdDsa => &SHA512,
    };
    let full = digest(hash, value.as_bytes());
    let full = full.as_ref();
    URL_SAFE_NO_PAD.encode(&full[..full.len() / 2])
}
