//! Reading a public key out of a client's JWK (RFC 7517, RFC 7518 §6, RFC 8037
//! §2). Errors are for the person who registers the client: they say what to
//! mend.

use serde_json::{Map, Value};

use super::compact::decode;
use super::public_key::PublicKey;
use crate::model::algorithm::Algorithm;

/// A key of a client that can check signatures.
pub(super) struct ClientKey {
    /// The given `kid`, or the thumbprint where there is none.
    pub(super) kid: String,
    pub(super) public: PublicKey,
    /// The algorithms it may be used with: one, if the JWK names it.
    pub(super) algorithms: Vec<Algorithm>,
}

/// Members that only a private key has (RFC 7518 §6.2.2, §6.3.2).
const PRIVATE_MEMBERS: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "oth"];

/// Reads one JWK. `None` for a key that is sound but not for us: for
/// encryption, of a kind or algorithm we do not work with (RFC 7517 §5: such
/// keys should be ignored).
pub(super) fn read(jwk: &Map<String, Value>) -> Result<Option<ClientKey>, String> {
    let kty = text(jwk, "kty")?.ok_or("has no \"kty\": give the key's type")?;
    if kty == "oct" || jwk.contains_key("k") {
        return Err("is a symmetric key: give the public half of a key pair instead".into());
    }
    if let Some(member) = PRIVATE_MEMBERS.iter().find(|m| jwk.contains_key(**m)) {
        return Err(format!(
            "has the private member \"{member}\": publish the public members only, and \
             replace this key, since its secret has been shown"
        ));
    }
    if !is_for_signatures(jwk)? {
        return Ok(None);
    }
    let public = match (kty, text(jwk, "crv")?) {
        ("RSA", _) => rsa(jwk)?,
        ("EC", Some("P-256")) => PublicKey::P256 {
            x: sized(jwk, "x", 32)?,
            y: sized(jwk, "y", 32)?,
        },
        ("OKP", Some("Ed25519")) => PublicKey::Ed25519 {
            x: sized(jwk, "x", 32)?,
        },
        ("EC" | "OKP", None) => return Err("has no \"crv\": give the curve's name".into()),
        _ => return Ok(None),
    };
    let mut algorithms = public.algorithms().to_vec();
    if let Some(named) = text(jwk, "alg")? {
        match Algorithm::parse(named) {
            Some(alg) if algorithms.contains(&alg) => algorithms = vec![alg],
            Some(_) => {
                return Err(format!(
                    "has alg {named}, which does not go with its type: correct one of them"
                ));
            }
            None => return Ok(None),
        }
    }
    if algorithms.iter().any(|alg| public.verifier(*alg).is_none()) {
        return Err("is not a valid public key: export it again".into());
    }
    let kid = match text(jwk, "kid")? {
        Some(kid) => kid.to_owned(),
        None => public.thumbprint(),
    };
    Ok(Some(ClientKey {
        kid,
        public,
        algorithms,
    }))
}

fn is_for_signatures(jwk: &Map<String, Value>) -> Result<bool, String> {
    let operations = match jwk.get("key_ops") {
        None => true,
        Some(Value::Array(ops)) => ops.iter().any(|op| op == "verify"),
        Some(_) => return Err("has \"key_ops\" that is not a list".into()),
    };
    Ok(operations && text(jwk, "use")?.is_none_or(|usage| usage == "sig"))
}

pub(super) fn rsa(jwk: &Map<String, Value>) -> Result<PublicKey, String> {
    let n = number(jwk, "n")?;
    let e = number(jwk, "e")?;
    let bits = n.len() * 8 - n.first().map_or(0, |first| first.leading_zeros() as usize);
    if !(2048..=8192).contains(&bits) {
        return Err(format!(
            "is an RSA key of {bits} bits: use one of 2048 to 8192 bits"
        ));
    }
    // A long exponent makes every check dear; real ones are 3 or 65537.
    if e.len() > 4 || e == [1] || e.last().is_none_or(|last| last % 2 == 0) {
        return Err("has an unusual RSA exponent: use 65537 (\"AQAB\")".into());
    }
    Ok(PublicKey::Rsa { n, e })
}

/// A Base64urlUInt (RFC 7518 §2), leading zeros of careless encoders forgiven.
fn number(jwk: &Map<String, Value>, name: &str) -> Result<Vec<u8>, String> {
    let bytes = bytes(jwk, name)?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    Ok(bytes[zeros..].to_vec())
}

fn sized(jwk: &Map<String, Value>, name: &str, len: usize) -> Result<Vec<u8>, String> {
    let bytes = bytes(jwk, name)?;
    if bytes.len() == len {
        Ok(bytes)
    } else {
        Err(format!(
            "has \"{name}\" of {} bytes where {len} belong: keep leading zeros",
            bytes.len()
        ))
    }
}

fn bytes(jwk: &Map<String, Value>, name: &str) -> Result<Vec<u8>, String> {
    let value = text(jwk, name)?.ok_or_else(|| format!("has no \"{name}\""))?;
    decode(value).ok_or_else(|| format!("has \"{name}\" that is not base64url without padding"))
}

fn text<'a>(jwk: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, String> {
    match jwk.get(name) {
        None => Ok(None),
        Some(Value::String(value)) => Ok(Some(value)),
        Some(_) => Err(format!("has \"{name}\" that is not a string")),
    }
}
