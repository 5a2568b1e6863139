//! How a person proved who they are, now. The context is a non-empty list of
//! proofs; everything else (`amr`, `auth_time`, recency) is computed from it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::timestamp::Timestamp;

/// How strongly somebody proved who they are (NIST SP 800-63B-4 §2): by one
/// kind of factor, by two, or by two of which one cannot be phished or copied.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    #[default]
    Aal1,
    Aal2,
    Aal3,
}

/// What a proof shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Something the person knows.
    Knowledge,
    /// Something the person holds.
    Possession,
    /// Somebody else's word, or a mailbox: never a second kind
    /// (NIST SP 800-63B-4 §3.1.3.1).
    Elsewhere,
}

/// What was shown: one method of RFC 8176, or one of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A password (`pwd`).
    Password,
    /// A one-time code by SMS (`sms`).
    SmsCode,
    /// A one-time code or link by e-mail (`urn:propusk:amr:email`): proves the
    /// mailbox only.
    EmailCode,
    /// A bank where the person signed in (`urn:propusk:amr:bank`).
    Bank,
    /// A signature with a qualified certificate (`pop`).
    Signature,
    /// A code of an authenticator app (`otp`).
    Totp,
    /// A code of a list that was printed beforehand
    /// (`urn:propusk:amr:backup-code`).
    BackupCode,
    /// The owner's answer at another browser where they are signed in
    /// (`urn:propusk:amr:approval`).
    Approval,
    /// A key that cannot be copied off its device (`hwk`).
    SecurityKey,
    /// A key that its owner's devices share (`swk`).
    Passkey,
}

impl Method {
    const fn kind(self) -> Kind {
        match self {
            Self::Password => Kind::Knowledge,
            Self::SmsCode
            | Self::Signature
            | Self::Totp
            | Self::BackupCode
            | Self::Approval
            | Self::SecurityKey
            | Self::Passkey => Kind::Possession,
            Self::EmailCode | Self::Bank => Kind::Elsewhere,
        }
    }

    /// The authentication method reference value (RFC 8176 §2, or ours).
    pub const fn reference(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::SmsCode => "sms",
            // No registered value says that somebody else authenticated the
            // person, or that a mailbox did; names of our own cannot be taken
            // for other methods.
            Self::EmailCode => "urn:propusk:amr:email",
            Self::Bank => "urn:propusk:amr:bank",
            Self::BackupCode => "urn:propusk:amr:backup-code",
            Self::Approval => "urn:propusk:amr:approval",
            Self::Signature => "pop",
            Self::Totp => "otp",
            Self::SecurityKey => "hwk",
            Self::Passkey => "swk",
        }
    }
}

/// One proof and when it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    method: Method,
    at: Timestamp,
    /// The device checked its holder as well, by a PIN or by biometrics.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    user_verified: bool,
}

impl Proof {
    /// Only a factor that has just checked the person may call this.
    pub(crate) const fn given(method: Method, at: Timestamp) -> Self {
        Self {
            method,
            at,
            user_verified: false,
        }
    }

    /// The same by a device that checked its holder.
    #[must_use]
    pub(crate) const fn user_verified(mut self) -> Self {
        self.user_verified = true;
        self
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

    /// How strong the proofs are together: it is their kinds that count, not
    /// their number.
    pub fn strength(&self) -> Strength {
        let has = |kind| self.proofs().any(|proof| proof.method.kind() == kind);
        // What a PIN or a fingerprint opens is two kinds by itself.
        let knows = has(Kind::Knowledge) || self.proofs().any(|proof| proof.user_verified);
        let hardware = self
            .proofs()
            .any(|proof| proof.method == Method::SecurityKey);
        match (knows, hardware, has(Kind::Possession)) {
            (true, true, _) => Strength::Aal3,
            (true, false, true) => Strength::Aal2,
            _ => Strength::Aal1,
        }
    }

    /// Whether this was shown.
    pub fn has(&self, method: Method) -> bool {
        self.proofs().any(|proof| proof.method == method)
    }

    /// Whether a key or passkey is among the proofs: what cannot be phished.
    pub fn has_key(&self) -> bool {
        let is_key = |proof: &Proof| matches!(proof.method, Method::SecurityKey | Method::Passkey);
        self.proofs().any(is_key)
    }

    /// When a bank or a signature last said who the person is.
    pub fn vouched_at(&self) -> Option<Timestamp> {
        self.proofs()
            .filter(|proof| matches!(proof.method, Method::Bank | Method::Signature))
            .map(|proof| proof.at)
            .max()
    }

    /// Whether a device of the person confirms what a bank or a signature said.
    /// A code by SMS does not confirm a bank: many let in whoever has the SIM card.
    pub fn is_confirmed_by_device(&self) -> bool {
        let by_bank = self.has(Method::Bank);
        self.proofs().any(|proof| match proof.method {
            Method::Signature => false,
            Method::SmsCode => !by_bank,
            method => method.kind() == Kind::Possession,
        })
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

    /// Authentication method references, each once (RFC 8176), with `mfa` where
    /// there are several kinds.
    pub fn references(&self) -> Vec<&'static str> {
        let mut out = self.methods();
        if self.strength() > Strength::Aal1 {
            out.push("mfa");
        }
        out
    }

    /// What was shown, each once.
    pub fn methods(&self) -> Vec<&'static str> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn strength(methods: &[Method]) -> Strength {
        let at = Timestamp::from_seconds(1);
        let proofs: Vec<_> = methods.iter().map(|of| Proof::given(*of, at)).collect();
        AuthenticationContext::try_from(proofs).unwrap().strength()
    }

    #[test]
    fn kinds_count_and_not_numbers() {
        use Method::{Bank, EmailCode, Passkey, Password, SecurityKey, Signature, SmsCode};
        for one_kind in [
            &[Password][..],
            &[Password, Password],
            &[Password, EmailCode, Bank],
            &[SmsCode, Signature],
            &[SmsCode, EmailCode],
        ] {
            assert_eq!(strength(one_kind), Strength::Aal1, "{one_kind:?}");
        }
        assert_eq!(strength(&[Password, SmsCode]), Strength::Aal2);
        assert_eq!(strength(&[Password, Passkey]), Strength::Aal2);
        assert_eq!(strength(&[Password, SecurityKey]), Strength::Aal3);
        assert_eq!(strength(&[SecurityKey]), Strength::Aal1);
        let at = Timestamp::from_seconds(1);
        let alone = |method| AuthenticationContext::new(Proof::given(method, at).user_verified());
        assert_eq!(alone(Passkey).strength(), Strength::Aal2);
        assert_eq!(alone(SecurityKey).strength(), Strength::Aal3);
        assert_eq!(strength(&[Signature, EmailCode, Password]), Strength::Aal2);
    }
}
