//! Why a call did not give an answer, without anything secret: no URL, no
//! query, no header.

use std::error::Error;

/// An outgoing call that gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EgressRefused {
    /// We do not make such a call; trying again will not help.
    #[error("not called: {0}")]
    Refused(&'static str),
    /// The other side could not be reached or did not speak HTTP.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// The answer is longer than allowed.
    #[error("the answer is too long")]
    TooLarge,
    /// The whole call took too long.
    #[error("no answer in time")]
    TimedOut,
}

/// Carries a refusal through the HTTP client's resolver.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Forbidden(pub(super) EgressRefused);

impl EgressRefused {
    /// What the HTTP client's error amounts to. Its own text names the URL, so
    /// only the innermost cause is kept ("connection refused", "unknown
    /// issuer").
    pub(super) fn from_client(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::TimedOut;
        }
        let error = error.without_url();
        let mut innermost: &dyn Error = &error;
        while let Some(cause) = innermost.source() {
            if let Some(Forbidden(refused)) = cause.downcast_ref() {
                return refused.clone();
            }
            innermost = cause;
        }
        Self::Unreachable(innermost.to_string())
    }
}
