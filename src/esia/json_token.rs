//! The JSON Web Tokens of this dialect: no `kid`, a version and a kind (`sbt`)
//! in the header, RS256 or GOST. Only our own are read.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::Esia;
use crate::error::{Internal, Result};
use crate::model::certified_algorithm::CertifiedAlgorithm;
use crate::model::timestamp::Timestamp;

/// A kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Code,
    Access,
    Id,
}

impl Kind {
    /// `ver` and `sbt`.
    const fn header(self) -> (u8, &'static str) {
        match self {
            Self::Code => (1, "authorization_code"),
            Self::Access => (1, "access"),
            Self::Id => (0, "id"),
        }
    }
}

/// Longer ones are not ours.
const LONGEST: usize = 16 * 1024;

impl Esia {
    /// Signs claims.
    ///
    /// # Errors
    /// When there is no key for the algorithm.
    pub(super) fn sign(
        &self,
        kind: Kind,
        algorithm: CertifiedAlgorithm,
        claims: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<String> {
        let name = algorithm.as_str();
        let held = self
            .keys
            .signer(algorithm, now)
            .ok_or_else(|| Internal::new(format!("no key of ESIA's dialect for {name}")))?;
        let (version, sbt) = kind.header();
        let header = json!({ "ver": version, "typ": "JWT", "sbt": sbt, "alg": name });
        let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(claims)?, &mut token);
        let signature = held.key.sign(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    /// The claims of a token of ours of this kind. Its times are the caller's
    /// to check.
    ///
    /// # Errors
    /// When the library cannot say.
    pub(super) fn read(
        &self,
        kind: Kind,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Map<String, Value>>> {
        let Some((header, claims, signed, signature)) = parts(token) else {
            return Ok(None);
        };
        let (version, sbt) = kind.header();
        let algorithm = CertifiedAlgorithm::ALL
            .into_iter()
            .find(|algorithm| header.get("alg") == Some(&json!(algorithm.as_str())));
        let Some(algorithm) = algorithm else {
            return Ok(None);
        };
        if header.get("sbt") != Some(&json!(sbt)) || header.get("ver") != Some(&json!(version)) {
            return Ok(None);
        }
        for held in self.keys.verifiers(algorithm, now) {
            if held.key.has_signed(signed.as_bytes(), &signature)? {
                let ours = claims.get("iss") == Some(&json!(self.issuer));
                return Ok(ours.then_some(claims));
            }
        }
        Ok(None)
    }
}

type Parts<'a> = (Map<String, Value>, Map<String, Value>, &'a str, Vec<u8>);

fn parts(token: &str) -> Option<Parts<'_>> {
    if token.len() > LONGEST {
        return None;
    }
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    Some((
        object(header)?,
        object(claims)?,
        signed,
        URL_SAFE_NO_PAD.decode(signature).ok()?,
    ))
}

fn object(part: &str) -> Option<Map<String, Value>> {
    let json = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&json).ok()
}
