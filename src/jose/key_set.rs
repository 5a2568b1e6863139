//! Our keys at one moment of configuration: an immutable snapshot, parsed once
//! and shared by every request until keys change.

use std::time::Duration;

use serde_json::Value;
use zeroize::Zeroizing;

use super::compact::Compact;
use super::rotation::{self, KeyTimes, Stage};
use super::{JwtRefused, SigningKey};
use crate::error::Result;
use crate::model::algorithm::Algorithm;
use crate::model::timestamp::Timestamp;

/// A signing key as it comes from storage, decrypted.
pub struct KeyRecord {
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// The one algorithm it is for.
    pub alg: Algorithm,
    /// The private key, PKCS #8 DER.
    pub pkcs8: Zeroizing<Vec<u8>>,
    /// The published JWK.
    pub public_jwk: String,
    /// Its life.
    pub times: KeyTimes,
}

/// A token of ours whose signature is good. Type, audience and times are the
/// caller's to check.
#[derive(Clone, Debug)]
pub struct VerifiedOwn {
    /// The header's `typ`; empty if there was none.
    pub typ: String,
    /// The key that signed it.
    pub kid: String,
    /// The claims, an object.
    pub claims: Value,
}

/// A key as operators see it.
#[derive(Clone, Debug)]
pub struct KeyState {
    /// Its name in the JWKS.
    pub kid: String,
    /// Its algorithm.
    pub alg: Algorithm,
    /// Its life.
    pub times: KeyTimes,
    /// What it is good for now.
    pub stage: Stage,
}

/// All signing keys, grouped by algorithm.
#[derive(Default)]
pub struct KeySet {
    families: Vec<Family>,
}

struct Family {
    alg: Algorithm,
    /// Beside `members`, so that `rotation` sees times only.
    times: Vec<KeyTimes>,
    members: Vec<Member>,
}

struct Member {
    key: SigningKey,
    public_jwk: String,
}

impl KeySet {
    /// Parses every key.
    ///
    /// # Errors
    /// When a stored key is damaged or is not the one its kid names.
    pub fn new(keys: Vec<KeyRecord>) -> Result<Self> {
        let mut set = Self::default();
        for record in keys {
            let key = SigningKey::parse(record.kid, record.alg, &record.pkcs8)?;
            let family = set.family_mut(record.alg);
            family.times.push(record.times);
            family.members.push(Member {
                key,
                public_jwk: record.public_jwk,
            });
        }
        Ok(set)
    }

    fn family_mut(&mut self, alg: Algorithm) -> &mut Family {
        let at = self.families.iter().position(|family| family.alg == alg);
        let at = at.unwrap_or_else(|| {
            self.families.push(Family {
                alg,
                times: Vec::new(),
                members: Vec::new(),
            });
            self.families.len() - 1
        });
        &mut self.families[at]
    }

    /// The key that signs with `alg` now, if there is one.
    pub fn signer(&self, alg: Algorithm, now: Timestamp) -> Option<&SigningKey> {
        let family = self.families.iter().find(|family| family.alg == alg)?;
        rotation::active(&family.times, now).map(|at| &family.members[at].key)
    }

    /// The algorithms we can sign with now, in the order discovery lists them.
    pub fn algorithms(&self, now: Timestamp) -> Vec<Algorithm> {
        let can_sign = |alg: &Algorithm| self.signer(*alg, now).is_some();
        Algorithm::ALL.into_iter().filter(can_sign).collect()
    }

    /// The JWK set to publish, as JSON: keys to come, in use, and those whose
    /// tokens may still live, `longest` being the longest life of a token.
    pub fn jwks(&self, now: Timestamp, longest: Duration) -> String {
        let published: Vec<&str> = self
            .each(now, longest)
            .filter(|(_, _, stage)| stage.is_published())
            .map(|(member, _, _)| member.public_jwk.as_str())
            .collect();
        format!(r#"{{"keys":[{}]}}"#, published.join(","))
    }

    /// Every key with its stage.
    pub fn states(&self, now: Timestamp, longest: Duration) -> Vec<KeyState> {
        self.each(now, longest)
            .map(|(member, times, stage)| KeyState {
                kid: member.key.kid().to_owned(),
                alg: member.key.alg(),
                times,
                stage,
            })
            .collect()
    }

    fn each(
        &self,
        now: Timestamp,
        longest: Duration,
    ) -> impl Iterator<Item = (&Member, KeyTimes, Stage)> {
        self.families.iter().flat_map(move |family| {
            family.members.iter().enumerate().map(move |(at, member)| {
                let stage = rotation::stage(&family.times, at, now, longest);
                (member, family.times[at], stage)
            })
        })
    }

    /// Checks that we signed `token`: its kid must name a key of ours that is
    /// not withdrawn, and its alg must be that key's. Nothing else is checked,
    /// least of all the time: an `id_token_hint` is welcome after its end.
    ///
    /// # Errors
    /// Whatever makes it not a token of ours.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<VerifiedOwn, JwtRefused> {
        let token = Compact::parse(token)?;
        let kid = token.kid.as_deref().ok_or(JwtRefused::UnknownKey)?;
        let (key, times) = self.named(kid).ok_or(JwtRefused::UnknownKey)?;
        if times.retired_at.is_some_and(|at| at <= now) {
            return Err(JwtRefused::UnknownKey);
        }
        if token.alg != key.alg() {
            return Err(JwtRefused::Algorithm);
        }
        if !token.signed_by(&key.verifier) {
            return Err(JwtRefused::Signature);
        }
        Ok(VerifiedOwn {
            claims: Value::Object(token.claims()?),
            typ: token.typ.unwrap_or_default(),
            kid: key.kid().to_owned(),
        })
    }

    fn named(&self, kid: &str) -> Option<(&SigningKey, KeyTimes)> {
        self.families.iter().find_map(|family| {
            let at = family.members.iter().position(|m| m.key.kid() == kid)?;
            Some((&family.members[at].key, family.times[at]))
        })
    }
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let keys = self.families.iter().flat_map(|family| &family.members);
        f.debug_list().entries(keys.map(|m| &m.key)).finish()
    }
}
