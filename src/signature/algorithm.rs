//! Which algorithms are good enough, by object identifier: what is not on these
//! lists is refused, so MD5 and old GOST need no list of their own. SHA-1 is on
//! none; who still takes it says so.

use der::asn1::ObjectIdentifier as Oid;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Public};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::Unsound;

/// RSA keys are at least so long.
const SHORTEST_RSA: u32 = 2048;

/// A hash function. SHA-2 and Streebog (GOST R 34.11-2012) are good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    Sha256,
    Sha384,
    Sha512,
    Streebog256,
    Streebog512,
    /// Only for those who ask for it ([`Hash::SHA_1`]).
    Sha1,
}

/// A kind of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Rsa,
    Ec,
    Gost256,
    Gost512,
}

const fn oid(text: &str) -> Oid {
    Oid::new_unwrap(text)
}

const HASHES: [(Oid, Hash); 5] = [
    (oid("2.16.840.1.101.3.4.2.1"), Hash::Sha256),
    (oid("2.16.840.1.101.3.4.2.2"), Hash::Sha384),
    (oid("2.16.840.1.101.3.4.2.3"), Hash::Sha512),
    (oid("1.2.643.7.1.1.2.2"), Hash::Streebog256),
    (oid("1.2.643.7.1.1.2.3"), Hash::Streebog512),
];

const KEYS: [(Oid, Key); 4] = [
    (oid("1.2.840.113549.1.1.1"), Key::Rsa),
    (oid("1.2.840.10045.2.1"), Key::Ec),
    (oid("1.2.643.7.1.1.1.1"), Key::Gost256),
    (oid("1.2.643.7.1.1.1.2"), Key::Gost512),
];

const SIGNATURES: [(Oid, Key, Hash); 8] = [
    (oid("1.2.840.113549.1.1.11"), Key::Rsa, Hash::Sha256),
    (oid("1.2.840.113549.1.1.12"), Key::Rsa, Hash::Sha384),
    (oid("1.2.840.113549.1.1.13"), Key::Rsa, Hash::Sha512),
    (oid("1.2.840.10045.4.3.2"), Key::Ec, Hash::Sha256),
    (oid("1.2.840.10045.4.3.3"), Key::Ec, Hash::Sha384),
    (oid("1.2.840.10045.4.3.4"), Key::Ec, Hash::Sha512),
    (oid("1.2.643.7.1.1.3.2"), Key::Gost256, Hash::Streebog256),
    (oid("1.2.643.7.1.1.3.3"), Key::Gost512, Hash::Streebog512),
];

const RSA_WITH_SHA_1: Oid = oid("1.2.840.113549.1.1.5");

/// P-256 and P-384.
const CURVES: [Oid; 2] = [oid("1.2.840.10045.3.1.7"), oid("1.3.132.0.34")];

/// Whether this machine checks GOST signatures: OpenSSL has found the engine.
pub fn gost_is_here() -> bool {
    openssl::init();
    MessageDigest::from_name("md_gost12_256").is_some()
}

impl Hash {
    /// SHA-1, which is broken: for old programs of parties we know.
    pub const SHA_1: Oid = oid("1.3.14.3.2.26");

    /// The function of this identifier.
    ///
    /// # Errors
    /// [`Unsound::WeakAlgorithm`].
    pub fn of(wanted: Oid) -> Result<Self, Unsound> {
        let found = HASHES.iter().find(|(oid, _)| *oid == wanted);
        found.map_or(Err(Unsound::WeakAlgorithm), |(_, hash)| Ok(*hash))
    }

    /// The function as OpenSSL knows it.
    ///
    /// # Errors
    /// [`Unsound::GostUnavailable`].
    pub fn function(self) -> Result<MessageDigest, Unsound> {
        let gost = |name| {
            openssl::init();
            MessageDigest::from_name(name).ok_or(Unsound::GostUnavailable)
        };
        match self {
            Self::Sha1 => Ok(MessageDigest::sha1()),
            Self::Sha256 => Ok(MessageDigest::sha256()),
            Self::Sha384 => Ok(MessageDigest::sha384()),
            Self::Sha512 => Ok(MessageDigest::sha512()),
            Self::Streebog256 => gost("md_gost12_256"),
            Self::Streebog512 => gost("md_gost12_512"),
        }
    }
}

impl Key {
    /// The kind of this key, if it is good enough.
    ///
    /// # Errors
    /// [`Unsound::WeakAlgorithm`], [`Unsound::GostUnavailable`].
    pub fn of(info: &SubjectPublicKeyInfoOwned) -> Result<Self, Unsound> {
        let found = KEYS.iter().find(|(oid, _)| *oid == info.algorithm.oid);
        let (_, key) = found.ok_or(Unsound::WeakAlgorithm)?;
        match key {
            Self::Gost256 | Self::Gost512 if !gost_is_here() => Err(Unsound::GostUnavailable),
            Self::Ec => {
                let curve = info.algorithm.parameters.as_ref();
                let curve = curve.and_then(|curve| curve.decode_as::<Oid>().ok());
                let known = curve.is_some_and(|curve| CURVES.contains(&curve));
                known.then_some(*key).ok_or(Unsound::WeakAlgorithm)
            }
            _ => Ok(*key),
        }
    }

    /// Whether a key of this kind, opened, is long enough.
    pub fn is_long_enough(self, key: &PKey<Public>) -> bool {
        self != Self::Rsa || key.bits() >= SHORTEST_RSA
    }

    /// Whether keys of this kind sign digests of this hash in this way: the
    /// algorithm names the key alone, or the hash with it.
    pub fn signs(self, algorithm: Oid, hash: Hash) -> bool {
        let fits = match self {
            Self::Gost256 => hash == Hash::Streebog256,
            Self::Gost512 => hash == Hash::Streebog512,
            Self::Rsa | Self::Ec => !matches!(hash, Hash::Streebog256 | Hash::Streebog512),
        };
        let named_together = match hash {
            Hash::Sha1 => (algorithm, self) == (RSA_WITH_SHA_1, Self::Rsa),
            _ => SIGNATURES.contains(&(algorithm, self, hash)),
        };
        fits && (KEYS.contains(&(algorithm, self)) || named_together)
    }
}

/// Whether certificates may be signed in this way.
pub fn may_sign_certificates(algorithm: Oid) -> bool {
    SIGNATURES.iter().any(|(oid, _, _)| *oid == algorithm)
}
