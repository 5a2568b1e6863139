//! Key pairs of ours whose public halves are published as certificates, for
//! parties that know no key sets.

use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::{Signer, Verifier};
use openssl::x509::{X509, X509Builder, X509NameBuilder};
use zeroize::Zeroizing;

use super::algorithm::Hash;
use crate::error::{Internal, Result};
use crate::model::certified_algorithm::CertifiedAlgorithm;
use crate::model::timestamp::Timestamp;

/// A GOST key in PKCS #8 up to its 32 bytes: the parameters are
/// id-GostR3410-2001-CryptoPro-XchA, which ESIA itself uses.
const GOST_PKCS8: [u8; 40] = [
    0x30, 0x46, 0x02, 0x01, 0x00, 0x30, 0x1f, 0x06, 0x08, 0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x01,
    0x01, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x85, 0x03, 0x02, 0x02, 0x24, 0x00, 0x06, 0x08, 0x2a, 0x85,
    0x03, 0x07, 0x01, 0x01, 0x02, 0x02, 0x04, 0x20,
];

fn digest_of(algorithm: CertifiedAlgorithm) -> Result<MessageDigest> {
    let hash = match algorithm {
        CertifiedAlgorithm::Rs256 => Hash::Sha256,
        CertifiedAlgorithm::Gost256 => Hash::Streebog256,
    };
    hash.function().map_err(Internal::from)
}

/// A key pair and its certificate.
pub struct CertifiedKey {
    pub algorithm: CertifiedAlgorithm,
    /// The certificate as text.
    pub pem: String,
    key: PKey<Private>,
    certificate: X509,
}

impl CertifiedKey {
    /// Makes a key pair and its own certificate for `name`, good from `begin`
    /// for so many days. The library draws from its own generator.
    ///
    /// # Errors
    /// When there is no engine for GOST.
    pub fn generate(
        algorithm: CertifiedAlgorithm,
        name: &str,
        begin: Timestamp,
        days: u32,
    ) -> Result<(Zeroizing<Vec<u8>>, Self)> {
        // Before anything else: without the engine OpenSSL would say less.
        let digest = digest_of(algorithm)?;
        let pkcs8 = Zeroizing::new(match algorithm {
            CertifiedAlgorithm::Rs256 => {
                PKey::from_rsa(Rsa::generate(2048)?)?.private_key_to_pkcs8()?
            }
            CertifiedAlgorithm::Gost256 => gost_key()?,
        });
        let key = PKey::private_key_from_pkcs8(&pkcs8)?;
        let mut subject = X509NameBuilder::new()?;
        subject.append_entry_by_text("CN", name)?;
        let subject = subject.build();
        let mut serial = [0; 16];
        openssl::rand::rand_bytes(&mut serial)?;
        serial[0] &= 0x7f;
        let mut builder = X509Builder::new()?;
        builder.set_version(2)?;
        builder.set_serial_number(&*Asn1Integer::from_bn(&*BigNum::from_slice(&serial)?)?)?;
        builder.set_subject_name(&subject)?;
        builder.set_issuer_name(&subject)?;
        builder.set_not_before(&*Asn1Time::from_unix(begin.seconds())?)?;
        let end = begin.seconds() + i64::from(days) * 86_400;
        builder.set_not_after(&*Asn1Time::from_unix(end)?)?;
        builder.set_pubkey(&key)?;
        builder.sign(&key, digest)?;
        let certificate = builder.build();
        Ok((pkcs8, Self::new(algorithm, key, certificate)?))
    }

    /// A stored pair; the certificate is the key's own.
    ///
    /// # Errors
    /// When either is damaged, or the certificate is another's.
    pub fn parse(algorithm: CertifiedAlgorithm, pkcs8: &[u8], pem: &str) -> Result<Self> {
        let key = PKey::private_key_from_pkcs8(pkcs8)?;
        Self::new(algorithm, key, X509::from_pem(pem.as_bytes())?)
    }

    fn new(algorithm: CertifiedAlgorithm, key: PKey<Private>, certificate: X509) -> Result<Self> {
        let pem = String::from_utf8(certificate.to_pem()?)?;
        let made = Self {
            algorithm,
            pem,
            key,
            certificate,
        };
        // What rows of the database mixed up would sign under a foreign name.
        let probe = b"is it mine";
        match made.has_signed(probe, &made.sign(probe)?)? {
            true => Ok(made),
            false => Err(Internal::new("a certificate is not that of its key")),
        }
    }

    /// The certificate, DER.
    ///
    /// # Errors
    /// Only internal ones.
    pub fn der(&self) -> Result<Vec<u8>> {
        Ok(self.certificate.to_der()?)
    }

    /// The public key alone, PEM.
    ///
    /// # Errors
    /// Only internal ones.
    pub fn public_pem(&self) -> Result<Vec<u8>> {
        Ok(self.certificate.public_key()?.public_key_to_pem()?)
    }

    /// What the certificate is called: its SHA-256, in hexadecimal digits.
    ///
    /// # Errors
    /// Only internal ones.
    pub fn fingerprint(&self) -> Result<String> {
        let digest = self.certificate.digest(MessageDigest::sha256())?;
        Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// A signature of `text`: for GOST `s ‖ r`.
    ///
    /// # Errors
    /// When the library cannot sign.
    pub fn sign(&self, text: &[u8]) -> Result<Vec<u8>> {
        let mut signer = Signer::new(digest_of(self.algorithm)?, &self.key)?;
        Ok(signer.sign_oneshot_to_vec(text)?)
    }

    /// Whether a signature of `text` is this key's.
    ///
    /// # Errors
    /// When the library cannot say.
    pub fn has_signed(&self, text: &[u8], signature: &[u8]) -> Result<bool> {
        let public = self.certificate.public_key()?;
        let mut verifier = Verifier::new(digest_of(self.algorithm)?, &public)?;
        Ok(verifier.verify_oneshot(signature, text).unwrap_or(false))
    }
}

/// A private number below the order of the group, little-endian, in PKCS #8.
fn gost_key() -> Result<Vec<u8>> {
    let mut number = Zeroizing::new([0; 32]);
    loop {
        openssl::rand::rand_bytes(&mut *number)?;
        // The order begins with sixteen bytes of ones.
        let is_below = number[16..].iter().any(|byte| *byte != 0xff);
        if is_below && number.iter().any(|byte| *byte != 0) {
            break;
        }
    }
    let mut pkcs8 = GOST_PKCS8.to_vec();
    pkcs8.extend_from_slice(&*number);
    Ok(pkcs8)
}
