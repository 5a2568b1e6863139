//! A password: something the person knows.

use super::Factor;
use crate::account::hashing::{HashRefused, Hasher};
use crate::account::password_policy::LONGEST;
use crate::model::authentication::{Method, Proof};
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::texts::key;

/// The registration of this factor.
pub const FACTOR: Factor = Factor {
    text: key("factor-password"),
    method: Method::Password,
};

/// A proof, if the password is the one that was hashed.
///
/// # Errors
/// When too many passwords wait to be checked.
pub async fn check(
    hasher: &Hasher,
    password: &Secret,
    hash: &str,
    now: Timestamp,
) -> Result<Option<Proof>, HashRefused> {
    // A text no password can be is checked as an empty one: the same time,
    // whatever its length (attack row 53).
    let sane = password.expose().len() <= LONGEST;
    let none = Secret::new("");
    let right = hasher
        .verify(if sane { password } else { &none }, hash)
        .await?;
    Ok((right && sane && !password.expose().is_empty())
        .then(|| Proof::given(Method::Password, now)))
}

/// The proof of a person who has just set this password.
pub(in crate::account) const fn set(now: Timestamp) -> Proof {
    Proof::given(Method::Password, now)
}
