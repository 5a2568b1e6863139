//! Tokens that must never be believed (RFC 8725 §2, §3).

use serde_json::{Value, json};

use super::{NOW, b64, claims, key_set, sign, with_header};
use crate::jose::{Jwks, JwtRefused, KeySet, MAX_TOKEN, foreign};
use crate::model::algorithm::Algorithm;

/// One token, refused in the same way as ours and as a client's.
fn refused(set: &KeySet, token: &str) -> JwtRefused {
    let own = set.verify(token, NOW).unwrap_err();
    let jwks = Jwks::parse(&set.jwks(NOW, std::time::Duration::ZERO)).unwrap();
    let theirs = foreign::verify(token, &jwks, &Algorithm::ALL).unwrap_err();
    assert_eq!(own, theirs, "{token}");
    own
}

fn token_of(header: &Value, signature: &[u8]) -> String {
    format!(
        "{}.{}.{}",
        b64(header.to_string()),
        b64(claims().to_string()),
        b64(signature)
    )
}

#[test]
fn attack_33_algorithm_none_is_refused_however_spelt() {
    let set = key_set(&[Algorithm::Es256]);
    let kid = set.signer(Algorithm::Es256, NOW).unwrap().kid();
    for none in ["none", "None", "NONE", ""] {
        let header = json!({ "alg": none, "kid": kid });
        assert_eq!(
            refused(&set, &token_of(&header, b"x")),
            JwtRefused::Algorithm
        );
        assert_eq!(
            refused(&set, &token_of(&header, b"")),
            JwtRefused::Malformed
        );
    }
}

#[test]
fn attack_33_a_public_key_is_no_hmac_secret() {
    let set = key_set(&[Algorithm::Rs256]);
    let jwks: Value = serde_json::from_str(&set.jwks(NOW, std::time::Duration::ZERO)).unwrap();
    let key = &jwks["keys"][0];
    let secret = key.to_string();
    let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
    header.kid = key["kid"].as_str().map(ToOwned::to_owned);
    let secret = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
    let token = jsonwebtoken::encode(&header, &claims(), &secret).unwrap();
    assert_eq!(refused(&set, &token), JwtRefused::Algorithm);
}

#[test]
fn attack_33_a_key_brought_in_the_header_is_not_used() {
    let set = key_set(&[Algorithm::Es256]);
    let kid = set.signer(Algorithm::Es256, NOW).unwrap().kid().to_owned();
    let attacker = crate::jose::generate(Algorithm::Es256).unwrap();
    let jwk: Value = serde_json::from_str(&attacker.public_jwk).unwrap();
    let key = jsonwebtoken::EncodingKey::from_ec_der(&attacker.pkcs8);
    for name in [Some(kid), None] {
        let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256);
        header.jwk = Some(serde_json::from_value(jwk.clone()).unwrap());
        header.jku = Some("https://attacker.example/jwks".into());
        header.x5c = Some(vec!["AAAA".into()]);
        header.kid.clone_from(&name);
        let token = jsonwebtoken::encode(&header, &claims(), &key).unwrap();
        let expected = match name {
            Some(_) => JwtRefused::Signature,
            // Ours always name their key; a client's need not.
            None => {
                assert!(set.verify(&token, NOW).is_err());
                continue;
            }
        };
        assert_eq!(refused(&set, &token), expected);
    }
    let unnamed = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256);
    let token = jsonwebtoken::encode(&unnamed, &claims(), &key).unwrap();
    let jwks = Jwks::parse(&set.jwks(NOW, std::time::Duration::ZERO)).unwrap();
    assert_eq!(
        foreign::verify(&token, &jwks, &Algorithm::ALL).unwrap_err(),
        JwtRefused::Signature
    );
}

#[test]
fn attack_33_a_kid_is_only_a_name() {
    let set = key_set(&[Algorithm::Es256]);
    for kid in ["../../dev/null", "' or '1'='1", "", "https://x/", "\0"] {
        let token = token_of(&json!({ "alg": "ES256", "kid": kid }), &[0; 64]);
        assert_eq!(refused(&set, &token), JwtRefused::UnknownKey);
    }
    let token = token_of(&json!({ "alg": "ES256", "kid": ["a"] }), &[0; 64]);
    assert_eq!(refused(&set, &token), JwtRefused::Malformed);
}

#[test]
fn attack_33_critical_headers_are_refused() {
    let set = key_set(&[Algorithm::Es256]);
    let token = sign(&set, Algorithm::Es256, &claims());
    let kid = set.signer(Algorithm::Es256, NOW).unwrap().kid();
    let header = json!({ "alg": "ES256", "kid": kid, "crit": ["b64"], "b64": false });
    assert_eq!(
        refused(&set, &with_header(&token, &header)),
        JwtRefused::Critical
    );
}

#[test]
fn attack_33_wrong_types_are_refused() {
    let client = key_set(&[Algorithm::Es256]);
    let jwks = Jwks::parse(&client.jwks(NOW, std::time::Duration::ZERO)).unwrap();
    let signer = client.signer(Algorithm::Es256, NOW).unwrap();
    let verify = |typ| {
        let token = signer.sign(typ, &claims()).unwrap();
        foreign::verify(&token, &jwks, &Algorithm::ALL).err()
    };
    for typ in ["JWT", "jwt", "client-authentication+jwt", "application/jwt"] {
        assert_eq!(verify(typ), None, "{typ}");
    }
    for typ in [
        "at+jwt",
        "logout+jwt",
        "dpop+jwt",
        "oauth-authz-req+jwt",
        "",
    ] {
        assert_eq!(verify(typ), Some(JwtRefused::Type), "{typ}");
    }
}

#[test]
fn attack_33_an_algorithm_outside_the_registration_is_refused() {
    let client = key_set(&[Algorithm::Es256]);
    let jwks = Jwks::parse(&client.jwks(NOW, std::time::Duration::ZERO)).unwrap();
    let token = sign(&client, Algorithm::Es256, &claims());
    let refused = foreign::verify(&token, &jwks, &[Algorithm::Rs256]).unwrap_err();
    assert_eq!(refused, JwtRefused::Algorithm);
}

#[test]
fn misshapen_tokens_are_refused() {
    let set = key_set(&[Algorithm::Es256]);
    let token = sign(&set, Algorithm::Es256, &claims());
    let (head, rest) = token.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    let twice = b64(r#"{"alg":"ES256","alg":"none"}"#);
    for misshapen in [
        String::new(),
        "..".into(),
        head.into(),
        format!("{head}.{payload}"),
        format!("{head}.{payload}."),
        format!("{head}..{signature}"),
        format!(".{payload}.{signature}"),
        format!("{token}.{signature}"),
        format!("{head}.a.b.{payload}.{signature}"),
        format!("{twice}.{payload}.{signature}"),
        format!("{head}=.{payload}.{signature}"),
        format!("{head}.{payload}.{signature}=="),
        format!(" {token}"),
        format!("{}.{payload}.{signature}", b64("[]")),
        format!("{}.{payload}.{signature}", b64("{}")),
        format!("{}.{payload}.{signature}", b64("{\"a\":".repeat(2000))),
    ] {
        assert_eq!(refused(&set, &misshapen), JwtRefused::Malformed);
    }
    let long = format!("{token}{}", "A".repeat(MAX_TOKEN));
    assert_eq!(refused(&set, &long), JwtRefused::TooLarge);
}

#[test]
fn claims_with_a_repeated_member_are_refused_even_when_signed() {
    let key = crate::jose::generate(Algorithm::EdDsa).unwrap();
    let pair = aws_lc_rs::signature::Ed25519KeyPair::from_pkcs8(&key.pkcs8).unwrap();
    let signed = format!(
        "{}.{}",
        b64(json!({ "alg": "EdDSA", "kid": key.kid }).to_string()),
        b64(r#"{"aud":"us","nested":{"a":1,"a":2}}"#)
    );
    let token = format!("{signed}.{}", b64(pair.sign(signed.as_bytes())));
    let set = KeySet::new(vec![super::record(key, NOW)]).unwrap();
    assert_eq!(refused(&set, &token), JwtRefused::Malformed);
}
