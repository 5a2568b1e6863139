//! Why a signature is not taken. Each case is told in words of its own.

use crate::signature::Unsound;

/// Why a signature is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureRefused {
    /// Longer than [`super::LONGEST_FILE`].
    TooLarge,
    /// No CMS SignedData (RFC 5652 §5) in DER, PEM or base64.
    NotASignature,
    /// Nobody's signature, or several people's.
    NotOneSigner,
    /// The signer's certificate is not inside.
    NoCertificate,
    /// A digest, a key or a curve that is not on the list.
    WeakAlgorithm,
    /// GOST R 34.10-2012, and this server has no engine for it.
    GostUnavailable,
    /// Something else was signed than the file we gave.
    OtherText,
    /// The signature was not made with the certificate's key.
    Broken,
    /// The chain does not end at an authority that is trusted here.
    UnknownAuthority,
    NotYetValid,
    Expired,
    /// The certificate's key is not for signing.
    WrongUsage,
    /// None of the certificate policies that are asked for.
    NotQualified,
    Revoked,
    /// No list of revoked certificates, or only one that is out of date.
    RevocationUnknown,
    /// The certificate is an organisation's.
    OfOrganisation,
    NoSnils,
    NoName,
}

impl SignatureRefused {
    /// Every case.
    pub const ALL: [Self; 18] = [
        Self::TooLarge,
        Self::NotASignature,
        Self::NotOneSigner,
        Self::NoCertificate,
        Self::WeakAlgorithm,
        Self::GostUnavailable,
        Self::OtherText,
        Self::Broken,
        Self::UnknownAuthority,
        Self::NotYetValid,
        Self::Expired,
        Self::WrongUsage,
        Self::NotQualified,
        Self::Revoked,
        Self::RevocationUnknown,
        Self::OfOrganisation,
        Self::NoSnils,
        Self::NoName,
    ];
}

impl From<Unsound> for SignatureRefused {
    fn from(unsound: Unsound) -> Self {
        match unsound {
            Unsound::NotASignature => Self::NotASignature,
            Unsound::NotOneSigner => Self::NotOneSigner,
            Unsound::WeakAlgorithm => Self::WeakAlgorithm,
            Unsound::GostUnavailable => Self::GostUnavailable,
            Unsound::OtherText => Self::OtherText,
            Unsound::Broken => Self::Broken,
        }
    }
}
