//! A CMS SignedData (RFC 5652 §5) with one signer. What was signed is never
//! taken from it: the digest is compared with that of the caller's own text, so
//! whatever else is wrapped up in the file has no say.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{ObjectIdentifier as Oid, OctetString};
use der::{Decode as _, Encode as _, Reader as _, SliceReader, Tag, TagNumber};
use openssl::pkey::{PKey, Public};
use openssl::sign::Verifier;
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Time;

use super::algorithm::{Hash, Key};
use super::{Unsound, ber};
use crate::model::timestamp::Timestamp;

const SIGNED_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.2");
const DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.1");
const DIGESTED_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.5");
const CONTENT_TYPE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: Oid = Oid::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: Oid = Oid::new_unwrap("1.2.840.113549.1.9.5");

/// Programs pad as they like.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// One signature, read and not checked.
pub struct Signature {
    /// The certificates that came along.
    pub certificates: Vec<Certificate>,
    /// The text inside, where there is one.
    pub content: Option<Vec<u8>>,
    signer: SignerIdentifier,
    digest: Oid,
    algorithm: Oid,
    attributes: Option<Attributes>,
    value: Vec<u8>,
}

/// Signed attributes (RFC 5652 §5.3).
struct Attributes {
    message_digest: Vec<u8>,
    /// When the signer says it was (§11.3).
    signing_time: Option<Timestamp>,
    /// As they are signed: a SET, in the order of DER (§5.4).
    ordered: Vec<u8>,
    /// The same in the order they came in, if that is another: some programs
    /// sign that.
    as_sent: Option<Vec<u8>>,
}

impl Signature {
    /// Reads a file: DER, BER, PEM or base64.
    ///
    /// # Errors
    /// What it is not.
    pub fn read(file: &[u8]) -> Result<Self, Unsound> {
        let encoded = bytes(file).and_then(|bytes| ber::definite(&bytes));
        let encoded = encoded.ok_or(Unsound::NotASignature)?;
        let data = signed_data(&encoded).ok_or(Unsound::NotASignature)?;
        let has_attributes = |signer: &SignerInfo| signer.signed_attrs.is_some();
        match data.encap_content_info.econtent_type {
            DATA => {}
            // Programs on Java's own PKCS #7 say that they wrap up a digest.
            DIGESTED_DATA if !data.signer_infos.0.iter().any(has_attributes) => {}
            _ => return Err(Unsound::NotASignature),
        }
        let [signer] = data.signer_infos.0.as_slice() else {
            return Err(Unsound::NotOneSigner);
        };
        let mut certificates: Vec<Certificate> = Vec::new();
        for choice in data.certificates.iter().flat_map(|set| set.0.iter()) {
            if let CertificateChoices::Certificate(certificate) = choice {
                certificates.push(certificate.clone());
            }
        }
        let content = data.encap_content_info.econtent.as_ref();
        let content = content.map(|any| any.decode_as::<OctetString>());
        let content = content.transpose().map_err(|_| Unsound::NotASignature)?;
        Ok(Self {
            certificates,
            content: content.map(OctetString::into_bytes),
            digest: signer.digest_alg.oid,
            algorithm: signer.signature_algorithm.oid,
            attributes: attributes(signer, &encoded)?,
            value: signer.signature.as_bytes().to_vec(),
            signer: signer.sid.clone(),
        })
    }

    /// Whether the signer says that this certificate is theirs.
    pub fn names(&self, certificate: &Certificate) -> bool {
        let data = &certificate.tbs_certificate;
        match &self.signer {
            SignerIdentifier::IssuerAndSerialNumber(name) => {
                name.issuer == data.issuer && name.serial_number == data.serial_number
            }
            SignerIdentifier::SubjectKeyIdentifier(wanted) => {
                let own = data.get::<SubjectKeyIdentifier>().ok().flatten();
                own.is_some_and(|(_, own)| own == *wanted)
            }
        }
    }

    /// The number of the signer's certificate, where they say it.
    pub fn serial_number(&self) -> Option<&SerialNumber> {
        match &self.signer {
            SignerIdentifier::IssuerAndSerialNumber(name) => Some(&name.serial_number),
            SignerIdentifier::SubjectKeyIdentifier(_) => None,
        }
    }

    /// When it was made, where the signer says so among what is signed.
    pub fn signed_at(&self) -> Option<Timestamp> {
        self.attributes.as_ref()?.signing_time
    }

    /// The hash that was signed, of those that are good enough.
    ///
    /// # Errors
    /// [`Unsound::WeakAlgorithm`].
    pub fn hash(&self) -> Result<Hash, Unsound> {
        Hash::of(self.digest)
    }

    /// The same, SHA-1 among them.
    ///
    /// # Errors
    /// [`Unsound::WeakAlgorithm`].
    pub fn hash_or_sha1(&self) -> Result<Hash, Unsound> {
        match self.digest {
            Hash::SHA_1 => Ok(Hash::Sha1),
            other => Hash::of(other),
        }
    }

    /// Whether this is a signature of `text` by the holder of `key`.
    ///
    /// # Errors
    /// Why not.
    pub fn verify(
        &self,
        text: &[u8],
        hash: Hash,
        kind: Key,
        key: &PKey<Public>,
    ) -> Result<(), Unsound> {
        if !kind.signs(self.algorithm, hash) {
            return Err(Unsound::WeakAlgorithm);
        }
        let function = hash.function()?;
        let made_of = |signed: &[u8]| {
            let mut verifier = Verifier::new(function, key).map_err(broken)?;
            let sound = verifier.verify_oneshot(&self.value, signed);
            Ok::<_, Unsound>(sound.unwrap_or(false))
        };
        let Some(attributes) = &self.attributes else {
            // Nothing says what the signer had before them.
            return made_of(text)?.then_some(()).ok_or(Unsound::OtherText);
        };
        let digest = openssl::hash::hash(function, text).map_err(broken)?;
        if digest.as_ref() != attributes.message_digest {
            return Err(Unsound::OtherText);
        }
        if made_of(&attributes.ordered)? {
            return Ok(());
        }
        match &attributes.as_sent {
            Some(as_sent) if made_of(as_sent)? => Ok(()),
            _ => Err(Unsound::Broken),
        }
    }
}

fn broken(_: openssl::error::ErrorStack) -> Unsound {
    Unsound::Broken
}

/// A file without its armour.
pub(super) fn bytes(file: &[u8]) -> Option<Vec<u8>> {
    match file.first() {
        Some(0x30) => Some(file.to_vec()),
        _ => BASE64.decode(bare(file)?).ok(),
    }
}

fn signed_data(encoded: &[u8]) -> Option<SignedData> {
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

/// Each of the two attributes stands there once, with one value (§11.1, §11.2).
fn attributes(signer: &SignerInfo, encoded: &[u8]) -> Result<Option<Attributes>, Unsound> {
    let Some(all) = &signer.signed_attrs else {
        return Ok(None);
    };
    let only = |wanted: Oid| {
        let mut found = all.iter().filter(|attribute| attribute.oid == wanted);
        let (Some(attribute), None) = (found.next(), found.next()) else {
            return Err(Unsound::NotASignature);
        };
        match attribute.values.as_slice() {
            [value] => Ok(value.clone()),
            _ => Err(Unsound::NotASignature),
        }
    };
    let wrong = |_| Unsound::NotASignature;
    if only(CONTENT_TYPE)?.decode_as::<Oid>().map_err(wrong)? != DATA {
        return Err(Unsound::NotASignature);
    }
    let digest: OctetString = only(MESSAGE_DIGEST)?.decode_as().map_err(wrong)?;
    let signing_time = only(SIGNING_TIME)
        .and_then(|time| Time::from_der(&time.to_der().map_err(wrong)?).map_err(wrong))
        .ok();
    let ordered = all.to_der().map_err(wrong)?;
    let as_sent = attributes_as_sent(encoded).map_err(wrong)?;
    Ok(Some(Attributes {
        message_digest: digest.into_bytes(),
        signing_time: signing_time.map(|time| Timestamp::default().plus(time.to_unix_duration())),
        as_sent: as_sent.filter(|as_sent| *as_sent != ordered),
        ordered,
    }))
}

/// The signed attributes of the one signer, byte for byte, under the tag they
/// are signed with (§5.4).
fn attributes_as_sent(encoded: &[u8]) -> der::Result<Option<Vec<u8>>> {
    const ZERO: Tag = Tag::ContextSpecific {
        constructed: true,
        number: TagNumber::N0,
    };
    // ContentInfo → [0] → SignedData → the last member → SignerInfo.
    let info = only_child(encoded, ZERO)?;
    let data = only_child(info, Tag::Sequence)?;
    let signers = children(data)?.pop();
    let signers = signers.ok_or(der::ErrorKind::Failed)?;
    let signer = only_child(signers, Tag::Sequence)?;
    let found = children(signer)?
        .into_iter()
        .find(|child| child.first() == Some(&0xa0));
    Ok(found.map(|attributes| {
        let mut set = attributes.to_vec();
        // SET OF.
        set[0] = 0x31;
        set
    }))
}

/// The members of a constructed value, each with its head.
fn children(value: &[u8]) -> der::Result<Vec<&[u8]>> {
    let mut reader = SliceReader::new(value)?;
    let header = der::Header::decode(&mut reader)?;
    let mut inner = SliceReader::new(reader.read_slice(header.length)?)?;
    let mut found = Vec::new();
    while !inner.is_finished() {
        found.push(inner.tlv_bytes()?);
    }
    Ok(found)
}

fn only_child(value: &[u8], tag: Tag) -> der::Result<&[u8]> {
    let byte = u8::from(tag);
    let found = children(value)?
        .into_iter()
        .find(|child| child.first() == Some(&byte));
    found.ok_or_else(|| der::ErrorKind::Failed.into())
}
