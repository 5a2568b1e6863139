//! Software statements: what an issuer that the operator trusts says of a
//! client (RFC 7591 §2.3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::faults::wrong;
use super::members::text;
use super::settings::{RegistrationSettings, StatementIssuer};
use crate::error::{Internal, Result as Internally};
use crate::jose::{ForeignClaims, Jwks, foreign};
use crate::model::algorithm::Algorithm;
use crate::model::timestamp::Timestamp;
use crate::protocol::error::{ErrorCode, OAuthError};

const MEMBER: &str = "software_statement";
/// Claims about the statement itself.
const OWN_CLAIMS: [&str; 7] = ["iss", "sub", "aud", "iat", "nbf", "exp", "jti"];

/// Who vouches for clients, with the keys read.
pub(super) struct Issuers {
    known: Vec<(String, Jwks)>,
    are_needed: bool,
}

impl Issuers {
    /// Reads the keys.
    pub(super) fn open(settings: &RegistrationSettings) -> Internally<Self> {
        let known = settings.software_statement_issuers.iter().map(|one| {
            let keys = keys_of(one).map_err(|error| {
                Internal::new(format!(
                    "registration.software_statement_issuers, issuer = \"{}\": {error}",
                    one.issuer
                ))
            })?;
            Ok((one.issuer.clone(), keys))
        });
        Ok(Self {
            known: known.collect::<Internally<_>>()?,
            are_needed: settings.require_software_statement,
        })
    }

    /// Puts what a statement says into `wire`, over what stands there.
    ///
    /// # Errors
    /// `unapproved_software_statement` for one of an issuer that is not trusted,
    /// `invalid_software_statement` for one that is forged or out of time.
    pub(super) fn apply(
        &self,
        wire: &mut Map<String, Value>,
        now: Timestamp,
    ) -> Result<(), OAuthError> {
        let Some(statement) = text(wire, MEMBER)? else {
            return match self.are_needed {
                true => Err(wrong(MEMBER, "is needed to register here")),
                false => Ok(()),
            };
        };
        let claims = self.verified(statement, now)?;
        let about_client = claims
            .into_iter()
            .filter(|(name, _)| name != MEMBER && !OWN_CLAIMS.contains(&name.as_str()));
        wire.extend(about_client);
        Ok(())
    }

    fn verified(&self, statement: &str, now: Timestamp) -> Result<Map<String, Value>, OAuthError> {
        let invalid = |why: &'static str| ErrorCode::InvalidSoftwareStatement.because(why);
        let issuer = unverified_issuer(statement)
            .ok_or_else(|| invalid("the software statement is no JWT with an iss"))?;
        // The issuer names the keys to check with; it is believed only once the
        // signature is good.
        let known = self.known.iter().find(|(known, _)| *known == issuer);
        let (_, keys) = known.ok_or_else(|| {
            ErrorCode::UnapprovedSoftwareStatement
                .because("the issuer of the software statement is not trusted here")
        })?;
        let ForeignClaims(claims) = foreign::verify(statement, keys, &Algorithm::ALL)
            .map_err(|_| invalid("the software statement is not signed by its issuer"))?;
        let moment = |name: &str| match claims.get(name) {
            None => Some(None),
            Some(value) => value
                .as_f64()
                .map(|seconds| Some(Timestamp::from_seconds(seconds as i64))),
        };
        let (Some(until), Some(from)) = (moment("exp"), moment("nbf")) else {
            return Err(invalid(
                "exp and nbf of the software statement must be numbers",
            ));
        };
        if until.is_some_and(|until| until <= now) || from.is_some_and(|from| from > now) {
            return Err(invalid("the software statement is out of its time"));
        }
        Ok(claims)
    }
}

fn keys_of(issuer: &StatementIssuer) -> Result<Jwks, String> {
    let keys = match (&issuer.jwks, &issuer.jwks_file) {
        (Some(keys), None) => keys.to_string(),
        (None, Some(file)) => {
            std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?
        }
        _ => return Err("give jwks or jwks_file, and not both".to_owned()),
    };
    Jwks::parse(&keys)
}

fn unverified_issuer(statement: &str) -> Option<String> {
    let payload = statement.split('.').nth(1)?;
    let claims: Map<String, Value> =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    Some(claims.get("iss")?.as_str()?.to_owned())
}
