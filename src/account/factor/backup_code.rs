//! Codes on a list that is printed and put away (NIST SP 800-63B-4 §3.1.2): for
//! the day the phone is lost. Each opens once.

use super::Factor;
use crate::entropy::Entropy;
use crate::model::authentication::{Method, Proof};
use crate::model::digits::plain_digits;
use crate::model::id::AccountId;
use crate::model::secret::{Digest, Secret};
use crate::model::timestamp::Timestamp;
use crate::texts::key;
use crate::vault::{Purpose, Vault};

/// The registration of this factor.
pub const FACTOR: Factor = Factor {
    text: key("factor-backup-code"),
    method: Method::BackupCode,
};

/// How many a list has.
pub const CODES: usize = 10;
/// Digits of one: too many to be guessed within the tries there are.
pub const DIGITS: usize = 10;

/// A new list.
pub(in crate::account) fn new_list(entropy: &Entropy) -> Vec<Secret> {
    let code = |_| Secret::new(entropy.digits(DIGITS));
    (0..CODES).map(code).collect()
}

/// What is kept of a code: a keyed digest that means something to one account.
pub(in crate::account) fn kept(vault: &Vault, account: &AccountId, code: &Secret) -> Digest {
    let bound = format!("backup code:{account}:{}", code.expose());
    Digest::from_stored(vault.digest_text(Purpose::OneTimeCode, bound.as_bytes()))
}

/// A code as it was typed, with whatever stood between the digits.
pub(in crate::account) fn typed(text: &str) -> Option<Secret> {
    if text.len() > 64 {
        return None;
    }
    plain_digits(text)
        .filter(|digits| digits.len() == DIGITS)
        .map(Secret::new)
}

/// Called when a code was spent.
pub(in crate::account) const fn given(now: Timestamp) -> Proof {
    Proof::given(Method::BackupCode, now)
}
