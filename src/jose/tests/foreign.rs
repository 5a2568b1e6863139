//! Clients' key sets: what is taken, what is refused and with which advice.

use serde_json::{Value, json};

use super::{NOW, b64, claims, key_set, sign};
use crate::jose::{Jwks, JwtRefused, KeySet, foreign, generate};
use crate::model::algorithm::Algorithm;
use crate::model::encryption::KeyManagement;

fn public(alg: Algorithm) -> Value {
    serde_json::from_str(&generate(alg).unwrap().public_jwk).unwrap()
}

fn advice(keys: &Value) -> String {
    Jwks::parse(&json!({ "keys": keys }).to_string()).unwrap_err()
}

fn jwks_of(set: &KeySet) -> Jwks {
    Jwks::parse(&set.jwks(NOW, std::time::Duration::ZERO)).unwrap()
}

#[test]
fn assertions_of_every_algorithm_are_read() {
    let client = key_set(&Algorithm::ALL);
    let jwks = jwks_of(&client);
    for alg in Algorithm::ALL {
        let token = sign(&client, alg, &claims());
        let read = foreign::verify(&token, &jwks, &Algorithm::ALL).unwrap();
        assert_eq!(Value::Object(read.0), claims());
    }
}

#[test]
fn a_key_without_kid_answers_to_none_and_to_its_thumbprint() {
    let client = key_set(&[Algorithm::Es256]);
    let mut listed: Value =
        serde_json::from_str(&client.jwks(NOW, std::time::Duration::ZERO)).unwrap();
    listed["keys"][0].as_object_mut().unwrap().remove("kid");
    let jwks = Jwks::parse(&listed.to_string()).unwrap();
    let token = sign(&client, Algorithm::Es256, &claims());
    assert!(foreign::verify(&token, &jwks, &Algorithm::ALL).is_ok());
}

#[test]
fn a_token_without_kid_tries_every_fitting_key() {
    let client = generate(Algorithm::Es256).unwrap();
    let keys = format!(
        r#"{{"keys":[{},{},{}]}}"#,
        generate(Algorithm::Rs256).unwrap().public_jwk,
        generate(Algorithm::Es256).unwrap().public_jwk,
        client.public_jwk
    );
    let jwks = Jwks::parse(&keys).unwrap();
    let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256);
    let key = jsonwebtoken::EncodingKey::from_ec_der(&client.pkcs8);
    let token = jsonwebtoken::encode(&header, &claims(), &key).unwrap();
    assert!(foreign::verify(&token, &jwks, &Algorithm::ALL).is_ok());
}

#[test]
fn keys_for_other_uses_are_left_out() {
    let mut encryption = public(Algorithm::Rs256);
    encryption["use"] = json!("enc");
    encryption.as_object_mut().unwrap().remove("alg");
    encryption["kid"] = json!("enc");
    let mut other_alg = public(Algorithm::Rs256);
    other_alg["alg"] = json!("RS512");
    let other_curve = json!({ "kty": "EC", "crv": "P-384", "x": "AA", "y": "AA" });
    let mut wrapping = public(Algorithm::Es256);
    wrapping["key_ops"] = json!(["deriveKey"]);
    let unusable = json!([other_alg, other_curve, wrapping]);
    assert!(advice(&unusable).contains("has no key that is of use"));
    // What is for encryption checks no signature.
    let sealed = json!({ "keys": [encryption] }).to_string();
    let sealed = Jwks::parse(&sealed).unwrap();
    assert!(sealed.can_be_reached(KeyManagement::RsaOaep256));
    assert!(!sealed.can_be_reached(KeyManagement::EcdhEs));
    let token = sign(&key_set(&Algorithm::ALL), Algorithm::Rs256, &claims());
    let refused = foreign::verify(&token, &sealed, &Algorithm::ALL);
    assert_eq!(refused.unwrap_err(), JwtRefused::UnknownKey);
    let mut mixed = unusable.as_array().unwrap().clone();
    mixed.push(public(Algorithm::EdDsa));
    assert!(Jwks::parse(&json!({ "keys": mixed }).to_string()).is_ok());
}

#[test]
fn private_members_are_refused_and_the_key_declared_lost() {
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth"] {
        let mut key = public(Algorithm::Rs256);
        key[member] = json!("AQAB");
        key["kid"] = json!("main");
        let advice = advice(&json!([key]));
        assert!(advice.starts_with("key 1 (kid \"main\") has the private member"));
        assert!(advice.contains("replace this key"));
    }
}

#[test]
fn weak_broken_and_ambiguous_keys_are_refused_with_advice() {
    let good = public(Algorithm::Es256);
    let mut moved = good.clone();
    moved["x"] = json!(b64([1; 32]));
    let mut short = good.clone();
    short["y"] = json!(b64([1; 31]));
    let mut mismatched = good.clone();
    mismatched["alg"] = json!("RS256");
    let mut padded = public(Algorithm::EdDsa);
    padded["x"] = json!(format!("{}=", b64([1; 32])));
    let weak = json!({ "kty": "RSA", "e": "AQAB", "n": b64([0xff; 128]) });
    let mut odd_exponent = public(Algorithm::Rs256);
    odd_exponent["e"] = json!(b64([1]));
    let cases = [
        (
            json!([{ "kty": "oct", "k": "AAAA" }]),
            "key 1 is a symmetric key",
        ),
        (json!([good, good]), "has the kid of an earlier key"),
        (json!([moved]), "is not a valid public key"),
        (json!([short]), "\"y\" of 31 bytes where 32 belong"),
        (json!([mismatched]), "does not go with its type"),
        (json!([padded]), "not base64url without padding"),
        (json!([weak]), "RSA key of 1024 bits"),
        (json!([odd_exponent]), "unusual RSA exponent"),
        (json!([{ "kid": "a" }]), "key 1 (kid \"a\") has no \"kty\""),
        (json!(["text"]), "key 1 is no object"),
        (json!([]), "has no key that is of use"),
        (json!({}), "has no list \"keys\""),
        (Value::Array(vec![good.clone(); 21]), "keep at most 20"),
    ];
    for (keys, expected) in cases {
        let said = advice(&keys);
        assert!(said.contains(expected), "{said}");
    }
    assert!(Jwks::parse("[]").is_err());
    assert!(Jwks::parse(r#"{"keys":[],"keys":[]}"#).is_err());
}
