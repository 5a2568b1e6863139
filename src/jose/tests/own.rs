//! Tokens of ours: made, believed, published.

use std::time::Duration;

use serde_json::{Value, json};

use super::{NOW, claims, key_set, record, sign, with_header};
use crate::jose::{JwtRefused, KeySet, Stage, generate};
use crate::model::algorithm::Algorithm;
use crate::model::key_purpose::KeyPurpose;
use crate::model::timestamp::Timestamp;

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn a_token_of_every_algorithm_comes_back_as_it_was() {
    let set = key_set(&Algorithm::ALL);
    assert_eq!(set.missing(NOW), [KeyPurpose::Decryption]);
    for alg in Algorithm::ALL {
        for typ in ["at+jwt", "JWT", "some \"other\""] {
            let signer = set.signer(alg, NOW).unwrap();
            let token = signer.sign(typ, &claims()).unwrap();
            let read = set.verify(&token, NOW).unwrap();
            assert_eq!(read.typ, typ);
            assert_eq!(read.kid, signer.kid());
            assert_eq!(read.claims, claims());
        }
    }
}

#[test]
fn a_foreign_library_believes_our_tokens_by_the_published_keys() {
    let set = key_set(&Algorithm::ALL);
    let jwks = set.jwks(NOW, HOUR);
    let jwks: jsonwebtoken::jwk::JwkSet = serde_json::from_str(&jwks).unwrap();
    for alg in Algorithm::ALL {
        let token = sign(&set, alg, &claims());
        let header = jsonwebtoken::decode_header(&token).unwrap();
        let key = jwks.find(&header.kid.unwrap()).unwrap();
        let mut rules = jsonwebtoken::Validation::new(header.alg);
        rules.required_spec_claims.clear();
        rules.validate_exp = false;
        let key = jsonwebtoken::DecodingKey::from_jwk(key).unwrap();
        let read = jsonwebtoken::decode::<Value>(&token, &key, &rules).unwrap();
        assert_eq!(read.claims, claims());
    }
}

#[test]
fn any_changed_character_spoils_a_token() {
    let set = key_set(&[Algorithm::Es256]);
    let token = sign(&set, Algorithm::Es256, &claims());
    for at in 0..token.len() {
        let mut forged = token.clone().into_bytes();
        forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).unwrap();
        assert!(set.verify(&forged, NOW).is_err(), "character {at}");
    }
}

#[test]
fn a_token_of_another_provider_is_not_ours() {
    let token = sign(&key_set(&[Algorithm::Es256]), Algorithm::Es256, &claims());
    let refused = key_set(&[Algorithm::Es256]).verify(&token, NOW);
    assert_eq!(refused.unwrap_err(), JwtRefused::UnknownKey);
}

#[test]
fn a_key_is_believed_for_its_own_algorithm_only() {
    let set = key_set(&[Algorithm::Rs256, Algorithm::Ps256]);
    let token = sign(&set, Algorithm::Rs256, &claims());
    let kid = set.signer(Algorithm::Rs256, NOW).unwrap().kid();
    let forged = with_header(&token, &json!({ "alg": "PS256", "kid": kid }));
    let refused = set.verify(&forged, NOW).unwrap_err();
    assert_eq!(refused, JwtRefused::Algorithm);
}

#[test]
fn rotation_publishes_before_use_and_keeps_the_old_key_for_living_tokens() {
    let old = generate(Algorithm::Es256).unwrap();
    let new = generate(Algorithm::Es256).unwrap();
    let (old_kid, new_kid) = (old.kid.clone(), new.kid.clone());
    let change = NOW.plus(HOUR);
    let set = KeySet::new(vec![record(old, NOW), record(new, change)]).unwrap();
    let signs = |now: Timestamp| set.signer(Algorithm::Es256, now).unwrap().kid().to_owned();
    let published = |now: Timestamp| {
        let jwks: Value = serde_json::from_str(&set.jwks(now, HOUR)).unwrap();
        let keys = jwks["keys"].as_array().unwrap();
        let has = |kid: &str| keys.iter().any(|key| key["kid"] == kid);
        (has(&old_kid), has(&new_kid))
    };
    assert_eq!(
        (signs(NOW), published(NOW)),
        (old_kid.clone(), (true, true))
    );
    let token = sign(&set, Algorithm::Es256, &claims());
    assert_eq!(signs(change), new_kid);
    assert_eq!(published(change), (true, true));
    let later = change.plus(HOUR);
    assert_eq!(published(later), (false, true));
    // An old id_token_hint is still recognised.
    assert!(set.verify(&token, later).is_ok());
    assert_eq!(set.states(later, HOUR)[0].stage, Stage::Expired);
}

#[test]
fn a_withdrawn_key_is_neither_published_nor_believed() {
    let mut withdrawn = record(generate(Algorithm::EdDsa).unwrap(), NOW);
    withdrawn.times.retired_at = Some(NOW.plus(HOUR));
    let set = KeySet::new(vec![withdrawn]).unwrap();
    let token = sign(&set, Algorithm::EdDsa, &claims());
    assert!(set.verify(&token, NOW).is_ok());
    let later = NOW.plus(HOUR);
    assert_eq!(
        set.verify(&token, later).unwrap_err(),
        JwtRefused::UnknownKey
    );
    assert_eq!(set.jwks(later, HOUR), r#"{"keys":[]}"#);
    assert!(set.signer(Algorithm::EdDsa, later).is_none());
    assert_eq!(set.missing(later), KeyPurpose::ALL);
}

#[test]
fn stored_keys_that_were_mixed_up_stop_the_start() {
    let mut mixed = record(generate(Algorithm::Es256).unwrap(), NOW);
    mixed.kid = generate(Algorithm::Es256).unwrap().kid;
    assert!(KeySet::new(vec![mixed]).is_err());
}

#[test]
fn the_published_key_has_public_members_only() {
    for alg in Algorithm::ALL {
        let key = generate(alg).unwrap();
        let jwk: Value = serde_json::from_str(&key.public_jwk).unwrap();
        let mut names: Vec<_> = jwk
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        names.sort_unstable();
        let expected: &[&str] = match alg {
            Algorithm::Rs256 | Algorithm::Ps256 => &["alg", "e", "kid", "kty", "n", "use"],
            Algorithm::Es256 => &["alg", "crv", "kid", "kty", "use", "x", "y"],
            Algorithm::EdDsa => &["alg", "crv", "kid", "kty", "use", "x"],
        };
        assert_eq!(names, expected);
        assert_eq!(jwk["kid"], key.kid.as_str());
    }
}
