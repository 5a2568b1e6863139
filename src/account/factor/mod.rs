//! Ways to prove who one is. A factor is a row of [`FACTORS`] and a file here;
//! only these files make a `Proof`, and only after checking one.

pub mod approval;
pub mod backup_code;
pub mod change;
pub mod email_code;
pub mod enrol;
pub mod enrolled;
pub mod key;
pub mod one_time_code;
pub mod password;
pub mod sms_code;
pub mod totp;
pub mod vouched;

use crate::model::authentication::Method;

/// A row of [`FACTORS`].
#[derive(Debug)]
pub struct Factor {
    /// The key of its name, for the history.
    pub text: &'static str,
    /// What it proves by.
    pub method: Method,
}

/// Every factor.
pub const FACTORS: &[Factor] = &[
    password::FACTOR,
    sms_code::FACTOR,
    email_code::FACTOR,
    totp::FACTOR,
    backup_code::FACTOR,
    key::SECURITY_KEY,
    key::PASSKEY,
    approval::FACTOR,
    vouched::BANK,
    vouched::SIGNATURE,
];

/// The factor with this method reference (RFC 8176), for the history.
pub fn by_reference(reference: &str) -> Option<&'static Factor> {
    FACTORS
        .iter()
        .find(|factor| factor.method.reference() == reference)
}
