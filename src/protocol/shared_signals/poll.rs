//! Delivery by polling (RFC 8936): the receiver fetches, and acknowledges with
//! its next request.

use serde_json::{Map, Value, json};

use super::super::Provider;
use super::super::clients::Registered;
use super::SignalsRefused;
use super::set;
use super::settings::STORED_POLL;
use crate::model::timestamp::Timestamp;
use crate::storage::Taken;

/// As many are given at once where the receiver does not say.
const USUAL: i64 = 25;
/// And at most.
const MOST: i64 = 100;
/// So many are acknowledged at once.
const MOST_ACKNOWLEDGED: usize = 1_000;
/// How much of an error's description is kept, in characters.
const DESCRIPTION: usize = 200;

/// What a receiver asks (§2.2).
struct PollRequest {
    limit: i64,
    acknowledged: Vec<String>,
    /// Those it could not take, and why.
    refused: Vec<(String, String)>,
}

/// Takes what was acknowledged and gives what waits. It answers at once, though
/// it might wait where `returnImmediately` is not set (§2.4).
///
/// # Errors
/// [`SignalsRefused::NotFound`] when the client has no stream that is polled.
pub async fn poll(
    provider: &Provider,
    client: &Registered,
    body: &Map<String, Value>,
    now: Timestamp,
) -> Result<Value, SignalsRefused> {
    let request = read(body)?;
    let storage = &provider.storage;
    let found = storage.stream_of(&client.client_id).await?;
    let stream = found
        .filter(|stream| stream.delivery == STORED_POLL)
        .ok_or(SignalsRefused::NotFound)?;
    let taken = request
        .acknowledged
        .into_iter()
        .map(|jti| (jti, Taken::Delivered));
    let refused = request
        .refused
        .into_iter()
        .map(|(jti, why)| (jti, Taken::GivenUp(Some(why))));
    for (jti, taken) in taken.chain(refused) {
        let is_refusal = matches!(taken, Taken::GivenUp(_));
        let name = jti.clone();
        // Only of its own stream, whatever else it may name.
        let waited = storage
            .take_event(stream.id.clone(), jti, taken, now)
            .await?;
        // What it names may be anything, as long as nothing of the name waited.
        if waited && is_refusal {
            tracing::warn!(stream = %stream.id, jti = %name, "a receiver refused a signal");
        }
    }
    if request.limit == 0 {
        return Ok(json!({ "sets": {} }));
    }
    let waiting = storage
        .waiting_events(stream.id.clone(), request.limit + 1, now)
        .await?;
    let limit = usize::try_from(request.limit).unwrap_or_default();
    let mut sets = Map::new();
    for event in waiting.iter().take(limit) {
        if let Some(token) = set::token(provider, client, &stream, event, now).await? {
            sets.insert(event.jti.clone(), json!(token));
        }
    }
    metrics::counter!("propusk_messages_sent_total", "channel" => "signals_polled")
        .increment(sets.len() as u64);
    Ok(json!({ "sets": sets, "moreAvailable": waiting.len() > limit }))
}

fn read(body: &Map<String, Value>) -> Result<PollRequest, SignalsRefused> {
    let wrong = |what: &str| SignalsRefused::invalid(what);
    let limit = match body.get("maxEvents") {
        None | Some(Value::Null) => USUAL,
        Some(value) => value
            .as_i64()
            .filter(|limit| *limit >= 0)
            .ok_or_else(|| wrong("maxEvents must be a whole number, not below zero"))?
            .min(MOST),
    };
    if body
        .get("returnImmediately")
        .is_some_and(|value| !value.is_boolean() && !value.is_null())
    {
        return Err(wrong("returnImmediately must be true or false"));
    }
    let acknowledged: Vec<String> = match body.get("ack") {
        None | Some(Value::Null) => Vec::new(),
        Some(value) => {
            serde_json::from_value(value.clone()).map_err(|_| wrong("ack must be a list of jti"))?
        }
    };
    let refused = match body.get("setErrs") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Object(errors)) => errors
            .iter()
            .map(|(jti, error)| (jti.clone(), why(error)))
            .collect(),
        Some(_) => return Err(wrong("setErrs must be an object")),
    };
    if acknowledged.len() + refused.len() > MOST_ACKNOWLEDGED {
        return Err(wrong("ack and setErrs must not name more than 1000"));
    }
    Ok(PollRequest {
        limit,
        acknowledged,
        refused,
    })
}

/// What an error says of itself (RFC 8935 §2.3): for the log and the table.
pub(super) fn why(error: &Value) -> String {
    let part = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default();
    let (code, description) = (part("err"), part("description"));
    let both = format!("{code}: {description}");
    let plain = both.chars().filter(|c| !c.is_control());
    plain.take(DESCRIPTION).collect()
}
