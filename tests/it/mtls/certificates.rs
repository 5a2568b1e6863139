//! Authorities of clients and the certificates they sign, made by a library
//! that is not ours.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair,
    KeyUsagePurpose, RsaKeySize, date_time_ymd,
};
use serde_json::{Value, json};

/// The kinds of keys that clients have (item 125).
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Rsa,
    P256,
    P384,
}

impl Kind {
    pub fn key(self) -> KeyPair {
        match self {
            Self::Rsa => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048),
            Self::P256 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256),
            Self::P384 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384),
        }
        .unwrap()
    }
}

/// A certificate and its key, as a client shows them.
pub struct Identity {
    pub der: Vec<u8>,
    pub pem: String,
    pub key: KeyPair,
}

/// What is usual in a certificate of a client: a name, and a term around the
/// test's clock.
pub fn usual(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    for (kind, text) in [
        (DnType::CountryName, "RU"),
        (DnType::OrganizationName, "Region 34"),
        (DnType::CommonName, name),
    ] {
        params.distinguished_name.push(kind, text);
    }
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2027, 1, 1);
    params
}

impl Identity {
    pub fn self_signed(params: CertificateParams, key: KeyPair) -> Self {
        let made = params.self_signed(&key).unwrap();
        Self {
            der: made.der().to_vec(),
            pem: made.pem(),
            key,
        }
    }

    /// As a client of HTTP takes it.
    pub fn of_client(&self) -> reqwest::Identity {
        let pem = format!("{}{}", self.pem, self.key.serialize_pem());
        reqwest::Identity::from_pem(pem.as_bytes()).unwrap()
    }

    /// The same with the certificates that lead to its authority.
    pub fn through(mut self, between: &str) -> Self {
        self.pem.push_str(between);
        self
    }

    /// Its thumbprint (RFC 8705 §3.1).
    pub fn thumbprint(&self) -> String {
        let hash = ring::digest::digest(&ring::digest::SHA256, &self.der);
        URL_SAFE_NO_PAD.encode(hash)
    }

    /// A key set with the certificate (`x5c`) beside its key.
    pub fn with_x5c(&self) -> Value {
        let mut jwk = jwk(&self.key);
        jwk["x5c"] = json!([STANDARD.encode(&self.der)]);
        json!({ "keys": [jwk] })
    }
}

/// An authority.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn params(name: &str) -> CertificateParams {
        let mut params = usual(name);
        params.not_after = date_time_ymd(2035, 1, 1);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params
    }

    pub fn new(name: &str) -> Self {
        let key = Kind::P256.key();
        Self(CertifiedIssuer::self_signed(Self::params(name), key).unwrap())
    }

    /// One that this one vouches for.
    pub fn below(&self, name: &str) -> Self {
        let key = Kind::Rsa.key();
        Self(CertifiedIssuer::signed_by(Self::params(name), key, &self.0).unwrap())
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    pub fn sign(&self, params: CertificateParams, key: KeyPair) -> Identity {
        let made = params.signed_by(&key, &self.0).unwrap();
        Identity {
            der: made.der().to_vec(),
            pem: made.pem(),
            key,
        }
    }
}

/// The public JWK of a key pair, its members taken out by libraries that are
/// not ours.
pub fn jwk(key: &KeyPair) -> Value {
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let raw = key.public_key_raw();
    match raw.len() {
        // An uncompressed point (SEC 1 §2.3.3).
        length @ (65 | 97) => {
            let (x, y) = raw[1..].split_at(length / 2);
            let curve = if length == 65 { "P-256" } else { "P-384" };
            json!({ "kty": "EC", "crv": curve, "x": text(x), "y": text(y) })
        }
        _ => {
            let key = openssl::rsa::Rsa::public_key_from_der_pkcs1(raw).unwrap();
            json!({ "kty": "RSA", "n": text(&key.n().to_vec()), "e": text(&key.e().to_vec()) })
        }
    }
}
