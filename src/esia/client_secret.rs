//! `client_secret`: a signature over the parameters of the request, made fresh
//! for each. There is no other way in which a relying party shows who it is.
//!
//! The order of work: the relying party, its certificates, the text that this
//! endpoint expects, the bytes in whatever coding they come, the signature, the
//! term of the certificate, the time.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::error::{Code, EsiaError, Explained};
use super::params::require;
use super::text::Endpoint;
use super::{Esia, timestamp};
use crate::model::timestamp::Timestamp;
use crate::protocol::clients::Registered;
use crate::protocol::params::Params;
use crate::signature::{Signature, SignerCertificate, Unsound};

/// Programs pad as they like, and some strip one sign of two.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The longest that is looked at: a CMS with a chain of certificates.
const LONGEST: usize = 48 * 1024;

/// The bytes of a `client_secret`: base64url or base64, padded or not, with
/// `+` turned into a blank on the way.
pub fn decode(secret: &str) -> Option<Vec<u8>> {
    if secret.len() > LONGEST {
        return None;
    }
    let plain: String = secret
        .trim_end_matches('=')
        .chars()
        .filter(|sign| !matches!(sign, '\r' | '\n'))
        .map(|sign| match sign {
            '-' | ' ' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    BASE64.decode(plain).ok()
}

/// Why a signature is not taken.
struct Fault {
    code: Code,
    /// In words, for a developer.
    reason: String,
}

/// Checks the signature of a request, then its time.
///
/// # Errors
/// The code that ESIA has for the fault; a relying party under development is
/// told the text, the certificates and the reason.
pub(super) fn check(
    esia: &Esia,
    client: &Registered,
    endpoint: Endpoint,
    params: &Params,
    now: Timestamp,
) -> Result<(), EsiaError> {
    let secret = require(params, "client_secret")?;
    let at = timestamp::parse(require(params, "timestamp")?)?;
    let Some(settings) = &client.esia else {
        return Err(not_authorized());
    };
    let texts = endpoint.texts(params, settings.lenient);
    let hash = match endpoint {
        Endpoint::AcV2 => Some(require(params, "client_certificate_hash")?),
        _ => params.get("client_certificate_hash"),
    };
    let candidates: Vec<&SignerCertificate> = client
        .certificates
        .iter()
        .filter(|one| hash.is_none_or(|hash| one.is_called(hash)))
        .collect();
    if let Err(fault) = verify(client, endpoint, secret, &texts, &candidates, now) {
        let error = told(fault.code);
        tracing::info!(
            client = %client.client_id, code = fault.code.number(), reason = %fault.reason,
            "a signed request was refused"
        );
        if !settings.sandbox {
            return Err(error);
        }
        let explained = Explained {
            reason: fault.reason,
            expected: texts,
            certificates: match candidates.as_slice() {
                [] => client.certificates.iter().map(described).collect(),
                tried => tried.iter().map(|one| described(one)).collect(),
            },
        };
        tracing::info!(
            client = %client.client_id, expected = ?explained.expected,
            certificates = ?explained.certificates, "sandbox: what was expected"
        );
        return Err(error.explained(explained));
    }
    timestamp::check(at, now, esia.settings.clock_skew)
}

fn verify(
    client: &Registered,
    endpoint: Endpoint,
    secret: &str,
    texts: &[String],
    candidates: &[&SignerCertificate],
    now: Timestamp,
) -> Result<(), Fault> {
    let v1 = endpoint.is_v1();
    let fault = |in_v1, reason: String| {
        let code = if v1 { in_v1 } else { Code::WrongSecret };
        Err(Fault { code, reason })
    };
    let Some(settings) = &client.esia else {
        return fault(Code::NotAuthorized, "no relying party of ESIA".to_owned());
    };
    if client.certificates.is_empty() {
        return fault(
            Code::ForeignCertificate,
            "no certificate is registered that this server can read".to_owned(),
        );
    }
    if candidates.is_empty() {
        return fault(
            Code::ForeignCertificate,
            "client_certificate_hash is that of no registered certificate: it is the hash of \
             the certificate in DER, Streebog-256 or SHA-256, in hexadecimal digits"
                .to_owned(),
        );
    }
    let Some(bytes) = decode(secret) else {
        return fault(
            Code::NoSignature,
            "client_secret is not base64 or base64url".to_owned(),
        );
    };
    let is_cms = bytes.first() == Some(&0x30) && bytes.len() > 128;
    if is_cms != v1 && !settings.lenient {
        return fault(
            Code::NoSignature,
            match v1 {
                true => "client_secret is no CMS, which this endpoint takes",
                false => {
                    "client_secret is CMS; this endpoint takes the bare signature (s, then r, \
                     32 bytes each)"
                }
            }
            .to_owned(),
        );
    }
    let tried: Vec<&SignerCertificate> = if is_cms {
        let signature = match Signature::read(&bytes) {
            Ok(signature) => signature,
            Err(unsound) => return fault(Code::NoSignature, unsound.to_string()),
        };
        let named: Vec<&SignerCertificate> = candidates
            .iter()
            .copied()
            .filter(|one| one.is_named_by(&signature))
            .collect();
        if named.is_empty() {
            return fault(
                Code::ForeignCertificate,
                "the signer is none of the registered certificates".to_owned(),
            );
        }
        let sound = |one: &&SignerCertificate| {
            first_sound(texts, |text| {
                one.verify_cms(&signature, text, settings.sha1)
            })
        };
        match holder(&named, sound) {
            Ok(found) => found,
            Err(unsound) => return fault(Code::NotAuthorized, unsound.to_string()),
        }
    } else {
        let sound =
            |one: &&SignerCertificate| first_sound(texts, |text| one.verify_raw(&bytes, text));
        match holder(candidates, sound) {
            Ok(found) => found,
            Err(unsound) => return fault(Code::NotAuthorized, unsound.to_string()),
        }
    };
    match tried.iter().any(|one| one.is_in_term(now)) {
        true => Ok(()),
        false => fault(
            Code::NotAuthorized,
            "the certificate is not in its term".to_owned(),
        ),
    }
}

/// The certificates whose holder made the signature.
fn holder<'a>(
    certificates: &[&'a SignerCertificate],
    sound: impl Fn(&&SignerCertificate) -> Result<(), Unsound>,
) -> Result<Vec<&'a SignerCertificate>, Unsound> {
    let mut why = Unsound::NotASignature;
    let mut found = Vec::new();
    for one in certificates {
        match sound(one) {
            Ok(()) => found.push(*one),
            Err(unsound) => why = unsound,
        }
    }
    match found.is_empty() {
        false => Ok(found),
        true => Err(why),
    }
}

fn first_sound(
    texts: &[String],
    check: impl Fn(&[u8]) -> Result<(), Unsound>,
) -> Result<(), Unsound> {
    let mut why = Unsound::OtherText;
    for text in texts {
        match check(text.as_bytes()) {
            Ok(()) => return Ok(()),
            Err(unsound) => why = unsound,
        }
    }
    Err(why)
}

fn described(certificate: &SignerCertificate) -> String {
    let end = jiff::Timestamp::from_second(certificate.not_after.seconds()).unwrap_or_default();
    format!(
        "{}, until {end}, {}",
        certificate.subject,
        certificate.hashes().join(" or ")
    )
}

/// What everybody is told.
fn told(code: Code) -> EsiaError {
    match code {
        Code::WrongSecret => code.because("OAuthErrorEnum.clientSecretWrong"),
        Code::ForeignCertificate => {
            code.because("the certificate is not registered for this client_id")
        }
        Code::NoSignature => code.because("client_secret is not a signature"),
        _ => not_authorized(),
    }
}

pub(super) fn not_authorized() -> EsiaError {
    Code::NotAuthorized
        .because("The client is not authorized to request an access token using this method.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_coding_of_programs_is_read() {
        // 0xfb 0xef 0xff 0x00: `--__AA==` in base64url.
        let bytes = [0xfb, 0xef, 0xff, 0x00];
        for text in [
            "--__AA",
            "--__AA==",
            "--__AA=",
            "++//AA==",
            "++//AA",
            "  //AA==",
            "++//\r\nAA==",
        ] {
            assert_eq!(decode(text).as_deref(), Some(&bytes[..]), "{text:?}");
        }
        assert_eq!(decode("!"), None);
        assert_eq!(decode(&"A".repeat(LONGEST + 1)), None);
    }
}
