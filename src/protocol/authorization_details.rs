//! Rich authorization requests (RFC 9396): what is asked for in detail, agreed
//! to word by word, and told to who serves it. Each is asked about each time:
//! who allowed one payment has not allowed the next.

use serde_json::{Map, Value};

use super::Provider;
use super::clients::Registered;
use super::error::{ErrorCode, OAuthError};
use super::params::Params;
use crate::error::Result as Internally;
use crate::model::authorization_detail::DetailType;
use crate::model::id::GrantId;
use crate::vault::Vault;

/// The parameter, wherever it stands.
pub(super) const NAME: &str = "authorization_details";
/// More than this nobody reads before they agree.
pub const MOST: usize = 5;
const LONGEST: usize = 8_192;

/// A detail: its `type` and the members that its type has.
pub type Detail = Map<String, Value>;

/// The details a request asks for (§3, §5).
///
/// # Errors
/// `invalid_authorization_details`, saying which and why.
pub(super) fn requested(
    provider: &Provider,
    client: &Registered,
    params: &Params,
) -> Result<Vec<Detail>, OAuthError> {
    let details = read(params)?.unwrap_or_default();
    for (at, detail) in details.iter().enumerate() {
        let wrong = |why: &str| wrong(format!("detail {}: {why}", at + 1));
        let name = detail.get("type").and_then(Value::as_str);
        let name = name.ok_or_else(|| wrong("has no type"))?;
        let kind = provider.detail_type(name);
        let kind = kind
            .filter(|_| {
                client
                    .authorization_details_types
                    .iter()
                    .any(|of| of == name)
            })
            .ok_or_else(|| wrong("is of a type that this client may not ask for"))?;
        kind.check(detail).map_err(|why| wrong(&why))?;
        // Two of a kind would be read as one.
        if details[..at].contains(detail) {
            return Err(wrong("is there twice"));
        }
    }
    Ok(details)
}

/// What tokens of this request are for: the granted details, or those of them
/// that it names (§6).
///
/// # Errors
/// `invalid_authorization_details` for what was not granted.
pub(super) fn narrowed(params: &Params, granted: Vec<Detail>) -> Result<Vec<Detail>, OAuthError> {
    match read(params)? {
        None => Ok(granted),
        Some(named) => {
            let is_granted =
                |(at, one): (usize, &Detail)| granted.contains(one) && !named[..at].contains(one);
            match named.iter().enumerate().all(is_granted) {
                true => Ok(named),
                false => Err(wrong("asks for more than was granted".to_owned())),
            }
        }
    }
}

fn read(params: &Params) -> Result<Option<Vec<Detail>>, OAuthError> {
    let Some(text) = params.get(NAME) else {
        return Ok(None);
    };
    if text.len() > LONGEST {
        return Err(wrong(format!("is longer than {LONGEST} characters")));
    }
    let details: Vec<Detail> = serde_json::from_str(text)
        .map_err(|_| wrong("must be a JSON array of objects".to_owned()))?;
    match (1..=MOST).contains(&details.len()) {
        true => Ok(Some(details)),
        false => Err(wrong(format!("must hold one to {MOST} details"))),
    }
}

fn wrong(why: String) -> OAuthError {
    ErrorCode::InvalidAuthorizationDetails.because(format!("{NAME}: {why}"))
}

/// The details of a grant as they are stored: sealed, as they may name people
/// and accounts.
///
/// # Errors
/// When they cannot be sealed.
pub(super) fn seal(
    vault: &Vault,
    grant: &GrantId,
    details: &[Detail],
) -> Internally<Option<String>> {
    if details.is_empty() {
        return Ok(None);
    }
    let json = serde_json::to_vec(details)?;
    vault.seal(&context(grant), &json).map(Some)
}

/// Those of granted details that may be told today: a type that the client or the
/// operator lost since is not given any more.
pub fn current(provider: &Provider, client: &Registered, mut details: Vec<Detail>) -> Vec<Detail> {
    details.retain(|detail| {
        let name = detail
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let types = &client.authorization_details_types;
        let kind = provider.detail_type(name);
        let kind = kind.filter(|_| types.iter().any(|of| of == name));
        kind.is_some_and(|kind| kind.check(detail).is_ok())
    });
    details
}

/// The details of a grant.
///
/// # Errors
/// When they are damaged.
pub fn open(vault: &Vault, grant: &GrantId, sealed: Option<&str>) -> Internally<Vec<Detail>> {
    let Some(sealed) = sealed else {
        return Ok(Vec::new());
    };
    Ok(serde_json::from_slice(
        &vault.unseal(&context(grant), sealed)?,
    )?)
}

fn context(grant: &GrantId) -> String {
    format!("authorization details:{grant}")
}

impl Provider {
    /// The same, for sites that may ask in detail.
    #[must_use]
    pub fn with_detail_types(mut self, types: Vec<DetailType>) -> Self {
        self.detail_types = types;
        self
    }

    /// The type of this name.
    pub fn detail_type(&self, name: &str) -> Option<&DetailType> {
        self.detail_types.iter().find(|kind| kind.name == name)
    }
}
