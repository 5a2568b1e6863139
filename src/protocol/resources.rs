//! Resource indicators (RFC 8707): for which servers a token is. Without any it
//! is for the provider itself, that is for userinfo.

use super::Provider;
use super::clients::Registered;
use super::error::{ErrorCode, OAuthError};
use super::params::Params;
use crate::error::Result as Internally;
use crate::storage::GrantRecord;

/// More servers than this are named by nobody who means it.
const MOST: usize = 10;

/// The servers a request names; none when it names none.
///
/// # Errors
/// `invalid_target` for one that the client is not registered for (§2).
pub(super) fn requested(
    provider: &Provider,
    client: &Registered,
    params: &Params,
) -> Result<Option<Vec<String>>, OAuthError> {
    let named = params.every("resource");
    if named.is_empty() {
        return Ok(None);
    }
    let is_known =
        |uri: &&str| *uri == provider.issuer || client.resources.iter().any(|known| known == uri);
    if named.len() > MOST || !named.iter().all(is_known) {
        return Err(ErrorCode::InvalidTarget
            .because("resource names a server that this client is not registered for"));
    }
    let mut named: Vec<String> = named.into_iter().map(str::to_owned).collect();
    named.sort();
    named.dedup();
    Ok(Some(named))
}

/// The audience of a token: what this request names of what was granted, or all
/// of that (§2.2).
///
/// # Errors
/// `invalid_target` for what was not granted.
pub(super) fn audience(
    provider: &Provider,
    client: &Registered,
    params: &Params,
    granted: Option<&[String]>,
) -> Result<Vec<String>, OAuthError> {
    let named = requested(provider, client, params)?;
    match (named, granted) {
        (Some(named), Some(granted)) if named.iter().any(|one| !granted.contains(one)) => {
            Err(ErrorCode::InvalidTarget
                .because("resource names a server that the grant is not for"))
        }
        (Some(named), _) => Ok(named),
        (None, Some(granted)) => Ok(granted.to_vec()),
        (None, None) => Ok(vec![provider.issuer.clone()]),
    }
}

/// The servers of a grant.
pub(super) fn of_grant(grant: &GrantRecord) -> Internally<Option<Vec<String>>> {
    let stored = grant.resources.as_deref().map(serde_json::from_str);
    Ok(stored.transpose()?)
}
