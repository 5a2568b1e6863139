//! How a person proved who they are, now. The context is a non-empty list of
//! proofs; everything else (`amr`, `auth_time`, recency) is computed from it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::timestamp::Timestamp;

/// What was shown: one method of RFC 8176, or one of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A password (`pwd`).
    Password,
    /// A one-time code by SMS (`sms`).
    SmsCode,
    /// A one-time code or link by e-mail (`otp`): proves the mailbox only.
    EmailCode,
    /// A bank where the person signed in (`urn:propusk:amr:bank`).
    Bank,
    /// A signature with a qualified certificate (`pop`).
    Signature,
}

impl Method {
    /// The authentication method reference value (RFC 8176 §2, or ours).
    pub const fn reference(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::SmsCode => "sms",
            Self::EmailCode => "otp",
            // No registered value says that somebody else authenticated the
            // person; a name of our own cannot be taken for another method.
            Self::Bank => "urn:propusk:amr:bank",
            Self::Signature => "pop",
        }
    }
}

/// One proof and when it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    method: Method,
    at: Timestamp,
}

impl Proof {
    /// Only a factor that has just checked the person may call this.
    pub(crate) const fn given(method: Method, at: Timestamp) -> Self {
        Self { method, at }
    }
}

/// The proofs of one session, at least one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Proof>", into = "Vec<Proof>")]
pub struct AuthenticationContext {
    first: Proof,
    more: Vec<Proof>,
}

impl AuthenticationContext {
    /// A context that begins with this proof.
    pub const fn new(first: Proof) -> Self {
        Self {
            first,
            more: Vec::new(),
        }
    }

    /// The same context with one more proof.
    #[must_use]
    pub fn with(mut self, proof: Proof) -> Self {
        self.more.push(proof);
        self
    }

    /// When the person was last authenticated (`auth_time`).
    pub fn authenticated_at(&self) -> Timestamp {
        self.proofs()
            .map(|proof| proof.at)
            .max()
            .unwrap_or(self.first.at)
    }

    /// Whether a proof was given at `moment` or later.
    pub fn is_since(&self, moment: Timestamp) -> bool {
        self.authenticated_at() >= moment
    }

    /// Whether the last proof is at most `age` old.
    pub fn is_fresh(&self, age: Duration, now: Timestamp) -> bool {
        now.since(self.authenticated_at()) <= age
    }

    /// Authentication method references, each once (RFC 8176).
    pub fn references(&self) -> Vec<&'static str> {
        let mut out = Vec::new();
        for proof in self.proofs() {
            let reference = proof.method.reference();
            if !out.contains(&reference) {
                out.push(reference);
            }
        }
        out
    }

    fn proofs(&self) -> impl Iterator<Item = &Proof> {
        std::iter::once(&self.first).chain(&self.more)
    }
}

impl TryFrom<Vec<Proof>> for AuthenticationContext {
    type Error = &'static str;

    fn try_from(proofs: Vec<Proof>) -> Result<Self, Self::Error> {
        let mut proofs = proofs.into_iter();
        let first = proofs.next().ok_or("an authentication needs a proof")?;
        Ok(Self {
            first,
            more: proofs.collect(),
        })
    }
}

impl From<AuthenticationContext> for Vec<Proof> {
    fn from(context: AuthenticationContext) -> Self {
        std::iter::once(context.first).chain(context.more).collect()
    }
}
