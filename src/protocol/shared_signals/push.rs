//! Delivery by pushing (RFC 8935). A stream is claimed as a whole, under a lock
//! that outlives any try, and told one thing after the other: nothing overtakes,
//! and a receiver that fails holds back its own stream only. If the process dies
//! the lock ends, and what may have arrived is sent again under the same `jti`.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::super::Provider;
use super::poll::why;
use super::set;
use super::settings::header_context;
use crate::clock::Clock;
use crate::egress::Call;
use crate::error::{Internal, Result};
use crate::notify::retry::next_try;
use crate::storage::{StreamEventRecord, StreamRecord, Taken};

/// How long a claimed stream is nobody else's.
const LOCK: Duration = Duration::from_secs(120);
/// How long one goes on with it: the last try has time left within the lock.
const WORK: Duration = Duration::from_secs(60);
/// How often streams are looked at.
const POLL: Duration = Duration::from_secs(1);
/// How many streams are told at once.
const LANES: usize = 16;
/// A stream is tried on for as long as something waits on it.
const ALWAYS: Duration = Duration::from_hours(24 * 365);

/// The worker that tells the streams.
pub struct SignalPush {
    pub provider: Arc<Provider>,
    pub clock: Clock,
}

/// Why one was not taken.
enum Failed {
    /// It will not be.
    ForGood(String),
    /// Another try may do.
    ForNow(String),
}

impl SignalPush {
    /// Tells until `shutdown`; then takes nothing new and finishes what is under
    /// way.
    pub async fn run(self: Arc<Self>, shutdown: CancellationToken) {
        let mut under_way = JoinSet::new();
        while !shutdown.is_cancelled() {
            while under_way.len() < LANES {
                match self.claim().await {
                    Ok(Some(stream)) => {
                        let push = self.clone();
                        under_way.spawn(async move { push.tell(stream).await });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        tracing::warn!(%error, "streams of signals cannot be read");
                        break;
                    }
                }
            }
            tokio::select! {
                () = shutdown.cancelled() => break,
                () = tokio::time::sleep(POLL) => {}
            }
            while under_way.try_join_next().is_some() {}
        }
        while under_way.join_next().await.is_some() {}
    }

    /// Tells every stream that is due now.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn drain_once(&self) -> Result<()> {
        while let Some(stream) = self.claim().await? {
            self.tell(stream).await;
        }
        Ok(())
    }

    async fn claim(&self) -> Result<Option<StreamRecord>> {
        let now = self.clock.now();
        let storage = &self.provider.storage;
        storage.claim_stream(now, now.plus(LOCK)).await
    }

    async fn tell(&self, stream: StreamRecord) {
        let failed = self.tell_all(&stream).await.unwrap_or_else(|error| {
            tracing::error!(stream = %stream.id, %error, "signals cannot be sent");
            Some("internal".to_owned())
        });
        let failed = failed.map(|why| {
            let now = self.clock.now();
            let entropy = &self.provider.entropy;
            let next = next_try(stream.tries + 1, now.plus(ALWAYS), entropy, now);
            (why, next.unwrap_or(now.plus(LOCK)))
        });
        let storage = &self.provider.storage;
        let (id, lock, now) = (stream.id.clone(), stream.locked_until, self.clock.now());
        let released = storage.release_stream(id, lock, failed, now);
        if let Err(error) = released.await {
            // The lock ends by itself.
            tracing::error!(stream = %stream.id, %error, "a stream cannot be written");
        }
    }

    /// One after the other, until nothing waits, one is not taken, or it is
    /// another's turn; gives why it was not taken.
    async fn tell_all(&self, stream: &StreamRecord) -> Result<Option<String>> {
        let provider = &self.provider;
        let began = self.clock.now();
        loop {
            let now = self.clock.now();
            let waiting = provider
                .storage
                .waiting_events(stream.id.clone(), 1, now)
                .await?;
            // Asked each time, as consents and the stream itself may be others
            // by now.
            let current = provider.storage.stream_of(&stream.client_id).await?;
            let same = current
                .is_some_and(|now| (now.id, now.version) == (stream.id.clone(), stream.version));
            let Some(event) = waiting.first().filter(|_| same) else {
                return Ok(None);
            };
            if now.since(began) > WORK {
                return Ok(None);
            }
            if let Some(why) = self.tell_one(stream, event).await? {
                return Ok(Some(why));
            }
        }
    }

    async fn tell_one(
        &self,
        stream: &StreamRecord,
        event: &StreamEventRecord,
    ) -> Result<Option<String>> {
        let provider = &self.provider;
        let now = self.clock.now();
        let Some(client) = provider.clients.find(&stream.client_id).await? else {
            // Switched off in this moment.
            return Ok(Some("the client is disabled".to_owned()));
        };
        let Some(token) = set::token(provider, &client, stream, event, now).await? else {
            return Ok(None);
        };
        let taken = match self.post(stream, token).await? {
            Ok(()) => {
                count("propusk_messages_sent_total");
                Taken::Delivered
            }
            Err(Failed::ForGood(why)) => {
                count("propusk_messages_failed_total");
                tracing::warn!(stream = %stream.id, jti = %event.jti, %why, "a receiver refused a signal");
                Taken::GivenUp(Some(why))
            }
            Err(Failed::ForNow(why)) => {
                count("propusk_messages_retried_total");
                tracing::warn!(stream = %stream.id, tries = stream.tries, %why, "a signal did not arrive, it will be sent again");
                return Ok(Some(why));
            }
        };
        let (id, jti) = (stream.id.clone(), event.jti.clone());
        provider.storage.take_event(id, jti, taken, now).await?;
        Ok(None)
    }

    async fn post(&self, stream: &StreamRecord, token: String) -> Result<Result<(), Failed>> {
        let Some(url) = stream.endpoint_url.clone() else {
            return Err(Internal::new("a stream that is pushed has no address"));
        };
        let mut headers = vec![
            (
                "content-type".to_owned(),
                b"application/secevent+jwt".to_vec(),
            ),
            ("accept".to_owned(), b"application/json".to_vec()),
        ];
        if let Some(sealed) = &stream.authorization_sealed {
            // Exactly as it was given (Shared Signals Framework §6.1.1).
            let context = header_context(&stream.id);
            let header = self.provider.vault.unseal(&context, sealed)?;
            headers.push(("authorization".to_owned(), header));
        }
        let call = Call {
            method: "POST",
            url,
            headers,
            body: token.into_bytes(),
        };
        let answer = match self.provider.egress.call(call).await {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(Failed::ForNow(error.to_string()))),
        };
        Ok(match answer.status {
            // §2.2: 202; others of its kind are meant so, too.
            200 | 202 | 204 => Ok(()),
            // §2.3: it was understood and refused. Another try is in vain; one
            // that refuses without a word may have another trouble.
            400 => match serde_json::from_slice::<Value>(&answer.body) {
                Ok(error) if error.get("err").is_some_and(Value::is_string) => {
                    Err(Failed::ForGood(why(&error)))
                }
                _ => Err(Failed::ForNow("the receiver answered 400".to_owned())),
            },
            status => Err(Failed::ForNow(format!("the receiver answered {status}"))),
        })
    }
}

fn count(name: &'static str) {
    metrics::counter!(name, "channel" => "signals").increment(1);
}
