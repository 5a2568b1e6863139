//! The signature file: a CMS SignedData (RFC 5652 §5) with one signer. What was
//! signed is never taken from it: the digest is compared with that of our own
//! text, so whatever else is wrapped up in the file has no say.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{ObjectIdentifier as Oid, OctetString};
use der::{Decode as _, Encode as _};
use openssl::pkey::{PKey, Public};
use openssl::sign::Verifier;
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use super::algorithm::{Hash, Key};
use super::{LONGEST_FILE, SignatureRefused};

const SIGNED_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.2");
const DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.1");
const CONTENT_TYPE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: Oid = Oid::new_unwrap("1.2.840.113549.1.9.4");

/// Programs pad as they like.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// One person's signature, read and not checked.
pub(super) struct Signature {
    /// The signer's certificate.
    pub certificate: Certificate,
    /// The others that came along.
    pub others: Vec<Certificate>,
    hash: Hash,
    algorithm: Oid,
    attributes: Option<Attributes>,
    value: Vec<u8>,
}

/// Signed attributes (RFC 5652 §5.3).
struct Attributes {
    message_digest: Vec<u8>,
    /// As they are signed: a SET (§5.4).
    encoded: Vec<u8>,
}

impl Signature {
    pub(super) fn read(file: &[u8]) -> Result<Self, SignatureRefused> {
        if file.len() > LONGEST_FILE {
            return Err(SignatureRefused::TooLarge);
        }
        let data = signed_data(file).ok_or(SignatureRefused::NotASignature)?;
        if data.encap_content_info.econtent_type != DATA {
            return Err(SignatureRefused::NotASignature);
        }
        let [signer] = data.signer_infos.0.as_slice() else {
            return Err(SignatureRefused::NotOneSigner);
        };
        let mut certificates: Vec<Certificate> = Vec::new();
        for choice in data.certificates.iter().flat_map(|set| set.0.iter()) {
            if let CertificateChoices::Certificate(certificate) = choice {
                certificates.push(certificate.clone());
            }
        }
        let of_signer = |certificate: &Certificate| is_named(&signer.sid, certificate);
        if certificates.iter().filter(|one| of_signer(one)).count() != 1 {
            return Err(SignatureRefused::NoCertificate);
        }
        let (mut own, others): (Vec<_>, Vec<_>) = certificates.into_iter().partition(of_signer);
        Ok(Self {
            certificate: own.pop().ok_or(SignatureRefused::NoCertificate)?,
            others,
            hash: Hash::of(signer.digest_alg.oid)?,
            algorithm: signer.signature_algorithm.oid,
            attributes: attributes(signer)?,
            value: signer.signature.as_bytes().to_vec(),
        })
    }

    /// Whether this is a signature of `text` by the holder of `key`.
    pub(super) fn verify(
        &self,
        text: &[u8],
        kind: Key,
        key: &PKey<Public>,
    ) -> Result<(), SignatureRefused> {
        if !kind.signs(self.algorithm, self.hash) {
            return Err(SignatureRefused::WeakAlgorithm);
        }
        let function = self.hash.function()?;
        let signed = match &self.attributes {
            None => text,
            Some(attributes) => {
                let digest = openssl::hash::hash(function, text);
                if digest.map_err(broken)?.as_ref() != attributes.message_digest {
                    return Err(SignatureRefused::OtherText);
                }
                &attributes.encoded
            }
        };
        let mut verifier = Verifier::new(function, key).map_err(broken)?;
        match verifier.verify_oneshot(&self.value, signed) {
            Ok(true) => Ok(()),
            // Without attributes nothing says what the signer had before them.
            Ok(false) | Err(_) if self.attributes.is_none() => Err(SignatureRefused::OtherText),
            Ok(false) | Err(_) => Err(SignatureRefused::Broken),
        }
    }
}

fn broken(_: openssl::error::ErrorStack) -> SignatureRefused {
    SignatureRefused::Broken
}

fn signed_data(file: &[u8]) -> Option<SignedData> {
    let decoded;
    let encoded = if file.first() == Some(&0x30) {
        file
    } else {
        decoded = BASE64.decode(bare(file)?).ok()?;
        &decoded
    };
    let outer = ContentInfo::from_der(encoded).ok()?;
    (outer.content_type == SIGNED_DATA).then_some(())?;
    outer.content.decode_as().ok()
}

/// Base64 without the lines around it and the blanks in it.
fn bare(file: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(file).ok()?;
    let text = text.trim_start_matches('\u{feff}');
    let lines = text.lines().filter(|line| !line.starts_with("-----"));
    Some(lines.flat_map(str::split_whitespace).collect())
}

fn is_named(signer: &SignerIdentifier, certificate: &Certificate) -> bool {
    let data = &certificate.tbs_certificate;
    match signer {
        SignerIdentifier::IssuerAndSerialNumber(name) => {
            name.issuer == data.issuer && name.serial_number == data.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(wanted) => {
            let own = data.get::<SubjectKeyIdentifier>().ok().flatten();
            own.is_some_and(|(_, own)| own == *wanted)
        }
    }
}

/// Each of the two attributes stands there once, with one value (§11.1, §11.2).
fn attributes(signer: &SignerInfo) -> Result<Option<Attributes>, SignatureRefused> {
    let Some(all) = &signer.signed_attrs else {
        return Ok(None);
    };
    let only = |wanted: Oid| {
        let mut found = all.iter().filter(|attribute| attribute.oid == wanted);
        let (Some(attribute), None) = (found.next(), found.next()) else {
            return Err(SignatureRefused::NotASignature);
        };
        match attribute.values.as_slice() {
            [value] => Ok(value.clone()),
            _ => Err(SignatureRefused::NotASignature),
        }
    };
    let wrong = |_| SignatureRefused::NotASignature;
    if only(CONTENT_TYPE)?.decode_as::<Oid>().map_err(wrong)? != DATA {
        return Err(SignatureRefused::NotASignature);
    }
    let digest: OctetString = only(MESSAGE_DIGEST)?.decode_as().map_err(wrong)?;
    Ok(Some(Attributes {
        message_digest: digest.into_bytes(),
        encoded: all.to_der().map_err(wrong)?,
    }))
}
