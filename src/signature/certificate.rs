//! A certificate that somebody registered with us: its key, its term, and the
//! hashes it is called by. No authority is asked: it is trusted because it was
//! registered.

use der::{Decode as _, EncodePem as _, Reader as _, SliceReader};
use openssl::pkey::{PKey, Public};
use openssl::x509::X509;
use x509_cert::Certificate;

use super::Unsound;
use super::algorithm::{Hash, Key};
use super::cms::Signature;
use super::raw;
use crate::model::timestamp::Timestamp;

/// Why a certificate cannot be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    #[error("not an X.509 certificate in PEM, DER or base64")]
    Unreadable,
    /// Which of them is the relying party's own, is not guessed.
    #[error("more than one certificate: give the relying party's own alone")]
    Several,
    #[error("its key is neither GOST R 34.10-2012 nor RSA of 2048 bits or more")]
    Key,
    #[error("it has a GOST key, and this server has no GOST engine")]
    NoEngine,
}

/// A registered certificate with its key opened.
pub struct SignerCertificate {
    /// The whole of it, DER.
    pub der: Vec<u8>,
    /// Whom it names, as RFC 4514 writes it.
    pub subject: String,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
    kind: Key,
    key: PKey<Public>,
    parsed: Certificate,
    /// Streebog-256 where there is an engine, SHA-256; capital hexadecimal
    /// digits.
    hashes: Vec<String>,
}

impl SignerCertificate {
    /// Reads PEM, DER, or the base64 of DER.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &[u8]) -> Result<Self, CertificateFault> {
        let (der, parsed) = parse(text)?;
        let data = &parsed.tbs_certificate;
        let kind = Key::of(&data.subject_public_key_info).map_err(|unsound| match unsound {
            Unsound::GostUnavailable => CertificateFault::NoEngine,
            _ => CertificateFault::Key,
        })?;
        let opened = X509::from_der(&der).map_err(|_| CertificateFault::Unreadable)?;
        let key = opened.public_key().map_err(|_| CertificateFault::Key)?;
        if kind == Key::Ec || !kind.is_long_enough(&key) {
            return Err(CertificateFault::Key);
        }
        let moment =
            |time: x509_cert::time::Time| Timestamp::default().plus(time.to_unix_duration());
        Ok(Self {
            subject: data.subject.to_string(),
            not_before: moment(data.validity.not_before),
            not_after: moment(data.validity.not_after),
            hashes: hashes(&der),
            der,
            kind,
            key,
            parsed,
        })
    }

    /// Whether it may sign at `now`.
    pub fn is_in_term(&self, now: Timestamp) -> bool {
        self.not_before <= now && now < self.not_after
    }

    /// Whether it has a GOST key.
    pub const fn is_gost(&self) -> bool {
        matches!(self.kind, Key::Gost256 | Key::Gost512)
    }

    /// The hashes it may be called by.
    pub fn hashes(&self) -> &[String] {
        &self.hashes
    }

    /// Whether this is a hash of it, in whatever case.
    pub fn is_called(&self, hash: &str) -> bool {
        self.hashes.iter().any(|own| own.eq_ignore_ascii_case(hash))
    }

    /// Whether the signer of a CMS file says to be the holder.
    pub fn is_named_by(&self, signature: &Signature) -> bool {
        signature.names(&self.parsed)
    }

    /// The same by the certificate's number alone.
    pub fn is_numbered_by(&self, signature: &Signature) -> bool {
        signature.serial_number() == Some(&self.parsed.tbs_certificate.serial_number)
    }

    /// Whether a CMS file is the holder's signature of `text`.
    ///
    /// # Errors
    /// Why not.
    pub fn verify_cms(
        &self,
        signature: &Signature,
        text: &[u8],
        sha1_too: bool,
    ) -> Result<(), Unsound> {
        if signature
            .content
            .as_ref()
            .is_some_and(|content| content != text)
        {
            return Err(Unsound::OtherText);
        }
        let hash = match sha1_too {
            true => signature.hash_or_sha1()?,
            false => signature.hash()?,
        };
        signature.verify(text, hash, self.kind, &self.key)
    }

    /// Whether a bare value is the holder's signature of `text`.
    ///
    /// # Errors
    /// Why not.
    pub fn verify_raw(&self, value: &[u8], text: &[u8]) -> Result<(), Unsound> {
        raw::verify(value, text, self.kind, &self.key)
    }

    /// A certificate in the form in which it is kept, PEM. One with a GOST key
    /// may be registered where there is no engine: it is of use once there is.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn to_be_kept(text: &[u8]) -> Result<String, CertificateFault> {
        let (_, parsed) = parse(text)?;
        match Self::read(text) {
            Ok(_) | Err(CertificateFault::NoEngine) => parsed
                .to_pem(der::pem::LineEnding::LF)
                .map_err(|_| CertificateFault::Unreadable),
            Err(fault) => Err(fault),
        }
    }
}

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// The certificate and its bytes, without what stands behind it: that would be
/// hashed along.
fn parse(text: &[u8]) -> Result<(Vec<u8>, Certificate), CertificateFault> {
    let begins = |part: &&[u8]| *part == BEGIN;
    if text.windows(BEGIN.len()).filter(begins).count() > 1 {
        return Err(CertificateFault::Several);
    }
    let unreadable = |_| CertificateFault::Unreadable;
    let all = super::cms::bytes(text).ok_or(CertificateFault::Unreadable)?;
    let mut reader = SliceReader::new(&all).map_err(unreadable)?;
    let der = reader.tlv_bytes().map_err(unreadable)?.to_vec();
    let parsed = Certificate::from_der(&der).map_err(unreadable)?;
    Ok((der, parsed))
}

impl std::fmt::Debug for SignerCertificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignerCertificate")
            .field("subject", &self.subject)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

fn hashes(der: &[u8]) -> Vec<String> {
    [Hash::Streebog256, Hash::Sha256]
        .into_iter()
        .filter_map(|hash| hash.function().ok())
        .filter_map(|function| openssl::hash::hash(function, der).ok())
        .map(|digest| digest.iter().map(|byte| format!("{byte:02X}")).collect())
        .collect()
}
