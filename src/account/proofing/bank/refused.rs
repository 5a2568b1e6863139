//! Why nothing came of a way to a bank. The citizen reads one plain page; the
//! reason is for the log, and names no datum of anybody.

use std::time::Duration;

use crate::error::Internal;

/// Why nothing came of it.
#[derive(Debug)]
pub enum BankRefused {
    /// No such bank is configured.
    UnknownBank,
    /// It does not answer.
    Away,
    /// The citizen changed their mind there.
    Denied,
    /// The way did not begin in this browser, was gone already or took too long.
    Round,
    /// What it answered fails this check.
    Check(&'static str),
    /// Too many began from this network.
    TooMany {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for BankRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl BankRefused {
    /// What the log says.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::UnknownBank => "unknown_bank",
            Self::Away => "away",
            Self::Denied => "denied",
            Self::Round => "round",
            Self::Check(check) => check,
            Self::TooMany { .. } => "too_many",
            Self::Internal(_) => "internal",
        }
    }
}
