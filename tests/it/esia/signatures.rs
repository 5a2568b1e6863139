//! Signatures of other programs: each is taken for its text and its
//! certificate, and for nothing that differs in one byte.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use propusk::signature::{Hash, Signature, SignerCertificate, gost_is_here};
use serde_json::Value;

struct Vectors(Value);

impl Vectors {
    fn read() -> Self {
        Self(serde_json::from_str(include_str!("vectors.json")).unwrap())
    }

    fn keys(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0["keys"].as_object().unwrap().iter()
    }

    fn text(&self, name: &str) -> &[u8] {
        self.0["messages"][name].as_str().unwrap().as_bytes()
    }
}

const MESSAGES: [&str; 3] = ["v1_ac_te", "v2_ac", "v3_te_code"];
const FORMS: [&str; 3] = [
    "cms_detached_b64u",
    "cms_detached_noattr_b64u",
    "cms_attached_b64u",
];

fn certificate(key: &Value) -> SignerCertificate {
    SignerCertificate::read(key["cert_pem"].as_str().unwrap().as_bytes()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap()
}

fn is_cms_of(file: &[u8], text: &[u8], certificate: &SignerCertificate) -> bool {
    Signature::read(file).is_ok_and(|signature| {
        certificate.is_named_by(&signature)
            && certificate.verify_cms(&signature, text, false).is_ok()
    })
}

/// The same with one byte changed, at each place.
fn damaged(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len()).map(|at| {
        let mut other = bytes.to_vec();
        other[at] ^= 0x01;
        other
    })
}

#[test]
fn every_vector_is_taken_for_its_text_and_certificate_only() {
    assert!(gost_is_here(), "the engine is installed by bin/test");
    let vectors = Vectors::read();
    assert_eq!(vectors.keys().count(), 5);
    let mut taken = 0;
    for (name, key) in vectors.keys() {
        let own = certificate(key);
        assert_eq!(own.is_gost(), name != "rsa2048");
        for message in MESSAGES {
            let text = vectors.text(message);
            for form in FORMS {
                let cms = bytes(&key[message][form]);
                assert!(is_cms_of(&cms, text, &own), "{name} {message} {form}");
                for other in MESSAGES.iter().filter(|other| **other != message) {
                    assert!(!is_cms_of(&cms, vectors.text(other), &own));
                }
                for text in damaged(text) {
                    assert!(!is_cms_of(&cms, &text, &own), "{name} {message} {form}");
                }
                for (foreign, key) in vectors.keys().filter(|(other, _)| *other != name) {
                    assert!(!is_cms_of(&cms, text, &certificate(key)), "{foreign}");
                }
                taken += 1;
            }
            if let Some(raw) = key[message].get("raw_s_then_r_b64u") {
                let raw = bytes(raw);
                assert!(own.verify_raw(&raw, text).is_ok(), "{name} {message} raw");
                for raw in damaged(&raw) {
                    assert!(own.verify_raw(&raw, text).is_err());
                }
                for text in damaged(text) {
                    assert!(own.verify_raw(&raw, &text).is_err());
                }
                // As CryptoPro writes it, byte for byte the other way round.
                let reversed: Vec<u8> = raw.iter().rev().copied().collect();
                assert!(own.verify_raw(&reversed, text).is_err());
                taken += 1;
            }
        }
    }
    assert_eq!(taken, 5 * 9 + 4 * 3);
}

/// A byte of the value, of the digest or of a signed attribute is enough; the
/// certificate inside is not what counts.
#[test]
fn a_damaged_cms_is_of_nobody() {
    let vectors = Vectors::read();
    for (name, key) in vectors.keys() {
        let own = certificate(key);
        let text = vectors.text("v1_ac_te");
        for form in FORMS {
            let cms = bytes(&key["v1_ac_te"][form]);
            // The value is the end of the file.
            for at in cms.len() - 64..cms.len() {
                let mut other = cms.clone();
                other[at] ^= 0x01;
                assert!(!is_cms_of(&other, text, &own), "{name} {form} {at}");
            }
        }
    }
}

#[test]
fn a_damaged_certificate_is_another_one() {
    let vectors = Vectors::read();
    for (name, key) in vectors.keys() {
        let own = certificate(key);
        let cms = bytes(&key["v1_ac_te"]["cms_detached_b64u"]);
        let text = vectors.text("v1_ac_te");
        let mut still = 0;
        for (at, der) in damaged(&own.der).enumerate() {
            let Ok(other) = SignerCertificate::read(&der) else {
                continue;
            };
            assert_ne!(other.hashes(), own.hashes(), "{name} {at}");
            // Parts that are neither name, number nor key leave the signature
            // good: what is registered is the whole, found by its hash.
            still += usize::from(is_cms_of(&cms, text, &other));
        }
        assert!(still < own.der.len(), "{name}");
    }
}

#[test]
fn certificates_are_called_by_their_hashes() {
    let vectors = Vectors::read();
    for (name, key) in vectors.keys() {
        let own = certificate(key);
        let text = |member: &str| key[member].as_str().unwrap();
        let (streebog, sha) = (
            text("cert_der_streebog256_hex_upper"),
            text("cert_der_sha256_hex_upper"),
        );
        assert_eq!(own.hashes(), [streebog, sha], "{name}");
        assert!(own.is_called(&streebog.to_lowercase()) && own.is_called(sha));
        assert!(!own.is_called(&streebog[..40]) && !own.is_called(""));
        // The same certificate in each of its forms.
        for form in [own.der.clone(), STANDARD.encode(&own.der).into_bytes()] {
            assert_eq!(
                SignerCertificate::read(&form).unwrap().hashes(),
                own.hashes()
            );
        }
    }
}

#[test]
fn streebog_is_the_function_of_the_vectors() {
    let vectors = Vectors::read();
    let key = &vectors.0["keys"]["gost256_A"];
    for message in MESSAGES {
        let function = Hash::Streebog256.function().unwrap();
        let digest = openssl::hash::hash(function, vectors.text(message)).unwrap();
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, key[message]["streebog256_hex"].as_str().unwrap());
    }
}
