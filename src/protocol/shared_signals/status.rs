//! Whether a stream is told anything, and trying whether it arrives (Shared
//! Signals Framework §8.1.2, §8.1.4).

use serde_json::{Map, Value, json};

use super::super::Provider;
use super::super::clients::Registered;
use super::{SignalsRefused, VERIFICATION_INTERVAL, load, named, text};
use crate::error::Internal;
use crate::model::signal::{Particulars, Signal};
use crate::model::timestamp::Timestamp;
use crate::storage::{StreamEventRecord, StreamRecord, VerificationAsked};

const STATES: [&str; 3] = ["enabled", "paused", "disabled"];
/// The longest `reason` and `state`, in bytes.
const LONGEST: usize = 1_024;

/// The status of a stream (§8.1.2.1).
///
/// # Errors
/// [`SignalsRefused::NotFound`] when it is not the client's.
pub async fn read(
    provider: &Provider,
    client: &Registered,
    id: &str,
) -> Result<Value, SignalsRefused> {
    Ok(shown(&load(provider, client, id).await?))
}

/// Sets the status (§8.1.2.2).
///
/// # Errors
/// As [`read`], and [`SignalsRefused::Invalid`].
pub async fn set(
    provider: &Provider,
    client: &Registered,
    body: &Map<String, Value>,
    now: Timestamp,
) -> Result<Value, SignalsRefused> {
    let mut stream = named(provider, client, body).await?;
    let status = text(body, "status")?.unwrap_or_default();
    if !STATES.contains(&status) {
        return Err(SignalsRefused::invalid(format!(
            "status must be one of {}",
            STATES.join(", ")
        )));
    }
    status.clone_into(&mut stream.status);
    stream.status_reason = bounded(body, "reason")?;
    let (id, status) = (stream.id.clone(), stream.status.clone());
    let reason = stream.status_reason.clone();
    let found = provider.storage.set_stream_status(id, status, reason, now);
    match found.await? {
        true => Ok(shown(&stream)),
        false => Err(SignalsRefused::NotFound),
    }
}

/// Puts a verification on the stream (§8.1.4.2).
///
/// # Errors
/// As [`read`], and [`SignalsRefused::TooSoon`].
pub async fn verify(
    provider: &Provider,
    client: &Registered,
    body: &Map<String, Value>,
    now: Timestamp,
) -> Result<(), SignalsRefused> {
    let stream = named(provider, client, body).await?;
    let particulars = Particulars {
        state: bounded(body, "state")?,
        ..Particulars::default()
    };
    let event = StreamEventRecord {
        stream_id: stream.id,
        jti: provider.entropy.opaque_id(),
        account_id: None,
        signal: Signal::Verification.as_str().to_owned(),
        session_id: None,
        particulars: serde_json::to_string(&particulars).map_err(Internal::from)?,
        at: now,
    };
    let not_since = now.minus(VERIFICATION_INTERVAL);
    match provider.storage.ask_verification(event, not_since).await? {
        VerificationAsked::Now => Ok(()),
        VerificationAsked::TooSoon => Err(SignalsRefused::TooSoon(VERIFICATION_INTERVAL)),
        VerificationAsked::Silent => Err(SignalsRefused::invalid(
            "the stream is disabled: enable it first",
        )),
    }
}

fn bounded(body: &Map<String, Value>, name: &str) -> Result<Option<String>, SignalsRefused> {
    match text(body, name)? {
        Some(text) if text.len() > LONGEST => Err(SignalsRefused::invalid(format!(
            "{name} must not be longer than {LONGEST} bytes"
        ))),
        text => Ok(text.map(str::to_owned)),
    }
}

fn shown(stream: &StreamRecord) -> Value {
    let mut status = json!({ "stream_id": stream.id, "status": stream.status });
    if let Some(reason) = &stream.status_reason {
        status["reason"] = json!(reason);
    }
    status
}
