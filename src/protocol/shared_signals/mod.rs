//! Shared Signals (OpenID Shared Signals Framework 1.0, CAEP 1.0, RISC 1.0): a
//! client holds one stream and is told what happens to the accounts of people
//! who allow it something. What happened is put on the streams by storage, in
//! the transaction in which it happened; here it is made into tokens and
//! delivered.
//!
//! [`events::EVENTS`] is the registry: metadata and streams are derived from it.

pub mod events;
pub mod metadata;
pub mod poll;
pub mod push;
mod set;
mod settings;
pub mod status;
pub mod stream;
pub mod subjects;
mod upkeep;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::Provider;
use super::clients::Registered;
use super::error::{ErrorCode, Refused};
use super::protected_resource::{Accepted, Shown, accept};
use crate::error::Internal;
use crate::model::scope::{RequestedScopes, SSF_MANAGE, SSF_READ};
use crate::model::timestamp::Timestamp;
use crate::storage::StreamRecord;

/// What waits longer is given up.
pub const LIFE: Duration = Duration::from_hours(7 * 24);
/// So many wait on a stream; beyond that the oldest are given up.
pub const MOST_WAITING: i64 = 10_000;
/// How often a verification may be asked for (§8.1.1).
pub const VERIFICATION_INTERVAL: Duration = Duration::from_secs(30);

/// Why a request about a stream was not followed.
#[derive(Debug)]
pub enum SignalsRefused {
    /// 400, naming the member and the mend.
    Invalid(String),
    /// 404: this client has no such stream, whoever else may.
    NotFound,
    /// 409: it has one.
    Exists,
    /// 429.
    TooSoon(Duration),
    /// The token, or a fault of ours.
    Refused(Refused),
}

impl From<Refused> for SignalsRefused {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<Internal> for SignalsRefused {
    fn from(error: Internal) -> Self {
        Self::Refused(Refused::Internal(error))
    }
}

impl SignalsRefused {
    fn invalid(what: impl Into<String>) -> Self {
        Self::Invalid(what.into())
    }
}

/// What a request is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Look at a stream, or take what waits on it.
    Read,
    /// Make or change one.
    Manage,
}

/// The client that shows a token of its own for this.
///
/// # Errors
/// `invalid_token`, or `insufficient_scope` where the token is about a person
/// or for less.
pub async fn admit(
    provider: &Provider,
    shown: &Shown<'_>,
    need: Need,
    now: Timestamp,
) -> Result<Arc<Registered>, Refused> {
    let Accepted { token, client } = accept(provider, shown, now).await?;
    let is_own = token.grant.is_none() && token.subject == client.client_id.as_str();
    let scopes: &[&str] = match need {
        Need::Read => &[SSF_READ, SSF_MANAGE],
        Need::Manage => &[SSF_MANAGE],
    };
    // What the client's registration lost since is not given any more.
    let registered = RequestedScopes::parse(&client.scope);
    let has = |scope: &&str| token.scopes.contains(scope) && registered.contains(scope);
    if !is_own || !scopes.iter().any(has) {
        return Err(ErrorCode::InsufficientScope
            .because(format!(
                "the access token must be the client's own and have the scope {}",
                scopes.join(" or ")
            ))
            .into());
    }
    Ok(client)
}

/// The stream of a client that a request names, which must be its own.
async fn load(
    provider: &Provider,
    client: &Registered,
    id: &str,
) -> Result<StreamRecord, SignalsRefused> {
    let found = provider.storage.stream_of(&client.client_id).await?;
    found
        .filter(|stream| stream.id == id)
        .ok_or(SignalsRefused::NotFound)
}

/// The stream that the member `stream_id` of a body names.
async fn named(
    provider: &Provider,
    client: &Registered,
    body: &Map<String, Value>,
) -> Result<StreamRecord, SignalsRefused> {
    let id =
        text(body, "stream_id")?.ok_or_else(|| SignalsRefused::invalid("stream_id is missing"))?;
    load(provider, client, id).await
}

/// A body that is a JSON object.
///
/// # Errors
/// [`SignalsRefused::Invalid`] for anything else.
pub fn object(body: &[u8]) -> Result<Map<String, Value>, SignalsRefused> {
    serde_json::from_slice(body)
        .map_err(|_| SignalsRefused::invalid("the body must be a JSON object"))
}

/// A member that is a text; one that is null is not there.
fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, SignalsRefused> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(SignalsRefused::invalid(format!("{name} must be a string"))),
    }
}
