//! Signatures by certificates: which algorithms are good enough, the two forms
//! they come in (CMS, and bare values as GOST programs write them), and our own
//! key pairs with certificates. Who may sign what is for the callers to say.
//! OpenSSL is used here and by the check of qualified signatures only; GOST
//! needs its engine.

mod algorithm;
mod ber;
mod certificate;
mod certified_key;
mod cms;
mod raw;

pub use algorithm::{Hash, Key, gost_is_here, may_sign_certificates};
pub use certificate::{CertificateFault, SignerCertificate};
pub use certified_key::CertifiedKey;
pub use cms::Signature;

/// Why bytes are no signature of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsound {
    /// No CMS SignedData (RFC 5652 §5), and no bare value of a known length.
    #[error("not a signature of a known form")]
    NotASignature,
    /// Nobody's signature, or several people's.
    #[error("not the signature of exactly one signer")]
    NotOneSigner,
    /// A digest, a key or a curve that is not on the list.
    #[error("the algorithm is not accepted")]
    WeakAlgorithm,
    /// GOST R 34.10-2012, and this server has no engine for it.
    #[error("this server has no GOST engine")]
    GostUnavailable,
    /// Something else was signed.
    #[error("another text was signed")]
    OtherText,
    /// The signature was not made with this key.
    #[error("the signature was not made with this key")]
    Broken,
}
