//! The certificates and texts of the test vectors: what a relying party has
//! registered, and what it would sign.

use std::sync::LazyLock;

use crate::signature::SignerCertificate;
use serde_json::Value;

pub struct Registered {
    pub certificates: Vec<SignerCertificate>,
    pub texts: Vec<String>,
}

pub static REGISTERED: LazyLock<Registered> = LazyLock::new(|| {
    let vectors = include_str!("../../tests/it/esia/vectors.json");
    let vectors: Value = serde_json::from_str(vectors).expect("the vectors are JSON");
    let members = |name: &str| vectors[name].as_object().expect("an object").values();
    let pem = |key: &Value| key["cert_pem"].as_str().expect("PEM").as_bytes().to_vec();
    let certificates = members("keys").map(|key| SignerCertificate::read(&pem(key)));
    let texts = members("messages").map(|text| text.as_str().expect("a text").to_owned());
    Registered {
        certificates: certificates
            .collect::<Result<_, _>>()
            .expect("certificates that this machine reads; GOST needs its engine"),
        texts: texts.collect(),
    }
});

/// Nothing is a signature of two texts, or of two people.
pub fn is_of_one_at_most(is_good: impl Fn(&SignerCertificate, &[u8]) -> bool) {
    let registered = &*REGISTERED;
    let mut good = 0;
    for certificate in &registered.certificates {
        for text in &registered.texts {
            good += usize::from(is_good(certificate, text.as_bytes()));
        }
    }
    assert!(good <= 1, "one signature is good for {good} things");
}
