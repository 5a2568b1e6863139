//! Keys, signed and encrypted tokens: making and parsing keys, their rotation,
//! JWS and JWE in compact form, thumbprints. The only place that decodes a JWT.
//!
//! Nothing here knows what a claim means or looks at a clock: a caller passes
//! `now` and compares `exp`, `nbf` and `iat` itself.

mod certificate;
mod claim_hash;
mod compact;
mod decryption;
pub mod encryption;
pub mod foreign;
mod jwk;
mod key;
mod key_set;
pub mod proof;
mod public_key;
pub mod rotation;
mod strict_json;
mod vapid;

#[cfg(test)]
mod tests;

pub use claim_hash::half_hash;
pub use foreign::{ForeignClaims, Jwks};
pub use key::{NewKey, SigningKey, generate};
pub use key_set::{KeyRecord, KeySet, KeyState, VerifiedOwn};
pub use rotation::{KeyTimes, Stage};
pub use vapid::VapidKey;

/// Why a JWT was not believed. Made for the log and for choosing an OAuth
/// error; a stranger is told none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtRefused {
    /// Longer than [`MAX_TOKEN`].
    #[error("the token is too long")]
    TooLarge,
    /// Not three parts of base64url around JSON objects with unique members.
    #[error("the token is not a compact JWS with a JSON object inside")]
    Malformed,
    /// The header asks for an extension to be understood (RFC 7515 §4.1.11).
    #[error("the token has a critical header we do not understand")]
    Critical,
    /// `alg` is unknown, `none`, not allowed here, or not that of the key.
    #[error("the token's algorithm is not acceptable")]
    Algorithm,
    /// `typ` names a token made for something else (RFC 8725 §3.11).
    #[error("the token is of a type made for another purpose")]
    Type,
    /// No key of ours, or of the client, answers to the header.
    #[error("no known key fits the token")]
    UnknownKey,
    /// The signature does not match.
    #[error("the signature does not match")]
    Signature,
    /// The content cannot be decrypted.
    #[error("the token cannot be decrypted")]
    Decryption,
}

/// The longest token that is looked at, in bytes. Ours are under 2 KiB; more
/// is work for an attacker's benefit.
pub const MAX_TOKEN: usize = 16 * 1024;
