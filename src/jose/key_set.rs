//! Our keys at one moment of configuration: an immutable snapshot, parsed once
//! and shared by every request until keys change.

use std::time::Duration;

use serde_json::Value;
use zeroize::Zeroizing;

use super::compact::Compact;
use super::decryption::DecryptionKey;
use super::rotation::{self, KeyTimes, Stage};
use super::{JwtRefused, SigningKey, encryption};
use crate::error::Result;
use crate::model::algorithm::Algorithm;
use crate::model::key_purpose::KeyPurpose;
use crate::model::timestamp::Timestamp;

/// A key as it comes from storage, its seal opened.
pub struct KeyRecord {
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// What it is for.
    pub purpose: KeyPurpose,
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
    /// What it is for.
    pub purpose: KeyPurpose,
    /// Its life.
    pub times: KeyTimes,
    /// What it is good for now.
    pub stage: Stage,
}

/// All keys, grouped by what they are for.
#[derive(Default)]
pub struct KeySet {
    families: Vec<Family>,
}

struct Family {
    purpose: KeyPurpose,
    /// Beside `members`, so that `rotation` sees times only.
    times: Vec<KeyTimes>,
    members: Vec<Member>,
}

struct Member {
    key: Key,
    public_jwk: String,
}

enum Key {
    Signing(SigningKey),
    Decryption(DecryptionKey),
}

impl Member {
    fn kid(&self) -> &str {
        match &self.key {
            Key::Signing(key) => key.kid(),
            Key::Decryption(key) => key.kid(),
        }
    }
}

impl KeySet {
    /// Parses every key.
    ///
    /// # Errors
    /// When a stored key is damaged or is not the one its kid names.
    pub fn new(keys: Vec<KeyRecord>) -> Result<Self> {
        let mut set = Self::default();
        for record in keys {
            let key = match record.purpose {
                KeyPurpose::Signing(alg) => {
                    Key::Signing(SigningKey::parse(record.kid, alg, &record.pkcs8)?)
                }
                KeyPurpose::Decryption => {
                    Key::Decryption(DecryptionKey::parse(record.kid, &record.pkcs8)?)
                }
            };
            let family = set.family_mut(record.purpose);
            family.times.push(record.times);
            family.members.push(Member {
                key,
                public_jwk: record.public_jwk,
            });
        }
        Ok(set)
    }

    fn family_mut(&mut self, purpose: KeyPurpose) -> &mut Family {
        let is_it = |family: &Family| family.purpose == purpose;
        let at = self.families.iter().position(is_it);
        let at = at.unwrap_or_else(|| {
            self.families.push(Family {
                purpose,
                times: Vec::new(),
                members: Vec::new(),
            });
            self.families.len() - 1
        });
        &mut self.families[at]
    }

    /// The key that signs with `alg` now, if there is one.
    pub fn signer(&self, alg: Algorithm, now: Timestamp) -> Option<&SigningKey> {
        match &self.active(KeyPurpose::Signing(alg), now)?.key {
            Key::Signing(key) => Some(key),
            Key::Decryption(_) => None,
        }
    }

    fn active(&self, purpose: KeyPurpose, now: Timestamp) -> Option<&Member> {
        let of_purpose = |family: &&Family| family.purpose == purpose;
        let family = self.families.iter().find(of_purpose)?;
        rotation::active(&family.times, now).map(|at| &family.members[at])
    }

    /// The purposes that no key of ours serves at this moment.
    pub fn missing(&self, now: Timestamp) -> Vec<KeyPurpose> {
        let is_missing = |purpose: &KeyPurpose| self.active(*purpose, now).is_none();
        KeyPurpose::ALL.into_iter().filter(is_missing).collect()
    }

    /// Opens what somebody encrypted to us: the token, most often, that is
    /// inside. A key stays good for it until it is withdrawn, as nobody can say
    /// how long others keep its public half.
    ///
    /// # Errors
    /// Whatever makes it not a token for us.
    pub fn decrypt(&self, token: &str, now: Timestamp) -> Result<String, JwtRefused> {
        encryption::open(token, |kid, alg| {
            let of_purpose = |family: &&Family| family.purpose == KeyPurpose::Decryption;
            let family = self.families.iter().find(of_purpose)?;
            let at = match kid {
                Some(kid) => family.members.iter().position(|one| one.kid() == kid)?,
                None => rotation::active(&family.times, now)?,
            };
            let withdrawn = family.times[at].retired_at.is_some_and(|at| at <= now);
            match &family.members[at].key {
                Key::Decryption(key) if !withdrawn => key.decrypter(alg),
                _ => None,
            }
        })
    }

    /// The JWK set to publish, as JSON: keys to come, in use, and those whose
    /// tokens may still live, `longest` being the longest life of a token.
    pub fn jwks(&self, now: Timestamp, longest: Duration) -> String {
        let published: Vec<&str> = self
            .each(now, longest)
            .filter(|(_, _, _, stage)| stage.is_published())
            .map(|(_, member, _, _)| member.public_jwk.as_str())
            .collect();
        format!(r#"{{"keys":[{}]}}"#, published.join(","))
    }

    /// Every key with its stage.
    pub fn states(&self, now: Timestamp, longest: Duration) -> Vec<KeyState> {
        self.each(now, longest)
            .map(|(purpose, member, times, stage)| KeyState {
                kid: member.kid().to_owned(),
                purpose,
                times,
                stage,
            })
            .collect()
    }

    fn each(
        &self,
        now: Timestamp,
        longest: Duration,
    ) -> impl Iterator<Item = (KeyPurpose, &Member, KeyTimes, Stage)> {
        self.families.iter().flat_map(move |family| {
            family.members.iter().enumerate().map(move |(at, member)| {
                let stage = rotation::stage(&family.times, at, now, longest);
                (family.purpose, member, family.times[at], stage)
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
            let at = family.members.iter().position(|m| m.kid() == kid)?;
            match &family.members[at].key {
                Key::Signing(key) => Some((key, family.times[at])),
                Key::Decryption(_) => None,
            }
        })
    }
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let keys = self.families.iter().flat_map(|family| &family.members);
        f.debug_list().entries(keys.map(Member::kid)).finish()
    }
}
