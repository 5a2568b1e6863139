//! Security Event Tokens (RFC 8417, Shared Signals Framework §5.1): what waits
//! on a stream, made into what the receiver gets.

use serde_json::{Value, json};

use super::super::Provider;
use super::super::clients::Registered;
use super::super::issue::sign;
use super::super::subject::{session_id, subject};
use super::events;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::signal::{Particulars, Signal};
use crate::model::timestamp::Timestamp;
use crate::storage::{StreamEventRecord, StreamRecord, Taken};

/// The token of an event; none, and the event is gone, where it is not to be
/// told.
///
/// # Errors
/// When the database is away or no key signs.
pub(super) async fn token(
    provider: &Provider,
    client: &Registered,
    stream: &StreamRecord,
    event: &StreamEventRecord,
    now: Timestamp,
) -> Result<Option<String>> {
    let signal = Signal::parse(&event.signal).filter(|signal| {
        let mut delivered = stream.events_delivered.split_whitespace();
        signal.is_of_stream() || delivered.any(|name| name == signal.as_str())
    });
    let Some(kind) = signal.and_then(events::of) else {
        return dropped(provider, event, now).await;
    };
    let mut particulars: Particulars = serde_json::from_str(&event.particulars)?;
    let sub_id = match &event.account_id {
        None => json!({ "format": "opaque", "id": stream.id }),
        Some(account) => {
            let sub = subject(&provider.vault, account, client);
            let storage = &provider.storage;
            if storage.is_excluded(&stream.id, &sub).await? {
                if kind.signal == Signal::AccountPurged {
                    // Nobody is kept off the stream any more.
                    storage.include_subject(stream.id.clone(), sub).await?;
                }
                return dropped(provider, event, now).await;
            }
            if kind.signal == Signal::AssuranceLevelChange && particulars.level.is_none() {
                match settled(provider, event, account, now).await? {
                    Some(settled) => particulars = settled,
                    None => return Ok(None),
                }
            }
            let user = json!({ "format": "iss_sub", "iss": provider.issuer, "sub": sub });
            match &event.session_id {
                None => user,
                // One of several sessions (CAEP §3.1): others go on.
                Some(session) => json!({
                    "format": "complex",
                    "user": user,
                    "session": {
                        "format": "opaque",
                        "id": session_id(&provider.vault, session, client),
                    },
                }),
            }
        }
    };
    // §5.1.2, §5.1.7: neither `sub` nor `exp`, so that nobody takes it for
    // another token of ours.
    let claims = json!({
        "iss": provider.issuer,
        "aud": client.client_id,
        "iat": now.seconds(),
        "jti": event.jti,
        "txn": transaction(stream, event),
        "sub_id": sub_id,
        "events": { kind.uri(): Value::Object(kind.body(&particulars, event.at)) },
    });
    let alg = client.id_token_signed_response_alg;
    sign(provider, alg, "secevent+jwt", &claims, now).map(Some)
}

async fn dropped(
    provider: &Provider,
    event: &StreamEventRecord,
    now: Timestamp,
) -> Result<Option<String>> {
    let (stream, jti) = (event.stream_id.clone(), event.jti.clone());
    let nothing = Taken::GivenUp(None);
    provider
        .storage
        .take_event(stream, jti, nothing, now)
        .await?;
    Ok(None)
}

/// The level as it is now, written down: tried again, the event says the same.
async fn settled(
    provider: &Provider,
    event: &StreamEventRecord,
    account: &AccountId,
    now: Timestamp,
) -> Result<Option<Particulars>> {
    let Some(person) = provider.person(account).await? else {
        return Ok(None);
    };
    let level = person.level(now);
    let settled = provider
        .storage
        .settle_level(event.clone(), account.clone(), level)
        .await?;
    let read = settled.map(|settled| serde_json::from_str(&settled));
    Ok(read.transpose()?)
}

/// §5.1.9: what happened to one account in one moment has one cause. Different
/// for every stream.
fn transaction(stream: &StreamRecord, event: &StreamEventRecord) -> String {
    let about = event.account_id.as_ref().map_or("", AccountId::as_str);
    let cause = format!("{}\n{about}\n{}", stream.id, event.at.millis());
    Digest::of(cause.as_bytes()).as_str().to_owned()
}
