//! The checks of a bank's answer, each with a reason of its own for the log
//! (OpenID Connect Core §3.1.3.7, RFC 9207; attack row 35).

use std::time::Duration;

use chrono::{DateTime, Utc};
use openidconnect::core::CoreJwsSigningAlgorithm;
use openidconnect::{ClaimsVerificationError, Nonce, SignatureVerificationError};
use serde_json::Value;

use super::client::{BankClient, BankIdToken, Metadata};
use super::round::Returned;
use super::{Bank, BankRefused};
use crate::error::Internal;
use crate::model::timestamp::Timestamp;

/// Clocks may differ by so much.
const SKEW: Duration = Duration::from_secs(60);
/// How long ago somebody signed in at a bank that does not say when: enough to
/// enter, too old for whatever asks for a fresh proof.
pub const UNSAID: Duration = Duration::from_hours(24);
/// An ID token is made for this exchange, not found in a drawer.
const OLDEST: Duration = Duration::from_mins(5);
/// The longest subject identifier (OpenID Connect Core §2).
const LONGEST_SUBJECT: usize = 255;
/// What our check of `iat` says.
const ISSUED: &str = "issued at another time";

/// What an ID token says, once it is checked.
pub struct Checked {
    pub subject: openidconnect::SubjectIdentifier,
    pub auth_time: Option<Timestamp>,
    pub said: Value,
}

/// The answer is this bank's (RFC 9207 §2.4): where it says so it must be so.
pub fn check_issuer(
    bank: &Bank,
    metadata: &Metadata,
    returned: &Returned,
) -> Result<(), BankRefused> {
    let promised = metadata
        .additional_metadata()
        .authorization_response_iss_parameter_supported;
    match &returned.iss {
        Some(iss) if iss == bank.issuer() => Ok(()),
        None if !promised => Ok(()),
        _ => Err(BankRefused::Check("response_iss")),
    }
}

/// Every check of OpenID Connect Core §3.1.3.7.
pub fn verify(
    bank: &Bank,
    client: &BankClient,
    id_token: &BankIdToken,
    nonce: &Nonce,
    now: Timestamp,
) -> Result<Checked, BankRefused> {
    let moment = moment(now)?;
    let (earliest, latest) = (
        self::moment(now.minus(OLDEST))?,
        self::moment(now.plus(SKEW))?,
    );
    let issued = move |at: DateTime<Utc>| match at {
        at if at < earliest || at > latest => Err(ISSUED.to_owned()),
        _ => Ok(()),
    };
    let allowed: Vec<CoreJwsSigningAlgorithm> = bank
        .settings
        .algorithms
        .iter()
        .filter_map(|name| serde_json::from_value(Value::String(name.clone())).ok())
        .collect();
    let client_id = bank.settings.client_id.as_str();
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs(allowed)
        // No other audience is trusted: a token for several is for nobody here.
        .set_other_audience_verifier_fn(|_| false)
        .set_time_fn(move || moment)
        .set_issue_time_verifier_fn(issued);
    let claims = id_token
        .claims(&verifier, nonce)
        .map_err(|error| reason(&error))?;
    match claims.authorized_party() {
        Some(party) if party.as_str() != client_id => return Err(BankRefused::Check("azp")),
        _ => {}
    }
    let subject = claims.subject().clone();
    if subject.is_empty() || subject.len() > LONGEST_SUBJECT {
        return Err(BankRefused::Check("sub"));
    }
    let auth_time = claims.auth_time();
    Ok(Checked {
        subject,
        auth_time: auth_time.map(|at| Timestamp::from_millis(at.timestamp_millis())),
        said: serde_json::to_value(claims).map_err(Internal::from)?,
    })
}

fn reason(error: &ClaimsVerificationError) -> BankRefused {
    BankRefused::Check(match error {
        // The library has one name for both.
        ClaimsVerificationError::Expired(which) if which == ISSUED => "iat",
        ClaimsVerificationError::Expired(_) => "exp",
        ClaimsVerificationError::InvalidAudience(_) => "aud",
        ClaimsVerificationError::InvalidIssuer(_) => "iss",
        ClaimsVerificationError::InvalidNonce(_) => "nonce",
        ClaimsVerificationError::SignatureVerification(error) => match error {
            SignatureVerificationError::NoMatchingKey => "no_such_key",
            SignatureVerificationError::DisallowedAlg(_)
            | SignatureVerificationError::UnsupportedAlg(_)
            | SignatureVerificationError::NoSignature => "alg",
            _ => "signature",
        },
        _ => "id_token",
    })
}

/// When the person signed in there; a round that asked for it anew takes
/// nothing older. One that did not say may be of yesterday.
pub fn proven_at(
    (begun_at, anew): (Timestamp, bool),
    auth_time: Option<Timestamp>,
    now: Timestamp,
) -> Result<Timestamp, BankRefused> {
    let fresh = auth_time.is_some_and(|at| at >= begun_at.minus(SKEW));
    if anew && !fresh {
        return Err(BankRefused::Check("auth_time"));
    }
    // Its seconds are whole ones: what was done anew was not done before we asked.
    let earliest = match anew {
        true => begun_at,
        false => Timestamp::default(),
    };
    let unsaid = now.minus(UNSAID);
    Ok(auth_time.unwrap_or(unsaid).max(earliest).min(now))
}

fn moment(at: Timestamp) -> Result<DateTime<Utc>, BankRefused> {
    DateTime::from_timestamp_millis(at.millis()).ok_or(BankRefused::Check("clock"))
}
