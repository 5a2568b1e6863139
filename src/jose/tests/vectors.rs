//! Published examples.

use super::super::foreign::{self, Jwks};
use super::super::public_key::PublicKey;
use super::super::{JwtRefused, compact, half_hash};
use crate::model::algorithm::Algorithm;

#[test]
fn thumbprint_of_the_rfc_7638_example() {
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_\
             BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_\
             FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4\
             vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let key = PublicKey::Rsa {
        n: compact::decode(n).unwrap(),
        e: compact::decode("AQAB").unwrap(),
    };
    assert_eq!(
        key.thumbprint(),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
}

#[test]
fn thumbprint_and_signature_of_the_rfc_8037_examples() {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let key = PublicKey::Ed25519 {
        x: compact::decode(x).unwrap(),
    };
    assert_eq!(
        key.thumbprint(),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
    let jwks = format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}]}}"#);
    let jwks = Jwks::parse(&jwks).unwrap();
    let token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7\
                 -09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let check = |token: &str| foreign::verify(token, &jwks, &[Algorithm::EdDsa]).unwrap_err();
    // The signature is good, but the example's payload is a plain sentence.
    assert_eq!(check(token), JwtRefused::Malformed);
    assert_eq!(check(&token.replace(".hgy", ".hgz")), JwtRefused::Signature);
}

#[test]
fn half_hashes_of_the_openid_connect_core_examples() {
    // Core, appendix A.3 and A.4.
    let at_hash = half_hash(
        Algorithm::Rs256,
        "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
    );
    assert_eq!(at_hash, "77QmUPtjPfzWtF2AnpK9RQ");
    let c_hash = half_hash(
        Algorithm::Rs256,
        "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk",
    );
    assert_eq!(c_hash, "LDktKdoQak3Pk0cnXxCltA");
    // Half of SHA-512 is 32 bytes, 43 characters.
    assert_eq!(half_hash(Algorithm::EdDsa, "x").len(), 43);
}
