//! Codes of an authenticator app (RFC 6238): six digits every thirty seconds,
//! with SHA-1, which is what every app understands. A code is accepted once: its
//! step is kept with the factor.

use totp_rs::{Algorithm, Builder, Totp};

use super::Factor;
use crate::entropy::Entropy;
use crate::error::{Internal, Result};
use crate::model::authentication::{Method, Proof};
use crate::model::digits::plain_digits;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::texts::key;

/// The registration of this factor.
pub const FACTOR: Factor = Factor {
    text: key("factor-totp"),
    method: Method::Totp,
};

/// Bytes of a secret (RFC 4226 §4, R6: 160 bits are recommended).
const SECRET_BYTES: usize = 20;
/// A clock may be wrong by this many steps.
const SKEW: u16 = 1;

/// A secret shared with an app, in base32.
pub(in crate::account) fn new_secret(entropy: &Entropy) -> Secret {
    let bytes = entropy.bytes::<SECRET_BYTES>();
    Secret::new(totp_rs::Secret::from(bytes.to_vec()).to_base32())
}

/// What the app is told, as an `otpauth:` address; for a QR code.
///
/// # Errors
/// When a name has a colon, which the scheme cannot carry.
pub(in crate::account) fn address(secret: &Secret, issuer: &str, person: &str) -> Result<String> {
    builder(secret)?
        .with_issuer(Some(issuer.replace(':', " ")))
        .with_account_name(person.replace(':', " "))
        .build()
        .and_then(|totp| totp.to_url())
        .map_err(|error| Internal::new(error.to_string()))
}

/// The step a code is of and the proof, if it is the code of about now.
pub(in crate::account) fn check(
    secret: &Secret,
    typed: &str,
    now: Timestamp,
) -> Result<Option<(i64, Proof)>> {
    let Some(typed) = plain_digits(typed).filter(|digits| digits.len() == 6) else {
        return Ok(None);
    };
    let seconds = u64::try_from(now.seconds()).unwrap_or_default();
    let step = totp(secret)?.check(&typed, seconds);
    Ok(step.map(|step| {
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        (step, Proof::given(Method::Totp, now))
    }))
}

fn totp(secret: &Secret) -> Result<Totp> {
    builder(secret)?
        .with_account_name("propusk")
        .build()
        .map_err(|error| Internal::new(error.to_string()))
}

fn builder(secret: &Secret) -> Result<Builder> {
    let secret = totp_rs::Secret::try_from_base32(secret.expose())
        .map_err(|error| Internal::new(error.to_string()))?;
    Ok(Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(SKEW)
        .with_step_duration(30)
        .with_secret(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_standard_are_accepted_in_their_time() {
        // RFC 6238 appendix B: the secret is the ASCII text 12345678901234567890.
        let secret = Secret::new("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let at = Timestamp::from_seconds;
        let step = |code: &str, now| {
            let found = check(&secret, code, now).unwrap();
            found.map(|(step, _)| step)
        };
        assert_eq!(step("287082", at(59)), Some(1));
        assert_eq!(step("081 804", at(1_111_111_109)), Some(37_037_036));
        assert_eq!(step("287082", at(59 + 30)), Some(1));
        assert_eq!(step("287082", at(59 + 60)), None);
        for wrong in ["287083", "", "28708", "2870820", "28708a"] {
            assert_eq!(step(wrong, at(59)), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_is_told_all_it_needs() {
        let secret = new_secret(&Entropy::seeded(b"totp"));
        let address = address(&secret, "Пропуск: тест", "+79005550101").unwrap();
        assert!(address.starts_with("otpauth://totp/"), "{address}");
        let given = format!("secret={}", secret.expose());
        assert!(address.contains(&given) && secret.expose().len() == 32);
    }
}
