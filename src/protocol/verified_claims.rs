//! `verified_claims` (OpenID Connect for Identity Assurance 1.0): claims
//! together with the evidence they rest on. Both come out of the same list that
//! levels are computed from, and only as far as they were asked for.

use serde_json::{Map, Value, json};

use super::error::{ErrorCode, OAuthError};
use super::{Provider, claims};
use crate::account::person::Person;
use crate::account::proofing::e_signature::certificate_of;
use crate::error::Result;
use crate::model::claim::find_claim;
use crate::model::evidence::{Attribute, Evidence, Identity, Source};
use crate::model::id::AccountId;
use crate::model::scope::RequestedScopes;
use crate::model::timestamp::Timestamp;

/// By whose rules people are verified: ours.
pub const TRUST_FRAMEWORK: &str = "urn:propusk:ial";
/// Claims that evidence covers.
pub const CLAIMS: [(&str, Attribute); 6] = [
    ("family_name", Attribute::FamilyName),
    ("given_name", Attribute::GivenName),
    ("middle_name", Attribute::MiddleName),
    ("birthdate", Attribute::BirthDate),
    ("gender", Attribute::Sex),
    ("snils", Attribute::Snils),
];
/// Kinds of evidence (§5.4.4).
pub const EVIDENCE: [&str; 4] = [
    "document",
    "electronic_record",
    "electronic_signature",
    "vouch",
];
/// How others vouch: a bank for its client, by its signed token; the post, by
/// handing a registered letter to the addressee alone.
const ATTESTATIONS: [&str; 2] = ["digital_attestation", "written_attestation"];
/// What a bank has on record (§5.4.4.2).
pub const BANK_RECORD: &str = "bank_account";
/// A detached CMS signature with a qualified certificate (63-FZ).
pub const SIGNATURE_TYPE: &str = "qualified_electronic_signature";
/// Documents that operators compare.
pub const DOCUMENTS: [&str; 1] = ["idcard"];
/// How they do: the document seen, and the face beside it.
const IN_PERSON: [&str; 2] = ["vpip", "pvp"];
/// The same by images that were sent.
const BY_IMAGES: [&str; 2] = ["vri", "pvr"];
/// By what a register or a bank holds of the person: compared, or read where
/// they signed in.
const BY_DATA: &str = "data";
const BY_SIGN_IN: &str = "auth";
/// Every way.
pub const CHECK_METHODS: [&str; 6] = [
    IN_PERSON[0],
    IN_PERSON[1],
    BY_IMAGES[0],
    BY_IMAGES[1],
    BY_DATA,
    BY_SIGN_IN,
];
/// Registries by the names of the specification.
pub const RECORDS: [(&str, &str); 3] = [
    ("passports", "population_register"),
    ("pension_fund", "social_security"),
    ("tax_service", "tax"),
];

/// Every kind of record there may be.
pub fn record_types() -> Vec<&'static str> {
    let registries = RECORDS.iter().map(|(_, kind)| *kind);
    registries.chain([BANK_RECORD]).collect()
}

/// Members of a request that say how a member must be, not which are wanted.
const CONDITIONS: [&str; 5] = ["essential", "purpose", "value", "values", "max_age"];

/// The requests in one place of the `claims` parameter (§6), cut to the claims
/// that `may_have` admits; those that want nothing else are left out.
///
/// # Errors
/// When a request has no `verification` with a trust framework, or no claims.
pub fn requests(
    asked: Option<&Value>,
    may_have: impl Fn(&str) -> bool,
) -> Result<Vec<Value>, OAuthError> {
    let wrong = || {
        ErrorCode::InvalidRequest.because(
            "verified_claims needs verification with trust_framework, and claims that are not empty",
        )
    };
    let list = match asked {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list.clone(),
        Some(one) => vec![one.clone()],
    };
    let mut requests = Vec::new();
    for mut request in list {
        let verification = request.get("verification").and_then(Value::as_object);
        if !verification.is_some_and(|members| members.contains_key("trust_framework")) {
            return Err(wrong());
        }
        let claims = request.get_mut("claims").and_then(Value::as_object_mut);
        let claims = claims
            .filter(|claims| !claims.is_empty())
            .ok_or_else(wrong)?;
        claims.retain(|name, _| is_covered(name) && may_have(name));
        if !claims.is_empty() {
            requests.push(request);
        }
    }
    Ok(requests)
}

/// The names of the claims in a request.
pub fn names(request: &Value) -> impl Iterator<Item = &str> {
    let claims = request.get("claims").and_then(Value::as_object);
    claims
        .into_iter()
        .flat_map(|claims| claims.keys().map(String::as_str))
}

/// Leaves the claims that were given, and nothing when none was.
pub fn keep(requests: &mut Vec<Value>, is_given: impl Fn(&str) -> bool) {
    for request in requests.iter_mut() {
        if let Some(claims) = request.get_mut("claims").and_then(Value::as_object_mut) {
            claims.retain(|name, _| is_given(name));
        }
    }
    requests.retain(|request| names(request).next().is_some());
}

/// What is answered to these requests, as far as the client's registration
/// still allows it: an object for one, an array for several, and nothing at all
/// where nothing fits.
///
/// # Errors
/// When the database is away.
pub async fn answer(
    provider: &Provider,
    account: &AccountId,
    requests: &[Value],
    registered: &str,
    now: Timestamp,
) -> Result<Option<Value>> {
    if requests.is_empty() {
        return Ok(None);
    }
    let registered = RequestedScopes::parse(registered);
    let mut requests = requests.to_vec();
    keep(&mut requests, |name| {
        find_claim(name).is_some_and(|claim| registered.contains(claim.scope))
    });
    let person = provider.person(account).await?;
    Ok(person.and_then(|person| about(&requests, &person, now)))
}

fn about(requests: &[Value], person: &Person, now: Timestamp) -> Option<Value> {
    let known = known(person, now)?;
    let mut fitting: Vec<Value> = requests
        .iter()
        .filter_map(|request| {
            let part = |name: &str| select(request.get(name)?, known.get(name)?, now);
            let (verification, claims) = (part("verification")?, part("claims")?);
            let has = |part: &Value| part.as_object().is_some_and(|part| !part.is_empty());
            (verification.get("trust_framework").is_some() && has(&claims))
                .then(|| json!({ "verification": verification, "claims": claims }))
        })
        .collect();
    match fitting.len() {
        0 => None,
        1 => fitting.pop(),
        _ => Some(Value::Array(fitting)),
    }
}

fn is_covered(name: &str) -> bool {
    CLAIMS.iter().any(|(covered, _)| *covered == name)
}

/// Everything there is, asked for or not.
fn known(person: &Person, now: Timestamp) -> Option<Value> {
    let identity = person.identity(now);
    let (check, proof) = match identity {
        Identity::Declared => return None,
        Identity::Checked { check } => (check, None),
        Identity::Verified { check, proof } => (check, Some(proof)),
    };
    let mut evidence = records(check);
    evidence.extend(document(check));
    evidence.extend(proof.and_then(document));
    evidence.extend(proof.and_then(vouch));
    evidence.extend(proof.and_then(signature));
    let claims: Map<String, Value> = CLAIMS
        .iter()
        .filter_map(|(name, _)| Some(((*name).to_owned(), claims::value(person, name, now)?)))
        .collect();
    Some(json!({
        "verification": {
            "trust_framework": TRUST_FRAMEWORK,
            "assurance_level": identity.level().as_str(),
            "time": proof.unwrap_or(check).at.rfc3339(),
            "evidence": evidence,
        },
        "claims": claims,
    }))
}

/// Each registry that was asked is a record that was looked into; a bank's own
/// is one, too.
fn records(check: &Evidence) -> Vec<Value> {
    if check.source == Source::TwoOperators {
        return Vec::new();
    }
    if check.source == Source::BankRecords {
        return vec![json!({
            "type": "electronic_record",
            "check_details": [{ "check_method": BY_DATA, "time": check.at.rfc3339() }],
            "record": { "type": BANK_RECORD, "source": { "name": check.given_by } },
        })];
    }
    let asked = |name: &str| check.given_by.split(' ').any(|given| given == name);
    RECORDS
        .iter()
        .filter(|(registry, _)| asked(registry))
        .map(|(_, kind)| {
            json!({
                "type": "electronic_record",
                "check_details": [{ "check_method": BY_DATA, "time": check.at.rfc3339() }],
                "record": { "type": kind },
            })
        })
        .collect()
}

/// A document that operators looked at. What two of them stand for although
/// registries have it otherwise is told as this, and no registry is named.
fn document(proof: &Evidence) -> Option<Value> {
    let methods: &[&str] = match proof.source {
        Source::ServiceCentre => &IN_PERSON,
        Source::Video => &BY_IMAGES,
        Source::TwoOperators => &IN_PERSON[..1],
        _ => return None,
    };
    let details = methods
        .iter()
        .map(|method| json!({ "check_method": method, "time": proof.at.rfc3339() }));
    Some(json!({
        "type": "document",
        "check_details": details.collect::<Vec<_>>(),
        "document_details": { "type": DOCUMENTS[0], "issuer": { "country_code": "RUS" } },
    }))
}

/// The word of a bank that its client is who signed in to it, or of the post
/// that it saw the addressee.
fn vouch(proof: &Evidence) -> Option<Value> {
    let (method, attestation) = match proof.source {
        Source::Bank => (
            BY_SIGN_IN,
            json!({ "type": ATTESTATIONS[0], "voucher": { "organization": proof.given_by } }),
        ),
        Source::Letter => (IN_PERSON[1], json!({ "type": ATTESTATIONS[1] })),
        _ => return None,
    };
    Some(json!({
        "type": "vouch",
        "check_details": [{ "check_method": method, "time": proof.at.rfc3339() }],
        "attestation": attestation,
    }))
}

/// A signature that was made with a qualified certificate (§5.4.4.4).
fn signature(proof: &Evidence) -> Option<Value> {
    if proof.source != Source::Signature {
        return None;
    }
    let (serial, issuer) = certificate_of(&proof.given_by)?;
    Some(json!({
        "type": "electronic_signature",
        "signature_type": SIGNATURE_TYPE,
        "issuer": issuer,
        "serial_number": serial,
        "created_at": proof.at.rfc3339(),
    }))
}

/// The part of `known` that `wanted` asks for (§6.1–6.4): `null`, `{}` and
/// `{"essential": false}` want it as it is; what does not meet a condition is
/// left out; an object whose type does not fit is left out as a whole.
fn select(wanted: &Value, known: &Value, now: Timestamp) -> Option<Value> {
    match (wanted, known) {
        (Value::Array(wanted), Value::Array(known)) => {
            let fitting: Vec<Value> = known
                .iter()
                .filter_map(|one| wanted.iter().find_map(|wanted| select(wanted, one, now)))
                .collect();
            (!fitting.is_empty()).then_some(Value::Array(fitting))
        }
        (Value::Object(members), Value::Object(known)) => {
            let mut selected = Map::new();
            let wanted = members
                .iter()
                .filter(|(name, _)| !CONDITIONS.contains(&name.as_str()));
            for (name, wanted) in wanted {
                match known.get(name).and_then(|known| select(wanted, known, now)) {
                    Some(value) => {
                        selected.insert(name.clone(), value);
                    }
                    // Of another kind than was asked for.
                    None if name == "type" || name == "trust_framework" => return None,
                    None => {}
                }
            }
            (!selected.is_empty()).then_some(Value::Object(selected))
        }
        (Value::Object(conditions), known) => meets(conditions, known, now).then(|| known.clone()),
        (Value::Null, Value::Object(_) | Value::Array(_)) => None,
        (Value::Null, known) => Some(known.clone()),
        _ => None,
    }
}

fn meets(conditions: &Map<String, Value>, known: &Value, now: Timestamp) -> bool {
    let is_one = conditions.get("value").is_none_or(|value| value == known);
    let is_among = conditions
        .get("values")
        .and_then(Value::as_array)
        .is_none_or(|values| values.contains(known));
    let is_young = conditions
        .get("max_age")
        .and_then(Value::as_i64)
        .is_none_or(|age| {
            let at = known
                .as_str()
                .and_then(|at| at.parse::<jiff::Timestamp>().ok());
            at.is_some_and(|at| now.seconds() - at.as_second() <= age)
        });
    is_one && is_among && is_young
}

#[cfg(test)]
mod tests;
