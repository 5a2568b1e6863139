//! The `claims` parameter (OpenID Connect Core §5.5): single claims beside
//! those of scopes, and demands on who signs in and how.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::acr::Acr;
use crate::model::claim::find_claim;
use crate::model::scope::RequestedScopes;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::verified_claims;

/// The longest parameter that is read: it travels in addresses.
const LONGEST: usize = 8_192;

/// Single claims asked for, as far as the client's scopes allow them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestedClaims {
    pub id_token: WantedClaims,
    pub userinfo: WantedClaims,
    /// Authentication contexts asked for, best first.
    pub acr: Vec<Acr>,
    /// Requests for `verified_claims` in the ID token.
    pub verified_id_token: Vec<Value>,
    /// Requests for `verified_claims` at userinfo.
    pub verified_userinfo: Vec<Value>,
}

impl RequestedClaims {
    /// Every claim, wherever it is wanted.
    pub fn all(&self) -> BTreeSet<&str> {
        let verified = self.verified_id_token.iter().chain(&self.verified_userinfo);
        self.id_token
            .names()
            .chain(self.userinfo.names())
            .chain(verified.flat_map(verified_claims::names))
            .collect()
    }

    /// Those that were given.
    #[must_use]
    pub fn only(mut self, is_given: impl Fn(&str) -> bool) -> Self {
        for wanted in [&mut self.id_token, &mut self.userinfo] {
            wanted.0.retain(|name, _| is_given(name));
        }
        for verified in [&mut self.verified_id_token, &mut self.verified_userinfo] {
            verified_claims::keep(verified, &is_given);
        }
        self
    }
}

/// Claims wanted in one place, each with the values it may have; an empty list
/// lets any value through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WantedClaims(BTreeMap<String, Vec<Value>>);

impl WantedClaims {
    /// Whether nothing is wanted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The claims' names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether this claim is wanted, with whatever value.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Whether this claim is wanted with this value. What differs is left out
    /// and is no error (§5.5.1).
    pub fn admits(&self, name: &str, value: &Value) -> bool {
        let wanted = self.0.get(name);
        wanted.is_some_and(|values| values.is_empty() || values.contains(value))
    }
}

/// What the parameter says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    pub claims: RequestedClaims,
    /// The only `sub` that may be answered about (§3.1.2.2).
    pub subject: Option<String>,
}

/// Reads the parameter.
///
/// # Errors
/// When it is not what §5.5 describes, or demands an `acr` that nobody has.
pub fn parse(text: &str, allowed: &RequestedScopes) -> Result<Parsed, OAuthError> {
    if text.len() > LONGEST {
        return Err(ErrorCode::InvalidRequest
            .because(format!("claims is longer than {LONGEST} characters")));
    }
    let asked: Map<String, Value> = serde_json::from_str(text).map_err(|_| wrong())?;
    let part = |name: &str| match asked.get(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members.clone()),
        Some(_) => Err(wrong()),
    };
    let (id_token, userinfo) = (part("id_token")?, part("userinfo")?);
    let subject = match id_token.get("sub").and_then(|sub| sub.get("value")) {
        None => None,
        Some(Value::String(sub)) => Some(sub.clone()),
        Some(_) => return Err(wrong()),
    };
    let may_have = |name: &str| may_have(allowed, name);
    let verified = |part: &Map<String, Value>| {
        verified_claims::requests(part.get("verified_claims"), may_have)
    };
    Ok(Parsed {
        subject,
        claims: RequestedClaims {
            id_token: wanted(&id_token, allowed),
            userinfo: wanted(&userinfo, allowed),
            acr: id_token.get("acr").map_or(Ok(Vec::new()), essential_acr)?,
            verified_id_token: verified(&id_token)?,
            verified_userinfo: verified(&userinfo)?,
        },
    })
}

fn wrong() -> OAuthError {
    ErrorCode::InvalidRequest.because("claims must be a JSON object")
}

fn may_have(allowed: &RequestedScopes, name: &str) -> bool {
    find_claim(name).is_some_and(|claim| allowed.contains(claim.scope))
}

fn wanted(members: &Map<String, Value>, allowed: &RequestedScopes) -> WantedClaims {
    WantedClaims(
        members
            .iter()
            .filter(|(name, _)| may_have(allowed, name))
            .map(|(name, request)| (name.clone(), values(request)))
            .collect(),
    )
}

/// The values that one claim may have; any, if none is named.
fn values(request: &Value) -> Vec<Value> {
    let listed = request.get("values").and_then(Value::as_array);
    request
        .get("value")
        .into_iter()
        .chain(listed.into_iter().flatten())
        .cloned()
        .collect()
}

/// An essential `acr` demands one of its values, and if there is none of them
/// the sign-in has failed (§5.5.1.1). A voluntary one demands nothing.
fn essential_acr(request: &Value) -> Result<Vec<Acr>, OAuthError> {
    let wanted = values(request);
    if request.get("essential") != Some(&Value::Bool(true)) || wanted.is_empty() {
        return Ok(Vec::new());
    }
    let known: Vec<_> = wanted
        .iter()
        .filter_map(|value| Acr::parse(value.as_str()?))
        .collect();
    if known.is_empty() {
        return Err(ErrorCode::UnmetAuthenticationRequirements
            .because("claims demands an acr that is none of those supported"));
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parsed(claims: &Value) -> Result<Parsed, ErrorCode> {
        let allowed = RequestedScopes::parse("openid profile");
        parse(&claims.to_string(), &allowed).map_err(|error| error.code)
    }

    #[test]
    fn what_scopes_do_not_allow_is_left_out() {
        let claims = json!({ "userinfo": { "name": null, "email": null, "nonsense": {} } });
        let claims = parsed(&claims).unwrap().claims;
        assert_eq!(claims.all(), BTreeSet::from(["name"]));
    }

    #[test]
    fn a_value_narrows() {
        let claims = json!({ "id_token": {
            "gender": { "value": "male" }, "locale": { "values": ["ru", "en"] }, "name": null,
        } });
        let wanted = parsed(&claims).unwrap().claims.id_token;
        assert!(wanted.admits("gender", &json!("male")));
        assert!(!wanted.admits("gender", &json!("female")));
        assert!(wanted.admits("locale", &json!("en")));
        assert!(wanted.admits("name", &json!("anything")));
        assert!(!wanted.admits("birthdate", &json!("2000-01-01")));
    }

    #[test]
    fn only_an_essential_acr_demands() {
        let acr = |request: Value| parsed(&json!({ "id_token": { "acr": request } }));
        let asked = |request| acr(request).map(|parsed| parsed.claims.acr);
        let (verified, twofold) = ("urn:propusk:ial:verified", "urn:propusk:aal:2");
        assert_eq!(asked(json!({ "values": [verified] })), Ok(vec![]));
        assert_eq!(asked(json!({ "essential": true })), Ok(vec![]));
        let demanded = json!({ "essential": true, "values": ["loa9", verified, twofold] });
        let known = [verified, twofold].map(|name| Acr::parse(name).unwrap());
        assert_eq!(asked(demanded), Ok(known.to_vec()));
        let unknown = json!({ "essential": true, "value": "loa9" });
        assert_eq!(
            asked(unknown),
            Err(ErrorCode::UnmetAuthenticationRequirements)
        );
    }

    #[test]
    fn other_shapes_are_refused() {
        for claims in [
            json!([]),
            json!({ "userinfo": [] }),
            json!({ "id_token": { "sub": { "value": 1 } } }),
        ] {
            assert_eq!(parsed(&claims), Err(ErrorCode::InvalidRequest), "{claims}");
        }
    }
}
