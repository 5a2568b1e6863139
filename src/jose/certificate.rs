//! The public key inside a certificate, as numbers like those of a JWK: the
//! two are the same key when their thumbprints are.

use der::asn1::{ObjectIdentifier, UintRef};
use der::{Decode as _, Sequence};
use x509_cert::Certificate;

use super::public_key::PublicKey;

/// `rsaEncryption` (RFC 8017 A.1).
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// `id-ecPublicKey` (RFC 5480 §2.1.1).
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// `secp256r1` (RFC 5480 §2.1.1.1).
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
/// `id-Ed25519` (RFC 8410 §3).
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// `RSAPublicKey` (RFC 8017 A.1.1).
#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

/// Whether this is a certificate in DER.
pub(super) fn is_one(der: &[u8]) -> bool {
    Certificate::from_der(der).is_ok()
}

/// The key, where it is of a kind we work with.
pub(super) fn public_key(der: &[u8]) -> Option<PublicKey> {
    let certificate = Certificate::from_der(der).ok()?;
    let info = certificate.tbs_certificate.subject_public_key_info;
    let bytes = info.subject_public_key.as_bytes()?;
    match info.algorithm.oid {
        RSA => {
            let key = RsaPublicKey::from_der(bytes).ok()?;
            Some(PublicKey::Rsa {
                n: key.modulus.as_bytes().to_vec(),
                e: key.exponent.as_bytes().to_vec(),
            })
        }
        EC => {
            let curve: ObjectIdentifier = info.algorithm.parameters?.decode_as().ok()?;
            // SEC 1 §2.3.3: 04 ‖ x ‖ y. Points in short form are rare, and
            // registered as a certificate instead.
            let (4, point) = bytes.split_first().map(|(form, point)| (*form, point))? else {
                return None;
            };
            if curve != P256 || point.len() != 64 {
                return None;
            }
            let (x, y) = point.split_at(32);
            Some(PublicKey::P256 {
                x: x.to_vec(),
                y: y.to_vec(),
            })
        }
        ED25519 => Some(PublicKey::Ed25519 { x: bytes.to_vec() }),
        _ => None,
    }
}
