//! `client_secret`: a signature over the parameters of the request, made fresh
//! for each. There is no other way in which a relying party shows who it is.
//!
//! The order of work: the relying party, its certificates, the text that this
//! endpoint expects, the bytes in whatever coding they come, the signature, the
//! term of the certificate, the time.

use std::time::Duration;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::error::{Code, EsiaError, Explained};
use super::params::require;
use super::replay::Signed;
use super::text::Endpoint;
use super::{Esia, hint, timestamp};
use crate::model::esia_client::EsiaClient;
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

/// The same as .NET's `UrlTokenEncode` writes it: at the end a digit says how
/// many signs of padding were left out.
fn without_count(secret: &str) -> Option<Vec<u8>> {
    decode(secret.strip_suffix(['0', '1', '2'])?)
}

/// Why a request is not taken.
struct Fault {
    error: EsiaError,
    /// In words, for a developer.
    reason: String,
}

/// A request with whose it is and where it arrived.
pub(super) struct SignedRequest<'a> {
    pub client: &'a Registered,
    pub settings: &'a EsiaClient,
    pub endpoint: Endpoint,
    pub params: &'a Params,
}

/// Checks the signature of a request, then its time. Returns what was signed.
///
/// # Errors
/// The code that ESIA has for the fault; a relying party under development is
/// told the text, the certificates and the reason.
pub(super) fn check(
    esia: &Esia,
    request: &SignedRequest<'_>,
    now: Timestamp,
) -> Result<Signed, EsiaError> {
    let secret = require(request.params, "client_secret")?;
    let written = require(request.params, "timestamp")?;
    let skew = esia.settings.clock_skew;
    let checked = || {
        let at = timestamp::parse(written).map_err(|error| Fault {
            error,
            reason: format!("timestamp is not of the form {}", timestamp::FORM),
        })?;
        let text = verify(request, secret, now)?;
        timestamp::check(at, now, skew).map_err(|error| Fault {
            error,
            reason: format!(
                "timestamp is {} and this server's clock {}: they may differ by {skew} seconds",
                at.rfc3339(),
                now.rfc3339()
            ),
        })?;
        let until = at.plus(Duration::from_secs(skew + 1));
        Ok(Signed { text, until })
    };
    checked().map_err(|fault| refused(request, fault))
}

/// A request that is good once and was seen before.
pub(super) fn replayed(request: &SignedRequest<'_>) -> EsiaError {
    let reason = "the same signed request was seen before: each needs a state or a time of its \
                  own (--shared-state is for programs with one state for everybody)";
    let mut fault = fault(request.endpoint, Code::NotAuthorized, reason);
    // Who shows it again has all of it: nothing is given away.
    let said = fault.error.text.trim_end_matches('.');
    let text = format!("{said}: this request was seen before");
    fault.error.text = text.into();
    refused(request, fault)
}

/// With the code of the first generation; the second has one for everything.
fn fault(endpoint: Endpoint, in_v1: Code, reason: impl Into<String>) -> Fault {
    let code = match endpoint.is_v1() {
        true => in_v1,
        false => Code::WrongSecret,
    };
    Fault {
        error: told(code),
        reason: reason.into(),
    }
}

/// The error that goes out. The log is told the reason; a relying party under
/// development everything.
fn refused(request: &SignedRequest<'_>, fault: Fault) -> EsiaError {
    let Fault { error, reason } = fault;
    tracing::info!(
        client = %request.client.client_id, code = error.code.number(), %reason,
        "a signed request was refused"
    );
    match request.settings.sandbox {
        false => error,
        true => error.explained(explained(request, reason)),
    }
}

/// What a developer is told; the log is told the same without what is worth
/// something by itself.
fn explained(request: &SignedRequest<'_>, reason: String) -> Explained {
    let SignedRequest { client, params, .. } = request;
    let expected = request.texts();
    let certificates: Vec<String> = match request.candidates().as_slice() {
        [] => client.certificates.iter().map(described).collect(),
        tried => tried.iter().map(|one| described(one)).collect(),
    };
    let secrets = ["code", "refresh_token"].map(|name| params.get(name).unwrap_or_default());
    let secrets = secrets.into_iter().filter(|secret| !secret.is_empty());
    let hidden = |text: &String| {
        let hide = |text: String, secret| text.replace(secret, "(hidden)");
        secrets.clone().fold(text.clone(), hide)
    };
    let without: Vec<String> = expected.iter().map(hidden).collect();
    tracing::info!(
        client = %client.client_id, expected = ?without, ?certificates,
        "sandbox: what was expected"
    );
    Explained {
        reason,
        expected,
        certificates,
    }
}

impl SignedRequest<'_> {
    pub(super) fn texts(&self) -> Vec<String> {
        self.endpoint.texts(self.params, self.settings.lenient)
    }

    /// The certificates that it may be signed by: the one it names, or any.
    pub(super) fn candidates(&self) -> Vec<&SignerCertificate> {
        let hash = self.params.get("client_certificate_hash");
        let all = self.client.certificates.iter();
        all.filter(|one| hash.is_none_or(|hash| one.is_called(hash)))
            .collect()
    }
}

fn verify(request: &SignedRequest<'_>, secret: &str, now: Timestamp) -> Result<String, Fault> {
    let SignedRequest {
        client,
        settings,
        endpoint,
        params,
    } = request;
    let v1 = endpoint.is_v1();
    let fault = |in_v1, reason: &str| fault(*endpoint, in_v1, reason);
    if *endpoint == Endpoint::AcV2 && !settings.lenient {
        require(params, "client_certificate_hash").map_err(|error| Fault {
            error,
            reason: "client_certificate_hash is missing: it names the certificate".to_owned(),
        })?;
    }
    let candidates = request.candidates();
    if client.certificates.is_empty() {
        return Err(fault(
            Code::ForeignCertificate,
            "no certificate is registered that this server can read",
        ));
    }
    if candidates.is_empty() {
        return Err(fault(
            Code::ForeignCertificate,
            "client_certificate_hash is that of no registered certificate: it is the hash of \
             the certificate in DER, Streebog-256 or SHA-256, in hexadecimal digits",
        ));
    }
    let Some(bytes) = decode(secret).or_else(|| without_count(secret)) else {
        return Err(fault(
            Code::NoSignature,
            "client_secret is not base64 or base64url",
        ));
    };
    // A bare value may begin as CMS does.
    let mut cms = Signature::read(&bytes);
    if let (Err(_), Some(bytes)) = (&cms, without_count(secret)) {
        cms = Signature::read(&bytes).or(cms);
    }
    if cms.is_ok() != v1 && !settings.lenient {
        let reason = match (v1, &cms) {
            (true, Err(_)) if [64, 128].contains(&bytes.len()) => {
                "client_secret is a bare signature; this endpoint takes CMS (PKCS #7)"
            }
            (true, Err(unsound)) => &format!("client_secret is no CMS: {unsound}"),
            _ => {
                "client_secret is CMS; this endpoint takes the bare signature (s, then r, 32 \
                 bytes each)"
            }
        };
        return Err(fault(Code::NoSignature, reason));
    }
    let named: Vec<&SignerCertificate> = match &cms {
        Ok(signature) => named_by(signature, &candidates),
        Err(_) => candidates,
    };
    if named.is_empty() {
        return Err(fault(
            Code::ForeignCertificate,
            "the signer is none of the registered certificates",
        ));
    }
    let texts = request.texts();
    let (mut is_over, mut last) = (false, Unsound::OtherText);
    for certificate in named {
        for text in &texts {
            let sound = match &cms {
                Ok(signature) => certificate.verify_cms(signature, text.as_bytes(), settings.sha1),
                Err(_) => certificate.verify_raw(&bytes, text.as_bytes()),
            };
            match sound {
                Ok(()) if certificate.is_in_term(now) => return Ok(text.clone()),
                Ok(()) => is_over = true,
                Err(unsound) => last = unsound,
            }
        }
    }
    let reason = match (is_over, settings.sandbox, &cms) {
        (true, _, _) => "the certificate is not in its term".to_owned(),
        // Trying is work, which strangers cause.
        (_, false, _) => last.to_string(),
        (_, true, Ok(signature)) => hint::of_cms(request, signature, last),
        (_, true, Err(_)) => hint::of_bare(request, &bytes, last),
    };
    Err(fault(Code::NotAuthorized, &reason))
}

/// When a relying party signed one of its API keys: CMS, with the time among
/// what is signed, so that a signature found later is of no use.
///
/// # Errors
/// Why it is not taken, for the log.
pub(super) fn key_signed_at(
    client: &Registered,
    settings: &EsiaClient,
    key: &str,
    signature: &str,
    now: Timestamp,
) -> Result<Timestamp, String> {
    let bytes = decode(signature).ok_or("not base64 or base64url")?;
    let cms = Signature::read(&bytes).map_err(|unsound| unsound.to_string())?;
    let candidates: Vec<&SignerCertificate> = client.certificates.iter().collect();
    let mut why = "the signer is none of the registered certificates".to_owned();
    for certificate in named_by(&cms, &candidates) {
        match certificate.verify_cms(&cms, key.as_bytes(), settings.sha1) {
            Ok(()) if certificate.is_in_term(now) => {
                return cms
                    .signed_at()
                    .ok_or_else(|| "it does not say when it was made (signing-time)".to_owned());
            }
            Ok(()) => "the certificate is not in its term".clone_into(&mut why),
            Err(unsound) => why = unsound.to_string(),
        }
    }
    Err(why)
}

/// The certificates that the signer of a CMS file may hold: those it names.
/// Some programs write the issuer's name anew in letters of another kind; then
/// the number has to do, as the signature is checked by the key all the same.
fn named_by<'a>(
    signature: &Signature,
    candidates: &[&'a SignerCertificate],
) -> Vec<&'a SignerCertificate> {
    let those = |is: fn(&SignerCertificate, &Signature) -> bool| {
        let named = candidates.iter().copied().filter(|one| is(one, signature));
        named.collect::<Vec<_>>()
    };
    let exactly = those(SignerCertificate::is_named_by);
    match exactly.is_empty() {
        false => exactly,
        true => those(SignerCertificate::is_numbered_by),
    }
}

/// By its hashes: the subject of an organisation's certificate may name its head.
fn described(certificate: &SignerCertificate) -> String {
    let hashes = certificate.hashes().join(" or ");
    format!("{hashes}, until {}", certificate.not_after.rfc3339())
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
