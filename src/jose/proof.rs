//! JWTs that bring their own key: DPoP proofs (RFC 9449 §4.2). The key proves
//! nothing but that its holder signed; what it is worth says a thumbprint that
//! was bound to it elsewhere. The only place where a `jwk` header is read.

use serde_json::{Map, Value};

use super::compact::{Compact, header_of};
use super::{JwtRefused, jwk};
use crate::model::algorithm::Algorithm;

/// The type of a proof.
const TYPE: &str = "dpop+jwt";

/// A proof whose signature is that of its own key. Its claims are the caller's
/// to check.
#[derive(Debug)]
pub struct SelfSigned {
    /// RFC 7638 thumbprint of the key.
    pub thumbprint: String,
    pub claims: Map<String, Value>,
}

/// Checks a proof: its type, an `alg` among `allowed`, a public key for exactly
/// that algorithm, and the signature.
///
/// # Errors
/// Whatever makes it no proof.
pub fn verify(token: &str, allowed: &[Algorithm]) -> Result<SelfSigned, JwtRefused> {
    let compact = Compact::parse(token)?;
    let typ = compact.typ.as_deref().map(str::to_ascii_lowercase);
    let is_proof = typ.is_some_and(|typ| typ.strip_prefix("application/").unwrap_or(&typ) == TYPE);
    if !is_proof {
        return Err(JwtRefused::Type);
    }
    if !allowed.contains(&compact.alg) {
        return Err(JwtRefused::Algorithm);
    }
    let header = header_of(token)?;
    let Some(Value::Object(members)) = header.get("jwk") else {
        return Err(JwtRefused::UnknownKey);
    };
    // A private or symmetric key is an error of the client's that shows its
    // secret: reading refuses both.
    let key = jwk::read(members)
        .ok()
        .flatten()
        .ok_or(JwtRefused::UnknownKey)?;
    if !key.algorithms.contains(&compact.alg) {
        return Err(JwtRefused::Algorithm);
    }
    let verifier = key
        .public
        .verifier(compact.alg)
        .ok_or(JwtRefused::UnknownKey)?;
    if !compact.signed_by(&verifier) {
        return Err(JwtRefused::Signature);
    }
    Ok(SelfSigned {
        thumbprint: key.public.thumbprint(),
        claims: compact.claims()?,
    })
}
