//! Telling a site that its request was answered (CIBA §10.2). The message waits
//! in the outbox since the transaction that wrote the answer down.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Provider;
use super::authorization::awaited::Notification;
use super::grant::ciba::PING_LIFE;
use crate::error::Result;
use crate::model::id::ClientId;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::notify::{Deliver, DeliveryFailed};
use crate::storage::OutboxRecord;

/// The outbox channel.
pub const CHANNEL: &str = "backchannel_ping";

#[derive(Serialize, Deserialize)]
struct Ping {
    client: ClientId,
    notification: Notification,
}

/// The message for the outbox.
///
/// # Errors
/// Only internal ones.
pub(super) fn message(
    provider: &Provider,
    client: &ClientId,
    notification: Notification,
    now: Timestamp,
) -> Result<OutboxRecord> {
    let id = provider.entropy.id(now);
    let ping = Ping {
        client: client.clone(),
        notification,
    };
    let sealed = serde_json::to_vec(&ping)?;
    Ok(OutboxRecord {
        message_sealed: provider.vault.seal(&format!("outbox:{id}"), &sealed)?,
        id,
        channel: CHANNEL.to_owned(),
        created_at: now,
        next_try_at: now,
        locked_until: Timestamp::default(),
        tries: 0,
        expires_at: now.plus(PING_LIFE),
        sent_at: None,
        failed_at: None,
        last_error: None,
        recipient: None,
    })
}

/// Delivers the outbox channel [`CHANNEL`].
pub struct BackchannelPing {
    pub provider: Arc<Provider>,
}

impl Deliver for BackchannelPing {
    fn deliver<'a>(
        &'a self,
        id: &'a str,
        sealed: &'a [u8],
    ) -> BoxFuture<'a, Result<(), DeliveryFailed>> {
        Box::pin(async move {
            let later = |why: String| DeliveryFailed::for_now(why);
            let sealed = std::str::from_utf8(sealed)
                .map_err(|error| DeliveryFailed::for_good(error.to_string()))?;
            let message = (self.provider.vault)
                .unseal(&format!("outbox:{id}"), sealed)
                .map_err(|error| DeliveryFailed::for_good(error.to_string()))?;
            let ping: Ping = serde_json::from_slice(&message)
                .map_err(|error| DeliveryFailed::for_good(error.to_string()))?;
            let client = self.provider.clients.find(&ping.client).await;
            let client = client.map_err(|error| later(error.to_string()))?;
            let endpoint = client
                .as_ref()
                .and_then(|client| client.backchannel_client_notification_endpoint.as_deref());
            let Some(endpoint) = endpoint else {
                return Ok(());
            };
            let token = Secret::new(ping.notification.token);
            let body = json!({ "auth_req_id": ping.notification.auth_req_id }).to_string();
            let egress = &self.provider.egress;
            let answer = egress.post_json(endpoint, Some(&token), body, &[]).await;
            match answer.map_err(|error| later(error.to_string()))?.status {
                200..=299 => Ok(()),
                // §10.2: redirects are not followed, and who does not know the
                // token will not know it later.
                status @ 300..=499 => Err(DeliveryFailed::for_good(format!(
                    "the client answered {status}"
                ))),
                status => Err(later(format!("the client answered {status}"))),
            }
        })
    }
}
