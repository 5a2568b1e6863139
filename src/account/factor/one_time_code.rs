//! Codes that are sent and typed back: six digits, bound to the ticket they
//! were made for, kept as a keyed digest only. Tries are counted by the rooms
//! that hold the tickets.

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use super::{email_code, sms_code};
use crate::entropy::Entropy;
use crate::model::authentication::Proof;
use crate::model::digits::plain_digits;
use crate::model::identifier::ContactKind;
use crate::model::secret::{Digest, Secret};
use crate::model::timestamp::Timestamp;
use crate::vault::{Purpose, Vault};

/// Digits of a code (requirement A1).
pub const DIGITS: usize = 6;

/// A code that was sent, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SentCode {
    digest: String,
    pub sent_at: Timestamp,
    pub expires_at: Timestamp,
}

impl SentCode {
    /// A new code for a ticket, and what is kept of it.
    pub fn new(
        vault: &Vault,
        entropy: &Entropy,
        ticket: &Digest,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> (Secret, Self) {
        let code = entropy.digits(DIGITS);
        let kept = Self {
            digest: digest(vault, ticket, &code),
            sent_at: now,
            expires_at,
        };
        (Secret::new(code), kept)
    }

    /// As if a code had been sent, but none fits: for contacts whose owner
    /// already has an account (requirement A8).
    pub fn unknown_to_all(self, vault: &Vault, entropy: &Entropy, ticket: &Digest) -> Self {
        let never = entropy.secret("");
        Self {
            digest: digest(vault, ticket, never.expose()),
            ..self
        }
    }

    /// A proof, if these digits are the code. Compared in constant time.
    pub fn check(
        &self,
        vault: &Vault,
        ticket: &Digest,
        typed: &TypedCode,
        kind: ContactKind,
        now: Timestamp,
    ) -> Option<Proof> {
        let typed = digest(vault, ticket, &typed.0);
        let right: bool = typed.as_bytes().ct_eq(self.digest.as_bytes()).into();
        if !right || now >= self.expires_at {
            return None;
        }
        match kind {
            ContactKind::Phone => Some(sms_code::given(now)),
            ContactKind::Email => Some(email_code::given(now)),
            ContactKind::Snils => None,
        }
    }
}

/// Six digits as they were typed or pasted, with whatever stood between them.
pub struct TypedCode(String);

impl TypedCode {
    /// Reads a code; nothing when it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 64 {
            return None;
        }
        plain_digits(text)
            .filter(|digits| digits.len() == DIGITS)
            .map(Self)
    }
}

fn digest(vault: &Vault, ticket: &Digest, code: &str) -> String {
    let bound = format!("{}:{code}", ticket.as_str());
    vault.digest_text(Purpose::OneTimeCode, bound.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::vault::MasterKey;

    #[test]
    fn a_code_fits_its_ticket_and_its_time() {
        let entropy = Entropy::seeded(b"code");
        let master = MasterKey::from_bytes([1; 32]);
        let root = Vault::new_root(&master, &entropy).unwrap();
        let vault = Vault::open(&master, &root, entropy.clone()).unwrap();
        let (ticket, other) = (Digest::of(b"a"), Digest::of(b"b"));
        let (now, end) = (Timestamp::from_seconds(100), Timestamp::from_seconds(700));
        let (code, sent) = SentCode::new(&vault, &entropy, &ticket, now, end);
        let check = |sent: &SentCode, ticket: &Digest, text: &str, at| {
            let typed = TypedCode::parse(text).unwrap();
            sent.check(&vault, ticket, &typed, ContactKind::Phone, at)
                .is_some()
        };
        let code = code.expose();
        assert!(check(&sent, &ticket, code, now));
        assert!(check(
            &sent,
            &ticket,
            &format!(" {}-{} ", &code[..3], &code[3..]),
            now
        ));
        assert!(!check(&sent, &other, code, now));
        assert!(!check(&sent, &ticket, code, end));
        assert!(check(
            &sent,
            &ticket,
            code,
            end.minus(Duration::from_millis(1))
        ));
        let dead = sent.unknown_to_all(&vault, &entropy, &ticket);
        assert!(!check(&dead, &ticket, code, now));
    }

    #[test]
    fn pasted_codes_are_understood() {
        for text in [
            "123456",
            "123 456",
            "123-456",
            " 12 34 56\n",
            "１２３４５６",
            "123\u{a0}456",
        ] {
            assert_eq!(
                TypedCode::parse(text).map(|code| code.0).as_deref(),
                Some("123456")
            );
        }
        for text in [
            "",
            "12345",
            "1234567",
            "12345a",
            "+123456",
            &"1 ".repeat(40),
        ] {
            assert!(TypedCode::parse(text).is_none(), "{text}");
        }
    }
}
