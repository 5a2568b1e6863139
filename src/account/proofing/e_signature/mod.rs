//! Qualified electronic signatures: whether a file is a signature of our text
//! by a person whom a trusted authority names (requirements A6, B7). Our clock
//! counts, not OpenSSL's.

mod certificate;
mod challenge;
mod refused;
mod signed;
mod subject;
mod trust;

use der::Encode as _;
use openssl::x509::X509;
use x509_cert::Certificate;

pub use challenge::{Challenge, ChallengeState, Holder};
pub use refused::SignatureRefused;
pub use signed::{Authorities, SignRefused, certificate_of};
pub use subject::Subject;
pub use trust::{Revocation, SignatureSettings, Trust};

use crate::model::timestamp::Timestamp;
use crate::signature::{Key, Signature};

/// A signature with a chain of certificates is a few KiB.
pub const LONGEST_FILE: usize = 64 * 1024;

/// What a good signature shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certified {
    pub subject: Subject,
    /// The authority that says so.
    pub issuer: String,
    /// The certificate's number there, in hexadecimal digits.
    pub serial: String,
    /// When the certificate ends.
    pub ends_at: Timestamp,
}

/// Checks a file: whether it is one person's signature of `text` that counts at
/// `now`, and whose. No bytes make it panic.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(
    file: &[u8],
    text: &[u8],
    trust: &Trust,
    now: Timestamp,
) -> Result<Certified, SignatureRefused> {
    if file.len() > LONGEST_FILE {
        return Err(SignatureRefused::TooLarge);
    }
    let signature = Signature::read(file)?;
    let hash = signature.hash()?;
    let is_signer = |one: &Certificate| signature.names(one);
    let (signers, others): (Vec<_>, Vec<_>) =
        signature.certificates.iter().cloned().partition(is_signer);
    let [own] = signers.as_slice() else {
        return Err(SignatureRefused::NoCertificate);
    };
    let data = &own.tbs_certificate;
    let kind = Key::of(&data.subject_public_key_info)?;
    let der = own.to_der();
    let der = der.map_err(|_| SignatureRefused::NotASignature)?;
    let unusable = |_| SignatureRefused::WeakAlgorithm;
    let opened = X509::from_der(&der).map_err(unusable)?;
    let key = opened.public_key().map_err(unusable)?;
    if !kind.is_long_enough(&key) {
        return Err(SignatureRefused::WeakAlgorithm);
    }
    signature.verify(text, hash, kind, &key)?;
    certificate::check_itself(own, &trust.settings, now)?;
    certificate::check_chain(&opened, &others, trust, now)?;
    let serial: String = data
        .serial_number
        .as_bytes()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    Ok(Certified {
        subject: Subject::of(&data.subject)?,
        issuer: subject::authority(&data.issuer),
        serial,
        ends_at: certificate::ends_at(own),
    })
}
