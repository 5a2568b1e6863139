//! Bare signature values, as GOST programs write them: `s ‖ r`, each a
//! big-endian number; the digest is read little-endian, which is what OpenSSL's
//! engine does (GOST R 34.10-2012 with the encoding of RFC 9215 turned round).

use openssl::pkey::{PKey, Public};
use openssl::sign::Verifier;

use super::Unsound;
use super::algorithm::{Hash, Key};

/// Whether `value` is the holder's signature of `text`: with Streebog for GOST,
/// with SHA-256 for RSA (PKCS #1 v1.5).
///
/// # Errors
/// Why not.
pub fn verify(value: &[u8], text: &[u8], kind: Key, key: &PKey<Public>) -> Result<(), Unsound> {
    let (hash, length) = match kind {
        Key::Gost256 => (Hash::Streebog256, 64),
        Key::Gost512 => (Hash::Streebog512, 128),
        Key::Rsa => (Hash::Sha256, key.size()),
        Key::Ec => return Err(Unsound::WeakAlgorithm),
    };
    if value.len() != length {
        return Err(Unsound::NotASignature);
    }
    let mut verifier =
        Verifier::new(hash.function()?, key).map_err(|_| Unsound::GostUnavailable)?;
    match verifier.verify_oneshot(value, text) {
        Ok(true) => Ok(()),
        // Which of the two it is, nobody can tell.
        Ok(false) | Err(_) => Err(Unsound::OtherText),
    }
}
