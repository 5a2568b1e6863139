//! What a receiver says of its stream (Shared Signals Framework §8.1.1): read
//! from a body, checked, and put into a record.

use serde_json::{Map, Value};
use url::Url;

use super::super::Provider;
use super::events::supported;
use super::metadata::{POLL, PUSH};
use super::{SignalsRefused, text};
use crate::storage::StreamRecord;

/// The longest address of a receiver, in bytes.
const LONGEST_URL: usize = 2_048;
/// The longest `authorization_header`, in bytes.
const LONGEST_HEADER: usize = 4_096;
/// The longest description, in characters: what is beyond is cut (§8.1.1).
const LONGEST_DESCRIPTION: usize = 256;
/// So many events are asked for; we have fewer.
const MOST_EVENTS: usize = 100;
const LONGEST_URI: usize = 512;

/// The names of the stored methods.
pub(super) const STORED_PUSH: &str = "push";
pub(super) const STORED_POLL: &str = "poll";

/// The context that the header of a stream is sealed for.
pub(super) fn header_context(stream: &str) -> String {
    format!("stream:{stream}:authorization")
}

/// Puts what stands in `body` into the record. Whatever is missing stays, or
/// goes where everything is replaced.
///
/// # Errors
/// [`SignalsRefused::Invalid`] naming the member.
pub(super) fn apply(
    provider: &Provider,
    stream: &mut StreamRecord,
    body: &Map<String, Value>,
    replace: bool,
) -> Result<(), SignalsRefused> {
    let is_there = |name: &str| body.get(name).is_some_and(|value| !value.is_null());
    if is_there("events_requested") || replace {
        let requested = requested(body)?;
        let delivered: Vec<_> = supported()
            .filter(|event| requested.contains(&event.uri()))
            .map(|event| event.signal.as_str())
            .collect();
        stream.events_delivered = delivered.join(" ");
        stream.events_requested = Value::from(requested).to_string();
    }
    if is_there("description") || replace {
        let text = text(body, "description")?;
        stream.description = text.map(|text| text.chars().take(LONGEST_DESCRIPTION).collect());
    }
    if is_there("delivery") || replace {
        deliver(provider, stream, body.get("delivery"))?;
    }
    Ok(())
}

fn requested(body: &Map<String, Value>) -> Result<Vec<String>, SignalsRefused> {
    let wrong = || SignalsRefused::invalid("events_requested must be a list of event type URIs");
    match body.get("events_requested") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(uris)) if uris.len() <= MOST_EVENTS => {
            let mut requested = Vec::new();
            for uri in uris {
                let uri = uri.as_str().filter(|uri| uri.len() <= LONGEST_URI);
                let uri = uri.ok_or_else(wrong)?.to_owned();
                if !requested.contains(&uri) {
                    requested.push(uri);
                }
            }
            Ok(requested)
        }
        Some(_) => Err(wrong()),
    }
}

/// Without a method it is polled (§8.1.1.1).
fn deliver(
    provider: &Provider,
    stream: &mut StreamRecord,
    delivery: Option<&Value>,
) -> Result<(), SignalsRefused> {
    let none = Map::new();
    let delivery = match delivery {
        None | Some(Value::Null) => &none,
        Some(Value::Object(delivery)) => delivery,
        Some(_) => return Err(SignalsRefused::invalid("delivery must be an object")),
    };
    let (method, address, header) = match text(delivery, "method")? {
        // The address is ours to give.
        None | Some(POLL) => (STORED_POLL, None, None),
        Some(PUSH) => {
            let address = text(delivery, "endpoint_url")?
                .ok_or_else(|| SignalsRefused::invalid("delivery.endpoint_url is missing"))?;
            check_address(provider, address)?;
            let header = text(delivery, "authorization_header")?;
            let header = header.map(|header| seal(provider, &stream.id, header));
            (STORED_PUSH, Some(address.to_owned()), header.transpose()?)
        }
        Some(_) => {
            return Err(SignalsRefused::invalid(format!(
                "delivery.method must be {PUSH} or {POLL}"
            )));
        }
    };
    method.clone_into(&mut stream.delivery);
    stream.endpoint_url = address;
    stream.authorization_sealed = header;
    Ok(())
}

fn check_address(provider: &Provider, address: &str) -> Result<(), SignalsRefused> {
    let wrong = |what: &str| {
        Err(SignalsRefused::invalid(format!(
            "delivery.endpoint_url {what}"
        )))
    };
    if address.len() > LONGEST_URL {
        return wrong("must not be longer than 2048 characters");
    }
    let Ok(url) = Url::parse(address) else {
        return wrong("must be an absolute https address");
    };
    if url.fragment().is_some() {
        return wrong("must have no fragment");
    }
    // Names are looked up and judged once more at every call.
    match provider.egress.would_call(address) {
        Ok(()) => Ok(()),
        Err(_) => wrong("must be https and lead to a public address"),
    }
}

/// It goes out exactly as it was given, so it must be a value of a header.
fn seal(provider: &Provider, stream: &str, header: &str) -> Result<String, SignalsRefused> {
    let is_value = |byte: u8| (0x20..=0x7e).contains(&byte);
    if header.is_empty() || header.len() > LONGEST_HEADER || !header.bytes().all(is_value) {
        return Err(SignalsRefused::invalid(
            "delivery.authorization_header must be printable ASCII, at most 4096 characters",
        ));
    }
    Ok(provider
        .vault
        .seal(&header_context(stream), header.as_bytes())?)
}
