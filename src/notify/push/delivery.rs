//! The outbox lane of browsers: one line for each browser and message. A
//! browser whose service says that it is gone is forgotten.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::Deserialize;

use super::endpoint::Subscription;
use super::message::{Shown, open, shown};
use super::{Push, subscription_field};
use crate::clock::Clock;
use crate::egress::{Answer, Call, Egress, EgressRefused};
use crate::entropy::Entropy;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::notify::Capture;
use crate::notify::delivery::{Deliver, DeliveryFailed};
use crate::notify::kind::Importance;
use crate::notify::message::OutgoingMessage;
use crate::storage::Storage;
use crate::vault::Vault;

/// The longest time a service may ask us to wait.
const LONGEST_WAIT: Duration = Duration::from_hours(6);

/// Where messages for browsers go.
pub enum PushTransport {
    /// To the push services.
    Services(Arc<Egress>),
    /// Memory, to be read on a page of the demonstration.
    Capture(Arc<Capture>),
}

/// Delivers what storage wrote for browsers.
pub struct PushDelivery {
    pub push: Arc<Push>,
    pub storage: Storage,
    pub vault: Arc<Vault>,
    pub entropy: Entropy,
    pub clock: Clock,
    pub transport: PushTransport,
    /// The public address: messages lead nowhere else.
    pub issuer: String,
}

/// A line of the outbox, as storage wrote it.
#[derive(Deserialize)]
struct Line {
    account: AccountId,
    subscription: String,
    /// The message's own id, and the message.
    push: String,
    sealed: String,
    expires_at: i64,
}

impl Deliver for PushDelivery {
    fn deliver<'a>(
        &'a self,
        _id: &'a str,
        payload: &'a [u8],
    ) -> BoxFuture<'a, Result<(), DeliveryFailed>> {
        Box::pin(async move {
            let line: Line = serde_json::from_slice(payload)
                .map_err(|_| DeliveryFailed::for_good("not a message of this version"))?;
            // The database may be away for a moment; what is sealed does not
            // open any better later, but that is not told apart here.
            let found = self
                .read(&line)
                .await
                .map_err(|error| DeliveryFailed::for_now(error.to_string()))?;
            match found {
                Some((subscription, message)) => self.send(&line, &subscription, &message).await,
                // Removed meanwhile: there is nobody to be told.
                None => Ok(()),
            }
        })
    }
}

impl PushDelivery {
    async fn read(&self, line: &Line) -> Result<Option<(Subscription, OutgoingMessage)>> {
        let found = self
            .storage
            .find_push_subscription(&line.account, &line.subscription)
            .await?;
        let (Some(record), Some(account)) =
            (found, self.storage.find_account(&line.account).await?)
        else {
            return Ok(None);
        };
        let key = self.vault.account_key(&account.id, &account.wrapped_key)?;
        let field = subscription_field(&record.id);
        let subscription: Subscription = key.open_json(&field, &record.subscription_sealed)?;
        Ok(Some((subscription, open(&key, &line.push, &line.sealed)?)))
    }

    async fn send(
        &self,
        line: &Line,
        subscription: &Subscription,
        message: &OutgoingMessage,
    ) -> Result<(), DeliveryFailed> {
        let words = shown(message, &self.issuer);
        let egress = match &self.transport {
            PushTransport::Services(egress) => egress,
            PushTransport::Capture(capture) => {
                capture.keep_push(&line.push, message.at, words);
                return Ok(());
            }
        };
        let now = self.clock.now();
        let call = self
            .call(line, subscription, message, &words, now)
            .map_err(|error| DeliveryFailed::for_good(error.to_string()))?
            .ok_or_else(|| DeliveryFailed::for_good("its push service is not allowed any more"))?;
        let answer = egress.call(call).await.map_err(|refused| match refused {
            EgressRefused::Refused(_) => DeliveryFailed::for_good(refused.to_string()),
            _ => DeliveryFailed::for_now(refused.to_string()),
        })?;
        if matches!(answer.status, 404 | 410) {
            // RFC 8030 §7.3: the subscription is over.
            return self.forget(line).await;
        }
        judge(&answer, now)
    }

    fn call(
        &self,
        line: &Line,
        subscription: &Subscription,
        message: &OutgoingMessage,
        words: &Shown,
        now: Timestamp,
    ) -> Result<Option<Call>> {
        let Some(url) = subscription.url(&self.push.hosts) else {
            return Ok(None);
        };
        let left = Timestamp::from_millis(line.expires_at).since(now);
        let urgency = match message.kind.row().importance {
            Importance::Security => "high",
            _ => "normal",
        };
        let headers = [
            ("Authorization", self.push.authorization(&url, now)?),
            ("Content-Encoding", "aes128gcm".to_owned()),
            ("Content-Type", "application/octet-stream".to_owned()),
            ("TTL", left.as_secs().to_string()),
            ("Urgency", urgency.to_owned()),
        ];
        Ok(Some(Call {
            method: "POST",
            url: url.into(),
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.into_bytes()))
                .into(),
            body: subscription.encrypt(&self.entropy, &serde_json::to_vec(words)?)?,
        }))
    }

    async fn forget(&self, line: &Line) -> Result<(), DeliveryFailed> {
        let (account, id) = (line.account.clone(), line.subscription.clone());
        let gone = self.storage.forget_push_subscription(account, id).await;
        gone.map(drop)
            .map_err(|error| DeliveryFailed::for_now(error.to_string()))
    }
}

fn judge(answer: &Answer, now: Timestamp) -> Result<(), DeliveryFailed> {
    let why = format!("the push service answered {}", answer.status);
    match answer.status {
        200..=299 => Ok(()),
        400 => Err(DeliveryFailed::for_good(why)),
        // Too many or too much at once, or something that we or they mend.
        _ => Err(DeliveryFailed {
            wait: answer
                .retry_after
                .as_deref()
                .and_then(|said| wait(said, now)),
            ..DeliveryFailed::for_now(why)
        }),
    }
}

/// `Retry-After`: seconds or a date (RFC 9110 §10.2.3).
fn wait(said: &str, now: Timestamp) -> Option<Duration> {
    let wait = match said.trim().parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = jiff::fmt::rfc2822::parse(said.trim()).ok()?;
            Timestamp::from_millis(at.timestamp().as_millisecond()).since(now)
        }
    };
    Some(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        // 24 March 2026, 12:00 in Moscow.
        let now = Timestamp::from_seconds(1_774_342_800);
        assert_eq!(wait("120", now), Some(Duration::from_mins(2)));
        assert_eq!(
            wait("Tue, 24 Mar 2026 09:10:00 GMT", now),
            Some(Duration::from_mins(10))
        );
        assert_eq!(
            wait("Tue, 24 Mar 2026 08:00:00 GMT", now),
            Some(Duration::ZERO)
        );
        assert_eq!(wait("999999999", now), Some(LONGEST_WAIT));
        assert_eq!(wait("soon", now), None);
    }
}
