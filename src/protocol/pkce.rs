//! Proof Key for Code Exchange (RFC 7636). Only S256: `plain` protects
//! nothing from who sees the request (RFC 9700 §2.1.1).

use serde::{Deserialize, Serialize};

use super::error::{ErrorCode, OAuthError};
use crate::model::secret::Digest;

/// The methods discovery lists.
pub const METHODS: &[&str] = &["S256"];

/// What a client committed to: SHA-256 of its verifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeChallenge(Digest);

impl CodeChallenge {
    /// Reads the parameters of an authorization request.
    ///
    /// # Errors
    /// When the method is not S256 or the challenge is not one.
    pub fn parse(
        challenge: Option<&str>,
        method: Option<&str>,
    ) -> Result<Option<Self>, OAuthError> {
        let Some(challenge) = challenge else {
            return match method {
                None => Ok(None),
                Some(_) => Err(ErrorCode::InvalidRequest.because("code_challenge is missing")),
            };
        };
        // Without a method the standard means plain (§4.3), which is refused.
        if method != Some("S256") {
            return Err(ErrorCode::InvalidRequest.because("code_challenge_method must be S256"));
        }
        let well_formed = challenge.len() == 43
            && challenge
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if !well_formed {
            return Err(ErrorCode::InvalidRequest
                .because("code_challenge must be 43 characters of base64url"));
        }
        Ok(Some(Self(Digest::from_stored(challenge.to_owned()))))
    }

    /// Whether `verifier` is what was committed to.
    pub fn answers(&self, verifier: &str) -> bool {
        is_verifier(verifier) && Digest::of(verifier.as_bytes()) == self.0
    }
}

/// 43 to 128 unreserved characters (§4.1).
fn is_verifier(verifier: &str) -> bool {
    (43..=128).contains(&verifier.len())
        && verifier
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

/// Compares what was committed to with what is shown.
///
/// # Errors
/// `invalid_grant` when they do not answer each other, also when only one of
/// them is there: a stripped challenge is an attack (RFC 9700 §4.8.2).
pub fn check(challenge: Option<&CodeChallenge>, verifier: Option<&str>) -> Result<(), OAuthError> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (Some(challenge), Some(verifier)) if challenge.answers(verifier) => Ok(()),
        (Some(_), None) => Err(ErrorCode::InvalidGrant.because("code_verifier is missing")),
        (Some(_), Some(_)) => {
            Err(ErrorCode::InvalidGrant.because("code_verifier does not fit the code_challenge"))
        }
        (None, Some(_)) => Err(ErrorCode::InvalidGrant
            .because("code_verifier was sent but the request had no code_challenge")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_fits() {
        // RFC 7636 Appendix B.
        let challenge = CodeChallenge::parse(
            Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            Some("S256"),
        )
        .unwrap();
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert!(check(challenge.as_ref(), Some(verifier)).is_ok());
        assert!(check(challenge.as_ref(), None).is_err());
        assert!(check(None, Some(verifier)).is_err());
        assert!(check(challenge.as_ref(), Some(&verifier.replace('d', "e"))).is_err());
    }

    #[test]
    fn plain_is_refused_in_every_form() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert!(CodeChallenge::parse(Some(verifier), Some("plain")).is_err());
        assert!(CodeChallenge::parse(Some(verifier), None).is_err());
        assert!(CodeChallenge::parse(None, Some("S256")).is_err());
        assert!(CodeChallenge::parse(Some("short"), Some("S256")).is_err());
    }
}
