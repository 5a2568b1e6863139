//! Making, reading, changing and deleting a stream (Shared Signals Framework
//! §8.1.1).

use serde_json::{Map, Value, json};

use super::super::Provider;
use super::super::clients::Registered;
use super::events::supported;
use super::metadata::{POLL, POLL_ENDPOINT, PUSH};
use super::settings::{STORED_POLL, STORED_PUSH, apply};
use super::{SignalsRefused, VERIFICATION_INTERVAL, load, named};
use crate::error::Internal;
use crate::model::timestamp::Timestamp;
use crate::storage::StreamRecord;

/// Of changes that come together each is made of the one before: this often.
const TRIES: u32 = 5;

/// Makes the stream of a client (§8.1.1.1).
///
/// # Errors
/// [`SignalsRefused::Exists`] when it has one.
pub async fn create(
    provider: &Provider,
    client: &Registered,
    body: &Map<String, Value>,
    now: Timestamp,
) -> Result<Value, SignalsRefused> {
    let mut stream = StreamRecord {
        id: provider.entropy.opaque_id(),
        client_id: client.client_id.clone(),
        version: 1,
        delivery: STORED_POLL.to_owned(),
        endpoint_url: None,
        authorization_sealed: None,
        events_requested: "[]".to_owned(),
        events_delivered: String::new(),
        description: None,
        status: "enabled".to_owned(),
        status_reason: None,
        created_at: now,
        locked_until: Timestamp::default(),
        next_try_at: now,
        tries: 0,
        last_delivered_at: None,
        last_error: None,
    };
    apply(provider, &mut stream, body, true)?;
    if !provider.storage.create_stream(stream.clone()).await? {
        return Err(SignalsRefused::Exists);
    }
    configuration(provider, &stream)
}

/// The stream of this id (§8.1.1.2).
///
/// # Errors
/// [`SignalsRefused::NotFound`] when it is not the client's.
pub async fn read(
    provider: &Provider,
    client: &Registered,
    id: &str,
) -> Result<Value, SignalsRefused> {
    configuration(provider, &load(provider, client, id).await?)
}

/// Every stream of the client: one or none.
///
/// # Errors
/// When the database is away.
pub async fn list(provider: &Provider, client: &Registered) -> Result<Value, SignalsRefused> {
    let found = provider.storage.stream_of(&client.client_id).await?;
    let all: Result<Vec<_>, _> = found
        .iter()
        .map(|stream| configuration(provider, stream))
        .collect();
    Ok(Value::from(all?))
}

/// Changes what stands in `body` (§8.1.1.3), or replaces everything that is the
/// receiver's to say (§8.1.1.4).
///
/// # Errors
/// [`SignalsRefused::Invalid`] also where `body` holds something of ours that
/// is not so.
pub async fn change(
    provider: &Provider,
    client: &Registered,
    body: &Map<String, Value>,
    replace: bool,
    now: Timestamp,
) -> Result<Value, SignalsRefused> {
    for _ in 0..TRIES {
        let mut stream = named(provider, client, body).await?;
        must_match(&configuration(provider, &stream)?, body)?;
        apply(provider, &mut stream, body, replace)?;
        if provider.storage.change_stream(stream.clone(), now).await? {
            return configuration(provider, &stream);
        }
    }
    Err(Internal::new("a stream is changed faster than it can be read").into())
}

/// Deletes a stream (§8.1.1.5).
///
/// # Errors
/// [`SignalsRefused::NotFound`] when it is not the client's.
pub async fn delete(
    provider: &Provider,
    client: &Registered,
    id: &str,
) -> Result<(), SignalsRefused> {
    let stream = load(provider, client, id).await?;
    match provider.storage.delete_stream(stream.id).await? {
        true => Ok(()),
        false => Err(SignalsRefused::NotFound),
    }
}

/// What is ours to say must stand as it is, if it stands there (§8.1.1.3).
fn must_match(ours: &Value, body: &Map<String, Value>) -> Result<(), SignalsRefused> {
    for name in ["iss", "aud", "min_verification_interval"] {
        if body.get(name).is_some_and(|given| *given != ours[name]) {
            return Err(SignalsRefused::invalid(format!("{name} cannot be changed")));
        }
    }
    for name in ["events_supported", "events_delivered"] {
        let set = |value: &Value| {
            let mut texts: Vec<String> = serde_json::from_value(value.clone()).unwrap_or_default();
            texts.sort();
            texts
        };
        if let Some(given) = body.get(name)
            && (!given.is_array() || set(given) != set(&ours[name]))
        {
            return Err(SignalsRefused::invalid(format!("{name} cannot be changed")));
        }
    }
    Ok(())
}

/// The configuration as it is shown. The header is the receiver's secret: it is
/// not shown to whoever has got hold of a token.
fn configuration(provider: &Provider, stream: &StreamRecord) -> Result<Value, SignalsRefused> {
    let requested: Value =
        serde_json::from_str(&stream.events_requested).map_err(Internal::from)?;
    let all: Vec<_> = supported().map(|event| event.uri()).collect();
    let names: Vec<_> = stream.events_delivered.split_whitespace().collect();
    let delivered: Vec<_> = supported()
        .filter(|event| names.contains(&event.signal.as_str()))
        .map(|event| event.uri())
        .collect();
    let delivery = match stream.delivery.as_str() {
        STORED_PUSH => json!({ "method": PUSH, "endpoint_url": stream.endpoint_url }),
        _ => json!({ "method": POLL, "endpoint_url": provider.url(POLL_ENDPOINT) }),
    };
    let mut configuration = json!({
        "stream_id": stream.id,
        "iss": provider.issuer,
        "aud": stream.client_id,
        "events_supported": all,
        "events_requested": requested,
        "events_delivered": delivered,
        "delivery": delivery,
        "min_verification_interval": VERIFICATION_INTERVAL.as_secs(),
    });
    if let Some(description) = &stream.description {
        configuration["description"] = json!(description);
    }
    Ok(configuration)
}
